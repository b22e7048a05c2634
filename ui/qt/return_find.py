"""Looking for the sale that comes back: its receipt, or a day with an amount, a member or a good."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from drivers.bank_cards import Lane
from ui.qt import tokens
from ui.qt.columns import choose_rows, spread
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import LEFT, RIGHT, Field, button, keyed, on_click
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views_return import FindView

NUMBER, MOMENT, WHO, NOTE, TOTAL = range(5)
_NARROW = 960
_ROWS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class FoundTable(QTableWidget):
    """The sales found; Enter or a double tap opens one: ``opened`` names its place."""

    opened = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(0, 5, parent)
        self._places: tuple[int, ...] = ()
        choose_rows(self)
        self.verticalHeader().setDefaultSectionSize(tokens.ROW_COMPACT)
        self.itemDoubleClicked.connect(lambda _item: self.open_current())

    def open_current(self) -> None:
        """Open the chosen sale."""
        row = self.currentRow()
        if 0 <= row < len(self._places):
            self.opened.emit(self._places[row])

    def show_found(self, view: FindView, words: Words) -> None:
        """Show the sales; the first is chosen."""
        leading = RIGHT if words.rtl else LEFT
        self._places = tuple(each.place for each in view.found)
        self.setFont(figures(self.font()))
        heads = (words("Receipt"), words("Time"), words("Cashier and member"), words("Went back"),
                 words("Total ({unit})", unit=view.unit))
        for column, text in enumerate(heads):
            head = QTableWidgetItem(text)
            head.setTextAlignment(RIGHT if column == TOTAL else leading)
            self.setHorizontalHeaderItem(column, head)
        self.setRowCount(len(view.found))
        for row, each in enumerate(view.found):
            for column, text in enumerate((each.number, each.moment, each.who, each.note, each.total)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(RIGHT if column == TOTAL else leading)
                item.setToolTip(text)
                self.setItem(row, column, item)
        self.setAccessibleName(words("Sales"))
        spread(self, WHO, narrow=_NARROW)
        if view.found:
            self.selectionModel().setCurrentIndex(self.model().index(0, 0), _ROWS)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Open on Enter; everything else moves the choice."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give people's names the room that figures do not need."""
        super().resizeEvent(event)
        spread(self, WHO, narrow=_NARROW)


class FindPane(QWidget):
    """``receipt`` is emitted with a typed number, ``wanted`` with amount and text, ``days`` asks for other days."""

    receipt = Signal(str)
    wanted = Signal(str, str)
    days = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self.number, self.amount, self.text = (
            Field(self, Lane.BARCODE, keys) for keys in (Keys.DIGITS, Keys.DIGITS, Keys.WORDS))
        self._labels = [QLabel(self) for _ in range(3)]
        self.said = QLabel(self)
        for label in (*self._labels, self.said):
            label.setObjectName("caption")
        self.open_number, self.look = button("primary", self), button("plain", self)
        self.days_button, self.open_button = button("plain", self), button("plain", self)
        self.table = FoundTable(self)
        self._arrange()
        self.number.returnPressed.connect(self._open_number)
        self.amount.returnPressed.connect(self._look)
        self.text.returnPressed.connect(self._look)
        on_click(self.open_number, self._open_number)
        on_click(self.look, self._look)
        on_click(self.open_button, self.table.open_current)
        on_click(self.days_button, self.days.emit)

    def set_words(self, words: Words, unit: str) -> None:
        """Speak another language."""
        texts = (words("Scan the receipt, or type its number"), words("Amount ({unit})", unit=unit),
                 words("Good, bar code, member or phone"))
        for label, field, text in zip(self._labels, (self.number, self.amount, self.text), texts, strict=True):
            label.setText(text)
            field.setAccessibleName(text)
        self.open_number.setText(keyed(words("Open"), "Enter"))
        self.open_button.setText(words("Open the chosen sale"))
        self.look.setText(words("Look for"))

    def start(self) -> None:
        """Empty the fields; keys go to the receipt's number."""
        for field in (self.number, self.amount, self.text):
            field.empty()
        self.number.setFocus()

    def show_find(self, view: FindView, words: Words) -> None:
        """Show what was found."""
        self.days_button.setText(view.days)
        self.days_button.setAccessibleName(words("Days: {days}", days=view.days))
        self.said.setText(view.said)
        self.open_button.setEnabled(bool(view.found))
        self.table.show_found(view, words)

    def _open_number(self) -> None:
        text = self.number.text().strip()
        if text:
            self.receipt.emit(text)
        else:
            self.table.open_current()

    def _look(self) -> None:
        self.wanted.emit(self.amount.text(), self.text.text())

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.M)
        grid.setVerticalSpacing(tokens.XS)
        grid.addWidget(self._labels[0], 0, 0)
        grid.addWidget(self._labels[1], 0, 3)
        grid.addWidget(self._labels[2], 0, 4)
        for column, widget in enumerate((self.number, self.open_number, self.days_button, self.amount, self.text, self.look)):
            grid.addWidget(widget, 1, column)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(3, 3)
        grid.setColumnStretch(4, 5)
        card = QFrame(self)
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        foot = QFrame(card)
        foot.setObjectName("basketFoot")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(tokens.L, tokens.XS, tokens.L, tokens.XS)
        keys.addWidget(self.said, 1)
        keys.addWidget(self.open_button)
        inside.addWidget(self.table, 1)
        inside.addWidget(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(tokens.M)
        whole.addLayout(grid)
        whole.addWidget(card, 1)
