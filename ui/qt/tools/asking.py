"""What a member says is taken down for head office: a question, a complaint, an idea, something out of date."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from station.card import Tap
from station.errors import ErrorCode, StationError
from ui.format import Format
from ui.presenters.keyed import keyed_card
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark
from ui.views import BannerView, Tone

if TYPE_CHECKING:
    from ui.qt.ask_dialog import AskDialog
    from ui.qt.toolbox import Parts


class AskTool(Quiet):
    """Opens the dialog, for the member in the basket or for nobody."""

    def __init__(self, parts: "Parts", till: Till) -> None:
        """Nothing is made before it is opened."""
        self._parts, self._till = parts, till
        self._dialog: AskDialog | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the one thing it does."""
        return (Entry(mark("Question, complaint, idea"), self.open, Section.MEMBER),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, also in the open dialog."""
        super().set_words(words, style, theme)
        if self._dialog:
            self._dialog.set_words(words)

    def takes(self, tap: Tap) -> bool:
        """Give the basket to the member whose card is shown while the dialog is open: that is who asks."""
        return self._goes_on(lambda: self._till.checkout.tapped(tap))

    def takes_code(self, code: str) -> bool:
        """Take the number of a card likewise; goods are none of its business."""
        return keyed_card(code) is not None and self._goes_on(lambda: self._till.checkout.scanned(code))

    def _goes_on(self, come: Callable[[], None]) -> bool:
        """Let somebody ``come`` where the dialog is open, and go on for them; return whether it is."""
        if self._dialog is None or not self._dialog.isVisible():
            return False
        come()
        self._dialog.follow()
        return True

    def open(self) -> None:
        """Open it, empty."""
        (self._dialog or self._make()).start()

    def _make(self) -> "AskDialog":
        from station.asking import AskDesk
        from ui.presenters.asking import AskPresenter
        from ui.qt.ask_dialog import AskDialog

        parts, till, world = self._parts, self._till, self._parts.world
        page = AskPresenter(
            AskDesk(world.clock, world.random, world.journal), parts.counter, lambda: parts.at_till.actor, parts.wake)
        made = self._dialog = AskDialog(page, till.tell, till.parent)
        made.set_words(self.words)
        made.taken.connect(self._say)
        made.said.bank_card.connect(lambda: till.tell(StationError(ErrorCode.CARD_IS_BANK_CARD)))
        till.fields(made)
        return made

    def _say(self) -> None:
        self._till.checkout.say(BannerView(Tone.OK, self.words("Taken down for head office.")))
