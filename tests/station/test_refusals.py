"""Why a promotion was not given: always the first failing reason, with its numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from station.basket import Basket, Chosen, Coupon, Usage
from station.bonus import Birth
from station.card import CardTier
from station.dates import Calendar
from station.member import MemberSnapshot
from station.priced import Refusal, RefusalCode
from station.pricing import Engine
from station.product import Scope
from station.promotion import Cost, CouponTerm, Limits, Minimum, Promotion, QuantityWindow, When
from station.rewards import AmountOff, BuyGet, FixedPrice, PercentOff, Reward, Step, StepBasis, Steps
from station.tender import TenderKind
from station.windows import BirthdayWindow, DateSpan, HourSpan, Weekday
from tests.fakes import NAME, bought, club, deal, moment, product

P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))
# a rule with every condition there is, which nothing fulfils
ALL = Promotion(
    "a", NAME, Reward(fixed_price=FixedPrice(100)), group="g", off=True, cost=Cost(30),
    limits=Limits(per_member=2, budget=500),
    when=When(
        (DateSpan("2026-03-21", "2026-03-21"),), (HourSpan("08:00", "10:00"),), (Weekday.SUNDAY,), ("34",),
        tiers=("gold",), card=CardTier.ISSUED, segments=("family",), birthday=BirthdayWindow(), visits=(1, 2),
        payments=(TenderKind.CASH,), coupon=CouponTerm(("YALDA",)), quantity=QuantityWindow(2, 3), minimum=Minimum(500)))
MEMBER = MemberSnapshot("m1", "silver", 10, ("new",), Birth(Calendar.JALALI, 1, 2), 4)
NOBODY = bought(
    product(1, 100), opened=moment("2026-03-22", 11), payments=(TenderKind.DEBIT,),
    usage=(Usage("a", by_member=2, by_member_today=0, today=2, in_all=2, budget_left=0),))
RIVAL = deal("b", AmountOff(300), group="g")


@dataclass
class Case:
    """A rule and a basket, with one failing reason less at every step."""

    rule: Promotion = ALL
    basket: Basket = NOBODY
    others: tuple[Promotion, ...] = (RIVAL,)

    def rules(self, **facts: object) -> None:
        self.rule = replace(self.rule, **facts)  # type: ignore[arg-type] # each by its name

    def buys(self, **facts: object) -> None:
        self.basket = replace(self.basket, **facts)  # type: ignore[arg-type] # each by its name

    def is_member(self, **facts: object) -> None:
        self.buys(member=replace(self.basket.member or MEMBER, **facts))  # type: ignore[arg-type] # each by its name

    def refusal(self) -> Refusal:
        quote = Engine(club(self.rule, *self.others)).quote(self.basket)
        (found,) = (each for each in quote.refusals if each.rule == "a")
        return found


# what the first failing reason is, its numbers, and what mends it; all later ones still fail
STEPS: list[tuple[RefusalCode, tuple[int, int, str], Callable[[Case], None]]] = [
    (RefusalCode.OFF, (0, 0, ""), lambda case: case.rules(off=False)),
    (RefusalCode.DATE, (0, 0, ""), lambda case: case.buys(opened=moment("2026-03-21", 11))),
    (RefusalCode.HOUR, (0, 0, ""), lambda case: case.buys(opened=moment("2026-03-21", 9))),
    # 2026-03-21 is a Saturday
    (RefusalCode.WEEKDAY, (0, 0, ""), lambda case: case.rules(when=replace(case.rule.when, weekdays=(Weekday.SATURDAY,)))),
    (RefusalCode.SHOP, (0, 0, ""), lambda case: case.buys(shop="34")),
    (RefusalCode.MEMBER, (0, 0, ""), lambda case: case.is_member()),
    (RefusalCode.TIER, (0, 0, ""), lambda case: case.is_member(tier="gold")),
    (RefusalCode.CARD, (0, 1, ""), lambda case: case.buys(card=CardTier.ISSUED)),
    (RefusalCode.SEGMENT, (0, 0, ""), lambda case: case.is_member(segments=("new", "family"))),
    (RefusalCode.BIRTHDAY, (0, 0, ""), lambda case: case.is_member(birth=Birth(Calendar.JALALI, 1, 1))),
    (RefusalCode.VISIT, (5, 1, ""), lambda case: case.is_member(purchases=1)),
    (RefusalCode.PAYMENT, (0, 0, ""), lambda case: case.buys(payments=(TenderKind.CASH,))),
    (RefusalCode.COUPON, (0, 0, ""), lambda case: case.buys(coupons=(Coupon("YALDA"),))),
    (RefusalCode.QUANTITY, (1, 2, ""), lambda case: case.buys(lines=bought((product(1, 100), 3)).lines)),
    (RefusalCode.MINIMUM, (300, 500, ""), lambda case: case.rules(when=replace(case.rule.when, minimum=Minimum(300)))),
    (RefusalCode.LIMITS, (2, 2, ""), lambda case: case.buys(usage=(Usage("a", budget_left=0),))),
    (RefusalCode.BUDGET, (0, 0, ""), lambda case: case.buys(usage=(Usage("a", budget_left=1),))),
    (RefusalCode.NOT_CHOSEN, (0, 30, ""), lambda case: case.buys(chosen=(Chosen("a"),))),
    (RefusalCode.POINTS, (10, 30, ""), lambda case: case.is_member(points=30)),
    (RefusalCode.GROUP, (0, 0, "b"), lambda case: setattr(case, "others", ())),
    (RefusalCode.NOTHING_LEFT, (0, 0, ""), lambda case: case.rules(reward=Reward(fixed_price=FixedPrice(99)))),
]


def test_the_reason_is_the_first_that_fails_however_many_follow() -> None:
    case, found = Case(), []
    for code, (have, need, other), mend in STEPS:
        assert case.refusal() == Refusal("a", code, have, need, other)
        found.append(code)
        mend(case)
    assert found == list(RefusalCode)
    assert Engine(club(case.rule)).quote(case.basket).priced.applied == ("a",)


def test_the_codes_stand_in_the_order_of_the_rules() -> None:
    order = ("off, date, hour, weekday, shop, member, tier, card, segment, birthday, visit, payment, coupon, quantity, "
             "minimum, limits, budget, not chosen, points, group, nothing left")
    assert [code.value.lower().replace("_", " ") for code in RefusalCode] == order.split(", ")


def refusal(rule: Promotion, basket: Basket, *others: Promotion) -> Refusal:
    quote = Engine(club(rule, *others)).quote(basket)
    (found,) = (each for each in quote.refusals if each.rule == rule.id)
    return found


@pytest.mark.parametrize(("rule", "basket", "have", "need"), [
    (deal("a", PercentOff("1"), quantity=QuantityWindow(0, 3)), bought((product(1), 4)), 4, 3),  # too many
    (deal("a", PercentOff("1"), quantity=QuantityWindow(2, 3)), bought(product(1)), 1, 2),
    (deal("a", BuyGet(5)), bought((product(1), 4)), 4, 5),
    (deal("a", AmountOff(1, 5)), bought((product(1), 4)), 4, 5),
    (deal("a", Steps(StepBasis.QUANTITY, (Step(5, "1"), Step(9, "2")))), bought((product(1), 4)), 4, 5),
    (deal("a", BuyGet(1), scope=P1, counted=P2), bought(product(1)), 0, 1),
    (deal("a", BuyGet(1, same=True), scope=P1, counted=P2), bought(product(2)), 0, 1),
])
def test_pieces_there_are_and_pieces_asked(rule: Promotion, basket: Basket, have: int, need: int) -> None:
    assert refusal(rule, basket) == Refusal("a", RefusalCode.QUANTITY, have, need)


@pytest.mark.parametrize("rule", [
    deal("a", PercentOff("1"), minimum=Minimum(200)), deal("a", Steps(StepBasis.AMOUNT, (Step(200, "1"),)))])
def test_the_amount_there_is_and_the_amount_asked(rule: Promotion) -> None:
    assert refusal(rule, bought(product(1, 150))) == Refusal("a", RefusalCode.MINIMUM, 150, 200)


def test_an_amount_before_tax_is_told_before_tax() -> None:
    rule = deal("a", PercentOff("1"), minimum=Minimum(200, before_tax=True))
    assert refusal(rule, bought(product(1, 110, tax_percent="10"))) == Refusal("a", RefusalCode.MINIMUM, 100, 200)


@pytest.mark.parametrize(("limits", "usage", "have", "need"), [
    (Limits(per_member=3), Usage("a", 3, 1, 5, 9), 3, 3),
    (Limits(per_member=3, per_member_day=1), Usage("a", 1, 1, 5, 9), 1, 1),
    (Limits(per_day=4), Usage("a", 1, 1, 5, 9), 5, 4),
    (Limits(in_all=9), Usage("a", 1, 1, 5, 9), 9, 9),
])
def test_sales_that_got_it_and_sales_that_may(limits: Limits, usage: Usage, have: int, need: int) -> None:
    basket = bought(product(1), member=MEMBER, usage=(usage,))
    assert refusal(deal("a", PercentOff("1"), limits=limits), basket) == Refusal("a", RefusalCode.LIMITS, have, need)


def test_quantity_and_minimum_of_the_reward_itself_come_before_limits_points_and_group() -> None:
    used, rival = (Usage("a", in_all=1),), deal("b", AmountOff(5), group="g")
    for form, code in ((BuyGet(5), RefusalCode.QUANTITY), (AmountOff(1, 5), RefusalCode.QUANTITY),
                       (Steps(StepBasis.AMOUNT, (Step(10**9, "1"),)), RefusalCode.MINIMUM)):
        limited = deal("a", form, limits=Limits(in_all=1))
        assert refusal(limited, bought(product(1), usage=used)).code is code
        dear = deal("a", form, cost=Cost(10**6))
        assert refusal(dear, bought(product(1), member=MEMBER, chosen=(Chosen("a"),))).code is code
        assert refusal(deal("a", form, group="g"), bought(product(1)), rival).code is code


def test_points_are_counted_for_all_times_wanted() -> None:
    rule = deal("a", AmountOff(1), cost=Cost(6))
    basket = bought(product(1), member=MEMBER, chosen=(Chosen("a", 2),))
    assert refusal(rule, basket) == Refusal("a", RefusalCode.POINTS, 10, 12)


def test_the_day_is_judged_before_the_hour_also_for_a_window_across_midnight() -> None:
    night = deal("a", PercentOff("1"), dates=(DateSpan("2026-03-21"),), hours=(HourSpan("22:00", "02:00"),))
    assert refusal(night, bought(product(1), opened=moment("2026-03-21", 1))).code is RefusalCode.DATE
    assert refusal(night, bought(product(1), opened=moment("2026-03-21", 12))).code is RefusalCode.HOUR


def test_every_rule_is_told_once_and_in_order() -> None:
    rules = club(*(deal(f"a{i}", PercentOff("1"), group="g", tiers=("gold",) if i % 2 else ()) for i in range(6)))
    quote = Engine(rules).quote(bought(product(1), member=MEMBER))
    told = [each.rule for each in quote.refusals]
    assert quote.priced.applied == ("a0",)
    assert told == ["a1", "a2", "a3", "a4", "a5"]
    assert all(first < second for first, second in pairwise(told))


def test_quantity_and_minimum_may_be_of_goods_of_their_own() -> None:
    rules = Engine(club(deal(
        "a", PercentOff("10"), quantity=QuantityWindow(3, scope=Scope(products=("p1",))),
        minimum=Minimum(320, scope=Scope(except_products=("p3",))))))
    few = rules.quote(bought((product(1, 100), 2), (product(2, 5), 40)))
    assert few.refusals == (Refusal("a", RefusalCode.QUANTITY, 2, 3),)
    little = rules.quote(bought((product(1, 100), 3), product(3, 20)))
    assert little.refusals == (Refusal("a", RefusalCode.MINIMUM, 300, 320),)
    assert rules.price(bought((product(1, 100), 3), (product(2, 5), 4))).discount == 32
