"""The manager's today screen: four figures, the chart of the days or the hours and its table, promotions, cashiers."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.format import Format
from ui.presenters.today import describe
from ui.qt import tokens
from ui.qt.charts import BarChart
from ui.qt.fonts import figures
from ui.qt.labels import LEFT, RIGHT, button, keyed, keys_follow, on_click
from ui.qt.tokens import Theme
from ui.text import Words
from ui.views_report import Card, Table, TodayScreen, TodayView, Trend

CARD_HEIGHT = 118


class FigureCard(QFrame):
    """A card with one figure, its title over it and the change under it."""

    _MARKS: ClassVar = {Trend.UP: "▲ ", Trend.DOWN: "▼ ", Trend.LEVEL: "", None: ""}

    def __init__(self, parent: QWidget) -> None:
        """Build the three labels."""
        super().__init__(parent)
        self.setObjectName("figureCard")
        self.setFixedHeight(tokens.px(CARD_HEIGHT))
        self.title, self.value, self.note = (QLabel(self) for _ in range(3))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.M, tokens.S, tokens.M, tokens.S)
        column.setSpacing(0)
        for name, label in (("title", self.title), ("value", self.value), ("note", self.note)):
            label.setObjectName(name)
            column.addWidget(label)

    def show_card(self, card: Card, *, rtl: bool) -> None:
        """Show ``card``; figures have no direction of their own, so the side is set outright."""
        texts = (card.title, card.value, f"{self._MARKS[card.trend]}{card.note}")
        for label, text in zip((self.title, self.value, self.note), texts, strict=True):
            label.setAlignment(RIGHT if rtl else LEFT)
            label.setText(text)
        self.note.setProperty("trend", card.trend.value if card.trend else "")
        self.note.style().polish(self.note)
        self.setAccessibleName(f"{card.title}: {card.value}. {card.note}")


class TodayPane(QWidget):
    """The manager's page. Language and theme change under it without losing what is shown.

    ``left`` is emitted by Back.
    """

    left = Signal()

    def __init__(self, words: Words, fmt: Format, theme: Theme, parent: QWidget | None = None) -> None:
        """Build the page, empty until the first ``render``."""
        super().__init__(parent)
        self._words, self._fmt = words, fmt
        self._view: TodayView | None = None
        self.setObjectName("todayPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back_button = button("act", self)
        self.back_button.setMinimumHeight(tokens.BUTTON)
        on_click(self.back_button, self.left.emit)
        self.heading, self.caption = QLabel(self), QLabel(self)
        self.heading.setObjectName("heading")
        self.caption.setObjectName("caption")
        self.cards = [FigureCard(self) for _ in range(4)]
        self.chart = BarChart(theme, self)
        self.table = _table(self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.chart)
        self.stack.addWidget(self.table)
        self.days_button, self.hours_button, self.table_button = (self._toggle() for _ in range(3))
        self.promotions_button, self.cashiers_button = self._toggle(), self._toggle()
        self._parts = self.days_button, self.hours_button, self.promotions_button, self.cashiers_button
        self.more = button("toggle", self)
        self.more.setMinimumHeight(tokens.BUTTON)
        self._arrange()
        self.days_button.setChecked(True)
        self.set_theme(theme)
        self.set_words(words, fmt)

    def render(self, view: TodayView) -> None:  # type: ignore[override]
        """Show ``view`` (``QWidget.render``, which paints into a device, is not used on this page)."""
        self._view = view
        self._refresh()

    def start(self) -> None:
        """Let the keys go where the parts are chosen."""
        next(each for each in self._parts if each.isChecked()).setFocus()

    def allow(self, *, cashiers: bool, period: bool) -> None:
        """Show or hide what is only for those who manage: how the cash of ``cashiers`` came out, the way to a ``period``."""
        if not cashiers and self.cashiers_button.isChecked():
            self.days_button.setChecked(True)
        self.cashiers_button.setVisible(cashiers)
        self.more.setVisible(period)

    def set_words(self, words: Words, fmt: Format) -> None:
        """Speak another language or write in another unit."""
        self._words, self._fmt = words, fmt
        self.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.back_button.setText(keyed(words("Back"), "Esc"))
        self.days_button.setText(words("Days"))
        self.hours_button.setText(words("Hours"))
        self.promotions_button.setText(words("Promotions"))
        self.cashiers_button.setText(words("Cashiers"))
        self.table_button.setText(words("Table"))
        self.more.setText(words("All figures"))
        self.more.setToolTip(words("Promotions, cashiers, shifts, approvals, and down to one sale"))
        self.table_button.setToolTip(words("The same figures as a table"))
        self.setAccessibleName(words("Today"))
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self.setStyleSheet(_sheet(theme))
        self.chart.set_theme(theme)

    def _toggle(self) -> QPushButton:
        toggle = button("toggle", self)
        toggle.setCheckable(True)
        toggle.setMinimumHeight(tokens.BUTTON)
        toggle.toggled.connect(self._refresh)
        return toggle

    def _arrange(self) -> None:
        period = QButtonGroup(self)
        for toggle in self._parts:
            period.addButton(toggle)
        keys_follow(period)
        head, row = QHBoxLayout(), QHBoxLayout()
        for layout in (head, row):
            layout.setSpacing(tokens.S)
        head.addWidget(self.back_button)
        head.addWidget(self.heading, 1)
        for card in self.cards:
            row.addWidget(card, 1)
        bar = QHBoxLayout()
        bar.setSpacing(tokens.S)
        bar.addWidget(self.caption)
        bar.addStretch(1)
        for each in (*self._parts, self.table_button, self.more):
            bar.addWidget(each)
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.M, tokens.M, tokens.M, tokens.M)
        page.setSpacing(tokens.S)
        page.addLayout(head)
        page.addLayout(row)
        page.addLayout(bar)
        page.addWidget(self.stack, 1)

    def _refresh(self) -> None:
        if self._view is not None:
            self._show(describe(self._view, self._words, self._fmt))

    def _show(self, screen: TodayScreen) -> None:
        self.heading.setText(screen.heading)
        for card, figure in zip(self.cards, screen.cards, strict=True):
            card.show_card(figure, rtl=self._words.rtl)
        told = next((told for toggle, told in (
            (self.promotions_button, screen.promotions), (self.cashiers_button, screen.cashiers)) if toggle.isChecked()), None)
        chart = screen.hours if self.hours_button.isChecked() else screen.days
        as_table = told is not None or self.table_button.isChecked()
        title = told.title if told else chart.title
        self.table_button.setVisible(told is None)
        self.caption.setText(title if as_table else f"{title} · {chart.unit}")
        self.chart.set_chart(chart)
        _fill(self.table, told.table if told else chart.table, RIGHT if self._words.rtl else LEFT)
        self.table.setAccessibleName(title)
        self.stack.setCurrentWidget(self.table if as_table else self.chart)


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(parent)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(tokens.ROW_COMPACT)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setHighlightSections(False)
    return table


def _fill(table: QTableWidget, content: Table, leading: Qt.AlignmentFlag) -> None:
    """Put ``content`` into ``table``; figures stand at the right in both directions, words ``leading``."""
    table.setFont(figures(table.font()))
    table.setRowCount(len(content.rows))
    table.setColumnCount(len(content.headers))
    for column, (header, numeric) in enumerate(zip(content.headers, content.numeric, strict=True)):
        side = RIGHT if numeric else leading
        head = QTableWidgetItem(header)
        head.setTextAlignment(side)
        table.setHorizontalHeaderItem(column, head)
        for row, cells in enumerate(content.rows):
            item = QTableWidgetItem(cells[column])
            item.setTextAlignment(side)
            table.setItem(row, column, item)


def _sheet(theme: Theme) -> str:
    return f"""
#todayPane {{ background: {theme.bg}; }}
#todayPane QLabel {{ color: {theme.text}; background: transparent; border: none; }}
#figureCard {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: {tokens.CARD_RADIUS}px; }}
#figureCard #title {{ font-size: {tokens.px(15)}px; }}
#figureCard #value {{ font-size: {tokens.PAY}px; font-weight: {tokens.BOLD}; }}
#figureCard #note {{ font-size: {tokens.CAPTION}px; color: {theme.muted}; }}
#figureCard #note[trend="UP"] {{ color: {theme.ok}; }}
#figureCard #note[trend="DOWN"] {{ color: {theme.warn}; }}
#heading {{ font-size: {tokens.BODY}px; font-weight: {tokens.SEMIBOLD}; }}
#caption {{ font-size: {tokens.BODY}px; font-weight: {tokens.MEDIUM}; }}
QPushButton#toggle, QPushButton#act {{ background: {theme.surface}; color: {theme.text}; font-size: {tokens.CAPTION}px;
    border: 1px solid {theme.border}; border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.L}px; }}
QPushButton#toggle:checked {{ background: {theme.selection}; border-color: {theme.primary}; }}
QPushButton#toggle:focus, QPushButton#act:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; padding: 0 {tokens.L + 1 - tokens.FOCUS_RING}px; }}
QTableWidget {{ background: {theme.surface}; color: {theme.text}; border: 2px solid {theme.line};
    border-radius: {tokens.CARD_RADIUS}px; font-size: {tokens.CAPTION}px; outline: none;
    selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
QTableWidget:focus {{ border-color: {theme.primary}; }}
QTableWidget::item {{ border-bottom: 1px solid {theme.line}; padding: 0 {tokens.S}px; }}
QTableWidget::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QHeaderView::section {{ background: {theme.surface_2}; color: {theme.muted}; border: none;
    padding: {tokens.S}px {tokens.M}px; font-size: {tokens.CAPTION}px; font-weight: {tokens.SEMIBOLD}; }}
QHeaderView::section:first {{ border-top-left-radius: {tokens.CARD_RADIUS - 2}px; }}
QHeaderView::section:last {{ border-top-right-radius: {tokens.CARD_RADIUS - 2}px; }}
QHeaderView {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: {theme.surface}; width: {tokens.M}px; border: none; }}
QScrollBar::handle:vertical {{ background: {theme.border}; border-radius: {tokens.XS}px; min-height: {tokens.BUTTON}px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
"""
