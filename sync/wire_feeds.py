"""Messages of the downlink: members, whole member books, blocked cards, goods, staff, rule packs. As ``sync.wire``.

A feed is a row of pages. ``cursor`` is opaque and goes back with the next request; ``more`` says
whether to ask again at once. ``version`` is the last version head office gave out in that feed when
it made the page: it never falls, and a station refuses a feed whose version does.
"""

from typing import Annotated, Literal

import msgspec

from station.card import CardStatus
from station.dates import Calendar
from station.people import Role
from station.product import Product
from station.text import Text
from station.told import Channel, Purpose
from sync.wire import API, Base64, Count, HexHash, Incarnation, Message, Name, Seq

MEMBERS_FEED_PATH = f"{API}/feeds/members"
SHELF_FEED_PATH = f"{API}/feeds/shelf"
BLOCKS_FEED_PATH = f"{API}/feeds/blocks"
STAFF_FEED_PATH = f"{API}/feeds/staff"
PIN_PATH = f"{API}/staff/pin"
PACK_PATH = f"{API}/packs/next"
BOOK_PATH = f"{API}/books/members"
CHUNK_PATH = f"{API}/books/members/chunk"
CHUNK_TYPE = "application/octet-stream"
MOST_CHUNK_BYTES = 4 * 1024 * 1024


CardHash = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
CouponCode = Annotated[str, msgspec.Meta(min_length=1)]


class CardOfMember(Message, frozen=True, kw_only=True):
    """One card of a member: the keyed look-up ``hash`` (63 bits), its status, and its ``holder`` ("": the member)."""

    hash: CardHash
    status: CardStatus
    holder: str = ""


class HolderOfMember(Message, frozen=True, kw_only=True):
    """A person who holds cards of the account, and what that person may spend of it a day: points, value in minor units.

    Null is no limit. The name stays out of ``repr``.
    """

    holder_id: Name
    name: str
    points_per_day: Count | None = None
    value_per_day: Count | None = None

    def __repr__(self) -> str:
        return f"HolderOfMember(holder_id={self.holder_id!r}, …)"


class CouponOfMember(Message, frozen=True, kw_only=True):
    """A coupon that a sale gave the member (its ``code`` there); it opens ``promotion`` through the local day ``last_day``."""

    code: CouponCode
    promotion: str
    last_day: str


class BirthOfMember(Message, frozen=True, kw_only=True):
    """A birthday in the calendar it is kept in, without a year. Its figures stay out of ``repr``."""

    calendar: Calendar
    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=31)]

    def __repr__(self) -> str:
        return "BirthOfMember(…)"


class ToldByMember(Message, frozen=True, kw_only=True):
    """Tastes and area of residence, as codes, and what the member agreed to be written: purpose and channel. Nothing is in ``repr``."""

    tastes: tuple[str, ...] = ()
    area: str = ""
    agreed: tuple[tuple[Purpose, Channel], ...] = ()

    def __repr__(self) -> str:
        return "ToldByMember(…)"


class MemberChange(Message, frozen=True, kw_only=True):
    """A member as of now, whole. ``gone``: forget this member and these cards.

    ``cards``, ``holders`` (in order of their ids), ``coupons`` (those that are open, in order of their
    codes) and ``segments`` are complete lists; a card of the member that is not in it is to be forgotten. ``birth`` is null when it is not known, ``purchases`` how many sales named the member,
    ``told`` null when nothing of it is known, ``answers`` the ids of what they asked and an answer waits for at the counter. Only the id is in ``repr``, the rest is personal.
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
    holders: tuple[HolderOfMember, ...] = ()
    told: ToldByMember | None = None
    answers: tuple[Name, ...] = ()
    coupons: tuple[CouponOfMember, ...] = ()
    gone: bool = False

    def __repr__(self) -> str:
        return f"MemberChange(member_id={self.member_id!r}, …)"


class MembersPage(Message, frozen=True, kw_only=True):
    """A page of the member feed, made at ``taken_us`` (µs since 1970 UTC).

    ``projected`` is up to which entry of the asking incarnation points and purchases count.
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


class ProductFrom(Message, frozen=True, kw_only=True):
    """A good as it will be sold from ``from_us`` (µs since 1970 UTC) on: another price, another tax."""

    from_us: Count
    product: Product


class ShelfChange(Message, frozen=True, kw_only=True):
    """A good as of now, or (``product`` null) the news that ``product_id`` is no longer sold.

    Price and tax are those of the asking station's shop. ``barcodes`` are those it has beside its
    first one, ``planned`` what it becomes later, in order of time; both are complete.
    """

    product_id: str
    product: Product | None
    barcodes: tuple[str, ...]
    planned: tuple[ProductFrom, ...]


class ShelfPage(Message, frozen=True, kw_only=True):
    """A page of the goods feed: goods, their prices, taxes and barcodes."""

    cursor: str
    more: bool
    version: Count
    changes: tuple[ShelfChange, ...]


class CardChange(Message, frozen=True, kw_only=True):
    """A card that is, or was, blocked, lost, replaced or expired: whose it is and what it is now."""

    hash: CardHash
    member_id: str
    status: CardStatus


class BlocksPage(Message, frozen=True, kw_only=True):
    """A page of the block list, made at ``taken_us``: every card that was ever not active, of all members."""

    cursor: str
    more: bool
    version: Count
    taken_us: Count
    changes: tuple[CardChange, ...]


class StaffChange(Message, frozen=True, kw_only=True):
    """A person who works at the asking station's shop, or (``role`` null) the news that ``staff_id`` no longer does.

    ``badge`` is the keyed look-up hash of the own badge, ``pin`` an argon2 verifier ("": none yet),
    which must be replaced at the next sign-in where ``must_change``. ``resets`` counts how often head
    office set the PIN: where it is above the one held, locks and the PIN held here are void.
    ``member_id`` is the own membership, which gives nothing on own sales.
    """

    staff_id: str
    role: Role | None
    name: Text
    badge: CardHash | None
    pin: Annotated[str, msgspec.Meta(max_length=200)]
    must_change: bool
    resets: Count
    member_id: str

    def __repr__(self) -> str:
        return f"StaffChange(staff_id={self.staff_id!r}, …)"


class StaffPage(Message, frozen=True, kw_only=True):
    """A page of the staff feed: people, roles, PIN resets."""

    cursor: str
    more: bool
    version: Count
    changes: tuple[StaffChange, ...]


class NewPin(Message, frozen=True, kw_only=True):
    """A person chose a new PIN at the counter. ``replaces`` is the SHA-256 of the verifier it takes the place of."""

    staff_id: Name
    pin: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
    replaces: HexHash

    def __repr__(self) -> str:
        return f"NewPin(staff_id={self.staff_id!r}, …)"


class PinKept(Message, frozen=True, kw_only=True):
    """Whether the new PIN was ``kept``: not when head office set another meanwhile, which is on its way down."""

    kept: bool


class SignedPack(Message, frozen=True, kw_only=True):
    """A rule pack: the exact ``document`` bytes and the detached Ed25519 signature over them."""

    number: int
    document: Base64
    signature: Base64


class NextPack(Message, frozen=True, kw_only=True):
    """The next ``pack`` above the number asked for that is in force or will be, or null.

    ``highest`` is the highest number ever published, 0 before the first; it never falls.
    """

    highest: Count
    pack: SignedPack | None
