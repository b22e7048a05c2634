"""A field for a PIN with a keypad for fingers beside it; the keyboard types into the field as well."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from station.pins import MOST_DIGITS
from ui.format import Format
from ui.qt import tokens
from ui.qt.labels import Field, button, on_click
from ui.qt.touch_keys import Keys
from ui.text import Words

_KEYS = "123456789⌫0⏎"
_COLUMNS = 3
_KEY_WIDTH = 72


class PinPad(QWidget):
    """``entered`` gets what was typed; the field is empty by then, and never shows a digit.

    ``who``, ``hint`` and ``problem`` stand around the field, for whoever asks.
    """

    def __init__(self, entered: Callable[[str], None], parent: QWidget) -> None:
        """Build the empty field and its keys."""
        super().__init__(parent)
        self._entered = entered
        self.who, self.hint, self.problem = (QLabel(self) for _ in range(3))
        for label, name in ((self.who, "heading"), (self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.field = Field(self, keys=Keys.OWN)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.limit(MOST_DIGITS)
        self.field.returnPressed.connect(self._enter)
        pad = QWidget(self)
        # A keypad reads from the left in every language.
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(pad)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.S)
        acts = {"⌫": self._less, "⏎": self._enter}
        self.keys = {}
        for place, face in enumerate(_KEYS):
            key = self.keys[face] = button("padKey", pad)
            key.setText(face)
            key.setFixedWidth(tokens.px(_KEY_WIDTH))
            on_click(key, acts.get(face, partial(self._more, face)))
            grid.addWidget(key, place // _COLUMNS, place % _COLUMNS)
        column = QVBoxLayout()
        column.setSpacing(tokens.M)
        for widget in (self.who, self.hint, self.field, self.problem):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.XL)
        row.addLayout(column, 1)
        row.addWidget(pad)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.field.setAccessibleName(words("PIN"))
        style = Format(words.language)
        for face, key in self.keys.items():
            if face.isdecimal():
                key.setText(style.number(int(face)))
        self.keys["⌫"].setAccessibleName(words("Delete a digit"))
        self.keys["⏎"].setAccessibleName(words("Continue"))

    def start(self, who: str, hint: str, problem: str) -> None:
        """Take a new PIN of ``who``."""
        self.who.setText(who)
        self.hint.setText(hint)
        self.problem.setText(problem)
        self.field.empty()
        self.field.setFocus()

    def _enter(self) -> None:
        text = self.field.text()
        self.field.empty()
        self._entered(text)

    def _more(self, digit: str) -> None:
        self.field.setText(self.field.text() + digit)
        self.field.setFocus()

    def _less(self) -> None:
        self.field.backspace()
        self.field.setFocus()
