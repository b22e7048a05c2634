"""The manager's pages of a period: the figures, and the way down to one sale and its journal entry."""

from typing import Protocol

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from station.errors import StationError
from station.shift_rows import ReportRow
from station.span import Span
from ui.export.sheet import Sheet
from ui.format import Format
from ui.presenters.period_words import describe_period
from ui.presenters.reasons import held
from ui.presenters.sale_words import describe_entry, describe_openings, describe_sale, describe_sales
from ui.qt import tokens
from ui.qt.exporting import Form, Saving, export_menu
from ui.qt.guard import guarded
from ui.qt.jalali_picker import RangePicker
from ui.qt.labels import ElidedLabel, button, keyed, on_click
from ui.qt.period_overview import PeriodOverview
from ui.qt.period_style import period_sheet
from ui.qt.place_dialog import Ask, ask_for_place
from ui.qt.sale_pages import EntryBox, SalePage, SalesPage
from ui.qt.tokens import Theme
from ui.text import Words
from ui.views_period import EntryView, OpeningsView, PeriodView, SalesView, SaleView, Target

_LRM = "\u200e"


class PeriodDesk(Protocol):
    """What the page asks for (``ui.presenters.period.PeriodPresenter``)."""

    def choose(self, span: Span) -> None:
        """Show ``span``."""
        ...

    def look_for_flags(self) -> None:
        """Show what stands out in the period."""
        ...

    def look_for_approvals(self) -> None:
        """Show what was approved in the period."""
        ...

    def open(self, target: Target) -> None:
        """Go one step down."""
        ...

    def open_member(self, member_id: str) -> None:
        """Show this station's sales to a member."""
        ...

    def reprint(self, report: ReportRow) -> None:
        """Print a report once more."""
        ...


class PeriodPane(QWidget):
    """Implements ``PeriodPage``. ``left`` is emitted when Back has no step left to go back.

    Language and theme change under it without losing what is shown or the way back.
    """

    left = Signal()

    def __init__(
        self, words: Words, fmt: Format, theme: Theme, parent: QWidget | None = None, ask: Ask = ask_for_place,
    ) -> None:
        """Build the pages, empty; ``connect_to`` gives them their presenter. ``ask`` asks where to save."""
        super().__init__(parent)
        self._words, self._fmt = words, fmt
        self._desk: PeriodDesk | None = None
        self._period: PeriodView | None = None
        self._way: list[SalesView | OpeningsView | SaleView | EntryView] = []
        self._saving = Saving(self, ask, self._say, self._offer_export)
        self.setObjectName("periodPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading, self.said = ElidedLabel("heading", self), QLabel(self)
        self.said.setObjectName("said")
        self.said.setWordWrap(True)
        self.back_button, self.export_button, self.range_button = (button("act", self) for _ in range(3))
        self.earlier, self.later = button("step", self), button("step", self)
        self.overview, self.sales = PeriodOverview(theme, self), SalesPage(self)
        self.sale, self.entry = SalePage(self), EntryBox(self)
        self.stack = QStackedWidget(self)
        self.picker = RangePicker(words, fmt, theme, self)
        self._arrange()
        self._connect()
        self.set_theme(theme)
        self.set_words(words, fmt)

    def connect_to(self, desk: PeriodDesk) -> None:
        """Let ``desk`` do what is asked for."""
        self._desk = desk

    def show_period(self, view: PeriodView) -> None:
        """Show the figures of a period; the way back ends here."""
        was_down = bool(self._way)
        self._period, self._way = view, []
        self._say("", fault=False)
        self._refresh()
        if was_down or not self.isAncestorOf(self.focusWidget() or self):
            self._focus()

    def show_sales(self, view: SalesView) -> None:
        """Show a list of sales, one step down."""
        self._step(view)

    def show_openings(self, view: OpeningsView) -> None:
        """Show a list of drawers that were opened, one step down."""
        self._step(view)

    def show_sale(self, view: SaleView) -> None:
        """Show a sale, one step down."""
        self._step(view)

    def show_entry(self, view: EntryView) -> None:
        """Show a journal entry, one step down."""
        self._step(view)

    def show_fault(self, fault: StationError) -> None:
        """Say what could not be done."""
        self._say(self._words.error(fault), fault=True)

    def tell(self, text: str) -> None:
        """Say that something went well."""
        self._say(text, fault=False)

    def back(self) -> bool:
        """Go one step back; return whether there was one."""
        if not self._way:
            return False
        self._way.pop()
        self._say("", fault=False)
        self._refresh()
        self._focus()
        return True

    def set_words(self, words: Words, fmt: Format) -> None:
        """Speak another language or write in another unit."""
        self._words, self._fmt = words, fmt
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.back_button.setText(keyed(words("Back"), "Esc"))
        self._offer_export()
        back, forth = ("\u203a", "\u2039") if words.rtl else ("\u2039", "\u203a")
        for step, text, name in ((self.earlier, back, words("Earlier")), (self.later, forth, words("Later"))):
            step.setText(f"{_LRM}{text}{_LRM}")
            step.setAccessibleName(name)
            step.setToolTip(name)
        self.range_button.setText(words("Choose the days"))
        self.setAccessibleName(words("Reports"))
        self.picker.set_words(words, fmt)
        for page in (self.overview, self.sales, self.sale):
            page.set_words(words)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self.setStyleSheet(period_sheet(theme))
        self.overview.set_theme(theme)
        self.picker.set_theme(theme)
        self._refresh()

    @property
    def sheet(self) -> Sheet | None:
        """The table on the screen, or None: that and nothing else is saved."""
        page = self.stack.currentWidget()
        return page.sheet if isinstance(page, PeriodOverview | SalesPage | SalePage) else None

    def export(self, form: Form) -> None:
        """Save the table on the screen in ``form``."""
        sheet = self.sheet
        if sheet:
            self._saving.start(sheet, form, self._words, self._span)

    @property
    def _span(self) -> Span | None:
        """The days that the table on the screen is about, None when it is about others than one span."""
        match self._way[-1] if self._way else None:
            case SalesView() as sales:
                return sales.span
            case SaleView() as sale:
                return Span(sale.row.business_date, sale.row.business_date)
            case _:
                return self._period.span if self._period else None

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc goes one step back; the last one is for the window."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(tokens.S)
        top.addWidget(self.back_button)
        top.addWidget(self.heading, 1)
        for widget in (self.earlier, self.range_button, self.later, self.export_button):
            top.addWidget(widget)
        for page in (self.overview, self.sales, self.sale, self.entry):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.M, tokens.M, tokens.M, tokens.M)
        column.setSpacing(tokens.S)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        column.addWidget(self.said)

    def _connect(self) -> None:
        on_click(self.back_button, self._go_back)
        on_click(self.range_button, self._ask_span)
        on_click(self.earlier, lambda: self._move(-1))
        on_click(self.later, lambda: self._move(1))
        on_click(self.export_button, self._offer_forms)
        self.picker.picked.connect(self._choose)
        self.overview.opened.connect(self._open)
        self.overview.reprint.connect(self._reprint)
        self.overview.flags_wanted.connect(self._look_for_flags)
        self.overview.approvals_wanted.connect(self._look_for_approvals)
        self.sales.opened.connect(self._open)
        self.sale.member_wanted.connect(self._open_member)
        for side in (*self.sale.sides, self.overview.table_button, *self.overview.sections.values()):
            side.toggled.connect(self._offer_export)

    def _go_back(self) -> None:
        if not self.back():
            self.left.emit()

    def _ask_span(self) -> None:
        if self._period:
            self.picker.start(self._period.span, self._period.today)

    def _move(self, steps: int) -> None:
        if self._desk and self._period:
            self._desk.choose(self._period.span.moved(steps))

    def _choose(self, span: Span) -> None:
        if self._desk:
            self._desk.choose(span)

    def _look_for_flags(self) -> None:
        if self._desk:
            self._desk.look_for_flags()

    def _look_for_approvals(self) -> None:
        if self._desk:
            self._desk.look_for_approvals()

    def _open_member(self, member_id: str) -> None:
        if self._desk:
            self._desk.open_member(member_id)

    def _open(self, target: Target) -> None:
        if self._desk:
            self._desk.open(target)

    def _reprint(self, target: Target) -> None:
        if self._desk and isinstance(target, ReportRow):
            self._desk.reprint(target)

    def _offer_forms(self) -> None:
        if self._saving.going_on:
            self._saving.stop()
            return
        menu = export_menu(self._words, self, self.export)
        menu.setLayoutDirection(self.layoutDirection())
        menu.popup(self.export_button.mapToGlobal(QPoint(0, self.export_button.height())))

    def _offer_export(self) -> None:
        going_on = self._saving.going_on
        self.export_button.setText(self._words("End saving") if going_on else self._words("Save table"))
        self.export_button.setEnabled(going_on or bool(self.sheet and self.sheet.rows))

    def _step(self, view: SalesView | OpeningsView | SaleView | EntryView) -> None:
        self._way.append(view)
        self._say("", fault=False)
        self._refresh()
        self._focus()

    def _focus(self) -> None:
        """Let the keys go where the next step is chosen: what had them may be hidden now."""
        pages = (self.overview.main, self.sales.table, self.sale.chosen_side, self.entry.document)
        pages[self.stack.currentIndex()].setFocus()

    def _refresh(self) -> None:
        """Show the end of the way once more, in the language of now."""
        words, fmt, rtl = self._words, self._fmt, self._words.rtl
        if self._period is None:
            return
        screen = describe_period(self._period, words, fmt)
        self.heading.say(screen.heading)
        match self._way[-1] if self._way else None:
            case SalesView() as sales:
                self.sales.show_part(
                    describe_sales(sales, words, fmt), held(sales.member.name, words) if sales.member else "")
                self.stack.setCurrentWidget(self.sales)
            case OpeningsView() as openings:
                self.sales.show_part(describe_openings(openings, words, fmt))
                self.stack.setCurrentWidget(self.sales)
            case SaleView() as sale:
                self.sale.show_sale(describe_sale(sale, words, fmt), rtl=rtl)
                self.stack.setCurrentWidget(self.sale)
            case EntryView() as entry:
                self.entry.show_entry(describe_entry(entry, words, fmt), rtl=rtl)
                self.stack.setCurrentWidget(self.entry)
            case _:
                self.overview.show_screen(screen, rtl=rtl)
                self.stack.setCurrentWidget(self.overview)
        is_top = not self._way
        for widget in (self.earlier, self.range_button, self.later):
            widget.setVisible(is_top)
        self._offer_export()

    def _say(self, text: str, fault: bool) -> None:  # noqa: FBT001 - as ``save`` answers
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("fault", fault)
        self.said.style().polish(self.said)
