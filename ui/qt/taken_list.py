"""The tenders that were taken before the sale closes, each with a key that takes it out again."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.presenters.checkout import Checkout
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, NumberLabel, Side, button, on_click
from ui.text import Words
from ui.views import TakenView

_SEEN = 2


class TakenList(QScrollArea):
    """One row for each, two of them seen at once and the newest always; hidden while there is none."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the empty list."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._checkout = checkout
        self._shown: tuple[TakenView, ...] = ()
        self._rows: list[QWidget] = []
        inside = QWidget(self)
        inside.setObjectName("clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.XS)
        self.setWidget(inside)
        self.hide()

    def show_taken(self, taken: tuple[TakenView, ...], words: Words) -> None:
        """Show ``taken``."""
        self.setVisible(bool(taken))
        if taken == self._shown:
            return
        self._shown = taken
        for old in self._rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = [self._row(place, each, words) for place, each in enumerate(taken)]
        for row in self._rows:
            self._column.addWidget(row)
        row_height = tokens.BUTTON + tokens.XS
        self.setFixedHeight(row_height * min(len(taken), _SEEN))
        bar = self.verticalScrollBar()
        bar.setSingleStep(row_height)
        self._column.activate()
        bar.setValue(bar.maximum())

    def _row(self, place: int, taken: TakenView, words: Words) -> QWidget:
        row = QWidget(self.widget())
        label, amount = ElidedLabel("body", row), NumberLabel(Side.END, "sum", row)
        label.say(taken.label)
        amount.setText(taken.amount)
        remove = button("plain", row)
        remove.setText(words("Take out"))
        remove.setAccessibleName(words("Take out: {what}", what=f"{taken.label} {taken.amount}"))
        on_click(remove, partial(self._checkout.paying.take_back, place))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.L)
        line.addWidget(label, 1)
        line.addWidget(amount)
        line.addWidget(remove)
        return row
