"""Sales looked for at the counter, and returns as they lie in the journal: by receipt, day, amount, member or good."""

from collections.abc import Iterator

import msgspec

from data.branch import Part, parts
from data.database import Database
from station.clock import Moment
from station.journal import Entry, EntryKind, Position
from station.past_sale import PastSale, ReceiptName, Wanted
from station.people import Actor
from station.sale import SaleReturn
from station.search import fold
from station.shift_rows import SaleRow
from station.text import Text
from station.unknown_return import UnknownReturn

MOST_FOUND = 200
"""So many lines of the list: more are looked for more narrowly."""

_COLUMNS = (
    "SELECT sale.place, shift.business_date, shift.number, sale.hour, sale.member_id, sale.total, sale.discount,"
    " sale.points, entry.raw, (SELECT coalesce(sum(money), 0) FROM sale_return WHERE sale_return.incarnation = ?"
    " AND sale_return.seq = sale.place - ?)")
_PLACES = (
    " FROM shift LEFT JOIN shift AS next ON next.number = shift.number + 1 CROSS JOIN sale ON sale.place > shift.place"
    " AND sale.place < coalesce(next.place, 9223372036854775807) JOIN entry ON entry.place = sale.place"
    " WHERE shift.business_date BETWEEN ? AND ? AND sale.place > ? AND sale.place <= ?")
"""Of the sales of some days, those of one part of the journal that are here whole."""


class _Product(msgspec.Struct, frozen=True):
    """What a good is looked for by."""

    barcode: str
    name: Text


class _Line(msgspec.Struct, frozen=True):
    """The part of a basket's line that is looked at."""

    product: _Product


class _Basket(msgspec.Struct, frozen=True):
    """The part of a basket that is looked at."""

    lines: tuple[_Line, ...]


class _Body(msgspec.Struct, frozen=True):
    """The part of a sale that is looked at."""

    basket: _Basket


class _Sold(msgspec.Struct, frozen=True):
    """The part of a SALE entry that is looked at."""

    at: Moment
    actor: Actor
    body: _Body


class PastSales:
    """Reads the journal in ``database``, for the thread of that. All raise ``StationError`` 4xx."""

    def __init__(self, database: Database) -> None:
        """Keep nothing."""
        self._database = database

    def places_of(self, receipt: ReceiptName) -> tuple[int, ...]:
        """Return the places of this station's sales that ``receipt`` may name, the latest first; one that was cut off has none."""
        found = [
            place for part, end in self._parts() if part.origin.upper().startswith(receipt.incarnation)
            and part.before < (place := part.place(receipt.seq)) <= end
            and self._database.row("SELECT 1 FROM entry WHERE place = ? AND kind = 'SALE'", (place,))]
        return tuple(sorted(found, reverse=True))

    def place_of(self, name: Position) -> int | None:
        """Return the place of the entry called ``name``, or None where there is none."""
        return next((place for part, end in self._parts() if part.origin == name.incarnation
                     and part.before < (place := part.place(name.seq)) <= end), None)

    def find(self, wanted: Wanted) -> tuple[PastSale, ...]:
        """Return the sales that are ``wanted``, the latest first, at most ``MOST_FOUND``; none that was cut off."""
        found: list[PastSale] = []
        for part, end in reversed(self._parts()):
            for each in self._of_part(part, end, wanted):
                found.append(each)
                if len(found) == MOST_FOUND:
                    return tuple(found)
        return tuple(found)

    def return_at(self, place: int) -> Entry[SaleReturn] | Entry[UnknownReturn]:
        """Return the RETURN or RETURN_UNKNOWN entry at ``place``. Raises ``KeyError`` when there is none."""
        row = self._database.row(
            "SELECT kind, raw FROM entry WHERE place = ? AND kind IN ('RETURN', 'RETURN_UNKNOWN')", (place,))
        if row is None:
            raise KeyError(place)
        return (msgspec.json.decode(row[1], type=Entry[SaleReturn]) if row[0] == EntryKind.RETURN
                else msgspec.json.decode(row[1], type=Entry[UnknownReturn]))

    def _parts(self) -> list[tuple[Part, int]]:
        """Return the parts of the journal, each with its last place."""
        found = parts(self._database)
        (last,) = self._database.row("SELECT coalesce(max(place), 0) FROM entry") or (0,)
        return list(zip(found, (*(part.before for part in found[1:]), last), strict=True))

    def _of_part(self, part: Part, end: int, wanted: Wanted) -> Iterator[PastSale]:
        query, values = f"{_COLUMNS}{_PLACES}", [
            part.origin, part.before - part.base, wanted.span.first, wanted.span.last, part.before, end]
        if wanted.total is not None:
            query, values = f"{query} AND sale.total = ?", [*values, wanted.total]
        if wanted.member_id:
            query, values = f"{query} AND sale.member_id = ?", [*values, wanted.member_id]
        words = fold(wanted.good)
        for place, date, shift, hour, member_id, total, discount, points, raw, returned in self._database.rows(
                f"{query} ORDER BY sale.place DESC", tuple(values)):
            sold = msgspec.json.decode(raw, type=_Sold)
            if not wanted.good or _has(sold, wanted.good, words):
                yield PastSale(
                    SaleRow(place, date, shift, sold.actor.person, member_id, total, discount, points, sold.at, hour),
                    Position(part.origin, part.seq(place)), returned)


def _has(sold: _Sold, good: str, words: tuple[str, ...]) -> bool:
    """Return whether a good was sold that has this barcode, or all these beginnings of words in its name."""
    products = [line.product for line in sold.body.basket.lines]
    names = ([*fold(each.name.fa), *fold(each.name.en)] for each in products)
    return any(each.barcode == good for each in products) or any(
        words and all(any(name.startswith(word) for name in named) for word in words) for named in names)
