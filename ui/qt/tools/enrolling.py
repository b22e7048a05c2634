"""Enrol a member (F3); a card that nobody knows, shown just before, is taken along."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from station.card import Tap
from station.enrol_desk import EnrolDesk
from station.errors import ErrorCode
from ui.format import Format
from ui.presenters.keyed import keyed_card
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.qt.enrol_dialog import EnrolDialog

REMEMBERED_US = 120_000_000
"""How long a card that was shown may be taken along: two minutes."""


class EnrollingTool(Quiet):
    """The dialog is made when it is first wanted. The number of a card is kept here alone, and nowhere shown."""

    def __init__(self, till: Till, enrol_desk: EnrolDesk, enrolled: Callable[[], None]) -> None:
        """Enrol at ``enrol_desk``; ``enrolled`` is told when somebody may have been, so that it goes up at once."""
        self._till = till
        self._enrol_desk = enrol_desk
        self._enrolled = enrolled
        self._last: tuple[Tap, int] | None = None
        self.dialog: EnrolDialog | None = None
        till.checkout.newcomer = lambda text: till.attempt(lambda: self.open(text))
        till.checkout.hints[ErrorCode.CARD_UNKNOWN] = mark("F3 enrols a new member with this card.")

    def entries(self) -> Sequence[Entry]:
        """Return the one thing it does."""
        return (Entry(mark("New member"), self.open, Section.MEMBER, "F3", on_bar=True),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, also in the open dialog."""
        super().set_words(words, style, theme)
        if self.dialog:
            self.dialog.set_words(words, style)

    def takes(self, tap: Tap) -> bool:
        """Take a card while the dialog is open; remember any other for a moment."""
        if self.dialog and self.dialog.isVisible():
            self.dialog.takes(tap)
            return True
        self._last = tap, self._now()
        return False

    def takes_code(self, code: str) -> bool:
        """Take the number of a card while the dialog is open, and a receipt where receipts are asked for."""
        tap = keyed_card(code)
        if tap:
            return self.takes(tap)
        return self.dialog is not None and self.dialog.isVisible() and self.dialog.takes_code(code)

    def open(self, said: str = "") -> None:
        """Open the dialog, with what was ``said`` of somebody who was not found: a phone or a name.

        Raises ``StationError`` PACK_MISSING, or 4xx when a file cannot be used.
        """
        last, self._last = self._last, None
        is_fresh = last is not None and self._now() - last[1] <= REMEMBERED_US
        tap = last[0] if last and is_fresh and self._enrol_desk.holder_of(last[0]) is None else None
        (self.dialog or self._made()).start(tap, said)

    def _now(self) -> int:
        return self._till.desk.clock.now().utc_us

    def _made(self) -> "EnrolDialog":
        from ui.qt.enrol_dialog import EnrolDialog

        till = self._till
        self.dialog = made = EnrolDialog(till, self._enrol_desk)
        made.set_words(self.words, self.style)
        made.accepted.connect(self._enrolled)
        till.fields(made)
        return made

