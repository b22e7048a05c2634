"""Labels that stay on their side in both directions, status chips, and buttons that keep the focus."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QLineEdit, QPushButton, QWidget

from drivers.bank_cards import Lane, is_bank_card
from ui.qt import tokens
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.touch_keys import Keys, released
from ui.views import Chip, Tone

_ABSOLUTE = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | _ABSOLUTE
LEFT = Qt.AlignmentFlag.AlignLeft | _ABSOLUTE


class Side(Enum):
    """Where a figure stands: where reading starts, where it ends, or at the right as in a column."""

    START = "start"
    END = "end"
    COLUMN = "column"


class NumberLabel(QLabel):
    """A figure; with ``even``, as all money and quantities are, its digits are of one width.

    A text without a strong letter has no direction of its own, so Qt would put it at the left of a
    right-to-left window: the side is set absolutely and follows the layout's direction.
    """

    def __init__(self, side: Side, name: str, parent: QWidget | None, *, even: bool = True) -> None:
        """Make an empty label styled by ``name``."""
        super().__init__(parent)
        self._side = side
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if even:
            self.setFont(figures(self.font()))
        self._align()

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow a change of direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setAlignment(RIGHT if self._side is Side.COLUMN or rtl == (self._side is Side.START) else LEFT)


class Field(QLineEdit):
    """A field whose text and caret stand where reading starts, and that holds no bank card's number.

    Left to itself Qt follows the keyboard's language while the field is empty, and digits. A bank
    card's number is taken out the moment it is complete, with the field's undo history;
    ``bank_card`` then tells.
    """

    bank_card = Signal()

    def __init__(self, parent: QWidget, lane: Lane = Lane.TEXT, keys: Keys = Keys.WORDS) -> None:
        """Build the empty field; ``lane`` says what its text may otherwise be, ``keys`` what a finger types it with."""
        super().__init__(parent)
        self._lane, self.typed_with = lane, keys
        self._most = 0
        self.textChanged.connect(self._guard)
        self._align()

    def limit(self, characters: int) -> None:
        """Keep so many characters and no more. ``setMaxLength`` would cut a bank card's number before it is known as one."""
        self._most = characters

    def empty(self) -> None:
        """Take the text out together with the undo history, which ``clear`` would leave."""
        self.setText("")

    @Slot(str)
    def _guard(self, text: str) -> None:
        if is_bank_card(text, self._lane):
            self.empty()
            self.bank_card.emit()
        elif self._most and len(text) > self._most:
            self.setText(text[:self._most])

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Have keys for fingers where one touched the field."""
        super().mouseReleaseEvent(event)
        released(self, event)

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow a change of direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        self.setAlignment(RIGHT if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else LEFT)


class ElidedLabel(NumberLabel):
    """A label that shortens its text with an ellipsis instead of widening the window.

    It stands where reading starts in the window's language, whatever the text's own direction: a
    Persian name in an English window stays beside its caption.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty label styled by ``name``."""
        super().__init__(Side.START, name, parent, even=False)
        self._whole = ""

    def say(self, text: str) -> None:
        """Show ``text``, or as much of it as fits."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    @guarded(QSize())
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    @guarded(QSize())
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for the width of the whole text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + tokens.XS, super().sizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Shorten the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        if short != self.text():
            self.setText(short)


class ChipLabel(QLabel):
    """A rounded patch with a short status; ``dot`` draws a mark before it."""

    def __init__(self, parent: QWidget | None = None, *, dot: bool = False) -> None:
        """Make an empty chip."""
        super().__init__(parent)
        self._dot = dot
        self.setObjectName("chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def say(self, chip: Chip) -> None:
        """Show ``chip``."""
        self.setText(f"● {chip.text}" if self._dot else chip.text)
        self.setToolTip(chip.hint)
        self.setAccessibleName(chip.text)
        self.setAccessibleDescription(chip.hint)
        set_tone(self, chip.tone)


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Colour ``widget`` by ``tone`` through the style sheet."""
    if widget.property("tone") != tone.value:
        widget.setProperty("tone", tone.value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(name: str, parent: QWidget | None = None) -> QPushButton:
    """Return a button styled by ``name`` that a click does not give the focus to.

    The focus stays in the scan field, so that the next scan is never lost; Tab reaches the button.
    """
    made = QPushButton(parent)
    made.setObjectName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(False)
    return made


def on_click(pressed: QPushButton, act: Callable[[], None]) -> None:
    """Do ``act`` whenever ``pressed`` is clicked."""
    pressed.clicked.connect(lambda _checked: act())


def keys_follow(group: QButtonGroup) -> None:
    """Let the keys go on with the button of ``group`` that was chosen, where they were with another of it.

    A touch gives no button the focus: the frame that shows it would stay on one that is not chosen any more.
    """
    def follow(chosen: QAbstractButton, on: bool) -> None:  # noqa: FBT001 - a slot
        if on and any(each.hasFocus() for each in group.buttons()):
            chosen.setFocus()

    group.buttonToggled.connect(follow)


def keyed(text: str, key: str) -> str:
    """Return the wording of a button that ``key`` presses too."""
    return f"{text}  {key}"
