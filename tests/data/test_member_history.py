"""What the journal says of one member, on a real encrypted journal that the real counter wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.compact import compact
from data.member_history import MemberHistory
from station.benefits import Given, PointsMove
from station.journal import Position, receipt_number
from station.points import PointsKind
from station.span import Span
from tests.fakes import moment
from tests.rigs.manager_days import ManagedShop

FIRST, SECOND = "2026-11-20", "2026-11-21"
BOTH = Span(FIRST, SECOND)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(FIRST)
    yield made
    made.journal.close()


@pytest.fixture
def busy(shop: ManagedShop) -> ManagedShop:
    """A gold member buys a milk (385 000 − 10 %) and next day a bread and a cheese, and brings the bread back; others buy too."""
    shop.open(FIRST)
    shop.sell(1, who=1, at=(11, 5))
    shop.sell(2, who=2)
    shop.sell(3)
    shop.close()
    shop.open(SECOND)
    place = shop.sell(3, 5, who=1, hand="5", at=(18, 30))
    shop.take_back(place)
    return shop


def test_purchases_with_receipts_and_what_came_back(busy: ManagedShop) -> None:
    told = MemberHistory(busy.journal.database).of("m1", BOTH)
    back, second, first = told.purchases
    assert (first.day, first.minute, first.shop, first.total, first.discount, first.points) == (
        FIRST, 11 * 60 + 5, "12", 346_500, 38_500, 34)
    assert (second.day, second.minute) == (SECOND, 18 * 60 + 30)
    sales = {row.total: busy.journal.sale(row.place) for row in busy.rows.sales_of("m1")}
    for row in (first, second):
        entry = sales[row.total]
        assert row.receipt == receipt_number("12-1", Position(entry.incarnation, entry.seq))
    assert (back.is_back, back.day, back.total < 0, back.receipt != second.receipt) == (True, SECOND, True, True)
    assert (told.more, told.untold, told.expiring, told.balance, told.as_of_us) == (False, 0, None, None, None)
    assert told.bought == first.total + second.total + back.total


def test_discounts_by_rule_add_up_to_those_of_the_receipts(busy: ManagedShop) -> None:
    told = MemberHistory(busy.journal.database).of("m1", BOTH)
    gold, hand = told.given
    assert (gold.rule, gold.times, hand.rule, hand.times) == ("gold-10", 2, "hand", 1)
    assert hand.amount == 56_500  # 5 % of 1 130 000
    assert gold.amount == 38_500 + 107_350  # 10 % of 385 000, and of what the hand left
    assert told.gained == gold.amount + hand.amount


def test_points_move_as_the_entries_say(busy: ManagedShop) -> None:
    told = MemberHistory(busy.journal.database).of("m1", BOTH)
    assert told.moves[-1] == PointsMove(FIRST, PointsKind.EARN, 34, "base")
    assert [each.kind for each in told.moves] == [PointsKind.REVERSE, PointsKind.EARN, PointsKind.EARN]
    assert sum(each.points for each in told.moves) == sum(each.points for each in told.purchases)


def test_the_span_is_kept_and_others_are_not_told(busy: ManagedShop) -> None:
    history = MemberHistory(busy.journal.database)
    assert [each.day for each in history.of("m1", Span(FIRST, FIRST)).purchases] == [FIRST]
    assert [each.total for each in history.of("m2", BOTH).purchases] == [14_065_000]
    assert history.of("nobody", BOTH).purchases == ()


def test_of_what_was_cut_off_the_sums_are_left(busy: ManagedShop) -> None:
    busy.close()
    (branch,) = busy.journal.branches()
    branch.acknowledge(branch.head().seq)
    list(compact(busy.journal, 90, moment("2027-06-01")))
    told = MemberHistory(busy.journal.database).of("m1", Span(FIRST, FIRST))
    (first,) = told.purchases
    assert (first.receipt, first.shop, first.minute, first.total, first.discount) == ("", "", 11 * 60, 346_500, 38_500)
    assert (told.given, told.untold, told.moves) == ((), 1, (PointsMove(FIRST, PointsKind.EARN, 34, ""),))
    assert Given("gold-10", 1, 38_500) not in told.given
