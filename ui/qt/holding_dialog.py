"""The baskets that wait: one is chosen with the arrows and Enter, a double click, or a touch and the button."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.holding import HoldingView, ParkedRow
from ui.qt import tokens
from ui.qt.columns import choose_rows
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import RIGHT, button, keyed, on_click
from ui.text import Words

_WIDTH, _MOST_SHOWN = 780, 6
TIME, WHO, ITEMS, TOTAL = range(4)
_ROWS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class HoldingDialog(QDialog):
    """``chosen`` gets the id of the basket, after the dialog has closed."""

    def __init__(self, chosen: Callable[[str], None], parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._chosen = chosen
        self._rows: tuple[ParkedRow, ...] = ()
        self.setModal(True)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.table = QTableWidget(0, 4, self)
        self._dress_table()
        self.take, self.back = button("primary", self), button("plain", self)
        on_click(self.take, self._take)
        on_click(self.back, self.reject)
        self.table.itemDoubleClicked.connect(lambda _item: self._take())
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        for widget in (self.problem, self.table):
            column.addWidget(widget)
        column.addLayout(foot)

    def set_words(self, words: Words) -> None:
        """Speak another language; the rows follow with the next ``start``."""
        self.setWindowTitle(words("Held baskets"))
        self.table.setAccessibleName(words("Held baskets"))
        self.take.setText(keyed(words("Recall"), "Enter"))
        self.back.setText(keyed(words("Back"), "Esc"))

    def start(self, view: HoldingView) -> None:
        """Open with ``view``; the oldest basket is chosen."""
        self._rows = view.rows
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.table.verticalHeader().setDefaultSectionSize(tokens.ROW_COMPACT)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        self.take.setEnabled(not view.problem)
        self.table.setRowCount(len(view.rows))
        for place, row in enumerate(view.rows):
            for column, text in ((TIME, row.time), (WHO, row.who), (ITEMS, row.items), (TOTAL, row.total)):
                self.table.setItem(place, column, self._cell(column, text))
        height = self.table.verticalHeader().defaultSectionSize() * min(len(view.rows), _MOST_SHOWN)
        self.table.setFixedHeight(height + tokens.XS)  # the ring of the focus
        self.table.selectionModel().setCurrentIndex(self.table.model().index(0, TIME), _ROWS)
        self.adjustSize()
        self.table.setFocus()
        self.open()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the chosen basket on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.take.isEnabled():
            self._take()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        row = self.table.currentRow()
        if self.take.isEnabled() and 0 <= row < len(self._rows):
            self.accept()
            self._chosen(self._rows[row].parked_id)

    def _cell(self, column: int, text: str) -> QTableWidgetItem:
        made = QTableWidgetItem(text)
        if column == TOTAL:
            made.setFont(figures(self.font(), tokens.SEMIBOLD))
            made.setTextAlignment(RIGHT)
        return made

    def _dress_table(self) -> None:
        table = self.table
        choose_rows(table)
        table.horizontalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WHO, QHeaderView.ResizeMode.Stretch)
