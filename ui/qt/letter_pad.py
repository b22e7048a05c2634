"""Keys for fingers: a pad beside a field that types both alphabets, digits and signs into it; a keyboard does without it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.qt import tokens
from ui.qt.labels import button, on_click
from ui.qt.touch_keys import Keys, TextWidget, Typable, outermost
from ui.text import Words

ROWS = {"fa": ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپوژئآء"), "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm-@"),
        "signs": ("1234567890", "@.-_/:+*#", "?!(),;&%'")}
"""As on the keyboards of both languages, so that nobody has to look for a letter."""

SPACE, LESS, ENTER, CAPITALS, JOINER, CLOSE, DOT = " ", "⌫", "⏎", "↑", "\u200c", "×", "."
_FEET = {"fa": (JOINER, SPACE, DOT, LESS, ENTER, CLOSE), "en": (CAPITALS, SPACE, DOT, LESS, ENTER, CLOSE),
         "signs": (SPACE, LESS, ENTER, CLOSE)}
_FACES = {"fa": "فارسی", "en": "English", JOINER: "نیم‌فاصله"}
"""What is written on keys that show no character: the zero-width non-joiner is called half a space."""
_OTHER = {"fa": ("en", "signs"), "en": ("fa", "signs"), "signs": ("fa", "en")}
_PERSIAN = str.maketrans("1234567890?,;%", "۱۲۳۴۵۶۷۸۹۰؟،؛٪")
_KEY_WIDTH, _FRAME = 52, 2
_PRESSED = {LESS: (Qt.Key.Key_Backspace, ""), ENTER: (Qt.Key.Key_Return, "\r")}
_LETTERS = "ا ب پ", "ABC"


class LetterPad(QFrame):
    """Types into the ``field`` it serves as a keyboard would, never over it; ``done`` is called by its key that closes it.

    It takes no focus: a keyboard, a scanner and Enter go on as if it were not there. What is on a key is what it
    types: in a field for words Persian digits and signs beside Persian letters, in all others ASCII.
    """

    def __init__(self, words: Words, done: Callable[[], None], field: TextWidget) -> None:
        """Build it, closed, over the window of ``field``, which it will ``serve``."""
        # A tool tip, to the system: such a window stands where it is put, under no window manager, and takes no focus.
        super().__init__(field.window(), Qt.WindowType.ToolTip | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("card")
        self.setAccessibleName(words("Keys on the screen"))
        # Keyboards have their keys at the same places in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._words, self._done = words, done
        self.field = field
        self._last = words.language
        self.pages: dict[str, Letters] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(tokens.S,) * 4)

    @property
    def page(self) -> "Letters":
        """The keys that show."""
        return next(each for each in self.pages.values() if not each.isHidden())

    def serve(self, field: TextWidget) -> None:
        """Type into ``field`` from now on, and stand beside it."""
        if self.isVisible():
            self.field.cursorPositionChanged.disconnect(self._begin_word)
        self.field = field
        field.cursorPositionChanged.connect(self._begin_word)
        first = {Keys.CODES: "en", Keys.DIGITS: "signs"}
        self._last = "en" if self._typed_with is Keys.CODES else self._words.language
        self.turn(first.get(self._typed_with, self._last))
        self._stand()
        self.show()

    def turn(self, name: str) -> None:
        """Show the keys called ``name``: of a language, or the signs."""
        if name not in self.pages:
            self.pages[name] = Letters(name, self._words, self._press, self)
            self._grid.addWidget(self.pages[name], 0, 0)
        if name != "signs":
            self._last = name
        for each, page in self.pages.items():
            page.setVisible(each == name)
        self.page.write(persian=self._typed_with is Keys.WORDS and self._last == "fa")
        self._begin_word()

    def go(self) -> None:
        """Be gone."""
        self.hide()
        self.deleteLater()

    @property
    def _typed_with(self) -> Keys:
        return self.field.typed_with if isinstance(self.field, Typable) else Keys.WORDS

    def _press(self, face: str) -> None:
        """Do what the key ``face`` says; ``face`` may be the name of other keys."""
        if face in ROWS:
            self.turn(face)
        elif face == CLOSE:
            self._done()
        elif face == CAPITALS:
            self.page.write_capitals()
        else:
            self._type(*_PRESSED.get(face, (Qt.Key.Key_unknown, face)))

    def _type(self, key: Qt.Key, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self.field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        # What was typed may have moved the field, once its dialog has laid itself out anew.
        QTimer.singleShot(0, self, self._stand)

    def _begin_word(self) -> None:
        """Let a word begin with a capital, where there are capitals and words."""
        if self._typed_with is Keys.WORDS and CAPITALS in self.page.keys:
            before = _before(self.field)
            self.page.keys[CAPITALS].setChecked(not before or before.endswith((SPACE, "\n")))
            self.page.write_capitals()

    def _stand(self) -> None:
        """Stand below the field, above it where there is no room; inside the program's window."""
        top = outermost(self.field)
        room = QRect(top.mapToGlobal(QPoint(0, 0)), top.size())
        at = QRect(self.field.mapToGlobal(QPoint(0, 0)), self.field.size())
        self.adjustSize()
        x = max(room.left(), min(at.center().x() - self.width() // 2, room.right() + 1 - self.width()))
        below = at.bottom() + tokens.XS
        self.move(x, below if below + self.height() <= room.bottom() else at.top() - tokens.XS - self.height())


class Letters(QWidget):
    """The keys of one page: ``keys`` by what they stand for."""

    def __init__(self, name: str, words: Words, pressed: Callable[[str], None], parent: QWidget) -> None:
        """Build the keys; each calls ``pressed`` with what it types now."""
        super().__init__(parent)
        self._pressed = pressed
        self.keys: dict[str, QPushButton] = {}
        self._typing = [face for row in ROWS[name] for face in row]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        for row in ROWS[name]:
            column.addLayout(self._row(row))
        foot = self._row((*_OTHER[name], *_FEET[name]))
        foot.setStretchFactor(self.keys[SPACE], 1)
        column.addLayout(foot)
        says = {SPACE: words("Space"), LESS: words("Delete a character"), ENTER: words("Continue"), CLOSE: words("Close"),
                CAPITALS: words("Capital letters"), JOINER: words("Half a space"), "signs": words("Digits and signs")}
        for face, said in says.items():
            if face in self.keys:
                self.keys[face].setAccessibleName(said)
        self.keys[SPACE].setText(words("Space"))
        if "signs" in self.keys:
            self.keys["signs"].setText("۱۲۳" if name == "fa" else "123")
        if CAPITALS in self.keys:
            self.keys[CAPITALS].setCheckable(True)

    def write(self, *, persian: bool) -> None:
        """Have the signs be Persian, or ASCII."""
        for face in self._typing:
            self.keys[face].setText(_shown(face.translate(_PERSIAN) if persian else face))

    def write_capitals(self) -> None:
        """Have the letters be capitals while that key is down."""
        for face in self._typing:
            self.keys[face].setText(_shown(face.upper() if self.keys[CAPITALS].isChecked() else face))

    def _row(self, faces: "str | tuple[str, ...]") -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.XS)
        for face in faces:
            key = self.keys[face] = button("menuKey" if face in _FACES else "numberKey", self)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setText(_FACES.get(face, face))
            key.setMinimumWidth(tokens.px(_KEY_WIDTH))
            on_click(key, partial(self._press, face))
            row.addWidget(key)
        return row

    def _press(self, face: str) -> None:
        self._pressed(self.keys[face].text().replace("&&", "&") if face in self._typing else face)


class Opener(QPushButton):
    """A key inside ``field``, at the end of its text, that offers the keys; the text keeps clear of it until it is gone."""

    def __init__(self, field: TextWidget, words: Words) -> None:
        """Stand in ``field``."""
        super().__init__(field)
        self.field = field
        self.setObjectName("fieldKey")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setText(_LETTERS[0 if words.rtl else 1])
        self.setAccessibleName(words("Keys on the screen"))
        self.ensurePolished()
        self.resize(max(tokens.BUTTON, self.sizeHint().width()), min(field.height(), tokens.BUTTON))
        rtl = field.layoutDirection() == Qt.LayoutDirection.RightToLeft
        # The frame that shows the focus stays seen.
        self.move(_FRAME if rtl else field.width() - self.width() - _FRAME, field.height() - self.height() - _FRAME // 2)
        self._clear(self.width() if rtl else 0, 0 if rtl else self.width())
        self.show()

    def go(self) -> None:
        """Be gone."""
        self._clear(0, 0)
        self.hide()
        self.deleteLater()

    def _clear(self, left: int, right: int) -> None:
        if isinstance(self.field, QLineEdit):
            self.field.setTextMargins(left, 0, right, 0)


def _shown(face: str) -> str:
    """Return how ``face`` is written on a key, where an ampersand alone would mark a shortcut."""
    return face.replace("&", "&&")


def _before(field: TextWidget) -> str:
    """Return the text before the caret of ``field``."""
    if isinstance(field, QLineEdit):
        return field.text()[:field.cursorPosition()]
    return field.toPlainText()[:field.textCursor().position()]
