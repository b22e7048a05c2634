"""The lock screen: people to choose from, then a PIN. No member's data is on it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.presenters.sign_in import SignIn
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import button, keyed, on_click
from ui.qt.people_list import PeopleList
from ui.qt.pin_pad import PinPad
from ui.text import Words
from ui.views_staff import Asked, SignInView

_WIDTH = 620


class LockPage(QWidget):
    """Asks only; the presenter given to ``connect_to`` decides."""

    def __init__(self, parent: QWidget) -> None:
        """Build the page, asking for nobody yet."""
        super().__init__(parent)
        self.setObjectName("page")
        self._sign_in: SignIn | None = None
        self._card = QFrame(self)
        self._card.setObjectName("card")
        self._card.setFixedWidth(tokens.px(_WIDTH))
        self.title, self.hint, self.problem = (QLabel(self._card) for _ in range(3))
        for label, name in ((self.title, "heading"), (self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.people = PeopleList(self._choose, self._card)
        self.pin = PinPad(self._enter, self._card)
        self.another = button("plain", self._card)
        on_click(self.another, self._back)
        self._arrange()

    def connect_to(self, sign_in: SignIn) -> None:
        """Send what people do here to ``sign_in``."""
        self._sign_in = sign_in

    def set_words(self, words: Words) -> None:
        """Speak another language; the rest comes with the next view."""
        self.title.setText(words("The till is locked"))
        self.another.setText(keyed(words("Somebody else"), "Esc"))
        self.pin.set_words(words)

    def show_sign_in(self, view: SignInView) -> None:
        """Show ``view``."""
        choosing = view.asked is Asked.PERSON
        self.hint.setText(view.hint)
        self.problem.setText(view.problem)
        for widget, shown in (
                (self.pin, not choosing), (self.another, not choosing), (self.people, choosing), (self.hint, choosing),
                (self.problem, choosing and bool(view.problem))):
            widget.setVisible(shown)
        if choosing:
            self.people.offer(view.people)
        else:
            self.pin.start(view.who, view.hint, view.problem)

    def refuse(self, said: str) -> None:
        """Say why nothing was scanned, until the next step; a PIN that is being typed stays."""
        problem = self.problem if self.people.isVisibleTo(self) else self.pin.problem
        problem.setText(said)
        problem.show()

    @guarded(None)
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the keys go where the next step is: what was asked for before the page showed took no focus."""
        super().showEvent(event)
        if self.people.isVisibleTo(self):
            self.people.begin()
        else:
            self.pin.field.setFocus()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Escape ask for somebody else."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def _enter(self, text: str) -> None:
        if self._sign_in:
            self._sign_in.entered(text)

    def _back(self) -> None:
        if self._sign_in:
            self._sign_in.back()

    def _choose(self, staff_id: str) -> None:
        if self._sign_in:
            self._sign_in.choose(staff_id)

    def _arrange(self) -> None:
        column = QVBoxLayout(self._card)
        column.setContentsMargins(tokens.XL, tokens.XL, tokens.XL, tokens.XL)
        column.setSpacing(tokens.M)
        for widget in (self.title, self.hint, self.people, self.problem, self.pin, self.another):
            column.addWidget(widget)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(self._card, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
