"""Taking the payment: cash, the bank's own terminal, a wallet, a gift card, or several of them one after the other."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.tender import TenderKind
from ui.presenters.checkout import Checkout
from ui.presenters.means import NAMES
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import NumberLabel, Side, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.qt.pay_pages import BankPage, CashPage, PursePage
from ui.qt.taken_list import TakenList
from ui.text import Words
from ui.views import PayView

_WIDTH = 860
_KEYS = {kind: f"Alt+{place}" for place, kind in enumerate(TenderKind, 1)}


class PayDialog(QDialog):
    """Enter in the cash field pays in cash: the typed amount, or exactly when nothing is typed.

    The dialog only asks: it opens and closes as the presenter's view says. Escape goes back to
    cash, then to the basket.
    """

    def __init__(self, checkout: Checkout, words: Words, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._checkout = checkout
        self._words = words
        self._means = ""
        self._account = ""
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self._label, self._rest_label = QLabel(self), QLabel(self)
        for label in (self._label, self._rest_label):
            label.setObjectName("heading")
        self._total = NumberLabel(Side.START, "total", self)
        self.rest = NumberLabel(Side.START, "total", self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.offers = QLabel(self)
        self.offers.setObjectName("tempts")
        for label in (self.problem, self.offers):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.taken = TakenList(checkout, self)
        self.cash_page, self.bank_page = CashPage(checkout, self), BankPage(checkout, self)
        self.purse_page = PursePage(checkout, self)
        self.given, self.trace = self.cash_page.given, self.bank_page.trace
        self._pages = QStackedWidget(self)
        for page in (self.cash_page, self.bank_page, self.purse_page):
            self._pages.addWidget(page)
        self.pad = NumberPad(self)
        self.pad.serve(self.given, self.trace, self.bank_page.amount, self.purse_page.amount, self.purse_page.code)
        self._back = button("plain", self)
        self.means = {kind: self._means_key(kind) for kind in TenderKind}
        self._arrange()
        self._back.clicked.connect(self._step_back)
        self.rejected.connect(checkout.cancel_pay)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.setWindowTitle(words("Payment"))
        self._label.setText(words("Total"))
        self._rest_label.setText(words("Remains"))
        self._total.setAccessibleDescription(words("Total"))
        self.rest.setAccessibleDescription(words("Remains"))
        self._back.setText(keyed(words("Back"), "Esc"))
        for kind, key in self.means.items():
            key.setText(keyed(words(NAMES[kind]), _KEYS[kind]))
        for part in (self.cash_page, self.bank_page, self.purse_page, self.pad):
            part.set_words(words)

    def show_pay(self, view: PayView | None) -> None:
        """Open with ``view``, follow it, or close."""
        if view is None:
            self.hide()
            return
        if self.isHidden():
            self._start()
        words = self._words
        self._total.setText(view.total)
        self.rest.setText(view.rest)
        for widget in (self.rest, self._rest_label):
            widget.setVisible(bool(view.rest))
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        self.offers.setText("\n".join(view.offers))
        self.offers.setVisible(bool(view.offers))
        self.taken.show_taken(view.taken, words)
        for kind, key in self.means.items():
            key.setEnabled(kind.value in view.can)
            key.setChecked(kind.value == view.means)
        for page in (self.cash_page, self.bank_page, self.purse_page):
            page.show_pay(view, words)
        self._turn_to(view)
        if self.isHidden():
            self.adjustSize()
            self.open()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Escape go one step back."""
        if event.key() == Qt.Key.Key_Escape:
            self._step_back()
        else:
            super().keyPressEvent(event)

    def _step_back(self) -> None:
        """Go back to cash, then to the basket; whoever locks the till closes the dialog at once."""
        if not self._checkout.paying.back():
            self.reject()

    def _start(self) -> None:
        self._means = self._account = ""
        self.given.empty()
        self.bank_page.start()
        self.purse_page.start()

    def _turn_to(self, view: PayView) -> None:
        """Show the page of the means, with the focus where typing begins, once for each step and each tender."""
        step = f"{view.means} {len(view.taken)}", view.account
        if (self._means, self._account) == step:
            return
        self._means, self._account = step
        if view.means == TenderKind.CASH:
            self._pages.setCurrentWidget(self.cash_page)
            self.given.empty()
            self.given.setFocus()
        elif view.means == TenderKind.DEBIT:
            self._pages.setCurrentWidget(self.bank_page)
            self.bank_page.start()
            self.bank_page.amount.begin(view.amount)
            self.trace.setFocus()
        else:
            self._pages.setCurrentWidget(self.purse_page)
            self.purse_page.start()
            self.purse_page.amount.begin(view.amount)
            field = self.purse_page.amount if view.account else self.purse_page.code
            field.setFocus()
            field.selectAll()

    def _means_key(self, kind: TenderKind) -> QPushButton:
        key = button("choice", self)
        key.setCheckable(True)
        choose = partial(self._choose, kind)
        on_click(key, choose)
        QShortcut(QKeySequence(_KEYS[kind]), self, choose)
        return key

    def _choose(self, kind: TenderKind) -> None:
        """Go on with another means; the key stays down that is taken in the end."""
        self._means = ""
        self._checkout.paying.choose(kind)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.L)
        for widget in (self._label, self._total):
            head.addWidget(widget)
        head.addStretch(1)
        for widget in (self._rest_label, self.rest):
            head.addWidget(widget)
        choices = QHBoxLayout()
        choices.setSpacing(tokens.S)
        for key in self.means.values():
            choices.addWidget(key, 1)
        body = QHBoxLayout()
        body.setSpacing(tokens.XL)
        left = QVBoxLayout()
        left.setSpacing(tokens.S)
        left.addWidget(self._pages, 1)
        left.addWidget(self.problem)
        body.addLayout(left, 3)
        right = QVBoxLayout()
        right.setSpacing(tokens.S)
        right.addWidget(self.pad)
        right.addStretch(1)
        right.addWidget(self._back)
        body.addLayout(right, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        for part in (head, self.offers, self.taken, choices, body):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
