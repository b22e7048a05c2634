"""Messages between station and head office, protocol version 1: strict, typed, versioned.

Journal entries travel as the bytes they are stored as, one per line (NDJSON), gzip-compressed;
everything else is JSON of the structs below. An unknown field, a missing one or a wrong type is
refused with its path. All paths start with ``API``.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from station.card import CardStatus
from station.dates import Calendar
from station.product import Product
from station.protection import Protection
from station.text import Text

PROTOCOL = 1
API = "/api/v1"
PAIR_PATH = f"{API}/pair"
HELLO_PATH = f"{API}/hello"
JOURNAL_PATH = f"{API}/journal"
MEMBERS_FEED_PATH = f"{API}/feeds/members"
SHELF_FEED_PATH = f"{API}/feeds/shelf"
PACK_PATH = f"{API}/packs/current"
BOOK_PATH = f"{API}/books/members"
CHUNK_PATH = f"{API}/books/members/chunk"
JSON_TYPE = "application/json"
CHUNK_TYPE = "application/octet-stream"
ENTRIES_TYPE = "application/vnd.card-station.journal.v1+ndjson"
MOST_ENTRIES = 1000
MOST_BATCH_BYTES = 8 * 1024 * 1024
MOST_CHUNK_BYTES = 4 * 1024 * 1024

HexHash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Incarnation = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Base64 = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9+/]*={0,2}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Seq = Annotated[int, msgspec.Meta(ge=1)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The common base: frozen, and closed to fields this version does not know."""


class Verdict(StrEnum):
    """What head office did with one entry."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    QUARANTINED = "QUARANTINED"


class ProblemCode(StrEnum):
    """Why head office did not take a request."""

    GAP = "GAP"
    FORK = "FORK"
    INVALID = "INVALID"
    SIGNATURE = "SIGNATURE"
    UNKNOWN_STATION = "UNKNOWN_STATION"
    PAIRING = "PAIRING"
    BUSY = "BUSY"


class Problem(Message, frozen=True, kw_only=True):
    """The body of every answer above 399. ``wanted`` is the next seq head office wants (GAP, FORK)."""

    code: ProblemCode
    reason: str
    wanted: Seq | None = None


class PairRequest(Message, frozen=True, kw_only=True):
    """A station asks in with a one-time ``code``. ``public_key`` is the station's raw Ed25519 key, made there."""

    protocol: int
    code: str
    public_key: Base64


class PairAnswer(Message, frozen=True, kw_only=True):
    """Who the station is.

    ``card_key`` is the club-wide 32-byte key of the card look-up hash; ``office_key`` head
    office's raw Ed25519 key, which signs packs; ``recovery_key`` its raw X25519 key, to which the
    station seals the key of its files.
    """

    station: str
    shop: str
    shop_name: Text
    card_key: Base64
    office_key: Base64
    recovery_key: Base64


class Hello(Message, frozen=True, kw_only=True):
    """Where the station's journal stands, and how well its files are protected.

    ``head`` is the hash of entry ``seq`` (64 zeros at 0).
    """

    protocol: int
    program: str
    incarnation: Incarnation
    seq: Count
    head: HexHash
    protection: Protection


class Welcome(Message, frozen=True, kw_only=True):
    """Where head office stands with this incarnation, and its clock (µs since 1970 UTC)."""

    protocol: int
    acknowledged: Count
    head: HexHash
    server_time_us: int


class BatchHead(Message, frozen=True, kw_only=True):
    """What a batch claims, sent as the query of ``PUT journal``.

    Entries ``first`` to ``last`` of ``incarnation``; ``previous`` is the hash of entry first − 1,
    ``head`` that of entry ``last``.
    """

    incarnation: Incarnation
    first: Seq
    last: Seq
    previous: HexHash
    head: HexHash


class Quarantined(Message, frozen=True, kw_only=True):
    """An entry that is kept and acknowledged but was not posted, and why."""

    seq: Seq
    reason: str


class Receipt(Message, frozen=True, kw_only=True):
    """Head office's verdict on a batch: everything up to ``acknowledged`` is durable there."""

    incarnation: Incarnation
    acknowledged: Seq
    head: HexHash
    accepted: Count
    duplicates: Count
    quarantined: tuple[Quarantined, ...]


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


def join_entries(raws: Sequence[bytes]) -> bytes:
    """Return the NDJSON of stored entries: each followed by a line feed."""
    return b"".join(raw + b"\n" for raw in raws)


def split_entries(body: bytes) -> list[bytes]:
    """Return the stored entries of an NDJSON body.

    Raises ``ValueError`` when it is empty, does not end with a line feed or holds an empty line.
    """
    if not body.endswith(b"\n"):
        message = "the batch does not end with a line feed"
        raise ValueError(message)
    raws = body[:-1].split(b"\n")
    if not all(raws):
        message = "the batch holds an empty line"
        raise ValueError(message)
    return raws
