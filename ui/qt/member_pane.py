"""The member's card at the counter, or the invitation to show one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ChipLabel, ElidedLabel, NumberLabel, Side, button
from ui.text import Words
from ui.views import MemberView


class MemberPane(QFrame):
    """Name, tier, phone, last visit, points. ``forgotten`` asks to take the member out.

    ``answered`` asks for the answers that wait: a finger anywhere on the card but on its key.
    """

    forgotten = Signal()
    answered = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build both faces; the empty one shows."""
        super().__init__(parent)
        self.setObjectName("card")
        self._name = ElidedLabel("memberName", self)
        self._tier = ChipLabel(self)
        self._phone = NumberLabel(Side.START, "caption", self, even=False)
        self._visit = ElidedLabel("caption", self)
        self._gains = ElidedLabel("gains", self)
        self.proof = ElidedLabel("caption", self)
        self.doubt = QLabel(self)
        self.doubt.setObjectName("doubt")
        self.doubt.setTextFormat(Qt.TextFormat.PlainText)
        self.doubt.setWordWrap(True)
        self.message = ElidedLabel("message", self)
        self._points = NumberLabel(Side.START, "memberPoints", self, even=False)
        self.forget = button("plain", self)
        self.forget.clicked.connect(self.forgotten)
        self._nobody = QLabel(self)
        self._nobody.setObjectName("heading")
        self._invite = QLabel(self)
        self._invite.setObjectName("caption")
        self._invite.setWordWrap(True)
        self._compact = self._buys = self._waits = False
        self._columns: list[QVBoxLayout] = []
        self._faces = QStackedLayout(self)
        self._faces.addWidget(self._empty())
        self._faces.addWidget(self._known())

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._nobody.setText(words("No member"))
        self._invite.setText(words("Present a membership card, or press F2 to find the member by phone or name."))
        self.forget.setText(words("Not this member"))

    def set_compact(self, *, compact: bool) -> None:
        """Use the spaces of a low screen: there a message, or goods, take the place of the standing discounts."""
        self._compact = compact
        around = tokens.S if compact else tokens.M
        for column in self._columns:
            column.setContentsMargins(tokens.L, around, tokens.L, around)
        self._show_gains()

    def show_member(self, view: MemberView | None, *, buys: bool = False) -> None:
        """Show ``view``, or that there is nobody; who ``buys`` sees beside the goods what they gain."""
        self._buys = buys
        self._faces.setCurrentIndex(0 if view is None else 1)
        self.doubt.setVisible(view is not None and bool(view.doubt))
        self.message.setVisible(view is not None and bool(view.messages))
        self._waits = view is not None and view.answers
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._waits else Qt.CursorShape.ArrowCursor)
        if view is None:
            return
        self._name.say(view.name)
        self._tier.say(view.tier)
        self._phone.setText(view.phone)
        self._visit.say(view.last_visit)
        self._gains.say(view.gains)
        self.proof.say(view.proof)
        self.doubt.setText(view.doubt)
        self.message.say(" · ".join(view.messages))
        self.message.setToolTip("\n".join(view.messages))
        self._points.setText(view.points)
        self._show_gains()

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the answers that wait, where any do."""
        super().mouseReleaseEvent(event)
        if self._waits and self.rect().contains(event.position().toPoint()):
            self.answered.emit()

    def _show_gains(self) -> None:
        self._gains.setVisible(not (self._compact and (self._buys or self.message.isVisibleTo(self))))

    def _empty(self) -> QWidget:
        face = QWidget(self)
        column = self._column(face)
        column.addWidget(self._nobody)
        column.addWidget(self._invite)
        column.addStretch(1)
        return face

    def _known(self) -> QWidget:
        face = QWidget(self)
        column = self._column(face)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._tier)
        foot = QHBoxLayout()
        foot.addWidget(self._points, 1)
        foot.addWidget(self.forget)
        contact = QHBoxLayout()
        contact.setSpacing(tokens.L)
        contact.addWidget(self._phone)
        contact.addWidget(self._visit, 1)
        column.addLayout(head)
        column.addLayout(contact)
        column.addWidget(self.proof)
        column.addWidget(self.doubt)
        column.addWidget(self.message)
        column.addWidget(self._gains)
        column.addLayout(foot)
        return face

    def _column(self, face: QWidget) -> QVBoxLayout:
        column = QVBoxLayout(face)
        column.setSpacing(tokens.XS)
        column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        self._columns.append(column)
        return column
