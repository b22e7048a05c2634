"""The two faces of the customer's screen: a basket, and words in large type."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.customer import MOST_GAINS
from ui.qt import tokens
from ui.qt.basket import AMOUNT, ITEM, PRICE, QUANTITY, BasketModel
from ui.qt.customer_style import scaled
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import ElidedLabel, NumberLabel, Side
from ui.qt.tokens import Design
from ui.text import Words
from ui.views_customer import CustomerView

_WIDTHS = {QUANTITY: 120, AMOUNT: 240}
_LEAST = 20
_PAD = Design.XL


class BigFigure(NumberLabel):
    """A figure in the customer's size, set smaller only where it would not fit."""

    def __init__(self, side: Side, name: str, parent: QWidget) -> None:
        """Make an empty label."""
        super().__init__(side, name, parent)
        self._scale = 1.0

    def set_scale(self, scale: float) -> None:
        """Be ``scale`` times as large."""
        self._scale = scale
        self._fit()

    def say(self, text: str) -> None:
        """Show ``text``."""
        self.setText(text)
        self._fit()

    @guarded(QSize())
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        font = figures(self.font(), tokens.BOLD)
        font.setPixelSize(scaled(Design.CUSTOMER, self._scale))
        self.setFont(font)
        while self.fontMetrics().horizontalAdvance(self.text()) > max(self.width(), 1) and font.pixelSize() > _LEAST:
            font.setPixelSize(font.pixelSize() - 2)
            self.setFont(font)


class WordsFace(QWidget):
    """The shop's name and an invitation, or thanks and the change."""

    def __init__(self, parent: QWidget) -> None:
        """Build the empty face."""
        super().__init__(parent)
        self.setObjectName("customerFace")
        self.title, self.text = _wrapped("customerTitle", self), _wrapped("customerText", self)
        self.change = BigFigure(Side.START, "customerChange", self)
        self.change.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QWidget(self)
        column = QVBoxLayout(words)
        column.setContentsMargins(2 * _PAD, 2 * _PAD, 2 * _PAD, 2 * _PAD)
        column.setSpacing(_PAD)
        column.addStretch(1)
        for label in (self.title, self.change, self.text):
            column.addWidget(label)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        page.addWidget(_card("card", words, self))

    def set_scale(self, scale: float) -> None:
        """Be ``scale`` times as large."""
        font = QFont(self.title.font())
        font.setPixelSize(scaled(Design.CUSTOMER, scale))
        self.title.setFont(font)
        self.change.set_scale(scale)

    def show_view(self, view: CustomerView) -> None:
        """Show the words of ``view``."""
        self.title.setText(view.title)
        self.text.setText(view.text)
        self.change.say(view.change)
        self.change.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.change.setVisible(bool(view.change))
        self.setAccessibleName(" ".join(part for part in (view.title, view.change, view.text) if part))


class BasketFace(QWidget):
    """Who is served, the lines, what was gained, and the total."""

    def __init__(self, parent: QWidget) -> None:
        """Build the empty face."""
        super().__init__(parent)
        self.setObjectName("customerFace")
        self.shop, self.greeting = ElidedLabel("customerShop", self), ElidedLabel("customerGreeting", self)
        self.points, self.invite = ElidedLabel("customerPoints", self), _wrapped("customerInvite", self)
        self.count, self.caption = ElidedLabel("customerSmall", self), ElidedLabel("customerSmall", self)
        self.total = BigFigure(Side.END, "customerTotal", self)
        self.gained = ElidedLabel("customerGained", self)
        self.gains = [(ElidedLabel("customerGain", self), NumberLabel(Side.COLUMN, "customerGain", self))
                      for _ in range(MOST_GAINS)]
        self.lines = _Lines(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, Design.L, _PAD, _PAD)
        column.setSpacing(Design.L)
        column.addLayout(self._head())
        column.addWidget(_card("card", self.lines, self), 1)
        column.addLayout(self._foot())

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.caption.say(words("To pay"))
        self.lines.setAccessibleName(words("Basket"))

    def set_scale(self, scale: float) -> None:
        """Be ``scale`` times as large."""
        self.total.set_scale(scale)
        self.lines.set_scale(scale)

    def show_view(self, view: CustomerView) -> None:
        """Show the basket of ``view``; an idle one empties the face."""
        for label, text in ((self.shop, view.shop), (self.greeting, view.greeting), (self.points, view.points),
                            (self.count, view.count), (self.gained, view.gained)):
            label.say(text)
        for place, (name, amount) in enumerate(self.gains):
            gain = view.gains[place] if place < len(view.gains) else None
            name.say(gain.label if gain else "")
            amount.setText(gain.amount if gain else "")
            name.setVisible(gain is not None)
            amount.setVisible(gain is not None)
        self.invite.setText(view.invite)
        self.invite.setVisible(bool(view.invite))
        self.gained.setVisible(bool(view.gained))
        self.total.say(view.total)
        self.lines.show_lines(view, self._words)
        self.setAccessibleName(f"{self.caption.accessibleName()}: {view.total}" if view.total else view.shop)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Design.XL)
        row.addWidget(self.shop, 1)
        row.addWidget(self.greeting)
        row.addWidget(self.points)
        return row

    def _foot(self) -> QHBoxLayout:
        gains = QWidget(self)
        left = QVBoxLayout(gains)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(Design.XS)
        left.addStretch(1)
        left.addWidget(self.invite)
        table = QGridLayout()
        table.setHorizontalSpacing(Design.L)
        table.setColumnStretch(0, 1)
        for place, (name, amount) in enumerate(self.gains):
            table.addWidget(name, place, 0)
            table.addWidget(amount, place, 1)
        left.addLayout(table)
        left.addWidget(self.gained)
        pay = QWidget(self)
        right = QVBoxLayout(pay)
        right.setContentsMargins(Design.L, Design.S, Design.L, Design.S)
        right.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(self.caption, 1)
        head.addWidget(self.count)
        right.addLayout(head)
        right.addWidget(self.total)
        foot = QHBoxLayout()
        foot.setSpacing(Design.XL)
        foot.addWidget(gains, 4)
        foot.addWidget(_card("pay", pay, self), 5)
        return foot


class _Lines(QTableView):
    """The rows of the basket without their unit price, the latest always in sight. Nobody can touch it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("customerLines")
        self._latest: int | None = None
        self.basket = BasketModel(self)
        self.setModel(self.basket)
        self.hideColumn(PRICE)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(ITEM, QHeaderView.ResizeMode.Stretch)

    def set_scale(self, scale: float) -> None:
        """Be ``scale`` times as large."""
        self.verticalHeader().setDefaultSectionSize(scaled(Design.ROW_COMPACT, scale))
        self.horizontalHeader().setFixedHeight(scaled(Design.ROW_COMPACT - Design.S, scale))
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, scaled(width, scale))

    def show_lines(self, view: CustomerView, words: Words) -> None:
        """Show the lines of ``view``."""
        self.basket.set_words(words, view.unit)
        self.basket.set_font(self.font())
        self.basket.set_lines(view.lines)
        self._latest = self.basket.row_of(view.latest)
        self._follow()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the latest line in sight, also when the screen is only now plugged in."""
        super().resizeEvent(event)
        self._follow()

    @guarded(None)
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the latest line in sight: a hidden view does not scroll."""
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        if self._latest is not None:
            self.updateGeometries()
            self.scrollTo(self.basket.index(self._latest, ITEM))


def _wrapped(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if name != "customerInvite":
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _card(name: str, content: QWidget, parent: QWidget) -> QFrame:
    frame = QFrame(parent)
    frame.setObjectName(name)
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, 1, 1, 1)
    column.addWidget(content)
    return frame
