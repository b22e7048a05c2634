"""The checkout: what the cashier and the readers do, and what the screen then shows. No Qt."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from drivers.bank_cards import Lane, is_bank_card
from drivers.card_codes import is_card_code
from station.basket import BasketLine
from station.card import Tap
from station.errors import ErrorCode, StationError
from station.in_hand import InHand
from station.money import THOUSAND
from ui.format import Format, fold_digits
from ui.presenters.basket_view import (
    BasketRows,
    Reckoned,
    another_member,
    describe_member,
    describe_totals,
    fitting,
    no_more_approved,
    reckon,
)
from ui.presenters.beside import answers_now, with_what_is_beside
from ui.presenters.codes import Codes, Taken
from ui.presenters.desk import Closed, Desk
from ui.presenters.done import done
from ui.presenters.paying import Paying
from ui.presenters.selected_line import SelectedLine
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
    """The checkout's state beside the basket: selection, news, undo; ``paying`` is the payment.

    Lives on the screen's thread. No action raises ``StationError``: refusals become the banner.
    """

    def __init__(self, desk: Desk, words: Words, style: Format, screen: CheckoutScreen) -> None:
        """Start with what the counter holds; nothing is shown before the first ``show``."""
        self._desk = desk
        self._counter = desk.counter
        self._words = words
        self._style = style
        self._screen = screen
        self._selected = SelectedLine(desk.counter)
        self._times: int | None = None
        self._banner: BannerView | None = None
        self._undo: _Undo | None = None
        self._closed: Closed | None = None
        self._reckoned: Reckoned | None = None
        self._rows = BasketRows()
        self._last_taps: dict[str, str] = {}
        self.hints: dict[ErrorCode, str] = {}  # what can be done about a refusal, by tools of the window; to be translated
        self.newcomer: Callable[[str], None] | None = None  # begins an enrolment with what was typed, by a tool likewise
        self.read_answers: Callable[[], None] = lambda: None  # shows the answers that wait for the member, likewise
        self._codes = Codes(desk)
        self.paying = Paying(desk, words, style, self._sold, self.show)

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; the news of the last action is dropped but for a done sale."""
        self._words, self._style = words, style
        self.paying.speak(words, style)
        self._banner = done(self._closed, words, style) if self._closed else None
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
        self.do(lambda: self._tap(tap))

    def card_fault(self, reader: str, fault: StationError) -> None:
        """Say what was wrong with the card at ``reader``; the member goes when it is the one that was taken there.

        Head office may find only afterwards, while the card still lies there, that it is forged.
        """
        if fault.code in _DISPROVEN and self._counter.shown.number:
            self.do(lambda: self._counter.disprove(self._last_taps.pop(reader, "")))
        self.tell(fault)

    def do(self, action: Callable[[], object]) -> None:
        """Do ``action`` on the counter and show what came of it; a refusal becomes the banner, the basket stays."""
        before, held = self._reckoned, self._counter.basket
        self._banner = self._undo = self._closed = None
        try:
            action()
            if self.paying.is_open:
                self.paying.follow()
        except StationError as fault:
            self._refused(fault)
        if held and not (self._counter.basket and self._counter.basket.basket_id == held.basket_id):
            # What waits for a gift card was of the basket that went: the next customer's goods are no gift card.
            self._times = None
            self._codes.forget()
        self._banner = self._banner or no_more_approved(before, self._reckon(), self._words, self._style)
        self.show()

    def say(self, banner: BannerView) -> None:
        """Show news beside the basket."""
        self._banner = banner
        self.show()

    def can_undo(self, back: Callable[[], object]) -> None:
        """Offer for 8 seconds to take the change just made back by ``back``; called inside ``do``, after the change."""
        self._undo = _Undo(back, self._desk.clock.now().utc_us + UNDO_US)

    def can_go_back(self, before: InHand | None, news: str) -> None:
        """Say ``news`` of the change just made, and offer to go back to the basket as it was ``before``; as ``can_undo``.

        Nothing is undone where the basket was changed past this presenter meanwhile.
        """
        counter, after = self._counter, self._counter.in_hand
        if before:
            self.can_undo(lambda: counter.go_back(before) if counter.in_hand is after else None)
        self._banner = BannerView(Tone.NEUTRAL, news, undo=before is not None)

    def came(self, before: InHand | None) -> None:
        """Offer to go back to the basket as it was ``before`` where it was another member's; as ``can_undo``."""
        if news := another_member(before, self._counter.in_hand, self._words):
            self.can_go_back(before, news)

    @property
    def reckoned(self) -> Reckoned | None:
        """The open basket with what the engine says of it, None without one."""
        return self._reckon()

    def tell(self, fault: StationError) -> None:
        """Say what went wrong beside the basket: with a card, a reader, a printer.

        The change to hand back stays where it is, and so does what can be taken back.
        """
        if not self._said_beside(fault):
            self._refused(fault)
        self.show()

    def scanned(self, text: str) -> None:
        """Take what was scanned or typed: a barcode, ``quantity*barcode``, ``quantity*`` or a card."""
        code = fold_digits(text).strip()
        if self.paying.wants_card and code and not is_bank_card(code, Lane.BARCODE) and not is_card_code(code):
            self.paying.card(code)
            return
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
            self.do(lambda: self._take(code))
        else:
            self.show()

    def select(self, line: int) -> None:
        """Make ``line`` the one that quantity and removal act on."""
        self._selected.number = line
        self.show()

    @property
    def selected(self) -> int | None:
        """The number of the line that quantity and removal act on, None for none."""
        return self._selected.number

    def step(self, by: int) -> None:
        """Change the selected line by ``by`` whole pieces; at nothing left the line is removed."""
        line = self._selected.line
        if line is None:
            return
        if line.quantity + by * THOUSAND <= 0:
            self.remove()
            return
        self.do(lambda: self._set_quantity(line, line.quantity + by * THOUSAND))

    def remove(self) -> None:
        """Take the selected line out; for 8 seconds it can be brought back."""
        line = self._selected.line
        if line is not None:
            self.do(lambda: self._remove(line))

    def undo(self) -> None:
        """Take the last change of the basket back, unless 8 seconds have passed."""
        undo = self._undo
        if undo and self._desk.clock.now().utc_us <= undo.until_us:
            self.do(undo.back)

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
        self.do(lambda: self._identify(member_id))

    def forget_member(self) -> None:
        """Take the member out of the basket; for 8 seconds the member can be had back."""
        if self._counter.member:
            self.do(lambda: self._change(self._counter.forget_member, self._words("The member was taken out of the basket.")))

    def begin_pay(self) -> None:
        """Open the payment; once it is open, or without goods, this changes nothing."""
        self._banner = None if self._lines() else self._banner
        self.paying.begin()

    def cancel_pay(self) -> None:
        """Go back from the payment to the basket."""
        self.do(self._cancel)

    def pay_cash(self, given: str) -> None:
        """Take the cash typed as ``given``; nothing typed is the exact amount."""
        self.paying.take_cash(given)

    def pay_cash_amount(self, amount: int) -> None:
        """Take ``amount`` rials in cash."""
        self.paying.take_amount(amount)

    def pay_bank(self, given: str, trace: str) -> None:
        """Take what the bank's terminal was paid: the amount typed, or all that remains."""
        self.paying.take_bank(given, trace)

    def dismiss(self) -> None:
        """Put the news of the last action away, and wait for nothing any more."""
        self._banner, self._times, self._closed = None, None, None
        self._codes.forget()
        self.show()

    def abandon(self) -> None:
        """Drop the basket; for 8 seconds it can be had back."""
        self._selected.number, news = None, self.paying.with_what_is_owed(self._words("The basket was dropped."))
        if self._counter.in_hand:
            self.do(lambda: self._change(self._counter.abandon, news))

    def show_answers(self) -> None:
        """Show the answers that wait for the member."""
        self.read_answers()

    def tick(self) -> None:
        """Let the undo run out when its time is over; called every second."""
        if self._undo and self._desk.clock.now().utc_us > self._undo.until_us:
            self._undo = None
            if self._banner and self._banner.undo:
                self._banner = BannerView(Tone.WARN, self._banner.fault) if self._banner.fault else None
            self.show()

    def show(self) -> None:
        """Show the present state."""
        counter, words, reckoned = self._counter, self._words, self._reckon()
        style = fitting(self._style, reckoned)
        member = counter.member
        self._screen.render(CheckoutView(
            lines=self._rows.describe(reckoned, words, style),
            selected=self._selected.number,
            count=words("Items: {count}", count=style.number(len(self._lines()))),
            unit=style.unit_name,
            times="" if self._times is None else f"{style.quantity(self._times)} ×",
            member=(with_what_is_beside(describe_member(member, reckoned.pack, counter.shown, words, style), reckoned,
                                        answers_now(self._desk.members, member), words, style) if member and reckoned else None),
            totals=describe_totals(reckoned, words, style),
            banner=self._banner, pay=self.paying.view(reckoned)))

    def _reckon(self) -> Reckoned | None:
        """Return the open basket with its quote, which is asked for once for each basket."""
        if self._reckoned is None or self._reckoned.basket is not self._counter.basket:
            self._reckoned = reckon(self._counter)
        return self._reckoned

    def _take(self, code: str) -> None:
        quantity = THOUSAND if self._times is None else self._times
        before = {line.line: line for line in self._lines()}
        held = self._counter.in_hand
        try:
            self._follow(self._codes.take(code, quantity, self._words, self._style), before)
        finally:
            self._times = None
        if held and self._banner and self._banner.undo:
            self.can_undo(lambda: self._counter.go_back(held))
        self.came(held)

    def _tap(self, tap: Tap) -> None:
        held, before = self._counter.in_hand, {line.line: line for line in self._lines()}
        self._desk.tap(tap)
        self._follow(self._codes.after_member(), before)
        self.came(held)

    def _identify(self, member_id: str) -> None:
        held = self._counter.in_hand
        self._counter.identify(member_id)
        self.came(held)

    def _follow(self, taken: Taken, before: Mapping[int, BasketLine]) -> None:
        """Select the line that was taken and offer to undo it, or show the news."""
        self._banner = taken.news
        line = taken.line
        if line is None:
            return
        self._selected.number = line.line
        held = before.get(line.line)
        self.can_undo(lambda: self._counter.put_back(held) if held else self._selected.drop(line.line))

    def _cancel(self) -> None:
        said = self.paying.cancel()
        self._banner = BannerView(Tone.WARN, said) if said else None

    def _change(self, act: Callable[[], None], news: str) -> None:
        before = self._counter.in_hand
        act()
        self.can_go_back(before, news)

    def _set_quantity(self, line: BasketLine, quantity: int) -> None:
        self._counter.set_quantity(line.line, quantity)
        self.can_undo(lambda: self._counter.put_back(line))

    def _remove(self, line: BasketLine) -> None:
        taken = self._selected.drop(line.line)
        self.can_undo(lambda: self._selected.restore(taken))
        name = line.product.name.in_language(self._words.language)
        self._banner = BannerView(Tone.NEUTRAL, self._words("Removed: {name}", name=name), undo=True)

    def _sold(self, closed: Closed) -> None:
        """Show a sale that is durable, then let it be printed."""
        self._undo = self._selected.number = self._times = None
        self._codes.forget()
        self._closed, self._banner = closed, done(closed, self._words, self._style)
        self.show()
        try:
            self._desk.on_closed(closed)
        except StationError as fault:
            self._said_beside(fault)

    def _said_beside(self, fault: StationError) -> bool:
        """Say ``fault`` below news that somebody still acts on; return False, and do nothing, without any."""
        if self._banner is None or not (self._banner.again or self._banner.undo):
            return False
        self._banner = replace(self._banner, tone=Tone.WARN, fault=self._words.error(fault))
        return True

    def _refused(self, fault: StationError) -> None:
        hint = self.hints.get(fault.code)
        self._banner = BannerView(Tone.ERROR, self._words.error(fault), more=self._words(hint) if hint else "")
        if self.paying.is_open:
            self.paying.tell(self._banner.text)

    def _lines(self) -> Sequence[BasketLine]:
        return self._counter.basket.lines if self._counter.basket else ()
