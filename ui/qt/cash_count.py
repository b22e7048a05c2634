"""Cash by denominations: a field for the pieces of each, one for what is counted otherwise, and what it comes to."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from ui.format import Format, fold_digits
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import Field, NumberLabel, Side
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views_shift import CountView

_COLUMNS = 2
_PARTS = 3
_FIELD_WIDTH = 84
_MOST_DIGITS = 5


class Counting(Protocol):
    """Who is told what was typed (``ui.presenters.shift_desk.ShiftDesk``)."""

    def count(self, denomination: int, text: str) -> None:
        """Take how many pieces of ``denomination`` there are."""
        ...

    def count_rest(self, text: str) -> None:
        """Take the sum of what was counted otherwise."""
        ...


class CashCount(QWidget):
    """``done`` is called for Enter in the last field; before it Enter goes to the next."""

    def __init__(self, desk: Counting, done: Callable[[], None], parent: QWidget) -> None:
        """Build the sum only; the denominations come with the first view."""
        super().__init__(parent)
        self._desk = desk
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.S)
        self._grid.setVerticalSpacing(tokens.XS)
        self._values: tuple[int, ...] = ()
        self.fields: dict[int, Field] = {}
        self.labels: dict[int, NumberLabel] = {}
        self.amounts: dict[int, NumberLabel] = {}
        self.rest_label = QLabel(self)
        self.rest = Field(self, keys=Keys.OWN)
        self.rest.textChanged.connect(self._count_rest)
        self.rest.returnPressed.connect(done)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.rest_label, 1)
        self._foot.addWidget(self.rest, 1)

    @property
    def order(self) -> tuple[Field, ...]:
        """The fields in the order in which they are counted."""
        return (*self.fields.values(), self.rest)

    def show_count(self, view: CountView, words: Words, style: Format) -> None:
        """Show ``view``; a field that means the same is left as it was typed."""
        values = tuple(each.value for each in view.pieces)
        if values != self._values or self._grid.count() == 0:
            self._build(values)
        for each in view.pieces:
            label, field, amount = self.labels[each.value], self.fields[each.value], self.amounts[each.value]
            label.setText(each.label)
            amount.setText(each.amount)
            field.setAccessibleName(words("Pieces of {amount}", amount=f"{each.label} {view.unit}"))
            if not view.problem:
                _say(field, style.digits(str(each.many)) if each.many else "")
        self.rest_label.setText(
            words("Counted otherwise ({unit})", unit=view.unit) if values else words("Cash ({unit})", unit=view.unit))
        self.rest.setAccessibleName(self.rest_label.text())
        if not view.problem:
            _say(self.rest, view.rest)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the arrows go from field to field, as down a list."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        held = next((place for place, each in enumerate(self.order) if each.hasFocus()), None)
        if step and held is not None:
            self.go_to(self.order[(held + step) % len(self.order)])
        else:
            super().keyPressEvent(event)

    def go_to(self, field: Field) -> None:
        """Let ``field`` be typed into, what is in it chosen so that a digit replaces it."""
        field.setFocus()
        field.selectAll()

    def _go_on(self, field: Field) -> None:
        """Enter goes to the next field; after the last it is done."""
        self.go_to(self.order[self.order.index(field) + 1])

    def _build(self, values: tuple[int, ...]) -> None:
        for widget in (*self.fields.values(), *self.labels.values(), *self.amounts.values()):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._grid.removeItem(self._foot)
        self._values = values
        self.fields, self.labels, self.amounts = {}, {}, {}
        rows = -(-len(values) // _COLUMNS)
        for place, value in enumerate(values):
            row, column = place % rows, place // rows * (_PARTS + 1)
            field = self.fields[value] = Field(self, keys=Keys.OWN)
            field.setFixedWidth(tokens.px(_FIELD_WIDTH))
            field.limit(_MOST_DIGITS)
            field.textChanged.connect(partial(self._desk.count, value))
            field.returnPressed.connect(partial(self._go_on, field))
            label = self.labels[value] = NumberLabel(Side.COLUMN, "", self)
            amount = self.amounts[value] = NumberLabel(Side.START, "caption", self)
            for offset, widget in enumerate((label, field, amount)):
                self._grid.addWidget(widget, row, column + offset)
            self._grid.setColumnStretch(column + _PARTS - 1, 1)
            label.setBuddy(field)
        self._grid.addLayout(self._foot, rows, 0, 1, -1 if values else 1)
        before: QWidget | None = None
        for each in self.order:
            if before:
                QWidget.setTabOrder(before, each)
            before = each

    def _count_rest(self, text: str) -> None:
        self._desk.count_rest(text)


def _say(field: Field, text: str) -> None:
    """Write ``text`` into ``field``, unless it says the same already: the caret of who types stays."""
    plain = fold_digits(field.text()).replace(",", "").replace("٬", "").strip()
    if plain != fold_digits(text).replace(",", "").replace("٬", ""):
        field.blockSignals(True)
        field.setText(text)
        field.blockSignals(False)
