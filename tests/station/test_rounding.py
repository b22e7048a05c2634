"""Rounding for cash: what is paid in cash alone comes down to a multiple of the pack's step, as a discount."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.basket import Basket
from station.pack import ROUNDING, Pack
from station.priced import Discount, EarnedPoints, PaidPoints
from station.pricing import price
from station.product import ProductKind
from station.promotion import EarningRule, Promotion
from station.redemption import RedemptionRules
from station.rewards import PercentOff
from station.tender import TenderKind
from tests.fakes import NAME, bought, club, deal, discounts, member, product

CASH = (TenderKind.CASH,)
CARD = product(9, 5_300, kind=ProductKind.GIFT_CARD)


def rules(*promotions: Promotion, **facts: object) -> Pack:
    return club(*promotions, cash_step=1_000, **facts)


def in_cash(*goods: object, **facts: object) -> Basket:
    return replace(bought(*goods, **facts), payments=CASH)  # type: ignore[arg-type] # as the fake names them


def test_cash_comes_down_to_the_step_spread_over_the_goods() -> None:
    done = price(rules(), in_cash(product(1, 6_200), product(2, 3_100)))
    # 9 300: 300 fall off, 200 and 100 in the proportion of 2 to 1
    assert (done.total, done.discount) == (9_000, 300)
    assert done.discounts == (Discount(1, ROUNDING, 2, 6_200, 200), Discount(2, ROUNDING, 2, 3_100, 100))


@pytest.mark.parametrize("payments", [(), (TenderKind.DEBIT,), (TenderKind.CASH, TenderKind.DEBIT)])
def test_what_is_not_all_paid_in_cash_stays(payments: tuple[TenderKind, ...]) -> None:
    basket = replace(bought(product(1, 9_300)), payments=payments)
    assert price(rules(), basket).total == 9_300


def test_without_a_step_or_with_a_full_one_nothing_falls_off() -> None:
    assert price(club(), in_cash(product(1, 9_300))).total == 9_300
    assert price(rules(), in_cash(product(1, 9_000))).discounts == ()


def test_it_comes_after_promotions_and_points_and_before_what_is_earned() -> None:
    made = rules(deal("ten", PercentOff("10")), redemption=RedemptionRules(10, 100),
                 earning=(EarningRule("base", NAME, 1, 100),))
    done = price(made, in_cash(product(1, 10_000), member=member().snapshot(), redeem=10))
    # 10 000 less 1 000 less 100 points' worth is 8 900, so 900 fall off and 8 000 earn
    assert discounts(done) == {(1, "ten"): 1_000, (1, "points"): 100, (1, ROUNDING): 900}
    assert done.total == 8_000
    assert done.earned == (EarnedPoints("base", 8_000, 80),)
    assert done.paid_points == (PaidPoints("points", 10, 100),)


def test_a_gift_card_keeps_its_worth() -> None:
    done = price(rules(), in_cash(product(1, 2_000), CARD))
    # 7 300: the 300 come off the goods
    assert [(line.line, line.total) for line in done.lines] == [(1, 1_700), (2, 5_300)]


def test_where_there_are_not_enough_goods_it_stays_as_it_is() -> None:
    assert price(rules(), in_cash(product(1, 200), CARD)).total == 5_500
    assert price(rules(), in_cash(CARD)).total == 5_300


def test_the_tax_is_that_of_what_is_paid() -> None:
    done = price(rules(), in_cash(product(1, 9_300, tax_percent="10")))
    # 9 000 × 10 / 110 is 818.18
    assert (done.total, done.tax) == (9_000, 818)


def test_what_stays_after_a_return_is_rounded_as_well() -> None:
    basket = in_cash(product(1, 5_150), product(2, 5_150))
    assert [price(rules(), each).total for each in (basket, basket.without(2))] == [10_000, 5_000]


@given(prices=st.lists(st.integers(0, 99_999), min_size=1, max_size=8), step=st.integers(1, 5_000))
def test_cash_for_goods_is_always_a_multiple_and_never_more(prices: list[int], step: int) -> None:
    goods = [product(place, each) for place, each in enumerate(prices, 1)]
    made = replace(club(), cash_step=step)
    plain, done = price(made, bought(*goods)), price(made, in_cash(*goods))
    assert done.total % step == 0
    assert 0 <= plain.total - done.total < step
    assert sum(line.total for line in done.lines) == done.total
    assert done.listed - done.discount == done.total
    assert all(line.total >= 0 for line in done.lines)
