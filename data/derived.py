"""What entries make of the derived tables: rows and running sums, so that all can be dropped and rebuilt."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from data.own_coupons import coupon_rows
from data.own_told import told_row
from station.account import value_spent
from station.card_life import CardChanged, CardIssued, HolderAdded
from station.enrolling import CardBody, MemberEnrolled, card_deeds
from station.journal import ENTRY_TYPES, Body, Entry, EntryKind
from station.matter import AnswersTold
from station.sale import ReturnCause, Sale, SaleReturn
from station.shift import X_REPORT, Z_REPORT, CashMoved, Correction, Reading, Shift, ShiftClosed
from station.telling import MemberTold
from station.totals import Part, Tally, of_return, of_sale, of_unknown_return
from station.unknown_return import UnknownReturn

MINUTES_PER_HOUR = 60
Derived = dict[str, list[tuple[Any, ...]]]

TABLES: dict[str, str] = {
    "shift": "number", "shift_report": "kind, number", "shift_total": "shift, tally, name", "sale": "place",
    "sale_return": "place", "promotion_use": "promotion, member_id, date", "own_card": "place, card",
    "own_member": "place", "own_holder": "place", "own_told": "place", "own_answer": "ask_id, place",
    "own_coupon": "place, code", "own_void": "place", "holder_use": "member_id, holder, date"}
"""Every derived table and the order of its key."""

SUMS: dict[str, tuple[str, ...]] = {
    "shift_total": ("amount",), "promotion_use": ("uses", "amount"), "holder_use": ("points", "value")}
"""The tables of running sums, and the columns behind their key that are added up."""


def decode(raw: bytes, kind: EntryKind) -> Entry[Body]:
    """Return the entry stored as ``raw``. Raises ``msgspec.ValidationError`` with the bad path."""
    entry: Entry[Body] = msgspec.json.decode(raw, type=ENTRY_TYPES[kind])
    return entry


def derive(entry: Entry[Body], place: int) -> Derived:
    """Return the rows, by table, that ``entry`` at ``place`` makes, beside the running sums. Pure."""
    body = entry.body
    match body:
        case Shift():
            return {"shift": [(body.number, place, body.cashier, body.business_date, body.opening_float)]}
        case Reading() | ShiftClosed():
            kind = X_REPORT if isinstance(body, Reading) else Z_REPORT
            return {"shift_report": [(kind, body.number, body.shift, place)]}
        case Sale():
            return _sale(entry, body, place)
        case SaleReturn():
            return _return(body, place)
        case CardIssued() | CardChanged() | MemberEnrolled() | HolderAdded() | MemberTold() | AnswersTold():
            return _of_members(body, place)
        case _:
            return {}


def _of_members(body: CardBody | HolderAdded | MemberTold | AnswersTold, place: int) -> Derived:
    if isinstance(body, HolderAdded):
        return {"own_holder": [(place, body.member_id, body.holder_id)]}
    if isinstance(body, MemberTold):
        return {"own_told": [told_row(body, place)]}
    if isinstance(body, AnswersTold):
        return {"own_answer": [(each.ask_id, place) for each in body.answers]}
    made: Derived = {"own_card": [
        (place, deed.card, deed.member_id, deed.status.value, deed.was and deed.was.value, deed.holder)
        for deed in card_deeds(body)]}
    if isinstance(body, MemberEnrolled):
        made["own_member"] = [(place, body.member_id, body.tier)]
        made["own_told"] = [told_row(body, place)]
    return made


def _sale(entry: Entry[Body], sale: Sale, place: int) -> Derived:
    member, priced = sale.basket.member, sale.priced
    return {"sale": [(
        place, sale.sale_id, sale.shift, entry.at.minute_of_day // MINUTES_PER_HOUR,
        member.member_id if member else None,
        priced.listed, priced.discount, priced.tax, priced.total, priced.points,
        sum(each.points for each in sale.points))], **_coupons(sale, place)}


def _return(back: SaleReturn, place: int) -> Derived:
    made: Derived = {"sale_return": [(
        place, back.incarnation, back.seq, back.shift, back.member_id, back.money, sum(each.points for each in back.points))]}
    if back.cause is ReturnCause.VOID:
        made["own_void"] = [(place, back.sale_id)]
    return made | _coupons(back, place)


def _coupons(body: Sale | SaleReturn, place: int) -> Derived:
    rows = list(coupon_rows(body, place))
    return {"own_coupon": rows} if rows else {}


@cache
def insert_into(table: str, width: int) -> str:
    """Return the statement that inserts a row of ``width`` values into ``table``."""
    return f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"  # noqa: S608 - our names


@cache
def add_to(table: str, width: int, count: int) -> str:
    """Return the statement that adds ``count`` rows of ``width`` values to the running sums of ``table``.

    One statement is twice as fast as one for each row.
    """
    rows = ", ".join([f"({', '.join('?' * width)})"] * count)
    summed = ", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS[table])
    return f"INSERT INTO {table} VALUES {rows} ON CONFLICT DO UPDATE SET {summed}"  # noqa: S608 - our names


def added(entry: Entry[Body]) -> Derived:
    """Return what ``entry`` adds to the running sums, by table. Pure; a key may be there twice."""
    shift, parts = sums(entry)
    body = entry.body
    return {
        "shift_total": [(shift, *part) for part in parts],
        "promotion_use": list(_uses(body)) if isinstance(body, Sale) else [],
        "holder_use": list(_spent(body)) if isinstance(body, Sale) else []}


def _uses(sale: Sale) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield what ``sale`` adds for each promotion with limits that it got: a use, and the money it took.

    Each counts in all (no member, no date), on its date, and for its member on that date.
    """
    member, priced, date = sale.basket.member, sale.priced, sale.basket.opened.date
    limited = {each.promotion for each in sale.basket.usage}
    for promotion in priced.applied:
        if promotion in limited:
            amount = sum(each.amount for each in priced.discounts if each.rule == promotion)
            yield promotion, "", "", 1, amount
            yield promotion, "", date, 1, amount
            if member:
                yield promotion, member.member_id, date, 1, amount


def _spent(sale: Sale) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield what ``sale`` took of the day of the holder who bought, for whom limits of the day are kept."""
    member, spender = sale.basket.member, sale.basket.spender
    points, value = sale.priced.spent, value_spent(sale)
    if member and spender and (points or value):
        yield member.member_id, spender.holder, sale.basket.opened.date, points, value


def sums(entry: Entry[Body]) -> tuple[int, list[tuple[str, str, int]]]:
    """Return the shift whose running sums ``entry`` changes, and what is added to them.

    0 and nothing for most kinds. A figure may be there twice, but what adds nothing is left out.
    """
    match entry.body:
        case Sale() as sale:
            return sale.shift, _moving(of_sale(sale, entry.at.minute_of_day // MINUTES_PER_HOUR))
        case SaleReturn() as returned:
            return returned.shift, _moving(of_return(returned))
        case UnknownReturn() as returned:
            return returned.shift, _moving(of_unknown_return(returned))
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

    def __init__(self, kept: Iterable[Derived] = ()) -> None:
        """Start from what checkpoints ``kept``, in order: a running sum may lie in several of them."""
        self._rows: Derived = {table: [] for table in TABLES if table not in SUMS}
        self._sums: dict[str, dict[tuple[Any, ...], list[int]]] = {table: {} for table in SUMS}
        for tables in kept:
            self._put(tables)

    def take(self, entry: Entry[Body], place: int) -> None:
        """Let ``entry`` make its rows and sums."""
        self._put(derive(entry, place))
        self._put(added(entry))

    def _put(self, tables: Derived) -> None:
        for table, rows in tables.items():
            if table in SUMS:
                self._add(self._sums[table], rows, len(SUMS[table]))
            else:
                self._rows[table] += map(tuple, rows)

    @staticmethod
    def _add(held: dict[tuple[Any, ...], list[int]], rows: Iterable[Sequence[Any]], summed: int) -> None:
        for row in rows:
            key, figures = tuple(row[:-summed]), row[-summed:]
            held[key] = [old + new for old, new in zip(held.get(key, [0] * summed), figures, strict=True)]

    def tables(self) -> Derived:
        """Return every table's rows in the order of its key."""
        made = {table: [(*key, *figures) for key, figures in held.items()] for table, held in self._sums.items()}
        return {table: _sorted(table, made[table] if table in SUMS else self._rows[table]) for table in TABLES}


def _sorted(table: str, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return ``rows`` by the key of ``table``, whose columns stand first in it."""
    width = TABLES[table].count(",") + 1
    return sorted(rows, key=lambda row: row[:width])
