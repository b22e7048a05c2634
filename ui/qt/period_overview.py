"""The figures of a period: five cards, the part that is looked at as bars or as a table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.shift_rows import ReportRow
from ui.export.sheet import Sheet
from ui.qt import tokens
from ui.qt.charts import BarChart
from ui.qt.guard import guarded
from ui.qt.labels import ElidedLabel, button, keys_follow, on_click
from ui.qt.period_style import CARD_HEIGHT
from ui.qt.sheet_table import SheetTable
from ui.qt.today import FigureCard
from ui.qt.tokens import Theme
from ui.text import Words, mark
from ui.views_period import PeriodScreen, Section

_NAMES = {
    Section.DAYS: mark("Days"), Section.HOURS: mark("Hours"), Section.SECOND: mark("Second purchase"),
    Section.PROMOTIONS: mark("Promotions"), Section.CASHIERS: mark("Cashiers"), Section.SHIFTS: mark("Shifts"),
    Section.APPROVALS: mark("Approvals"), Section.FLAGS: mark("Flags"),
}
_CARDS = 5


class DrillChart(BarChart):
    """Bars that lead somewhere: ``pressed`` counts them in reading order from 0."""

    pressed = Signal(int)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell which bar, or the room over it, was pressed."""
        at = event.position()
        for place, rect in enumerate(self.bar_rects()):
            if rect.left() <= at.x() <= rect.right() and event.button() == Qt.MouseButton.LeftButton:
                self.pressed.emit(place)


class PeriodOverview(QWidget):
    """The figures of a period.

    ``opened`` names what a row leads to, ``reprint`` a report to print again; ``flags_wanted`` and
    ``approvals_wanted`` ask for what is read only when somebody looks.
    """

    opened = Signal(object)
    reprint = Signal(object)
    flags_wanted = Signal()
    approvals_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self._screen: PeriodScreen | None = None
        self._rtl = False
        self.cards = [FigureCard(self) for _ in range(_CARDS)]
        self.sections: dict[Section, QPushButton] = {each: self._toggle() for each in Section}
        self.table_button = self._toggle()
        self.open_button, self.print_button = button("act", self), button("act", self)
        self.caption = ElidedLabel("caption", self)
        self.chart, self.table = DrillChart(theme, self), SheetTable(self)
        self.stack = QStackedWidget(self)
        self._arrange()
        self.sections[Section.DAYS].setChecked(True)
        for toggle in (*self.sections.values(), self.table_button):
            toggle.toggled.connect(self._refresh)
        self.table.opened.connect(self.opened)
        self.chart.pressed.connect(self._open_bar)
        self.table.moved.connect(self._offer)
        on_click(self.open_button, self.table.open_current)
        on_click(self.print_button, self._print)

    @property
    def section(self) -> Section:
        """The part that is looked at."""
        return next(each for each, toggle in self.sections.items() if toggle.isChecked())

    @property
    def main(self) -> QWidget:
        """Where keys choose: the table, or with bars the buttons of the parts."""
        return self.table if self.stack.currentWidget() is self.table else self.sections[self.section]

    @property
    def sheet(self) -> Sheet | None:
        """The table that is looked at, or whose bars are."""
        return self._screen.parts[self.section].sheet if self._screen else None

    def show_screen(self, screen: PeriodScreen, *, rtl: bool) -> None:
        """Show ``screen``."""
        self._screen, self._rtl = screen, rtl
        self._refresh()

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        for each, toggle in self.sections.items():
            toggle.setText(words(_NAMES[each]))
        self.table_button.setText(words("Table"))
        self.table_button.setToolTip(words("The same figures as a table"))
        self.open_button.setText(words("Open"))
        self.print_button.setText(words("Print again"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.chart.set_theme(theme)

    def _toggle(self) -> QPushButton:
        made = button("toggle", self)
        made.setCheckable(True)
        return made

    def _arrange(self) -> None:
        group = QButtonGroup(self)
        row, bar, under = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for layout in (row, bar, under):
            layout.setSpacing(tokens.S)
        for card in self.cards:
            card.setFixedHeight(tokens.px(CARD_HEIGHT))
            row.addWidget(card, 1)
        for toggle in self.sections.values():
            group.addButton(toggle)
            bar.addWidget(toggle)
        keys_follow(group)
        bar.addStretch(1)
        bar.addWidget(self.table_button)
        under.addWidget(self.caption, 1)
        under.addWidget(self.print_button)
        under.addWidget(self.open_button)
        self.stack.addWidget(self.chart)
        self.stack.addWidget(self.table)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(tokens.S)
        page.addLayout(row)
        page.addLayout(bar)
        page.addLayout(under)
        page.addWidget(self.stack, 1)

    def _refresh(self) -> None:
        if self._screen is None:
            return
        for card, figure in zip(self.cards, self._screen.cards, strict=True):
            card.show_card(figure, rtl=self._rtl)
        section, part = self.section, self._screen.parts[self.section]
        as_table = self.table_button.isChecked() or part.chart is None
        self.table_button.setVisible(part.chart is not None)
        self.caption.say(part.sheet.title if as_table or not part.chart else f"{part.sheet.title} · {part.chart.unit}")
        if part.chart:
            self.chart.set_chart(part.chart)
        self.table.show_part(part)
        self.stack.setCurrentWidget(self.table if as_table else self.chart)
        self._offer()
        if section is Section.FLAGS:
            self.flags_wanted.emit()
        elif section is Section.APPROVALS:
            self.approvals_wanted.emit()

    def _offer(self) -> None:
        """Show the buttons only where they can do something."""
        is_table = self.stack.currentWidget() is self.table
        target = self.table.current() if is_table else None
        self.open_button.setVisible(target is not None)
        self.print_button.setVisible(isinstance(target, ReportRow))

    def _open_bar(self, place: int) -> None:
        """Open what a bar stands for; the rows of its table run the other way."""
        target = self._screen.parts[self.section].targets[-1 - place] if self._screen else None
        if target is not None:
            self.opened.emit(target)

    def _print(self) -> None:
        self.reprint.emit(self.table.current())
