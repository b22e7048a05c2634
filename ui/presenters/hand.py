"""A price or a discount by hand: tried out while it is typed, approved where the role does not reach, given, taken back. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from station.approval import Operation, OperationKind
from station.basket import BasketLine
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.hand_desk import HandTry, try_by_hand
from station.pack import HAND
from station.people import Actor, Role
from ui.format import Format, fold_digits
from ui.presenters import payment
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.text import Words, mark

REASONS = (
    mark("Damaged"), mark("Near its last day"), mark("Marked lower on the shelf"), mark("Last piece or display piece"),
    mark("Making up for a fault of ours"), mark("Agreed with the manager"))
"""What is given by hand for; the English sentence is what the journal keeps."""

Approved = Callable[[Operation, str, Callable[[Actor | None], None]], None]


class How(Enum):
    """What is typed: a share, an amount off, or a price per piece."""

    PERCENT = "percent"
    AMOUNT = "amount"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class HandForm:
    """What stands in the dialog. ``line`` is None for the whole basket, ``reason`` "" before one is chosen.

    ``instead`` gives it in place of promotions.
    """

    line: int | None
    how: How = How.PERCENT
    typed: str = ""
    reason: str = ""
    instead: bool = False


@dataclass(frozen=True, slots=True)
class GivenRow:
    """Something that was given already, by its number from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class HandView:
    """What the form comes to. ``problem`` says why it cannot be given, or is ""; ``ready`` that it can.

    ``needs`` says whose word it needs, or is "".
    """

    target: str
    before: str
    off: str
    after: str
    needs: str
    problem: str
    ready: bool
    given: tuple[GivenRow, ...]


class Hand:
    """Lives on the screen's thread. No action raises ``StationError``: refusals become the banner."""

    def __init__(self, checkout: Checkout, desk: Desk, approved: Approved) -> None:
        """``approved`` asks a second person; ``speak`` comes before anything else."""
        self._checkout = checkout
        self._desk = desk
        self._approved = approved
        self._words, self._style = Words("en"), Format("en")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    @property
    def unit(self) -> str:
        """The name of the unit in which amounts are typed."""
        return self._style.unit_name

    def selected(self) -> int | None:
        """Return the line the cashier has selected, the last one where none is; None without goods."""
        basket = self._desk.counter.basket
        lines = [line.line for line in basket.lines] if basket else []
        selected = self._checkout.selected
        return selected if selected in lines else lines[-1] if lines else None

    def view(self, form: HandForm) -> HandView:
        """Return what ``form`` would come to now."""
        words, counter = self._words, self._desk.counter
        priced = counter.priced()
        before = priced.total if priced else 0
        tried, problem = self._tried(form)
        target, rows = self._target(form.line), self._given()
        # One unit for all of them, whichever they need.
        style = self._style.fitting((before, *((tried.total, tried.amount) if tried else ()), *(off for _, _, off in rows)))
        after = style.money(tried.total) if tried else ""
        off = style.money(-tried.amount) if tried and tried.amount else ""
        needs = words(_NEEDS[tried.needs]) if tried and tried.needs else ""
        ready = bool(tried and tried.amount and form.reason)
        given = tuple(GivenRow(number, words(
            "{target}: {amount} off, {reason}", amount=style.money(amount), target=self._target(each.line),
            reason=words(each.reason))) for number, each, amount in rows)
        return HandView(target, style.money(before), off, after, needs, problem, ready, given)

    def give(self, form: HandForm) -> None:
        """Give what ``form`` says, after who has to agree has; for 8 seconds it can be taken back."""
        given, (tried, _) = self._by_hand(form), self._tried(form)
        if given is None or tried is None or not (tried.amount and form.reason):
            return
        if tried.needs is None:
            self._checkout.do(lambda: self._give(given, None))
            return
        operation = self._operation(given, tried, tried.needs)
        what = self._words("{target}: {amount} off, {reason}", amount=self._style.money(tried.amount),
                           target=self._target(form.line), reason=self._words(form.reason))
        self._approved(operation, what, lambda approver: self._checkout.do(
            lambda: self._agreed(given, operation, approver)))

    def take_back(self, number: int) -> None:
        """Take back what was given as ``number``; for 8 seconds it can be had again."""
        self._checkout.do(lambda: self._change(
            lambda: self._desk.counter.take_back(number), self._words("What was given by hand is taken back.")))

    def _agreed(self, given: ByHand, operation: Operation, approver: Actor | None) -> None:
        """Give it, if it is still what was agreed to: the basket may be another by now."""
        held = self._desk.counter.in_hand
        tried = try_by_hand(held, given) if held else None
        if tried is None or self._operation(given, tried, operation.needs).digest != operation.digest:
            raise StationError(ErrorCode.APPROVAL_MISSING)
        self._give(given, approver)

    def _give(self, given: ByHand, approver: Actor | None) -> None:
        agreed = ByHand(given.actor, given.reason, given.line, given.price, given.percent, given.amount,
                        given.instead, approver)
        self._change(lambda: self._desk.counter.give_by_hand(agreed),
                     self._words("Given by hand: {reason}", reason=self._words(given.reason)))

    def _change(self, act: Callable[[], None], news: str) -> None:
        counter = self._desk.counter
        before = counter.in_hand
        act()
        self._checkout.can_go_back(before, news)

    def _operation(self, given: ByHand, tried: HandTry, needs: Role) -> Operation:
        basket = self._desk.counter.basket
        subject = f"{basket.basket_id if basket else ''}/{given.line or ''}"
        return Operation(OperationKind.HAND_DISCOUNT, given.actor, subject, tried.amount, needs)

    def _tried(self, form: HandForm) -> tuple[HandTry | None, str]:
        """Return what the form comes to, or None and why it cannot be told."""
        held, given = self._desk.counter.in_hand, self._by_hand(form)
        if held is None or given is None:
            return None, self._words("This is not an amount that can be given.") if form.typed.strip() else ""
        try:
            return try_by_hand(held, given), ""
        except StationError:
            return None, self._words("Nobody may give this by hand.")

    def _by_hand(self, form: HandForm) -> ByHand | None:
        """Return what the form says, None when it says nothing that can be given; it has a reason to be tried with."""
        actor, reason = self._desk.at_till.actor, form.reason or REASONS[0]
        text = fold_digits(form.typed).strip().replace("٫", ".")
        if not text or (form.how is How.PRICE and form.line is None):
            return None
        try:
            if form.how is How.PERCENT:
                return ByHand(actor, reason, form.line, percent=text, instead=form.instead)
            amount = payment.amount_typed(text, self._style.unit)
            if form.how is How.AMOUNT:
                return ByHand(actor, reason, form.line, amount=amount, instead=form.instead)
            return ByHand(actor, reason, form.line, price=amount, instead=form.instead)
        except (ValueError, StationError):
            return None

    def _target(self, number: int | None) -> str:
        line = self._line(number)
        return line.product.name.in_language(self._words.language) if line else self._words("The whole basket")

    def _line(self, number: int | None) -> BasketLine | None:
        basket = self._desk.counter.basket
        return next((line for line in basket.lines if line.line == number), None) if basket else None

    def _given(self) -> Sequence[tuple[int, ByHand, int]]:
        """Return what was given already, each with its number and what it takes off."""
        basket, priced = self._desk.counter.basket, self._desk.counter.priced()
        if basket is None or priced is None:
            return ()
        return [(number, given, sum(each.amount for each in priced.discounts if each.rule == f"{HAND}/{number}"))
                for number, given in enumerate(basket.by_hand, 1)]


_NEEDS = {
    Role.SENIOR: mark("A senior cashier or a manager has to agree."), Role.MANAGER: mark("A manager has to agree.")}
