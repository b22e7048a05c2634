"""The table of a sheet: wide enough for every figure, heads on two lines, a row that can be opened."""

from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.export.sheet import Sheet, shown
from ui.qt import tokens
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import LEFT, RIGHT
from ui.qt.period_style import HEAD_HEIGHT
from ui.views_period import Part, Target

_WRAPPED = int(Qt.TextFlag.TextWordWrap.value)


class SheetTable(QStackedWidget):
    """Shows a ``Part``, or what is said in place of an empty one. ``opened`` names what a row leads to."""

    opened = Signal(object)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._part: Part | None = None
        self._needed: list[int] = []
        self.table = _Table(self)
        self.nothing = QLabel(self)
        self.nothing.setObjectName("nothing")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.addWidget(self.table)
        self.addWidget(self.nothing)
        self.table.entered_row.connect(self.open_current)
        self.table.resized.connect(self._spread)
        self.table.itemDoubleClicked.connect(lambda _item: self.open_current())
        self.table.itemSelectionChanged.connect(self.moved)

    @property
    def sheet(self) -> Sheet | None:
        """What is shown, or None."""
        return self._part.sheet if self._part else None

    def current(self) -> Target:
        """Return what the chosen row leads to, None for nothing."""
        row = self.table.currentRow()
        return self._part.targets[row] if self._part and 0 <= row < len(self._part.targets) else None

    def open_current(self) -> None:
        """Open what the chosen row leads to."""
        target = self.current()
        if target is not None:
            self.opened.emit(target)

    def show_part(self, part: Part) -> None:
        """Show ``part``; the first row is chosen, or the one that was when the rows are the same."""
        chosen = self.table.currentRow() if self._part and self._part.targets == part.targets else 0
        self._part = part
        content, leading = shown(replace(part.sheet, rows=part.sheet.rows[:part.most])), RIGHT if part.sheet.rtl else LEFT
        self.table.setFont(figures(self.table.font()))
        self.table.setRowCount(len(content.rows))
        self.table.setColumnCount(len(content.headers))
        for column, (header, numeric) in enumerate(zip(content.headers, content.numeric, strict=True)):
            side = RIGHT if numeric else leading
            head = QTableWidgetItem(header)
            head.setData(Qt.ItemDataRole.TextAlignmentRole, side.value | _WRAPPED)
            self.table.setHorizontalHeaderItem(column, head)
            for row, cells in enumerate(content.rows):
                item = QTableWidgetItem(cells[column])
                item.setTextAlignment(side)
                self.table.setItem(row, column, item)
        self.table.setAccessibleName(part.sheet.title)
        self._needed = self._widths()
        self._spread()
        self.nothing.setText(part.nothing)
        self.setCurrentWidget(self.table if content.rows else self.nothing)
        # Keys that were led to a hidden table would stay where they are.
        self.setFocusProxy(self.table if content.rows else None)  # type: ignore[arg-type] # None takes it away, as Qt says
        if content.rows:
            self.table.selectionModel().setCurrentIndex(
                self.table.model().index(max(chosen, 0), 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)

    def _widths(self) -> list[int]:
        """Return what each column needs: its widest cell, and its head on two lines."""
        self.table.ensurePolished()
        cells = QFontMetrics(figures(self.table.font()))
        found = []
        for column in range(self.table.columnCount()):
            texts = (item.text() for row in range(self.table.rowCount()) if (item := self.table.item(row, column)))
            head = self.table.horizontalHeaderItem(column)
            widest = max((cells.horizontalAdvance(text) for text in texts), default=0)
            found.append(max(widest, _two_lines(cells, head.text() if head else "")) + 2 * tokens.M)
        return found

    def _spread(self) -> None:
        """Give each column what it needs, and share out what is left."""
        if not self._needed:
            return
        more, rest = divmod(max(0, self.table.viewport().width() - sum(self._needed)), len(self._needed))
        for column, needed in enumerate(self._needed):
            self.table.setColumnWidth(column, needed + more + (rest if column == 0 else 0))


class _Table(QTableWidget):
    """Keys of a list: Enter opens the chosen row, Tab leaves."""

    entered_row = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("figures")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens.ROW_COMPACT)
        self.horizontalHeader().setFixedHeight(tokens.px(HEAD_HEIGHT))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Open on Enter; everything else moves the choice."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell that there is more or less room: the window's, or a scroll bar's that came or went."""
        super().resizeEvent(event)
        self.resized.emit()


def _two_lines(metrics: QFontMetrics, text: str) -> int:
    """Return the least width in which ``text`` stands on two lines."""
    words = text.split(" ")
    return min((max(metrics.horizontalAdvance(" ".join(words[:cut])), metrics.horizontalAdvance(" ".join(words[cut:])))
                for cut in range(1, len(words))), default=metrics.horizontalAdvance(text))
