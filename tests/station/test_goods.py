"""Baskets laid out: list amounts, taxes, and an order of their own. Expected values worked by hand."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from station.basket import MOST_QUANTITY, Basket, BasketLine, Chosen, Coupon, Usage
from station.card import CardTier
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.member import MemberSnapshot
from station.pack import HandLimit, TaxRate
from station.people import Actor, Role
from station.priced import TaxTotal
from station.pricing import price
from station.product import ProductKind
from station.rewards import AmountOff, BuyGet
from tests.fakes import NAME, NOON, bought, club, deal, product

GIFT_CARD = product(90, 500_000, kind=ProductKind.GIFT_CARD)
VAT, TOLL = TaxRate("vat", NAME, "9"), TaxRate("toll", NAME, "3.5")


@pytest.mark.parametrize(("unit", "grams", "amount"), [
    (890_000, 1234, 1_098_260),
    (1, 500, 1),  # half a rial goes up
    (1, 499, 0),
    (3, 1500, 5),  # 4.5
])
def test_a_weighed_line_is_price_times_grams_rounded_half_up(unit: int, grams: int, amount: int) -> None:
    assert price(club(), bought((product(1, unit, weighed=True), grams))).total == amount


def test_tax_of_goods_priced_without_it_is_rounded_once_and_spread() -> None:
    # 3 lines of 5 at 10 %: 1.5 of tax in all, rounded once to 2, spread 1, 1, 0
    goods = [product(n, 5, tax_percent="10", tax_included=False) for n in (1, 2, 3)]
    result = price(club(), bought(*goods))
    assert [line.listed for line in result.lines] == [6, 6, 5]
    assert result.taxes == (TaxTotal("10", 17, 2),)  # 17 × 10/110 = 1.545


def test_goods_priced_with_tax_keep_their_price() -> None:
    result = price(club(), bought(product(1, 110_000, tax_percent="10")))
    assert (result.total, result.taxes) == (110_000, (TaxTotal("10", 110_000, 10_000),))


def test_several_rates_on_one_product_add_up_to_one() -> None:
    rules = club(taxes=(VAT, TOLL))
    result = price(rules, bought(product(1, 1_000, tax_included=False, taxes=("vat", "toll"))))
    assert (result.total, result.taxes) == (1_125, (TaxTotal("12.5", 1_125, 125),))


def test_rates_that_come_to_the_same_are_one_rate_and_the_lowest_comes_first() -> None:
    # 10 % stated, and 1 % + 9 % named: 22 together, 2 of it tax; half of each alone would give 1 + 1
    goods = (product(1, 11, tax_percent="10"), product(2, 11, tax_percent="1", taxes=("vat",)), product(3, 7))
    result = price(club(taxes=(VAT, TOLL)), bought(*goods))
    assert result.taxes == (TaxTotal("0", 7, 0), TaxTotal("10", 22, 2))
    assert result.tax == 2


def test_tax_is_contained_in_what_is_left_after_discounts_however_the_goods_are_priced() -> None:
    # listed 110 000 and 100 000 + 10 000; half of it off leaves 110 000, a tenth of 100 000 of it tax
    rules = club(deal("half", AmountOff(110_000)))
    goods = (product(1, 110_000, tax_percent="10"), product(2, 100_000, tax_percent="10", tax_included=False))
    assert price(rules, bought(*goods)).taxes == (TaxTotal("10", 110_000, 10_000),)


def test_a_tax_the_pack_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1 names the tax 'duty', expected one of vat, toll"):
        price(club(taxes=(VAT, TOLL)), bought(product(1, taxes=("duty",))))
    with pytest.raises(ValueError, match="expected one of none"):
        price(club(), bought(product(1, taxes=("vat",))))


def test_the_left_over_rial_goes_to_the_first_product_in_whichever_order_they_were_scanned() -> None:
    # 1 off two lines of 5: p1 comes before p2
    rules = club(deal("one", AmountOff(1)))
    for order in permutations((product(1, 5), product(2, 5), product(3, 5))):
        result = price(rules, bought(*order))
        off = {line.product.product_id: found.discount
               for line, found in zip(bought(*order).lines, result.lines, strict=True)}
        assert off == {"p1": 1, "p2": 0, "p3": 0}


def test_like_lines_are_told_apart_by_what_was_given_on_them_not_by_their_numbers() -> None:
    # two lines of one good at 100, one of them 50 off by hand; the free one is the line without: 100 off
    rules = club(deal("pair", BuyGet(1)), by_hand=(HandLimit(Role.MANAGER, "100"),))
    both = bought(product(1, 100), product(1, 100))
    for line in (1, 2):
        given = ByHand(Actor("reza", Role.MANAGER), "damaged", line, amount=50)
        assert price(rules, replace(both, by_hand=(given,))).total == 50


def test_like_lines_are_told_apart_by_the_facts_of_their_goods() -> None:
    # one id at one price with two taxes: of 110 + 120 the free piece is cheaper with tax, whichever comes first
    low, high = (product(1, 100, tax_percent=rate, tax_included=False) for rate in ("10", "20"))
    rules = club(deal("pair", BuyGet(1)))
    assert {price(rules, bought(*goods)).total for goods in ((low, high), (high, low))} == {120}


def test_the_pack_must_be_the_baskets_own() -> None:
    with pytest.raises(ValueError, match="pack 2, priced with 1"):
        price(club(), bought(product(1), pack=2))


def test_scanning_fills_a_line_and_each_weighing_is_its_own() -> None:
    tomato = product(2, weighed=True)
    basket = Basket("b", "12", 1, NOON).with_product(product(1), 1000).with_product(product(1), 2000)
    basket = basket.with_product(tomato, 300).with_product(tomato, 300)
    basket = basket.with_product(GIFT_CARD, 1000, "g1").with_product(GIFT_CARD, 1000, "g2")
    assert [(line.line, line.quantity, line.account) for line in basket.lines] == [
        (1, 3000, ""), (2, 300, ""), (3, 300, ""), (4, 1000, "g1"), (5, 1000, "g2")]
    assert [line.pieces for line in basket.lines] == [3, 1, 1, 1, 1]


def test_a_line_leaves_with_what_was_given_on_it_and_can_be_put_back() -> None:
    clerk = Actor("sara", Role.CASHIER)
    on_line, on_all = ByHand(clerk, "old", 1, percent="5"), ByHand(clerk, "kind", percent="1")
    basket = bought(product(1), product(2), by_hand=(on_line, on_all))
    shorter = basket.without(1)
    assert (shorter.lines, shorter.by_hand, shorter.next_line) == (basket.lines[1:], (on_all,), 3)
    assert shorter.with_line(basket.lines[0]).lines == basket.lines
    for gone in (basket.without, lambda line: basket.with_quantity(line, 1000)):
        with pytest.raises(KeyError):
            gone(3)


@pytest.mark.parametrize("quantity", [0, -1000, MOST_QUANTITY + 1])
def test_a_quantity_that_cannot_be_sold_is_refused(quantity: int) -> None:
    basket = bought(product(1))
    with pytest.raises(StationError) as caught:
        basket.with_quantity(1, quantity)
    assert (caught.value.code, caught.value.detail) == (ErrorCode.QUANTITY_INVALID, {"quantity": quantity})
    with pytest.raises(StationError):
        basket.with_product(product(2), quantity)


def test_another_member_takes_along_what_the_one_before_wanted() -> None:
    old, new = MemberSnapshot("m1"), MemberSnapshot("m2")
    common, own = Coupon("YALDA"), Coupon("x/1", "welcome")
    basket = bought(
        product(1), member=old, card=CardTier.NUMBER, coupons=(common, own), chosen=(Chosen("mug"),), redeem=50,
        usage=(Usage("mug", 1, 1, 1, 1),))
    same = basket.with_member(replace(old, points=7), CardTier.ISSUED)
    assert (same.card, same.redeem, same.coupons, same.member) == (
        CardTier.ISSUED, 50, (common, own), replace(old, points=7))
    other = basket.with_member(new)
    assert (other.member, other.card, other.redeem, other.chosen, other.usage, other.coupons) == (
        new, None, 0, (), (), (common,))
    assert basket.with_member(None).member is None


@pytest.mark.parametrize("wrong", [
    lambda: BasketLine(1, product(1), 0),
    lambda: BasketLine(1, product(1), MOST_QUANTITY + 1000),
    lambda: BasketLine(1, product(1), 1500),  # half a piece
    lambda: BasketLine(1, product(1), 1000, "wallet-1"),  # goods load no account
    lambda: BasketLine(1, GIFT_CARD, 1000),  # whose card?
    lambda: Coupon(""),
    lambda: Coupon("x", "welcome", "2026-02-30"),
    lambda: Chosen("mug", 0),
    lambda: Usage("mug", 0, 0, -1),
    lambda: bought(product(1), redeem=-1),
    lambda: bought(product(1), next_line=1),
    lambda: replace(bought(product(1)), lines=(BasketLine(1, product(1), 1000), BasketLine(1, product(2), 1000))),
    lambda: bought(product(1), usage=(Usage("mug"), Usage("mug"))),
    lambda: bought(product(1), chosen=(Chosen("mug"), Chosen("mug"))),
    lambda: bought(product(1), by_hand=(ByHand(Actor("sara", Role.CASHIER), "old", 2, percent="5"),)),
])
def test_a_basket_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
