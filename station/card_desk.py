"""Cards at the counter: given out, replaced, blocked, put back to use, and who may hold them; durably, with or without a line."""

from collections.abc import Callable, Sequence
from typing import Protocol

from station.card import Card, CardLink, CardStatus, Medium, Tap
from station.card_life import CardChanged, CardIssued, CardReason, Holder, HolderAdded, new_holder
from station.counter import World
from station.enrolling import MOST_NAME, Person, document
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind
from station.member import Member
from station.people import Actor, Role
from station.search import fold
from station.sign_in import reaches

MAY_RETURN = Role.SENIOR
"""The least role that puts a card back to use, or approves it."""
"""Who may put a blocked card back to use, or approve it."""

BLOCKING = {
    CardReason.LOST: CardStatus.LOST, CardReason.STOLEN: CardStatus.LOST, CardReason.DAMAGED: CardStatus.BLOCKED,
    CardReason.MISUSED: CardStatus.BLOCKED, CardReason.WISHED: CardStatus.BLOCKED}
"""What a card is from here on that is blocked for a reason; other reasons block nothing."""

RETURNING = (CardReason.FOUND, CardReason.MISTAKE, CardReason.WISHED)
"""Why a card is put back to use."""


class CardBook(Protocol):
    """The cards as they are now: as the member book says, and as this station has changed them since."""

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        ...

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash, or None when nobody has it."""
        ...

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return the cards of a member."""
        ...

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...


def card_fault(world: World, tap: Tap) -> StationError | None:
    """Return why a card cannot be given out, None when it can: it is forged or out of date, or it is a phone.

    That its code was shown before says nothing: it was shown at this counter a moment ago.
    """
    if tap.medium is Medium.QR:
        return StationError(ErrorCode.CARD_IS_PHONE)
    refusal = world.prover.prove(tap, world.clock.now()).refusal if world.prover and tap.proofs else None
    return None if refusal is None or refusal.code is ErrorCode.CARD_REPLAYED else refusal


class CardDesk:
    """What is done with cards beside selling. Not thread-safe: it lives on the counter's thread.

    A card is named by its look-up hash once it is known, by its number when it is first shown. Every
    method may raise ``StationError`` 4xx when a file cannot be used; nothing is changed then.
    """

    def __init__(self, world: World, book: CardBook, in_hand: Callable[[], int | None]) -> None:
        """Work with the counter's world; ``in_hand`` tells which card opened the basket in hand (None: none)."""
        self._world = world
        self._book = book
        self._in_hand = in_hand

    @property
    def in_hand(self) -> int | None:
        """The card that opened the basket in hand, None for none."""
        return self._in_hand()

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return all cards of a member, those no longer in use among them."""
        return self._book.cards(member_id)

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people beside the member who hold cards of the account."""
        return self._book.holders(member_id)

    def add_holder(self, member_id: str, name: str, by: Actor) -> Holder:
        """Let a new person called ``name`` hold cards of a member's account and return them; known here from now on.

        Raises ``StationError`` MEMBER_UNKNOWN, HOLDER_NAME_INVALID for no name or one of more than
        ``MOST_NAME`` characters, HOLDER_NAME_TAKEN where the member or somebody of the family is
        called so, however it is written.
        """
        member, name = self._book.member(member_id), " ".join(name.split())
        if member is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        if not fold(name) or len(name) > MOST_NAME or "\0" in name:
            raise StationError(ErrorCode.HOLDER_NAME_INVALID)
        names = (member.name, *(each.name for each in self._book.holders(member_id)))
        if "".join(fold(name)) in ("".join(fold(each)) for each in names):
            raise StationError(ErrorCode.HOLDER_NAME_TAKEN)
        now = self._world.clock.now()
        made = new_holder(uuid7(now.utc_us, self._world.random(RANDOM_BYTES)), name)
        self._world.journal.append(Draft(
            EntryKind.HOLDER_ADDED, now, by, HolderAdded(member_id, made.holder_id), personal=document(Person(name, ""))))
        return made

    def fault_of(self, tap: Tap) -> StationError | None:
        """Return why a card cannot be given out, None when it can."""
        return card_fault(self._world, tap)

    def issue(self, number: str, member_id: str, medium: Medium, by: Actor, holder: str = "") -> CardLink:
        """Give the card with this number to a member, or to ``holder`` of the account, beside those they have.

        One that they have already, in use, stays as it is. Raises ``StationError`` CARD_TAKEN when it
        is anybody else's or is not in use any more, MEMBER_UNKNOWN for a member or holder nobody knows.
        """
        return self._give(number, member_id, medium, by, holder, None)

    def replace(self, old: int, number: str, medium: Medium, by: Actor) -> CardLink:
        """Give the card with this number in the place of card ``old``; points and all else stay with the account.

        The old card is REPLACED, for good. Raises ``StationError`` CARD_UNKNOWN when ``old`` is no
        card, CARD_NOT_ACTIVE (``status``) when it was replaced before or has expired, CARD_TAKEN as
        ``issue``, or when the new card is one that is given out already.
        """
        held = self._held(old)
        if held.status in (CardStatus.REPLACED, CardStatus.EXPIRED):
            raise StationError(ErrorCode.CARD_NOT_ACTIVE, status=held.status.value)
        return self._give(number, held.member_id, medium, by, held.holder, old)

    def block(self, card: int, reason: CardReason, by: Actor) -> CardStatus:
        """Let card ``card`` open nothing any more and return what it is now: LOST or BLOCKED, by the reason.

        Raises ``StationError`` CARD_UNKNOWN, CARD_NOT_ACTIVE (``status``) when it was replaced or has
        expired, CARD_IN_USE when the basket in hand was opened with it; ``ValueError`` for a reason
        that blocks nothing.
        """
        if reason not in BLOCKING:
            message = f"{reason.value} is no reason to block a card"
            raise ValueError(message)
        held, status = self._held(card), BLOCKING[reason]
        if held.status in (CardStatus.REPLACED, CardStatus.EXPIRED):
            raise StationError(ErrorCode.CARD_NOT_ACTIVE, status=held.status.value)
        if self.in_hand == card:
            raise StationError(ErrorCode.CARD_IN_USE)
        return self._change(card, held, status, reason, by, None)

    def return_to_use(
        self, card: int, reason: CardReason, by: Actor, approver: Actor | None = None,
    ) -> CardStatus:
        """Let a blocked or lost card open its account again.

        Raises ``StationError`` CARD_UNKNOWN, CARD_NOT_ACTIVE (``status``) when it was replaced or has
        expired, APPROVAL_MISSING unless a senior or the manager does it or approves it; ``ValueError``
        for a reason that brings no card back.
        """
        if reason not in RETURNING:
            message = f"{reason.value} brings no card back"
            raise ValueError(message)
        held = self._held(card)
        if held.status in (CardStatus.REPLACED, CardStatus.EXPIRED):
            raise StationError(ErrorCode.CARD_NOT_ACTIVE, status=held.status.value)
        if not any(each and reaches(each.role, MAY_RETURN) for each in (by, approver)):
            raise StationError(ErrorCode.APPROVAL_MISSING)
        return self._change(card, held, CardStatus.ACTIVE, reason, by, approver)

    def _give(self, number: str, member_id: str, medium: Medium, by: Actor, holder: str, replaces: int | None) -> CardLink:
        card = self._book.card_hash(number)
        held = self._book.card_of(card)
        if held:
            if replaces is None and held == Card(member_id, CardStatus.ACTIVE, holder):
                return CardLink(card, held.status, held.holder)
            raise StationError(ErrorCode.CARD_TAKEN)
        if self._book.member(member_id) is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        if holder and all(each.holder_id != holder for each in self._book.holders(member_id)):
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        self._append(EntryKind.CARD_ISSUED, CardIssued(card, member_id, medium, holder, replaces), by, None)
        return CardLink(card, CardStatus.ACTIVE, holder)

    def _held(self, card: int) -> Card:
        held = self._book.card_of(card)
        if held is None:
            raise StationError(ErrorCode.CARD_UNKNOWN)
        return held

    def _change(
        self, card: int, held: Card, status: CardStatus, reason: CardReason, by: Actor, approver: Actor | None,
    ) -> CardStatus:
        """Make ``card`` ``status``; one that is so already stays, and nothing is written."""
        if held.status is not status:
            changed = CardChanged(card, held.member_id, held.status, status, reason)
            self._append(EntryKind.CARD_CHANGED, changed, by, approver)
        return status

    def _append(self, kind: EntryKind, body: CardIssued | CardChanged, by: Actor, approver: Actor | None) -> None:
        self._world.journal.append(Draft(kind, self._world.clock.now(), by, body, approver))
