"""The rows of a basket: what did not change is the row it was, and what did is told anew."""

from dataclasses import replace

import pytest

from station.hand import ByHand
from station.pack import HandLimit
from station.people import Role
from tests.fakes import CASHIER, pack
from tests.ui.till import BREAD, MILK, RICE, Till
from ui.format import Format, Unit
from ui.presenters.basket_view import BasketRows, reckon
from ui.text import Words
from ui.views import LineView

EN, FA = (Words("en"), Format("en")), (Words("fa"), Format("fa"))


@pytest.fixture
def till() -> Till:
    made = Till(rules=replace(pack(), by_hand=(HandLimit(Role.CASHIER, "20"),)))
    for good in (MILK, RICE, BREAD):
        made.counter.scan(good.barcode)
    return made


def told(rows: BasketRows, till: Till, way: tuple[Words, Format] = EN) -> tuple[LineView, ...]:
    """The rows, which are those that nothing was kept for."""
    reckoned = reckon(till.counter)
    found = rows.describe(reckoned, *way)
    assert found == BasketRows().describe(reckoned, *way)
    return found


def test_only_the_line_that_changed_is_told_anew(till: Till) -> None:
    rows = BasketRows()
    before = told(rows, till)
    till.counter.set_quantity(2, 3_000)
    after = told(rows, till)
    assert [each is other for each, other in zip(before, after, strict=True)] == [True, False, True]
    till.counter.remove(1)
    assert [each.line for each in told(rows, till)] == [2, 3]


def test_what_was_given_by_hand_is_told_on_its_line_and_no_more_when_it_is_taken_back(till: Till) -> None:
    rows = BasketRows()
    plain = told(rows, till)
    till.counter.give_by_hand(ByHand(CASHIER, "dented", line=1, amount=1_000))
    given = told(rows, till)
    assert (given[0].name != plain[0].name, given[1] is plain[1]) == (True, True)
    till.counter.take_back(1)
    assert told(rows, till) == plain


def test_another_language_unit_or_basket_tells_all_of_them(till: Till) -> None:
    rows = BasketRows()
    told(rows, till)
    told(rows, till, FA)
    told(rows, till, (Words("fa"), Format("fa", Unit.RIAL)))
    assert rows.describe(None, *EN) == ()
    till.counter.abandon()
    till.counter.scan(RICE.barcode)
    assert [each.line for each in told(rows, till, EN)] == [1]
