"""Using points, rewards and coupons: what is there, what it brings, and why something cannot be had."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.using import Using
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, Field, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.qt.offer_list import Key, Offer, OfferList
from ui.qt.pay_pages import AmountField
from ui.qt.touch_keys import Keys
from ui.text import Words
from ui.views_using import CouponView, UsingView

_WIDTH, _HEIGHT = 984, 548


class UsingDialog(QDialog):
    """Shows what its presenter says. ``wallet`` and ``gift_card`` are what the payment goes on with, for the tool."""

    def __init__(self, parent: QWidget) -> None:
        """Build the dialog, closed; ``connect_to`` gives it its presenter."""
        super().__init__(parent)
        self._using: Using | None = None
        self._words = Words("en")
        self.setModal(True)
        self.setMinimumSize(tokens.px(_WIDTH), tokens.px(_HEIGHT))
        self.member = ElidedLabel("heading", self)
        self.source, self.rules, self.most, self.used = (_said("caption", self) for _ in range(4))
        self.used.setObjectName("earns")
        self._points_label, self._rewards_label, self._coupons_label = (QLabel(self) for _ in range(3))
        for label in (self._points_label, self._rewards_label, self._coupons_label):
            label.setObjectName("heading")
        self.amount, self.code = AmountField(self), Field(self, keys=Keys.CODES)
        self.pay, self.nothing = button("primary", self), button("plain", self)
        self.show_coupon = button("secondary", self)
        self.rewards, self.coupons = OfferList(self), OfferList(self)
        self.pad = NumberPad(self)
        self.pad.serve(self.amount, self.code)
        self.problem, self.news = _said("problem", self), _said("earns", self)
        self.wallet, self.gift_card, self._back = (button(name, self) for name in ("secondary", "secondary", "plain"))
        self._arrange()
        self.amount.returnPressed.connect(self._pay)
        self.pay.clicked.connect(self._pay)
        self.code.returnPressed.connect(self._coupon)
        self.show_coupon.clicked.connect(self._coupon)
        on_click(self.nothing, lambda: self._using.pay_nothing() if self._using else None)
        self._back.clicked.connect(self.reject)

    def connect_to(self, using: Using) -> None:
        """Send what people do here to ``using``."""
        self._using = using

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.setWindowTitle(words("Points, rewards, coupons"))
        self._points_label.setText(words("Pay with points"))
        self._rewards_label.setText(words("Rewards for points"))
        self._coupons_label.setText(words("Coupons"))
        self.amount.setAccessibleName(words("Points to pay with"))
        self.code.setAccessibleName(words("Code of the coupon"))
        self.code.setPlaceholderText(words("Code of the coupon"))
        self.pay.setText(keyed(words("Use"), "Enter"))
        self.nothing.setText(words("Give back"))
        self.show_coupon.setText(words("Show"))
        self.wallet.setText(words("Pay from the wallet"))
        self.gift_card.setText(words("Pay by gift card"))
        self._back.setText(keyed(words("Done"), "Esc"))
        self.pad.set_words(words)

    def start(self) -> None:
        """Open, with empty fields."""
        self.amount.start()
        self.code.empty()
        if self._using:
            self._using.start()
        self.adjustSize()
        self.open()
        field = self.amount if self.amount.isEnabled() else self.code
        field.setFocus()
        field.selectAll()

    def show_using(self, view: UsingView) -> None:
        """Show ``view``."""
        words, points = self._words, view.points
        self.member.say(view.member or words("No member"))
        for label, text in ((self.source, points.source), (self.rules, points.rules), (self.most, points.most),
                            (self.used, points.used), (self.problem, view.problem), (self.news, view.news)):
            label.setText(text)
            label.setVisible(bool(text))
        self.amount.begin(points.amount)
        able: tuple[QWidget, ...] = (self.amount, self.pay)
        for each in able:
            each.setEnabled(bool(points.amount))
        self.nothing.setVisible(bool(points.used))
        self.rewards.show_offers(
            [Offer(each.name, each.said, *self._keys(each.promotion, each.can, each.taken)) for each in view.rewards],
            words("This club has no rewards for points.") if view.member else words("Show the member's card first."))
        self.coupons.show_offers(
            [Offer(each.name, each.said, *self._coupon_keys(each)) for each in view.coupons], words("No coupon was shown."))
        self.wallet.setEnabled(view.wallet and view.can_pay)
        self.gift_card.setEnabled(view.can_pay)

    def _keys(self, promotion: str, can: bool, taken: bool) -> tuple[Key | None, Key | None]:  # noqa: FBT001 - two facts of a view
        words, using = self._words, self._using
        if using is None:
            return None, None
        take = (words("One more") if taken else words("Take"), partial(using.take, promotion)) if can else None
        return take, (words("Give back"), partial(using.give_back, promotion)) if taken else None

    def _coupon_keys(self, coupon: CouponView) -> tuple[Key | None, Key | None]:
        words, using = self._words, self._using
        if using is None:
            return None, None
        if coupon.taken:
            return None, (words("Take out"), partial(using.drop_coupon, coupon.code))
        return (words("Use"), partial(using.use_coupon, coupon.code)), None

    def _pay(self) -> None:
        if self._using:
            self._using.pay(self.amount.text())

    def _coupon(self) -> None:
        text = self.code.text()
        self.code.empty()
        if self._using:
            self._using.coupon(text)

    def _arrange(self) -> None:
        points, left = _card(self, self._points_label, self.source, self.rules, self.most)
        left.addLayout(_row(self.amount, self.pay))
        left.addLayout(_row(self.used, self.nothing))
        left.addStretch(1)
        rewards, _ = _card(self, self._rewards_label, self.rewards)
        coupons, column = _card(self, self._coupons_label)
        column.addLayout(_row(self.code, self.show_coupon))
        column.addWidget(self.coupons)
        hands = QVBoxLayout()
        hands.setSpacing(tokens.S)
        hands.addWidget(self.pad, 1)
        for key in (self.wallet, self.gift_card, self._back):
            hands.addWidget(key)
        body = QGridLayout()
        body.setSpacing(tokens.M)
        body.addWidget(points, 0, 0, 2, 1)
        body.addWidget(rewards, 0, 1)
        body.addWidget(coupons, 1, 1)
        body.addLayout(hands, 0, 2, 2, 1)
        for place, share in enumerate((10, 12, 7)):
            body.setColumnStretch(place, share)
        for place, share in enumerate((10, 11)):  # the coupons' card has a field above its rows
            body.setRowStretch(place, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        column.setSpacing(tokens.S)
        column.addWidget(self.member)
        column.addLayout(body, 1)
        column.addWidget(self.problem)
        column.addWidget(self.news)


def _said(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _card(dialog: QWidget, *widgets: QWidget) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame(dialog)
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
    column.setSpacing(tokens.S)
    for widget in widgets:
        column.addWidget(widget)
    return frame, column


def _row(field: QWidget, key: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(tokens.S)
    row.addWidget(field, 1)
    row.addWidget(key)
    return row
