"""Taking the payment: cash with quick amounts, or the bank's own terminal, or both."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.checkout import Checkout
from ui.qt import tokens
from ui.qt.labels import Field, NumberLabel, Side, button, keyed, on_click
from ui.text import Words
from ui.views import CashView, PayView

_WIDTH = 600


class PayDialog(QDialog):
    """Enter in the cash field pays in cash: the typed amount, or exactly when nothing is typed.

    The dialog only asks: it opens and closes as the presenter's view says.
    """

    def __init__(self, checkout: Checkout, words: Words, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._checkout = checkout
        self._words = words
        self._cash: tuple[CashView, ...] = ()
        self._quick: list[QPushButton] = []
        self.setModal(True)
        self.setMinimumWidth(_WIDTH)
        self._label = QLabel(self)
        self._label.setObjectName("heading")
        self._total = NumberLabel(Side.END, "total", self)
        self.given, self.trace = Field(self), Field(self)
        self._given_label, self._trace_label = QLabel(self), QLabel(self)
        self._left = NumberLabel(Side.START, "caption", self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.offers = QLabel(self)
        self.offers.setObjectName("tempts")
        self.offers.setTextFormat(Qt.TextFormat.PlainText)
        self.offers.setWordWrap(True)
        self._pay_cash, self._pay_bank = button("primary", self), button("secondary", self)
        self._back = button("plain", self)
        self._arrange()
        self.given.returnPressed.connect(self._take_cash)
        self.given.textChanged.connect(self._tell_rest)
        self.trace.returnPressed.connect(self._take_bank)
        self._pay_cash.clicked.connect(self._take_cash)
        self._pay_bank.clicked.connect(self._take_bank)
        self._back.clicked.connect(self.reject)
        self.rejected.connect(checkout.cancel_pay)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.setWindowTitle(words("Payment"))
        self._label.setText(words("Total"))
        self._trace_label.setText(words("Trace number"))
        self._pay_cash.setText(keyed(words("Pay in cash"), "Enter"))
        self._pay_bank.setText(words("Paid on the bank terminal"))
        self._back.setText(keyed(words("Back"), "Esc"))
        self.trace.setAccessibleName(words("Trace number"))

    def show_pay(self, view: PayView | None) -> None:
        """Open with ``view``, follow it, or close."""
        if view is None:
            self.hide()
            return
        received = self._words("Cash received ({unit})", unit=view.unit)
        self._given_label.setText(received)
        self.given.setAccessibleName(received)
        self._total.setText(view.total)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        self.offers.setText("\n".join(view.offers))
        self.offers.setVisible(bool(view.offers))
        self._tell_rest()
        self._offer(view.cash)
        if self.isHidden():
            self.given.empty()
            self.trace.empty()
            self.given.setFocus()
            self.open()

    def _tell_rest(self) -> None:
        self._left.setText(self._checkout.preview(self.given.text()))

    def _offer(self, cash: tuple[CashView, ...]) -> None:
        if cash == self._cash:
            return
        self._cash = cash
        for old in self._quick:
            old.deleteLater()
        self._quick = []
        for offer in cash:
            quick = button("quick", self)
            quick.setText(offer.label)
            on_click(quick, partial(self._checkout.pay_cash_amount, offer.amount))
            self._row.addWidget(quick)
            self._quick.append(quick)

    def _take_cash(self) -> None:
        self._checkout.pay_cash(self.given.text())

    def _take_bank(self) -> None:
        self._checkout.pay_bank(self.given.text(), self.trace.text())

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._label)
        head.addWidget(self._total, 1)
        self._row = QHBoxLayout()
        self._row.setSpacing(tokens.S)
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.L)
        grid.setVerticalSpacing(tokens.S)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._given_label, 0, 0)
        grid.addWidget(self.given, 1, 0)
        grid.addWidget(self._pay_cash, 1, 1)
        grid.addWidget(self._left, 2, 0, 1, 2)
        grid.addLayout(self._row, 3, 0, 1, 2)
        grid.setRowMinimumHeight(4, tokens.L)
        grid.addWidget(self._trace_label, 5, 0)
        grid.addWidget(self.trace, 6, 0)
        grid.addWidget(self._pay_bank, 6, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addWidget(self._back, alignment=Qt.AlignmentFlag.AlignTrailing)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        column.addLayout(head)
        column.addWidget(self.offers)
        column.addLayout(grid)
        column.addLayout(foot)
