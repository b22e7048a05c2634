"""Enrolling a member on one page: Enter goes on, F12 ends it from anywhere, a card is taken at any moment."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from station.card import Tap
from station.enrol_desk import EnrolDesk
from station.phone import phone_number
from ui.format import Format
from ui.presenters.enrolling import Enrolling, EnrolView, Typed
from ui.qt import tokens
from ui.qt.captions import Captions, fit_height
from ui.qt.code_menu import CodeMenu
from ui.qt.consent_grid import ConsentGrid
from ui.qt.digit_pad import DigitPad
from ui.qt.labels import ChipLabel, ElidedLabel, Field, NumberLabel, Side, button, keyed, on_click, set_tone
from ui.qt.tool import Till
from ui.qt.touch_keys import Keys, open_keys
from ui.text import Words
from ui.views import Chip, FoundMember, Tone

_WIDTH, _LIST_ROWS = 880, 3


class EnrolDialog(QDialog):
    """Shows ``EnrolView`` values of its ``page``. Its fields forget what was typed when it closes."""

    def __init__(self, till: Till, enrol_desk: EnrolDesk) -> None:
        """Build the dialog, closed."""
        super().__init__(till.parent)
        self.page = Enrolling(enrol_desk, till.desk, till.checkout, till.approved, self)
        self._nameless = ""
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.card = ChipLabel(self, dot=True)
        self.phone, self.birth, self.receipt = (Field(self, keys=Keys.DIGITS) for _ in range(3))
        self.name, self.email, self.referrer = Field(self), Field(self, keys=Keys.CODES), Field(self)
        self._captions = Captions((self.phone, self.name, self.birth, self.receipt, self.email, self.referrer), self)
        self.birth_day = NumberLabel(Side.END, "caption", self, even=False)
        self.receipts = NumberLabel(Side.END, "caption", self, even=False)
        self.digits = button("plain", self)
        self.pad = DigitPad(self._pressed, self)
        self.letters = button("plain", self)
        self.consents = ConsentGrid(self)
        self.choices = QListWidget(self)
        self.invited, self.uninvite = ElidedLabel("", self), button("plain", self)
        self.uninvite.setMinimumWidth(tokens.px(tokens.BUTTON))
        self.tastes, self.area = CodeMenu(self, many=True), CodeMenu(self, many=False)
        self.duplicate = QFrame(self)
        self.duplicate_text, self.serve = QLabel(self.duplicate), button("secondary", self.duplicate)
        self.admission, self.missing, self.problem = ChipLabel(self), QLabel(self), QLabel(self)
        for label, name in ((self.missing, "caption"), (self.problem, "problem"), (self.duplicate_text, "")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.enrol, self.back = button("primary", self), button("plain", self)
        self._arrange()
        self._bind()

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language; what is typed stays."""
        self.page.speak(words, style)
        self.setWindowTitle(words("New member"))
        for field, caption in ((self.phone, words("Phone")), (self.name, words("Name")), (self.email, words("E-mail")),
                               (self.birth, words("Birthday: month and day")), (self.referrer, words("Invited by")),
                               (self.receipt, words("Receipts of earlier purchases or of the fee: scan, or number and Enter"))):
            self._captions.say(field, caption)
        self.referrer.setPlaceholderText(words("Card, phone or name"))
        self.birth.setPlaceholderText(style.digits("7/15"))
        self.digits.setText(style.digits("123"))
        self.digits.setAccessibleName(words("Digits"))
        self.choices.setAccessibleName(words("Members found"))
        self.pad.set_words(words)
        self.letters.setText("ا ب پ" if words.rtl else "ABC")
        self.letters.setAccessibleName(words("Letters"))
        self.consents.set_words(words)
        self.tastes.set_words(words("Tastes"))
        self.area.set_words(words("Area of residence"))
        self.uninvite.setText("×")
        self.uninvite.setAccessibleName(words("Nobody invited them"))
        self.serve.setText(words("Serve this member"))
        self.enrol.setText(keyed(words("Enrol"), "F12"))
        self.back.setText(keyed(words("Back"), "Esc"))
        self._nameless = words("Member without a name")

    def start(self, tap: Tap | None, said: str = "") -> None:
        """Open with nothing but the card of ``tap``, taken where it is nobody's, and the phone or name ``said``. Raises ``StationError``."""
        self._empty()
        self.page.begin(tap)
        has_phone, has_digits = bool(phone_number(said)), any(each.isdigit() for each in said)
        (self.name if has_phone else self.phone).setFocus()
        self.open()
        if has_phone:
            self.phone.setText(said)
        elif not has_digits:
            self.name.setText(said)

    def takes(self, tap: Tap) -> None:
        """Take a card: of who invited them while that field has the focus, else the new member's."""
        self.page.tapped(tap, invites=self.referrer.hasFocus())

    def takes_code(self, code: str) -> bool:
        """Take a code that is no card's: a receipt, where receipts are asked for; return whether they are."""
        if self.receipt.isVisible():
            self.page.receipt_shown(code)
        return self.receipt.isVisible()

    def keeps(self) -> bool:
        """Return that nothing goes into the basket behind: somebody is being enrolled."""
        return True

    def refuse(self, said: str) -> None:
        """Say why goods were not taken."""
        self.problem.setText(said)
        self.problem.show()
        fit_height(self)

    def show_enrol(self, view: EnrolView | None) -> None:
        """Show ``view``, or close."""
        if view is None:
            self.accept()
            return
        self.card.say(Chip(view.card, Tone.OK if view.has_card else Tone.NEUTRAL))
        self.admission.say(Chip(view.admission, view.admission_tone))
        self.missing.setText(" ".join(view.missing))
        self.admission.setVisible(not view.duplicate)
        self.missing.setVisible(bool(view.missing) and not view.duplicate)
        self.duplicate_text.setText(view.duplicate)
        self.duplicate.setVisible(bool(view.duplicate))
        self.enrol.setEnabled(not view.duplicate)
        self.birth_day.setText(view.birth)
        self.birth_day.setVisible(bool(view.birth))
        self.receipts.setText(view.receipts)
        self.receipts.setVisible(bool(view.receipts))
        self._captions.show(self.receipt, shown=view.asks_receipts)
        self.tastes.offer(view.tastes)
        self.area.offer(view.areas)
        self._show_referrer(view.referrer, view.choices)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        fit_height(self)

    def typed(self) -> Typed:
        """Return what is on the page."""
        return Typed(
            self.name.text(), self.phone.text(), self.birth.text(), self.email.text(), self.consents.agreed(),
            self.tastes.codes(), next(iter(self.area.codes()), ""))

    def _show_referrer(self, name: str, choices: tuple[FoundMember, ...]) -> None:
        self.invited.say(name)
        for each in (self.invited, self.uninvite):
            each.setVisible(bool(name))
        self.referrer.setVisible(not name)
        if name:
            self.referrer.empty()
        self.choices.clear()
        self.choices.setVisible(bool(choices))
        self.choices.setFixedHeight(tokens.px(tokens.BUTTON) * min(len(choices), _LIST_ROWS) + tokens.XS)
        for found in choices:
            item = QListWidgetItem(" · ".join(filter(None, (found.name or self._nameless, found.phone))), self.choices)
            item.setData(Qt.ItemDataRole.UserRole, found.member_id)
        if choices:
            self.choices.setCurrentRow(0)
            self.choices.setFocus()

    def _bind(self) -> None:
        self.phone.textChanged.connect(self.page.phone_typed)
        self.birth.textChanged.connect(self.page.birth_typed)
        self.phone.returnPressed.connect(lambda: self.serve.setFocus() if self.duplicate.isVisible() else self.name.setFocus())
        self.name.returnPressed.connect(self.birth.setFocus)
        self.birth.returnPressed.connect(self._go_on)
        self.receipt.returnPressed.connect(self._show_receipt)
        self.email.returnPressed.connect(self.referrer.setFocus)
        self.referrer.returnPressed.connect(self._find)
        self.choices.itemActivated.connect(self._choose)
        self.choices.itemClicked.connect(self._choose)
        self.consents.changed.connect(self._follow_email)
        on_click(self.digits, lambda: self.pad.open_over(self.digits))
        on_click(self.letters, lambda: open_keys(self.name))
        on_click(self.uninvite, partial(self._invite, ""))
        on_click(self.serve, self.page.serve_other)
        on_click(self.enrol, self._finish)
        on_click(self.back, self.reject)
        for pressed in (self.enrol, self.serve):
            pressed.setAutoDefault(True)
        QShortcut(QKeySequence("F12"), self).activated.connect(self._finish)
        self.finished.connect(self._empty)

    def _go_on(self) -> None:
        (self.receipt if self.receipt.isVisible() else self.enrol).setFocus()

    def _show_receipt(self) -> None:
        if not self.receipt.text().strip():
            self.enrol.setFocus()
        elif self.page.receipt_shown(self.receipt.text()):
            self.receipt.empty()

    def _find(self) -> None:
        if not self.referrer.text().strip():
            self.enrol.setFocus()
        else:
            self.page.look_for_referrer(self.referrer.text())
            if self.invited.isVisible():
                self.enrol.setFocus()

    def _choose(self, item: QListWidgetItem) -> None:
        self._invite(item.data(Qt.ItemDataRole.UserRole))

    def _invite(self, member_id: str) -> None:
        self.page.choose_referrer(member_id)
        (self.enrol if member_id else self.referrer).setFocus()

    def _finish(self) -> None:
        if self.enrol.isEnabled():
            self.page.finish(self.typed())

    def _follow_email(self) -> None:
        self._captions.show(self.email, shown=self.consents.wants_email())
        fit_height(self)

    def _pressed(self, face: str) -> None:
        """Take a key of the pad into the field that is typed into, else into the phone."""
        held = self.focusWidget()
        field = held if isinstance(held, Field) else self.phone
        field.setFocus()
        field.backspace() if face == "⌫" else field.insert(face)

    def _empty(self) -> None:
        """Forget whoever was typed, with the undo history."""
        self.pad.hide()
        self._captions.empty()
        for part in (self.consents, self.tastes, self.area):
            part.clear()
        self._follow_email()

    def _arrange(self) -> None:
        who, more = QVBoxLayout(), QVBoxLayout()
        for column in (who, more):
            column.setSpacing(tokens.XS)
        who.addWidget(self.card)
        who.addSpacing(tokens.XS)
        self._captions.lay(who, self.phone, self.digits)
        self._captions.lay(who, self.name, self.letters)
        self._captions.lay(who, self.birth, self.birth_day)
        self._captions.lay(who, self.receipt, self.receipts)
        who.addStretch(1)
        more.addWidget(self.consents)
        self._captions.lay(more, self.email)
        self._captions.lay(more, self.referrer, self.invited, self.uninvite)
        more.addWidget(self.choices)
        codes = QHBoxLayout()
        codes.addWidget(self.tastes)
        codes.addWidget(self.area)
        more.addLayout(codes)
        more.addStretch(1)
        sides = QGridLayout()
        sides.setHorizontalSpacing(tokens.XL)
        sides.addLayout(who, 0, 0)
        sides.addLayout(more, 0, 1)
        for place in range(2):
            sides.setColumnStretch(place, 1)
        band = QHBoxLayout(self.duplicate)
        self.duplicate.setObjectName("banner")
        set_tone(self.duplicate, Tone.WARN)
        band.addWidget(self.duplicate_text, 1)
        band.addWidget(self.serve)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.M, tokens.XL, tokens.M)
        column.setSpacing(tokens.S)
        column.addLayout(sides)
        column.addWidget(self.duplicate)
        foot = QHBoxLayout()
        foot.addWidget(self.admission)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.enrol)
        for widget in (self.missing, self.problem):
            column.addWidget(widget)
        column.addLayout(foot)
        order = (self.phone, self.name, self.birth, self.receipt, *self.consents.boxes.values(), self.email, self.referrer,
                 self.uninvite, self.choices, self.tastes, self.area, self.serve, self.enrol, self.back, self.digits)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
