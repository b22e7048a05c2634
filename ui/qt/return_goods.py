"""What comes back, line by line, and beside it what that comes to."""

from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from drivers.bank_cards import Lane
from ui.format import fold_digits
from ui.qt import tokens
from ui.qt.columns import choose_rows, spread
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import LEFT, RIGHT, Field, NumberLabel, Side, button, keyed, on_click
from ui.qt.return_done import Facts, scrolled
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views_return import GoodsLine, GoodsView

_NARROW = 720
_SUM_WIDTH = 300, 420
_ROWS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class GoodsTable(QTableWidget):
    """The lines. ``chosen`` names the one keys act on, ``pressed`` a key: a digit, ".", "⌫", "+", "-", "0" or "*"; ``entered`` Enter."""

    chosen = Signal(int)
    pressed = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._lines: tuple[GoodsLine, ...] = ()
        self._following = False
        choose_rows(self)
        self.setWordWrap(True)
        self.currentCellChanged.connect(self._moved)

    def show_lines(self, view: GoodsView, *, rtl: bool) -> None:
        """Show the lines with the selected one marked: ``selectRow`` does nothing right to left."""
        self._following = True
        leading = RIGHT if rtl else LEFT
        self._lines = view.lines
        plain, strong = figures(self.font()), figures(self.font(), tokens.SEMIBOLD)
        self.setColumnCount(len(view.headers))
        for column, text in enumerate(view.headers):
            head = QTableWidgetItem(text)
            head.setTextAlignment(RIGHT if column else leading)
            self.setHorizontalHeaderItem(column, head)
        self.setRowCount(len(view.lines))
        for row, line in enumerate(view.lines):
            name = f"{line.name}\n{line.note}" if line.note else line.name
            for column, text in enumerate((name, *line.cells)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(RIGHT if column else leading)
                item.setFont(strong if column == len(line.cells) else plain)
                item.setToolTip(line.note)
                self.setItem(row, column, item)
            self.setRowHeight(row, tokens.ROW + (tokens.XL if line.note else 0) - tokens.S)
        self.setAccessibleName(view.heading)
        row = next((row for row, line in enumerate(view.lines) if line.line == view.selected), -1)
        if row >= 0:
            self.selectionModel().setCurrentIndex(self.model().index(row, 0), _ROWS)
        self._spread()
        self._following = False

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Hand figures and signs on; arrows move the choice."""
        text = fold_digits(event.text())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self.pressed.emit("⌫")
        elif event.key() == Qt.Key.Key_Delete:
            self.pressed.emit("x")
        elif len(text) == 1 and text in "0123456789.+-*":
            self.pressed.emit(text)
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give the name the room that figures do not need."""
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        spread(self, 0, narrow=_NARROW)

    def _moved(self, row: int) -> None:
        if not self._following and 0 <= row < len(self._lines):
            self.chosen.emit(self._lines[row].line)


class GoodsPane(QWidget):
    """Chooses what comes back; ``finished`` asks to do it.

    ``pressed`` tells a key or button of the table, ``traced`` a trace number, ``reasoned`` a reason, ``papered``
    a receipt number, ``coded`` a bar code that was typed.
    """

    chosen = Signal(int)
    pressed = Signal(str)
    traced = Signal(int, str)
    reasoned = Signal(str)
    papered = Signal(str)
    coded = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self.table = GoodsTable(self)
        self.nothing = QLabel(self.table)
        self.nothing.setObjectName("caption")
        self.less, self.more, self.line, self.all = (button("plain", self) for _ in range(4))
        self.code, self.paper = (Field(self, Lane.BARCODE, Keys.DIGITS) for _ in range(2))
        self._code_label, self._paper_label = QLabel(self), QLabel(self)
        self.reasons: dict[str, QPushButton] = {}
        self._reason_grid = QGridLayout()
        self.money_label, self.money = QLabel(self), NumberLabel(Side.START, "total", self)
        self.facts = Facts(self)
        self.traces: dict[int, Field] = {}
        self._trace_column = QVBoxLayout()
        self.act = button("pay", self)
        self.act.setAutoDefault(True)
        self._shape: tuple[object, ...] = ()
        self._arrange()
        self.table.chosen.connect(self.chosen)
        self.table.pressed.connect(self.pressed)
        self.table.entered.connect(self._go_on)
        for made, key in ((self.less, "-"), (self.more, "+"), (self.line, "line"), (self.all, "*")):
            on_click(made, partial(self.pressed.emit, key))
        on_click(self.act, self.finished.emit)
        self.code.returnPressed.connect(self._enter_code)
        self.paper.textChanged.connect(self.papered)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.less.setText("−")
        self.less.setAccessibleName(words("One less"))
        self.more.setText("+")
        self.more.setAccessibleName(words("One more"))
        self.line.setText(words("All of this line"))
        self.all.setText(keyed(words("Everything"), "*"))
        for label, field, text in ((self._code_label, self.code, words("Bar code, then Enter")),
                                   (self._paper_label, self.paper, words("Number on the customer's paper, if there is one"))):
            label.setText(text)
            field.setAccessibleName(text)

    def show_goods(self, view: GoodsView, words: Words) -> None:
        """Show ``view``."""
        self.table.show_lines(view, rtl=words.rtl)
        self.nothing.setText("" if view.lines else view.nothing)
        for each in (self.less, self.more):
            each.setEnabled(not view.whole and view.selected is not None)
        self.line.setVisible(not view.receipt_asked)
        self.all.setVisible(not view.receipt_asked)
        for each in (self.line, self.all):
            each.setEnabled(not view.whole and bool(view.lines))
        for widget in (self.code, self.paper, self._code_label, self._paper_label):
            widget.setVisible(view.receipt_asked)
        if self.paper.text().strip() != view.receipt:
            self.paper.setText(view.receipt)
        shape = (view.heading, view.asked, view.reasons)
        if shape != self._shape:
            self._shape = shape
            self._ask(view)
        for reason, made in self.reasons.items():
            made.setChecked(reason == view.reason)
        self.money_label.setText(view.money_label)
        self.money.setText(view.money)
        self.facts.show_facts(view.facts, view.notes)
        self.act.setText(keyed(view.act, "Enter"))
        self.act.setEnabled(view.ready)

    def _ask(self, view: GoodsView) -> None:
        """Make the fields and buttons for what is asked now."""
        typed = {index: field.text() for index, field in self.traces.items()}
        for layout in (self._trace_column, self._reason_grid):
            while item := layout.takeAt(0):
                if made := item.widget():
                    made.hide()
                    made.deleteLater()
        self.traces, self.reasons = {}, {}
        for asked in view.asked:
            label, field = QLabel(asked.label, self), Field(self, keys=Keys.DIGITS)
            label.setWordWrap(True)
            label.setObjectName("caption")
            field.setAccessibleName(asked.label)
            field.setText(typed.get(asked.index, ""))
            field.textChanged.connect(partial(self.traced.emit, asked.index))
            field.returnPressed.connect(self._go_on)
            self.traces[asked.index] = field
            for widget in (label, field):
                self._trace_column.addWidget(widget)
                widget.show()
        for place, (reason, text) in enumerate(view.reasons):
            made = self.reasons[reason] = button("choice", self)
            made.setText(text)
            made.setCheckable(True)
            on_click(made, partial(self.reasoned.emit, reason))
            self._reason_grid.addWidget(made, place // 2, place % 2)
            made.show()

    def _go_on(self) -> None:
        """Let the keys go to what is missing: a trace number, else the button that does it."""
        missing = next((field for field in self.traces.values() if not field.text()), None)
        (missing or self.act).setFocus()

    def _enter_code(self) -> None:
        text = self.code.text().strip()
        self.code.empty()
        if text:
            self.coded.emit(text)

    def _arrange(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        foot = QFrame(card)
        foot.setObjectName("basketFoot")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(tokens.M, tokens.XS, tokens.M, tokens.XS)
        keys.setSpacing(tokens.S)
        for each in (self.less, self.more):
            each.setFixedWidth(tokens.BUTTON_PAY)
            keys.addWidget(each)
        keys.addStretch(1)
        keys.addWidget(self.line)
        keys.addWidget(self.all)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(foot)
        empty = QVBoxLayout(self.table)
        empty.addWidget(self.nothing, alignment=Qt.AlignmentFlag.AlignCenter)
        goods = QVBoxLayout()
        goods.setSpacing(tokens.S)
        fields = QGridLayout()
        fields.setHorizontalSpacing(tokens.M)
        fields.setVerticalSpacing(tokens.XS)
        for column, (label, field) in enumerate(((self._code_label, self.code), (self._paper_label, self.paper))):
            label.setObjectName("caption")
            fields.addWidget(label, 0, column)
            fields.addWidget(field, 1, column)
        goods.addLayout(fields)
        goods.addWidget(card, 1)
        self._reason_grid.setSpacing(tokens.S)
        goods.addLayout(self._reason_grid)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.L)
        row.addLayout(goods, 7)
        row.addWidget(self._sums(), 4)

    def _sums(self) -> QWidget:
        sums = QFrame(self)
        sums.setObjectName("card")
        sums.setMinimumWidth(tokens.px(_SUM_WIDTH[0]))
        sums.setMaximumWidth(tokens.px(_SUM_WIDTH[1]))
        column = QVBoxLayout(sums)
        column.setContentsMargins(tokens.L, tokens.S, tokens.L, tokens.M)
        column.setSpacing(tokens.XS)
        column.addWidget(self.money_label)
        column.addWidget(self.money)
        column.addWidget(scrolled(self.facts, sums), 1)
        column.addLayout(self._trace_column)
        column.addWidget(self.act)
        return sums
