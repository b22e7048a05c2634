"""The life of a card: whom it was given to, what became of it, and the people who hold cards of one account.

A card appears in the journal by its keyed look-up hash (``station.card_hash``) only: neither its
number nor the UID of its chip, which is the number of many a card.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from station.card import Card, CardStatus, Medium

HASH_BITS = 63
SET_AT_STATIONS = (CardStatus.ACTIVE, CardStatus.BLOCKED, CardStatus.LOST)
"""What a station makes of a card. REPLACED comes with the new card, EXPIRED from head office."""


class CardReason(StrEnum):
    """Why a card was blocked or returned to use."""

    LOST = "LOST"
    STOLEN = "STOLEN"
    DAMAGED = "DAMAGED"
    MISUSED = "MISUSED"
    WISHED = "WISHED"
    FOUND = "FOUND"
    MISTAKE = "MISTAKE"


@dataclass(frozen=True, slots=True)
class CardIssued:
    """Body of the entry that gives card ``card`` (a look-up hash) to account ``member_id``.

    ``holder`` is the person of the account who carries it, "" for the member. ``replaces`` is the
    look-up hash of the card it takes the place of, which is REPLACED from here on; None for a
    further card.
    """

    card: int
    member_id: str
    medium: Medium
    holder: str = ""
    replaces: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for what is no look-up hash, nobody's card, or a card that replaces itself."""
        check_hash(self.card)
        if self.replaces is not None:
            check_hash(self.replaces)
        if not self.member_id or self.replaces == self.card:
            message = "a card is given to a member, in place of another card if of any"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CardChanged:
    """Body of the entry that makes card ``card`` (a look-up hash) of ``member_id`` ``status``, for ``reason``.

    ``was`` is the status the station acted on: where it was another by then, head office keeps its own.
    """

    card: int
    member_id: str
    was: CardStatus
    status: CardStatus
    reason: CardReason

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for what is no look-up hash, nobody's card, or no change that a station makes."""
        check_hash(self.card)
        if not self.member_id or self.status not in SET_AT_STATIONS or self.was in (self.status, CardStatus.REPLACED):
            message = f"a station makes no card {self.status.value} that was {self.was.value}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds cards of an account, in a family for one, and what that person may spend of it a day.

    ``points_per_day`` points and ``value_per_day`` minor units of stored value; None for no limit.
    A day is a local date. ``name`` is personal and stays out of ``repr``.
    """

    holder_id: str
    name: str = field(default="", repr=False)
    points_per_day: int | None = None
    value_per_day: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without an id or on a negative limit."""
        if not self.holder_id or min(self.points_per_day or 0, self.value_per_day or 0) < 0:
            message = f"holder {self.holder_id!r}: expected an id and limits that are not negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class HolderAdded:
    """Body of the entry by which a new person, ``holder_id`` (UUIDv7), may hold cards of account ``member_id``.

    It sets no limits: what the person may spend is for head office to say (``new_holder``). The name
    is in the ``station.enrolling.Person`` that the entry commits to.
    """

    member_id: str
    holder_id: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for nobody, or for somebody of nobody's account."""
        if not self.member_id or not self.holder_id:
            message = "a new holder has an id, and the account is a member's"
            raise ValueError(message)


def new_holder(holder_id: str, name: str) -> Holder:
    """Return somebody who was taken in at a counter: collects at once, and spends nothing until head office sets limits."""
    return Holder(holder_id, name, points_per_day=0, value_per_day=0)


@dataclass(frozen=True, slots=True)
class Spender:
    """Which ``holder`` of the account buys, and what that person may still spend today; None for no limit.

    It is what this station knew when the card was shown: the limits, less its own sales of the day.
    """

    holder: str
    points_left: int | None = None
    value_left: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without a holder or on a negative figure."""
        if not self.holder or min(self.points_left or 0, self.value_left or 0) < 0:
            message = f"spender {self.holder!r}: expected a holder and figures that are not negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CardDeed:
    """What an entry does to one card. ``holder`` is whose it becomes, None where only the status changes.

    ``was`` is the status that was acted on, None where any will do.
    """

    card: int
    member_id: str
    status: CardStatus
    was: CardStatus | None = None
    holder: str | None = None


class CardConflict(StrEnum):
    """Why a deed is not done: the card is somebody else's, nobody knows it, or it stands otherwise by now."""

    TAKEN = "TAKEN"
    UNKNOWN = "UNKNOWN"
    OLDER = "OLDER"


def deeds_of(body: CardIssued | CardChanged) -> tuple[CardDeed, ...]:
    """Return what an entry does, card by card: one that replaces another does two things."""
    if isinstance(body, CardChanged):
        return (CardDeed(body.card, body.member_id, body.status, body.was),)
    issued = CardDeed(body.card, body.member_id, CardStatus.ACTIVE, holder=body.holder)
    if body.replaces is None:
        return (issued,)
    return issued, CardDeed(body.replaces, body.member_id, CardStatus.REPLACED)


def done(held: Card | None, deed: CardDeed) -> Card | CardConflict:
    """Return what ``deed`` makes of the card that is ``held`` (None: nobody's), or why it is not done.

    Station and head office judge by this same rule: who came first keeps the card, and a change of
    what stands otherwise by now is no change.
    """
    if held is None:
        if deed.holder is None:
            return CardConflict.UNKNOWN
        return Card(deed.member_id, deed.status, deed.holder)
    if held.member_id != deed.member_id:
        return CardConflict.TAKEN
    if deed.holder is not None and (held.status, held.holder) != (deed.status, deed.holder):
        return CardConflict.OLDER
    if deed.was is not None and held.status not in (deed.was, deed.status):
        return CardConflict.OLDER
    return replace(held, status=deed.status)


def laid_over(held: Card | None, deeds: Iterable[CardDeed]) -> Card | None:
    """Return the card that is ``held`` after ``deeds``, in order; what is in conflict changes nothing."""
    for deed in deeds:
        made = done(held, deed)
        held = made if isinstance(made, Card) else held
    return held


def check_hash(card: int) -> None:
    """Raise ``ValueError`` unless ``card`` is a look-up hash."""
    if not 0 <= card < 1 << HASH_BITS:
        message = "a look-up hash has 63 bits"
        raise ValueError(message)
