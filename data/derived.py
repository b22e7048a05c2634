"""What entries make of the derived tables: rows and running sums, so that all can be dropped and rebuilt."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from station.journal import ENTRY_TYPES, Body, Entry, EntryKind
from station.sale import Sale, SaleReturn
from station.shift import X_REPORT, Z_REPORT, CashMoved, Correction, Reading, Shift, ShiftClosed
from station.totals import Part, Tally, of_return, of_sale

MINUTES_PER_HOUR = 60
Derived = dict[str, list[tuple[Any, ...]]]

TABLES: dict[str, str] = {
    "shift": "number", "shift_report": "kind, number", "shift_total": "shift, tally, name", "sale": "place",
    "sale_return": "place", "promotion_use": "promotion, member_id, place"}
"""Every derived table and the order of its key."""


def decode(raw: bytes, kind: EntryKind) -> Entry[Body]:
    """Return the entry stored as ``raw``. Raises ``msgspec.ValidationError`` with the bad path."""
    entry: Entry[Body] = msgspec.json.decode(raw, type=ENTRY_TYPES[kind])
    return entry


def derive(entry: Entry[Body], place: int) -> Derived:
    """Return the rows, by table, that ``entry`` at ``place`` makes, beside the totals. Pure."""
    body = entry.body
    match body:
        case Shift():
            return {"shift": [(body.number, place, body.cashier, body.business_date, body.opening_float)]}
        case Reading():
            return {"shift_report": [(X_REPORT, body.number, body.shift, place)]}
        case ShiftClosed():
            return {"shift_report": [(Z_REPORT, body.number, body.shift, place)]}
        case Sale():
            return _sale(entry, body, place)
        case SaleReturn():
            return {"sale_return": [(
                place, body.incarnation, body.seq, body.shift, body.member_id, body.money,
                sum(each.points for each in body.points))]}
        case _:
            return {}


def _sale(entry: Entry[Body], sale: Sale, place: int) -> Derived:
    member, priced = sale.basket.member, sale.priced
    limited = {each.promotion for each in sale.basket.usage}
    return {
        "sale": [(
            place, sale.sale_id, sale.shift, entry.at.minute_of_day // MINUTES_PER_HOUR,
            member.member_id if member else None,
            priced.listed, priced.discount, priced.tax, priced.total, priced.points,
            sum(each.points for each in sale.points))],
        "promotion_use": [
            (promotion, member.member_id if member else "", place, sale.basket.opened.date,
             sum(each.amount for each in priced.discounts if each.rule == promotion))
            for promotion in priced.applied if promotion in limited]}


@cache
def insert_into(table: str, width: int) -> str:
    """Return the statement that inserts a row of ``width`` values into ``table``."""
    return f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"  # noqa: S608 - our names


def sums(entry: Entry[Body]) -> tuple[int, list[tuple[str, str, int]]]:
    """Return the shift whose running sums ``entry`` changes, and what is added to them.

    0 and nothing for most kinds. A figure may be there twice, but what adds nothing is left out.
    """
    match entry.body:
        case Sale() as sale:
            return sale.shift, _moving(of_sale(sale, entry.at.minute_of_day // MINUTES_PER_HOUR))
        case SaleReturn() as returned:
            return returned.shift, _moving(of_return(returned))
        case CashMoved(shift, amount, reason):
            return shift, _moving(((Tally.CASH_MOVED, "", amount), (Tally.CASH_MOVED, reason.value, amount)))
        case Correction(shift, of_shift, kind, amount):
            return shift, _moving(((Tally.CORRECTED, f"{of_shift}/{kind.value}", amount),))
        case _:
            return 0, []


def _moving(parts: Iterable[Part]) -> list[tuple[str, str, int]]:
    return [(str(tally), name, amount) for tally, name, amount in parts if amount]


class Fold:
    """The derived tables in memory, from entries in order: what a journal ought to have made."""

    def __init__(self, state: Derived | None = None) -> None:
        """Start empty, or from the ``state`` a checkpoint kept."""
        self._rows: Derived = {table: [] for table in TABLES if table != "shift_total"}
        self._sums: dict[tuple[int, str, str], int] = {}
        for table, rows in (state or {}).items():
            if table == "shift_total":
                self._sums = {(shift, tally, name): amount for shift, tally, name, amount in rows}
            else:
                self._rows[table] = [tuple(row) for row in rows]

    def take(self, entry: Entry[Body], place: int) -> None:
        """Let ``entry`` make its rows and sums."""
        for table, rows in derive(entry, place).items():
            self._rows[table] += rows
        shift, parts = sums(entry)
        for tally, name, amount in parts:
            key = shift, tally, name
            self._sums[key] = self._sums.get(key, 0) + amount

    def tables(self) -> Derived:
        """Return every table's rows in the order of its key."""
        totals: list[tuple[Any, ...]] = [(*key, amount) for key, amount in self._sums.items()]
        return {table: _sorted(table, totals if table == "shift_total" else self._rows[table]) for table in TABLES}


def _sorted(table: str, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return ``rows`` by the key of ``table``, whose columns stand first in it."""
    width = TABLES[table].count(",") + 1
    return sorted(rows, key=lambda row: row[:width])
