"""The pages of the payment, one for each means: the fields of what was handed over, and the key that takes it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.presenters.checkout import Checkout
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, Field, NumberLabel, Side, button, keyed, on_click
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views import CashView, PayView


class AmountField(Field):
    """A field of money that begins with an amount of the presenter's and is replaced whole by what is typed."""

    def __init__(self, parent: QWidget) -> None:
        """Build the empty field."""
        super().__init__(parent, keys=Keys.OWN)
        self._begun = ""

    def begin(self, amount: str) -> None:
        """Begin with ``amount``, unless something else was typed."""
        if self.text() == self._begun and amount != self._begun:
            self.setText(amount)
        self._begun = amount

    def start(self) -> None:
        """Begin anew, with nothing."""
        self._begun = ""
        self.empty()


class CashPage(QWidget):
    """What the customer hands over: typed, or one of the quick amounts; Enter in the empty field is exact."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the page."""
        super().__init__(parent)
        self._checkout = checkout
        self._shown: tuple[CashView, ...] = ()
        self._quick: list[QPushButton] = []
        self._label = QLabel(self)
        self.given = Field(self, keys=Keys.OWN)
        self._left = NumberLabel(Side.START, "change", self)
        self.take = button("primary", self)
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.S)
        column = _column(self)
        column.addWidget(self._label)
        column.addLayout(_beside(self.given, self.take))
        column.addWidget(self._left)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.given.returnPressed.connect(self._take)
        self.given.textChanged.connect(self.tell_rest)
        self.take.clicked.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.take.setText(keyed(words("Pay in cash"), "Enter"))

    def show_pay(self, view: PayView, words: Words) -> None:
        """Show ``view``."""
        received = words("Cash received ({unit})", unit=view.unit)
        self._label.setText(received)
        self.given.setAccessibleName(received)
        self.tell_rest()
        if view.cash == self._shown:
            return
        self._shown = view.cash
        for old in self._quick:
            old.deleteLater()
        self._quick = []
        for place, offer in enumerate(view.cash):
            quick = button("quick", self)
            quick.setText(offer.label)
            on_click(quick, partial(self._checkout.pay_cash_amount, offer.amount))
            self._grid.addWidget(quick, place // 2, place % 2)
            self._quick.append(quick)

    def tell_rest(self) -> None:
        """Say what the cash typed leaves."""
        self._left.setText(self._checkout.paying.preview(self.given.text()))

    def _take(self) -> None:
        self._checkout.pay_cash(self.given.text())


class BankPage(QWidget):
    """The amount that the bank's terminal was given and the trace number it printed."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the page."""
        super().__init__(parent)
        self._checkout = checkout
        self.amount, self.trace = AmountField(self), Field(self, keys=Keys.OWN)
        self._labels = QLabel(self), QLabel(self)
        self._hint = QLabel(self)
        self._hint.setObjectName("caption")
        self._hint.setWordWrap(True)
        self.take = button("primary", self)
        fields = QGridLayout()
        fields.setSpacing(tokens.S)
        for place, (label, field) in enumerate(zip(self._labels, (self.amount, self.trace), strict=True)):
            fields.addWidget(label, 0, place)
            fields.addWidget(field, 1, place)
        column = _column(self)
        column.addLayout(fields)
        column.addWidget(self._hint)
        column.addWidget(self.take)
        column.addStretch(1)
        self.amount.returnPressed.connect(self.trace.setFocus)
        self.trace.returnPressed.connect(self._take)
        self.take.clicked.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._labels[1].setText(words("Trace number"))
        self.trace.setAccessibleName(words("Trace number"))
        self._hint.setText(words("Let the customer pay on the terminal, then type the number it printed."))
        self.take.setText(keyed(words("Paid on the bank terminal"), "Enter"))

    def show_pay(self, view: PayView, words: Words) -> None:
        """Show ``view``."""
        amount = words("Amount ({unit})", unit=view.unit)
        self._labels[0].setText(amount)
        self.amount.setAccessibleName(amount)
        self.amount.begin(view.amount)

    def start(self) -> None:
        """Begin anew."""
        self.amount.start()
        self.trace.empty()

    def _take(self) -> None:
        self._checkout.pay_bank(self.amount.text(), self.trace.text())


class PursePage(QWidget):
    """Money of a wallet or a gift card: whose, how much of it can be spent and who says so, and how much is taken."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the page."""
        super().__init__(parent)
        self._checkout = checkout
        self.code, self.amount = Field(self, keys=Keys.CODES), AmountField(self)
        self._code_label, self._amount_label = QLabel(self), QLabel(self)
        self._account = ElidedLabel("heading", self)
        self.source = QLabel(self)
        self.source.setObjectName("caption")
        self.source.setWordWrap(True)
        self.source.setTextFormat(Qt.TextFormat.PlainText)
        self.look_up, self.take = button("secondary", self), button("primary", self)
        column = _column(self)
        column.addWidget(self._code_label)
        column.addLayout(_beside(self.code, self.look_up))
        for widget in (self._account, self.source, self._amount_label, self.amount, self.take):
            column.addWidget(widget)
        column.addStretch(1)
        self.code.returnPressed.connect(self._find)
        self.look_up.clicked.connect(self._find)
        self.amount.returnPressed.connect(self._take)
        self.take.clicked.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._code_label.setText(words("Scan the gift card, or type its code"))
        self.code.setAccessibleName(words("Code of the gift card"))
        self.look_up.setText(words("Look up"))
        self.take.setText(keyed(words("Take this amount"), "Enter"))

    def show_pay(self, view: PayView, words: Words) -> None:
        """Show ``view``."""
        amount = words("Amount ({unit})", unit=view.unit)
        self._amount_label.setText(amount)
        self.amount.setAccessibleName(amount)
        self._account.say(view.account)
        self.source.setText(view.source)
        asking: tuple[QWidget, ...] = (self._code_label, self.code, self.look_up)
        known: tuple[QWidget, ...] = (self._account, self.source, self._amount_label, self.amount, self.take)
        shown, hidden = (known, asking) if view.account else (asking, known)
        for each in hidden:  # first: a dialog grows with what is shown, and does not shrink again
            each.hide()
        for each in shown:
            each.show()
        self.source.setVisible(bool(view.source))
        self.amount.begin(view.amount)

    def start(self) -> None:
        """Begin anew."""
        self.code.empty()
        self.amount.start()

    def _find(self) -> None:
        text = self.code.text()
        self.code.empty()
        self._checkout.paying.card(text)

    def _take(self) -> None:
        self._checkout.paying.take_value(self.amount.text())


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(tokens.S)
    return column


def _beside(field: Field, key: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(tokens.S)
    row.addWidget(field, 1)
    row.addWidget(key)
    return row
