"""A price or a discount by hand: on the line or the basket, how much, what for; what it comes to is told while it is typed."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.hand import REASONS, Hand, HandForm, HandView, How
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ElidedLabel, Field, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.qt.touch_keys import Keys
from ui.text import Words, mark

_WIDTH, _REASONS_ACROSS = 840, 2
_HOW = {How.PERCENT: mark("Per cent"), How.AMOUNT: mark("Amount off"), How.PRICE: mark("Price of a piece")}
_FIELD = {How.PERCENT: mark("Per cent off"), How.AMOUNT: mark("Amount off in {unit}"),
          How.PRICE: mark("Price of a piece in {unit}")}


class HandDialog(QDialog):
    """Opens on the selected line. Enter gives, or goes to the reasons where one is missing; the arrows choose one."""

    def __init__(self, hand: Hand, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._hand = hand
        self._words = Words("en")
        self._line: int | None = None
        self.setModal(True)
        self.on_line, self.on_basket = self._toggles(2)
        self.how = dict(zip(How, self._toggles(len(How)), strict=True))
        self.field = Field(self, keys=Keys.DIGITS)
        self.why = QLabel(self)
        self.reasons = dict(zip(REASONS, self._toggles(len(REASONS)), strict=True))
        self.instead = QCheckBox(self)
        self.outcome, self.needs, self.problem = (QLabel(self) for _ in range(3))
        for label, name in ((self.why, "caption"), (self.outcome, "heading"), (self.needs, "doubt"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.pad = NumberPad(self)
        self.pad.serve(self.field)
        self.given = QVBoxLayout()
        self.back, self.give = button("plain", self), button("primary", self)
        self._arrange()
        self._connect()

    def set_words(self, words: Words) -> None:
        """Speak another language; what stands in the dialog follows with the next ``start``."""
        self._words = words
        self.setWindowTitle(words("Discount by hand"))
        self.on_basket.setText(words("The whole basket"))
        for how, toggle in self.how.items():
            toggle.setText(words(_HOW[how]))
        for reason, toggle in self.reasons.items():
            toggle.setText(words(reason))
        self.why.setText(words("What for?"))
        self.instead.setText(words("In place of promotions"))
        self.give.setText(keyed(words("Give"), "Enter"))
        self.back.setText(keyed(words("Back"), "Esc"))
        self.pad.set_words(words)

    def start(self) -> None:
        """Open on the selected line, empty."""
        self._line = self._hand.selected()
        self.setMinimumWidth(tokens.px(_WIDTH))
        for toggle in self.reasons.values():
            group = toggle.group()
            group.setExclusive(False)
            toggle.setChecked(False)
            group.setExclusive(True)
        self.instead.setChecked(False)
        self.on_line.setChecked(True)
        self.how[How.PERCENT].setChecked(True)
        self.field.empty()
        self._show()
        self.field.setFocus()
        self.open()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose a reason with the arrows; give on Enter."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step:
            self._next_reason(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)

    @property
    def form(self) -> HandForm:
        """What stands in the dialog."""
        how = next(each for each, toggle in self.how.items() if toggle.isChecked())
        reason = next((each for each, toggle in self.reasons.items() if toggle.isChecked()), "")
        line = self._line if self.on_line.isChecked() else None
        return HandForm(line, how, self.field.text(), reason, self.instead.isChecked())

    def _show(self) -> None:
        """Show what the form comes to."""
        form, words = self.form, self._words
        if form.how is How.PRICE and form.line is None:
            self.how[How.PERCENT].setChecked(True)
            return
        view = self._hand.view(form)
        self.on_line.setText(self._hand.view(HandForm(self._line)).target)
        self.how[How.PRICE].setEnabled(form.line is not None)
        hint = words(_FIELD[form.how], unit=self._hand.unit)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.outcome.setText(words("Now {before}, then {after} ({off})", before=view.before, after=view.after, off=view.off)
                            if view.off else words("Now {before}", before=view.before))
        self.needs.setText(view.needs)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        self.needs.setVisible(not view.problem)
        self.give.setEnabled(view.ready)
        self._list(view)

    def _list(self, view: HandView) -> None:
        """List what was given already, each with the button that takes it back."""
        while item := self.given.takeAt(0):
            if made := item.widget():
                made.hide()
                made.deleteLater()
        for row in view.given:
            line = QWidget(self)
            layout = QHBoxLayout(line)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(tokens.S)
            text, back = ElidedLabel("caption", line), button("secondary", line)
            text.say(row.text)
            text.setToolTip(row.text)
            take_back = self._words("Take back")
            back.setText(take_back)
            back.setAccessibleName(f"{take_back}: {row.text}")
            on_click(back, partial(self._take_back, row.number))
            layout.addWidget(text, 1)
            layout.addWidget(back)
            self.given.addWidget(line)

    def _take_back(self, number: int) -> None:
        self._hand.take_back(number)
        self._show()

    def _enter(self) -> None:
        form = self.form
        if self.give.isEnabled():
            self.accept()
            self._hand.give(form)
        elif form.typed and not form.reason:
            self._next_reason(1)

    def _next_reason(self, step: int) -> None:
        toggles = list(self.reasons.values())
        at = next((place for place, each in enumerate(toggles) if each.isChecked()), -1 if step > 0 else 0)
        toggles[(at + step) % len(toggles)].setChecked(True)

    def _toggles(self, count: int) -> Sequence[QPushButton]:
        group = QButtonGroup(self)
        made = [button("toggle", self) for _ in range(count)]
        for each in made:
            each.setCheckable(True)
            group.addButton(each)
        made[0].setChecked(True)
        return made

    def _connect(self) -> None:
        on_click(self.back, self.reject)
        on_click(self.give, self._enter)
        self.field.textChanged.connect(lambda _text: self._show())
        for toggle in (self.on_line, self.on_basket, *self.how.values(), *self.reasons.values(), self.instead):
            toggle.toggled.connect(self._toggled)

    def _toggled(self, checked: bool) -> None:  # noqa: FBT001 (Qt's signature)
        if checked or self.sender() is self.instead:
            self._show()

    def _arrange(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(tokens.S)
        for toggles in ((self.on_line, self.on_basket), tuple(self.how.values())):
            form.addLayout(_row(toggles))
        form.addWidget(self.field)
        form.addWidget(self.why)
        grid = QGridLayout()
        grid.setSpacing(tokens.S)
        for place, toggle in enumerate(self.reasons.values()):
            grid.addWidget(toggle, place // _REASONS_ACROSS, place % _REASONS_ACROSS)
        form.addLayout(grid)
        form.addWidget(self.instead)
        side = QVBoxLayout()
        side.setSpacing(tokens.S)
        side.addWidget(self.pad)
        side.addLayout(self.given)
        side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(tokens.XL)
        columns.addLayout(form, 3)
        columns.addLayout(side, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.M, tokens.XL, tokens.M)
        column.setSpacing(tokens.S)
        column.addLayout(columns)
        for label in (self.outcome, self.needs, self.problem):
            column.addWidget(label)
        column.addLayout(_row((self.back, self.give), apart=True))


def _row(widgets: Sequence[QWidget], *, apart: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(tokens.S)
    for place, widget in enumerate(widgets):
        if place and apart:
            row.addStretch(1)
        row.addWidget(widget, 0 if apart else 1)
    return row
