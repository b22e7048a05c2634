"""Cash into or out of the drawer without a sale; and what a closed shift had wrong."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from station.errors import StationError
from station.shift import CashReason, CountReason
from station.tender import TenderKind
from ui.presenters.cash_desk import CashDesk
from ui.presenters.shift_words import PUT_FOR, TAKEN_FOR
from ui.qt import tokens
from ui.qt.labels import Field, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views_shift import CorrectionView

_WIDTH, _WIDE = 640, 860
_ROW = 50

T = TypeVar("T")


class Choices(QListWidget):
    """A list of which one is always chosen; at most ``most`` rows are seen at once."""

    def __init__(self, parent: QWidget, most: int = 4) -> None:
        """Build it empty."""
        super().__init__(parent)
        self._most = most

    def offer(self, choices: Sequence[tuple[object, str]]) -> None:
        """Show ``choices``: what each stands for, and what it is called."""
        self.clear()
        for value, text in choices:
            item = QListWidgetItem(text, self)
            item.setData(Qt.ItemDataRole.UserRole, value)
        self.setCurrentRow(0)
        self.setFixedHeight(max(1, min(len(choices), self._most)) * tokens.px(_ROW) + tokens.XS)

    def chosen(self, kind: Callable[[str], T]) -> T | None:
        """Return what is chosen as a ``kind``, None where there is nothing to choose."""
        item = self.currentItem()
        return kind(item.data(Qt.ItemDataRole.UserRole)) if item else None


class _Amount(QDialog):
    """A dialog that takes an amount, typed or touched, and says what was wrong with it."""

    def __init__(self, parent: QWidget, width: int) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setMinimumWidth(tokens.px(width))
        self.title, self.amount_label, self.problem = (QLabel(self) for _ in range(3))
        for label, name in ((self.title, "heading"), (self.amount_label, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.amount = Field(self, keys=Keys.OWN)
        self.amount.textChanged.connect(self.problem.clear)
        self.pad = NumberPad(self)
        self.pad.serve(self.amount)
        self.back = button("plain", self)
        on_click(self.back, self.reject)
        self._fault: Callable[[StationError], str] = str

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._fault = words.error
        self.back.setText(keyed(words("Back"), "Esc"))
        self.pad.set_words(words)

    def keeps(self) -> bool:
        """Return whether an amount was typed."""
        return bool(self.amount.text())

    def refuse(self, said: str) -> None:
        """Say why goods were not taken."""
        self.problem.setText(said)

    def ask_amount(self, unit: str, words: Words) -> None:
        """Say in which ``unit`` the amount is typed."""
        self.amount_label.setText(words("Amount ({unit})", unit=unit))
        self.amount.setAccessibleName(self.amount_label.text())

    def _try(self, act: Callable[[], str]) -> None:
        try:
            self.problem.setText(act())
        except StationError as fault:
            self.problem.setText(self._fault(fault))


class CashDialog(_Amount):
    """Enter in the amount does it; the dialog closes once it is in the journal."""

    def __init__(self, desk: CashDesk, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent, _WIDTH)
        self._desk = desk
        self._out = False
        self.reasons = Choices(self)
        self.act = button("primary", self)
        on_click(self.act, self._move)
        self.amount.returnPressed.connect(self._move)
        column = QVBoxLayout()
        column.setSpacing(tokens.S)
        for widget in (self.amount_label, self.amount, self.reasons, self.problem):
            column.addWidget(widget)
        column.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(tokens.S)
        for below in (self.pad, self.act, self.back):
            side.addWidget(below)
        row = QHBoxLayout()
        row.setSpacing(tokens.L)
        row.addLayout(column, 1)
        row.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        whole.setSpacing(tokens.M)
        whole.addWidget(self.title)
        whole.addLayout(row)

    def start(self, words: Words, unit: str, *, out: bool) -> None:
        """Ask how much goes ``out`` of the drawer, or into it, and why."""
        self._out = out
        self.set_words(words)
        self.setWindowTitle(words("Cash out of the drawer") if out else words("Cash into the drawer"))
        self.title.setText(self.windowTitle())
        self.ask_amount(unit, words)
        self.reasons.offer([(each.value, words(text)) for each, text in (TAKEN_FOR if out else PUT_FOR).items()])
        self.reasons.setAccessibleName(words("Reason"))
        self.act.setText(keyed(words("Take it out") if out else words("Put it in"), "Enter"))
        self.amount.empty()
        self.problem.clear()
        self.amount.setFocus()
        self.open()

    def _move(self) -> None:
        reason = self.reasons.chosen(CashReason)
        if reason:
            self._try(lambda: self._desk.move(self.amount.text(), reason, out=self._out))


class CorrectionDialog(_Amount):
    """Which shift, which means, why; then how much, by one of two keys: too little was booked, or too much."""

    def __init__(self, desk: CashDesk, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent, _WIDE)
        self._desk = desk
        self.shifts, self.means, self.reasons = Choices(self, 3), Choices(self), Choices(self)
        self.more, self.less = button("secondary", self), button("secondary", self)
        for pressed, less in ((self.more, False), (self.less, True)):
            pressed.setAutoDefault(True)
            pressed.clicked.connect(lambda _checked, less=less: self._correct(less=less))
        grid = QGridLayout(self)
        grid.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        grid.setSpacing(tokens.S)
        grid.addWidget(self.title, 0, 0, 1, 3)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.shifts, 1, 0, 1, 2, top)
        grid.addWidget(self.means, 2, 0, top)
        grid.addWidget(self.reasons, 2, 1, top)
        grid.setRowStretch(2, 1)
        side = QVBoxLayout()
        side.setSpacing(tokens.S)
        for widget in (self.amount_label, self.amount, self.pad):
            side.addWidget(widget)
        side.addStretch(1)
        grid.addLayout(side, 1, 2, 2, 1)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.S)
        for pressed in (self.more, self.less, self.back):
            foot.addWidget(pressed)
        grid.addWidget(self.problem, 3, 0, 1, 3)
        grid.addLayout(foot, 4, 0, 1, 3)

    def start(self, view: CorrectionView, words: Words) -> None:
        """Ask what was wrong with one of the shifts of ``view``."""
        self.set_words(words)
        self.setWindowTitle(words("Correct a closed shift"))
        self.title.setText(words("What did a closed shift have wrong? It stays as it was; the correction is booked today."))
        self.ask_amount(view.unit, words)
        self.shifts.offer([(str(each.number), each.title) for each in view.shifts])
        self.means.offer([(kind.value, text) for kind, text in view.means])
        self.reasons.offer([(reason.value, text) for reason, text in view.reasons])
        for widget, name in ((self.shifts, words("Shift")), (self.means, words("Paid by")), (self.reasons, words("Reason"))):
            widget.setAccessibleName(name)
        self.more.setText(words("Too little was booked"))
        self.less.setText(words("Too much was booked"))
        self.amount.empty()
        self.problem.setText("" if view.shifts else words("No shift was closed in the last month."))
        self.shifts.setFocus()
        self.open()

    def _correct(self, *, less: bool) -> None:
        shift, kind = self.shifts.chosen(int), self.means.chosen(TenderKind)
        reason = self.reasons.chosen(CountReason)
        if shift and kind and reason:
            self._try(lambda: self._desk.correct(shift, kind, self.amount.text(), reason, less=less))
