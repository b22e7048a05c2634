"""The customer's screen with its presenter, put together at the counter; it follows what the cashier sees."""

from collections.abc import Callable

from station.clock import Clock
from station.member import Member
from station.text import Text
from ui.format import Format
from ui.look import Look
from ui.presenters.basket_view import Reckoned
from ui.presenters.customer import CustomerSide
from ui.presenters.desk import Closed
from ui.qt import tokens
from ui.qt.customer_display import CustomerDisplay
from ui.qt.window import Window
from ui.text import Words
from ui.views import CheckoutView


class BesideCustomer:
    """One screen beside the cashier's, if there is one."""

    def __init__(self, shop: Text, clock: Clock, window: Window, member: Callable[[], Member | None]) -> None:
        """Begin idle, in the window's look; ``member`` is whose the basket is."""
        self._window, self._member = window, member
        look = window.look
        words = Words(look.language)
        self.display = CustomerDisplay(words, tokens.THEMES[look.theme], window)
        self._side = CustomerSide(shop, clock, words, Format(look.language, look.unit), self.display)
        self.lock(locked=window.locked)

    def shown(self, view: CheckoutView) -> None:
        """Take what the cashier now sees."""
        reckoned: Reckoned | None = self._window.checkout.reckoned
        self._side.shown(view, reckoned, self._member())

    def closed(self, closed: Closed) -> None:
        """Thank for a sale."""
        self._side.closed(closed)

    def lock(self, *, locked: bool) -> None:
        """Show nothing of a basket while the till is locked."""
        self._side.lock(locked=locked)

    def tick(self) -> None:
        """End what is over; called every second."""
        self._side.tick()

    def dress(self, look: Look) -> None:
        """Follow the cashier's language and theme."""
        words = Words(look.language)
        self.display.set_words(words)
        self.display.set_theme(tokens.THEMES[look.theme])
        self._side.speak(words, Format(look.language, look.unit))

    def close(self) -> None:
        """Take the screen away."""
        self.display.close()
