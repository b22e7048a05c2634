"""Where a card or a code goes: to the door, to what waits for it, else to the counter, past what stands over it."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QApplication

from station.card import Tap
from ui.text import Words

if TYPE_CHECKING:
    from ui.qt.window import Window


class _Taker(Protocol):
    def takes(self, tap: Tap) -> bool: ...

    def takes_code(self, code: str) -> bool: ...


class Coming:
    """Decision 0035. Lives on the screen's thread, as long as the window."""

    def __init__(self, window: "Window") -> None:
        """Serve ``window``."""
        self._window = window

    def tapped(self, tap: Tap) -> None:
        """Take a card from any page: it opens the till, approves, or its member shows at the counter."""
        window = self._window
        if (window.gate and window.gate.tapped(tap)) or any(each.takes(tap) for each in self._takers()):
            return
        window.over.make_way()
        window.open_checkout()
        window.checkout.tapped(tap)

    def scanned(self, code: str) -> None:
        """Take a code from any page. Nothing is dropped in silence: who cannot take it says so, and it is heard."""
        window = self._window
        if (window.gate and window.gate.scanned()) or any(each.takes_code(code) for each in self._takers()):
            return
        if keeping := window.over.keeping():
            keeping.refuse(unfinished(Words(window.look.language)))
            QApplication.beep()
        elif window.over.make_way():
            self.scanned(code)  # what was closed may have kept it from a page: a receipt opens its sale
        else:
            window.open_checkout()
            window.checkout.scanned(window.page.scan.take_times() + code)

    def _takers(self) -> tuple[_Taker, ...]:
        window = self._window
        return (window.back_office, *window.tools, *((window.member_desk,) if window.member_desk else ()))


def unfinished(words: Words) -> str:
    """Return why goods were not taken over something that was begun."""
    return words("Finish this first, or go back: nothing was scanned.")
