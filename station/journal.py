"""Journal entries: what happened at this station, chained by hash over the bytes as stored.

The stored form of an entry is one JSON document in UTF-8 without a line break. Its hash is
SHA-256(hash of the entry before ‖ stored bytes); the first entry follows 32 zero bytes. Nothing is
ever serialised again to be hashed, signed or sent: the stored bytes are the entry.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from station.clock import Moment
from station.people import Actor
from station.sale import Sale
from station.shift import Shift

ENTRY_VERSION = 1
GENESIS = bytes(32)
HASH_BYTES = 32


class EntryKind(StrEnum):
    """What an entry records; decides the type of its body."""

    OPENED = "OPENED"
    SHIFT_OPENED = "SHIFT_OPENED"
    SALE = "SALE"


@dataclass(frozen=True, slots=True)
class Opened:
    """Body of the first entry of an incarnation; ``program`` is the version that made it."""

    program: str


Body = Opened | Shift | Sale
BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class Entry(Generic[BodyT]):
    """One thing that happened, named (``station``, ``incarnation``, ``seq``) for ever.

    ``incarnation`` is 32 hexadecimal digits drawn when the journal was created; ``seq`` runs from
    1 without gaps. ``approver`` is the second person where one was needed.
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


ENTRY_TYPES: dict[EntryKind, Any] = {
    EntryKind.OPENED: Entry[Opened],
    EntryKind.SHIFT_OPENED: Entry[Shift],
    EntryKind.SALE: Entry[Sale],
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before the journal gave it its place."""

    kind: EntryKind
    at: Moment
    actor: Actor
    body: Body
    approver: Actor | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in one journal: everything up to and including ``seq`` of ``incarnation``."""

    incarnation: str
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last ``seq`` (0 when empty) and its hash."""

    incarnation: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it lies on disk and travels: its place, its bytes, its hash."""

    seq: int
    kind: EntryKind
    raw: bytes
    hash: bytes


def chain(previous: bytes, raw: bytes) -> bytes:
    """Return the hash of the entry stored as ``raw`` that follows the entry hashed ``previous``.

    Raises ``ValueError`` when ``previous`` is not 32 bytes.
    """
    if len(previous) != HASH_BYTES:
        message = f"a previous hash has {HASH_BYTES} bytes, got {len(previous)}"
        raise ValueError(message)
    return hashlib.sha256(previous + raw).digest()


def receipt_number(station: str, position: Position) -> str:
    """Return the number printed on the receipt: station, place, and 4 digits of the incarnation.

    The last part keeps the numbers of a restored station apart from those it printed before.
    """
    return f"{station}-{position.seq:06d}-{position.incarnation[:4].upper()}"
