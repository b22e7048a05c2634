"""What ``station`` needs from the world. Implementations live in ``data`` and ``sync``; fakes in tests."""

from collections.abc import Sequence
from typing import Protocol

from station.basket import HeldBasket, Usage
from station.card import Card
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.feed import BlocksPage, BookFile, MemberPage, ShelfPage, StaffPage
from station.journal import Draft, Entry, Head, Position, Stored
from station.member import Member
from station.pack import Pack
from station.people import ChosenPin
from station.product import Product
from station.promotion import Promotion
from station.report import SaleFact
from station.sale import Sale, SaleReturn
from station.shift import Shift
from station.totals import Total


class MemberBook(Protocol):
    """The member cache. Balances and counts of purchases in it are as of ``projected_through``."""

    def card(self, number: str) -> Card | None:
        """Return the card with this number, or None when the cache does not know it."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean, at most ``station.search.MOST_FOUND``, in an order that stands.

        It is a phone, its last four digits, the beginnings of words of a name, or both (``station.search.wanted``).
        """
        ...

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people beside the member who hold cards of the account, with their limits."""
        ...

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Return the coupons of a member that are not over on local ``day``, with this station's own entries counted in."""
        ...

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the coupons with this printed number (``station.coupons.coupon_number``) that are known here."""
        ...

    def projected_through(self) -> Position | None:
        """Return up to which of this station's own entries the cached balances and purchases count."""
        ...


class Shelf(Protocol):
    """The goods."""

    def product(self, barcode: str, at_us: int) -> Product | None:
        """Return the good with this barcode as it is sold at ``at_us`` (µs since 1970 UTC), or None."""
        ...


class Packs(Protocol):
    """The rule packs."""

    def current(self, at_us: int) -> Pack:
        """Return the pack in force at ``at_us`` (µs since 1970 UTC).

        It is the one with the highest number of those whose effective moment has come. Raises
        ``StationError`` PACK_MISSING when there is none.
        """
        ...

    def pack(self, number: int) -> Pack:
        """Return pack ``number``. Raises ``StationError`` PACK_MISSING."""
        ...


class Journal(Protocol):
    """The station's memory. Whatever ``append`` returned is durable."""

    def append(self, draft: Draft) -> Stored:
        """Write ``draft`` as the next entry, with everything derived from it, in one transaction.

        Raises ``StationError`` 4xx when the disk or the database refuses; then nothing was written.
        """
        ...

    def head(self) -> Head:
        """Return the end of the chain."""
        ...

    def shift(self) -> Shift | None:
        """Return the open shift, or None."""
        ...

    def shift_number(self) -> int:
        """Return the number of the shift opened last, 0 before the first."""
        ...

    def totals(self, shift: int) -> Sequence[Total]:
        """Return the running sums of ``shift``, in order of tally and name."""
        ...

    def reports(self, kind: str) -> int:
        """Return how many reports of ``kind`` (X or Z) were made."""
        ...

    def sale(self, place: int) -> Entry[Sale]:
        """Return the SALE entry at ``place``. Raises ``KeyError`` when there is none."""
        ...

    def returns_of(self, sale: Position) -> Sequence[SaleReturn]:
        """Return what came back of the sale at ``sale``, in order."""
        ...

    def last_sale(self) -> int | None:
        """Return the place of the last sale, or None."""
        ...

    def keep_basket(self, held: HeldBasket | None) -> None:
        """Keep the basket in hand, durably. Raises ``StationError`` 4xx."""
        ...

    def open_basket(self) -> HeldBasket | None:
        """Return the basket that was in hand when the program ended, or None."""
        ...

    def points_after(self, member_id: str, position: Position | None) -> int:
        """Return the sum of this station's points entries of a member after ``position``."""
        ...

    def purchases_after(self, member_id: str, position: Position | None) -> int:
        """Return how many of this station's sales after ``position`` name a member."""
        ...

    def spent_by(self, member_id: str, holder: str, date: str) -> tuple[int, int]:
        """Return the points, and the value from wallets, that this station's sales to ``holder`` took on local ``date``."""
        ...

    def usage(self, promotions: Sequence[Promotion], member_id: str | None, date: str) -> tuple[Usage, ...]:
        """Return how often this station's sales got each of ``promotions``: of the member, on ``date``, in all."""
        ...

    def facts(self, first_date: str, last_date: str) -> Sequence[SaleFact]:
        """Return the sales booked on business dates from ``first_date`` to ``last_date``, in order."""
        ...


class Outbox(Protocol):
    """One incarnation of the journal as the uploader sees it: what is unsent is the journal after one mark."""

    def head(self) -> Head:
        """Return the end of the chain."""
        ...

    def mark(self) -> int:
        """Return the highest seq head office acknowledged, 0 at first."""
        ...

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        """Return at most ``limit`` entries after ``seq``, in order."""
        ...

    def hash_at(self, seq: int) -> bytes:
        """Return the hash of entry ``seq``; 32 zero bytes for 0. Raises ``KeyError``."""
        ...

    def acknowledge(self, seq: int) -> None:
        """Set the mark to ``seq``, durably."""
        ...


class Uploads(Protocol):
    """All incarnations of a journal, and branches of them: one, unless the file was restored or copied."""

    def branches(self) -> Sequence[Outbox]:
        """Return them, oldest first; the last goes on."""
        ...

    def begin_anew(self) -> None:
        """Begin a new incarnation, for head office has another history of the last one."""
        ...

    def split(self, incarnation: str, base: int) -> None:
        """Let the entries after ``base`` of an earlier one be a branch, durably: head office has others there.

        The branch comes right after it. Raises ``ValueError`` where there is nothing to part.
        """
        ...

    def join(self, incarnation: str) -> None:
        """Let what was parted from an earlier one belong to it again, durably: head office has it there."""
        ...


class MemberReplica(Protocol):
    """The member cache as the feed sees it."""

    def cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        ...

    def apply(self, page: MemberPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction.

        Raises ``StationError`` MEMBERS_OLDER when head office stands behind what is held.
        """
        ...


class BookInstaller(Protocol):
    """Where a whole member book from head office is put together and put in force."""

    def wants(self, book: BookFile) -> bool:
        """Return whether ``book`` is worth fetching. Raises ``StationError`` MEMBERS_OLDER, DATABASE_NEWER."""
        ...

    def first_missing(self, book: BookFile) -> int:
        """Return the number of the first piece that is not here whole; their count when all are.

        Raises ``StationError`` DISK_FULL or MEMBERS_INVALID.
        """
        ...

    def put(self, book: BookFile, number: int, chunk: bytes) -> None:
        """Keep piece ``number``. Raises ``StationError`` MEMBERS_INVALID when it is another, or 4xx."""
        ...

    def install(self, book: BookFile) -> None:
        """Prove the whole file and put it in force, or raise ``StationError`` and change nothing."""
        ...


class ShelfReplica(Protocol):
    """The goods as the feed sees them."""

    def cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        ...

    def apply(self, page: ShelfPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER."""
        ...


class BlocksReplica(Protocol):
    """The block list as the feed sees it."""

    def blocks_cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        ...

    def block(self, page: BlocksPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER."""
        ...


class StaffReplica(Protocol):
    """The people who work here as the feed sees them."""

    def cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        ...

    def apply(self, page: StaffPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER."""
        ...


class ChosenPins(Protocol):
    """PINs that were chosen here, until head office was told."""

    def chosen(self) -> Sequence[ChosenPin]:
        """Return those it was not told of."""
        ...

    def told(self, chosen: ChosenPin, *, kept: bool) -> None:
        """Take note that it was told of ``chosen`` and ``kept`` it, or not."""
        ...


class PackStore(Protocol):
    """Where verified packs are kept."""

    def number(self) -> int:
        """Return the highest number of a pack kept here, 0 when there is none."""
        ...

    def install(self, pack: Pack, document: bytes, signature: bytes) -> None:
        """Keep ``pack``, read from ``document`` whose ``signature`` was checked.

        Raises ``StationError`` PACK_OLDER when its number is not above all kept here.
        """
        ...


class Verifier(Protocol):
    """Checks Ed25519 signatures (RFC 8032) by the key of the other side."""

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether ``signature`` (64 bytes) over ``message`` is good."""
        ...
