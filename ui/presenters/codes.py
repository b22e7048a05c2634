"""What a code that was scanned or typed is: goods, a card, a coupon, or the card that a gift card's money goes on. No Qt."""

from dataclasses import dataclass

from station.basket import BasketLine
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.product import ProductKind
from station.stored_value import wallet_of
from ui.format import Format
from ui.presenters.desk import Desk
from ui.presenters.keyed import keyed_card
from ui.presenters.reasons import Reasons
from ui.text import Words
from ui.views import BannerView, Tone

_FEWEST_OF_CARD = 6


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Money that was scanned before its card or wallet: the good's code, how much, and which it is."""

    code: str
    quantity: int
    kind: ProductKind


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a code: the ``line`` it went on, or ``news`` about something else."""

    line: BasketLine | None = None
    news: BannerView | None = None


NOTHING = Taken()


class Codes:
    """Takes codes for the open basket. Every method raises ``StationError``; the basket is then as it was."""

    def __init__(self, desk: Desk) -> None:
        """Wait for nothing."""
        self._desk, self._counter = desk, desk.counter
        self._waits: _Loaded | None = None

    def forget(self) -> None:
        """Wait for no card or wallet any more."""
        self._waits = None

    def take(self, code: str, quantity: int, words: Words, style: Format) -> Taken:
        """Take ``code``, of which there are ``quantity`` thousandths."""
        waits, self._waits = self._waits, None
        if waits and waits.kind is ProductKind.GIFT_CARD:
            if keyed_card(code) or len(code) < _FEWEST_OF_CARD:
                self._waits = waits
                raise StationError(ErrorCode.GIFT_CARD_INVALID)
            return self._load(waits, self._desk.gift_card(code))
        try:
            return Taken(self._counter.scan(code, quantity))
        except StationError as fault:
            if fault.code is ErrorCode.ACCOUNT_MISSING and "kind" in fault.detail:
                return self._money(_Loaded(code, quantity, ProductKind(str(fault.detail["kind"]))), fault, words)
            if fault.code is not ErrorCode.PRODUCT_UNKNOWN:
                raise
            card = keyed_card(code)
            if card is None:
                return Taken(news=take_coupon(self._counter, code, fault, words, style))
        self._waits = waits
        self._desk.tap(card)
        return self.after_member()

    def after_member(self) -> Taken:
        """Load the wallet of the member who was shown, when a top-up waited for it."""
        waits, member = self._waits, self._counter.member
        if waits is None or waits.kind is not ProductKind.TOP_UP or member is None:
            return NOTHING
        self._waits = None
        return self._load(waits, wallet_of(member.member_id))

    def _load(self, money: _Loaded, account: str) -> Taken:
        return Taken(self._counter.scan(money.code, money.quantity, account))

    def _money(self, money: _Loaded, fault: StationError, words: Words) -> Taken:
        member = self._counter.member
        if money.kind is ProductKind.TOP_UP and member:
            return self._load(money, wallet_of(member.member_id))
        if money.kind is ProductKind.GOODS:
            raise fault
        self._waits = money
        asked = (words("Now scan the gift card that the money goes on.") if money.kind is ProductKind.GIFT_CARD
                 else words("Now show the card of the member whose wallet is topped up."))
        return Taken(news=BannerView(Tone.WARN, asked))


def take_coupon(counter: Counter, code: str, unknown: StationError, words: Words, style: Format) -> BannerView:
    """Show the coupon with this code and return what it brings. Raises ``unknown`` for a code that no rule knows."""
    before = counter.in_hand
    counter.show_coupon(code)
    quote, pack = counter.quote(), counter.pack()
    if quote is None or pack is None or code in quote.unknown_coupons:
        if before:
            counter.go_back(before)
        else:
            counter.abandon()
        raise unknown
    reasons = Reasons(pack, words, style)
    opened = {each.id for each in pack.promotions if each.when.coupon and code in each.when.coupon.codes}
    given = [each for each in quote.priced.applied if each in opened]
    if given:
        return BannerView(Tone.OK, words("Coupon taken: {names}", names=", ".join(map(reasons.name, given))), undo=True)
    against = next((reasons.refusal(each) for each in quote.refusals if each.rule in opened), "")
    return BannerView(Tone.NEUTRAL, words("Coupon noted. {reason}", reason=against), undo=True)
