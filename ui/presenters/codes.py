"""What a code that was scanned or typed is: goods, a card, a coupon, or the card that a gift card's money goes on. No Qt."""

from dataclasses import dataclass

from station.basket import BasketLine, Coupon
from station.counter import Counter
from station.coupons import read_coupon
from station.errors import ErrorCode, StationError
from station.in_hand import InHand
from station.pack import Pack
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
            if keyed_card(code) or read_coupon(code) or len(code) < _FEWEST_OF_CARD:
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
                return Taken(news=take_coupon(self._counter, code, read_coupon(code), fault, words, style))
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


def take_coupon(
    counter: Counter, code: str, number: str | None, unknown: StationError, words: Words, style: Format,
) -> BannerView:
    """Show the coupon with this code and return what it brings; ``number`` is that of a given coupon which it may be.

    Raises ``unknown`` for a code that no rule knows and that is no number, else as ``use_coupon``.
    """
    before = counter.in_hand
    counter.show_coupon(code)
    said = _brought(counter, code, words, style)
    if said:
        return said
    _put_back(counter, before)
    if number is None:
        raise unknown
    return use_coupon(counter, number, words, style)


def use_coupon(counter: Counter, number: str, words: Words, style: Format) -> BannerView:
    """Take the coupon that a sale gave and return what it brings.

    Raises ``StationError`` as ``Counter.use_coupon``, and COUPON_UNKNOWN when the rules do not know any more what it opens.
    """
    before = counter.in_hand
    said = _brought(counter, counter.use_coupon(number).code, words, style)
    if said is None:
        _put_back(counter, before)
        raise StationError(ErrorCode.COUPON_UNKNOWN)
    return said


def opened_by(pack: Pack, coupon: Coupon) -> tuple[str, ...]:
    """Return the promotions that ``coupon`` opens."""
    if coupon.promotion:
        return (coupon.promotion,)
    return tuple(each.id for each in pack.promotions if each.when.coupon and coupon.code in each.when.coupon.codes)


def _put_back(counter: Counter, before: InHand | None) -> None:
    if before:
        counter.go_back(before)
    else:
        counter.abandon()


def _brought(counter: Counter, code: str, words: Words, style: Format) -> BannerView | None:
    """Return what the coupon with this code, which is in the basket, brings; None when no rule knows it."""
    held, quote = counter.in_hand, counter.quote()
    if held is None or quote is None or code in quote.unknown_coupons:
        return None
    pack = held.engine.pack
    reasons = Reasons(pack, words, style)
    opened = {rule for each in held.basket.coupons if each.code == code for rule in opened_by(pack, each)}
    given = [each for each in quote.priced.applied if each in opened]
    if given:
        return BannerView(Tone.OK, words("Coupon taken: {names}", names=", ".join(map(reasons.name, given))), undo=True)
    against = next((reasons.refusal(each) for each in quote.refusals if each.rule in opened), "")
    return BannerView(Tone.NEUTRAL, words("Coupon noted. {reason}", reason=against), undo=True)
