"""What a member tells after the enrolment: tastes, area, birthday, e-mail, consents given and withdrawn."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from station.card import Tap
from station.tell_desk import TellDesk
from ui.format import Format
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.qt.tell_dialog import TellDialog


class TellTool(Quiet):
    """The dialog is made when it is first wanted, for the member in the basket, who stays while it is open."""

    def __init__(self, till: Till, tell_desk: TellDesk, wake: Callable[[], None]) -> None:
        """Take it down at ``tell_desk``; ``wake`` is told when there is something to send."""
        self._till, self._tell_desk, self._wake = till, tell_desk, wake
        self.dialog: TellDialog | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the one thing it does."""
        return (Entry(mark("Tastes, birthday, consents"), self.open, Section.MEMBER,
                      ready=lambda: self._till.desk.counter.member is not None),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, also in the open dialog."""
        super().set_words(words, style, theme)
        if self.dialog:
            self.dialog.set_words(words, style)

    def takes(self, tap: Tap) -> bool:  # noqa: ARG002 - as the protocol names it
        """Take no card, but let none change the member either while the dialog is open."""
        return self._refuses()

    def takes_code(self, code: str) -> bool:  # noqa: ARG002 - as the protocol names it
        """Let nothing into the basket behind the dialog."""
        return self._refuses()

    def open(self) -> None:
        """Open it. Raises ``StationError`` MEMBER_UNKNOWN, PACK_MISSING or 4xx."""
        (self.dialog or self._made()).start()

    def _refuses(self) -> bool:
        if self.dialog is None or not self.dialog.isVisible():
            return False
        self.dialog.page.refuse_card()
        return True

    def _made(self) -> "TellDialog":
        from ui.qt.tell_dialog import TellDialog

        self.dialog = made = TellDialog(self._till, self._tell_desk)
        made.set_words(self.words, self.style)
        made.accepted.connect(self._wake)
        self._till.fields(made)
        return made
