"""The cashier's name in the top bar as a key: one touch locks the till."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from ui.qt import tokens
from ui.qt.guard import guarded

_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show})
_TOUCHED, _POINTED_AT = 68, 34
"""How much of its colour lies over the name, of 255."""


class LockKey(QPushButton):
    """Lies over ``name``, as high as a finger needs, and shows itself only under pointer, finger and focus.

    The bar is lower than that: the key reaches up to the edge of the window and down to the page below, which
    covers the last pixels of it on a low screen. What it shows is as high as the name.
    """

    def __init__(self, name: QWidget, bar: QWidget, ground: QWidget) -> None:
        """Build the hidden key on ``ground``, which holds the ``bar`` that holds ``name``."""
        super().__init__(ground)
        self._name, self._ground = name, ground
        self._shown = QRectF()
        self.setObjectName("who")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()
        for each in (name, bar):
            each.installEventFilter(self)

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the name wherever the layout puts it."""
        if event.type() in _MOVES:
            self._follow()
        return super().eventFilter(watched, event)

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tint the name under pointer and finger, and draw the ring of the focus; the name itself is the bar's."""
        ring = tokens.FOCUS_RING if self.hasFocus() else 0
        tint = QColor(self.palette().buttonText().color())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tint, ring) if ring else Qt.PenStyle.NoPen)
            tint.setAlpha(_TOUCHED if self.isDown() else _POINTED_AT if self.underMouse() else 0)
            painter.setBrush(tint)
            edge = ring / 2
            painter.drawRoundedRect(self._shown.adjusted(edge, edge, -edge, -edge), tokens.S, tokens.S)

    def _follow(self) -> None:
        name, corner = self._name, self._name.mapTo(self._ground, QPoint(0, 0))
        width, height = max(name.width() + 2 * tokens.S, tokens.BUTTON), tokens.BUTTON
        self.setGeometry(max(0, corner.x() - (width - name.width()) // 2),
                         max(0, corner.y() - (height - name.height()) // 2), width, height)
        self._shown = QRectF(0, corner.y() - self.y(), width, name.height())
