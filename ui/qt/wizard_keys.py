"""Keys on the screen for addresses and codes, where there is no keyboard."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.qt import tokens
from ui.qt.labels import button, on_click
from ui.text import Words

DELETE = "⌫"
_ROWS = "1234567890-./:", f"abcdefghijklm{DELETE}", "nopqrstuvwxyz"


class WizardKeys(QWidget):
    """``typed`` gets the character of a key, or ``DELETE``. The keys stand in the same place in every language."""

    def __init__(self, typed: Callable[[str], None], parent: QWidget) -> None:
        """Build the keys."""
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.XS)
        self.keys: dict[str, QPushButton] = {}
        for row, faces in enumerate(_ROWS):
            for column, face in enumerate(faces):
                self._add(face, typed, grid, row, column)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.keys[DELETE].setAccessibleName(words("Delete a character"))

    def _add(self, face: str, typed: Callable[[str], None], grid: QGridLayout, row: int, column: int) -> None:
        key = self.keys[face] = button("digitKey", self)
        key.setText(face)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        on_click(key, partial(typed, face))
        grid.addWidget(key, row, column)
