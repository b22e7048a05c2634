"""The bar of keys at the foot of the window: what each key does, and the same for finger and mouse."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.qt import tokens
from ui.qt.labels import button, on_click
from ui.text import Words


class KeyBar(QWidget):
    """One button for each key: the key's name over what it does, so that ten of them fit a small screen."""

    def __init__(self, parent: QWidget) -> None:
        """Build an empty bar."""
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self._meanings: dict[str, str] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens.S)

    def add(self, key: str, meaning: str, act: Callable[[], None]) -> None:
        """Show ``key``, which means ``meaning`` (to be translated) and does ``act``."""
        made = self.buttons[key] = button("key", self)
        self._meanings[key] = meaning
        on_click(made, act)
        self._row.addWidget(made, 1)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        for key, made in self.buttons.items():
            meaning = words(self._meanings[key])
            made.setText(f"{key}\n{meaning}")
            made.setAccessibleName(meaning)
