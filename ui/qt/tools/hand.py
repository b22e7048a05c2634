"""A price or a discount by hand (F4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.format import Format
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Section, Till
from ui.qt.tools.over_basket import OverBasket
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.presenters.hand import Hand
    from ui.qt.hand_dialog import HandDialog


class HandTool(OverBasket):
    """The dialog is made when it is first wanted."""

    dialog: "HandDialog | None" = None

    def __init__(self, till: Till) -> None:
        """Work on the basket of ``till``."""
        super().__init__(till)
        self._hand: Hand | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the one entry."""
        return (Entry(mark("Discount by hand"), self._open, Section.SALE, "F4", ready=self.has_goods),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language."""
        super().set_words(words, style, theme)
        if self.dialog and self._hand:
            self._hand.speak(words, style)
            self.dialog.set_words(words)

    def _open(self) -> None:
        if not self.has_goods():
            return
        if self.dialog is None:
            from ui.presenters.hand import Hand
            from ui.qt.hand_dialog import HandDialog

            self._hand = Hand(self.till.checkout, self.till.desk, self.till.approved)
            self._hand.speak(self.words, self.style)
            self.dialog = HandDialog(self._hand, self.till.parent)
            self.dialog.set_words(self.words)
            self.till.fields(self.dialog)
        self.dialog.start()
