"""Digits for fingers: a small pad over the page that types into whatever was typed into last."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.format import Format, fold_digits
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import button, on_click
from ui.text import Words

_KEYS = "789456123⌫0."
_COLUMNS = 3
_KEY_WIDTH = 72
_CLOSE = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DigitPad(QFrame):
    """``typed`` gets an ASCII digit, "." or "⌫" for each key.

    A tap beside the pad, Enter or Escape closes it. While it is open it hears the keyboard as well, and hands
    figures on.
    """

    def __init__(self, typed: Callable[[str], None], parent: QWidget) -> None:
        """Build it, closed."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._typed = typed
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # A keypad reads from the left in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(self)
        grid.setSpacing(tokens.S)
        self.keys = {}
        for place, face in enumerate(_KEYS):
            key = self.keys[face] = button("padKey", self)
            key.setText(face)
            key.setFixedWidth(tokens.px(_KEY_WIDTH))
            on_click(key, partial(typed, face))
            grid.addWidget(key, place // _COLUMNS, place % _COLUMNS)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        style = Format(words.language)
        for face, key in self.keys.items():
            if face.isdecimal():
                key.setText(style.number(int(face)))
        self.keys["⌫"].setAccessibleName(words("Delete a digit"))
        self.keys["."].setAccessibleName(words("Decimal point"))
        self.setAccessibleName(words("Digits"))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Hand figures on; Enter and Escape close the pad: no other widget hears a key while it is open."""
        face = "⌫" if event.key() == Qt.Key.Key_Backspace else fold_digits(event.text())
        if event.key() in _CLOSE:
            self.close()
        elif face and face in _KEYS:
            self._typed(face)
        else:
            super().keyPressEvent(event)

    def open_over(self, widget: QWidget) -> None:
        """Open beside ``widget``, inside the window."""
        self.adjustSize()
        room = widget.window().geometry()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + tokens.XS))
        x = max(room.left(), min(corner.x(), room.right() - self.width()))
        y = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
