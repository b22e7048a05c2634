"""F9: points, rewards, coupons, and the way to the wallet and gift cards."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from station.card import Tap
from station.coupons import read_coupon
from station.tender import TenderKind
from ui.format import Format, fold_digits
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.presenters.using import Using
    from ui.qt.using_dialog import UsingDialog


class UsingTool(Quiet):
    """Opens the dialog; while it is open, cards and codes go through it to the basket, and it follows."""

    def __init__(self, till: Till) -> None:
        """Build nothing before it is asked for."""
        self._till = till
        self.dialog: UsingDialog | None = None
        self._using: Using | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the one entry."""
        return (Entry(mark("Use points"), self.open, Section.SALE, "F9", on_bar=True),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language; an open dialog is told anew."""
        super().set_words(words, style, theme)
        if self.dialog:
            self.dialog.set_words(words)
            if self.dialog.isVisible():
                self._connect(self.dialog).start()

    def takes(self, tap: Tap) -> bool:
        """Give the basket to the member whose card is shown while the dialog is open."""
        if not (self.dialog and self._using and self.dialog.isVisible()):
            return False
        self._till.checkout.tapped(tap)
        self._using.follow()
        return True

    def takes_code(self, code: str) -> bool:
        """Take a code that is scanned while the dialog is open: a coupon, or whatever the counter takes."""
        if not (self.dialog and self._using and self.dialog.isVisible()):
            return False
        if read_coupon(fold_digits(code)):  # what comes of it, the dialog says itself
            self._using.coupon(code)
        else:
            self._till.checkout.scanned(code)
            self._using.follow()
        return True

    def open(self) -> None:
        """Show what can be used now."""
        self._till.leave()
        if self.dialog is None:
            self.dialog = self._make()
        self._connect(self.dialog)
        self.dialog.start()

    def _make(self) -> "UsingDialog":
        from ui.qt.using_dialog import UsingDialog

        dialog = UsingDialog(self._till.parent)
        dialog.set_words(self.words)
        dialog.wallet.clicked.connect(lambda: self._go_on(TenderKind.WALLET))
        dialog.gift_card.clicked.connect(lambda: self._go_on(TenderKind.GIFT_CARD))
        self._till.fields(dialog)
        return dialog

    def _connect(self, dialog: "UsingDialog") -> "Using":
        from ui.presenters.using import Using

        self._using = Using(self._till.desk, self._till.checkout, self.words, self.style, dialog)
        dialog.connect_to(self._using)
        return self._using

    def _go_on(self, means: TenderKind) -> None:
        if self.dialog:
            self.dialog.accept()
        self._till.checkout.begin_pay()
        self._till.checkout.paying.choose(means)
