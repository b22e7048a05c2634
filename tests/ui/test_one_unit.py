"""Rial and toman are never mixed: whatever one screen or paper shows is in one unit, on each of them.

An amount that is no whole number of toman puts all of them in rials, even where every other one is whole.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station.basket import Basket
from station.journal import Position
from station.pricing import Engine
from station.redemption import RedemptionRules
from station.rewards import AmountOff, Reward
from station.sale import ReturnedLine
from station.shift import CountReason
from station.text import Text
from tests.fakes import NOON, member, pack, product, promotion
from tests.rigs import counted_till
from tests.rigs.customer_side import TwoSides
from tests.rigs.manager_days import ManagedShop
from tests.rigs.return_desk import CARD, ReturnTill, goods
from tests.ui import test_checkout, test_holding, test_paying, test_using
from tests.ui.till import MILK, Till
from ui.format import Format, Unit
from ui.presenters.explain import explain
from ui.presenters.return_words import Telling
from ui.presenters.sale_words import describe_sale
from ui.text import Words
from ui.views_period import People, SaleView

EN = Words("en"), Format("en")
NBSP = "\u00a0"
GUM = product(6, 1_005, name=Text("آدامس", "Gum"))
"""Two of them are 201 toman."""


@pytest.fixture
def returns(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path, goods=(MILK, CARD, GUM))
    made.desk.speak(*EN)
    yield made
    made.journal.close()


def test_a_sale_of_which_an_odd_rial_went_back(tmp_path: Path) -> None:
    shop = ManagedShop(tmp_path)
    shop.found("2026-11-21")
    shop.open("2026-11-21")
    place = shop.sell(1)
    shop.take_back(place)
    entry, (row,) = shop.journal.sale(place), shop.rows.sales_at((place,))
    (back,) = shop.journal.returns_of(Position(entry.incarnation, entry.seq))
    told = [describe_sale(SaleView(row, entry, None, (each,), shop.packs.pack(1), None, People()), *EN)
            for each in (back, replace(back, money=5))]
    shop.journal.close()
    assert [each.paid.sheet.style.unit for each in told] == [Unit.TOMAN, Unit.RIAL]
    assert [each.lines.sheet.style.unit for each in told] == [Unit.TOMAN, Unit.RIAL]
    assert f"385,000{NBSP}rial" in " ".join(told[1].why)


def test_the_reasons_of_a_price_whose_shelf_amount_is_odd() -> None:
    # 0.9 kg at 1 010 rial before tax are 909; a tenth more is 1 000.
    weighed = product(7, 1_010, name=Text("تخم", "Seeds"), tax_percent="10", tax_included=False, weighed=True)
    rules = pack(promotions=())
    basket = Basket("b1", "shop", 1, NOON, member=member().snapshot()).with_product(weighed, 900)
    told = "\n".join(explain(rules, basket, Engine(rules).quote(basket), *EN))
    assert "= 909" in told
    assert f"1,000{NBSP}rial" in told
    assert "toman" not in told


def test_what_the_customer_saved() -> None:
    rules = pack(promotions=(replace(promotion("five", "5"), reward=Reward(amount=AmountOff(5))),))
    sides = TwoSides(Till(goods=(GUM,), rules=rules))
    sides.checkout.scanned(GUM.barcode)
    sides.pay(1_000)
    assert sides.view.text == f"Paid: 1,000{NBSP}rial\nYou save 5{NBSP}rial"


def test_what_stays_of_a_sale_costs_an_odd_rial(returns: ReturnTill) -> None:
    sold = returns.sell(MILK, who=False)
    found = returns.returning.preview(sold.place, (ReturnedLine(1, 1_000),))
    odd = replace(found, returned=replace(found.returned, cost=5))
    told = [Telling(each, *EN).money() for each in (found, odd)]
    assert told == [f"38,500{NBSP}toman", f"385,000{NBSP}rial"]


def test_what_is_left_on_a_gift_card_that_comes_back(returns: ReturnTill) -> None:
    sold = returns.sell(CARD, MILK, who=False)
    returns.on_cards = 500_005
    returns.desk.open(sold.place)
    view = goods(returns)
    assert view.lines[0].note == f"500,005{NBSP}rial is left on it: no more comes back."
    assert (view.lines[1].cells[1], view.headers[2]) == ("385,000", "Paid (rial)")


def test_the_price_of_goods_that_come_back_without_their_sale(returns: ReturnTill) -> None:
    returns.desk.without_sale()
    for _ in range(2):
        returns.desk.scanned(GUM.barcode)
    view = goods(returns)
    assert view.headers[1:3] == ("Price (rial)", "Amount (rial)")
    assert (view.lines[0].cells, view.money) == (("1,005", "2,010", "2"), f"2,010{NBSP}rial")


def test_the_count_is_in_its_unit_and_the_difference_in_that_of_the_report(tmp_path: Path) -> None:
    till = counted_till.Till(tmp_path)
    till.begin(130_005)
    till.desk.speak(Words("en"), Format("en", Unit.RIAL))
    till.desk.close()
    till.desk.count_rest("130105")
    till.desk.speak(*EN)  # the field and the notes are in toman from now on
    assert (till.count.rest, till.count.total) == ("13,010.5", f"13,010.5{NBSP}toman")
    till.desk.hand_in()
    till.desk.choose(CountReason.UNEXPLAINED)
    till.journal.close()
    assert till.report.told == f"Difference: 100{NBSP}rial"
    assert till.report.paper.total.value == f"130,005{NBSP}rial"


def test_what_cash_leaves_and_what_it_may_be() -> None:
    station = test_checkout.Station(Till(goods=(GUM,), rules=pack(promotions=())))
    for _ in range(2):
        station.checkout.scanned(GUM.barcode)
    station.checkout.begin_pay()
    shown = test_paying.pay(station)
    assert (shown.total, shown.unit) == (f"2,010{NBSP}rial", "toman")
    assert [each.label for each in shown.cash] == ["Exact cash", f"100,000{NBSP}rial", f"500,000{NBSP}rial", f"1,000,000{NBSP}rial"]
    assert station.checkout.paying.preview("400") == f"Change 1,990{NBSP}rial"
    assert station.checkout.paying.preview("200") == f"10{NBSP}rial remains to be paid"


def test_the_baskets_that_wait() -> None:
    station = test_holding.Station(till=Till(goods=(MILK, GUM)))
    station.hold(MILK.barcode)
    station.till.clock.forward(1)
    station.hold(GUM.barcode)
    assert sorted(row.total for row in station.rows()) == [f"1,005{NBSP}rial", f"385,000{NBSP}rial"]


def test_what_points_are_worth_and_what_they_pay() -> None:
    rules = replace(pack(promotions=(test_using.TEA,)), redemption=RedemptionRules(100, 50_005))
    made = test_using.Used(rules=rules)
    made.using.pay("200")
    made.using.take("tea")
    points = made.now.points
    assert points.rules == f"100{NBSP}points are worth 50,005{NBSP}rial, in whole blocks."
    assert points.used == f"200{NBSP}points pay 100,010{NBSP}rial now."  # whole toman, if it stood alone
    assert made.said()["tea"][0] == f"Taken for 120{NBSP}points: 50,000{NBSP}rial less to pay."
