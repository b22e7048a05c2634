"""Hold the basket for later (F5) and recall one (F6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from station.parked import Parking
from ui.format import Format
from ui.presenters.holding import Holding
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Section, Till
from ui.qt.tools.over_basket import OverBasket
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.qt.holding_dialog import HoldingDialog


class HoldingTool(OverBasket):
    """The dialog is made when it is first wanted."""

    dialog: "HoldingDialog | None" = None

    def __init__(self, till: Till, parking: Parking) -> None:
        """Work on the basket of ``till``."""
        super().__init__(till)
        self._holding = Holding(till.checkout, till.desk, parking)

    def entries(self) -> Sequence[Entry]:
        """Return hold and recall."""
        return (
            Entry(mark("Hold"), self._holding.hold, Section.SALE, "F5", on_bar=True, ready=self.has_goods),
            Entry(mark("Recall"), self._list, Section.SALE, "F6", on_bar=True))

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language."""
        super().set_words(words, style, theme)
        self._holding.speak(words, style)
        if self.dialog:
            self.dialog.set_words(words)

    def _list(self) -> None:
        view = self._holding.view()
        if view is None:
            self._holding.nothing()
            return
        if self.dialog is None:
            from ui.qt.holding_dialog import HoldingDialog

            self.dialog = HoldingDialog(self._holding.recall, self.till.parent)
            self.dialog.set_words(self.words)
        self.dialog.start(view)
