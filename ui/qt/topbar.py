"""The top bar: whose till this is, with the lock; the time, the station's files, the member book, the readers and head office."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import ChipLabel, ElidedLabel, NumberLabel, Side, keyed, on_click
from ui.qt.lock_key import LockKey
from ui.text import Words
from ui.views import StatusView


class TopBar(QWidget):
    """Shows ``StatusView`` values; under them a band in the colour of what is not real, where there is one."""

    def __init__(self, parent: QWidget, band: str = "") -> None:
        """Build the empty bar; ``band`` is what the band says, to be translated."""
        super().__init__(parent)
        self._shop = ElidedLabel("shop", self)
        self.cashier = ElidedLabel("caption", self)
        self.lock: LockKey | None = None
        self._shift = ChipLabel(self)
        self._moment = NumberLabel(Side.END, "caption", self, even=False)
        self.data = ChipLabel(self, dot=True)
        self.data.hide()
        self.members = ChipLabel(self, dot=True)
        self.members.hide()
        self.readers = ChipLabel(self, dot=True)
        self.sync = ChipLabel(self, dot=True)
        self._says = band
        self.band = QLabel(self)
        self.band.setObjectName("band")
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setVisible(bool(band))
        self.sync.setVisible(not band)  # it would promise to send
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(self.band)
        row.setSpacing(tokens.L)
        who: tuple[QWidget, ...] = (self._shop, self.cashier, self._shift)
        what: tuple[QWidget, ...] = (self._moment, self.data, self.members, self.readers, self.sync)
        for widget in who:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in what:
            row.addWidget(widget)

    def let_lock(self, ground: QWidget, page: QWidget, lock: Callable[[], None]) -> None:
        """Have a touch on the cashier's name ``lock`` the till. The key lies on ``ground``, under ``page``: the bar is too low for it."""
        self.lock = LockKey(self.cashier, self, ground)
        self.lock.stackUnder(page)
        on_click(self.lock, lock)

    def set_words(self, words: Words) -> None:
        """Say in another language what is not real, and what the cashier's name does."""
        if self.lock:
            self.lock.setAccessibleName(words("Lock the till"))
            self.lock.setToolTip(keyed(words("Lock the till"), "Shift+Esc"))
        self.band.setText(words(self._says) if self._says else "")

    def show_status(self, view: StatusView) -> None:
        """Show ``view``."""
        self._shop.say(view.shop)
        self.cashier.say(view.cashier)
        self._shift.say(view.shift)
        self._moment.setText(view.moment)
        for label, chip in ((self.data, view.data), (self.members, view.members)):
            label.setVisible(chip is not None)
            if chip:
                label.say(chip)
        self.readers.say(view.readers)
        self.sync.say(view.sync)
