"""Giving a card to a member: it is written, read back, and only then bound. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drivers.writer_port import (
    CardForm,
    CardWriter,
    ChipJob,
    Job,
    Progress,
    RecordJob,
    StripeJob,
    Written,
)
from station.card import Card, CardLink, CardStatus, Medium, Tap
from station.card_life import Holder
from station.errors import ErrorCode, StationError
from station.member import Member
from station.people import Actor


@dataclass(frozen=True, slots=True)
class Order:
    """The card that is wanted: ``number`` on a card of ``form`` for ``member_id``, or for ``holder`` of the account.

    ``signed`` puts head office's record on a stripe as well (tags and chips have it always), good
    through ``expires`` (``YYYY-MM-DD``, "" for always). ``overwrite`` lets another card of the club be
    written over. ``replaces`` is the look-up hash of the card whose place it takes.
    """

    number: str = field(repr=False)
    member_id: str
    form: CardForm
    signed: bool = False
    expires: str = ""
    overwrite: bool = False
    holder: str = ""
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A card that was written and verified; ``fault`` is why it is nobody's yet, None when it is bound."""

    written: Written
    fault: StationError | None = None


class Cards(Protocol):
    """The cards as they are now (``station.card_desk.CardBook``), as far as a new one needs to know."""

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of a number."""
        ...

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash."""
        ...

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...


class Desk(Protocol):
    """Where a card is bound, durably (``station.card_desk.CardDesk``)."""

    def issue(self, number: str, member_id: str, medium: Medium, by: Actor, holder: str = "") -> CardLink:
        """Give the card to a member. Raises ``StationError`` CARD_TAKEN, MEMBER_UNKNOWN or 4xx."""
        ...

    def replace(self, old: int, number: str, medium: Medium, by: Actor) -> CardLink:
        """Give it in the place of card ``old``. Raises ``StationError`` as ``issue``, CARD_UNKNOWN, CARD_NOT_ACTIVE."""
        ...


def job_of(order: Order) -> Job:
    """Return what the writer is to do for ``order``."""
    match order.form:
        case CardForm.STRIPE:
            return StripeJob(order.number, order.signed, order.expires, order.overwrite)
        case CardForm.TAG:
            return RecordJob(order.number, order.expires, order.overwrite)
        case _:
            return ChipJob(order.number, order.member_id)


def active_cards(cards: Cards) -> Callable[[str], bool]:
    """Return what tells writers whether a number is a card in use; for the thread that ``cards`` live on."""
    def is_active(number: str) -> bool:
        held = cards.card_of(cards.card_hash(number))
        return held is not None and held.status is CardStatus.ACTIVE

    return is_active


class Issuing:
    """Gives cards on behalf of whoever ``by`` returns then. Lives on the counter's thread, but for ``Writer``s, which may be elsewhere."""

    def __init__(self, desk: Desk, cards: Cards, by: Callable[[], Actor]) -> None:
        """Bind cards at ``desk``."""
        self._desk = desk
        self._cards = cards
        self._by = by

    def refuse(self, order: Order) -> None:
        """Raise, before a card is touched, what binding it would: ``StationError`` CARD_TAKEN, MEMBER_UNKNOWN."""
        if self._cards.member(order.member_id) is None or (order.holder and all(
                each.holder_id != order.holder for each in self._cards.holders(order.member_id))):
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        held = self._cards.card_of(self._cards.card_hash(order.number))
        if held is not None and (order.replaces is not None or not self.is_done(order)):
            raise StationError(ErrorCode.CARD_TAKEN)

    def is_done(self, order: Order) -> bool:
        """Tell whether the member, or holder, has this very card already, in use."""
        held = self._cards.card_of(self._cards.card_hash(order.number))
        return held == Card(order.member_id, CardStatus.ACTIVE, order.holder)

    def bind(self, order: Order, written: Written) -> Given:
        """Bind a card that was written and verified, durably; what keeps it from being bound is in the answer."""
        try:
            self._bind(order, written.carrier.medium)
        except StationError as fault:
            return Given(written, fault)
        return Given(written)

    def bind_shown(self, order: Order, tap: Tap) -> None:
        """Bind the card of ``order``, written before, now that it is shown at a reader.

        Raises ``StationError`` CARD_UNKNOWN when it is another card, and as ``Desk.issue``.
        """
        if tap.number != order.number:
            raise StationError(ErrorCode.CARD_UNKNOWN)
        self._bind(order, tap.medium)

    def give(self, order: Order, writer: CardWriter, progress: Progress) -> Given | None:
        """Write a card and bind it; None when stopped before a card was written to.

        Raises ``StationError`` as ``refuse`` and ``CardWriter.write``; nothing is bound then.
        """
        self.refuse(order)
        written = writer.write(job_of(order), progress)
        return self.bind(order, written) if written else None

    def _bind(self, order: Order, medium: Medium) -> None:
        if order.replaces is not None:
            self._desk.replace(order.replaces, order.number, medium, self._by())
        else:
            self._desk.issue(order.number, order.member_id, medium, self._by(), order.holder)
