"""What a return does to points and stored value, worked by hand, down to the ledgers' lots. Rules: design "Returns"."""

from dataclasses import replace

import pytest

from station.basket import Chosen
from station.ledger import Ledger
from station.lots import LotTerms, Validity
from station.member import MemberSnapshot
from station.points import Earn, Redeem, Remaining, Return
from station.posting import LedgerRules, Shortfall
from station.pricing import Engine
from station.product import ProductKind, Scope
from station.promotion import Cost, EarningRule, Minimum, Promotion, QuantityWindow, When
from station.redemption import RedemptionRules
from station.returns import Returned, ledger_returns, take_back, void
from station.rewards import BonusPoints, BuyGet, Gift, PercentOff, Reward
from station.sale import ReturnedLine, Sale, requests_of, value_of
from station.stored_value import Purpose, StoredValue, ValueAccount, ValueRules
from station.tender import Tender, TenderKind
from tests.fakes import NAME, NOON, product
from tests.rigs.closed_sale import MEMBER, Desk, closed, goods, pieces, rules

TEN_FOR_A_THOUSAND = RedemptionRules(10, 1_000)
LATER = "2026-12-01"


def rate(per: int, name: str = "base", **facts: object) -> EarningRule:
    """One point for every full ``per``."""
    return EarningRule(name, NAME, 1, per, **facts)  # type: ignore[arg-type] # as named


def stands(returned: Returned) -> dict[str, int]:
    """By entry of the sale, what stands of it."""
    return {each.key.removeprefix("s1/"): each.amount for each in returned.points}


def test_earned_points_are_reckoned_anew() -> None:
    # M11: 19.99 earn 19; 10.00 come back, 9.99 earn 9: 10 are taken back
    club = rules(earning=(rate(100),))
    back = Desk(club, closed(club, pieces((1_000, 1), (999, 1), member=MEMBER)))
    assert back.sale.priced.points == 19
    assert stands(back.back((1, 1))) == {"base": 9}


def test_three_equal_returns_take_back_what_was_earned() -> None:
    # M12: 10 002 earn 10; 6 668 earn 6, 3 334 earn 3: 4, 3 and 3 are taken back, 10 in all
    club = rules(earning=(rate(1_000),))
    back = Desk(club, closed(club, pieces((3_334, 3), member=MEMBER)))
    assert [stands(back.back((1, 1)))["base"] for _ in range(3)] == [6, 3, 0]


def test_points_paid_come_back_with_their_pieces() -> None:
    # 90 points pay 9 000 of 30 000, 3 000 of each piece
    club = rules(redemption=TEN_FOR_A_THOUSAND)
    back = Desk(club, closed(club, pieces((10_000, 3), member=MEMBER, redeem=90)))
    first = back.back((1, 1))
    assert (first.money, first.cost, stands(first)) == (7_000, 14_000, {"spent/points": 60})
    assert (back.back((1, 2)).money, stands(back.back())) == (14_000, {"spent/points": 0})


def test_points_are_spread_over_lines_and_pieces_without_a_rest() -> None:
    club = rules(redemption=TEN_FOR_A_THOUSAND)
    back = Desk(club, closed(club, pieces((200, 1), (268, 3), member=MEMBER, redeem=10)))
    # 10 points pay 1 000 of 1 004: 199 of line 1 and 801 of line 2, by 2 and 8 points: 3, 3 and 2 of its pieces
    assert [back.sale.priced.total, *(stands(back.back((2, 1)))["spent/points"] for _ in range(3))] == [4, 8, 5, 2]
    assert stands(back.back((1, 1))) == {"spent/points": 0}


def test_points_paid_stay_with_what_cash_alone_would_have_been_rounded_to_nothing() -> None:
    # 10 points pay 1 000 of 900 + 500, 643 by 6 points and 357 by 4; the 400 that are left come down to nothing
    club = replace(rules(redemption=TEN_FOR_A_THOUSAND), cash_step=1_000)
    back = Desk(club, closed(club, pieces((900, 1), (500, 1), member=MEMBER, redeem=10, payments=(TenderKind.CASH,))))
    assert (back.sale.priced.total, stands(back.back())) == (0, {"spent/points": 10})
    assert stands(back.back((2, 1))) == {"spent/points": 6}
    assert stands(back.back((1, 1))) == {"spent/points": 0}


def test_free_pieces_carry_no_points_and_come_back_first() -> None:
    # two for one at 10 000; 40 points pay 4 000 of the paid one. The one that stays then costs 10 000, 4 000 in points
    club = rules(Promotion("free", NAME, Reward(buy_get=BuyGet(1))), redemption=TEN_FOR_A_THOUSAND)
    back = Desk(club, closed(club, pieces((10_000, 2), member=MEMBER, redeem=40)))
    first = back.back((1, 1))
    assert (first.money, stands(first)) == (0, {"spent/points": 40})
    last = back.back((1, 1))
    assert (last.money, stands(last)) == (6_000, {"spent/points": 0})


def test_a_line_that_is_free_as_a_whole_carries_none() -> None:
    # the cup is free with the tea, of which 40 points pay 4 000 of 2 × 10 000
    club = rules(Promotion("cup", NAME, Reward(gift=Gift(1), scope=Scope(products=("p1",)))), redemption=TEN_FOR_A_THOUSAND)
    back = Desk(club, closed(club, pieces((5_000, 1), (10_000, 2), member=MEMBER, redeem=40)))
    first = back.back((2, 1))
    assert (first.money, stands(first)) == (8_000, {"spent/points": 20})


def test_points_stay_paid_only_as_far_as_what_remains_costs_that_much() -> None:
    # twice two for one at 10 000; 200 points pay all 20 000. Of two pieces one is free again: 10 000, 100 points
    club = rules(Promotion("free", NAME, Reward(buy_get=BuyGet(1))), redemption=TEN_FOR_A_THOUSAND)
    back = Desk(club, closed(club, pieces((10_000, 4), member=MEMBER, redeem=200)))
    half = back.back((1, 2))
    assert (back.sale.priced.total, half.money, half.cost, stands(half)) == (0, 0, 0, {"spent/points": 100})
    assert stands(back.back((1, 1))) == {"spent/points": 100}  # one free, one paid: the free one came back
    assert stands(back.back((1, 1))) == {"spent/points": 0}


def test_cards_carry_no_points() -> None:
    # 30 points pay 3 000 of the 5 000 of goods; a top-up of 7 000 is paid in money
    club, top_up = rules(redemption=TEN_FOR_A_THOUSAND), product(8, 7_000, kind=ProductKind.TOP_UP)
    back = Desk(club, closed(club, goods((product(1, 5_000), 1_000), (top_up, 1_000), member=MEMBER, redeem=30)))
    first = back.back((1, 1))
    assert (first.money, first.cost, stands(first)) == (2_000, 7_000, {"spent/points": 0})


def test_points_paid_stay_with_what_was_weighed() -> None:
    # 1.5 kg at 10 000: 15 000, of which 60 points pay 6 000; 0.5 kg are a third
    club = rules(redemption=TEN_FOR_A_THOUSAND)
    sale = closed(club, goods((product(1, 10_000, weighed=True), 1_500), member=MEMBER, redeem=60))
    returned = take_back(Engine(club), sale, [ReturnedLine(1, 500)])
    assert (returned.money, stands(returned)) == (3_000, {"spent/points": 40})


def test_a_reward_bought_with_points_is_given_back_when_it_breaks() -> None:
    # 50 points for 10 % from 20 000 on: 25 000 less 2 500. The 15 000 that stay get no discount, and cost no points
    reward = Promotion("ten", NAME, Reward(percent=PercentOff("10")), when=When(minimum=Minimum(20_000)), cost=Cost(50))
    club = rules(reward)
    back = Desk(club, closed(club, pieces((15_000, 1), (10_000, 1), member=MEMBER, chosen=(Chosen("ten"),))))
    broken = back.back((2, 1))
    assert (broken.money, stands(broken)) == (7_500, {"spent/ten": 0})


def test_a_reward_that_holds_keeps_its_points() -> None:
    reward = Promotion("ten", NAME, Reward(percent=PercentOff("10")), cost=Cost(50))
    back = Desk(rules(reward), closed(rules(reward), pieces((100, 2), member=MEMBER, chosen=(Chosen("ten"),))))
    assert [stands(back.back((1, 1))), stands(back.back((1, 1)))] == [{"spent/ten": 50}, {"spent/ten": 0}]


def test_free_goods_for_points_give_back_the_points_of_each_piece() -> None:
    # p1 is free at 20 points a piece, three were chosen
    gift = Promotion("mug", NAME, Reward(gift=Gift(1), scope=Scope(products=("p1",))), cost=Cost(20, 1))
    back = Desk(rules(gift), closed(rules(gift), pieces((70, 3), (100, 1), member=MEMBER, chosen=(Chosen("mug", 3),))))
    assert [stands(back.back((1, 1))), stands(back.back((1, 2)))] == [{"spent/mug": 40}, {"spent/mug": 0}]
    assert back.gone.tenders == (0,)


def test_another_reward_for_points_stands_in_for_the_one_that_broke() -> None:
    # of one group: 20 % from 200 on for 100 points, else 10 % for 80. What is left gets the 10 %, and costs 80
    many = Promotion("a20", NAME, Reward(percent=PercentOff("20")), 1, "g", When(minimum=Minimum(200)), cost=Cost(100))
    few = Promotion("b10", NAME, Reward(percent=PercentOff("10")), 1, "g", cost=Cost(80))
    club = rules(many, few)
    back = Desk(club, closed(club, pieces((100, 2), member=MEMBER, chosen=(Chosen("a20"), Chosen("b10")))))
    assert [each.rule for each in back.sale.points] == ["a20"]
    # 160 paid; one piece costs 90: 70 back in money, and 20 of the 100 points
    broken = back.back((1, 1))
    assert (broken.money, stands(broken)) == (70, {"spent/a20": 80})


def test_another_earning_rule_stands_in_for_the_one_that_broke() -> None:
    # of one group: 1 for 10 from 1 000 on, else 1 for 20. 1 000 earned 100; the 900 that stay earn 45: 55 are taken
    club = rules(earning=(
        rate(10, "a", group="g", when=When(minimum=Minimum(1_000))), rate(20, "b", group="g")))
    back = Desk(club, closed(club, pieces((100, 10), member=MEMBER)))
    assert [stands(back.back((1, 1))), stands(back.back((1, 9)))] == [{"a": 45}, {"a": 0}]


def test_rules_that_take_turns_take_back_no_more_than_was_earned() -> None:
    # 1 for 10 on p1 or on p2, whichever is more: 20 of 200 and 150; 15 of 100 and 150; 10 of 100 and 50; 5 of 50
    club = rules(earning=(rate(10, "a", group="g", scope=Scope(products=("p1",))),
                          rate(10, "b", group="g", scope=Scope(products=("p2",)))))
    back = Desk(club, closed(club, pieces((100, 2), (50, 3), member=MEMBER)))
    left = [stands(back.back(each)) for each in ((1, 1), (2, 2), (1, 1), (2, 1))]
    assert left == [{"a": 15}, {"a": 10}, {"a": 5}, {"a": 0}]


def test_remaining_goods_that_earn_more_take_nothing_back() -> None:
    # a bonus of 30 from two to three pieces of p1, 1 for 10 otherwise. 400 with 4 pieces: 40. Three: 30 + 30, so 40.
    # Two: 20 + 30, so 40. One: 10
    bonus = EarningRule("few", NAME, 30, when=When(quantity=QuantityWindow(2, 3)))
    club = rules(earning=(rate(10), bonus))
    back = Desk(club, closed(club, pieces((100, 4), member=MEMBER)))
    assert [stands(back.back((1, 1)))["base"] for _ in range(4)] == [40, 40, 10, 0]


def test_points_taken_back_do_not_come_again() -> None:
    # 1 for 10 on p1, a bonus of 15 while at most one piece of p2 is there: 20; with p1 halved 10; then 10 + 15
    bonus = EarningRule("one", NAME, 15, when=When(counted=Scope(products=("p2",)), quantity=QuantityWindow(0, 1)))
    club = rules(earning=(rate(10, scope=Scope(products=("p1",))), bonus))
    back = Desk(club, closed(club, pieces((100, 2), (50, 2), member=MEMBER)))
    assert [stands(back.back((1, 1)))["base"], stands(back.back((2, 1)))["base"]] == [10, 10]


def test_what_stands_in_fills_one_entry_after_the_other() -> None:
    # 10 by p1 and 20 by p2; p3 earns nothing, but left alone it is a basket of one piece, which earns 15
    club = rules(earning=(rate(10, "a", scope=Scope(products=("p1",))), rate(10, "b", scope=Scope(products=("p2",))),
                          EarningRule("one", NAME, 15, when=When(quantity=QuantityWindow(1, 1)))))
    back = Desk(club, closed(club, pieces((100, 1), (200, 1), (50, 1), member=MEMBER)))
    assert stands(back.back((1, 1), (2, 1))) == {"a": 10, "b": 5}


def test_bonus_points_go_with_the_last_goods() -> None:
    club = rules(Promotion("gift", NAME, Reward(bonus=BonusPoints(50))))
    back = Desk(club, closed(club, goods((product(1, 100), 2_000), (product(8, 20, kind=ProductKind.TOP_UP), 1_000), member=MEMBER)))
    # goods are left; then only a top-up, which earns nothing
    assert [stands(back.back((1, 1))), stands(back.back((1, 1)))] == [{"gift": 50}, {"gift": 0}]


def test_a_stranger_and_a_member_without_points_move_none() -> None:
    for who in (None, MEMBER):
        sale = closed(rules(), pieces((100, 1), member=who))
        returned = void(Engine(rules()), sale)
        assert (returned.points, ledger_returns("r", LATER, sale, returned)) == ((), (None, ()))


N02 = rules(earning=(rate(1_000),), redemption=RedemptionRules(1, 100))


def member_of_500() -> Ledger:
    """Two lots: 150 that end in May 2027, 350 that end two days later."""
    ledger = Ledger(LedgerRules(terms=LotTerms(Validity(days=180))))
    for key, day, amount in (("first", "2026-11-10", 150), ("second", "2026-11-12", 350)):
        ledger.post(Earn(key, "m1", day, amount, "base"))
    return ledger


def sell(ledger: Ledger, sale: Sale) -> None:
    for request in requests_of(sale.sale_id, "m1", NOON.date, sale.priced):
        assert ledger.post(request).refused is None


def bring(ledger: Ledger, key: str, sale: Sale, returned: Returned, day: str = LATER) -> None:
    points, value = ledger_returns(key, day, sale, returned)
    assert points is not None
    assert value == ()
    assert ledger.post(points).refused is None


def lots(ledger: Ledger) -> dict[str, int]:
    return {lot.lot_id: lot.left for lot in ledger.standing("m1", LATER).lots}


def test_points_spent_and_earned_come_back_to_where_they_were() -> None:
    # N02: 200 of 500 points pay 20 000 of 100 000; 80 000 earn 80
    ledger, sale = member_of_500(), closed(N02, pieces((100_000, 1), member=MEMBER, redeem=200))
    sell(ledger, sale)
    assert (sale.priced.total, ledger.balance("m1"), lots(ledger)) == (80_000, 380, {"second": 300, "s1/base": 80})
    bring(ledger, "r1", sale, void(Engine(N02), sale))
    assert (ledger.balance("m1"), lots(ledger)) == (500, {"first": 150, "second": 350})


def test_returned_in_halves_the_lot_taken_last_is_filled_first() -> None:
    ledger, sale = member_of_500(), closed(N02, pieces((50_000, 2), member=MEMBER, redeem=200))
    sell(ledger, sale)
    back = Desk(N02, sale)
    # 100 points back: 50 to the second lot, which was taken from last, 50 to the first; 40 of 80 are taken
    bring(ledger, "r1", sale, back.back((1, 1)))
    assert (ledger.balance("m1"), lots(ledger)) == (440, {"first": 50, "second": 350, "s1/base": 40})
    bring(ledger, "r2", sale, back.back((1, 1)))
    assert (ledger.balance("m1"), lots(ledger)) == (500, {"first": 150, "second": 350})


def test_the_same_return_again_changes_nothing() -> None:
    ledger, sale = member_of_500(), closed(N02, pieces((50_000, 2), member=MEMBER, redeem=200))
    sell(ledger, sale)
    returned = Desk(N02, sale).back((1, 1))
    bring(ledger, "r1", sale, returned)
    before = ledger.postings()
    bring(ledger, "r1", sale, returned)
    assert ledger.postings() == before


@pytest.mark.parametrize(("shortfall", "balance", "debt"), [(Shortfall.DEBT, -70, 70), (Shortfall.CLAMP, 0, 0)])
def test_points_that_were_spent_meanwhile_are_a_debt_or_forgiven(shortfall: Shortfall, balance: int, debt: int) -> None:
    # 100 earned, 70 of them spent elsewhere: 30 are taken, 70 are owed
    club = rules(earning=(rate(1_000),), redemption=RedemptionRules(1, 100))
    ledger, sale = Ledger(LedgerRules(shortfall=shortfall)), closed(club, pieces((100_000, 1), member=MEMBER))
    sell(ledger, sale)
    elsewhere = closed(club, pieces((7_000, 1), member=MemberSnapshot("m1", "gold", 100), redeem=70))
    for request in requests_of("s2", "m1", "2026-11-23", elsewhere.priced):
        ledger.post(request)
    bring(ledger, "r1", sale, void(Engine(club), sale))
    standing = ledger.standing("m1", LATER)
    assert (standing.balance, standing.debt, standing.spendable) == (balance, debt, 0)


WALLET, CARD = ValueAccount("w1", Purpose.WALLET, "m1"), ValueAccount("a2", Purpose.GIFT_CARD)


def value_of_members() -> StoredValue:
    """A wallet that holds 500, and a gift card yet to be sold."""
    value = StoredValue(ValueRules(), (WALLET, CARD))
    value.post(Earn("top-up", "w1", "2026-11-01", 500, "top-up"))
    return value


def settle(value: StoredValue, key: str, sale: Sale, returned: Returned) -> None:
    points, requests = ledger_returns(key, LATER, sale, returned)
    assert points is None
    assert [value.post(each).refused for each in requests] == [None] * len(requests)


def test_what_a_wallet_paid_goes_back_to_it() -> None:
    value = value_of_members()
    sale = closed(rules(), pieces((100, 4)), Tender(TenderKind.WALLET, 300, account="w1"), Tender(TenderKind.CASH, 100))
    for request in value_of(sale):
        value.post(request)
    assert value.ledger.balance("w1") == 200
    back = Desk(rules(), sale)
    # 100 in proportion 300 : 100, twice; then the rest
    for key, held in (("r1", 275), ("r2", 350)):
        settle(value, key, sale, back.back((1, 1)))
        assert value.ledger.balance("w1") == held
    settle(value, "r3", sale, void(Engine(rules()), sale, back.gone))
    assert value.ledger.balance("w1") == 500


def test_a_card_that_comes_back_is_emptied() -> None:
    value, club = value_of_members(), rules()
    gift = product(8, 200, kind=ProductKind.GIFT_CARD)
    sale = closed(club, goods((product(1, 100), 1_000), (gift, 1_000)), Tender(TenderKind.WALLET, 300, account="w1"))
    for request in value_of(sale):
        value.post(request)
    assert (value.ledger.balance("w1"), value.ledger.balance("a2")) == (200, 200)
    value.post(Redeem("s2/tender/1", "a2", "2026-11-23", 50, "GIFT_CARD", "s2"))
    # of 200 loaded, 50 are gone: 150 go back to the wallet that paid for the card
    returned = Desk(club, sale).back((2, 1), balance=150)
    settle(value, "r1", sale, returned)
    assert (returned.tenders, value.ledger.balance("w1"), value.ledger.balance("a2")) == ((150,), 350, 0)


def test_a_card_that_stays_keeps_its_money() -> None:
    value, club = value_of_members(), rules()
    sale = closed(club, goods((product(1, 100), 1_000), (product(8, 200, kind=ProductKind.GIFT_CARD), 1_000)))
    for request in value_of(sale):
        value.post(request)
    settle(value, "r1", sale, Desk(club, sale).back((1, 1)))
    assert value.ledger.balance("a2") == 200


def test_the_request_to_the_ledgers_names_every_entry() -> None:
    club = rules(earning=(rate(100),), redemption=RedemptionRules(1, 1))
    sale = closed(club, pieces((1_000, 2), member=MEMBER, redeem=200), Tender(TenderKind.WALLET, 1_800, account="w1"))
    returned = Desk(club, sale).back((1, 1))
    # 900 of the 1 800 stay paid, 100 of the 200 points, and 9 of the 18 earned
    assert ledger_returns("r1", LATER, sale, returned) == (
        Return("r1/points", "m1", LATER, "s1", (Remaining("s1/spent/points", 100), Remaining("s1/base", 9))),
        (Return("r1/value/w1", "w1", LATER, "s1", (Remaining("s1/tender/1", 900),)),))
