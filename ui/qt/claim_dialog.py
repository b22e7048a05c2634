"""Proving to be a member without a card: a phone, then a code or a PIN."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from station.claiming import Claiming
from station.counter import Counter
from station.step_up import ClaimMethod
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.claims import ClaimPage, ClaimView
from ui.qt import tokens
from ui.qt.labels import Field, button, keyed, on_click
from ui.qt.touch_keys import Keys
from ui.text import Words

_WIDTH = 480


class ClaimDialog(QDialog):
    """One question at a time; Enter answers it. It opens and closes as the presenter's view says."""

    def __init__(self, claiming: Claiming, counter: Counter, checkout: Checkout, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self.page = ClaimPage(claiming, counter, lambda before: checkout.do(lambda: checkout.came(before)), self)
        self._is_open = False
        self._known = ""
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.hint = QLabel(self)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.phone, self.answer = (Field(self, keys=Keys.DIGITS) for _ in range(2))
        self.tries = QLabel(self)
        self.tries.setObjectName("caption")
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.code, self.pin = button("primary", self), button("secondary", self)
        self.confirm, self._back = button("primary", self), button("plain", self)
        self._ask_phone = ""
        self._arrange()
        self.phone.returnPressed.connect(self._by_code)
        self.answer.returnPressed.connect(self._answer)
        on_click(self.code, self._by_code)
        on_click(self.pin, lambda: self.page.begin(self.phone.text(), ClaimMethod.PIN))
        on_click(self.confirm, self._answer)
        on_click(self._back, self.reject)
        self.rejected.connect(self.page.cancel)

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language."""
        self.page.speak(words, style)
        self.setWindowTitle(words("Without the card"))
        self._ask_phone = words("The phone of the member; head office then asks for a code or the PIN.")
        self.phone.setAccessibleName(words("Phone"))
        self.answer.setAccessibleName(words("Code or PIN"))
        self.code.setText(keyed(words("Send a code"), "Enter"))
        self.pin.setText(words("Ask for the PIN"))
        self.confirm.setText(keyed(words("Confirm"), "Enter"))
        self._back.setText(keyed(words("Back"), "Esc"))

    def show_claim(self, view: ClaimView | None) -> None:
        """Open with ``view``, follow it, or close."""
        if view is None:
            self.hide()
            return
        self._is_open = view.is_open
        self.hint.setText(view.hint if view.is_open else self._ask_phone)
        self.tries.setText(view.tries)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        for widget in (self.answer, self.confirm, self.tries):
            widget.setVisible(view.is_open)
        for widget in (self.phone, self.code, self.pin):
            widget.setVisible(not view.is_open)
        self.answer.empty()
        self.answer.setEchoMode(QLineEdit.EchoMode.Password if view.is_secret else QLineEdit.EchoMode.Normal)
        if not view.is_open and view.phone:
            self.phone.setText(view.phone)
        elif not view.is_open and not view.problem:
            self.phone.empty()
        if not self.isVisible():
            self._known = self.phone.text()
            self.open()
        self.adjustSize()
        (self.answer if view.is_open else self.phone).setFocus()

    def keeps(self) -> bool:
        """Return whether somebody has begun: a phone was typed, or head office asked."""
        return self._is_open or self.phone.text() != self._known

    def refuse(self, said: str) -> None:
        """Say why goods were not taken."""
        self.problem.setText(said)
        self.problem.show()
        self.adjustSize()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.S)
        for widget in (self.hint, self.phone, self.answer, self.tries, self.problem):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(tokens.S)
        for pressed in (self.code, self.pin, self.confirm):
            row.addWidget(pressed, 1)
        row.addWidget(self._back)
        column.addLayout(row)

    def _by_code(self) -> None:
        self.page.begin(self.phone.text(), ClaimMethod.CODE)

    def _answer(self) -> None:
        self.page.answer(self.answer.text())
