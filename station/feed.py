"""What comes down from head office, as the station's own values: pages of changes with a cursor."""

from dataclasses import dataclass, field

from station.card import CardLink, CardStatus
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.journal import Position
from station.member import Member
from station.people import StaffRecord
from station.product import Product


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member with the complete lists of the cards that open the account, of who beside the member holds them, and of open coupons.

    ``coupons`` are in order of their codes.
    """

    member: Member
    cards: tuple[CardLink, ...]
    holders: tuple[Holder, ...] = ()
    coupons: tuple[GivenCoupon, ...] = ()


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
class ShelfRecord:
    """A good as of now, the ``barcodes`` it has beside its first, and what it becomes: (from when, µs since 1970 UTC; how)."""

    product: Product
    barcodes: tuple[str, ...] = ()
    planned: tuple[tuple[int, Product], ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """Changes of goods; ``gone`` are product ids no longer sold. ``version`` is where head office stood."""

    cursor: str
    version: int
    changed: tuple[ShelfRecord, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlocksPage:
    """Changes of the block list: (look-up hash, member id, status); ``version`` is where head office stood."""

    cursor: str
    version: int
    changed: tuple[tuple[int, str, CardStatus], ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Changes of who works here; ``gone`` are staff ids of those who no longer do."""

    cursor: str
    version: int
    changed: tuple[StaffRecord, ...]
    gone: tuple[str, ...]
