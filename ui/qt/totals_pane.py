"""The sums of the basket, each discount by its name, and the total in large type."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import ElidedLabel, NumberLabel, Side
from ui.text import Words
from ui.views import TotalsView

MOST_ROWS_SEEN = 5


class TotalsPane(QFrame):
    """Rows that scroll when a basket has very many promotions, and a total that never does."""

    def __init__(self, parent: QWidget) -> None:
        """Build the pane without rows."""
        super().__init__(parent)
        self.setObjectName("card")
        self._rows: list[tuple[ElidedLabel, NumberLabel]] = []
        self._sums = QWidget(self)
        self._sums.setObjectName("clear")
        self._grid = QGridLayout(self._sums)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.L)
        self._grid.setColumnStretch(0, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._sums)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = QLabel(self)
        self._label.setObjectName("totalLabel")
        self.total = NumberLabel(Side.END, "total", self)
        self._earns = NumberLabel(Side.END, "earns", self, even=False)
        self._column = QVBoxLayout(self)
        for widget in (self._scroll, self._label, self.total, self._earns):
            self._column.addWidget(widget)
        self._row_height = 0
        self.set_compact(compact=False)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._label.setText(words("Total"))
        self.total.setAccessibleDescription(words("Total"))

    def set_compact(self, *, compact: bool) -> None:
        """Use the spaces of a low screen."""
        around = tokens.S if compact else tokens.M
        self._column.setContentsMargins(tokens.L, around, tokens.L, around)
        self._column.setSpacing(0 if compact else tokens.XS)
        self._row_height = 28 if compact else 32
        self._fit()

    def show_totals(self, view: TotalsView) -> None:
        """Show ``view``."""
        while len(self._rows) < len(view.rows):
            row = ElidedLabel("caption", self._sums), NumberLabel(Side.COLUMN, "sum", self._sums)
            self._grid.addWidget(row[0], len(self._rows), 0)
            self._grid.addWidget(row[1], len(self._rows), 1)
            self._rows.append(row)
        for number, (label, amount) in enumerate(self._rows):
            there = number < len(view.rows)
            label.setVisible(there)
            amount.setVisible(there)
            if there:
                label.say(view.rows[number].label)
                amount.setText(view.rows[number].amount)
        self.total.setText(view.total)
        self._earns.setText(view.earns)
        self._fit()

    def _fit(self) -> None:
        seen = sum(not label.isHidden() for label, _ in self._rows)
        for number in range(len(self._rows)):
            self._grid.setRowMinimumHeight(number, self._row_height if number < seen else 0)
        self._grid.setVerticalSpacing(0)
        self._scroll.setFixedHeight(self._row_height * min(seen, MOST_ROWS_SEEN))
