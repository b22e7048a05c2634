"""Prices and discounts given by hand: who may, what they come to, and what promotions make of the rest."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.member import MemberSnapshot
from station.pack import HandLimit, Pack
from station.people import Actor, Role
from station.priced import Clamp, Discount, Refusal, RefusalCode
from station.pricing import Engine, price
from station.product import ProductKind
from station.promotion import CouponTerm, Minimum, Promotion, QuantityWindow
from station.redemption import RedemptionRules
from station.rewards import BonusPoints, BuyGet, NextCoupon, PercentOff
from tests.fakes import bought, club, deal, discounts, product

SARA, OMID, REZA = Actor("sara", Role.CASHIER), Actor("omid", Role.SENIOR), Actor("reza", Role.MANAGER)
LIMITS = (HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20"), HandLimit(Role.MANAGER, "100"))
CARD = product(9, 50_000, kind=ProductKind.GIFT_CARD)


def shop(*promotions: Promotion, **facts: object) -> Pack:
    return club(*promotions, by_hand=LIMITS, **facts)


def gift(actor: Actor = REZA, line: int | None = 1, **facts: object) -> ByHand:
    return ByHand(actor, "damaged", line, **facts)  # type: ignore[arg-type] # each by its name


def off(*gifts: ByHand, goods: int = 1) -> int:
    """What ``gifts`` take off so many goods of 1 000 each."""
    return price(shop(), bought(*(product(n, 1_000) for n in range(1, goods + 1)), by_hand=gifts)).discount


def refused(*gifts: ByHand, goods: int = 1) -> int:
    """The number of the gift that is refused."""
    with pytest.raises(StationError) as caught:
        off(*gifts, goods=goods)
    assert caught.value.code is ErrorCode.HAND_NOT_ALLOWED
    number = caught.value.detail["number"]
    assert isinstance(number, int)
    return number


def test_a_price_a_percentage_or_an_amount() -> None:
    assert off(gift(price=400)) == 600
    assert off(gift(percent="12.5")) == 125
    assert off(gift(amount=70)) == 70
    assert off(gift(amount=7_000)) == 1_000  # a line has no more
    assert off(gift(price=1_000)) == 0


def test_the_result_names_it_as_stage_0_and_tells_its_base() -> None:
    rules = shop(deal("a", PercentOff("10")))
    result = price(rules, bought(product(1, 1_000), by_hand=(gift(amount=100), gift(percent="10"))))
    assert result.discounts == (
        Discount(1, "hand/1", 0, 1_000, 100), Discount(1, "hand/2", 0, 900, 90), Discount(1, "a", 1, 810, 81))


def test_a_price_is_per_piece_or_kilogram_with_tax() -> None:
    bare = product(1, 1_000, tax_percent="10", tax_included=False)
    assert price(shop(), bought((bare, 3), by_hand=(gift(price=900),))).discount == 3_300 - 2_700
    cheese = product(1, 1_000, weighed=True)
    assert price(shop(), bought((cheese, 1_500), by_hand=(gift(price=900),))).discount == 1_500 - 1_350


def test_on_the_whole_basket_it_is_spread_over_the_goods_and_never_touches_gift_cards() -> None:
    goods = bought(product(1, 1_000), CARD, product(2, 500), by_hand=(gift(line=None, amount=300),))
    assert discounts(price(shop(), goods)) == {(1, "hand/1"): 200, (3, "hand/1"): 100}
    tenth = replace(goods, by_hand=(gift(line=None, percent="10"),))
    assert discounts(price(shop(), tenth)) == {(1, "hand/1"): 100, (3, "hand/1"): 50}


def test_each_is_reckoned_on_what_the_ones_before_left() -> None:
    assert off(gift(percent="50"), gift(percent="50")) == 750
    assert off(gift(price=400), gift(line=None, percent="10")) == 640


def test_a_gift_card_is_never_cheaper() -> None:
    for given in (gift(price=40_000), gift(percent="1")):
        with pytest.raises(StationError) as caught:
            price(shop(), bought(CARD, by_hand=(given,)))
        assert caught.value.detail == {"number": 1}
    with pytest.raises(StationError):
        price(shop(), bought(CARD, by_hand=(gift(line=None, amount=5),)))


def test_a_price_only_lowers() -> None:
    assert refused(gift(price=1_001)) == 1
    assert refused(gift(percent="50"), gift(price=501)) == 2  # 500 are left
    assert off(gift(percent="50"), gift(price=500)) == 500


@pytest.mark.parametrize(("actor", "limit"), [(SARA, 50), (OMID, 200), (REZA, 1_000)])
def test_a_role_gives_up_to_its_limit(actor: Actor, limit: int) -> None:
    assert off(gift(actor, amount=limit)) == limit
    assert off(gift(actor, price=1_000 - limit)) == limit
    if limit < 1_000:
        assert refused(gift(actor, amount=limit + 1)) == 1
        assert refused(gift(actor, price=1_000 - limit - 1)) == 1


def test_an_approver_of_another_role_reaches_further() -> None:
    assert off(gift(SARA, amount=200, approver=OMID)) == 200
    assert refused(gift(SARA, amount=201, approver=OMID)) == 1
    assert off(gift(OMID, amount=200, approver=Actor("nasrin", Role.CASHIER))) == 200  # the higher of the two


def test_a_role_the_pack_does_not_name_gives_nothing() -> None:
    with pytest.raises(StationError):
        price(club(), bought(product(1, 1_000), by_hand=(gift(amount=1),)))
    assert price(club(), bought(product(1, 1_000), by_hand=(gift(price=1_000),))).discount == 0


ALONE = Actor("sara", Role.ALONE)
NAMED = (*LIMITS, HandLimit(Role.ALONE, "7.5"))


@pytest.mark.parametrize(("limits", "most"), [(LIMITS, 1_000), (LIMITS[:2], 200), (NAMED, 75)])
def test_who_is_alone_gives_as_much_as_anybody_unless_the_pack_says_how_much(limits: tuple[HandLimit, ...], most: int) -> None:
    given = (gift(ALONE, amount=most),)
    assert price(club(by_hand=limits), bought(product(1, 1_000), by_hand=given)).discount == most


@pytest.mark.parametrize(("limits", "beyond"), [(LIMITS[:2], 201), (NAMED, 76), ((), 1)])
def test_who_is_alone_gives_no_more_than_that(limits: tuple[HandLimit, ...], beyond: int) -> None:
    given = (gift(ALONE, amount=beyond),)
    with pytest.raises(StationError) as caught:
        price(club(by_hand=limits), bought(product(1, 1_000), by_hand=given))
    assert caught.value.code is ErrorCode.HAND_NOT_ALLOWED


def test_a_limit_is_rounded_half_up_once() -> None:
    # 5 % of 1 010 is 50.5, so 51
    goods = bought(product(1, 1_010), by_hand=(gift(SARA, amount=51),))
    assert price(shop(), goods).discount == 51
    with pytest.raises(StationError):
        price(shop(), replace(goods, by_hand=(gift(SARA, amount=52),)))


def test_giving_twice_does_not_reach_beyond_the_limit() -> None:
    assert off(gift(SARA, amount=30), gift(SARA, amount=20)) == 50
    assert refused(gift(SARA, amount=30), gift(SARA, amount=21)) == 2
    assert refused(gift(SARA, amount=30), gift(Actor("nasrin", Role.CASHIER), amount=21)) == 2
    assert refused(gift(SARA, percent="5"), gift(SARA, percent="5")) == 2


def test_the_basket_and_its_lines_are_one_limit() -> None:
    assert off(gift(SARA, None, amount=100), goods=2) == 100
    assert refused(gift(SARA, None, amount=100), gift(SARA, 1, amount=1), goods=2) == 2
    assert refused(gift(SARA, 1, amount=50), gift(SARA, None, amount=51), goods=2) == 2
    assert off(gift(SARA, 1, amount=50), gift(SARA, 2, amount=50), goods=2) == 100


def test_what_a_higher_limit_allowed_does_not_use_up_a_lower_one() -> None:
    assert off(gift(REZA, amount=500), gift(SARA, amount=50)) == 550
    assert off(gift(SARA, amount=50), gift(OMID, amount=150)) == 200
    assert refused(gift(SARA, amount=50), gift(OMID, amount=151)) == 2
    assert off(gift(SARA, amount=50), gift(REZA, amount=500), gift(OMID, amount=150)) == 700


def test_what_was_approved_takes_off_no_more_when_there_is_more_to_take_it_off() -> None:
    tenth = gift(SARA, percent="10", approver=OMID, most=100)
    assert off(replace(tenth, line=1)) == 100
    result = price(shop(), bought((product(1, 1_000), 31), by_hand=(tenth,)))
    assert (result.discounts, result.clamps) == (
        (Discount(1, "hand/1", 0, 31_000, 100),), (Clamp(1, "hand/1", 3_000),))


@pytest.mark.parametrize("given", [
    gift(SARA, percent="20", approver=OMID, most=400), gift(SARA, amount=400, approver=OMID, most=400),
    gift(SARA, price=800, approver=OMID, most=400)])
def test_in_whatever_form_it_was_given(given: ByHand) -> None:
    # two pieces of 1 000 were before them: 20 %, 400, or 800 each are 400 off
    pieces = {n: price(shop(), bought((product(1, 1_000), n), by_hand=(given,))).discount for n in (2, 3, 9)}
    assert pieces == {2: 400, 3: 400, 9: 400}


def test_what_was_approved_shrinks_with_the_goods() -> None:
    given = gift(SARA, percent="20", approver=OMID, most=400)
    assert price(shop(), bought(product(1, 1_000), by_hand=(given,))).discount == 200
    assert price(shop(), bought(product(1, 1_000), by_hand=(given,))).clamps == ()


def test_what_is_kept_of_the_whole_basket_is_spread_in_proportion_and_the_rest_is_named() -> None:
    # 20 % of 1 000 and 2 000 would be 200 and 400; of 100 the thirds are 33 and 67
    given = gift(SARA, None, percent="20", approver=OMID, most=100)
    result = price(shop(), bought(product(1, 1_000), product(2, 2_000), by_hand=(given,)))
    assert discounts(result) == {(1, "hand/1"): 33, (2, "hand/1"): 67}
    assert result.clamps == (Clamp(1, "hand/1", 167), Clamp(2, "hand/1", 333))


def test_an_approved_price_still_only_lowers() -> None:
    assert refused(gift(SARA, price=1_001, approver=OMID, most=100)) == 1


def test_what_a_role_gives_alone_grows_with_the_goods() -> None:
    assert price(shop(), bought((product(1, 1_000), 2), by_hand=(gift(SARA, percent="5"),))).discount == 100


def test_promotions_apply_to_what_is_left() -> None:
    rules = shop(deal("a", PercentOff("10"), minimum=Minimum(900)))
    assert price(rules, bought(product(1, 1_000), by_hand=(gift(amount=100),))).discount == 190
    assert price(rules, bought(product(1, 1_000), by_hand=(gift(amount=101),))).discount == 101


def test_instead_keeps_promotions_away_but_the_goods_still_count() -> None:
    rules = shop(deal("a", PercentOff("10"), minimum=Minimum(1_900), quantity=QuantityWindow(2)))
    goods = bought(product(1, 1_000), product(2, 1_000), by_hand=(gift(amount=100, instead=True),))
    assert discounts(price(rules, goods)) == {(1, "hand/1"): 100, (2, "a"): 100}


def test_goods_kept_from_promotions_may_pay_for_free_ones_and_are_never_free() -> None:
    # p1 is the cheapest and pays, p2 is free
    rules = shop(deal("a", BuyGet(1)))
    goods = bought(product(1, 500), product(2, 1_000), by_hand=(gift(price=400, instead=True),))
    assert discounts(price(rules, goods)) == {(1, "hand/1"): 100, (2, "a"): 1_000}


def test_instead_of_all_promotions() -> None:
    taker = deal("t", PercentOff("1"), coupon=CouponTerm(issued=True))
    rules = shop(taker, deal("a", BonusPoints(5)), deal("b", BuyGet(1)), deal("c", NextCoupon("t", 9)))
    goods = bought((product(1, 1_000), 2), member=MemberSnapshot("m1"),
                   by_hand=(gift(line=None, percent="1", instead=True),))
    quote = Engine(rules).quote(goods)
    assert quote.refusals[:3] == tuple(Refusal(rule, RefusalCode.NOTHING_LEFT) for rule in "abc")
    assert (quote.priced.discount, quote.priced.points) == (20, 0)


def test_points_may_still_pay_for_goods_priced_by_hand() -> None:
    goods = bought(product(1, 1_000), member=MemberSnapshot("m1", points=100), redeem=100,
                   by_hand=(gift(price=600, instead=True),))
    assert price(shop(redemption=RedemptionRules(1, 2)), goods).total == 400


def test_a_gift_that_comes_to_nothing_is_no_discount_yet_still_instead() -> None:
    rules = shop(deal("a", PercentOff("10")))
    goods = bought(product(1, 1_000), by_hand=(gift(price=1_000, instead=True),))
    assert price(rules, goods).discounts == ()


@pytest.mark.parametrize("wrong", [
    gift, lambda: gift(price=1, amount=1), lambda: gift(price=1, percent="5"), lambda: gift(percent="5", amount=5),
    lambda: gift(price=-1), lambda: gift(amount=-5), lambda: gift(line=None, price=5), lambda: gift(percent="100.5"),
    lambda: gift(percent="five"), lambda: gift(amount=5, approver=REZA), lambda: ByHand(REZA, "  ", 1, amount=5),
    lambda: gift(amount=5, most=5), lambda: gift(SARA, amount=5, approver=REZA, most=-1),
])
def test_what_cannot_be_given_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
