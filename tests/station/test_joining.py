"""What a customer without a card would have saved and earned as a new member."""

from dataclasses import replace

from station.basket import Coupon, Usage
from station.card import CardTier
from station.member import MemberSnapshot
from station.pricing import Engine, Joining, gain_by_joining
from station.promotion import CouponTerm, EarningRule, Limits, Minimum, Promotion
from station.rewards import AmountOff, BonusPoints, PercentOff
from tests.fakes import NAME, bought, club, deal, product

STRANGER = bought(product(1))
EARNING = (EarningRule("base", NAME, 1, 10_000),)


def gain(*promotions: Promotion, earning: tuple[EarningRule, ...] = (), **facts: object) -> Joining | None:
    basket = replace(STRANGER, **facts)  # type: ignore[arg-type] # each by its name
    return gain_by_joining(Engine(club(*promotions, earning=earning)), basket)


def test_money_and_points_of_the_lowest_tier() -> None:
    ten, five = deal("gold", PercentOff("10"), tiers=("gold",)), deal("silver", PercentOff("5"), tiers=("silver",))
    assert gain(ten, five, earning=EARNING) == Joining(5_000, 9)  # 95 000 hold nine times 10 000


def test_what_a_stranger_gets_too_is_no_gain() -> None:
    assert gain(deal("all", PercentOff("10"))) is None
    assert gain(deal("all", PercentOff("10")), deal("own", AmountOff(1), members_only=True)) == Joining(1, 0)


def test_nothing_gained_is_none() -> None:
    assert gain(deal("gold", PercentOff("10"), tiers=("gold",))) is None


def test_a_member_has_joined() -> None:
    assert gain(deal("own", AmountOff(1), members_only=True), member=MemberSnapshot("m1")) is None


def test_it_is_the_first_purchase_with_a_number_and_no_points() -> None:
    assert gain(deal("a", AmountOff(7), visits=(1,))) == Joining(7, 0)
    assert gain(deal("a", AmountOff(7), visits=(2,))) is None
    assert gain(deal("a", AmountOff(7), card=CardTier.NUMBER)) == Joining(7, 0)
    assert gain(deal("a", AmountOff(7), card=CardTier.ISSUED)) is None


def test_points_alone_are_a_gain() -> None:
    assert gain(deal("a", BonusPoints(1))) == Joining(0, 1)


def test_in_a_club_without_tiers_there_is_none_to_join_at() -> None:
    engine = Engine(replace(club(deal("a", AmountOff(7), members_only=True)), tiers=()))
    assert gain_by_joining(engine, STRANGER) == Joining(7, 0)


def test_an_offer_used_up_is_no_gain() -> None:
    offer = deal("a", AmountOff(700), members_only=True, limits=Limits(in_all=5, budget=900))
    assert gain(offer, usage=(Usage("a", in_all=4, budget_left=300),)) == Joining(300, 0)
    assert gain(offer, usage=(Usage("a", in_all=5),)) is None
    assert gain(offer, usage=(Usage("a", in_all=4, budget_left=0),)) is None


def test_common_coupons_stay_in_the_basket() -> None:
    offer = deal("a", AmountOff(700), members_only=True, coupon=CouponTerm(("YALDA",)))
    assert gain(offer, coupons=(Coupon("YALDA"),)) == Joining(700, 0)


def test_points_may_be_worth_more_than_what_joining_costs() -> None:
    # the member's 100 off spoils an offer for all of 300 from 100 000 on: 200 dearer, 9 points
    dear = (deal("a", AmountOff(100), members_only=True), deal("b", AmountOff(300), stage=2, minimum=Minimum(100_000)))
    assert gain(*dear, earning=EARNING) == Joining(-200, 9)
    assert gain(*dear) is None
