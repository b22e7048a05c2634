"""The sale that goods come back of is found: by its number, by day, amount, member and good."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.span import Span
from tests.rigs.return_desk import SENIOR, ReturnTill, finding, goods
from tests.ui.till import BREAD, GOLD_CARD, RICE

TODAY = Span("2026-11-22", "2026-11-22")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path)
    yield made
    made.journal.close()


@pytest.mark.parametrize(("typed", "problem"), [
    ("12-2-000003-AB12", "E333"), ("99", "E315"), ("milk", "E315"), ("12-1-000003-0000", "E315"), ("2", "E315")])
def test_what_is_no_receipt_of_this_till_is_explained(till: ReturnTill, typed: str, problem: str) -> None:
    till.sell(BREAD)
    till.desk.start()
    till.desk.open_receipt(typed)
    assert problem in finding(till).problem


@pytest.mark.parametrize("typed", ["3", "۳", "000003", " 3 "])
def test_of_a_number_that_is_typed_the_middle_is_enough(till: ReturnTill, typed: str) -> None:
    sold = till.sell(BREAD)
    till.desk.open_receipt(typed)
    assert sold.receipt in goods(till).heading


def test_sales_are_found_by_day_amount_member_and_good(till: ReturnTill) -> None:
    bread, rice = till.sell(BREAD, who=False), till.sell(RICE)
    till.desk.start()
    view = finding(till)
    assert [(each.place, each.total) for each in view.found] == [(rice.place, "13,050,000"), (bread.place, "165,000")]
    assert (view.said, view.found[1].who.replace("\u200e", "")) == ("Sales: 2", "Sara")
    found: dict[tuple[str, str], list[int]] = {}
    for amount, text in (("165000", ""), ("", "نان"), ("", "rice"), ("", RICE.barcode), ("", "مهرداد"), ("", "0001"),
                         ("165,000", "bread"), ("1", ""), ("", "nothing")):
        till.desk.look_for(amount, text)
        found[amount, text] = [each.place for each in finding(till).found]
    assert list(found.values()) == [
        [bread.place], [bread.place], [rice.place], [rice.place], [rice.place], [rice.place], [bread.place], [], []]
    assert finding(till).said == "No such sale was found."
    till.desk.look_for("", "")
    till.desk.choose_span(TODAY.moved(-1))
    assert (finding(till).found, till.desk.span) == ((), TODAY.moved(-1))
    till.desk.choose_span(TODAY)
    assert till.desk.tapped(GOLD_CARD)
    assert [each.place for each in finding(till).found] == [rice.place]
    assert till.desk.tapped("93640000000099")
    assert "E201" in finding(till).problem
    till.desk.look_for("x", "")
    assert "E304" in finding(till).problem


def test_what_went_back_of_a_sale_stands_in_the_list(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 2000), who=False)
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    till.desk.choose(lambda choice: choice.step(1))
    till.desk.finish()
    assert not till.desk.back()
    till.desk.start()
    assert [each.note for each in finding(till).found] == ["165,000 went back"]
