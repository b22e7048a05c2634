"""What a member tells after the enrolment, on one page: Enter goes on, F12 takes it down from anywhere."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.tell_desk import TellDesk
from ui.format import Format
from ui.presenters.telling import TellForm, Telling, TellView
from ui.qt import tokens
from ui.qt.captions import Captions, fit_height
from ui.qt.code_menu import CodeMenu
from ui.qt.consent_grid import ConsentGrid
from ui.qt.digit_pad import DigitPad
from ui.qt.guard import guarded
from ui.qt.labels import Field, NumberLabel, Side, button, keyed, on_click
from ui.qt.tool import Till
from ui.qt.touch_keys import Keys
from ui.text import Words

_WIDTH = 880


class TellDialog(QDialog):
    """Shows ``TellView`` values of its ``page``. Its fields forget what was typed when it closes."""

    def __init__(self, till: Till, tell_desk: TellDesk) -> None:
        """Build the dialog, closed."""
        super().__init__(till.parent)
        self.page = Telling(tell_desk, till.desk, till.checkout, till.approved, self)
        self.setObjectName("tellDialog")
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.whose, self.problem = QLabel(self), QLabel(self)
        for label, name in ((self.whose, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.birth, self.email = Field(self, keys=Keys.DIGITS), Field(self, keys=Keys.CODES)
        self._captions = Captions((self.birth, self.email), self)
        self.birth_day = NumberLabel(Side.END, "caption", self, even=False)
        self.digits = button("plain", self)
        self.pad = DigitPad(self._pressed, self)
        self.consents = ConsentGrid(self)
        self.tastes, self.area = CodeMenu(self, many=True), CodeMenu(self, many=False)
        self.confirm, self.back = button("primary", self), button("plain", self)
        self._arrange()
        self._bind()

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language; what is typed stays."""
        self.page.speak(words, style)
        self.setWindowTitle(words("Tastes, birthday, consents"))
        for field, caption in ((self.birth, words("Birthday: month and day")), (self.email, words("New e-mail address"))):
            self._captions.say(field, caption)
        self.birth.setPlaceholderText(style.digits("7/15"))
        self.digits.setText(style.digits("123"))
        self.digits.setAccessibleName(words("Digits"))
        self.pad.set_words(words)
        self.consents.set_words(words)
        self.tastes.set_words(words("Tastes"))
        self.area.set_words(words("Area of residence"))
        self.confirm.setText(keyed(words("Take down"), "F12"))
        self.back.setText(keyed(words("Back"), "Esc"))

    def start(self) -> None:
        """Open with what is known of the member in the basket. Raises ``StationError`` MEMBER_UNKNOWN, PACK_MISSING or 4xx."""
        self._empty()
        form = self.page.begin()
        self.birth.setText(form.birth)
        self.consents.tick(form.agreed)
        self.tastes.choose(form.tastes)
        self.area.choose((form.area,))
        self.birth.setFocus()
        self.open()

    def show_told(self, view: TellView | None) -> None:
        """Show ``view``, or close."""
        if view is None:
            self.accept()
            return
        self.whose.setText(view.whose)
        self.birth_day.setText(view.birth)
        self.birth_day.setVisible(bool(view.birth))
        self.tastes.offer(view.tastes)
        self.area.offer(view.areas)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        fit_height(self)

    def form(self) -> TellForm:
        """Return what is on the page."""
        return TellForm(
            self.birth.text(), self.email.text(), self.consents.agreed(), self.tastes.codes(), next(iter(self.area.codes()), ""))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Enter go on from a field, and press the key that is held: a default key would end it from a field as well."""
        held = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(held, QPushButton):
            held.click()
        else:
            (self.email if held is self.birth else self.confirm).setFocus()

    def _bind(self) -> None:
        self.birth.textChanged.connect(self.page.birth_typed)
        on_click(self.digits, lambda: self.pad.open_over(self.digits))
        on_click(self.confirm, self._finish)
        on_click(self.back, self.reject)
        QShortcut(QKeySequence("F12"), self).activated.connect(self._finish)
        self.finished.connect(self._empty)

    def _finish(self) -> None:
        self.page.finish(self.form())

    def _pressed(self, face: str) -> None:
        self.birth.setFocus()
        self.birth.backspace() if face == "⌫" else self.birth.insert(face)

    def _empty(self) -> None:
        """Forget what was typed, with the undo history."""
        self.pad.hide()
        self._captions.empty()
        for part in (self.consents, self.tastes, self.area):
            part.clear()

    def _arrange(self) -> None:
        who, more = QVBoxLayout(), QVBoxLayout()
        for column in (who, more):
            column.setSpacing(tokens.XS)
        self._captions.lay(who, self.birth, self.birth_day, self.digits)
        self._captions.lay(who, self.email)
        who.addStretch(1)
        more.addWidget(self.consents)
        more.addStretch(1)
        codes = QHBoxLayout()
        codes.setSpacing(tokens.XL)
        codes.addWidget(self.tastes)
        codes.addWidget(self.area)
        sides = QGridLayout()
        sides.setHorizontalSpacing(tokens.XL)
        for place, side in enumerate((who, more)):
            sides.addLayout(side, 0, place)
            sides.setColumnStretch(place, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.M, tokens.XL, tokens.M)
        column.setSpacing(tokens.S)
        column.addWidget(self.whose)
        column.addLayout(sides)
        column.addLayout(codes)
        column.addWidget(self.problem)
        column.addLayout(foot)
        order = (self.birth, self.email, *self.consents.boxes.values(), self.tastes, self.area, self.confirm, self.back, self.digits)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
