"""A second person approves one thing: what it is stands above the PIN."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from ui.presenters.approving import Approving
from ui.qt import tokens
from ui.qt.labels import button, keyed, on_click
from ui.qt.people_list import PeopleList
from ui.qt.pin_pad import PinPad
from ui.text import Words
from ui.views_staff import ApprovalView, Asked

_WIDTH = 620


class ApprovalDialog(QDialog):
    """Opens and closes as the presenter's view says."""

    def __init__(self, approving: Approving, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._approving = approving
        self.setModal(True)
        self.setFixedWidth(tokens.px(_WIDTH))
        self.what, self.hint, self.problem = (QLabel(self) for _ in range(3))
        for label, name in ((self.what, "heading"), (self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.people = PeopleList(approving.choose, self)
        self.pin = PinPad(approving.entered, self)
        self.back = button("plain", self)
        on_click(self.back, self.reject)
        self.rejected.connect(approving.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.XL, tokens.XL, tokens.XL)
        column.setSpacing(tokens.M)
        for widget in (self.what, self.hint, self.people, self.problem, self.pin, self.back):
            column.addWidget(widget)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setWindowTitle(words("Approval"))
        self.back.setText(keyed(words("Not approved"), "Esc"))
        self.pin.set_words(words)

    def show_approval(self, view: ApprovalView | None) -> None:
        """Open with ``view``, follow it, or close."""
        if view is None:
            self.hide()
            return
        choosing = view.asked is Asked.PERSON
        self.what.setText(view.what)
        self.hint.setText(view.hint)
        self.problem.setText(view.problem)
        for widget, shown in (
                (self.pin, not choosing), (self.people, choosing and bool(view.people)), (self.hint, choosing),
                (self.problem, choosing and bool(view.problem))):
            widget.setVisible(shown)
        if self.isHidden():
            self.open()
        if choosing:
            self.people.offer(view.people)
        else:
            self.pin.start(view.who, view.hint, view.problem)
        self.adjustSize()

    def refuse(self, said: str) -> None:
        """Say why nothing was scanned, until the next step; a PIN that is being typed stays."""
        problem = self.pin.problem if self.pin.isVisible() else self.problem
        problem.setText(said)
        problem.show()
        self.adjustSize()
