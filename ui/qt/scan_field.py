"""The field everything typed or scanned arrives in, and the keys that act on the basket from it."""

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from drivers.bank_cards import Lane
from ui.qt.guard import guarded
from ui.qt.labels import Field
from ui.qt.touch_keys import Keys
from ui.text import Words


class LineKey(Enum):
    """What a key in the empty field does to the selected line."""

    MORE = "more"
    LESS = "less"
    REMOVE = "remove"
    NEXT = "next"
    PREVIOUS = "previous"


_BY_KEY = {Qt.Key.Key_Delete: LineKey.REMOVE, Qt.Key.Key_Down: LineKey.NEXT, Qt.Key.Key_Up: LineKey.PREVIOUS}
_BY_TEXT = {"+": LineKey.MORE, "-": LineKey.LESS, "−": LineKey.LESS}
_TIMES = ("*", "×")


class ScanField(Field):
    """``entered`` carries a finished text, ``pressed`` a ``LineKey`` while nothing is typed."""

    entered = Signal(str)
    pressed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Build the empty field."""
        super().__init__(parent, Lane.BARCODE, Keys.DIGITS)
        self.setObjectName("scan")
        self.setMaxLength(200)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setPlaceholderText(words("Scan a card or an item…"))
        self.setAccessibleName(words("Card or item"))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Take Enter and the line keys; everything else is typing."""
        act = _BY_KEY.get(Qt.Key(event.key())) or _BY_TEXT.get(event.text())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif act and not self.text():
            self.pressed.emit(act)
        else:
            super().keyPressEvent(event)

    def take_times(self) -> str:
        """Take out and return a quantity that was typed with its asterisk, to stand before what is scanned.

        Without one, or behind an open dialog, that is "".
        """
        text = self.text().strip()
        if QApplication.activeModalWidget() or not text.endswith(_TIMES):
            return ""
        self.empty()
        return text

    def _enter(self) -> None:
        text = self.text().strip()
        self.empty()
        if text:
            self.entered.emit(text)
