"""Goods and rule packs: what a basket needs to be priced, kept in ``journal.db`` beside the sales."""

from collections.abc import Iterator

import msgspec

from data.cursors import FeedCursor
from data.database import Database
from station.errors import ErrorCode, StationError
from station.feed import ShelfPage, ShelfRecord
from station.pack import Pack
from station.product import Product

_CONFIRMED_US = 3_600_000_000
"""Rules are asked for every minute or so, and their age is told in days: the disk is spared the rest."""


class _Basket(msgspec.Struct, frozen=True):
    pack: int


class _Sale(msgspec.Struct, frozen=True):
    basket: _Basket


class _SoldUnder(msgspec.Struct, frozen=True):
    """The part of a SALE entry that says which pack it was priced under."""

    body: _Sale


class ShelfStore:
    """``station.ports.Shelf`` and ``ShelfReplica``."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._cursor = FeedCursor(database, "shelf")

    def product(self, barcode: str, at_us: int) -> Product | None:
        """Return the good with this barcode as it is sold at ``at_us``.

        What was fed as of now also holds before: a clock that stands wrong takes no good off the shelf.
        """
        row = self._database.row(
            "SELECT document FROM barcode JOIN product USING (product_id)"
            " WHERE barcode = ? AND from_us <= max(?, 0) ORDER BY from_us DESC LIMIT 1", (barcode, at_us))
        return msgspec.json.decode(row[0], type=Product) if row else None

    def products(self, limit: int) -> Iterator[Product]:
        """Yield the first ``limit`` goods in order of id, as they were when head office sent them."""
        for row in self._database.rows(
                "SELECT document FROM product WHERE from_us = 0 ORDER BY product_id LIMIT ?", (limit,)):
            yield msgspec.json.decode(row[0], type=Product)

    def count(self) -> int:
        """Return how many goods are on the shelf."""
        row = self._database.row("SELECT count(*) FROM product WHERE from_us = 0")
        return int(row[0]) if row else 0

    def cursor(self) -> str:
        """Return where the feed stands."""
        return self._cursor.cursor()

    def apply(self, page: ShelfPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER."""
        ids = [(each,) for each in (*page.gone, *(record.product.product_id for record in page.changed))]
        with self._database.writing():
            self._cursor.move(page.cursor, page.version)
            self._database.execute_many("DELETE FROM barcode WHERE product_id = ?", ids)
            self._database.execute_many("DELETE FROM product WHERE product_id = ?", ids)
            self._database.execute_many("INSERT INTO product VALUES (?, ?, ?)", [
                (record.product.product_id, from_us, msgspec.json.encode(product))
                for record in page.changed for from_us, product in ((0, record.product), *record.planned)])
            self._database.execute_many("INSERT OR REPLACE INTO barcode VALUES (?, ?)", [
                (barcode, record.product.product_id) for record in page.changed for barcode in _barcodes(record)])


def _barcodes(record: ShelfRecord) -> dict[str, None]:
    """Return every barcode of a good once: also those of its first one's successors."""
    products = (record.product, *(product for _, product in record.planned))
    return dict.fromkeys((*(product.barcode for product in products), *record.barcodes))


class PackShelf:
    """``station.ports.Packs`` and ``PackStore``; the pack in force is kept decoded."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._held: Pack | None = None
        self._cursor = FeedCursor(database, "packs")

    def number(self) -> int:
        """Return the highest number of a pack kept, 0 without one."""
        row = self._database.row("SELECT max(number) FROM pack")
        return int(row[0] or 0) if row else 0

    def confirmed_us(self) -> int | None:
        """Return as of when head office had no other packs than these (µs since 1970 UTC, within an hour), None before it said so."""
        return int(self._cursor.cursor() or 0) or None

    def confirm(self, at_us: int) -> None:
        """Remember that head office has no newer pack at ``at_us``; what was remembered within the hour before stands."""
        before = self.confirmed_us()
        if before is None or not 0 <= at_us - before < _CONFIRMED_US:
            with self._database.writing():
                self._cursor.move(str(at_us), self.number())

    def current(self, at_us: int) -> Pack:
        """Return the pack in force at ``at_us``; when there is none, that of the last sale.

        A shop that sold had a pack, so its clock stands wrong (an empty battery sets it back by
        years), and selling goes on. Raises ``StationError`` PACK_MISSING before the first sale.
        """
        row = self._database.row("SELECT max(number) FROM pack WHERE effective_us <= ?", (at_us,))
        number = (row and row[0]) or self._sold_under()
        if number is None:
            raise StationError(ErrorCode.PACK_MISSING)
        if self._held is None or self._held.number != number:
            self._held = self.pack(number)
        return self._held

    def _sold_under(self) -> int | None:
        row = self._database.row("SELECT raw FROM entry WHERE place = (SELECT max(place) FROM sale)")
        return msgspec.json.decode(row[0], type=_SoldUnder).body.basket.pack if row else None

    def pack(self, number: int) -> Pack:
        """Return pack ``number``. Raises ``StationError`` PACK_MISSING."""
        row = self._database.row("SELECT document FROM pack WHERE number = ?", (number,))
        if row is None:
            raise StationError(ErrorCode.PACK_MISSING, number=number)
        return msgspec.json.decode(row[0], type=Pack)

    def install(self, pack: Pack, document: bytes, signature: bytes) -> None:
        """Keep ``pack``, whose signature was checked by the caller.

        Raises ``StationError`` PACK_OLDER when its number is not above all kept here.
        """
        with self._database.writing():
            if pack.number <= self.number():
                raise StationError(ErrorCode.PACK_OLDER, pack=pack.number, held=self.number())
            self._database.execute(
                "INSERT INTO pack VALUES (?, ?, ?, ?)",
                (pack.number, pack.effective_us, document, signature))
