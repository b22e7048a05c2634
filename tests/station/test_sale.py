"""A closed sale says what it asks of the ledgers: entries and requests with keys that name them for ever."""

from dataclasses import replace

import pytest

from station.basket import Chosen
from station.lots import LotTerms, Validity
from station.points import Earn, PointsEntry, PointsKind, Redeem
from station.product import ProductKind
from station.promotion import Cost, EarningRule, Promotion
from station.redemption import RedemptionRules
from station.rewards import BonusPoints, Multiplier, PercentOff, Reward
from station.sale import points_of, requests_of, value_of
from station.tender import Tender, TenderKind
from tests.fakes import NAME, NOON, product
from tests.rigs.closed_sale import MEMBER, closed, goods, pieces, rules

SHORT = LotTerms(Validity(days=30))
CLUB = rules(
    Promotion("gift", NAME, Reward(bonus=BonusPoints(7, SHORT))),
    Promotion("ten", NAME, Reward(percent=PercentOff("10")), cost=Cost(25)),
    earning=(EarningRule("base", NAME, 1, 1_000, terms=SHORT), EarningRule("dear", NAME, 1, 10**9)),
    redemption=RedemptionRules(10, 1_000))
# 20 000 less 10 % for 25 points, less 30 points' 3 000: 15 000 earn 15, and nothing by "dear"
SALE = closed(CLUB, pieces((20_000, 1), member=MEMBER, redeem=30, chosen=(Chosen("ten"),)))


def test_points_spent_come_before_points_earned() -> None:
    assert SALE.priced.total == 15_000
    assert SALE.points == (
        PointsEntry("s1/spent/ten", "m1", PointsKind.REDEEM, -25, "ten"),
        PointsEntry("s1/spent/points", "m1", PointsKind.REDEEM, -30, "points"),
        PointsEntry("s1/base", "m1", PointsKind.EARN, 15, "base"),
        PointsEntry("s1/gift", "m1", PointsKind.EARN, 7, "gift"))


def test_requests_are_the_same_with_the_terms_of_their_lots() -> None:
    assert requests_of("s1", "m1", NOON.date, SALE.priced) == (
        Redeem("s1/spent/ten", "m1", NOON.date, 25, "ten", "s1"),
        Redeem("s1/spent/points", "m1", NOON.date, 30, "points", "s1"),
        Earn("s1/base", "m1", NOON.date, 15, "base", "s1", SHORT),
        Earn("s1/gift", "m1", NOON.date, 7, "gift", "s1", SHORT))


def test_a_rule_that_earns_nothing_makes_no_entry() -> None:
    none = rules(Promotion("none", NAME, Reward(multiplier=Multiplier("0"))), earning=(EarningRule("base", NAME, 1, 10),))
    sale = closed(none, pieces((100, 1), member=MEMBER))
    assert [(each.rule, each.points) for each in sale.priced.earned] == [("base", 0)]
    assert points_of("s1", "m1", sale.priced) == ()
    assert requests_of("s1", "m1", NOON.date, sale.priced) == ()


def test_a_sale_asks_stored_value_for_payments_then_loads_cards() -> None:
    card, top_up = product(1, 5_000, kind=ProductKind.GIFT_CARD), product(2, 3_000, kind=ProductKind.TOP_UP)
    basket = goods((card, 1_000), (product(3, 1_000), 1_000), (top_up, 1_000))
    sale = closed(
        rules(), basket, Tender(TenderKind.WALLET, 2_000, account="w"), Tender(TenderKind.CASH, 4_000),
        Tender(TenderKind.GIFT_CARD, 3_500, account="g"))
    day = NOON.date
    assert (sale.change, value_of(sale)) == (500, (
        Redeem("s1/tender/1", "w", day, 2_000, "WALLET", "s1"),
        Redeem("s1/tender/3", "g", day, 3_500, "GIFT_CARD", "s1"),
        Earn("s1/line/1", "a1", day, 5_000, "GIFT_CARD", "s1"),
        Earn("s1/line/3", "a3", day, 3_000, "TOP_UP", "s1")))


def test_a_card_given_away_loads_nothing() -> None:
    free = product(1, 0, kind=ProductKind.GIFT_CARD)
    assert value_of(closed(rules(), goods((free, 1_000)))) == ()


@pytest.mark.parametrize(("tenders", "cash"), [
    ((Tender(TenderKind.CASH, 100),), True), ((Tender(TenderKind.DEBIT, 60), Tender(TenderKind.CASH, 40)), True),
    ((Tender(TenderKind.DEBIT, 100),), False)])
def test_cash_opens_the_drawer(tenders: tuple[Tender, ...], cash: bool) -> None:  # noqa: FBT001 - a column
    assert closed(rules(), pieces((100, 1)), *tenders).pays_cash is cash


def test_the_day_of_stored_value_is_that_of_the_basket() -> None:
    sale = closed(rules(), pieces((100, 1)), Tender(TenderKind.WALLET, 100, account="w"))
    late = replace(sale, business_date="2026-11-21")
    assert [each.day for each in value_of(late)] == [NOON.date]
