"""A pad of digits for fingers, that types into the field in hand; a keyboard does without it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from ui.format import Format
from ui.qt import tokens
from ui.qt.labels import Field, button, on_click
from ui.text import Words

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "000")
_COLUMNS = 3
_KEY_WIDTH = 64


class NumberPad(QWidget):
    """Serves the fields given to ``serve``: the one that has the focus, else the first of them."""

    def __init__(self, parent: QWidget) -> None:
        """Build the keys."""
        super().__init__(parent)
        # A keypad reads from the left in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._fields: tuple[Field, ...] = ()
        self._style = Format("en")
        self.keys: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.S)
        for place, face in enumerate(_KEYS):
            key = self.keys[face] = button("numberKey", self)
            # Whoever has a keyboard goes from field to field, not through twelve keys.
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setText(face)
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            key.setMinimumWidth(tokens.px(_KEY_WIDTH))
            on_click(key, self._less if face == "⌫" else partial(self._more, face))
            grid.addWidget(key, place // _COLUMNS, place % _COLUMNS)

    def serve(self, *fields: Field) -> None:
        """Type into ``fields``."""
        self._fields = fields

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._style = Format(words.language)
        for face, key in self.keys.items():
            if face.isdecimal():
                key.setText(self._style.digits(face))
        self.keys["⌫"].setAccessibleName(words("Delete a digit"))

    def _field(self) -> Field | None:
        """Return the field to type into, with the focus in it."""
        shown = [each for each in self._fields if each.isVisible() and each.isEnabled()]
        found = next((each for each in shown if each is self.window().focusWidget()), shown[0] if shown else None)
        if found:
            found.setFocus()
        return found

    def _more(self, digits: str) -> None:
        field = self._field()
        if field:
            field.insert(self._style.digits(digits))

    def _less(self) -> None:
        field = self._field()
        if field:
            field.backspace()
