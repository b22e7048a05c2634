"""Every condition and limit of a promotion, through the engine: held, and missed by as little as can be."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from station.basket import Basket, Coupon, Usage
from station.bonus import Birth
from station.card import CardTier
from station.dates import Calendar
from station.member import MemberSnapshot
from station.priced import RefusalCode
from station.pricing import Engine, price
from station.product import ProductKind, Scope
from station.promotion import CouponTerm, Limits, Minimum, Promotion, QuantityWindow, When
from station.rewards import AmountOff, BonusPoints, BuyGet, Multiplier, NextCoupon, PercentOff
from station.tender import TenderKind
from station.windows import BirthdayWindow, DateSpan, HourSpan, Weekday
from tests.fakes import bought, club, deal, moment, product

TEN = PercentOff("10")
MEMBER = MemberSnapshot("m1", "gold", 100, ("family",), Birth(Calendar.JALALI, 9, 2), 2)
# 2026-11-22, a Sunday, is 1 Azar 1405: the day before the birthday
BASKET = bought(product(1), member=MEMBER, card=CardTier.SHARED_SECRET, payments=(TenderKind.CASH,))


def given(rule: Promotion, basket: Basket = BASKET, *others: Promotion) -> bool:
    """Whether ``rule`` applies; refused or applied, never both and never neither."""
    quote = Engine(club(rule, *others)).quote(basket)
    refused = [each.rule for each in quote.refusals]
    assert (rule.id in refused) != (rule.id in quote.priced.applied)
    return rule.id in quote.priced.applied


@pytest.mark.parametrize(("holds", "misses"), [
    ({"dates": (DateSpan("2026-11-22", "2026-11-22"),)}, {"dates": (DateSpan("2026-11-23"),)}),
    ({"hours": (HourSpan("14:05", "14:06"),)}, {"hours": (HourSpan("13:05", "14:05"),)}),
    ({"weekdays": (Weekday.SUNDAY,)}, {"weekdays": (Weekday.SATURDAY, Weekday.MONDAY)}),
    ({"shops": ("34", "12")}, {"shops": ("34",)}),
    ({"tiers": ("silver", "gold")}, {"tiers": ("silver",)}),
    ({"card": CardTier.SHARED_SECRET}, {"card": CardTier.KEY_PAIR}),
    ({"segments": ("new", "family")}, {"segments": ("new",)}),
    ({"birthday": BirthdayWindow(1)}, {"birthday": BirthdayWindow(0, 9)}),
    ({"visits": (1, 3)}, {"visits": (1, 2)}),
    ({"payments": (TenderKind.CASH, TenderKind.DEBIT)}, {"payments": (TenderKind.DEBIT,)}),
    ({"quantity": QuantityWindow(1)}, {"quantity": QuantityWindow(2)}),
    ({"quantity": QuantityWindow(0, 1)}, {"quantity": QuantityWindow(0, 0)}),
    ({"minimum": Minimum(100_000)}, {"minimum": Minimum(100_001)}),
    ({"members_only": True}, {"members_only": True, "off": True}),
])
def test_a_condition_held_and_missed(holds: dict[str, object], misses: dict[str, object]) -> None:
    assert given(deal("a", TEN, **holds))
    assert not given(deal("a", TEN, **misses))


@pytest.mark.parametrize("personal", [
    {"members_only": True}, {"tiers": ("gold",)}, {"card": CardTier.NUMBER}, {"segments": ("family",)},
    {"birthday": BirthdayWindow(180, 180)}, {"visits": (1,)}, {"limits": Limits(per_member=1)},
    {"limits": Limits(per_member_day=1)},
])
def test_what_asks_about_a_person_needs_a_member(personal: dict[str, object]) -> None:
    rule = deal("a", TEN, **personal)
    (refusal,) = Engine(club(rule)).quote(bought(product(1))).refusals
    assert refusal.code is RefusalCode.MEMBER


def test_rewards_in_points_need_a_member_and_a_coupon_for_next_time_does_not() -> None:
    stranger = bought(product(1))
    assert not given(deal("a", BonusPoints(5)), stranger)
    assert not given(deal("a", Multiplier("2")), stranger)
    taker = deal("next", TEN, coupon=CouponTerm(issued=True))
    assert given(deal("a", NextCoupon("next", 30)), stranger, taker)


@pytest.mark.parametrize(("card", "holds"), [
    (None, False), (CardTier.NUMBER, False), (CardTier.ISSUED, True), (CardTier.KEY_PAIR, True)])
def test_a_card_proves_at_least_what_is_asked(card: CardTier | None, holds: bool) -> None:  # noqa: FBT001 - a table's column
    assert given(deal("a", TEN, card=CardTier.ISSUED), replace(BASKET, card=card)) is holds


@pytest.mark.parametrize(("purchases", "first", "second"), [(0, True, False), (1, False, True), (2, False, False)])
def test_first_and_second_purchase(purchases: int, first: bool, second: bool) -> None:  # noqa: FBT001 - a table's column
    basket = replace(BASKET, member=replace(MEMBER, purchases=purchases))
    assert given(deal("a", TEN, visits=(1,)), basket) is first
    assert given(deal("a", TEN, visits=(2,)), basket) is second


def test_a_birthday_nobody_told_is_no_birthday() -> None:
    assert not given(deal("a", TEN, birthday=BirthdayWindow(180, 180)), replace(BASKET, member=MemberSnapshot("m2")))


@pytest.mark.parametrize(("payments", "holds"), [
    ((), False),  # not said yet
    ((TenderKind.WALLET,), True),
    ((TenderKind.WALLET, TenderKind.CASH), False),  # all of it has to be paid so
    ((TenderKind.WALLET, TenderKind.GIFT_CARD), True),
])
def test_payment_is_by_these_means_alone(payments: tuple[TenderKind, ...], holds: bool) -> None:  # noqa: FBT001 - a table's column
    rule = deal("a", TEN, payments=(TenderKind.WALLET, TenderKind.GIFT_CARD))
    assert given(rule, replace(BASKET, payments=payments)) is holds


@pytest.mark.parametrize(("coupon", "opens"), [
    (Coupon("YALDA"), True),
    (Coupon("NOWRUZ"), True),
    (Coupon("yalda"), False),
    (Coupon("b7/x", "a"), True),
    (Coupon("b7/x", "a", "2026-11-22"), True),  # its last day
    (Coupon("b7/x", "a", "2026-11-21"), False),
    (Coupon("YALDA", "other"), False),  # one made for another promotion is no common code
])
def test_a_coupon_opens_what_it_was_made_for(coupon: Coupon, opens: bool) -> None:  # noqa: FBT001 - a table's column
    rule = deal("a", TEN, coupon=CouponTerm(("NOWRUZ", "YALDA"), issued=True))
    other = deal("other", TEN, coupon=CouponTerm(issued=True))
    assert given(rule, replace(BASKET, coupons=(coupon,)), other) is opens


def test_a_common_code_alone_takes_no_issued_coupon() -> None:
    rule = deal("a", TEN, coupon=CouponTerm(("YALDA",)))
    assert not given(rule, replace(BASKET, coupons=(Coupon("b7/x", "a"),)))


def test_coupons_of_no_promotion_are_named() -> None:
    rules = club(deal("a", TEN, coupon=CouponTerm(("YALDA",))), deal("b", TEN, coupon=CouponTerm(issued=True)))
    shown = tuple(Coupon(*each) for each in (("YALDA",), ("MEHR",), ("b7/b", "b"), ("b7/a", "a"), ("b7/z", "z")))
    assert Engine(rules).quote(replace(BASKET, coupons=shown)).unknown_coupons == ("MEHR", "b7/a", "b7/z")


def test_a_coupon_that_ran_out_is_refused_even_when_its_goods_are_not_there() -> None:
    rule = deal("a", TEN, scope=Scope(products=("p9",)), coupon=CouponTerm(issued=True))
    shown = (Coupon("b7/a", "a", "2026-11-21"),)
    quote = Engine(club(rule)).quote(replace(BASKET, coupons=shown))
    assert [(each.rule, each.code) for each in quote.refusals] == [("a", RefusalCode.COUPON)]
    assert quote.unknown_coupons == ()
    assert Engine(club(rule)).quote(BASKET).refusals == ()  # nobody asked for it


def test_a_coupon_for_the_next_visit_is_issued_with_its_last_day() -> None:
    taker = deal("next", TEN, coupon=CouponTerm(issued=True))
    rules = club(deal("a", NextCoupon("next", 30), minimum=Minimum(50_000)), taker)
    (coupon,) = price(rules, bought(product(1), basket_id="s7", opened=moment("2026-02-10"))).coupons
    assert (coupon.rule, coupon.promotion, coupon.code, coupon.last_day) == ("a", "next", "s7/a", "2026-03-12")
    assert price(rules, bought(product(1, 49_999))).coupons == ()
    # shown next time, it opens the promotion
    later = bought(product(1), coupons=(Coupon(coupon.code, coupon.promotion, coupon.last_day),), opened=moment("2026-03-12"))
    assert price(rules, later).discount == 10_000


LIMITS: list[tuple[Limits, Usage, bool]] = [
    (Limits(per_member=2), Usage("a", by_member=1, in_all=99), True),
    (Limits(per_member=2), Usage("a", by_member=2), False),
    (Limits(per_member_day=1), Usage("a", by_member=9), True),
    (Limits(per_member_day=1), Usage("a", by_member_today=1), False),
    (Limits(per_day=3), Usage("a", today=2, in_all=9), True),
    (Limits(per_day=3), Usage("a", today=3), False),
    (Limits(in_all=5), Usage("a", in_all=4), True),
    (Limits(in_all=5), Usage("a", in_all=5), False),
    (Limits(budget=1), Usage("a", in_all=99), True),
    (Limits(budget=9), Usage("a", budget_left=1), True),
    (Limits(budget=9), Usage("a", budget_left=0), False),
    (Limits(budget=9), Usage("a", budget_left=-5), False),  # overspent by two stations at once
    (Limits(in_all=1), Usage("other", in_all=1), True),
]


@pytest.mark.parametrize(("limits", "usage", "holds"), LIMITS)
def test_limits(limits: Limits, usage: Usage, holds: bool) -> None:  # noqa: FBT001 - a table's column
    assert given(deal("a", TEN, limits=limits), replace(BASKET, usage=(usage,))) is holds


def test_a_budget_acts_as_a_cap() -> None:
    rule = deal("a", TEN, limits=Limits(budget=7_000))
    assert price(club(rule), BASKET).discount == 7_000  # of 10 000
    left = replace(BASKET, usage=(Usage("a", budget_left=4_000),))
    assert price(club(rule), left).discount == 4_000
    more = replace(BASKET, usage=(Usage("a", budget_left=900_000),))  # the pack has cut it since
    assert price(club(rule), more).discount == 7_000
    both = deal("a", TEN, cap=3_000, limits=Limits(budget=7_000))
    assert price(club(both), BASKET).discount == 3_000


def test_what_is_counted_is_stated_apart_from_what_is_reduced() -> None:
    rule = deal("a", TEN, scope=Scope(products=("p1",)), counted=Scope(products=("p2",)), minimum=Minimum(30_000))
    assert not given(rule, bought(product(1), product(2, 29_999)))
    priced = price(club(rule), bought(product(1), product(2, 30_000)))
    assert [line.discount for line in priced.lines] == [10_000, 0]


def test_gift_cards_and_top_ups_are_never_counted_nor_discounted() -> None:
    card, top_up = product(8, 900_000, kind=ProductKind.GIFT_CARD), product(9, 900_000, kind=ProductKind.TOP_UP)
    basket = bought(card, product(1), top_up)
    assert not given(deal("a", TEN, minimum=Minimum(100_001)), basket)
    assert not given(deal("a", TEN, quantity=QuantityWindow(2)), basket)
    assert price(club(deal("a", TEN)), basket).discount == 10_000


def test_a_sale_of_gift_cards_alone_gives_nothing_at_all() -> None:
    basket = replace(bought(product(8, 900_000, kind=ProductKind.GIFT_CARD)), member=MEMBER)
    taker = deal("next", TEN, coupon=CouponTerm(issued=True))
    for form in (TEN, BonusPoints(50), NextCoupon("next", 30)):
        assert not given(deal("a", form), basket, taker)


def test_conditions_are_judged_on_the_prices_at_the_start_of_the_stage() -> None:
    # 100 000 less 10 % leaves 90 000 for stage 2; in stage 1 the minimum still sees 100 000
    first = deal("a", TEN)
    assert given(deal("b", TEN, minimum=Minimum(100_000)), BASKET, first)
    assert not given(deal("b", TEN, stage=2, minimum=Minimum(90_001)), BASKET, first)
    assert given(deal("b", TEN, stage=2, minimum=Minimum(90_000)), BASKET, first)


def test_pieces_made_free_stop_counting_from_the_next_stage_on() -> None:
    basket, free = bought((product(1), 3)), deal("a", BuyGet(2))
    assert given(deal("b", TEN, quantity=QuantityWindow(3)), basket, free)
    assert not given(deal("b", TEN, stage=2, quantity=QuantityWindow(3)), basket, free)
    assert given(deal("b", TEN, stage=2, quantity=QuantityWindow(0, 2)), basket, free)


def test_a_minimum_before_tax_leaves_out_the_tax_of_each_rate_each_rounded_once() -> None:
    # 15 + 15 at 10 %: 30 hold 2.73, so 3, of tax; line by line it would be 1 + 1. 25 at 9 % hold 2.06
    goods = (product(1, 15, tax_percent="10"), product(2, 15, tax_percent="10"), product(3, 25, tax_percent="9"))
    for least, holds in ((50, True), (51, False)):
        assert given(deal("a", TEN, minimum=Minimum(least, before_tax=True)), bought(*goods)) is holds
    assert given(deal("a", TEN, minimum=Minimum(55)), bought(*goods))


def test_a_minimum_before_tax_sees_discounts_of_stages_before() -> None:
    # 110 000 at 10 % less half: 55 000 holds 5 000 of tax
    basket, half = bought(product(1, 110_000, tax_percent="10")), deal("a", AmountOff(55_000))
    assert given(deal("b", TEN, stage=2, minimum=Minimum(50_000, before_tax=True)), basket, half)
    assert not given(deal("b", TEN, stage=2, minimum=Minimum(50_001, before_tax=True)), basket, half)


def test_a_weighed_line_counts_as_one_piece() -> None:
    basket = bought((product(1, weighed=True), 3_000), (product(2), 2))
    assert given(deal("a", TEN, quantity=QuantityWindow(3, 3)), basket)


@pytest.mark.parametrize("wrong", [
    QuantityWindow, lambda: QuantityWindow(-1), lambda: QuantityWindow(3, 2), lambda: Minimum(0),
    CouponTerm, lambda: When(visits=(0,)), lambda: Limits(per_member=0), lambda: Limits(budget=0),
])
def test_a_condition_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
