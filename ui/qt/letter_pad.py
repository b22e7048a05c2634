"""Letters for fingers: a pad over the page that types a name into its field; a keyboard does without it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import Field, button, on_click
from ui.text import Words

ROWS = {"fa": ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپوژئآ"), "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm-'")}
"""As on the keyboards of both languages, so that nobody has to look for a letter."""

SPACE, LESS = " ", "⌫"
_OTHER, _FACES = {"fa": "en", "en": "fa"}, {"fa": "فارسی", "en": "English"}
_KEY_WIDTH = 48
_CLOSE = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LetterPad(QFrame):
    """Types into ``field``; a tap beside the pad, Enter or Escape closes it.

    While it is open it hears the keyboard as well, and hands letters on.
    """

    def __init__(self, field: Field, parent: QWidget) -> None:
        """Build it, closed."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._field = field
        # Keyboards have their keys at the same places in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.pages = {language: Letters(rows, self._type, partial(self._turn, _OTHER[language]), self)
                      for language, rows in ROWS.items()}
        grid = QGridLayout(self)
        for page in self.pages.values():
            grid.addWidget(page, 0, 0)

    def set_words(self, words: Words) -> None:
        """Speak another language, and begin with its letters."""
        self.setAccessibleName(words("Letters"))
        for language, page in self.pages.items():
            page.keys[LESS].setAccessibleName(words("Delete a letter"))
            page.keys[SPACE].setText(words("Space"))
            page.other.setText(_FACES[_OTHER[language]])
        self._turn(words.language)

    def open_over(self, widget: QWidget) -> None:
        """Open below ``widget``, inside the screen."""
        self.adjustSize()
        room = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + tokens.XS))
        x = max(room.left(), min(corner.x(), room.right() - self.width()))
        y = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Hand letters on; Enter and Escape close the pad: no other widget hears a key while it is open."""
        if event.key() in _CLOSE:
            self.close()
        elif event.key() == Qt.Key.Key_Backspace:
            self._field.backspace()
        elif event.text() and event.text().isprintable():
            self._field.insert(event.text())
        else:
            super().keyPressEvent(event)

    def _turn(self, language: str) -> None:
        for each, page in self.pages.items():
            page.setVisible(each == language)

    def _type(self, face: str) -> None:
        """Take a letter; one that begins a word is a capital where there are capitals."""
        begins = not self._field.text() or self._field.text().endswith(SPACE)
        if face == LESS:
            self._field.backspace()
        else:
            self._field.insert(face.upper() if begins else face)


class Letters(QWidget):
    """The letters of one language: ``keys`` by what they type, ``other`` goes to the other language's."""

    def __init__(self, rows: tuple[str, ...], typed: Callable[[str], None], turn: Callable[[], None], parent: QWidget) -> None:
        """Build the keys."""
        super().__init__(parent)
        self.keys: dict[str, QPushButton] = {}
        self.other = self._key("")
        on_click(self.other, turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        for row in rows:
            column.addLayout(self._row([self._typing(face, typed) for face in row]))
        foot = self._row([self.other])
        foot.addWidget(self._typing(SPACE, typed), 1)
        foot.addWidget(self._typing(LESS, typed))
        column.addLayout(foot)

    def _typing(self, face: str, typed: Callable[[str], None]) -> QPushButton:
        key = self.keys[face] = self._key(face)
        on_click(key, partial(typed, face))
        return key

    def _key(self, face: str) -> QPushButton:
        key = button("numberKey", self)
        key.setText(face)
        key.setMinimumWidth(tokens.px(_KEY_WIDTH))
        return key

    @staticmethod
    def _row(keys: list[QPushButton]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.XS)
        for key in keys:
            row.addWidget(key)
        return row
