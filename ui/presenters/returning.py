"""Goods brought back at the counter: find the sale, choose what comes back, see what that comes to, have it approved. No Qt."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from station.approval import Operation, OperationKind
from station.errors import ErrorCode, StationError
from station.journal import Position
from station.leases import AccountKind
from station.past_sale import PastSale, Wanted, read_receipt, read_typed_receipt
from station.people import Actor, Role
from station.product import ProductKind
from station.returning import ELSEWHERE, Preview, Returning
from station.sale import ReturnCause, ReturnedLine
from station.span import Span
from station.tender import TenderKind
from ui.format import Format, fold_digits, in_order
from ui.presenters.payment import amount_typed
from ui.presenters.return_choice import Choice, Offer
from ui.presenters.return_parts import ReturnParts, ReturnScreen
from ui.presenters.return_unknown import WithoutSale
from ui.presenters.return_words import Telling, describe_done, describe_found, gone_of, line_note, number_of
from ui.text import Words
from ui.views_return import DoneView, FindView, GoodsView, ReturnView

MOST_MEMBERS = 5
"""So many members a name may mean; with more of them it is looked for among goods only."""

_TRACE = re.compile(r"[0-9]{1,20}", re.ASCII)
_ACCOUNTS = {ProductKind.GIFT_CARD: AccountKind.GIFT_CARD, ProductKind.TOP_UP: AccountKind.WALLET}


@dataclass(slots=True)
class _Looking:
    """What is looked for, as it was typed, and what was found."""

    span: Span
    amount: str = ""
    text: str = ""
    member_id: str = ""
    found: tuple[PastSale, ...] = ()


@dataclass(slots=True)
class _Taking:
    """A sale that was opened: what is chosen of it, and what was typed; ``found`` is what that comes to."""

    found: Preview
    choice: Choice
    balances: dict[int, int | None]
    traces: dict[int, str] = field(default_factory=dict)

    @property
    def void(self) -> bool:
        return self.found.cause is ReturnCause.VOID


class ReturnDesk:
    """Lives on the screen's thread. No action raises ``StationError``: what went wrong is shown on the page."""

    def __init__(self, parts: ReturnParts, words: Words, style: Format, screen: ReturnScreen) -> None:
        """Begin with nothing looked for; ``start`` shows it."""
        self._parts = parts
        self._returning = Returning(parts.world, parts.office, parts.online)
        self._words, self._style, self._screen = words, style, screen
        self._looking = _Looking(Span(self._today(), self._today()))
        self._taking: _Taking | None = None
        self._unknown: WithoutSale | None = None
        self._done: tuple[Callable[[], DoneView], int] | None = None
        self._problem = self._paper = ""

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style, self._problem = words, style, ""
        self.show()

    @property
    def span(self) -> Span:
        """The days looked at."""
        return self._looking.span

    def start(self) -> None:
        """Begin anew, with the sales of today."""
        self._close()
        self._paper = ""
        today = self._today()
        self._looking = _Looking(Span(today, today))
        self._do(self._look)

    def start_void(self) -> None:
        """Show what voiding the sale just made comes to.

        Raises ``StationError`` VOID_TOO_LATE, SHIFT_CLOSED, RETURN_OWN, RETURN_UNDER_WAY.
        """
        self._close()
        self._open(self._returning.open_void())
        self.show()

    def open_receipt(self, text: str) -> None:
        """Open the sale whose receipt was scanned or typed; of what is typed the middle number is enough."""
        self._do(lambda: self._open_receipt(fold_digits(text)))

    def open(self, place: int) -> None:
        """Open the sale at ``place``."""
        self._do(lambda: self._open(self._returning.open(place)))

    def choose_span(self, span: Span) -> None:
        """Look in other days."""
        self._looking.span = span
        self._do(self._look)

    def look_for(self, amount: str, text: str) -> None:
        """Look for sales of ``amount`` as typed, and of what ``text`` means: a good, a member, a barcode."""
        self._looking.amount, self._looking.text, self._looking.member_id = amount, text.strip(), ""
        self._do(self._look)

    def tapped(self, number: str) -> bool:
        """Look for the sales to the member whose card was shown; return whether a sale is looked for at all."""
        if self._taking or self._unknown or self._done:
            return False
        card = self._parts.world.members.card(number)
        if card is None:
            self._fault(StationError(ErrorCode.CARD_UNKNOWN))
        else:
            self._looking.member_id, self._looking.text = card.member_id, ""
            self._do(self._look)
        return True

    def scanned(self, code: str) -> bool:
        """Take a scanned code: a receipt is opened, a good is looked for or comes back. Return whether it was taken."""
        if read_receipt(code):
            self._close()
            self.open_receipt(code)
        elif self._done:
            return False
        elif self._unknown:
            unknown = self._unknown
            self._do(lambda: unknown.add(code))
        elif self._taking:
            self._do(lambda: self._bring(code))
        else:
            self.look_for("", code)
        return True

    def choose(self, act: Callable[[Choice], None]) -> None:
        """Change what comes back."""
        choice = self._choice()
        if choice is None or (self._taking and self._taking.void):
            return
        self._do(lambda: self._changed(choice, act))

    def set_trace(self, index: int, text: str) -> None:
        """Take note of the trace number of a refund as it is typed; nothing else changes on the page."""
        if self._taking:
            self._taking.traces[index] = fold_digits(text).strip()

    def set_reason(self, reason: str) -> None:
        """Take the reason why there is no sale."""
        unknown = self._unknown
        if unknown:
            unknown.reason = reason
            self._do(lambda: None)

    def set_receipt(self, text: str) -> None:
        """Take note of the number on the customer's paper as it is typed."""
        if self._unknown:
            self._unknown.receipt = fold_digits(text).strip()

    def without_sale(self) -> None:
        """Begin a return of goods whose sale is not found; where there is nobody else, it says so before the goods are scanned."""
        if self._parts.at_till.actor.role is Role.ALONE:
            self._fault(StationError(ErrorCode.APPROVER_MISSING))
            return
        self._close()
        self._unknown, self._paper = WithoutSale(self._parts.world, self._returning, self._paper), ""
        self.show()

    def finish(self) -> None:
        """Have it approved where that is needed, and do it."""
        if self._unknown:
            self._do(self._finish_unknown)
        elif self._taking:
            self._do(self._finish)

    def print_again(self) -> None:
        """Print the return receipt once more."""
        if self._done:
            self._parts.reprint(self._done[1])

    def back(self) -> bool:
        """Go one step back; return whether there was one on this page."""
        if self._done or (self._taking and self._taking.void) or not (self._taking or self._unknown):
            return False
        self._close()
        self._do(self._look)
        return True

    def show(self) -> None:
        """Show the present state."""
        self._screen.show_return(self._view())

    def _view(self) -> ReturnView:
        if self._done:
            return self._done[0]()
        if self._unknown:
            return self._unknown.describe(self._words, self._style, self._problem)
        if self._taking:
            return self._describe(self._taking)
        return self._describe_looking()

    def _describe_looking(self) -> FindView:
        found, members = self._looking.found, self._parts.world.members
        names = {each.staff_id: each.name.in_language(self._words.language) for each in self._parts.people()}
        for member_id in {each.row.member_id for each in found if each.row.member_id}:
            member = members.member(member_id)
            names[member_id] = member.name if member else ""
        view = describe_found(found, self._parts.station, names, self._looking.span, self._words, self._style)
        return replace(view, problem=self._problem)

    def _describe(self, taking: _Taking) -> GoodsView:
        words, found = self._words, taking.found
        told = Telling(found, words, self._style, taking.balances.values())
        buyer = found.entry.body.basket.member
        member = self._parts.world.members.member(buyer.member_id) if buyer else None
        number = in_order(found.receipt)
        chosen = taking.choice.chosen
        notes = {line.line: line_note(line, words, balance=taking.balances.get(line.line), fmt=told.fmt)
                 for line in found.entry.body.basket.lines if not taking.void}
        return GoodsView(
            words("Void the last sale, receipt {number}", number=number) if taking.void
            else words("Goods of receipt {number} come back", number=number),
            told.caption(member), told.headers(), told.lines(chosen, notes), taking.choice.selected, "",
            words("Goes back"), told.money(), told.facts(), told.notes(), told.asked(), (), "",
            words("Void this sale") if taking.void else words("Take the goods back"), bool(chosen), self._problem, whole=taking.void)

    def _look(self) -> None:
        looking, past = self._looking, self._parts.past
        total = amount_typed(looking.amount, self._style.unit) or None
        text = fold_digits(looking.text)
        wanted = [Wanted(looking.span, total, looking.member_id, text)]
        if text:
            found = self._parts.world.members.search(text)
            wanted += [Wanted(looking.span, total, each.member_id) for each in found] if len(found) <= MOST_MEMBERS else []
        by_place = {each.row.place: each for one in wanted for each in past.find(one)}
        looking.found = tuple(by_place[place] for place in sorted(by_place, reverse=True))

    def _open_receipt(self, text: str) -> None:
        name = read_typed_receipt(text)
        if name is None:
            raise StationError(ErrorCode.SALE_UNKNOWN)
        ours = not name.station or name.station == self._parts.station.upper()
        places = self._parts.past.places_of(name) if ours else ()
        if places:
            self._open(self._returning.open(places[0]))
        elif ours and not (name.station and self._parts.office):
            raise StationError(ErrorCode.SALE_UNKNOWN)
        else:  # of another till, or of this one before its journal was cut off or begun anew
            self._paper = text.strip()
            self._open(self._returning.open_elsewhere(name))

    def _open(self, found: Preview) -> None:
        sale, own = found.entry.body, self._parts.at_till.person.member_id
        if own and sale.basket.member and sale.basket.member.member_id == own:
            self._returning.drop(found)
            raise StationError(ErrorCode.RETURN_OWN)
        gone = gone_of(found)
        balances = {line.line: self._parts.balance(_ACCOUNTS[line.product.kind], line.account)
                    for line in sale.basket.lines if line.account and found.cause is not ReturnCause.VOID}
        choice = Choice(tuple(
            Offer(line.line, 0 if line.line in balances and balances[line.line] is None
                  else line.quantity - gone.get(line.line, 0), line.product.weighed) for line in sale.basket.lines))
        choice.chosen = {each.line: each.quantity for each in found.lines}
        self._close()
        self._paper = ""
        self._taking = _Taking(found, choice, balances)

    def _bring(self, barcode: str) -> None:
        """Let one more piece of a good that was scanned come back."""
        taking = self._taking
        if taking is None or taking.void:
            return
        left = {each.line: each.left - taking.choice.chosen.get(each.line, 0) for each in taking.choice.offers}
        line = next((each.line for each in taking.found.entry.body.basket.lines
                     if each.product.barcode == barcode and left[each.line] > 0), None)
        if line is None:
            raise StationError(ErrorCode.PRODUCT_UNKNOWN)
        taking.choice.select(line)
        self._changed(taking.choice, lambda choice: choice.step(1))

    def _choice(self) -> Choice | None:
        held = self._unknown or self._taking
        return held.choice if held else None

    def _changed(self, choice: Choice, act: Callable[[Choice], None]) -> None:
        act(choice)
        if self._unknown:
            self._unknown.chosen()
        elif self._taking:
            lines = tuple(ReturnedLine(line, quantity, self._taking.balances.get(line))
                          for line, quantity in sorted(choice.chosen.items()))
            self._taking.found = self._returning.choose(self._taking.found, lines)

    def _finish(self) -> None:
        taking, actor = self._taking, self._parts.at_till.actor
        if taking is None or not taking.choice.chosen:
            return
        found, words = taking.found, self._words
        asked = [each.index for each in Telling(found, words, self._style).asked()]
        if not all(_TRACE.fullmatch(taking.traces.get(index, "")) for index in asked):
            raise StationError(ErrorCode.TRACE_MISSING)
        rules = self._parts.world.packs.current(self._parts.world.clock.now().utc_us).returns
        subject = ",".join((found.entry.body.sale_id, *(f"{each.line}:{each.quantity}" for each in found.lines)))
        number = in_order(found.receipt)
        money = self._style.money(found.returned.money)
        what = (words("Receipt {number} is voided: {amount} goes back", number=number, amount=money) if taking.void else
                words("Goods of receipt {number} come back: {amount} goes back", number=number, amount=money))
        operation = Operation(OperationKind.VOID if taking.void else OperationKind.RETURN, actor, subject,
                              found.returned.money, rules.void if taking.void else rules.with_sale)
        traces = [taking.traces.get(i, "") for i in range(len(found.entry.body.tenders))]
        self._parts.approved(operation, what, lambda approver: self._do(
            lambda: self._book(taking, number, actor, approver, traces)))

    def _book(self, taking: _Taking, number: str, actor: Actor, approver: Actor | None, traces: Sequence[str]) -> None:
        try:
            done = self._returning.book(taking.found, actor, approver, traces)
        except StationError as fault:
            if fault.code is ErrorCode.RETURN_CHANGED:
                self._look_again(taking.found)
            raise
        own = number_of(self._parts.station, Position(done.stored.incarnation, done.stored.seq))
        self._taking = None  # the turn at the sale ends with its return
        self._close()
        self._done = (lambda: describe_done(
            done.back, taking.found.entry.body, (own, number), taking.found.pack, self._words, self._style)), done.stored.place
        self._parts.done(any(each.kind is TenderKind.CASH and each.amount for each in done.back.tenders))

    def _look_again(self, found: Preview) -> None:
        """Open the sale of ``found`` anew: goods of it came back at another till meanwhile."""
        name = read_receipt(found.receipt) if found.place == ELSEWHERE else None
        self._open(self._returning.open_elsewhere(name) if name else self._returning.open(found.place))

    def _finish_unknown(self) -> None:
        unknown, actor, words = self._unknown, self._parts.at_till.actor, self._words
        if unknown is None or not unknown.ready:
            return
        rules = self._parts.world.packs.current(self._parts.world.clock.now().utc_us).returns
        money = unknown.money
        operation = Operation(
            OperationKind.RETURN_UNKNOWN, actor, unknown.subject, money, rules.without_sale, second=True)
        what = words("{amount} goes back in cash for goods whose sale is not found: {reason}",
                     amount=self._style.money(money), reason=words(unknown.reason))

        def book(approver: Actor | None) -> None:
            stored = unknown.book(actor, approver)
            own = number_of(self._parts.station, Position(stored.incarnation, stored.seq))
            self._close()
            self._done = (lambda: unknown.describe_done(money, own, self._words, self._style)), stored.place
            self._parts.done(bool(money))

        self._parts.approved(operation, what, lambda approver: self._do(lambda: book(approver)))

    def _today(self) -> str:
        shift = self._parts.world.journal.shift()
        return shift.business_date if shift else self._parts.world.clock.now().date

    def _close(self) -> None:
        if self._taking:
            self._returning.drop(self._taking.found)
        self._taking = self._unknown = self._done = None
        self._problem = ""

    def _fault(self, fault: StationError) -> None:
        self._problem = self._words.error(fault)
        self.show()

    def _do(self, act: Callable[[], None]) -> None:
        """Do ``act`` and show what became of it; a refusal is told and changes nothing."""
        self._problem = ""
        try:
            act()
        except StationError as fault:
            self._problem = self._words.error(fault)
        self.show()
