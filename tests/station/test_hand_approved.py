"""What a second person agreed to at the counter: it comes to no more later, whatever is scanned, taken out or put back."""

from dataclasses import replace

import pytest

from station.counter import Counter
from station.hand import ByHand
from station.in_hand import InHand
from station.pack import HandLimit
from station.people import Actor, Role
from station.pricing import price
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, pack, product
from tests.station.test_counter import Shop

OMID = Actor("omid", Role.SENIOR)
RULES = replace(pack(promotions=()), by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20")))
MILK, CHEESE = product(1).barcode, product(2).barcode
TENTH = ByHand(CASHIER, "scratched", 1, percent="10", approver=OMID)


@pytest.fixture
def till() -> Shop:
    """One milk, at 38 500."""
    made = Shop()
    made.packs.held = RULES
    made.counter.open_shift(CASHIER, 0)
    made.counter.scan(MILK)
    return made


def off(counter: Counter) -> int:
    priced = counter.priced()
    assert priced
    return priced.discount


def held(counter: Counter) -> InHand:
    assert counter.in_hand
    return counter.in_hand


def test_more_of_the_same_takes_no_more_off(till: Shop) -> None:
    till.counter.give_by_hand(TENTH)
    assert off(till.counter) == 3_850
    for _ in range(30):
        till.counter.scan(MILK)
    assert off(till.counter) == 3_850
    till.counter.set_quantity(1, 5_000)
    assert off(till.counter) == 3_850


def test_more_in_the_basket_takes_no_more_off_the_whole_basket(till: Shop) -> None:
    till.counter.give_by_hand(replace(TENTH, line=None))
    till.counter.scan(CHEESE)
    assert off(till.counter) == 3_850


def test_fewer_take_less_off_and_as_many_as_then_the_same(till: Shop) -> None:
    till.counter.set_quantity(1, 4_000)
    till.counter.give_by_hand(TENTH)
    amounts = []
    for quantity in (4_000, 1_000, 4_000, 8_000):
        till.counter.set_quantity(1, quantity)
        amounts.append(off(till.counter))
    assert amounts == [15_400, 3_850, 15_400, 15_400]


def test_a_line_taken_out_and_put_back_is_approved_for_no_more(till: Shop) -> None:
    till.counter.give_by_hand(TENTH)
    removed = till.counter.remove(1)
    till.counter.put_back(replace(removed.line, quantity=9_000), removed.by_hand)
    assert off(till.counter) == 3_850


def test_what_stood_before_it_and_is_taken_back_leaves_it_no_more(till: Shop) -> None:
    # 5 % of 38 500 is 1 925; ten per cent of the 36 575 that are left 3 658, half up
    till.counter.give_by_hand(ByHand(CASHIER, "late", 1, percent="5"))
    till.counter.give_by_hand(TENTH)
    till.counter.take_back(1)
    assert off(till.counter) == 3_658


def test_it_is_kept_over_a_restart_and_stands_in_the_sale(till: Shop) -> None:
    till.counter.give_by_hand(TENTH)
    assert till.journal.held
    assert till.journal.held.basket.by_hand == (replace(TENTH, most=3_850),)
    till.counter.let_go()
    assert till.counter.recover()
    till.counter.set_quantity(1, 31_000)
    total = 31 * 38_500 - 3_850
    sale = till.counter.settle([Tender(TenderKind.CASH, total)], CASHIER).sale
    assert price(RULES, sale.basket) == sale.priced
    assert sale.priced.total == total


def test_what_a_role_gives_alone_follows_the_goods(till: Shop) -> None:
    till.counter.give_by_hand(ByHand(CASHIER, "scratched", percent="5"))
    till.counter.scan(MILK)
    assert off(till.counter) == 3_850
    assert held(till.counter).basket.by_hand[0].most is None


def test_an_approved_price_that_lowers_nothing_lowers_nothing_later(till: Shop) -> None:
    till.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, price=38_500, approver=OMID))
    till.counter.set_quantity(1, 2_000)
    assert off(till.counter) == 0
