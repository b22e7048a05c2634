"""The member's card at the counter, or the invitation to show one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import ChipLabel, ElidedLabel, NumberLabel, Side, button
from ui.text import Words
from ui.views import MemberView


class MemberPane(QFrame):
    """Name, tier, phone, last visit, points. ``forgotten`` asks to take the member out."""

    forgotten = Signal()

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
        self._points = NumberLabel(Side.START, "memberPoints", self, even=False)
        self.forget = button("plain", self)
        self.forget.clicked.connect(self.forgotten)
        self._nobody = QLabel(self)
        self._nobody.setObjectName("heading")
        self._invite = QLabel(self)
        self._invite.setObjectName("caption")
        self._invite.setWordWrap(True)
        self._faces = QStackedLayout(self)
        self._faces.addWidget(self._empty())
        self._faces.addWidget(self._known())

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._nobody.setText(words("No member"))
        self._invite.setText(words("Present a membership card, or press F2 to find the member by phone or name."))
        self.forget.setText(words("Not this member"))

    def show_member(self, view: MemberView | None) -> None:
        """Show ``view``, or that there is nobody."""
        self._faces.setCurrentIndex(0 if view is None else 1)
        self.doubt.setVisible(view is not None and bool(view.doubt))
        if view is None:
            return
        self._name.say(view.name)
        self._tier.say(view.tier)
        self._phone.setText(view.phone)
        self._visit.say(view.last_visit)
        self._gains.say(view.gains)
        self.proof.say(view.proof)
        self.doubt.setText(view.doubt)
        self._points.setText(view.points)

    def _empty(self) -> QWidget:
        face = QWidget(self)
        column = _column(face)
        column.addWidget(self._nobody)
        column.addWidget(self._invite)
        column.addStretch(1)
        return face

    def _known(self) -> QWidget:
        face = QWidget(self)
        column = _column(face)
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
        column.addWidget(self._gains)
        column.addLayout(foot)
        return face


def _column(face: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(face)
    column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
    column.setSpacing(tokens.XS)
    return column
