"""Percent, amount, fixed price, cheapest, steps, caps. Every number worked by hand from the rules."""

from dataclasses import replace

import pytest

from station.basket import Chosen
from station.member import MemberSnapshot
from station.priced import Clamp, Discount, Hint, HintKind, PaidPoints, Refusal, RefusalCode
from station.pricing import Engine, price
from station.product import Scope
from station.promotion import Cost, Minimum
from station.rewards import (
    AmountOff,
    BuyGet,
    CheapestOff,
    FixedPrice,
    Gift,
    PercentOff,
    RewardForm,
    Step,
    StepBasis,
    Steps,
)
from tests.fakes import bought, club, deal, discounts, product

P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))
RICH = MemberSnapshot("m1", "gold", 100)


def test_a_percent_over_several_lines_is_taken_of_their_total_then_spread() -> None:
    # 12.5 % of 15 + 15 + 14 = 44 is 5.5, so 6; shares 2.05, 2.05, 1.91
    result = price(club(deal("a", PercentOff("12.5"))), bought(product(1, 15), product(2, 15), product(3, 14)))
    assert [line.discount for line in result.lines] == [2, 2, 2]
    # 10 % of 4 × 4 = 16 is 1.6, so 2, to the first two lines; line by line it were 0
    result = price(club(deal("a", PercentOff("10"))), bought(*(product(n, 4) for n in (1, 2, 3, 4))))
    assert [line.discount for line in result.lines] == [1, 1, 0, 0]


@pytest.mark.parametrize(("rate", "off"), [("0.5", 1), ("0.499999", 0), ("33.333333", 33), ("100", 100), ("1.5", 2)])
def test_a_percent_is_exact_and_rounded_once_half_up(rate: str, off: int) -> None:
    assert price(club(deal("a", PercentOff(rate))), bought(product(1, 100))).discount == off


def test_an_amount_is_spread_by_largest_remainder() -> None:
    # 10 over 3 : 3 : 1 is 4.29, 4.29, 1.43: 4, 4, 1 and the last one to the largest remainder, p3
    result = price(club(deal("a", AmountOff(10))), bought(product(1, 30), product(2, 30), product(3, 10)))
    assert [line.discount for line in result.lines] == [4, 4, 2]


@pytest.mark.parametrize(("pieces", "off"), [(3, 50), (5, 50), (6, 100), (9, 150)])
def test_an_amount_for_every_full_group(pieces: int, off: int) -> None:
    assert price(club(deal("a", AmountOff(50, 3))), bought((product(1, 100), pieces))).discount == off


def test_a_group_that_is_not_full_is_told_with_its_pieces() -> None:
    quote = Engine(club(deal("a", AmountOff(50, 3)))).quote(bought((product(1, 100), 2)))
    assert quote.refusals == (Refusal("a", RefusalCode.QUANTITY, 2, 3),)


def test_groups_are_of_the_counted_pieces_that_are_not_free() -> None:
    # 5 of p1 make 2 groups of 2: 2 × 5 off p2; one of p1 free leaves 4, two free leave 3, one group
    rule = deal("b", AmountOff(5, 2), scope=P2, counted=P1)
    basket = bought((product(1, 100), 5), product(2, 100))
    assert discounts(price(club(rule), basket)) == {(2, "b"): 10}
    free = deal("a", BuyGet(2, recursive=False), scope=P1)
    assert discounts(price(club(rule, free), basket))[2, "b"] == 10
    free = deal("a", BuyGet(1), scope=P1)
    assert discounts(price(club(rule, free), basket))[2, "b"] == 5
    # 2 of p1, one of them free, and 3 of p2 make 2 groups of 2
    all_of_it = club(deal("a", Gift(), scope=P1), deal("b", AmountOff(5, 2)))
    assert price(all_of_it, bought((product(1, 100), 2), (product(2, 100), 3))).discount == 100 + 10
    # with a piece left that makes no group, the condition was held at the start: nothing is left
    pair = bought((product(1, 100), 2), product(2, 100))
    assert Engine(club(rule, free)).quote(pair).refusals == (Refusal("b", RefusalCode.NOTHING_LEFT),)


@pytest.mark.parametrize(("fixed", "off"), [(60, 80), (99, 2), (100, 0), (250, 0), (0, 200)])
def test_a_fixed_price_is_per_piece_and_only_lowers(fixed: int, off: int) -> None:
    assert price(club(deal("a", FixedPrice(fixed))), bought((product(1, 100), 2))).discount == off


def test_a_fixed_price_lowers_the_dearer_pieces_only() -> None:
    # 3 × 100 less 1: 100, 100, 99; at 99 each 2 off. p2 is cheaper already
    rules = club(deal("a", AmountOff(1), scope=P1), deal("b", FixedPrice(99), stage=2))
    assert discounts(price(rules, bought((product(1, 100), 3), product(2, 50)))) == {(1, "a"): 1, (1, "b"): 2}


def test_a_fixed_price_counts_what_is_not_free() -> None:
    # 303 less 2: pieces of 101, 100, 100; the first is free, 40 off each of the others
    rules = club(deal("a", AmountOff(2)), deal("b", BuyGet(2), stage=2), deal("c", FixedPrice(60), stage=2))
    result = price(rules, bought((product(1, 101), 3)))
    assert discounts(result) == {(1, "a"): 2, (1, "b"): 101, (1, "c"): 80}


def test_a_fixed_price_of_weighed_goods_is_per_kilogram() -> None:
    cheese = product(1, 100_000, weighed=True)
    rules = club(deal("a", FixedPrice(80_000)))
    assert price(rules, bought((cheese, 333))).discount == 33_300 - 26_640
    assert price(club(deal("a", FixedPrice(120_000))), bought((cheese, 333))).discount == 0
    free = club(deal("a", FixedPrice(80_000)), deal("b", BuyGet(1)))
    assert price(free, bought((cheese, 1000), (cheese, 500))).discount == 50_000 + 20_000


def test_a_fixed_price_has_its_tax() -> None:
    bare = product(1, 100, tax_percent="10", tax_included=False)
    assert price(club(deal("a", FixedPrice(105))), bought((bare, 2))).discount == 10  # 220 → 210


@pytest.mark.parametrize(("form", "off"), [
    (CheapestOff(), 50), (CheapestOff(pieces=2), 110), (CheapestOff(pieces=3), 170), (CheapestOff(pieces=4), 270),
    (CheapestOff(pieces=9), 370), (CheapestOff("50"), 25), (CheapestOff("50", 3), 85), (CheapestOff("33.3", 2), 37),
])
def test_the_cheapest_pieces(form: CheapestOff, off: int) -> None:
    # 50, 60, 60, 100, 100
    goods = ((product(1, 100), 2), product(2, 50), (product(3, 60), 2))
    assert price(club(deal("a", form)), bought(*goods)).discount == off


def test_cheapest_is_by_shelf_price_and_worth_what_is_left() -> None:
    rules = club(deal("a", AmountOff(80), scope=P1), deal("b", CheapestOff("50"), stage=2))
    assert discounts(price(rules, bought(product(1, 100), product(2, 60)))) == {(1, "a"): 80, (2, "b"): 30}


def test_what_the_cheapest_pieces_give_is_spread_to_the_first_line_on_a_tie() -> None:
    # 10 % of 15 + 5 = 20 is 2: shares 1.5 and 0.5; the rial left over goes to p1 though p2 is cheaper
    result = price(club(deal("a", CheapestOff("10", 2))), bought(product(1, 15), product(2, 5)))
    assert discounts(result) == {(1, "a"): 2}


def test_the_cheapest_of_the_pieces_that_are_left() -> None:
    # 50 is free for two others; the cheapest left is 60
    rules = club(deal("a", CheapestOff()), deal("b", BuyGet(2)))
    result = price(rules, bought(product(1, 100), product(2, 50), product(3, 60)))
    assert discounts(result) == {(2, "b"): 50, (3, "a"): 60}


BY_AMOUNT = Steps(StepBasis.AMOUNT, (Step(100, "5"), Step(200, "10"), Step(500, amount=70)))
BY_QUANTITY = Steps(StepBasis.QUANTITY, (Step(3, "5"), Step(6, "10")))


@pytest.mark.parametrize(("amount", "off", "missing"), [
    (99, 0, 1), (100, 5, 100), (199, 10, 1), (200, 20, 300), (499, 50, 1), (500, 70, None), (9_000, 70, None),
])
def test_of_steps_only_the_highest_reached_applies(amount: int, off: int, missing: int | None) -> None:
    quote = Engine(club(deal("a", BY_AMOUNT))).quote(bought(product(1, amount)))
    assert quote.priced.discount == off
    assert [(each.kind, each.missing) for each in quote.hints] == (
        [(HintKind.NEXT_STEP_AMOUNT, missing)] if missing else [])
    assert quote.refusals == (() if off else (Refusal("a", RefusalCode.MINIMUM, 99, 100),))


@pytest.mark.parametrize(("pieces", "off", "missing"), [(2, 0, 1), (3, 15, 3), (5, 25, 1), (6, 60, None), (7, 70, None)])
def test_steps_by_quantity(pieces: int, off: int, missing: int | None) -> None:
    quote = Engine(club(deal("a", BY_QUANTITY))).quote(bought((product(1, 100), pieces)))
    assert quote.priced.discount == off
    assert quote.hints == ((Hint("a", HintKind.NEXT_STEP_QUANTITY, missing),) if missing else ())
    assert quote.refusals == (() if off else (Refusal("a", RefusalCode.QUANTITY, 2, 3),))


def test_steps_count_some_goods_and_reduce_others() -> None:
    rules = club(deal("a", BY_QUANTITY, scope=P2, counted=P1))
    assert discounts(price(rules, bought((product(1, 10), 6), product(2, 200)))) == {(2, "a"): 20}
    assert discounts(price(rules, bought(product(1, 10), (product(2, 200), 6)))) == {}


def test_steps_by_amount_climb_with_tax_also_under_a_minimum_before_tax() -> None:
    # 220 hold 20 of tax: 200 before tax meet the minimum, the step is reached by 220
    steps = Steps(StepBasis.AMOUNT, (Step(220, "10"),))
    rule = deal("a", steps, minimum=Minimum(200, before_tax=True))
    assert price(club(rule), bought(product(1, 220, tax_percent="10"))).discount == 22


def test_the_steps_of_a_stage_see_its_start() -> None:
    # in stage 1 both see 200; in stage 2 the steps see 190
    five = deal("a", PercentOff("5"))
    assert price(club(five, deal("b", BY_AMOUNT)), bought(product(1, 200))).discount == 10 + 20
    # 5 % of 190 is 9.5, so 10
    assert price(club(five, deal("b", BY_AMOUNT, stage=2)), bought(product(1, 200))).discount == 10 + 10


def test_the_first_step_may_stand_at_nothing() -> None:
    rules = club(deal("a", Steps(StepBasis.AMOUNT, (Step(0, "1"), Step(1_000, "2")))))
    assert price(rules, bought(product(1, 100))).discount == 1


def test_no_next_step_is_promised_when_the_offer_is_refused_for_more_than_that() -> None:
    assert Engine(club(deal("a", BY_AMOUNT, off=True))).quote(bought(product(1, 99))).hints == ()
    beyond = deal("a", BY_AMOUNT, minimum=Minimum(300))
    assert Engine(club(beyond)).quote(bought(product(1, 250))).hints == ()
    dear = deal("a", BY_AMOUNT, cost=Cost(5))
    quote = Engine(club(dear)).quote(bought(product(1, 99), member=RICH))
    assert (quote.hints, quote.refusals) == ((), (Refusal("a", RefusalCode.MINIMUM, 99, 100),))


@pytest.mark.parametrize(("form", "uncapped", "capped"), [
    (PercentOff("50"), [50, 100, 150], [15, 30, 45]),
    (AmountOff(300), [50, 100, 150], [15, 30, 45]),
    (FixedPrice(60), [40, 140, 240], [9, 30, 51]),  # 90 × 40/420 = 8.57, 30, 51.43
    (CheapestOff("100", 2), [100, 200, 0], [30, 60, 0]),
    (Steps(StepBasis.AMOUNT, (Step(0, "50"),)), [50, 100, 150], [15, 30, 45]),
])
def test_a_cap_is_spread_in_proportion_to_the_uncapped_shares(
    form: RewardForm, uncapped: list[int], capped: list[int],
) -> None:
    goods = bought(product(1, 100), product(2, 200), product(3, 300))
    assert [line.discount for line in price(club(deal("a", form)), goods).lines] == uncapped
    assert [line.discount for line in price(club(deal("a", form, cap=90)), goods).lines] == capped


def test_a_cap_that_is_not_reached_changes_nothing() -> None:
    assert price(club(deal("a", PercentOff("10"), cap=10)), bought(product(1, 100))).discount == 10
    assert price(club(deal("a", PercentOff("10"), cap=9)), bought(product(1, 100))).discount == 9


def test_what_the_clamp_takes_away_does_not_come_back_within_the_cap() -> None:
    # uncapped 90 and 60, capped to 50: 30 and 20; p1 holds 10
    rules = club(deal("a", AmountOff(80), scope=P1), deal("b", PercentOff("100"), cap=50, stage=1))
    result = price(rules, bought(product(1, 90), product(2, 60)))
    assert discounts(result) == {(1, "a"): 80, (1, "b"): 10, (2, "b"): 20}
    assert result.clamps == (Clamp(1, "b", 20),)


def test_money_off_bought_with_points() -> None:
    rules = club(deal("a", AmountOff(50), cost=Cost(30)), deal("b", PercentOff("10"), cost=Cost(20)))
    basket = bought(product(1, 1_000), member=RICH)
    assert price(rules, basket).discount == 0
    # an amount is given as often as it is chosen; a percentage once, whatever was chosen
    thrice = replace(basket, chosen=(Chosen("a", 3),))
    assert discounts(price(rules, thrice)) == {(1, "a"): 150}
    assert price(rules, thrice).paid_points == (PaidPoints("a", 90),)
    twice = replace(basket, chosen=(Chosen("b", 2),))
    assert (price(rules, twice).discount, price(rules, twice).spent) == (100, 20)


def test_the_cheapest_pieces_bought_with_points_are_as_many_times_more() -> None:
    rules = club(deal("a", CheapestOff("50"), cost=Cost(10)))
    basket = bought((product(1, 100), 5), member=RICH, chosen=(Chosen("a", 3),))
    assert (price(rules, basket).discount, price(rules, basket).spent) == (150, 30)


def test_points_go_to_the_earlier_stage_then_the_lower_id() -> None:
    # 50 points: "b" in stage 1 takes 30, "a" in stage 2 needs 30 and finds 20
    rules = club(deal("a", AmountOff(5), cost=Cost(30), stage=2), deal("b", AmountOff(7), cost=Cost(30)))
    wanted = (Chosen("a"), Chosen("b"))
    member = replace(RICH, points=50)
    quote = Engine(rules).quote(bought(product(1), member=member, chosen=wanted))
    assert quote.priced.paid_points == (PaidPoints("b", 30),)
    assert quote.refusals == (Refusal("a", RefusalCode.POINTS, 20, 30),)
    together = club(deal("a", AmountOff(5), cost=Cost(30)), deal("b", AmountOff(7), cost=Cost(30)))
    assert price(together, bought(product(1), member=member, chosen=wanted)).paid_points == (PaidPoints("a", 30),)


def test_points_are_not_taken_for_what_gives_nothing() -> None:
    rules = club(deal("a", PercentOff("100")), deal("b", AmountOff(7), cost=Cost(30), stage=2))
    quote = Engine(rules).quote(bought(product(1), member=RICH, chosen=(Chosen("b"),)))
    assert quote.priced.paid_points == ()
    assert quote.refusals == (Refusal("b", RefusalCode.NOTHING_LEFT),)


def test_the_base_of_a_discount_is_the_line_without_its_free_pieces() -> None:
    rules = club(deal("a", BuyGet(1)), deal("b", AmountOff(10)))
    assert price(rules, bought((product(1, 100), 2))).discounts == (
        Discount(1, "a", 1, 100, 100, 1), Discount(1, "b", 1, 100, 10))


def test_no_next_step_is_told_where_the_cap_is_reached() -> None:
    steps = Steps(StepBasis.AMOUNT, (Step(100, "10"), Step(1_000, "20")))
    low = Engine(club(deal("a", steps, cap=9))).quote(bought(product(1, 100)))  # 10 wanted, 9 given
    assert (low.priced.discount, low.hints) == (9, ())
    high = Engine(club(deal("a", steps, cap=11))).quote(bought(product(1, 100)))
    assert [(hint.kind, hint.missing) for hint in high.hints] == [(HintKind.NEXT_STEP_AMOUNT, 900)]
