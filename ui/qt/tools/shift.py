"""The shift: opened with a float, cash in and out, read (X), counted and closed (Z), corrected; the own sales."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from station.approval import Operation
from station.drawer import Drawer
from station.errors import StationError
from station.people import Actor, Role
from station.shift import Shift
from station.text import Text
from ui.format import Format
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark
from ui.views import BannerView, Tone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from data.report_rows import ReportRows
    from ui.presenters.cash_desk import CashDesk
    from ui.presenters.own_sales import OwnSales
    from ui.presenters.shift_desk import ShiftDesk
    from ui.presenters.shift_parts import ShiftParts
    from ui.qt.cash_dialogs import CashDialog, CorrectionDialog
    from ui.qt.own_sales_page import OwnSalesPage
    from ui.qt.shift_page import ShiftPage
    from ui.qt.toolbox import Parts

SHIFT = Section.SHIFT


class ShiftTool(Quiet):
    """Page and dialogs are made when they are first wanted. ``begin`` is called whenever somebody came to the till."""

    def __init__(self, parts: "Parts", till: Till) -> None:
        """Work with the station's ``parts`` at ``till``."""
        self._till, self._from = till, parts
        self.page: ShiftPage | None = None
        self.sales: OwnSalesPage | None = None
        self.cash: CashDialog | None = None
        self.correction: CorrectionDialog | None = None
        self._desk: ShiftDesk | None = None
        self._cash_desk: CashDesk | None = None

    @cached_property
    def _rows(self) -> "ReportRows":
        from data.report_rows import ReportRows

        return ReportRows(self._from.memory.journal.database)

    @cached_property
    def _parts(self) -> "ShiftParts":
        from data.cash_counts import CashCountStore
        from ui.presenters.shift_parts import ShiftParts

        parts, till, memory = self._from, self._till, self._from.memory
        return ShiftParts(
            parts.counter.open_shift, Drawer(parts.world), memory.journal, CashCountStore(memory.journal.database), memory.packs,
            till.desk.clock, parts.at_till, self._name, parts.paired.enrolment.shop_name, self._approved, self._changed,
            self._reprint, lambda: parts.printer().kick())

    def entries(self) -> Sequence[Entry]:
        """Return what is done with a shift; who counts the drawer is not offered what it should hold."""
        reading = Entry(mark("Read the shift (X)"), lambda: self.show(lambda desk: desk.read()), SHIFT, ready=self._is_open,
                        needs=Role.SENIOR)
        correcting = Entry(mark("Correct a closed shift"), self._correct, SHIFT, ready=self._is_open, needs=Role.MANAGER)
        return (
            Entry(mark("Open the shift"), lambda: self.show(lambda desk: desk.open()), SHIFT, ready=lambda: not self._is_open()),
            Entry(mark("Cash into the drawer"), lambda: self.move(out=False), SHIFT, ready=self._is_open),
            Entry(mark("Cash out of the drawer"), lambda: self.move(out=True), SHIFT, ready=self._is_open),
            Entry(mark("My sales today"), self._show_own, SHIFT),
            reading,
            Entry(mark("Count and close the shift"), lambda: self.show(lambda desk: desk.close()), SHIFT, ready=self._is_open),
            correcting)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language."""
        super().set_words(words, style, theme)
        if self.page and self._desk:
            self.page.set_words(words, style)
            self._desk.speak(words, style)
        if self._cash_desk:
            self._cash_desk.speak(words, style)
        for dialog in (self.cash, self.correction):
            if dialog and dialog.isVisible():
                dialog.reject()
        if self.sales and self.sales.isVisible():
            self.sales.show_sales(self._own().describe(words, style), words)

    def begin(self) -> None:
        """Ask for a count or a float, where one is due before selling."""
        shift = self._from.memory.journal.shift()
        if shift is None or shift.is_overdue(self._till.desk.clock.now()):
            self.show(lambda desk: desk.begin())

    def opened(self, shift: Shift) -> None:
        """Take note that ``shift`` was opened by the program itself."""
        self._from.shift_is(shift)
        if self.page and self.page.isVisible():
            self._till.leave()

    def _is_open(self) -> bool:
        return self._from.memory.journal.shift() is not None

    def show(self, act: "Callable[[ShiftDesk], None]") -> None:
        """Do ``act`` with the shift and show the page. Raises ``StationError``; the page is not shown then."""
        from ui.presenters.shift_desk import ShiftDesk
        from ui.qt.shift_page import ShiftPage

        if self.page is None or self._desk is None:
            self.page = ShiftPage(self._till.parent, self._till.leave)
            self.page.set_words(self.words, self.style)
            self._desk = ShiftDesk(self._parts, self.words, self.style, self.page)
            self.page.connect_to(self._desk)
        act(self._desk)
        self._till.open_page(self.page)
        self.page.begin()

    def move(self, *, out: bool) -> None:
        """Ask how much goes out of the drawer, or into it."""
        from ui.qt.cash_dialogs import CashDialog

        if self.cash is None:
            self.cash = CashDialog(self._cash(), self._till.parent)
            self._till.fields(self.cash)
        self.cash.start(self.words, self.style.unit_name, out=out)

    def _correct(self) -> None:
        from ui.qt.cash_dialogs import CorrectionDialog

        if self.correction is None:
            self.correction = CorrectionDialog(self._cash(), self._till.parent)
            self._till.fields(self.correction)
        self.correction.start(self._cash().corrections(), self.words)

    def _cash(self) -> "CashDesk":
        from ui.presenters.cash_desk import CashDesk

        if self._cash_desk is None:
            self._cash_desk = CashDesk(self._parts, self._rows.shifts, self.words, self.style, self._done)
        return self._cash_desk

    def _own(self) -> "OwnSales":
        from ui.presenters.own_sales import OwnSales

        parts = self._from
        return OwnSales(
            self._rows, parts.memory.journal.shift, self._till.desk.clock, parts.at_till, parts.paired.enrolment.station)

    def _show_own(self) -> None:
        from ui.qt.own_sales_page import OwnSalesPage

        if self.sales is None:
            self.sales = OwnSalesPage(
                lambda place: self._from.printer().reprint(place), self._till.leave, self._till.parent)
        self.sales.show_sales(self._own().describe(self.words, self.style), self.words)
        self._till.open_page(self.sales)
        self.sales.table.setFocus()

    def _done(self, said: str) -> None:
        for dialog in (self.cash, self.correction):
            if dialog:
                dialog.accept()
        self._till.leave()
        self._till.checkout.say(BannerView(Tone.OK, said))

    def _approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        """Say what fails after the approval where it was asked for: the counter's banner is not seen there."""
        def done(approver: Actor | None) -> None:
            shown: QWidget | None = self.page if self.page and self.page.isVisible() else None
            try:
                then(approver)
            except StationError as fault:
                if shown and self.page:
                    self.page.tell(fault)
                else:
                    self._till.tell(fault)

        self._till.approved(operation, what, done)

    def _changed(self) -> None:
        self._from.shift_is(self._from.memory.journal.shift())
        self._from.printer().wake()
        self._from.wake()

    def _reprint(self, kind: str, number: int) -> None:
        self._from.printer().reprint(self._rows.place_of(kind, number))

    def _name(self, person: str) -> Text:
        """Return what somebody is called; where nobody of that id works here, what the program was started with."""
        known, at_till = self._from.memory.staff.person(person), self._from.at_till.person
        if known:
            return known.name
        return at_till.name if at_till.actor.person == person else Text(person, person)
