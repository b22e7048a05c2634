"""The customer's side of the counter: what is rung up, what it costs and what was gained. No Qt.

It shows no phone, no family name and nothing of the cashier's own news, and it is never older than
the counter: without a basket, and while the till is locked, it shows the shop's name alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from station.clock import Clock
from station.member import Member
from station.text import Text
from ui.format import Format
from ui.presenters.basket_view import Reckoned, fitting
from ui.presenters.desk import Closed
from ui.presenters.done import next_visit
from ui.presenters.reasons import rule_name
from ui.text import Words
from ui.views import CheckoutView, SumView
from ui.views_customer import CustomerView, Face

THANKS_US = 20_000_000
MOST_GAINS = 4


class CustomerScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_customer(self, view: CustomerView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class _Served:
    """The basket as the cashier sees it, and whose it is."""

    view: CheckoutView
    reckoned: Reckoned
    member: Member | None


def first_name(name: str) -> str:
    """Return the first of several words of ``name``; a name of one word may be the family's, so it is "" then."""
    first, *others = name.split() or [""]
    return first if others else ""


class CustomerSide:
    """What the customer sees. Lives on the screen's thread."""

    def __init__(self, shop: Text, clock: Clock, words: Words, style: Format, screen: CustomerScreen) -> None:
        """Start idle; nothing is shown before the first ``show``."""
        self._shop = shop
        self._clock = clock
        self._words = words
        self._style = style
        self._screen = screen
        self._served: _Served | None = None
        self._closed: Closed | None = None
        self._until_us = 0
        self._locked = False

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; the lines follow when the checkout shows itself again."""
        self._words, self._style = words, style
        self.show()

    def shown(self, view: CheckoutView, reckoned: Reckoned | None, member: Member | None) -> None:
        """Take what the cashier now sees: the basket with what the engine says of it, None for both without one."""
        self._served = _Served(view, reckoned, member) if reckoned and (reckoned.basket.lines or member) else None
        if self._served:
            self._closed = None
        self.show()

    def closed(self, closed: Closed) -> None:
        """Thank for a sale and tell the change, until the next basket or for 20 seconds."""
        self._closed, self._until_us = closed, self._clock.now().utc_us + THANKS_US
        self.show()

    def lock(self, *, locked: bool) -> None:
        """Show nothing of the basket while the till is ``locked``; a sale that was closed is forgotten."""
        self._locked = locked
        if locked:
            self._closed = None
        self.show()

    def tick(self) -> None:
        """End the thanks when their time is over; called every second."""
        if self._closed and self._clock.now().utc_us > self._until_us:
            self._closed = None
            self.show()

    def show(self) -> None:
        """Show the present state."""
        self._screen.show_customer(self._describe())

    def _describe(self) -> CustomerView:
        if self._locked:
            return self._idle()
        if self._served:
            return self._basket(self._served)
        return self._thanks(self._closed) if self._closed else self._idle()

    def _idle(self) -> CustomerView:
        words, shop = self._words, self._shop.in_language(self._words.language)
        return CustomerView(
            Face.IDLE, shop, title=shop,
            text=words("Members of our club collect points and get their own discounts. "
                       "Ask at the counter: joining takes less than half a minute."))

    def _basket(self, served: _Served) -> CustomerView:
        words, view, reckoned = self._words, served.view, served.reckoned
        style, priced = fitting(self._style, reckoned), reckoned.priced
        points = " · ".join(part for part in (
            self._style.points(served.member.points) if served.member else "", view.totals.earns) if part)
        return CustomerView(
            Face.BASKET, self._shop.in_language(words.language),
            lines=view.lines, latest=view.selected if view.selected is not None else _last(view),
            unit=view.unit, count=view.count, greeting=self._greeting(served.member), points=points,
            gains=tuple(self._gains(reckoned, style)),
            gained=words("You save {amount}", amount=style.money(priced.discount)) if priced.discount else "",
            invite=view.totals.joining, total=style.money(priced.total))

    def _gains(self, reckoned: Reckoned, style: Format) -> Iterator[SumView]:
        """Yield what each rule took off in the order they were applied; many small ones end in one sum."""
        sums: dict[str, int] = {}
        for discount in reckoned.priced.discounts:
            sums[discount.rule] = sums.get(discount.rule, 0) + discount.amount
        fits = len(sums) <= MOST_GAINS
        named = list(sums.items())[:MOST_GAINS if fits else MOST_GAINS - 1]
        for rule, amount in named:
            yield SumView(rule_name(reckoned.pack, rule, self._words, style), style.money(-amount))
        if not fits:
            rest = sum(sums.values()) - sum(amount for _, amount in named)
            yield SumView(self._words("Other discounts"), style.money(-rest))

    def _thanks(self, closed: Closed) -> CustomerView:
        words, sale = self._words, closed.settled.sale
        style = self._style.fitting((sale.priced.total, sale.priced.discount, sale.change))
        first = first_name(closed.member.name) if closed.member else ""
        after = closed.settled.points_after
        said = [words("Paid: {amount}", amount=style.money(sale.priced.total))]
        if sale.priced.discount:
            said.append(words("You save {amount}", amount=style.money(sale.priced.discount)))
        if after is not None:
            said.append(words("Your points: {points}", points=self._style.number(after)))
        said += next_visit(closed, words, self._style)
        return CustomerView(
            Face.THANKS, self._shop.in_language(words.language),
            title=words("Thank you, {name}", name=first) if first else words("Thank you for your purchase"),
            text="\n".join(said),
            change=words("Change {amount}", amount=style.money(sale.change)) if sale.change else "")

    def _greeting(self, member: Member | None) -> str:
        if member is None:
            return ""
        first = first_name(member.name)
        return self._words("Welcome, {name}", name=first) if first else self._words("Welcome")


def _last(view: CheckoutView) -> int | None:
    return view.lines[-1].line if view.lines else None
