"""Points a sale earns, and points that pay for it. Every number worked by hand from the rules."""

from dataclasses import replace

import pytest

from station.basket import Basket, Chosen
from station.card import CardTier
from station.hand import ByHand
from station.lots import LotTerms, Validity
from station.member import MemberSnapshot
from station.pack import CardCap, HandLimit, Pack
from station.people import Actor, Role
from station.priced import EarnedPoints, Multiplied, PaidPoints, Refusal, RefusalCode
from station.pricing import Engine, price
from station.product import ProductKind, Scope
from station.promotion import Cost, EarningRule, Minimum, Promotion, QuantityWindow, When
from station.redemption import RedemptionRules
from station.rewards import AmountOff, BonusPoints, BuyGet, Gift, Multiplier, PercentOff
from tests.fakes import NAME, bought, club, deal, discounts, product

MEMBER = MemberSnapshot("m1", "gold", 100, purchases=3)
P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))
CARD = product(9, 90_000, kind=ProductKind.GIFT_CARD)


def earning(name: str = "base", points: int = 1, per: int = 100, **facts: object) -> EarningRule:
    return EarningRule(name, NAME, points, per, **facts)  # type: ignore[arg-type] # each by its name


def points(rules: Pack, basket: Basket) -> dict[str, int]:
    """The points of ``basket``, for a member, by rule."""
    priced = price(rules, replace(basket, member=basket.member or MEMBER))
    assert priced.points == sum(each.points for each in priced.earned)
    return {each.rule: each.points for each in priced.earned}


def refusals(rules: Pack, basket: Basket) -> tuple[Refusal, ...]:
    return Engine(rules).quote(replace(basket, member=basket.member or MEMBER)).refusals


def test_a_rate_counts_full_amounts_of_the_total_once_per_rule() -> None:
    # 150 + 150: 3 full hundreds together, 1 + 1 by line
    basket = bought(product(1, 150), product(2, 150))
    assert points(club(earning=(earning(),)), basket) == {"base": 3}
    assert points(club(earning=(earning("a", 3, 70), earning("b", 1, 1000))), basket) == {"a": 12}  # 900 / 70


def test_a_rule_that_earns_nothing_says_so() -> None:
    assert refusals(club(earning=(earning(per=1_000),)), bought(product(1, 999))) == (
        Refusal("base", RefusalCode.NOTHING_LEFT),)


def test_the_base_is_what_is_paid_after_discounts() -> None:
    result = price(club(deal("a", PercentOff("10")), earning=(earning(),)), bought(product(1, 1_000), member=MEMBER))
    assert result.earned == (EarnedPoints("base", 900, 9),)


def test_a_scope_earns_on_its_goods_alone_and_gift_cards_never() -> None:
    rules = club(earning=(earning("a", scope=P1), earning("b")))
    assert points(rules, bought(product(1, 500), product(2, 300), CARD)) == {"a": 5, "b": 8}
    assert points(rules, bought(CARD)) == {}


def test_before_tax_the_tax_in_the_base_is_left_out_by_rate() -> None:
    # 220 hold 20 at 10 %; 109 hold 9 at 9 %: 300 of 329
    basket = bought(product(1, 220, tax_percent="10"), product(2, 109, tax_percent="9"))
    result = price(club(earning=(earning(per=1, before_tax=True),)), replace(basket, member=MEMBER))
    assert result.earned == (EarnedPoints("base", 300, 300),)


def test_a_fixed_bonus_is_once_a_sale_and_needs_goods() -> None:
    rules = club(earning=(earning(points=7, per=0, scope=P1),))
    result = price(rules, bought((product(1), 5), member=MEMBER))
    assert result.earned == (EarnedPoints("base", 0, 7),)
    assert refusals(rules, bought(product(2))) == (Refusal("base", RefusalCode.NOTHING_LEFT),)
    # goods that are free are not bought
    assert points(club(deal("a", Gift(), scope=P1), earning=rules.earning), bought(product(1), product(2))) == {}


def test_terms_of_lots_go_with_the_points() -> None:
    terms = LotTerms(Validity(days=90), 14)
    rules = club(deal("z", BonusPoints(5, terms)), earning=(earning(terms=terms), earning("fix", 2, 0, terms=terms)))
    result = price(rules, bought(product(1, 1_000), member=MEMBER))
    assert [each.terms for each in result.earned] == [terms] * 3


@pytest.mark.parametrize(("when", "code"), [
    (When(minimum=Minimum(901)), RefusalCode.MINIMUM), (When(minimum=Minimum(900)), None),
    (When(minimum=Minimum(819, before_tax=True)), RefusalCode.MINIMUM),  # 900 hold 81.8, so 82: 818
    (When(minimum=Minimum(818, before_tax=True)), None),
    (When(quantity=QuantityWindow(3)), RefusalCode.QUANTITY), (When(quantity=QuantityWindow(0, 2)), None),
    (When(tiers=("silver",)), RefusalCode.TIER), (When(tiers=("gold",)), None),
    (When(minimum=Minimum(901), tiers=("silver",)), RefusalCode.TIER),  # the tier is asked first
])
def test_conditions_of_a_rule_are_judged_at_the_end_on_what_is_paid(when: When, code: RefusalCode | None) -> None:
    # 3 × 500 at 10 % tax: one free, 10 % off in stage 2: 900 for 2 pieces
    rules = club(deal("a", BuyGet(2)), deal("b", PercentOff("10"), stage=2), earning=(earning(when=when),))
    basket = bought((product(1, 500, tax_percent="10"), 3))
    assert [each.code for each in refusals(rules, basket)] == ([code] if code else [])
    assert points(rules, basket) == ({} if code else {"base": 9})


def test_a_rule_may_count_other_goods_than_those_it_earns_on() -> None:
    rules = club(earning=(earning(scope=P2, when=When(counted=P1, minimum=Minimum(500))),))
    assert points(rules, bought(product(1, 500), product(2, 300))) == {"base": 3}
    assert points(rules, bought(product(1, 499), product(2, 900))) == {}


def test_only_members_earn_and_a_rule_may_be_off() -> None:
    rules = club(earning=(earning("a", off=True), earning("b")))
    assert Engine(rules).quote(bought(product(1))).refusals == (
        Refusal("a", RefusalCode.OFF), Refusal("b", RefusalCode.MEMBER))


# groups of earning rules

def test_of_a_group_the_rule_with_the_most_points_counts() -> None:
    rules = club(earning=(
        earning("a", group="g"), earning("b", 2, group="g"), earning("c", 5, 0, group="g"), earning("d", group="h")))
    assert points(rules, bought(product(1, 300))) == {"b": 6, "d": 3}
    assert refusals(rules, bought(product(1, 300))) == (
        Refusal("a", RefusalCode.GROUP, other="b"), Refusal("c", RefusalCode.GROUP, other="b"))
    assert points(rules, bought(product(1, 200))) == {"c": 5, "d": 2}


def test_a_tie_goes_to_the_lower_id_and_a_rule_that_fails_is_no_rival() -> None:
    rules = club(earning=(earning("b", group="g"), earning("a", group="g"),
                          earning("c", 9, group="g", when=When(tiers=("silver",)))))
    assert points(rules, bought(product(1, 300))) == {"a": 3}
    assert [each.code for each in refusals(rules, bought(product(1, 300)))] == [RefusalCode.GROUP, RefusalCode.TIER]


def test_a_group_is_judged_with_the_caps_of_multipliers() -> None:
    # "a" has 10 points, times 3 capped to 1 more: 11; "b" has 20
    rules = club(deal("x", Multiplier("3"), scope=P1, cap=1),
                 earning=(earning("a", scope=P1, group="g"), earning("b", 2, scope=P2, group="g")))
    assert points(rules, bought(product(1, 1_000), product(2, 1_000))) == {"b": 20}


# multipliers

def times(name: str, factor: str, **facts: object) -> Promotion:
    return deal(name, Multiplier(factor), **facts)


def test_multipliers_of_one_piece_are_multiplied_and_each_told_with_its_part() -> None:
    rules = club(times("a", "2"), times("b", "1.5"), earning=(earning(),))
    result = price(rules, bought(product(1, 1_000), member=MEMBER))
    assert result.earned == (EarnedPoints("base", 1_000, 30, (Multiplied("a", "2", 10), Multiplied("b", "1.5", 10))),)
    assert result.applied == ("a", "b")


def test_a_multiplier_acts_on_its_pieces_and_floor_comes_last() -> None:
    # 150 × 1.5 + 160 = 385: 3; by piece it were 2 + 1. Without it 310: 3
    rules = club(times("a", "1.5", scope=P1), earning=(earning(),))
    assert points(rules, bought(product(1, 150), product(2, 160))) == {"base": 3}
    assert refusals(rules, bought(product(1, 150), product(2, 160))) == (Refusal("a", RefusalCode.NOTHING_LEFT),)
    assert points(rules, bought(product(1, 150), product(2, 175))) == {"base": 4}  # 225 + 175


def test_two_multipliers_on_different_pieces() -> None:
    # 100 × 2 + 100 × 3 + 100 = 600
    rules = club(times("a", "2", scope=P1), times("b", "3", scope=P2), earning=(earning(),))
    assert points(rules, bought(product(1, 100), product(2, 100), product(3, 100))) == {"base": 6}


@pytest.mark.parametrize(("factor", "total"), [("0.5", 5), ("0", 0), ("1", 10), ("0.01", 0)])
def test_a_factor_may_be_below_one(factor: str, total: int) -> None:
    result = price(club(times("a", factor), earning=(earning(),)), bought(product(1, 1_000), member=MEMBER))
    assert result.points == total
    assert result.applied == (() if factor == "1" else ("a",))


def test_multipliers_never_touch_fixed_bonuses() -> None:
    rules = club(times("a", "3"), deal("b", BonusPoints(7)), earning=(earning("fix", 5, 0), earning("rate")))
    assert points(rules, bought(product(1, 200))) == {"b": 7, "fix": 5, "rate": 6}
    alone = club(times("a", "3"), earning=(earning("fix", 5, 0),))
    assert refusals(alone, bought(product(1, 200))) == (Refusal("a", RefusalCode.NOTHING_LEFT),)


def test_a_multiplier_before_tax_multiplies_the_share_of_its_goods() -> None:
    # 220 hold 20 of tax, of which half is p1's: 100 × 2 + 100
    rules = club(times("a", "2", scope=P1), earning=(earning(per=1, before_tax=True),))
    goods = bought(product(1, 110, tax_percent="10"), product(2, 110, tax_percent="10"))
    assert points(rules, goods) == {"base": 300}


def test_a_cap_of_a_multiplier_is_in_points_over_all_rules_in_order_of_id() -> None:
    rules = club(times("a", "3", cap=25), earning=(earning("x"), earning("y")))
    result = price(rules, bought(product(1, 1_000), member=MEMBER))
    # 20 more by "x", and 5 of the 20 by "y"
    assert [(each.rule, each.points, each.multipliers[0].points) for each in result.earned] == [
        ("x", 30, 20), ("y", 15, 5)]


def test_after_a_cap_the_next_multiplier_multiplies_what_the_cap_left() -> None:
    # 10, times 3 capped to 1 more: 11; times 0: nothing. Times 2: 22
    for factor, total in (("0", 0), ("2", 22), ("0.5", 5)):
        rules = club(times("a", "3", cap=1), times("b", factor), earning=(earning(),))
        assert price(rules, bought(product(1, 1_000), member=MEMBER)).points == total


def test_a_cap_does_not_soften_a_factor_below_one() -> None:
    rules = club(times("a", "0.5", cap=1), earning=(earning(),))
    assert points(rules, bought(product(1, 1_000))) == {"base": 5}


def test_multipliers_come_in_order_of_stage_then_id() -> None:
    rules = club(times("a", "3", stage=2, cap=5), times("b", "2"), earning=(earning(),))
    result = price(rules, bought(product(1, 1_000), member=MEMBER))
    assert result.earned[0].multipliers == (Multiplied("b", "2", 10), Multiplied("a", "3", 5))


def test_goods_priced_by_hand_instead_are_not_multiplied() -> None:
    given = ByHand(Actor("reza", Role.MANAGER), "old", 1, amount=100, instead=True)
    rules = club(times("a", "2"), by_hand=(HandLimit(Role.MANAGER, "100"),), earning=(earning(),))
    assert points(rules, bought(product(1, 1_000), product(2, 1_000), by_hand=(given,))) == {"base": 9 + 20}


def test_a_multiplier_that_is_bought_and_changes_nothing_costs_nothing() -> None:
    bonus = times("a", "2", cost=Cost(95))
    basket = bought(product(1, 1_000), member=MEMBER, chosen=(Chosen("a"),), redeem=100)
    useful = price(club(bonus, earning=(earning(),), redemption=RedemptionRules(1, 1)), basket)
    assert (useful.paid_points, useful.points) == ((PaidPoints("a", 95), PaidPoints("points", 5, 5)), 19)  # 2 × 9.95
    vain = price(club(bonus, redemption=RedemptionRules(1, 1)), basket)
    assert vain.paid_points == (PaidPoints("points", 100, 100),)
    assert vain.applied == ()
    # what else was bought stays bought
    both = club(replace(bonus, cost=Cost(55)), deal("b", AmountOff(5), cost=Cost(40)))
    wanted = replace(basket, chosen=(Chosen("a"), Chosen("b")))
    quote = Engine(both).quote(wanted)
    assert (quote.priced.paid_points, quote.priced.applied) == ((PaidPoints("b", 40),), ("b",))
    assert quote.refusals == (Refusal("a", RefusalCode.NOTHING_LEFT),)


# bonuses

def test_bonus_points_are_capped_and_repeated_as_often_as_they_are_chosen() -> None:
    assert points(club(deal("a", BonusPoints(50), cap=30)), bought(product(1))) == {"a": 30}
    wanted = bought(product(1), member=MEMBER, chosen=(Chosen("a", 3),))
    bought_points = price(club(deal("a", BonusPoints(7), cost=Cost(5))), wanted)
    assert (bought_points.points, bought_points.spent) == (21, 15)


def test_bonus_points_are_for_goods_that_are_paid() -> None:
    rules = club(deal("a", BonusPoints(50), scope=P1, counted=P2))
    assert points(rules, bought(product(1), product(2))) == {"a": 50}
    assert refusals(rules, bought(product(2))) == (Refusal("a", RefusalCode.NOTHING_LEFT),)
    free = club(deal("a", BonusPoints(50), scope=P1), deal("b", Gift(), scope=P1))
    assert points(free, bought(product(1), product(2))) == {}
    assert points(free, bought((product(1), 2))) == {"a": 50}


# paying with points

BLOCKS = RedemptionRules(block=10, worth=1_000)  # ten points are a thousand


def paid(rules: RedemptionRules, basket: Basket, **facts: object) -> int:
    """How many points pay of ``basket``."""
    result = price(club(redemption=rules, **facts), replace(basket, member=basket.member or MEMBER))
    assert result.listed - result.discount == result.total
    return result.spent


@pytest.mark.parametrize(("asked", "taken"), [(0, 0), (9, 0), (10, 10), (19, 10), (100, 100), (999, 100)])
def test_points_pay_in_blocks_up_to_what_may_be_spent(asked: int, taken: int) -> None:
    assert paid(BLOCKS, bought(product(1), redeem=asked)) == taken


def test_fewer_points_than_the_minimum_pay_nothing() -> None:
    least = replace(BLOCKS, minimum=50)
    assert [paid(least, bought(product(1), redeem=asked)) for asked in (40, 49, 50, 60)] == [0, 0, 50, 60]


def test_points_pay_at_most_their_share_of_the_goods_after_discounts() -> None:
    # half of 9 000 is 4 500: four blocks. The gift card in the sale cannot be paid with points
    half = replace(BLOCKS, largest_share="50")
    assert paid(half, bought(product(1, 9_000), CARD, redeem=100)) == 40
    assert paid(BLOCKS, bought(CARD, redeem=100)) == 0


def test_a_card_is_trusted_with_its_cap() -> None:
    caps = (CardCap(CardTier.NUMBER, 25), CardCap(CardTier.CHANGING_CODE, 60))
    for card, taken in ((None, 20), (CardTier.NUMBER, 20), (CardTier.ISSUED, 60), (CardTier.CHANGING_CODE, 60),
                        (CardTier.SHARED_SECRET, 100), (CardTier.KEY_PAIR, 100)):
        assert paid(BLOCKS, bought(product(1), redeem=100, card=card), card_caps=caps) == taken


def test_without_rules_or_a_member_points_pay_nothing() -> None:
    assert price(club(), bought(product(1), member=MEMBER, redeem=50)).spent == 0
    assert price(club(redemption=BLOCKS), bought(product(1), redeem=50)).spent == 0
    assert paid(BLOCKS, bought(product(1), member=replace(MEMBER, points=-40), redeem=50)) == 0


def test_points_paid_are_a_discount_spread_over_the_goods_and_lower_what_is_earned() -> None:
    # 90 points pay 9 000 of 10 000 + 20 000; 21 000 earn 210
    rules = club(deal("a", PercentOff("1"), stage=4, scope=P2, counted=P1, minimum=Minimum(1)),
                 redemption=BLOCKS, earning=(earning(),))
    result = price(replace(rules, promotions=()), bought(product(1, 10_000), product(2, 20_000), member=MEMBER, redeem=90))
    assert discounts(result) == {(1, "points"): 3_000, (2, "points"): 6_000}
    assert (result.total, result.points) == (21_000, 210)
    assert result.paid_points == (PaidPoints("points", 90, 9_000),)
    assert [each.stage for each in result.discounts] == [1, 1]
    later = price(rules, bought(product(1, 10_000), product(2, 20_000), member=MEMBER, redeem=90))
    assert [each.stage for each in later.discounts] == [4, 5, 5]


def test_an_earning_rule_sees_its_minimum_after_points_paid() -> None:
    rules = club(redemption=BLOCKS, earning=(earning(when=When(minimum=Minimum(10_000))),))
    basket = bought(product(1, 10_000), member=MEMBER)
    assert points(rules, basket) == {"base": 100}
    assert points(rules, replace(basket, redeem=10)) == {}


def test_what_rewards_cost_cannot_pay_as_well() -> None:
    # 100 points, 35 for the amount off: 60 of the 65 left pay
    rules = club(deal("a", AmountOff(500), cost=Cost(35)), redemption=BLOCKS)
    result = price(rules, bought(product(1), member=MEMBER, chosen=(Chosen("a"),), redeem=100))
    assert result.paid_points == (PaidPoints("a", 35), PaidPoints("points", 60, 6_000))


def test_the_best_choice_is_that_before_points_are_paid() -> None:
    # 25 000 off leaves 75 000; points would pay as much either way
    rules = club(deal("a", AmountOff(20_000), group="g"), deal("b", AmountOff(25_000), group="g"), redemption=BLOCKS)
    result = price(rules, bought(product(1), member=MEMBER, redeem=100))
    assert (result.applied, result.total) == (("b",), 65_000)
