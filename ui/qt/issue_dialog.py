"""Giving a card to the member in the basket: what is chosen, what is to be done at the writer, what came of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from drivers.writer_port import CardForm, WriteStep
from ui.presenters.give_card import GiveCard, GiveView, Outcome, Wish
from ui.presenters.write_steps import FORMS
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, Field, button, keyed
from ui.qt.touch_keys import Keys
from ui.text import Words

_WIDTH = 560


class WriterNews(QObject):
    """Hands what the writing thread says over to the thread it was made on."""

    _stepped = Signal(object)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Connect both signals to slots of this object, so that Qt knows the receiving thread."""
        super().__init__(parent)
        self.on_step: Callable[[WriteStep], None] | None = None
        self.on_end: Callable[[Outcome], None] | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._stepped.connect(self._arrived_step, queued)
        self._ended.connect(self._arrived_end, queued)

    def step(self, step: WriteStep) -> None:
        """Send a step across; from any thread."""
        self._stepped.emit(step)

    def end(self, outcome: Outcome) -> None:
        """Send the end across; from any thread."""
        self._ended.emit(outcome)

    @Slot(object)
    def _arrived_step(self, step: WriteStep) -> None:
        if self.on_step:
            self.on_step(step)

    @Slot(object)
    def _arrived_end(self, outcome: Outcome) -> None:
        if self.on_end:
            self.on_end(outcome)


class IssueDialog(QDialog):
    """Enter writes a card, F4 gives the one that lies there; Esc stops, and closes once nothing is being written."""

    def __init__(self, parent: QWidget) -> None:
        """Build the dialog, closed and without a presenter: ``serve`` gives it one."""
        super().__init__(parent)
        self._presenter: GiveCard | None = None
        self._words = Words("en")
        self._view = GiveView("")
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.member = ElidedLabel("memberName", self)
        self.forms = QButtonGroup(self)
        self._radios = {form: QRadioButton(self) for form in CardForm}
        for form, radio in self._radios.items():
            self.forms.addButton(radio)
            radio.setChecked(form is CardForm.TAG)
        self._number_label = QLabel(self)
        self.number = Field(self, keys=Keys.DIGITS)
        self.signed, self.overwrite = QCheckBox(self), QCheckBox(self)
        self.signed.setChecked(True)
        self.step, self.problem, self.news = QLabel(self), QLabel(self), QLabel(self)
        for label, name in ((self.step, "heading"), (self.problem, "problem"), (self.news, "gains")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.act, self.as_is, self.back = button("primary", self), button("secondary", self), button("plain", self)
        self._arrange()
        self.act.clicked.connect(self._act)
        self.as_is.clicked.connect(self._give_shown)
        QShortcut(QKeySequence("F4"), self).activated.connect(self._give_shown)
        self.back.clicked.connect(self.reject)
        self.number.returnPressed.connect(self._act)
        self.forms.buttonToggled.connect(self._allow)

    def serve(self, presenter: GiveCard) -> None:
        """Show what ``presenter`` says."""
        self._presenter = presenter

    def start(self, member_id: str, name: str, words: Words) -> None:
        """Open for a member."""
        self._words = words
        self.setWindowTitle(words("Give a card"))
        for form, radio in self._radios.items():
            radio.setText(words(FORMS[form]))
        self._number_label.setText(words("Card number"))
        self.number.setAccessibleName(words("Card number"))
        self.signed.setText(words("Signed by head office"))
        self.overwrite.setText(words("Write over another card of the club"))
        self.overwrite.setChecked(False)
        if self._presenter:
            self._presenter.begin(member_id, name, words)
        self.number.setFocus()
        self.open()

    def show_give(self, view: GiveView) -> None:
        """Show ``view``."""
        self._view = view
        words = self._words
        self.member.say(view.member)
        for label, text in ((self.step, view.step), (self.problem, view.problem), (self.news, view.news)):
            label.setText(text)
            label.setVisible(bool(text))
        self.bar.setVisible(view.is_busy)
        self.act.setEnabled(not view.is_busy)
        self.act.setText(keyed(words("Write a card"), "Enter"))
        self.as_is.setText(keyed(words("Give this card"), "F4"))
        self.as_is.setVisible(view.offers_shown and not view.is_busy)
        stop = words("Stopping…") if view.is_stopping else words("Stop")
        self.back.setText(keyed(stop if view.is_busy else words("Close"), "Esc"))
        self.back.setEnabled(not view.is_stopping)
        self._allow()
        self._fit()
        if not view.is_busy:
            self.number.setFocus()

    def propose(self, number: str) -> None:
        """Put a number into the field."""
        self.number.setText(number)

    def keeps(self) -> bool:
        """Return whether a card is being written."""
        return self._view.is_busy

    def refuse(self, said: str) -> None:
        """Say why goods were not taken."""
        self.problem.setText(said)
        self.problem.show()
        self._fit()

    def reject(self) -> None:
        """Stop what goes on; close when nothing does."""
        if self._presenter is None or self._presenter.leave():
            super().reject()

    @property
    def form(self) -> CardForm:
        """The form that is chosen."""
        return next(form for form, radio in self._radios.items() if radio.isChecked())

    def choose(self, form: CardForm) -> None:
        """Choose a form."""
        self._radios[form].setChecked(True)

    def _act(self) -> None:
        if self._presenter and not self._view.is_busy:
            self._presenter.write(Wish(
                self.form, self.number.text(), self.form is CardForm.STRIPE and self.signed.isChecked(),
                self.overwrite.isChecked()))

    def _give_shown(self) -> None:
        if self._presenter and self._view.offers_shown and not self._view.is_busy:
            self._presenter.give_shown()

    def _allow(self) -> None:
        """Let be chosen what can be: tags and chips are always signed, head office alone decides about chips."""
        is_free = not self._view.is_busy
        for each in (*self._radios.values(), self.number):
            each.setEnabled(is_free)
        self.signed.setEnabled(is_free and self.form is CardForm.STRIPE)
        self.overwrite.setEnabled(is_free and self.form is not CardForm.CHIP)

    def _fit(self) -> None:
        """Be as high as the wrapped sentences need; Qt's own ``adjustSize`` reckons with their former lines."""
        column = self._column
        column.invalidate()
        column.activate()
        wraps = column.hasHeightForWidth()
        self.setMinimumHeight(column.totalHeightForWidth(self.width()) if wraps else column.totalSizeHint().height())
        self.resize(self.width(), self.minimumHeight())

    def _arrange(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.S)
        column.addWidget(self.member)
        for radio in self._radios.values():
            column.addWidget(radio)
        for widget in (self._number_label, self.number, self.signed, self.overwrite, self.step, self.bar,
                       self.problem, self.news):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for each in (self.back, self.as_is, self.act):
            foot.addWidget(each)
        column.addLayout(foot)
