"""Enrolment at the counter: the admission rule asked, a second account of one phone refused, then durable at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.admission import FEE_TAG, Applicant, Shortcoming, shortcomings
from station.card import Card, Tap
from station.card_desk import card_fault
from station.counter import World
from station.enrolling import Admitted, MemberEnrolled, Person, document, new_member
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind
from station.member import Member
from station.pack import Pack
from station.people import Actor
from station.sale import Sale, SaleReturn
from station.told import Channel, Consent, Purpose


class EnrolBook(Protocol):
    """The members and cards as they are now, those enrolled here among them."""

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        ...

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash, or None when nobody has it."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """A receipt of a sale to nobody: its number, and of what was not given back (minor units) the ``fee`` and what was ``spent``."""

    receipt: str
    spent: int
    fee: int = 0


def evidence_of(receipt: str, sale: Sale, returns: Sequence[SaleReturn]) -> Evidence:
    """Return what ``sale``, of which ``returns`` came back, shows: a fee of which any came back is no fee."""
    kept = max(0, sale.priced.total - sum(each.money for each in returns))
    back = {line.line for each in returns for line in each.lines}
    fees = {line.line for line in sale.basket.lines if FEE_TAG in line.product.tags}
    fee = min(kept, sum(line.total for line in sale.priced.lines if line.line in fees - back))
    return Evidence(receipt, kept - fee, fee)


class Receipts(Protocol):
    """The earlier sales of this station, as far as they are here."""

    def evidence(self, text: str) -> Evidence:
        """Return what the receipt with this number, as scanned or typed, shows.

        Raises ``StationError`` SALE_UNKNOWN when it is of no sale of this station, or of a member's,
        RECEIPT_USED when it was counted for somebody who was enrolled.
        """
        ...


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody says who wants to be ``member_id``; ``tap`` is the first card, ``referrer`` a member's id.

    ``receipts`` are those of earlier purchases that were shown.
    """

    member_id: str
    person: Person
    tap: Tap | None = field(default=None, repr=False)
    agreed: tuple[tuple[Purpose, Channel], ...] = ()
    referrer: str = ""
    tastes: tuple[str, ...] = ()
    area: str = ""
    receipts: tuple[Evidence, ...] = ()


class EnrolDesk:
    """Where members are enrolled. Not thread-safe: it lives on the counter's thread.

    Every method may raise ``StationError`` 4xx when a file cannot be used; nothing is written then.
    """

    def __init__(self, world: World, book: EnrolBook, receipts: Receipts, purchase: Callable[[], int]) -> None:
        """Work with the counter's world; ``purchase`` tells what the basket in hand comes to (minor units)."""
        self.evidence = receipts.evidence
        self._world = world
        self._book = book
        self._purchase = purchase

    def new_id(self) -> str:
        """Return the id of the next member: a UUIDv7 of now."""
        return uuid7(self._world.clock.now().utc_us, self._world.random(RANDOM_BYTES))

    def pack(self) -> Pack:
        """Return the rules in force. Raises ``StationError`` PACK_MISSING."""
        return self._world.packs.current(self._world.clock.now().utc_us)

    def same_phone(self, phone: str) -> Member | None:
        """Return the member who has ``phone`` (as ``station.phone`` keeps it), as far as this station knows, or None."""
        return next((each for each in self._book.search(phone) if each.phone == phone), None) if phone else None

    def holder_of(self, tap: Tap) -> Card | None:
        """Return whose card it is that was shown; None for a card that can be given out."""
        return self._book.card_of(self._book.card_hash(tap.number))

    def card_fault(self, tap: Tap) -> StationError | None:
        """Return why a card cannot be given out, None when it can."""
        return card_fault(self._world, tap)

    def missing(
        self, referrer: str, receipts: Sequence[Evidence], by: Actor, approver: Actor | None = None,
    ) -> tuple[Shortcoming, ...]:
        """Return why nobody is admitted who was invited by ``referrer`` ("": by nobody) and shows ``receipts``; nothing: admitted.

        Where the policy asks for somebody's approval, who enrols may be the one.
        """
        policy, purchase = self.pack().admission, self._purchase()
        found = (shortcomings(policy, Applicant(
            purchase, *_shown(receipts), bool(referrer), sum(shown.fee for shown in receipts), each)) for each in (by, approver))
        return min(found, key=len)

    def enrol(self, application: Application, by: Actor, approver: Actor | None = None) -> Member:
        """Make the applicant a member and return them; known at this station from here on.

        Raises ``StationError`` as ``Receipts.evidence``, PHONE_TAKEN when a member has this phone, CARD_TAKEN for a card that is
        anybody's, as ``card_fault`` for one that is refused, MEMBER_UNKNOWN for a referrer nobody knows,
        NOT_ADMITTED when the admission rule says no.
        """
        said, pack, now = application, self.pack(), self._world.clock.now()
        if self.same_phone(said.person.phone):
            raise StationError(ErrorCode.PHONE_TAKEN)
        if said.tap and self.holder_of(said.tap):
            raise StationError(ErrorCode.CARD_TAKEN)
        if said.tap and (fault := self.card_fault(said.tap)):
            raise fault
        if said.referrer and self._book.member(said.referrer) is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        receipts = [self.evidence(each.receipt) for each in said.receipts]
        if self.missing(said.referrer, receipts, by, approver):
            raise StationError(ErrorCode.NOT_ADMITTED)
        tier = pack.entry_tier()
        body = MemberEnrolled(
            said.member_id, tier.id if tier else "",
            Admitted(pack.number, self._purchase(), *_shown(receipts), sum(each.fee for each in receipts),
                     tuple(each.receipt for each in receipts)),
            self._book.card_hash(said.tap.number) if said.tap else None, said.tap.medium if said.tap else None,
            tuple(Consent(purpose, channel, now.utc_us) for purpose, channel in said.agreed),
            said.referrer, said.tastes, said.area)
        self._world.journal.append(Draft(EntryKind.MEMBER_ENROLLED, now, by, body, approver, document(said.person)))
        return new_member(body, said.person)


def _shown(receipts: Sequence[Evidence]) -> tuple[int, int]:
    """Return what was spent before, and in how many visits: one of which all was given back is none."""
    return sum(each.spent for each in receipts), sum(each.spent > 0 for each in receipts)
