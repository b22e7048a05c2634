"""Journal entries: what happened at this station, chained by hash over the bytes as stored.

The stored form of an entry is one JSON document in UTF-8 without a line break. Its hash is
SHA-256(hash of the entry before ‖ stored bytes); the first entry follows 32 zero bytes. Nothing is
ever serialised again to be hashed, signed or sent: the stored bytes are the entry.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from station.card_life import CardChanged, CardIssued, HolderAdded
from station.card_seen import CardSeen
from station.clock import Moment
from station.enrolling import MemberEnrolled
from station.leases import LeaseClosed
from station.matter import AnswersTold, MemberAsked
from station.people import Actor
from station.sale import Sale, SaleReturn
from station.shift import CashMoved, Correction, Reading, Shift, ShiftClosed
from station.staff_event import StaffEvent
from station.telling import MemberTold
from station.unknown_return import UnknownReturn

ENTRY_VERSION = 1
GENESIS = bytes(32)
HASH_BYTES = 32
NAME_DIGITS = 32
"""Hexadecimal digits of the name of an incarnation or a branch."""


class EntryKind(StrEnum):
    """What an entry records; decides the type of its body."""

    OPENED = "OPENED"
    SHIFT_OPENED = "SHIFT_OPENED"
    SALE = "SALE"
    RETURN = "RETURN"
    RETURN_UNKNOWN = "RETURN_UNKNOWN"
    CASH_MOVED = "CASH_MOVED"
    READING = "READING"
    SHIFT_CLOSED = "SHIFT_CLOSED"
    CORRECTION = "CORRECTION"
    CHECKPOINT = "CHECKPOINT"
    LEASE_CLOSED = "LEASE_CLOSED"
    CARD_SEEN = "CARD_SEEN"
    CARD_ISSUED = "CARD_ISSUED"
    CARD_CHANGED = "CARD_CHANGED"
    STAFF = "STAFF"
    MEMBER_ENROLLED = "MEMBER_ENROLLED"
    MEMBER_ASKED = "MEMBER_ASKED"
    HOLDER_ADDED = "HOLDER_ADDED"
    MEMBER_TOLD = "MEMBER_TOLD"
    ANSWERS_TOLD = "ANSWERS_TOLD"


class Cause(StrEnum):
    """Why an incarnation began: the journal is new, or it is an older or another's copy of one."""

    CREATED = "CREATED"
    RESTORED = "RESTORED"
    CLONED = "CLONED"
    FORKED = "FORKED"


@dataclass(frozen=True, slots=True)
class Opened:
    """Body of the first entry of an incarnation; ``program`` is the version that made it.

    An incarnation that is not the first says which ``after``: the end of the one before it, as far
    as this file knew, and its hash.
    """

    program: str
    cause: Cause = Cause.CREATED
    after: "Position | None" = None
    after_hash: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Entries through place ``through`` were cut off here, after ``hash`` (hexadecimal).

    What they made of the derived tables is kept beside the journal, one part for each cut; ``state``
    is the hash of all parts so far, chained like entries: SHA-256(hash of those before ‖ part).
    """

    through: int
    hash: str
    state: str


Body = (
    Opened | Shift | Sale | SaleReturn | UnknownReturn | CashMoved | Reading | ShiftClosed | Correction | Checkpoint | LeaseClosed
    | CardSeen | CardIssued | CardChanged | StaffEvent | MemberEnrolled | MemberAsked | HolderAdded
    | MemberTold | AnswersTold)
BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class Entry(Generic[BodyT]):
    """One thing that happened, named (``station``, ``incarnation``, ``seq``) for ever.

    ``incarnation`` is 32 hexadecimal digits drawn when the journal was created, restored or found
    forked; ``seq`` runs from 1 without gaps. ``approver`` is the second person where one was
    needed. ``personal`` commits to what is kept of people beside the chain: SHA-256(salt ‖
    document) in hexadecimal, "" for nothing; erasing that document breaks no hash.
    """

    version: int
    station: str
    incarnation: str
    seq: int
    kind: EntryKind
    at: Moment
    actor: Actor
    approver: Actor | None
    body: BodyT
    personal: str = ""


ENTRY_TYPES: dict[EntryKind, Any] = {
    EntryKind.OPENED: Entry[Opened],
    EntryKind.SHIFT_OPENED: Entry[Shift],
    EntryKind.SALE: Entry[Sale],
    EntryKind.RETURN: Entry[SaleReturn],
    EntryKind.RETURN_UNKNOWN: Entry[UnknownReturn],
    EntryKind.CASH_MOVED: Entry[CashMoved],
    EntryKind.READING: Entry[Reading],
    EntryKind.SHIFT_CLOSED: Entry[ShiftClosed],
    EntryKind.CORRECTION: Entry[Correction],
    EntryKind.CHECKPOINT: Entry[Checkpoint],
    EntryKind.LEASE_CLOSED: Entry[LeaseClosed],
    EntryKind.CARD_SEEN: Entry[CardSeen],
    EntryKind.CARD_ISSUED: Entry[CardIssued],
    EntryKind.CARD_CHANGED: Entry[CardChanged],
    EntryKind.STAFF: Entry[StaffEvent],
    EntryKind.MEMBER_ENROLLED: Entry[MemberEnrolled],
    EntryKind.MEMBER_ASKED: Entry[MemberAsked],
    EntryKind.HOLDER_ADDED: Entry[HolderAdded],
    EntryKind.MEMBER_TOLD: Entry[MemberTold],
    EntryKind.ANSWERS_TOLD: Entry[AnswersTold],
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before the journal gave it its place. ``personal`` is what must be erasable: JSON bytes."""

    kind: EntryKind
    at: Moment
    actor: Actor
    body: Body
    approver: Actor | None = None
    personal: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in one journal: everything up to and including ``seq`` of ``incarnation``."""

    incarnation: str
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last ``seq`` (0 when empty) and its hash.

    A branch, whose name is that of ``branch_name``, goes on after entry ``base`` of ``of``; for any
    other journal those are "" and 0.
    """

    incarnation: str
    seq: int
    hash: bytes
    of: str = ""
    base: int = 0


@dataclass(frozen=True, slots=True)
class Personal:
    """What an entry keeps of people beside the chain: a JSON ``document``, and the ``salt`` (32 bytes) it is hashed with."""

    salt: bytes = field(repr=False)
    document: bytes = field(repr=False)

    @property
    def commitment(self) -> str:
        """What the entry says of it: SHA-256(salt ‖ document) in hexadecimal."""
        return hashlib.sha256(self.salt + self.document).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it lies on disk and travels: its bytes, its hash.

    ``seq`` counts in its ``incarnation``, ``place`` in this file, over all of them. ``personal`` is
    what it keeps of people, as far as that was asked for and is not erased.
    """

    seq: int
    kind: EntryKind
    raw: bytes
    hash: bytes
    place: int = 0
    incarnation: str = ""
    personal: Personal | None = None


def chain(previous: bytes, raw: bytes) -> bytes:
    """Return the hash of the entry stored as ``raw`` that follows the entry hashed ``previous``.

    Raises ``ValueError`` when ``previous`` is not 32 bytes.
    """
    if len(previous) != HASH_BYTES:
        message = f"a previous hash has {HASH_BYTES} bytes, got {len(previous)}"
        raise ValueError(message)
    return hashlib.sha256(previous + raw).digest()


def branch_name(of: str, first_hash: bytes) -> str:
    """Return the name of the branch of journal ``of`` whose first entry of its own is hashed ``first_hash``.

    It is made of what is in it, so every copy of the file gives it the same one. ``ValueError`` when
    ``of`` is not hexadecimal.
    """
    return hashlib.sha256(b"card-station branch" + bytes.fromhex(of) + first_hash).hexdigest()[:NAME_DIGITS]


def receipt_number(station: str, position: Position) -> str:
    """Return the number printed on the receipt: station, place, and 4 digits of the incarnation.

    The last part keeps the numbers of a restored station apart from those it printed before.
    """
    return f"{station}-{position.seq:06d}-{position.incarnation[:4].upper()}"
