"""What the manager's reports read of the journal: sums by day, lists of sales and shifts, one entry as it lies there.

Sums are read, not sales; what only an entry says is read from its bytes, and is missing for
entries that were cut off (``data.compact``).
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from data.approvals import approvals
from data.branch import parts
from data.database import Database
from data.shift_places import PLACES
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.flags import DrawerMark, Marks, ReturnMark, SaleMark
from station.hand import ByHand
from station.journal import Entry, EntryKind, Stored
from station.people import Actor
from station.sale import ReturnCause
from station.shift import X_REPORT, CountReason, Reading, ShiftClosed
from station.shift_rows import ApprovalRow, OpeningRow, ReportRow, SaleRow, ShiftRow
from station.span import Span
from station.staff_event import StaffDeed
from station.totals import Tally, Total

_LISTED = (
    "SELECT sale.place, shift.business_date, shift.number, shift.cashier, hour, member_id, total, discount, points, raw")
_OF_SHIFT = " FROM sale JOIN shift ON shift.number = sale.shift LEFT JOIN entry ON entry.place = sale.place"


class _Written(msgspec.Struct, frozen=True):
    """When and by whom an entry was written."""

    at: Moment
    actor: Actor


class _Back(msgspec.Struct, frozen=True):
    """The part of a return that flags look at."""

    cause: ReturnCause = ReturnCause.RETURNED


class _ReturnEntry(msgspec.Struct, frozen=True):
    """The part of a RETURN or RETURN_UNKNOWN entry that flags look at."""

    actor: Actor
    body: _Back


class _Lines(msgspec.Struct, frozen=True):
    """The part of a basket that people gave."""

    by_hand: tuple[ByHand, ...] = ()


class _Sold(msgspec.Struct, frozen=True):
    """The part of a sale that flags look at."""

    basket: _Lines


class _SaleEntry(msgspec.Struct, frozen=True):
    """The part of a SALE entry that flags look at."""

    actor: Actor
    body: _Sold


class _Counted(msgspec.Struct, frozen=True):
    """What a report says of the cash; an X report knows only what is expected."""

    expected_cash: int
    counted: int | None = None
    reason: CountReason = CountReason.NONE


class _ReportEntry(msgspec.Struct, frozen=True):
    """The part of a READING or SHIFT_CLOSED entry that the list shows."""

    at: Moment
    actor: Actor
    body: _Counted


class _Deed(msgspec.Struct, frozen=True):
    """The part of a staff event that flags look at, and their list tells."""

    deed: StaffDeed
    note: str = ""


class _StaffEntry(msgspec.Struct, frozen=True):
    """The part of a STAFF entry that flags look at, and their list tells."""

    at: Moment
    actor: Actor
    body: _Deed
    approver: Actor | None = None


T = TypeVar("T")


class ReportRows:
    """``ui.presenters.period.PeriodBook`` over the journal in ``database``, for the thread of that."""

    def __init__(self, database: Database) -> None:
        """Read from ``database``; nothing is kept."""
        self._database = database

    def place_of(self, kind: str, number: int) -> int:
        """Return the place of report ``number`` of ``kind``.

        Raises ``KeyError`` when there never was one, ``StationError`` ENTRY_CUT_OFF when it is not here any more.
        """
        row = self._database.row(
            "SELECT shift_report.place, entry.place FROM shift_report LEFT JOIN (SELECT place FROM entry) AS entry"
            " ON entry.place = shift_report.place WHERE kind = ? AND number = ?", (kind, number))
        if row is None:
            raise KeyError(number)
        if row[1] is None:
            raise StationError(ErrorCode.ENTRY_CUT_OFF, place=row[0])
        place: int = row[0]
        return place

    def report_at(self, place: int) -> Entry[Reading] | Entry[ShiftClosed]:
        """Return the X or Z report at ``place``. Raises ``KeyError`` when there is none."""
        stored = self.stored(place)
        if stored is None or stored.kind not in (EntryKind.READING, EntryKind.SHIFT_CLOSED):
            raise KeyError(place)
        return (msgspec.json.decode(stored.raw, type=Entry[Reading]) if stored.kind is EntryKind.READING
                else msgspec.json.decode(stored.raw, type=Entry[ShiftClosed]))

    def day_sums(self, span: Span) -> tuple[tuple[str, Total], ...]:
        """Return the running sums of all shifts of each business date of ``span``, in order of date."""
        return tuple((row[0], Total(Tally(row[1]), row[2], row[3])) for row in self._database.rows(
            "SELECT business_date, tally, name, sum(amount) FROM shift JOIN shift_total ON shift_total.shift = shift.number"
            " WHERE business_date BETWEEN ? AND ? GROUP BY business_date, tally, name HAVING sum(amount) <> 0"
            " ORDER BY business_date, tally, name", (span.first, span.last)))

    def shifts(self, span: Span) -> tuple[ShiftRow, ...]:
        """Return the shifts booked in ``span`` with their reports, the latest first."""
        reports: dict[int, list[ReportRow]] = {}
        for shift, kind, number, place, raw in self._database.rows(
                "SELECT shift_report.shift, kind, shift_report.number, shift_report.place, raw"
                " FROM shift JOIN shift_report ON shift_report.shift = shift.number"
                " LEFT JOIN (SELECT place, raw FROM entry) AS entry ON entry.place = shift_report.place"
                " WHERE business_date BETWEEN ? AND ? ORDER BY shift_report.place", (span.first, span.last)):
            reports.setdefault(shift, []).append(_report(kind, number, place, raw))
        return tuple(
            ShiftRow(number, business_date, cashier, opening_float, tuple(reports.get(number, ())))
            for number, business_date, cashier, opening_float in self._database.rows(
                "SELECT number, business_date, cashier, opening_float FROM shift"
                " WHERE business_date BETWEEN ? AND ? ORDER BY number DESC", (span.first, span.last)))

    def sales(self, span: Span) -> tuple[SaleRow, ...]:
        """Return the sales booked in ``span``, the latest first."""
        return self._listed(
            f"{_LISTED}{PLACES.format(table='sale')} LEFT JOIN entry ON entry.place = sale.place"
            " WHERE shift.business_date BETWEEN ? AND ? ORDER BY sale.place DESC", (span.first, span.last))

    def sales_of(self, member_id: str) -> tuple[SaleRow, ...]:
        """Return this station's sales to a member, the latest first."""
        return self._listed(f"{_LISTED}{_OF_SHIFT} WHERE sale.member_id = ? ORDER BY sale.place DESC", (member_id,))

    def sales_at(self, places: tuple[int, ...]) -> tuple[SaleRow, ...]:
        """Return the sales at ``places``, the latest first, and for a return among them the sale it is of."""
        wanted = {place for each in places for place in self._sale_place(each)}
        return tuple(row for place in sorted(wanted, reverse=True) for row in self._listed(
            f"{_LISTED}{_OF_SHIFT} WHERE sale.place = ?", (place,)))

    def _sale_place(self, place: int) -> Iterator[int]:
        yield place
        for incarnation, seq in self._database.rows(
                "SELECT incarnation, seq FROM sale_return WHERE place = ?", (place,)):
            yield from (part.place(seq) for part in parts(self._database) if part.name == incarnation)

    def _listed(self, query: str, values: tuple[str | int, ...]) -> tuple[SaleRow, ...]:
        return tuple(
            SaleRow(place, date, shift, written.actor.person if written else cashier, member_id, total, discount, points,
                    written.at if written else None, hour)
            for place, date, shift, cashier, hour, member_id, total, discount, points, raw in self._database.rows(query, values)
            for written in (_read(raw, _Written),))

    def marks(self, span: Span) -> Marks:
        """Return what flags are found in; entries that were cut off are not in it."""
        return Marks(tuple(self._sale_marks(span)), tuple(sorted(self._return_marks(span), key=lambda each: each.place)), tuple(self._drawer_marks(span)))

    def _sale_marks(self, span: Span) -> Iterator[SaleMark]:
        for place, date, member_id, raw in self._database.rows(
                f"SELECT sale.place, shift.business_date, member_id, raw{PLACES.format(table='sale')}"
                " JOIN entry ON entry.place = sale.place"
                " WHERE shift.business_date BETWEEN ? AND ? ORDER BY sale.place", (span.first, span.last)):
            entry = msgspec.json.decode(raw, type=_SaleEntry)
            yield SaleMark(place, date, entry.actor.person, member_id, len(entry.body.basket.by_hand))

    def _return_marks(self, span: Span) -> Iterator[ReturnMark]:
        found = {part.name: part for part in parts(self._database)}
        for place, date, shift, incarnation, seq, raw in self._database.rows(
                "SELECT sale_return.place, shift.business_date, sale_return.shift, incarnation, seq, raw"
                " FROM sale_return JOIN shift ON shift.number = sale_return.shift JOIN entry ON entry.place = sale_return.place"
                " WHERE shift.business_date BETWEEN ? AND ? ORDER BY sale_return.place", (span.first, span.last)):
            part = found.get(incarnation)
            sold = part and self._database.row("SELECT shift FROM sale WHERE place = ?", (part.place(seq),))
            entry = msgspec.json.decode(raw, type=_ReturnEntry)
            yield ReturnMark(
                place, date, entry.actor.person, bool(sold and sold[0] == shift), entry.body.cause is ReturnCause.VOID)
        for place, date, raw in self._database.rows(
                f"SELECT entry.place, shift.business_date, raw{PLACES.format(table='entry')}"
                " WHERE shift.business_date BETWEEN ? AND ? AND entry.kind = 'RETURN_UNKNOWN' ORDER BY entry.place",
                (span.first, span.last)):
            yield ReturnMark(place, date, msgspec.json.decode(raw, type=_ReturnEntry).actor.person, same_shift=False)

    def _drawer_marks(self, span: Span) -> Iterator[DrawerMark]:
        for place, date, raw in self._database.rows(
                f"SELECT entry.place, shift.business_date, raw{PLACES.format(table='entry')}"
                " WHERE shift.business_date BETWEEN ? AND ? AND entry.kind = 'STAFF' ORDER BY entry.place",
                (span.first, span.last)):
            entry = msgspec.json.decode(raw, type=_StaffEntry)
            if entry.body.deed is StaffDeed.DRAWER_OPENED:
                yield DrawerMark(place, date, entry.actor.person)

    def openings_at(self, places: tuple[int, ...]) -> tuple[OpeningRow, ...]:
        """Return the drawers opened at ``places``, the latest first; not what was cut off."""
        return tuple(
            OpeningRow(place, date, entry.at, entry.actor.person, entry.approver.person if entry.approver else "", entry.body.note)
            for wanted in sorted(places, reverse=True) for place, date, raw in self._database.rows(
                f"SELECT entry.place, shift.business_date, raw{PLACES.format(table='entry')} WHERE entry.place = ?", (wanted,))
            for entry in (msgspec.json.decode(raw, type=_StaffEntry),))

    def joined(self, span: Span) -> int:
        """Return how many became members here in ``span``."""
        row = self._database.row(
            f"SELECT count(*){PLACES.format(table='own_member')} WHERE shift.business_date BETWEEN ? AND ?",
            (span.first, span.last))
        return int(row[0]) if row else 0

    def approvals(self, span: Span) -> tuple[ApprovalRow, ...]:
        """Return what a second person approved in ``span``, the latest first; not what was cut off."""
        return approvals(self._database, span)

    def stored(self, place: int) -> Stored | None:
        """Return the entry at ``place`` as it lies on disk, or None: there is none, or it was cut off."""
        row = self._database.row("SELECT kind, raw, hash FROM entry WHERE place = ?", (place,))
        if row is None:
            return None
        part = next(each for each in parts(self._database)[::-1] if each.before < place)
        return Stored(part.seq(place), EntryKind(row[0]), row[1], row[2], place, part.origin)


def _read(raw: bytes | None, kind: type[T]) -> T | None:
    return None if raw is None else msgspec.json.decode(raw, type=kind)


def _report(kind: str, number: int, place: int, raw: bytes | None) -> ReportRow:
    entry = _read(raw, _ReportEntry)
    if entry is None:
        return ReportRow(kind, number, place)
    body = entry.body
    return ReportRow(kind, number, place, entry.at, entry.actor.person, body.expected_cash,
                     None if kind == X_REPORT else body.counted, body.reason)
