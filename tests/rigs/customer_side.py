"""A till in memory with a customer's side: what the cashier does, and what the customer then sees."""

from dataclasses import dataclass, field

from tests.ui.till import SHOP, Till
from ui.format import Format
from ui.presenters.basket_view import reckon
from ui.presenters.checkout import Checkout
from ui.presenters.customer import CustomerScreen, CustomerSide
from ui.presenters.desk import Closed
from ui.text import Words
from ui.views import CheckoutView
from ui.views_customer import CustomerView


@dataclass
class Shown:
    """A screen that remembers."""

    views: list[CustomerView] = field(default_factory=list)

    def show_customer(self, view: CustomerView) -> None:
        self.views.append(view)

    @property
    def view(self) -> CustomerView:
        return self.views[-1]


class TwoSides:
    """The checkout wired to the customer's side as the program does it."""

    def __init__(self, till: Till | None = None, language: str = "en", screen: CustomerScreen | None = None) -> None:
        self.till = till or Till()
        self.seen = Shown()
        words, style = Words(language), Format(language)
        self.side = CustomerSide(SHOP, self.till.clock, words, style, screen or self.seen)
        self.checkout = Checkout(self.till.desk, words, style, self)

    def render(self, view: CheckoutView) -> None:
        counter = self.till.counter
        self.side.shown(view, reckon(counter), counter.member)

    def pay(self, amount: int) -> Closed:
        """Pay in cash; the customer is told as the printer is."""
        self.checkout.begin_pay()
        self.checkout.pay_cash_amount(amount)
        closed = self.till.closed[-1]
        self.side.closed(closed)
        return closed

    @property
    def view(self) -> CustomerView:
        return self.seen.view
