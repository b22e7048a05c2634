"""What tools have in common whose dialog is about the open basket: a card or a code closes it and goes on to the counter."""

from PySide6.QtWidgets import QDialog

from station.card import Tap
from ui.qt.tool import Quiet, Till


class OverBasket(Quiet):
    """``dialog`` is made when it is first wanted; whoever comes to the counter, or is scanned there, comes before it."""

    dialog: QDialog | None = None

    def __init__(self, till: Till) -> None:
        """Work on the basket of ``till``."""
        self.till = till

    def takes(self, tap: Tap) -> bool:  # noqa: ARG002 - it is not for the dialog, whatever it is
        """Close the dialog: the basket, or its prices, are others now."""
        return self._close()

    def takes_code(self, code: str) -> bool:  # noqa: ARG002 - it is not for the dialog, whatever it is
        """Close the dialog: what is scanned goes into the open basket."""
        return self._close()

    def has_goods(self) -> bool:
        """Return whether there is anything in the basket."""
        basket = self.till.desk.counter.basket
        return bool(basket and basket.lines)

    def _close(self) -> bool:
        if self.dialog:
            self.dialog.reject()
        return False
