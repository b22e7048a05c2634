"""Undo for eight seconds: every change of the basket that can be taken back can be, with what belonged to it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from station.card import Card, CardStatus
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.in_hand import InHand
from station.pack import HandLimit
from station.people import Role
from station.promotion import Cost, CouponTerm, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import AmountOff, PercentOff, Reward
from station.text import Text
from tests.fakes import CASHIER, NOON, member, pack, promotion
from tests.ui.purses import Purses
from tests.ui.till import BLOCKED_CARD, GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.text import Words
from ui.views import CheckoutView

SILVER_CARD = "93640000000009"


class Station:
    """A gold member's basket of two milk and a rice."""

    def __init__(self, till: Till | None = None) -> None:
        self.till = till or Till()
        self.views: list[CheckoutView] = []
        self.checkout = Checkout(self.till.desk, Words("en"), Format("en"), self)
        self.checkout.tapped(tap(GOLD_CARD))
        self.checkout.scanned(f"2*{MILK.barcode}")
        self.checkout.scanned(RICE.barcode)

    def render(self, view: CheckoutView) -> None:
        self.views.append(view)

    @property
    def held(self) -> InHand | None:
        return self.till.counter.in_hand

    def later(self, microseconds: int) -> None:
        self.till.clock.moment = Moment(NOON.utc_us + microseconds, NOON.offset, NOON.date)


@pytest.fixture
def station() -> Station:
    return Station()


def scan(checkout: Checkout) -> None:
    checkout.scanned(MILK.barcode)


def more(checkout: Checkout) -> None:
    checkout.select(1)
    checkout.step(1)


CHANGES = (scan, more, Checkout.remove, Checkout.forget_member, Checkout.abandon)
changes = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)


@changes
def test_it_is_taken_back_whole(station: Station, change: Callable[[Checkout], None]) -> None:
    before = station.held
    change(station.checkout)
    assert station.held != before
    station.later(8_000_000)
    station.checkout.undo()
    assert station.held == before
    kept = station.till.journal.open_basket()
    assert kept
    assert before
    assert kept.basket == before.basket


def test_a_dropped_basket_comes_back_with_everything_that_belonged_to_it() -> None:
    rules = replace(
        pack(promotions=(
            promotion("gold-10", "10", tiers=("gold",)),
            Promotion("tea", Text("چای", "Tea"), Reward(amount=AmountOff(50_000)), cost=Cost(100)),
            Promotion("yalda", Text("یلدا", "Yalda"), Reward(percent=PercentOff("10")), when=When(coupon=CouponTerm(("YALDA",)))))),
        redemption=RedemptionRules(100, 50_000), by_hand=(HandLimit(Role.CASHIER, "5"),))
    till = Till(rules=rules, spending=Purses({"m1": 450}).spending())
    station = Station(till)
    station.checkout.scanned("YALDA")
    counter = till.counter
    counter.give_by_hand(ByHand(CASHIER, "Damaged", 1, percent="5"))
    counter.give_by_hand(ByHand(CASHIER, "Damaged", None, percent="1"))
    counter.choose("tea")
    counter.redeem(200)
    before, total = station.held, counter.priced()
    assert before
    station.checkout.abandon()
    assert till.journal.open_basket() is None
    station.later(8_000_000)
    station.checkout.undo()
    assert station.held == before
    basket = before.basket
    assert (len(basket.by_hand), len(basket.coupons), len(basket.chosen), basket.redeem) == (2, 1, 1, 200)
    assert before.member
    assert (before.member.member_id, before.shown.number) == ("m1", GOLD_CARD)
    assert counter.priced() == total
    kept = till.journal.open_basket()
    assert kept
    assert kept.basket == basket


@changes
def test_it_is_taken_back_once(station: Station, change: Callable[[Checkout], None]) -> None:
    change(station.checkout)
    station.checkout.undo()
    before = station.held
    station.checkout.undo()
    assert station.held is before


@changes
def test_after_eight_seconds_it_stays(station: Station, change: Callable[[Checkout], None]) -> None:
    change(station.checkout)
    after = station.held
    station.later(8_000_001)
    station.checkout.undo()
    assert station.held is after


@changes
def test_a_sale_ends_it(station: Station, change: Callable[[Checkout], None]) -> None:
    change(station.checkout)
    if station.held is None:
        station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("")
    assert station.held is None
    station.checkout.undo()
    assert station.held is None


@pytest.mark.parametrize(("change", "news"), [
    (Checkout.remove, "Removed: Rice"), (Checkout.forget_member, "The member was taken out of the basket."),
    (Checkout.abandon, "The basket was dropped.")])
def test_what_takes_something_away_says_so_and_offers_it(
        station: Station, change: Callable[[Checkout], None], news: str) -> None:
    change(station.checkout)
    banner = station.views[-1].banner
    assert banner
    assert (banner.text, banner.undo) == (news, True)
    station.later(8_000_001)
    station.checkout.tick()
    assert station.views[-1].banner is None


def find(checkout: Checkout) -> None:
    checkout.identify("m2")


def show(checkout: Checkout) -> None:
    checkout.tapped(tap(SILVER_CARD))


def read(checkout: Checkout) -> None:
    checkout.scanned(SILVER_CARD)


@pytest.mark.parametrize("give", [find, show, read])
def test_a_member_who_took_the_place_of_another_says_so_and_goes_again(
        station: Station, give: Callable[[Checkout], None]) -> None:
    station.till.members.cards[SILVER_CARD] = Card("m2", CardStatus.ACTIVE)
    station.till.counter.redeem(100)
    before = station.held
    give(station.checkout)
    assert station.till.counter.member
    assert station.till.counter.member.member_id == "m2"
    banner = station.views[-1].banner
    assert banner
    assert (banner.text, banner.undo) == (f"Another member: the basket is now {member(2).name}'s.", True)
    station.checkout.undo()
    assert station.held == before


def test_the_first_member_and_the_same_again_are_no_news(station: Station) -> None:
    station.checkout.identify("m1")
    assert station.views[-1].banner is None
    station.checkout.forget_member()
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.views[-1].banner is None


def test_a_fault_meanwhile_takes_no_undo_away(station: Station) -> None:
    before = station.held
    station.checkout.remove()
    station.checkout.tell(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    banner, said = station.views[-1].banner, Words("en").error(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    assert banner
    assert (banner.text, banner.undo, banner.fault) == ("Removed: Rice", True, said)
    station.checkout.undo()
    assert station.held == before
    assert station.views[-1].banner is None


def test_a_fault_told_beside_an_undo_outlives_it(station: Station) -> None:
    station.checkout.remove()
    station.checkout.tell(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    station.later(8_000_001)
    station.checkout.tick()
    banner = station.views[-1].banner
    assert banner
    assert (banner.text, banner.undo) == (Words("en").error(StationError(ErrorCode.PRINTER_UNAVAILABLE)), False)


def test_a_member_who_came_another_way_meanwhile_stays(station: Station) -> None:
    station.checkout.abandon()
    station.till.counter.identify("m2")
    station.checkout.undo()
    assert station.till.counter.member
    assert station.till.counter.member.member_id == "m2"


def test_nothing_to_take_away_is_no_news(station: Station) -> None:
    station.checkout.abandon()
    station.checkout.dismiss()
    station.checkout.abandon()
    station.checkout.forget_member()
    assert station.views[-1].banner is None


def test_a_refused_card_takes_nothing_back(station: Station) -> None:
    station.checkout.remove()
    station.checkout.tapped(tap(BLOCKED_CARD))
    before = station.held
    station.checkout.undo()
    assert station.held is before
