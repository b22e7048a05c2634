"""The engine on what the straight line needs. Expected values worked by hand from the rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.basket import Basket
from station.member import MemberSnapshot
from station.pack import EarningRule
from station.pricing import Clamp, Discount, Refusal, RefusalCode, TaxTotal, price
from tests.fakes import NAME, NOON, pack, product, promotion

GOLD = MemberSnapshot("m1", "gold", 0)


def basket(*goods: tuple[int, int], member: MemberSnapshot | None = GOLD, **facts: object) -> Basket:
    """A basket of (price, pieces) lines, each another product."""
    made = Basket("b", "12", 1, NOON).with_member(member)
    for number, (amount, pieces) in enumerate(goods, 1):
        made = made.with_product(product(number, amount, **facts), pieces * 1000)
    return made


def test_tier_discount_and_points() -> None:
    result = price(pack(), basket((77_000, 1), (45_000, 1)))
    assert (result.listed, result.discount, result.total) == (122_000, 12_200, 109_800)
    assert result.discounts == (
        Discount(1, "gold-10", 77_000, 7_700), Discount(2, "gold-10", 45_000, 4_500))
    assert result.refusals == (Refusal("silver-3", RefusalCode.TIER),)
    assert result.points == 10  # 109 800 holds ten full 10 000


def test_without_a_member_everything_is_refused_and_nothing_earned() -> None:
    result = price(pack(), basket((77_000, 1), member=None))
    assert result.discount == 0
    assert {refusal.code for refusal in result.refusals} == {RefusalCode.MEMBER}
    assert result.earned == ()


def test_one_stage_adds_two_stages_compound() -> None:
    ten, twenty = promotion("a", "10"), promotion("b", "20")
    assert price(pack(promotions=(ten, twenty)), basket((100_000, 1))).discount == 30_000
    later = replace(twenty, stage=2)
    assert price(pack(promotions=(ten, later)), basket((100_000, 1))).discount == 28_000


def test_a_line_never_gives_more_than_it_holds() -> None:
    result = price(pack(promotions=(promotion("a", "80"), promotion("b", "50"))), basket((1_000, 1)))
    assert result.total == 0
    assert [discount.amount for discount in result.discounts] == [800, 200]
    assert result.clamps == (Clamp(1, "b", 300),)


def test_a_stage_that_finds_nothing_says_so() -> None:
    rules = pack(promotions=(promotion("a", "100"), promotion("b", "10", stage=2)))
    result = price(rules, basket((1_000, 1)))
    assert result.refusals == (Refusal("b", RefusalCode.NOTHING_LEFT),)


def test_a_discount_too_small_for_a_line_leaves_it_out() -> None:
    result = price(pack(promotions=(promotion("a", "10"),)), basket((100, 1), (1, 1)))
    assert result.discounts == (Discount(1, "a", 100, 10),)


def test_tax_of_goods_priced_without_it_is_rounded_once_and_spread() -> None:
    # 3 lines of 5 at 10 %: 1.5 of tax in all, rounded once to 2, spread 1, 1, 0
    result = price(pack(promotions=()), basket(
        (5, 1), (5, 1), (5, 1), tax_percent="10", tax_included=False))
    assert [line.listed for line in result.lines] == [6, 6, 5]
    assert result.taxes == (TaxTotal("10", 17, 2),)  # 17 × 10/110 = 1.545


def test_tax_is_contained_in_the_discounted_total_by_rate() -> None:
    mixed = basket((110_000, 1), tax_percent="10").with_product(product(9, 50_000), 1000)
    result = price(pack(), mixed)
    assert result.taxes == (TaxTotal("10", 99_000, 9_000), TaxTotal("0", 45_000, 0))
    assert (result.total, result.tax) == (144_000, 9_000)


def test_earning_rules_floor_each_for_itself() -> None:
    rules = replace(pack(), earning=(EarningRule("a", NAME, 1, 10_000), EarningRule("b", NAME, 3, 7_000)))
    result = price(rules, basket((20_000, 1), member=GOLD))  # pays 18 000
    assert [(each.rule, each.points) for each in result.earned] == [("a", 1), ("b", 7)]


def test_the_pack_must_be_the_baskets_own() -> None:
    with pytest.raises(ValueError, match="pack 1, priced with 2"):
        price(pack(2), basket((1, 1)))


lines = st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 50)), min_size=1, max_size=8)
percents = st.lists(st.integers(0, 100), max_size=4)


@given(goods=lines, rates=percents, stages=st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_parts_sum_to_wholes_and_nothing_is_negative(
    goods: list[tuple[int, int]], rates: list[int], stages: list[int],
) -> None:
    rules = pack(promotions=tuple(
        promotion(f"p{i}", str(rate), stages[i]) for i, rate in enumerate(rates)))
    result = price(rules, basket(*goods, tax_percent="9.5", tax_included=False))
    assert result.listed - result.discount == result.total == sum(line.total for line in result.lines)
    assert sum(each.amount for each in result.discounts) == result.discount
    assert sum(each.gross for each in result.taxes) == result.total
    assert all(line.total >= 0 and line.discount >= 0 for line in result.lines)
    assert 0 <= result.tax <= result.total
    named = {each.promotion for each in result.discounts} | {each.promotion for each in result.clamps}
    named |= {each.promotion for each in result.refusals}
    assert {p.id for p in rules.promotions if p.reward.percent == "100"} <= named
