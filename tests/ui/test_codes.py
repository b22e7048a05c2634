"""What a code is at the counter beside goods and cards: coupons, and the cards and wallets that sold money goes on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from station.parked import Parking
from station.product import ProductKind
from station.promotion import CouponTerm, Minimum, Promotion, When
from station.rewards import PercentOff, Reward
from station.stored_value import wallet_of
from station.text import Text
from tests.fakes import MemoryParked, pack, product
from tests.ui.test_checkout import Station, seconds_later
from tests.ui.test_paying import GIFT, PRINTED
from tests.ui.till import GOLD_CARD, MILK, STRANGE_CARD, Till, tap
from ui.format import Format
from ui.presenters.holding import Holding
from ui.text import Words
from ui.views import Tone

CARD_SOLD = product(6, 1_000_000, name=Text("کارت هدیه", "Gift card"), kind=ProductKind.GIFT_CARD)
TOP_UP = product(7, 500_000, name=Text("شارژ کیف پول", "Wallet top-up"), kind=ProductKind.TOP_UP)
YALDA = Promotion("yalda", Text("یلدا", "Yalda"), Reward(percent=PercentOff("10")),
                  when=When(coupon=CouponTerm(("YALDA",))))


def station(*promotions: Promotion) -> Station:
    return Station(Till(goods=(MILK, CARD_SOLD, TOP_UP), rules=pack(promotions=promotions)))


def accounts(made: Station) -> list[str]:
    basket = made.till.counter.basket
    return [line.account for line in basket.lines] if basket else []


def drop(made: Station) -> None:
    made.checkout.abandon()


def hold(made: Station) -> None:
    till = made.till
    holding = Holding(made.checkout, till.desk, Parking(till.counter, MemoryParked(till.journal), till.clock))
    holding.speak(Words("en"), Format("en"))
    holding.hold()


def test_a_coupon_is_scanned_like_goods_and_says_what_it_brings() -> None:
    made = station(YALDA)
    made.checkout.scanned(MILK.barcode)
    made.checkout.scanned("YALDA")
    assert (made.screen.news, made.view.totals.total) == ("Coupon taken: Yalda", "34,650\u00a0toman")
    made.checkout.undo()
    assert made.view.totals.total == "38,500\u00a0toman"


def test_a_coupon_may_be_shown_before_the_goods() -> None:
    made = station(YALDA)
    made.checkout.scanned("YALDA")
    assert made.view.banner is not None
    assert made.view.banner.tone is Tone.NEUTRAL
    made.checkout.scanned(MILK.barcode)
    assert made.view.totals.total == "34,650\u00a0toman"


def test_a_coupon_that_gives_nothing_yet_says_why() -> None:
    made = station(replace(YALDA, when=replace(YALDA.when, minimum=Minimum(500_000))))
    made.checkout.scanned(MILK.barcode)
    made.checkout.scanned("YALDA")
    assert made.screen.news == "Coupon noted. Spend 11,500\u00a0toman more and you get “Yalda”."


@pytest.mark.parametrize("goods", [(), (MILK.barcode,)])
def test_a_code_that_no_rule_knows_is_no_coupon(goods: tuple[str, ...]) -> None:
    made = station(YALDA)
    for each in goods:
        made.checkout.scanned(each)
    before = made.till.counter.basket
    made.checkout.scanned("NOWRUZ")
    assert "E301" in made.screen.news
    assert made.till.counter.basket == before
    assert (made.till.journal.open_basket() is None) == (before is None)


def test_a_gift_card_that_is_sold_asks_for_its_card() -> None:
    made = station()
    made.checkout.scanned(CARD_SOLD.barcode)
    assert made.screen.news == "Now scan the gift card that the money goes on."
    assert accounts(made) == []
    made.checkout.scanned(PRINTED)
    assert (accounts(made), made.screen.news) == ([GIFT], "")
    made.checkout.undo()
    assert accounts(made) == []


@pytest.mark.parametrize("code", [GOLD_CARD, "12"])
def test_what_is_no_gift_card_is_refused_and_the_counter_goes_on_waiting(code: str) -> None:
    made = station()
    made.checkout.scanned(f"2*{CARD_SOLD.barcode}")
    made.checkout.scanned(code)
    assert "E343" in made.screen.news
    made.checkout.scanned(PRINTED)
    assert (accounts(made), made.quantities()) == ([GIFT], ["2"])


def test_escape_ends_the_waiting() -> None:
    made = station()
    made.checkout.scanned(CARD_SOLD.barcode)
    made.checkout.dismiss()
    made.checkout.scanned(PRINTED)
    assert accounts(made) == []
    assert "E301" in made.screen.news


@pytest.mark.parametrize("code", [MILK.barcode, PRINTED])
@pytest.mark.parametrize("go", [drop, hold])
def test_a_basket_that_went_waits_for_no_card(code: str, go: Callable[[Station], None]) -> None:
    made = station()
    made.checkout.scanned(MILK.barcode)
    made.checkout.scanned(CARD_SOLD.barcode)
    made.checkout.scanned("3*")
    go(made)
    assert made.view.times == ""
    made.checkout.scanned(code)
    assert accounts(made) == ([""] if code == MILK.barcode else [])
    assert made.screen.news == "" or "E301" in made.screen.news


def test_a_top_up_goes_on_the_members_wallet() -> None:
    made = station()
    made.checkout.tapped(tap(GOLD_CARD))
    made.checkout.scanned(TOP_UP.barcode)
    assert accounts(made) == [wallet_of("m1")]


@pytest.mark.parametrize("scanned", [True, False])
def test_a_top_up_without_a_member_waits_for_the_card(scanned: bool) -> None:  # noqa: FBT001 - a parameter of the test
    made = station()
    made.checkout.scanned(TOP_UP.barcode)
    assert made.screen.news == "Now show the card of the member whose wallet is topped up."
    if scanned:
        made.checkout.scanned(GOLD_CARD)
    else:
        made.checkout.tapped(tap(GOLD_CARD))
    assert made.view.member is not None
    assert accounts(made) == [wallet_of("m1")]
    seconds_later(made.till, 1)
    made.checkout.undo()
    assert accounts(made) == []


def test_a_strange_card_does_not_end_the_waiting_for_a_member() -> None:
    made = station()
    made.checkout.scanned(TOP_UP.barcode)
    made.checkout.tapped(tap(STRANGE_CARD))
    made.checkout.scanned(STRANGE_CARD)
    assert "E201" in made.screen.news
    made.checkout.tapped(tap(GOLD_CARD))
    assert accounts(made) == [wallet_of("m1")]


def test_goods_scanned_instead_of_the_member_end_the_waiting() -> None:
    made = station()
    made.checkout.scanned(TOP_UP.barcode)
    made.checkout.scanned(MILK.barcode)
    made.checkout.tapped(tap(GOLD_CARD))
    assert accounts(made) == [""]
