"""Messages of the downlink: members, whole member books, goods, rule packs. As ``sync.wire``."""

from typing import Annotated, Literal

import msgspec

from station.card import CardStatus
from station.dates import Calendar
from station.product import Product
from sync.wire import API, Base64, Count, HexHash, Incarnation, Message, Seq

MEMBERS_FEED_PATH = f"{API}/feeds/members"
SHELF_FEED_PATH = f"{API}/feeds/shelf"
PACK_PATH = f"{API}/packs/current"
BOOK_PATH = f"{API}/books/members"
CHUNK_PATH = f"{API}/books/members/chunk"
CHUNK_TYPE = "application/octet-stream"
MOST_CHUNK_BYTES = 4 * 1024 * 1024


class CardOfMember(Message, frozen=True, kw_only=True):
    """One card of a member: the keyed look-up ``hash`` (63 bits) and its status."""

    hash: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    status: CardStatus


class BirthOfMember(Message, frozen=True, kw_only=True):
    """A birthday in the calendar it is kept in, without a year. Its figures stay out of ``repr``."""

    calendar: Calendar
    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=31)]

    def __repr__(self) -> str:
        return "BirthOfMember(…)"


class MemberChange(Message, frozen=True, kw_only=True):
    """A member as of now, whole. ``gone``: forget this member and these cards.

    ``cards`` and ``segments`` are complete lists; a card of the member that is not in it is to be
    forgotten. ``birth`` is null when it is not known, ``purchases`` how many sales named the member.
    Only the id is in ``repr``, the rest is personal.
    """

    member_id: str
    name: str
    phone: str
    tier: str
    points: int
    last_visit: str
    segments: tuple[str, ...]
    birth: BirthOfMember | None
    purchases: Count
    cards: tuple[CardOfMember, ...]
    gone: bool = False

    def __repr__(self) -> str:
        return f"MemberChange(member_id={self.member_id!r}, …)"


class MembersPage(Message, frozen=True, kw_only=True):
    """A page of the member feed.

    ``cursor`` is opaque and goes back with the next request; ``more`` says whether to ask again at
    once. ``projected`` is up to which entry of the asking incarnation points and purchases count.
    ``version`` is the last version head office gave out when it made the page, at ``taken_us`` (µs
    since 1970 UTC); it never falls.
    """

    cursor: str
    more: bool
    projected: Count
    version: Count
    taken_us: Count
    changes: tuple[MemberChange, ...]


class BookManifest(Message, frozen=True, kw_only=True):
    """What a whole member book is, for one journal: the document that is signed.

    The file has ``size`` bytes and the SHA-256 ``digest``, and comes in pieces of ``chunk_size``
    bytes with the SHA-256 ``chunks``. It is a SQLCipher file whose tables ``schema`` made last; its
    key is in ``sealed_key``, sealed to the station (``data.sealed``). It holds all changes up to
    ``version``, of ``taken_us``: so many ``members``, of whom so many are ``named``, ``cards``, and
    among those ``blocked`` ones. The feed goes on at ``cursor``; points and purchases count up to
    entry ``projected`` of ``incarnation``.
    """

    form: Literal["card-station member book 1"]
    incarnation: Incarnation
    version: Count
    taken_us: Count
    schema: str
    digest: HexHash
    size: Seq
    chunk_size: Annotated[int, msgspec.Meta(ge=1, le=MOST_CHUNK_BYTES)]
    chunks: tuple[HexHash, ...]
    members: Count
    named: Count
    cards: Count
    blocked: Count
    sealed_key: Base64
    cursor: str
    projected: Count


class SignedBook(Message, frozen=True, kw_only=True):
    """The exact bytes of a ``BookManifest`` and head office's detached Ed25519 signature over them."""

    document: Base64
    signature: Base64


class ShelfChange(Message, frozen=True, kw_only=True):
    """A good as of now, or (``product`` null) the news that ``product_id`` is no longer sold."""

    product_id: str
    product: Product | None


class ShelfPage(Message, frozen=True, kw_only=True):
    """A page of the goods feed; as for members."""

    cursor: str
    more: bool
    changes: tuple[ShelfChange, ...]


class SignedPack(Message, frozen=True, kw_only=True):
    """The rule pack in force: the exact ``document`` bytes and the detached Ed25519 signature."""

    number: int
    document: Base64
    signature: Base64
