"""The checkout page: scan field, basket, member, sums and the way to pay."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.presenters.checkout import Checkout
from ui.qt import tokens
from ui.qt.banner import Banner
from ui.qt.basket import BasketTable
from ui.qt.labels import NumberLabel, Side, button, keyed
from ui.qt.member_pane import MemberPane
from ui.qt.scan_field import LineKey, ScanField
from ui.qt.totals_pane import TotalsPane
from ui.text import Words
from ui.views import CheckoutView

_BASKET_SHARE, _MEMBER_SHARE = 7, 4
_MEMBER_WIDTH = 304, 479


class CheckoutPage(QWidget):
    """Shows ``CheckoutView`` values; what people do goes to the presenter given to ``connect_to``."""

    def __init__(self, parent: QWidget) -> None:
        """Build the page without goods."""
        super().__init__(parent)
        self.setObjectName("page")
        self._view: CheckoutView | None = None
        self._words: Words | None = None
        self.scan = ScanField(self)
        self._times = NumberLabel(Side.START, "times", self)
        self.banner = Banner(self)
        self.basket = BasketTable(self)
        self._count = QLabel(self)
        self._count.setObjectName("caption")
        self.less, self.more, self.remove = (button("plain", self) for _ in range(3))
        self.member = MemberPane(self)
        self.totals = TotalsPane(self)
        self.pay = button("pay", self)
        self._arrange()
        self.basket.typed.connect(self._forward)

    def connect_to(self, checkout: Checkout) -> None:
        """Send what people do here to ``checkout``."""
        by_key: dict[LineKey, Callable[[], None]] = {
            LineKey.MORE: lambda: checkout.step(1), LineKey.LESS: lambda: checkout.step(-1),
            LineKey.REMOVE: checkout.remove, LineKey.NEXT: lambda: self._move(checkout, 1),
            LineKey.PREVIOUS: lambda: self._move(checkout, -1)}
        self.scan.entered.connect(checkout.scanned)
        self.scan.pressed.connect(lambda key: by_key[key]())
        self.basket.chosen.connect(checkout.select)
        self.less.clicked.connect(by_key[LineKey.LESS])
        self.more.clicked.connect(by_key[LineKey.MORE])
        self.remove.clicked.connect(checkout.remove)
        self.member.forgotten.connect(checkout.forget_member)
        self.member.answered.connect(checkout.show_answers)
        self.banner.undone.connect(checkout.undo)
        self.pay.clicked.connect(checkout.begin_pay)

    def set_words(self, words: Words) -> None:
        """Speak another language; the figures follow with the next view."""
        self._words = words
        for part in (self.scan, self.banner, self.member, self.totals):
            part.set_words(words)
        self.pay.setText(keyed(words("Pay"), "F12"))
        self.less.setText("−")
        self.less.setAccessibleName(words("One less"))
        self.more.setText("+")
        self.more.setAccessibleName(words("One more"))
        self.remove.setText(keyed(words("Remove"), "Del"))

    def set_compact(self, *, compact: bool) -> None:
        """Use the heights of a low screen."""
        self.basket.set_compact(compact=compact)
        self.member.set_compact(compact=compact)
        self.totals.set_compact(compact=compact)

    def show_view(self, view: CheckoutView) -> None:
        """Show ``view``."""
        self._view = view
        self._times.setText(view.times)
        self._times.setVisible(bool(view.times))
        self.banner.show_banner(view.banner)
        if self._words:
            self.basket.set_words(self._words, view.unit)
        self.basket.show_lines(view.lines, view.selected)
        self._count.setText(view.count)
        for each in (self.less, self.more, self.remove):
            each.setEnabled(view.selected is not None)
        self.member.show_member(view.member, buys=bool(view.lines))
        self.totals.show_totals(view.totals)
        self.pay.setEnabled(view.can_pay)

    def _move(self, checkout: Checkout, by: int) -> None:
        """Select the line ``by`` rows from the selected one."""
        lines = [line.line for line in self._view.lines] if self._view else []
        if self._view and self._view.selected in lines:
            row = lines.index(self._view.selected) + by
            checkout.select(lines[max(0, min(row, len(lines) - 1))])
        elif lines:
            checkout.select(lines[-1])

    def _forward(self, event: QKeyEvent) -> None:
        """Let what is typed over the basket arrive in the scan field."""
        self.scan.setFocus()
        QCoreApplication.sendEvent(self.scan, event)

    def _arrange(self) -> None:
        self.member.setMinimumWidth(tokens.px(_MEMBER_WIDTH[0]))
        for pane in (self.member, self.totals, self.pay):
            pane.setMaximumWidth(tokens.px(_MEMBER_WIDTH[1]))
        entry = QHBoxLayout()
        entry.setSpacing(tokens.M)
        entry.addWidget(self._times)
        entry.addWidget(self.scan, 1)
        goods = QVBoxLayout()
        goods.setSpacing(tokens.M)
        goods.addLayout(entry)
        goods.addWidget(self.banner)
        goods.addWidget(self._basket_card(), 1)
        sums = QVBoxLayout()
        sums.setSpacing(tokens.M)
        sums.addWidget(self.member)
        sums.addWidget(self.totals)
        sums.addStretch(1)
        sums.addWidget(self.pay)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.L)
        row.addLayout(goods, _BASKET_SHARE)
        row.addLayout(sums, _MEMBER_SHARE)

    def _basket_card(self) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        foot = QFrame(card)
        foot.setObjectName("basketFoot")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(tokens.L, tokens.XS, tokens.L, tokens.XS)
        keys.setSpacing(tokens.S)
        keys.addWidget(self._count, 1)
        for each in (self.less, self.more):
            each.setFixedWidth(tokens.BUTTON_PAY)
        for each in (self.less, self.more, self.remove):
            keys.addWidget(each)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.basket, 1)
        column.addWidget(foot)
        return card
