"""What the station's own journal says of one member in a span of days.

Only the sales of the span are looked at; what gave a discount is read from each entry of the
member, and is missing for entries that were cut off (``data.compact``).
"""

from collections.abc import Iterator

import msgspec

from data.database import Database
from data.shift_places import PLACES
from station.benefits import MOST_PURCHASES, Benefits, PointsMove, Purchase, given_in
from station.clock import Moment
from station.journal import Position, receipt_number
from station.points import PointsKind
from station.span import Span


class _Off(msgspec.Struct, frozen=True):
    """The part of a discount that is told."""

    rule: str
    amount: int


class _Moved(msgspec.Struct, frozen=True):
    """The part of a points entry that is told."""

    kind: PointsKind
    points: int
    rule: str


class _Priced(msgspec.Struct, frozen=True):
    """The part of a priced basket that is told."""

    discounts: tuple[_Off, ...]


class _Basket(msgspec.Struct, frozen=True):
    """The part of a basket that is told."""

    shop: str


class _Body(msgspec.Struct, frozen=True):
    """The parts of a sale, or of a return, that are told; a return has no basket."""

    points: tuple[_Moved, ...]
    basket: _Basket | None = None
    priced: _Priced | None = None


class _Told(msgspec.Struct, frozen=True):
    """The part of a SALE or RETURN entry that is told."""

    station: str
    incarnation: str
    seq: int
    at: Moment
    body: _Body


class MemberHistory:
    """Benefits as this station's journal knows them, over an open ``journal.db``, for the thread of that."""

    def __init__(self, database: Database) -> None:
        """Read from ``database``; nothing is kept."""
        self._database = database

    def of(self, member_id: str, span: Span) -> Benefits:
        """Return what ``member_id`` had here in ``span``. Raises ``StationError`` 4xx."""
        found = sorted((*self._bought(member_id, span), *self._brought_back(member_id, span)), key=lambda each: -each[0])
        more, found = len(found) > MOST_PURCHASES, found[:MOST_PURCHASES]
        sales = [(entry, purchase) for _, purchase, entry in found if not purchase.is_back]
        moves = (move for _, purchase, entry in found for move in _moves(purchase, entry))
        return Benefits(
            member_id, span, tuple(purchase for _, purchase, _ in found),
            given_in(((off.rule, off.amount) for off in entry.body.priced.discounts)
                     for entry, _ in sales if entry and entry.body.priced),
            tuple(moves), more=more, untold=sum(entry is None for entry, _ in sales))

    def _bought(self, member_id: str, span: Span) -> Iterator[tuple[int, Purchase, _Told | None]]:
        for place, day, hour, total, discount, moved, raw in self._database.rows(
                "SELECT sale.place, shift.business_date, hour, total, discount, moved, raw"
                f"{PLACES.format(table='sale')} LEFT JOIN entry ON entry.place = sale.place"
                " WHERE shift.business_date BETWEEN ? AND ? AND sale.member_id = ? ORDER BY sale.place DESC LIMIT ?",
                (span.first, span.last, member_id, MOST_PURCHASES + 1)):
            told = _read(raw)
            minute = told.at.minute_of_day if told else hour * 60
            shop = told.body.basket.shop if told and told.body.basket else ""
            yield place, Purchase(day, minute, _receipt(told), shop, total, discount, moved), told

    def _brought_back(self, member_id: str, span: Span) -> Iterator[tuple[int, Purchase, _Told | None]]:
        for place, day, money, moved, raw in self._database.rows(
                "SELECT sale_return.place, shift.business_date, money, moved, raw"
                " FROM sale_return JOIN shift ON shift.number = sale_return.shift"
                " LEFT JOIN entry ON entry.place = sale_return.place"
                " WHERE shift.business_date BETWEEN ? AND ? AND sale_return.member_id = ?"
                " ORDER BY sale_return.place DESC LIMIT ?",
                (span.first, span.last, member_id, MOST_PURCHASES + 1)):
            told = _read(raw)
            minute = told.at.minute_of_day if told else None
            yield place, Purchase(day, minute, _receipt(told), "", -money, 0, moved, is_back=True), told


def _read(raw: bytes | None) -> _Told | None:
    return None if raw is None else msgspec.json.decode(raw, type=_Told)


def _receipt(told: _Told | None) -> str:
    return receipt_number(told.station, Position(told.incarnation, told.seq)) if told else ""


def _moves(purchase: Purchase, told: _Told | None) -> Iterator[PointsMove]:
    """Yield what moved; of an entry that was cut off only the sum is known: of a sale it may hide what was spent."""
    if told:
        yield from (PointsMove(purchase.day, each.kind, each.points, each.rule) for each in told.body.points)
    elif purchase.points:
        kind = PointsKind.REVERSE if purchase.is_back else PointsKind.EARN if purchase.points > 0 else PointsKind.REDEEM
        yield PointsMove(purchase.day, kind, purchase.points, "")
