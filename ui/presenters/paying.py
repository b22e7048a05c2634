"""Taking the payment: one tender after the other until the total is reached, then the sale is closed, once. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from station.basket import Basket
from station.card_life import Spender
from station.errors import ErrorCode, StationError
from station.priced import Refusal
from station.spending import Spendable
from station.stored_value import wallet_of
from station.tender import Tender, TenderKind
from ui.format import Format, fold_digits
from ui.presenters import payment
from ui.presenters.basket_view import Reckoned, fitting
from ui.presenters.desk import Closed, Desk
from ui.presenters.keyed import keyed_card
from ui.presenters.means import tender_name
from ui.presenters.reasons import Reasons, in_unit
from ui.presenters.spendable_words import short_words, spendable_words
from ui.text import Words
from ui.views import PayView, TakenView

_FEWEST_OF_CODE = 6


@dataclass(frozen=True, slots=True)
class _Purse:
    """The account whose money is being taken, and what it can spend (None: nobody is asked)."""

    account: str
    left: Spendable | None


class Paying:
    """The payment in hand. ``closed`` gets the sale once it is durable; ``changed`` is called after each step.

    Nothing here raises ``StationError``: what is refused becomes the ``problem`` of the view.
    Promotions may depend on the means, so the basket is priced by those taken and the one chosen.
    """

    def __init__(self, desk: Desk, words: Words, style: Format, closed: Callable[[Closed], None],
                 changed: Callable[[], None]) -> None:
        """Begin closed."""
        self._desk, self._counter = desk, desk.counter
        self._words, self._style = words, style
        self._fit = style
        self._on_closed, self._changed = closed, changed
        self.is_open = False
        self._means = TenderKind.CASH
        self._taken: tuple[Tender, ...] = ()
        self._of = ""
        self._problem = ""
        self._purse: _Purse | None = None
        self._offers: tuple[Basket | None, tuple[Refusal, ...]] = (None, ())

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; what was refused last is dropped."""
        self._words, self._style, self._fit, self._problem = words, style, style, ""

    @property
    def wants_card(self) -> bool:
        """Whether the next code that is scanned is a gift card's that pays."""
        return self.is_open and self._means is TenderKind.GIFT_CARD

    def begin(self) -> None:
        """Open the payment; once it is open, or without goods, this changes nothing."""
        basket = self._counter.basket
        if not self.is_open and basket and basket.lines:
            self.is_open, self._taken = True, self._taken if self._of == basket.basket_id else ()
            self._of = basket.basket_id
            self._choose(TenderKind.CASH)

    def back(self) -> bool:
        """Go one step back: to cash; return False where there is no step but out of the payment."""
        if self._means is TenderKind.CASH:
            return False
        self.choose(TenderKind.CASH)
        return True

    def cancel(self) -> str:
        """Go back to the basket and return what to say: what was taken already counts when it is paid after all.

        Raises ``StationError`` 4xx.
        """
        taken = self._taken
        self._reset()
        self._taken = taken
        if self._counter.basket:
            self._counter.pay_by(())
        return self._words("{amount} is taken already and counts when this is paid.",
                           amount=self._style.money(self.owed)) if self.owed else ""

    @property
    def owed(self) -> int:
        """Minor units that were taken for the open basket before its payment was left."""
        basket = self._counter.basket
        return sum(each.amount for each in self._taken) if basket and basket.basket_id == self._of else 0

    def with_what_is_owed(self, news: str) -> str:
        """Return ``news`` of a basket that goes, with what was taken for it already: the customer gets that back."""
        owed = self.owed
        back = self._words("{amount} that was taken goes back to the customer.", amount=self._style.money(owed)) if owed else ""
        return f"{news} {back}" if back else news

    def choose(self, means: TenderKind) -> None:
        """Go on with another means; head office is asked how much of the member's wallet can be spent."""
        if self.is_open:
            self._choose(means)

    def take_cash(self, typed: str) -> None:
        """Take the cash typed; nothing typed is exactly what remains."""
        self._attempt(lambda rest: payment.cash(rest, self._typed(typed)), TenderKind.CASH)

    def take_amount(self, amount: int) -> None:
        """Take ``amount`` rials in cash."""
        self._attempt(lambda rest: payment.cash(rest, amount), TenderKind.CASH)

    def take_bank(self, typed: str, trace: str) -> None:
        """Take what the bank's terminal was paid: the amount typed, or all that remains."""
        self._attempt(lambda rest: payment.bank(rest, self._typed(typed), trace, self._taken), TenderKind.DEBIT)

    def take_value(self, typed: str) -> None:
        """Take the amount typed, or as much as there is, of the chosen wallet or gift card."""
        purse, means = self._purse, self._means
        if means.stored_value and purse:
            self._attempt(lambda rest: payment.value(
                means, purse.account, rest, self._typed(typed), self._left(purse)), means)

    def card(self, code: str) -> None:
        """Take the code of the gift card that pays; head office is asked how much is on it."""
        self._try(lambda: self._show_card(fold_digits(code).strip()))

    def take_back(self, place: int) -> None:
        """Take the tender at ``place`` out again."""
        if self.is_open and place < len(self._taken):
            self._taken = (*self._taken[:place], *self._taken[place + 1:])
            self._problem = ""
            self._try(self._price)

    def tell(self, sentence: str) -> None:
        """Say what went wrong meanwhile: with a card, a code, a reader."""
        self._problem = sentence

    def follow(self) -> None:
        """Follow a basket that changed meanwhile: a wallet pays for its own member only. Raises ``StationError`` 4xx."""
        if self._counter.basket is None or not self._counter.basket.lines:
            self._reset()
            return
        self._problem = ""
        self._drop_others_wallets()
        if self._means is TenderKind.WALLET and (self._purse is None or self._purse.account != self._own_wallet()):
            self._means, self._purse = TenderKind.CASH, None
        self._price()

    def preview(self, typed: str) -> str:
        """Return what the cash typed leaves: change, what is missing, or "" for nothing."""
        try:
            left = self._typed(typed) - self._rest() if typed.strip() else 0
        except StationError as fault:
            return self._words.error(fault)
        if left < 0:
            return self._words("{amount} remains to be paid", amount=in_unit(self._fit, -left))
        return self._words("Change {amount}", amount=in_unit(self._fit, left)) if left else ""

    def view(self, reckoned: Reckoned | None) -> PayView | None:
        """Return what is shown of it; cash is typed in the unit of the style, whatever unit the basket's amounts need."""
        if not self.is_open or reckoned is None:
            return None
        words, style, rest, purse = self._words, self._style, self._rest(), self._purse
        left = self._left(purse) if purse else None
        self._fit = fit = fitting(style, reckoned).fitting(
            (rest, *(each.amount for each in self._taken), *((left.amount,) if left else ())))
        reasons = Reasons(reckoned.pack, words, fit)
        told = tuple(reasons.refusal(each) for each in self._offered(reckoned) if each.rule not in reckoned.priced.applied)
        source = ""
        if purse and left:
            source = spendable_words(left, fit.money(left.amount), self._desk.clock.now(), words, style)
        return PayView(
            fit.money(reckoned.priced.total), style.unit_name, payment.quick_cash(rest, words, fit, style), self._problem, told,
            fit.money(rest) if self._taken else "",
            tuple(TakenView(tender_name(each, words, style), fit.money(each.amount)) for each in self._taken),
            self._means.value, tuple(each.value for each in self._can()), self._first_amount(rest, left),
            self._account(purse), source)

    def _account(self, purse: _Purse | None) -> str:
        if purse is None:
            return ""
        member = self._counter.member
        if self._means is TenderKind.WALLET and member:
            return member.name or self._words("Member without a name")
        return self._words("Gift card")

    def _first_amount(self, rest: int, left: Spendable | None) -> str:
        """Return what the amount field begins with: nothing for cash, and where the unit would need a fraction."""
        amount = rest if left is None else min(rest, left.amount)
        waits = self._means.stored_value and self._purse is None
        whole = amount > 0 and amount % self._style.unit.value == 0
        return "" if self._means is TenderKind.CASH or waits or not whole else self._style.amount(amount)

    def _can(self) -> Sequence[TenderKind]:
        return [each for each in TenderKind if each is not TenderKind.WALLET or self._own_wallet()]

    def _offered(self, reckoned: Reckoned) -> tuple[Refusal, ...]:
        """Return what other means would bring, worked out once for each basket."""
        if self._offers[0] is not reckoned.basket:
            self._offers = (reckoned.basket, payment.offered(reckoned.quote.refusals, self._can(), self._counter.priced))
        return self._offers[1]

    def _choose(self, means: TenderKind) -> None:
        self._means, self._problem, self._purse = means, "", None
        self._try(self._enter)

    def _enter(self) -> None:
        self._drop_others_wallets()
        self._price()
        if self._means is TenderKind.WALLET:
            account = self._own_wallet()
            if not account:
                self._means = TenderKind.CASH
                raise StationError(ErrorCode.MEMBER_MISSING)
            self._open_purse(account)

    def _show_card(self, code: str) -> None:
        if len(code) < _FEWEST_OF_CODE or keyed_card(code):
            raise StationError(ErrorCode.GIFT_CARD_INVALID)
        self._open_purse(self._desk.gift_card(code))

    def _open_purse(self, account: str) -> None:
        self._problem = ""
        left, spender = self._counter.spendable(payment.ACCOUNT_KINDS[self._means], account), self._spender
        if left and spender and spender.value_left is not None and self._means is TenderKind.WALLET:
            left = replace(left, amount=min(left.amount, spender.value_left))
        self._purse = _Purse(account, left)

    def _left(self, purse: _Purse) -> Spendable | None:
        """Return what the account can spend beside what was taken of it."""
        if purse.left is None:
            return None
        gone = sum(each.amount for each in self._taken if each.account == purse.account)
        return replace(purse.left, amount=max(0, purse.left.amount - gone))

    @property
    def _spender(self) -> Spender | None:
        return self._counter.basket.spender if self._counter.basket else None

    def _drop_others_wallets(self) -> None:
        own = self._own_wallet()
        self._taken = tuple(each for each in self._taken if each.kind is not TenderKind.WALLET or each.account == own)

    def _own_wallet(self) -> str:
        member = self._counter.member
        return wallet_of(member.member_id) if member else ""

    def _price(self, *more: TenderKind) -> None:
        """Have the basket priced by the means taken and the one chosen."""
        self._counter.pay_by((*(each.kind for each in self._taken), *(more or (self._means,))))

    def _rest(self) -> int:
        priced = self._counter.priced()
        total = priced.total if priced else 0
        return max(0, total - sum(each.amount for each in self._taken))

    def _typed(self, text: str) -> int:
        return payment.amount_typed(text, self._style.unit)

    def _attempt(self, tender: Callable[[int], Tender | None], means: TenderKind) -> None:
        """Take a tender; a second call finds no basket and no payment, and does nothing."""
        if self.is_open and self._counter.basket:
            self._problem = ""
            self._try(lambda: self._take(tender, means))

    def _take(self, tender: Callable[[int], Tender | None], means: TenderKind) -> None:
        self._price(means)
        rest = self._rest()
        new = tender(rest) if rest or not self._taken else None
        if new and new.amount < rest:
            self._taken = (*self._taken, new)
            self._purse = None if means is TenderKind.GIFT_CARD else self._purse
            self._price()
        else:
            self._settle((*self._taken, new) if new else self._taken)

    def _settle(self, tenders: tuple[Tender, ...]) -> None:
        counter = self._counter
        held, priced = counter.in_hand, counter.priced()
        if held is None or priced is None:
            return
        if sum(each.amount for each in tenders if each.kind is not TenderKind.CASH) > priced.total:
            raise StationError(ErrorCode.TENDER_OVER)
        settled = counter.settle(tenders, self._desk.at_till.actor)
        self._reset()
        self._on_closed(Closed(settled, held.member, held.engine.pack, self._desk.clock.now()))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except StationError as fault:
            self._problem = short_words(fault, self._write_short, self._words)
        self._changed()

    def _write_short(self, figure: int) -> str:
        """Return what there is too little of: money, unless the basket takes points."""
        priced = self._counter.priced()
        return self._style.number(figure) if priced and priced.spent else in_unit(self._fit, figure)

    def _reset(self) -> None:
        self.is_open, self._taken, self._purse, self._problem = False, (), None, ""
        self._means = TenderKind.CASH
