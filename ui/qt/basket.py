"""The basket as a real table: its model, and the view that keeps selection and keys in order."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from ui.qt import tokens
from ui.qt.columns import choose_rows
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import RIGHT
from ui.text import Words
from ui.views import LineView

ITEM, QUANTITY, PRICE, AMOUNT = range(4)
_WIDTHS = {QUANTITY: 96, PRICE: 132, AMOUNT: 148}
_NARROW_WIDTHS = {QUANTITY: 60, PRICE: 108, AMOUNT: 116}
_NARROW = 560
_LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
_ROWS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
Index = QModelIndex | QPersistentModelIndex


class BasketModel(QAbstractTableModel):
    """The rows of the basket: item, quantity, price, amount. No override raises."""

    def __init__(self, parent: QWidget) -> None:
        """Start without rows and without headers."""
        super().__init__(parent)
        self._lines: Sequence[LineView] = ()
        self._headers: tuple[str, ...] = ("",) * 4
        self._figures = QFont()
        self._amounts = QFont()

    def set_words(self, words: Words, unit: str) -> None:
        """Name the columns; ``unit`` is the money unit of price and amount."""
        self._headers = (words("Item"), words("Qty"), words("Price"), words("Amount ({unit})", unit=unit))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, ITEM, AMOUNT)

    def set_font(self, font: QFont) -> None:
        """Set figures in ``font`` with digits of one width."""
        self._figures, self._amounts = figures(font), figures(font, tokens.SEMIBOLD)

    def set_lines(self, lines: Sequence[LineView]) -> None:
        """Show ``lines``, touching only the rows from the first that differs."""
        same = 0
        for old, new in zip(self._lines, lines, strict=False):
            if old != new:
                break
            same += 1
        nowhere = QModelIndex()
        if len(lines) < len(self._lines):
            self.beginRemoveRows(nowhere, len(lines), len(self._lines) - 1)
            self._lines = self._lines[:len(lines)]
            self.endRemoveRows()
        held = len(self._lines)
        if held < len(lines):
            self.beginInsertRows(nowhere, held, len(lines) - 1)
            self._lines = lines
            self.endInsertRows()
        self._lines = lines
        if same < held:
            self.dataChanged.emit(self.index(same, ITEM), self.index(held - 1, AMOUNT))

    def row_of(self, line: int | None) -> int | None:
        """Return the row of line number ``line``."""
        return next((row for row, each in enumerate(self._lines) if each.line == line), None)

    def line_at(self, row: int) -> int:
        """Return the line number of ``row``."""
        return self._lines[row].line

    @guarded(0)
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's signature)
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    @guarded(0)
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's signature)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headers)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, side or font of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            line = self._lines[index.row()]
            return (line.name, line.quantity, line.price, line.amount)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role == Qt.ItemDataRole.FontRole and index.column() != ITEM:
            return self._amounts if index.column() == AMOUNT else self._figures
        return None

    @guarded(None)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 (Qt's name)
        """Return the text or side of a column's head."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._headers[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _side(section)
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    """Figures stand at the right in both directions, so that their units line up."""
    return _LEADING if column == ITEM else RIGHT


class BasketTable(QTableView):
    """The basket's view. ``chosen`` carries the line number a person selected, ``typed`` other keys."""

    chosen = Signal(int)
    typed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Build the table with its model."""
        super().__init__(parent)
        self._basket = BasketModel(self)
        self._following = False
        self.setModel(self._basket)
        choose_rows(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSectionResizeMode(ITEM, QHeaderView.ResizeMode.Stretch)
        self.set_compact(compact=False)
        self.selectionModel().currentRowChanged.connect(self._chosen)

    def set_words(self, words: Words, unit: str) -> None:
        """Speak another language."""
        self._basket.set_words(words, unit)
        self.setAccessibleName(words("Basket"))

    def set_compact(self, *, compact: bool) -> None:
        """Use the row height of a low screen."""
        row = tokens.ROW_COMPACT if compact else tokens.ROW
        self.verticalHeader().setDefaultSectionSize(row)
        self.horizontalHeader().setFixedHeight(row - tokens.px(10))

    def show_lines(self, lines: Sequence[LineView], selected: int | None) -> None:
        """Show ``lines`` with line number ``selected`` marked.

        The selection goes through the selection model: ``selectRow`` does nothing right to left.
        """
        self._following = True
        self._basket.set_font(self.font())
        self._basket.set_lines(lines)
        row = self._basket.row_of(selected)
        if row is None:
            self.selectionModel().clear()
        else:
            index = self._basket.index(row, ITEM)
            self.selectionModel().setCurrentIndex(index, _ROWS)
            self.scrollTo(index)
        self._following = False

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give the item's name the room that figures do not need."""
        super().resizeEvent(event)
        narrow = event.size().width() < tokens.px(_NARROW)
        if narrow != self.property("narrow"):
            self.setProperty("narrow", narrow)
            self.style().polish(self)
            for column, width in (_NARROW_WIDTHS if narrow else _WIDTHS).items():
                self.setColumnWidth(column, tokens.px(width))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the arrows; hand every other key to the scan field."""
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if event.key() in moves:
            super().keyPressEvent(event)
        else:
            self.typed.emit(event)

    def _chosen(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.chosen.emit(self._basket.line_at(current.row()))
