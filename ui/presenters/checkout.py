"""The checkout: what the cashier and the readers do, and what the screen then shows. No Qt."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from drivers.bank_cards import Lane, is_bank_card
from drivers.card_codes import is_card_code
from station.basket import BasketLine
from station.card import Tap
from station.errors import ErrorCode, StationError
from station.in_hand import Removed
from station.money import THOUSAND
from station.priced import Refusal
from station.tender import Tender, TenderKind
from ui.format import Format, fold_digits
from ui.presenters import payment
from ui.presenters.basket_view import (
    Reckoned,
    describe_lines,
    describe_member,
    describe_totals,
    fitting,
)
from ui.presenters.beside import with_what_is_beside
from ui.presenters.desk import Closed, Desk
from ui.presenters.keyed import keyed_card
from ui.text import Words
from ui.views import BannerView, CheckoutView, FoundMember, Tone

UNDO_US = 8_000_000
_DISPROVEN = frozenset({ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED})

_TIMES = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)\s*[*×](.*)", re.ASCII | re.DOTALL)


class CheckoutScreen(Protocol):
    """The screen the presenter speaks to."""

    def render(self, view: CheckoutView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class _Undo:
    """How to take the last change back, until ``until_us`` (UTC microseconds)."""

    back: Callable[[], object]
    until_us: int


class Checkout:
    """The checkout's state beside the basket: selection, news, undo and payment.

    Lives on the screen's thread. No action raises ``StationError``: refusals become the banner.
    """

    def __init__(self, desk: Desk, words: Words, style: Format, screen: CheckoutScreen) -> None:
        """Start with what the counter holds; nothing is shown before the first ``show``."""
        self._desk = desk
        self._counter = desk.counter
        self._words = words
        self._style = style
        self._screen = screen
        self._selected: int | None = None
        self._times: int | None = None
        self._banner: BannerView | None = None
        self._undo: _Undo | None = None
        self._problem: str | None = None
        self._closed: Closed | None = None
        self._reckoned: Reckoned | None = None
        self._offers: tuple[Refusal, ...] = ()
        self._last_taps: dict[str, str] = {}

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; the news of the last action is dropped but for a done sale."""
        self._words, self._style = words, style
        self._banner = self._done(self._closed) if self._closed else None
        if self._problem is not None:
            self._problem = ""
        self.show()

    def recover(self) -> None:
        """Bring back the basket that was in hand when the program ended, and say so."""
        try:
            found = self._counter.recover()
        except StationError as fault:
            self._refused(fault)
            return
        if found:
            words = self._words
            text = (words("The basket from before was brought back, on today's rules.") if found.reopened
                    else words("The basket from before was brought back."))
            self._banner = BannerView(Tone.NEUTRAL, text)
            self.show()

    def tapped(self, tap: Tap) -> None:
        """Give the basket to the member this card proves.

        Every reader refuses bank cards itself; this is the last door, for a reader that does not.
        """
        if is_bank_card(tap.number, Lane.BARCODE):
            self.tell(StationError(ErrorCode.CARD_IS_BANK_CARD))
            return
        self._last_taps[tap.reader] = tap.number
        self._act(lambda: self._desk.tap(tap))

    def card_fault(self, reader: str, fault: StationError) -> None:
        """Say what was wrong with the card at ``reader``; the member goes when it is the one that was taken there.

        Head office may find only afterwards, while the card still lies there, that it is forged.
        """
        if fault.code in _DISPROVEN:
            self._act(lambda: self._counter.disprove(self._last_taps.pop(reader, "")))
        self.tell(fault)

    @property
    def reckoned(self) -> Reckoned | None:
        """The open basket with what the engine says of it, None without one."""
        return self._reckon()

    def tell(self, fault: StationError) -> None:
        """Say what went wrong beside the basket: with a card, a reader, a printer."""
        self._refused(fault)
        self.show()

    def scanned(self, text: str) -> None:
        """Take what was scanned or typed: a barcode, ``quantity*barcode``, ``quantity*`` or a card."""
        code = fold_digits(text).strip()
        if is_bank_card(code, Lane.BARCODE):
            self.tell(StationError(ErrorCode.CARD_IS_BANK_CARD))
            return
        if is_card_code(code):
            # From a reader it comes as a tap: by hand nobody's card is entered.
            self.tell(StationError(ErrorCode.CARD_UNREADABLE))
            return
        if times := _TIMES.fullmatch(code):
            quantity, code = int(Decimal(times[1]) * THOUSAND), times[2].strip()
            self._times = quantity
        if code:
            self._act(lambda: self._take(code))
        else:
            self.show()

    def select(self, line: int) -> None:
        """Make ``line`` the one that quantity and removal act on."""
        self._selected = line
        self.show()

    def step(self, by: int) -> None:
        """Change the selected line by ``by`` whole pieces; at nothing left the line is removed."""
        line = self._line(self._selected)
        if line is None:
            return
        if line.quantity + by * THOUSAND <= 0:
            self.remove()
            return
        self._act(lambda: self._set_quantity(line, line.quantity + by * THOUSAND))

    def remove(self) -> None:
        """Take the selected line out; for 8 seconds it can be brought back."""
        line = self._line(self._selected)
        if line is not None:
            self._act(lambda: self._remove(line))

    def undo(self) -> None:
        """Take the last change of the basket back, unless 8 seconds have passed."""
        undo = self._undo
        if undo and self._desk.clock.now().utc_us <= undo.until_us:
            self._act(undo.back)

    def find(self, text: str) -> tuple[FoundMember, ...]:
        """Return the members that ``text`` may mean: a phone, its last four digits, a name, or both."""
        try:
            members = self._desk.members.search(text)
        except StationError as fault:
            self.tell(fault)
            return ()
        return tuple(
            FoundMember(each.member_id, each.name, self._style.phone(each.phone)) for each in members)

    def identify(self, member_id: str) -> None:
        """Give the basket to a member who was found without a card."""
        self._act(lambda: self._desk.identify(member_id))

    def forget_member(self) -> None:
        """Take the member out of the basket."""
        self._act(self._counter.forget_member)

    def begin_pay(self) -> None:
        """Open the payment; once it is open, or without goods, this changes nothing."""
        if self._problem is None and self._counter.basket and self._counter.basket.lines:
            reckoned = self._reckon()
            self._offers = payment.offered(reckoned, self._counter.priced) if reckoned else ()
            self._problem, self._banner = "", None
            self.show()

    def cancel_pay(self) -> None:
        """Go back from the payment to the basket; by which means it would have been paid is forgotten."""
        self._problem = None
        if self._counter.basket:
            self._act(lambda: self._counter.pay_by(()))
        else:
            self.show()

    def pay_cash(self, given: str) -> None:
        """Settle with the cash typed as ``given``; nothing typed is the exact amount."""
        self._pay((TenderKind.CASH,), lambda total: payment.cash(total, self._typed(given)))

    def pay_cash_amount(self, amount: int) -> None:
        """Settle with ``amount`` rials in cash."""
        self._pay((TenderKind.CASH,), lambda total: payment.cash(total, amount))

    def pay_bank(self, given: str, trace: str) -> None:
        """Settle on the bank's terminal, less the cash typed as ``given``."""
        no_cash = not fold_digits(given).strip("0 ")
        means = (TenderKind.DEBIT,) if no_cash else (TenderKind.CASH, TenderKind.DEBIT)
        self._pay(means, lambda total: payment.bank(total, self._typed(given), trace))

    def preview(self, given: str) -> str:
        """Return what the cash typed as ``given`` leaves: change, what is missing, or "" for nothing."""
        reckoned = self._reckon()
        try:
            left = self._typed(given) - reckoned.priced.total if reckoned and given.strip() else 0
        except StationError as fault:
            return self._words.error(fault)
        if left < 0:
            return self._words("{amount} remains to be paid", amount=self._style.money(-left))
        return self._words("Change {amount}", amount=self._style.money(left)) if left else ""

    def dismiss(self) -> None:
        """Put the news of the last action away."""
        self._banner, self._times = None, None
        self.show()

    def abandon(self) -> None:
        """Drop the basket."""
        self._selected = None
        self._act(self._counter.abandon)

    def tick(self) -> None:
        """Let the undo run out when its time is over; called every second."""
        if self._undo and self._desk.clock.now().utc_us > self._undo.until_us:
            self._undo = None
            if self._banner and self._banner.undo:
                self._banner = None
            self.show()

    def show(self) -> None:
        """Show the present state."""
        counter, words, reckoned = self._counter, self._words, self._reckon()
        style = fitting(self._style, reckoned)
        member = counter.member
        self._screen.render(CheckoutView(
            lines=describe_lines(reckoned, words, style),
            selected=self._selected,
            count=words("Items: {count}", count=style.number(len(self._lines()))),
            unit=style.unit_name,
            times="" if self._times is None else f"{style.quantity(self._times)} ×",
            member=(with_what_is_beside(describe_member(member, reckoned.pack, counter.shown, words, style), reckoned.basket, words,
                                        style) if member and reckoned else None),
            totals=describe_totals(reckoned, words, style),
            banner=self._banner,
            pay=(payment.describe(reckoned, self._offers, self._problem, words, self._style)
                 if reckoned and self._problem is not None else None)))

    def _reckon(self) -> Reckoned | None:
        """Return the open basket with its quote, which is asked for once for each basket."""
        counter, basket = self._counter, self._counter.basket
        if self._reckoned is None or self._reckoned.basket is not basket:
            pack, quote = counter.pack(), counter.quote()
            self._reckoned = None
            if basket and pack and quote:
                self._reckoned = Reckoned(basket, pack, quote, counter.gain_by_joining() if basket.lines else None)
        return self._reckoned

    def _take(self, code: str) -> None:
        quantity = THOUSAND if self._times is None else self._times
        before = {line.line: line for line in self._counter.basket.lines} if self._counter.basket else {}
        try:
            line = self._counter.scan(code, quantity)
        except StationError as fault:
            card = keyed_card(code)
            if fault.code is not ErrorCode.PRODUCT_UNKNOWN or card is None:
                raise
            self._desk.tap(card)
            return
        finally:
            self._times = None
        self._selected = line.line
        held = before.get(line.line)
        self._can_undo(lambda: self._counter.put_back(held) if held else self._drop(line.line))

    def _set_quantity(self, line: BasketLine, quantity: int) -> None:
        self._counter.set_quantity(line.line, quantity)
        self._can_undo(lambda: self._counter.put_back(line))

    def _remove(self, line: BasketLine) -> None:
        taken = self._drop(line.line)
        self._can_undo(lambda: self._restore(taken))
        name = line.product.name.in_language(self._words.language)
        self._banner = BannerView(Tone.NEUTRAL, self._words("Removed: {name}", name=name), undo=True)

    def _drop(self, number: int) -> Removed:
        """Remove a line and select the one that takes its place."""
        taken = self._counter.remove(number)
        numbers = [line.line for line in self._lines()]
        after = [each for each in numbers if each > number]
        self._selected = after[0] if after else numbers[-1] if numbers else None
        return taken

    def _restore(self, taken: Removed) -> None:
        self._counter.put_back(taken.line, taken.by_hand)
        self._selected = taken.line.line

    def _can_undo(self, back: Callable[[], object]) -> None:
        self._undo = _Undo(back, self._desk.clock.now().utc_us + UNDO_US)

    def _pay(self, means: Sequence[TenderKind], tenders: Callable[[int], Sequence[Tender]]) -> None:
        """Settle what is open; a second call finds no basket and no payment, and does nothing.

        The total is asked for once the means are known: promotions may depend on them.
        """
        if self._problem is None or self._counter.basket is None:
            return
        try:
            self._counter.pay_by(means)
            priced, pack, member = self._counter.priced(), self._counter.pack(), self._counter.member
            if priced is None or pack is None:
                return
            settled = self._counter.settle(tenders(priced.total), self._desk.at_till.actor)
        except StationError as fault:
            self._problem = self._words.error(fault)
            self.show()
            return
        closed = Closed(settled, member, pack, self._desk.clock.now())
        self._problem = self._undo = self._selected = self._times = None
        self._closed, self._banner = closed, self._done(closed)
        self.show()
        try:
            self._desk.on_closed(closed)
        except StationError as fault:
            self._banner = BannerView(Tone.WARN, self._words.error(fault), self._banner.big)
            self.show()

    def _done(self, closed: Closed) -> BannerView:
        words, sale = self._words, closed.settled.sale
        style = self._style.fitting((sale.priced.total, sale.change))
        change = words("Change {amount}", amount=style.money(sale.change)) if sale.change else ""
        text = words("Done: {amount} · receipt {receipt}",
                     amount=style.money(sale.priced.total), receipt=closed.settled.receipt)
        return BannerView(Tone.OK, text, change)

    def _typed(self, text: str) -> int:
        return payment.amount_typed(text, self._style.unit)

    def _act(self, action: Callable[[], object]) -> None:
        """Do ``action``; a refusal becomes the banner and leaves the basket as it was."""
        self._banner = self._undo = self._closed = None
        try:
            action()
        except StationError as fault:
            self._refused(fault)
        self.show()

    def _refused(self, fault: StationError) -> None:
        self._banner = BannerView(Tone.ERROR, self._words.error(fault))

    def _lines(self) -> Sequence[BasketLine]:
        return self._counter.basket.lines if self._counter.basket else ()

    def _line(self, number: int | None) -> BasketLine | None:
        return next((line for line in self._lines() if line.line == number), None)
