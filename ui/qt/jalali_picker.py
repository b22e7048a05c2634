"""The choice of a span of days: a month of the language's calendar, spans asked for most, and days as typed.

Weeks begin on Saturday in both languages: they are the shop's. The calendar's own figures come from
``station.dates``; Qt's widget would paint another weekend and cut the names of the days.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from station.dates import add_days, add_months, month_end, month_start, parts_of
from station.span import Preset, Span, month_grid, preset
from ui.export.sheet import calendar_of, numeric_date
from ui.format import Format, is_friday
from ui.presenters.calendar_words import month_title, read_day, span_words
from ui.qt import tokens
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import Field, button, on_click
from ui.qt.period_style import period_sheet
from ui.qt.tokens import Theme
from ui.qt.touch_keys import Keys
from ui.text import Words, mark

_DAY = Qt.ItemDataRole.UserRole
_HEAD = 32
_LRM = "\u200e"
_PRESETS = {
    Preset.TODAY: mark("Today"), Preset.YESTERDAY: mark("Yesterday"), Preset.THIS_WEEK: mark("This week"),
    Preset.THIS_MONTH: mark("This month"),
}
_MOVES = {Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class MonthTable(QTableWidget):
    """Six weeks of days. Arrows move by day and week, page keys by month; Enter, Space or a tap chooses."""

    chosen = Signal(str)
    moved = Signal(str)

    def __init__(self, style: Format, theme: Theme, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(6, 7, parent)
        self._style, self.theme = style, theme
        self.day = self.today = ""
        self.span: Span | None = None
        self.setObjectName("month")
        self.setItemDelegate(_DayPainter(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens.BUTTON)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setDefaultSectionSize(tokens.BUTTON + tokens.XS)
        self.horizontalHeader().setFixedHeight(tokens.px(_HEAD))
        self.horizontalHeader().setSectionsClickable(False)
        ring = 2 * tokens.FOCUS_RING
        self.setFixedSize(7 * (tokens.BUTTON + tokens.XS) + ring, 6 * tokens.BUTTON + tokens.px(_HEAD) + ring)
        self.cellClicked.connect(self._clicked)

    def go_to(self, day: str) -> None:
        """Show the month of ``day`` and stand on it."""
        self.day = day
        self._fill()
        self.moved.emit(day)

    def speak(self, style: Format) -> None:
        """Write in another language and its calendar."""
        self._style = style
        self._fill()

    def show_span(self, span: Span | None) -> None:
        """Mark the days of ``span``."""
        self.span = span
        self.viewport().update()

    def is_of_month(self, day: str) -> bool:
        """Return whether ``day`` lies in the month shown."""
        calendar = calendar_of(self._style)
        return parts_of(day, calendar)[:2] == parts_of(self.day, calendar)[:2]

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Move or choose; what is no key of a calendar is left to others."""
        key, calendar = Qt.Key(event.key()), calendar_of(self._style)
        if key in _MOVES:
            sideways = key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            self.go_to(add_days(self.day, _MOVES[key] * (-1 if sideways and self.isRightToLeft() else 1)))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go_to(add_months(self.day, -1 if key == Qt.Key.Key_PageUp else 1, calendar))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to((month_start if key == Qt.Key.Key_Home else month_end)(self.day, calendar))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.day)
        else:
            event.ignore()

    def _clicked(self, row: int, column: int) -> None:
        item = self.item(row, column)
        if item:
            day = str(item.data(_DAY))
            self.go_to(day)
            self.chosen.emit(day)

    def _fill(self) -> None:
        if not self.day:
            return
        style = self._style
        weeks = month_grid(self.day, calendar_of(style))
        for column, day in enumerate(weeks[0]):
            head = QTableWidgetItem(style.weekday_short(day))
            head.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            head.setData(Qt.ItemDataRole.AccessibleTextRole, style.weekday(day))
            if is_friday(day):
                head.setForeground(QColor(self.theme.error))
            self.setHorizontalHeaderItem(column, head)
        for row, week in enumerate(weeks):
            for column, day in enumerate(week):
                item = QTableWidgetItem(style.day(day))
                item.setData(_DAY, day)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{style.weekday(day)} {style.date(day)}")
                self.setItem(row, column, item)
                if day == self.day:
                    self.setCurrentCell(row, column)


class _DayPainter(QStyledItemDelegate):
    """Paints a day: the ends of the span strong, what lies between pale, Fridays red, today with a line under it."""

    def __init__(self, table: MonthTable) -> None:
        super().__init__(table)
        self._table = table

    @guarded(None)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Paint the day at ``index``."""
        table, theme, day = self._table, self._table.theme, str(index.data(_DAY))
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        span = table.span
        is_end = span is not None and day in (span.first, span.last)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if span and span.holds(day):
            painter.setBrush(QColor(theme.primary if is_end else theme.selection))
            painter.drawRoundedRect(rect, tokens.S, tokens.S)
        if day == table.day:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text if is_end else theme.primary), 2 if table.hasFocus() else 1))
            painter.drawRoundedRect(rect, tokens.S, tokens.S)
        colour = theme.error if is_friday(day) else theme.text
        if not table.is_of_month(day):
            colour = theme.muted
        painter.setPen(QColor(theme.on_primary if is_end else colour))
        font = figures(table.font(), tokens.BOLD if day == table.today else tokens.REGULAR)
        font.setPixelSize(tokens.CAPTION if not table.is_of_month(day) else tokens.BODY)
        font.setUnderline(day == table.today)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


class RangePicker(QDialog):
    """Asks for a span; ``picked`` hands it over. The first day chosen begins one, the second ends it."""

    picked = Signal(object)

    def __init__(self, words: Words, style: Format, theme: Theme, parent: QWidget | None = None) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._words, self._style = words, style
        self._today = ""
        self._begun = False
        self.setModal(True)
        self.title, self.said = QLabel(self), QLabel(self)
        self.title.setObjectName("heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said.setObjectName("caption")
        self.earlier, self.later = button("step", self), button("step", self)
        self.month = MonthTable(style, theme, self)
        self.presets = {each: button("act", self) for each in Preset}
        self.labels = QLabel(self), QLabel(self)
        self.fields = Field(self, keys=Keys.DIGITS), Field(self, keys=Keys.DIGITS)
        self.accept_button, self.back_button = button("primary", self), button("act", self)
        self._arrange()
        self._connect()
        self.set_theme(theme)
        self.set_words(words, style)

    @property
    def span(self) -> Span | None:
        """The span as it stands, or None while what was typed is none."""
        return self.month.span

    def start(self, span: Span, today: str) -> None:
        """Open with ``span`` marked; ``today`` is the business date now."""
        self._today = self.month.today = today
        self._begun = False
        self.month.go_to(span.last)
        self._take(span)
        self.month.setFocus()
        self.open()

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language, in its calendar."""
        self._words, self._style = words, style
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setWindowTitle(words("Choose the days"))
        back, forth = ("\u203a", "\u2039") if words.rtl else ("\u2039", "\u203a")
        for step, text, name in ((self.earlier, back, words("Month before")), (self.later, forth, words("Next month"))):
            step.setText(f"{_LRM}{text}{_LRM}")
            step.setAccessibleName(name)
            step.setToolTip(name)
        for each, made in self.presets.items():
            made.setText(words(_PRESETS[each]))
        for label, text in zip(self.labels, (words("From"), words("To")), strict=True):
            label.setText(text)
        for field, text in zip(self.fields, (words("From"), words("To")), strict=True):
            field.setAccessibleName(text)
        self.accept_button.setText(words("Show"))
        self.back_button.setText(words("Back"))
        self.month.setAccessibleName(words("Days of the month"))
        self.month.speak(style)
        if self.month.day:
            self._moved(self.month.day)
        if self.month.span:
            self._take(self.month.span)

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self.month.theme = theme
        self.setStyleSheet(period_sheet(theme))
        self.month.speak(self._style)

    def _arrange(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(tokens.S)
        for each in self.presets.values():
            side.addWidget(each)
        side.addStretch(1)
        for label, field in zip(self.labels, self.fields, strict=True):
            side.addWidget(label)
            side.addWidget(field)
            field.setFixedWidth(tokens.px(176))
            label.setBuddy(field)
        top = QHBoxLayout()
        top.addWidget(self.earlier)
        top.addWidget(self.title, 1)
        top.addWidget(self.later)
        main = QVBoxLayout()
        main.setSpacing(tokens.S)
        main.addLayout(top)
        main.addWidget(self.month)
        body = QHBoxLayout()
        body.setSpacing(tokens.XL)
        body.addLayout(side)
        body.addLayout(main)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.S)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.accept_button)
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        page.setSpacing(tokens.M)
        page.addLayout(body)
        page.addLayout(foot)

    def _connect(self) -> None:
        self.month.chosen.connect(self._choose)
        self.month.moved.connect(self._moved)
        for step, months in ((self.earlier, -1), (self.later, 1)):
            on_click(step, lambda months=months: self._turn(months))  # type: ignore[misc] # mypy cannot type a default
        for each, made in self.presets.items():
            on_click(made, lambda each=each: self._preset(each))  # type: ignore[misc]
        for field in self.fields:
            field.textEdited.connect(lambda _text: self._typed())
            field.returnPressed.connect(self._accept)
        on_click(self.accept_button, self._accept)
        on_click(self.back_button, self.reject)

    def _turn(self, months: int) -> None:
        self.month.go_to(add_months(self.month.day, months, calendar_of(self._style)))

    def _preset(self, which: Preset) -> None:
        span = preset(which, self._today, calendar_of(self._style))
        self.month.go_to(span.last)
        self._take(span)
        self._accept()

    def _choose(self, day: str) -> None:
        """Begin a span with ``day``, or end the one begun."""
        held = self.month.span
        if self._begun and held:
            first, last = sorted((held.first, day))
            try:
                self._take(Span(first, last))
            except ValueError:
                self.said.setText(self._words("At most five years are shown at once."))
                return
        else:
            self._take(Span(day, day))
        self._begun = not self._begun

    def _typed(self) -> None:
        """Take what was typed as soon as both fields hold a day."""
        days = [read_day(field.text()) for field in self.fields]
        for field, day in zip(self.fields, days, strict=True):
            _mark_fault(field, wrong=day is None)
        span = None
        if days[0] and days[1]:
            try:
                span = Span(days[0], days[1])
            except ValueError:
                _mark_fault(self.fields[1], wrong=True)
        self.month.show_span(span)
        if span:
            self.month.go_to(span.last)
        self._tell()

    def _take(self, span: Span) -> None:
        self.month.show_span(span)
        for field, day in zip(self.fields, (span.first, span.last), strict=True):
            field.setText(self._style.digits(numeric_date(day, calendar_of(self._style))))
            _mark_fault(field, wrong=False)
        self._tell()

    def _tell(self) -> None:
        span, words = self.month.span, self._words
        self.accept_button.setEnabled(span is not None)
        if span is None:
            example = self._style.digits(numeric_date(self._today, calendar_of(self._style)))
            self.said.setText(words("Type days like {day}, the earlier one first.", day=example))
        elif span.days == 1:
            self.said.setText(span_words(span, words, self._style))
        else:
            self.said.setText(words("{span} · {days} days", span=span_words(span, words, self._style),
                                    days=self._style.number(span.days)))

    def _moved(self, day: str) -> None:
        self.title.setText(month_title(day, self._style))

    def _accept(self) -> None:
        if self.month.span:
            self.picked.emit(self.month.span)
            self.accept()


def _mark_fault(field: Field, *, wrong: bool) -> None:
    if field.property("fault") != wrong:
        field.setProperty("fault", wrong)
        field.style().polish(field)
