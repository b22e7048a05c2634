"""The member's phone becomes a card: a link is made and shown as a code for the phone's camera. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.errors import StationError
from ui.text import Words


@dataclass(frozen=True, slots=True)
class PhoneLinkView:
    """The dialog. ``address`` is what the code says, "" while there is none; ``problem`` says why, or is "".

    The address opens the member's account for one phone: it is shown as a picture only.
    """

    member: str
    address: str
    problem: str = ""

    def __repr__(self) -> str:
        return "PhoneLinkView(…)"


class PhoneLinkScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_link(self, view: PhoneLinkView) -> None:
        """Show ``view``."""
        ...


class PhoneLink:
    """Asks for one link each time it is started. Lives on the screen's thread; raises no ``StationError``."""

    def __init__(self, link: Callable[[str], str], words: Words, screen: PhoneLinkScreen) -> None:
        """``link`` returns the address for a member's id; it may raise ``StationError``."""
        self._link = link
        self._words = words
        self._screen = screen

    def speak(self, words: Words) -> None:
        """Go on in another language."""
        self._words = words

    def start(self, member_id: str, name: str) -> None:
        """Make a link for a member and show it."""
        try:
            self._screen.show_link(PhoneLinkView(name, self._link(member_id)))
        except StationError as fault:
            self._screen.show_link(PhoneLinkView(name, "", self._words.error(fault)))
