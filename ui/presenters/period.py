"""The manager's period: asks the journal what was sold in a span of days, and leads down to one entry. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from station.clock import Clock
from station.dates import add_days
from station.errors import ErrorCode, StationError
from station.flags import DEFAULTS, Flag, FlagKind, Marks, Thresholds, flags
from station.journal import Entry, Position, Stored
from station.member import Member
from station.pack import Pack
from station.people import StaffRecord
from station.sale import Sale, SaleReturn
from station.shift import Shift
from station.shift_rows import ApprovalRow, OpeningRow, ReportRow, SaleRow, ShiftRow
from station.span import Span
from station.totals import Total
from ui.views_period import EntryView, OpeningsView, People, PeriodView, SalesView, SaleView, Target

MOST_FLAG_DAYS = 31
"""Flags and approvals are found in the entries themselves: those of a month are read in the time somebody waits for."""


class PeriodBook(Protocol):
    """The journal as reports read it (``data.report_rows``). All raise ``StationError`` 4xx."""

    def day_sums(self, span: Span) -> Sequence[tuple[str, Total]]:
        """Return the running sums of each business date of ``span``, in order of date."""
        ...

    def shifts(self, span: Span) -> Sequence[ShiftRow]:
        """Return the shifts of ``span`` with their reports, the latest first."""
        ...

    def sales(self, span: Span) -> Sequence[SaleRow]:
        """Return the sales of ``span``, the latest first."""
        ...

    def sales_of(self, member_id: str) -> Sequence[SaleRow]:
        """Return this station's sales to a member, the latest first."""
        ...

    def sales_at(self, places: tuple[int, ...]) -> Sequence[SaleRow]:
        """Return the sales at ``places``, or that the returns there are of, the latest first."""
        ...

    def openings_at(self, places: tuple[int, ...]) -> Sequence[OpeningRow]:
        """Return the drawers opened at ``places`` without a sale, the latest first."""
        ...

    def marks(self, span: Span) -> Marks:
        """Return what flags are found in."""
        ...

    def approvals(self, span: Span) -> Sequence[ApprovalRow]:
        """Return what a second person approved in ``span``, the latest first."""
        ...

    def stored(self, place: int) -> Stored | None:
        """Return the entry at ``place`` as it lies on disk, or None where it was cut off."""
        ...


class Past(Protocol):
    """What ``station.ports.Journal`` knows of single sales."""

    def shift(self) -> Shift | None:
        """Return the open shift, or None."""
        ...

    def sale(self, place: int) -> Entry[Sale]:
        """Return the SALE entry at ``place``. Raises ``KeyError`` when there is none."""
        ...

    def returns_of(self, sale: Position) -> Sequence[SaleReturn]:
        """Return what came back of the sale at ``sale``, in order."""
        ...


class Rules(Protocol):
    """The rule packs, as ``station.ports.Packs``."""

    def current(self, at_us: int) -> Pack:
        """Return the pack in force. Raises ``StationError`` PACK_MISSING."""
        ...

    def pack(self, number: int) -> Pack:
        """Return pack ``number``. Raises ``StationError`` PACK_MISSING."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Whom the presenter asks. ``member`` finds a member by id, ``people`` tells who works here."""

    book: PeriodBook
    journal: Past
    rules: Rules
    member: Callable[[str], Member | None]
    people: Callable[[], Sequence[StaffRecord]]


class PeriodPage(Protocol):
    """The page the presenter speaks to."""

    def show_period(self, view: PeriodView) -> None:
        """Show the figures of a period."""
        ...

    def show_sales(self, view: SalesView) -> None:
        """Show a list of sales."""
        ...

    def show_openings(self, view: OpeningsView) -> None:
        """Show a list of drawers that were opened without a sale."""
        ...

    def show_sale(self, view: SaleView) -> None:
        """Show one sale."""
        ...

    def show_entry(self, view: EntryView) -> None:
        """Show one journal entry."""
        ...

    def show_fault(self, fault: StationError) -> None:
        """Say what could not be done."""
        ...


class PeriodPresenter:
    """Reads what the page asks for. Lives on the screen's thread."""

    def __init__(
        self, sources: Sources, clock: Clock, page: PeriodPage,
        reprint: Callable[[str, int], None], limits: Thresholds = DEFAULTS,
    ) -> None:
        """Remember whom to ask; ``reprint`` prints report (kind, number) again and may raise ``StationError``."""
        self._from = sources
        self._clock = clock
        self._page = page
        self._reprint = reprint
        self._limits = limits
        self._view: PeriodView | None = None

    def start(self) -> None:
        """Show today, or again what was shown, with what happened since."""
        self._do(lambda: self._show(self._view.span if self._view else Span(self._today(), self._today())))

    def today(self) -> None:
        """Show today."""
        self._do(lambda: self._show(Span(self._today(), self._today())))

    def choose(self, span: Span) -> None:
        """Show ``span``."""
        self._do(lambda: self._show(span))

    def look_for_flags(self) -> None:
        """Show the period once more, with what stands out in its last days."""
        if self._view and self._view.flags is None:
            self._do(self._flag)

    def look_for_approvals(self) -> None:
        """Show the period once more, with what was approved in its last days."""
        if self._view and self._view.approvals is None:
            self._do(self._approve)

    def open(self, target: Target) -> None:
        """Go one step down: to a shorter span, to the sales of a day or behind a flag, to a sale or an entry."""
        match target:
            case Span() if target.days > 1:
                self.choose(target)
            case Span():
                self._do(lambda: self._list(SalesView(
                    tuple(self._from.book.sales(target)), self._people(), span=target)))
            case Flag(kind=FlagKind.DRAWER):
                self._do(lambda: self._page.show_openings(OpeningsView(
                    tuple(self._from.book.openings_at(target.places)), self._people(), target)))
            case Flag():
                self._do(lambda: self._list(SalesView(
                    tuple(self._from.book.sales_at(target.places)), self._people(), flag=target)))
            case SaleRow():
                self._do(lambda: self._sale(target))
            case ApprovalRow():
                self._do(lambda: self._approved(target.place))
            case ReportRow() | OpeningRow():
                self._do(lambda: self._entry(target.place))
            case None:
                pass

    def open_member(self, member_id: str) -> None:
        """Show this station's sales to a member."""
        self._do(lambda: self._list(SalesView(
            tuple(self._from.book.sales_of(member_id)), self._people(),
            member=self._from.member(member_id), member_id=member_id)))

    def reprint(self, report: ReportRow) -> None:
        """Print an X or Z report once more."""
        self._do(lambda: self._reprint(report.kind, report.number))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            self._page.show_fault(fault)

    def _today(self) -> str:
        """Return the business date sales are booked on now: the open shift's, else the clock's."""
        shift = self._from.journal.shift()
        return shift.business_date if shift else self._clock.now().date

    def _show(self, span: Span) -> None:
        book = self._from.book
        self._view = PeriodView(
            span, self._today(), tuple(book.day_sums(span)), tuple(book.day_sums(span.moved(-1))), tuple(book.shifts(span)),
            self._people(), limits=self._limits)
        self._page.show_period(self._view)

    def _flag(self) -> None:
        if self._view is None:
            return
        people, held = self._view.people, _last_days(self._view.span)
        own = {each.staff_id: each.member_id for each in people.staff if each.member_id}
        found = flags(self._from.book.marks(held), own, self._limits)
        self._view = replace(self._view, flags=found, flagged=held)
        self._page.show_period(self._view)

    def _approve(self) -> None:
        if self._view is None:
            return
        held = _last_days(self._view.span)
        self._view = replace(self._view, approvals=tuple(self._from.book.approvals(held)), flagged=held)
        self._page.show_period(self._view)

    def _approved(self, place: int) -> None:
        """Show the sale that something was approved in, else its entry."""
        sale = next((row for row in self._from.book.sales_at((place,)) if row.place == place), None)
        if sale:
            self._sale(sale)
        else:
            self._entry(place)

    def _list(self, view: SalesView) -> None:
        self._page.show_sales(view)

    def _sale(self, row: SaleRow) -> None:
        journal, stored = self._from.journal, self._from.book.stored(row.place)
        entry = journal.sale(row.place) if stored else None
        returns = tuple(journal.returns_of(Position(entry.incarnation, entry.seq))) if entry else ()
        pack = self._pack(entry.body.basket.pack) if entry else None
        member = self._from.member(row.member_id) if row.member_id else None
        self._page.show_sale(SaleView(row, entry, stored, returns, pack, member, self._people()))

    def _entry(self, place: int) -> None:
        stored = self._from.book.stored(place)
        if stored is None:
            raise StationError(ErrorCode.ENTRY_CUT_OFF, place=place)
        self._page.show_entry(EntryView(stored))

    def _people(self) -> People:
        return People(tuple(self._from.people()), self._pack(None))

    def _pack(self, number: int | None) -> Pack | None:
        """Return pack ``number``, or the one in force; None where it is not here: figures are shown without it."""
        try:
            return (self._from.rules.current(self._clock.now().utc_us) if number is None
                    else self._from.rules.pack(number))
        except StationError:
            return None


def _last_days(span: Span) -> Span:
    """Return the last days of ``span`` whose entries are read at once."""
    return Span(max(span.first, add_days(span.last, 1 - MOST_FLAG_DAYS)), span.last)
