"""The engine as a whole: stages, clamps, what the result says. Expected values worked by hand from the rules."""

from dataclasses import replace

from station.basket import Chosen
from station.member import MemberSnapshot
from station.pack import HAND, POINTS
from station.priced import Clamp, Discount, IssuedCoupon, PricedLine, Refusal, RefusalCode, TaxTotal
from station.pricing import Engine, price
from station.product import ProductKind, Scope
from station.promotion import Cost, CouponTerm, EarningRule, Minimum
from station.rewards import AmountOff, BuyGet, FixedPrice, Gift, NextCoupon, PercentOff
from tests.fakes import NAME, bought, club, deal, discounts, pack, product

GOLD = MemberSnapshot("m1", "gold")
P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))


def test_tier_discount_and_points() -> None:
    quote = Engine(pack()).quote(bought(product(1, 77_000), product(2, 45_000), member=GOLD))
    result = quote.priced
    assert (result.listed, result.discount, result.total) == (122_000, 12_200, 109_800)
    assert result.discounts == (
        Discount(1, "gold-10", 1, 77_000, 7_700), Discount(2, "gold-10", 1, 45_000, 4_500))
    assert result.lines == (PricedLine(1, 77_000, 7_700, 69_300), PricedLine(2, 45_000, 4_500, 40_500))
    assert quote.refusals == (Refusal("silver-3", RefusalCode.TIER),)
    assert result.points == 10  # 109 800 holds ten full 10 000
    assert result.applied == ("gold-10",)
    assert result.exhaustive


def test_without_a_member_everything_is_refused_and_nothing_earned() -> None:
    quote = Engine(pack()).quote(bought(product(1)))
    assert [(each.rule, each.code) for each in quote.refusals] == [
        ("base", RefusalCode.MEMBER), ("gold-10", RefusalCode.MEMBER), ("silver-3", RefusalCode.MEMBER)]
    assert (quote.priced.discount, quote.priced.earned) == (0, ())


def test_one_stage_adds_and_two_stages_compound() -> None:
    ten, twenty = deal("a", PercentOff("10")), deal("b", PercentOff("20"))
    assert price(club(ten, twenty), bought(product(1))).discount == 30_000
    assert price(club(ten, replace(twenty, stage=2)), bought(product(1))).discount == 28_000
    # the number of a stage only orders
    assert price(club(replace(ten, stage=7), replace(twenty, stage=9)), bought(product(1))).discount == 28_000


def test_a_base_is_what_the_stage_began_with() -> None:
    rules = club(deal("a", PercentOff("10")), deal("b", PercentOff("20")), deal("c", PercentOff("50"), stage=2))
    assert price(rules, bought(product(1))).discounts == (
        Discount(1, "a", 1, 100_000, 10_000), Discount(1, "b", 1, 100_000, 20_000),
        Discount(1, "c", 2, 70_000, 35_000))


def test_a_line_gives_what_it_holds_and_the_rest_is_named() -> None:
    rules = club(deal("b", PercentOff("50")), deal("a", PercentOff("80")), deal("c", PercentOff("30")))
    result = price(rules, bought(product(1, 1_000)))
    assert result.total == 0
    # in order of id, not of the pack
    assert [(each.rule, each.amount) for each in result.discounts] == [("a", 800), ("b", 200)]
    assert result.clamps == (Clamp(1, "b", 300), Clamp(1, "c", 300))
    assert result.applied == ("a", "b")


def test_what_does_not_fit_one_line_is_not_moved_to_another() -> None:
    # 80 % of p1 alone; then 300 off 1 000 + 500 is 200 and 100: p1 holds 200, both fit; 450: 300 and 150
    first = deal("a", PercentOff("80"), scope=P1)
    fits = price(club(first, deal("b", AmountOff(300))), bought(product(1, 1_000), product(2, 500)))
    assert discounts(fits) == {(1, "a"): 800, (1, "b"): 200, (2, "b"): 100}
    assert fits.clamps == ()
    lost = price(club(first, deal("b", AmountOff(450))), bought(product(1, 1_000), product(2, 500)))
    assert discounts(lost) == {(1, "a"): 800, (1, "b"): 200, (2, "b"): 150}
    assert lost.clamps == (Clamp(1, "b", 100),)


def test_the_clamp_is_per_line_not_per_piece() -> None:
    # 2 × 100: both at 10 takes 180; 15 % of 200 is 30 more than the line still holds by 10
    rules = club(deal("a", FixedPrice(10)), deal("b", PercentOff("15")))
    result = price(rules, bought((product(1, 100), 2)))
    assert discounts(result) == {(1, "a"): 180, (1, "b"): 20}
    assert result.clamps == (Clamp(1, "b", 10),)


def test_an_amount_larger_than_the_basket_is_clamped_on_each_line() -> None:
    # 90 over 10 + 20 is 30 and 60
    result = price(club(deal("a", AmountOff(90))), bought(product(1, 10), product(2, 20)))
    assert (result.total, result.clamps) == (0, (Clamp(1, "a", 20), Clamp(2, "a", 40)))


def test_a_stage_that_finds_nothing_says_so() -> None:
    rules = club(deal("a", PercentOff("100")), deal("b", PercentOff("10"), stage=2), deal("c", AmountOff(5), stage=2))
    quote = Engine(rules).quote(bought(product(1, 1_000)))
    assert quote.refusals == (Refusal("b", RefusalCode.NOTHING_LEFT), Refusal("c", RefusalCode.NOTHING_LEFT))
    assert quote.priced.applied == ("a",)


def test_a_discount_that_rounds_to_nothing_leaves_its_line_out() -> None:
    result = price(club(deal("a", PercentOff("10"))), bought(product(1, 100), product(2, 1)))
    assert result.discounts == (Discount(1, "a", 1, 100, 10),)  # 10 of 101, of which 0.1 is p2's


def test_free_goods_come_first_and_the_others_are_reckoned_on_the_pieces_left() -> None:
    # of 3 × 100 one is free; 10 % of the 200 left; the id order alone would have put "a" first
    rules = club(deal("a", PercentOff("10")), deal("b", BuyGet(2)))
    result = price(rules, bought((product(1, 100), 3)))
    assert result.discounts == (Discount(1, "b", 1, 100, 100, 1), Discount(1, "a", 1, 200, 20))
    assert result.lines == (PricedLine(1, 300, 120, 180, 1),)


def test_free_pieces_are_never_discounted_again() -> None:
    rules = club(deal("a", Gift(), scope=P1), deal("b", PercentOff("50"), stage=2))
    result = price(rules, bought((product(1, 100), 1), product(2, 100)))
    assert discounts(result) == {(1, "a"): 100, (2, "b"): 50}


def test_pieces_of_a_line_are_worth_the_same_from_stage_to_stage_the_first_a_rial_more() -> None:
    # 3 × 100 less 1 is 299: pieces of 100, 100, 99; the free one is the first, worth 100
    result = price(club(deal("a", AmountOff(1)), deal("b", BuyGet(2), stage=2)), bought((product(1, 100), 3)))
    assert discounts(result) == {(1, "a"): 1, (1, "b"): 100}
    # 3 × 100 less 2 is 298: 100, 99, 99; one free leaves 99 + 99, which at 99 each give nothing
    rules = club(deal("a", AmountOff(2)), deal("b", BuyGet(2), stage=2), deal("c", FixedPrice(99), stage=2))
    quote = Engine(rules).quote(bought((product(1, 100), 3)))
    assert discounts(quote.priced) == {(1, "a"): 2, (1, "b"): 100}
    assert quote.refusals == (Refusal("c", RefusalCode.NOTHING_LEFT),)


def test_rules_are_told_in_the_order_of_line_numbers_and_ids() -> None:
    goods = bought(product(3, 100), product(1, 100), product(2, 100))
    result = price(club(deal("a", PercentOff("10"))), goods)
    assert [line.line for line in result.lines] == [1, 2, 3]
    rules = club(deal("z", PercentOff("1")), deal("m", PercentOff("1"), members_only=True), deal("a", PercentOff("1")),
                 deal("b", PercentOff("1"), minimum=Minimum(1_000)))
    quote = Engine(rules).quote(goods)
    assert quote.priced.applied == ("a", "z")
    assert [each.rule for each in quote.refusals] == ["b", "m"]


def test_promotions_of_goods_that_are_not_there_are_not_told() -> None:
    rules = club(deal("a", PercentOff("10"), scope=P2), deal("b", PercentOff("10"), scope=P2, counted=P1))
    quote = Engine(rules).quote(bought(product(1, 100)))
    # "b" counts what was bought, so it might have been expected
    assert quote.refusals == (Refusal("b", RefusalCode.NOTHING_LEFT),)


def test_the_sale_stores_what_the_quote_tells() -> None:
    rules = club(
        deal("a", PercentOff("10"), group="g"), deal("b", AmountOff(5_000), group="g"), deal("c", BuyGet(1), stage=2),
        deal("d", NextCoupon("e", 7)), deal("e", Gift(), coupon=CouponTerm(issued=True)),
        deal("f", Gift(), cost=Cost(10)), earning=(EarningRule("base", NAME, 1, 100),))
    basket = bought((product(1, 20_000), 2), product(2, 500), member=replace(GOLD, points=9))
    engine = Engine(rules)
    assert engine.quote(basket).priced == engine.price(basket) == price(rules, basket)
    assert price(rules, basket).coupons == (IssuedCoupon("d", "e", "b/d", "2026-11-29"),)


def test_an_empty_basket_costs_nothing_and_earns_nothing() -> None:
    result = price(pack(), bought(member=GOLD))
    assert (result.total, result.points, result.lines, result.taxes, result.applied) == (0, 0, (), (), ())


def test_gift_cards_are_in_the_total_and_its_tax_at_their_own_rate() -> None:
    card = product(9, 50_000, kind=ProductKind.GIFT_CARD)
    result = price(club(deal("a", PercentOff("10"))), bought(card, product(1, 110_000, tax_percent="10")))
    assert result.lines == (PricedLine(1, 50_000, 0, 50_000), PricedLine(2, 110_000, 11_000, 99_000))
    assert result.taxes == (TaxTotal("0", 50_000, 0), TaxTotal("10", 99_000, 9_000))


def test_what_no_pack_defines_has_names_of_its_own() -> None:
    assert (HAND, POINTS) == ("hand", "points")


def test_spent_points_are_summed_over_rewards_and_payment() -> None:
    rules = club(deal("mug", Gift(), scope=P1, cost=Cost(30)), deal("cup", Gift(), scope=P2, cost=Cost(20)))
    basket = bought(product(1), product(2), member=replace(GOLD, points=100))
    assert price(rules, basket).spent == 0
    wanted = replace(basket, chosen=(Chosen("mug"), Chosen("cup")))
    assert price(rules, wanted).spent == 50
