"""What comes down from head office, as the station's own values: pages of changes with a cursor."""

from dataclasses import dataclass, field

from station.card import CardLink
from station.journal import Position
from station.member import Member
from station.product import Product


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member with the complete list of the cards that open the account."""

    member: Member
    cards: tuple[CardLink, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far a member book goes: all changes up to head office's ``version`` of ``taken_us``.

    Versions only ever rise. ``taken_us`` is by head office's clock (µs since 1970 UTC); it is the age
    of the list of blocked cards as well.
    """

    version: int
    taken_us: int


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Changes of members. ``cursor`` is where the feed stands after this page.

    ``projected`` is up to which entry of this station's journal the points and purchases of the page,
    and of all members before it, count. ``gone`` are member ids to forget. ``stamp`` is where head
    office stood; the book is as far only once a page was the ``last`` one.
    """

    cursor: str
    projected: Position
    changed: tuple[MemberRecord, ...]
    gone: tuple[str, ...]
    stamp: Stamp
    last: bool


@dataclass(frozen=True, slots=True)
class BookFile:
    """A whole member book as head office offers it, proven to be head office's and meant for this station.

    The file has ``size`` bytes and comes in pieces of ``chunk_size`` bytes (the last may be shorter)
    with the SHA-256 ``chunks``; the SHA-256 ``digest`` of the whole is what it is called by. ``sealed_key`` is its database key, sealed
    to the station. ``schema`` is the last step that made its tables. ``cursor`` and ``projected``
    are where the feed goes on.
    """

    stamp: Stamp
    schema: str
    digest: bytes
    size: int
    chunk_size: int
    chunks: tuple[bytes, ...] = field(repr=False)
    sealed_key: bytes = field(repr=False)
    cursor: str
    projected: Position


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """Changes of goods; ``gone`` are product ids no longer sold."""

    cursor: str
    changed: tuple[Product, ...]
    gone: tuple[str, ...]
