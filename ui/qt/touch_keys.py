"""Keys for fingers in every field of a window: whoever touches a field gets them, whoever has a keyboard sees none.

One of these serves a whole window with its dialogs: a field looks for it upwards, so no dialog has to know of
it. The keys themselves (``letter_pad``) are loaded and made when somebody wants them: a start has no time for them.
"""

from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeGuard, cast, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from ui.text import Words

if TYPE_CHECKING:
    from ui.qt.letter_pad import LetterPad, Opener


class Keys(Enum):
    """What a field is typed with: WORDS of any language, CODES (a coupon, an e-mail: Latin first), DIGITS first, or OWN keys beside it."""

    WORDS = "words"
    CODES = "codes"
    DIGITS = "digits"
    OWN = "own"


TextWidget = QLineEdit | QPlainTextEdit


@runtime_checkable
class Typable(Protocol):
    """A field: ``typed_with`` says which keys it wants."""

    typed_with: Keys


class TouchKeys(QObject):
    """The keys of the window ``top`` and of all its dialogs.

    A finger in a field opens them at once. A mouse, and a screen that only says it were one, gets a key in
    the field that opens them: not every click is a wish for keys.
    """

    def __init__(self, top: QWidget) -> None:
        """Serve ``top``."""
        super().__init__(top)
        self._words = Words("en")
        self.pad: LetterPad | None = None
        self.opener: Opener | None = None
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._focused)

    def set_words(self, words: Words) -> None:
        """Speak another language; keys that are open close."""
        self._words = words
        self.put_away()

    def touched(self, field: TextWidget, *, by_finger: bool) -> None:
        """Open the keys for ``field``, or offer to."""
        if by_finger:
            self.open_for(field)
        elif self.pad is None:
            self._offer(field)

    def open_for(self, field: TextWidget) -> None:
        """Open the keys beside ``field``, which takes the focus."""
        from ui.qt.letter_pad import LetterPad

        field.setFocus()
        self.put_away()
        self.pad = LetterPad(self._words, self.put_away, field)
        self.pad.serve(field)

    def put_away(self) -> None:
        """Close the keys, and offer none."""
        gone, self.pad, self.opener = (self.pad, self.opener), None, None
        for each in gone:
            if each:
                each.go()

    def _offer(self, field: TextWidget) -> None:
        from ui.qt.letter_pad import Opener

        self.put_away()
        self.opener = Opener(field, self._words)
        self.opener.clicked.connect(lambda: self.open_for(field))

    def _focused(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Follow the focus to the next field; away from the fields close."""
        if self.opener and self.opener.field is not now:
            self.put_away()
        elif self.pad and self.pad.field is not now:
            if now and wants_keys(now) and now.window() is self.pad.parentWidget():
                self.pad.serve(now)
            else:
                self.put_away()


def wants_keys(widget: QWidget) -> TypeGuard[TextWidget]:
    """Return whether ``widget`` is a field that has no keys of its own beside it."""
    return isinstance(widget, Typable) and widget.typed_with is not Keys.OWN


def outermost(widget: QWidget) -> QWidget:
    """Return the window that ``widget`` is in, however many dialogs deep."""
    top = widget.window()
    while above := top.parentWidget():
        top = above.window()
    return top


def keys_of(widget: QWidget) -> TouchKeys | None:
    """Return the keys of the outermost window of ``widget``; None where it has none."""
    return outermost(widget).findChild(TouchKeys, options=Qt.FindChildOption.FindDirectChildrenOnly)


def open_keys(field: TextWidget) -> None:
    """Open the keys for ``field``, as a button beside it asks."""
    keys = keys_of(field)
    if keys:
        keys.open_for(field)


def released(field: TextWidget, event: QMouseEvent) -> None:
    """Tell the keys that ``field`` was touched: what a finger or a pen does comes as a mouse's doing that somebody made up."""
    keys = keys_of(field) if wants_keys(field) and field.rect().contains(event.position().toPoint()) else None
    if keys:
        keys.touched(field, by_finger=event.deviceType() is not QInputDevice.DeviceType.Mouse
                     or event.source() is not Qt.MouseEventSource.MouseEventNotSynthesized)
