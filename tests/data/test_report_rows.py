"""What the manager's reports read, on a real encrypted journal that the real counter wrote."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.compact import compact
from station.clock import Moment
from station.enrolling import Admitted, MemberEnrolled, Person, document
from station.flags import flags
from station.journal import Draft, EntryKind
from station.report import day_report
from station.span import Span
from station.staff_event import StaffDeed, StaffEvent
from station.totals import Tally, figure
from tests.fakes import moment
from tests.rigs.manager_days import NIMA, SARA, ManagedShop

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
    """Two days: Sara's with 12 sales and a count 1 000 short, Nima's with 3 sales and an open shift."""
    shop.day(FIRST, 12, SARA, -1_000)
    shop.day(SECOND, 3, NIMA, close=False)
    return shop


def test_sums_of_days_are_those_of_their_sales(busy: ManagedShop) -> None:
    sums = busy.rows.day_sums(BOTH)
    facts = busy.journal.facts(FIRST, SECOND)
    for day in (FIRST, SECOND):
        totals = [total for each, total in sums if each == day]
        report = day_report(day, facts)
        assert figure(totals, Tally.TOTAL) == report.total > 0
        assert figure(totals, Tally.MEMBER_TOTAL) == report.member_total
        assert figure(totals, Tally.SALES) == report.sales
        assert [figure(totals, Tally.HOUR, f"{hour:02}") for hour in range(24)] == list(report.hours)
    assert [day for day, _ in sums] == sorted(day for day, _ in sums)
    assert {day for day, _ in busy.rows.day_sums(Span(SECOND, SECOND))} == {SECOND}
    assert busy.rows.day_sums(Span("2026-01-01", "2026-01-02")) == ()


def test_shifts_come_with_their_reports_and_differences(busy: ManagedShop) -> None:
    second, first = busy.rows.shifts(BOTH)
    assert (second.number, second.cashier, second.reports, second.closing) == (2, "nima", (), None)
    assert (first.number, first.cashier, first.opening_float) == (1, "sara", 5_000_000)
    assert [(each.kind, each.number) for each in first.reports] == [("X", 1), ("Z", 1)]
    closing = first.closing
    assert closing
    assert (closing.difference, closing.reason.value, closing.person) == (-1_000, "CHANGE_GIVEN", "sara")
    assert first.reports[0].counted is None
    assert first.reports[0].expected == closing.expected


def test_sales_are_listed_latest_first_with_who_made_them(busy: ManagedShop) -> None:
    rows = busy.rows.sales(BOTH)
    assert len(rows) == 15
    assert [row.place for row in rows] == sorted((row.place for row in rows), reverse=True)
    assert [row.person for row in rows] == ["nima"] * 3 + ["sara"] * 12
    for row in rows:
        entry = busy.journal.sale(row.place)
        assert (row.total, row.discount, row.at) == (entry.body.priced.total, entry.body.priced.discount, entry.at)
    assert busy.rows.sales(Span(SECOND, SECOND)) == rows[:3]


def test_a_member_has_all_own_sales_here_and_nobody_elses(shop: ManagedShop) -> None:
    shop.open(FIRST)
    own = [shop.sell(1, who=2), shop.sell(2, who=2)]
    shop.sell(3, who=1)
    shop.sell(3)
    assert [row.place for row in shop.rows.sales_of("m2")] == own[::-1]


def test_a_return_leads_to_the_sale_it_is_of(shop: ManagedShop) -> None:
    shop.open(FIRST)
    sold, other = shop.sell(1, 2), shop.sell(3)
    shop.take_back(sold)
    (returned,) = shop.rows.marks(Span(FIRST, FIRST)).returns
    assert [row.place for row in shop.rows.sales_at((returned.place,))] == [sold]
    assert [row.place for row in shop.rows.sales_at((other, returned.place, sold))] == [other, sold]
    assert shop.rows.sales_at(()) == ()


def test_marks_say_who_gave_what_by_hand_and_what_came_back_in_the_same_shift(shop: ManagedShop) -> None:
    shop.open(FIRST)
    given, plain = shop.sell(1, who=1, hand="10"), shop.sell(2)
    shop.take_back(plain)
    shop.journal.append(Draft(EntryKind.STAFF, shop.clock.now(), SARA, StaffEvent(
        StaffDeed.DRAWER_OPENED, "sara", note="change for a customer")))
    shop.journal.append(Draft(EntryKind.STAFF, shop.clock.now(), SARA, StaffEvent(StaffDeed.LOCKED, "sara")))
    shop.close()
    shop.open(SECOND, NIMA)
    shop.take_back(given, NIMA)
    marks = shop.rows.marks(BOTH)
    assert [(each.place, each.by_hand, each.member_id) for each in marks.sales] == [(given, 1, "m1"), (plain, 0, None)]
    assert [(each.business_date, each.person, each.same_shift) for each in marks.returns] == [
        (FIRST, "sara", True), (SECOND, "nima", False)]
    assert [(each.business_date, each.person) for each in marks.drawers] == [(FIRST, "sara")]
    assert shop.rows.marks(Span(SECOND, SECOND)).sales == ()


def test_an_own_card_is_found_in_a_real_journal(shop: ManagedShop) -> None:
    shop.open(FIRST, NIMA)
    place = shop.sell(1, who=3, cashier=NIMA)
    (flag,) = flags(shop.rows.marks(BOTH), {"nima": "m3"})
    assert (flag.who, flag.places) == ("nima", (place,))


def test_an_entry_is_shown_as_it_lies_there(busy: ManagedShop) -> None:
    place = busy.rows.sales(BOTH)[0].place
    stored = busy.rows.stored(place)
    (expected,) = busy.journal.entries(place - 1, 1)
    assert stored == expected
    assert json.loads(stored.raw)["kind"] == "SALE"
    assert busy.rows.stored(10_000) is None


def test_what_was_cut_off_is_still_listed_with_what_is_left(busy: ManagedShop) -> None:
    old = busy.rows.sales(Span(FIRST, FIRST))
    branch = busy.journal.branches()[-1]
    branch.acknowledge(branch.head().seq)
    later = moment("2027-03-21")
    assert list(compact(busy.journal, 90, Moment(later.utc_us, later.offset, later.date)))
    rows = busy.rows.sales(Span(FIRST, FIRST))
    assert [(row.place, row.total, row.hour) for row in rows] == [(row.place, row.total, row.hour) for row in old]
    assert {(row.at, row.person) for row in rows} == {(None, "sara")}
    assert busy.rows.stored(old[0].place) is None
    assert [row for row in busy.rows.marks(BOTH).sales if row.business_date == FIRST] == []
    closing = busy.rows.shifts(BOTH)[1].closing
    assert closing
    assert (closing.number, closing.at, closing.difference) == (1, None, None)


def test_who_became_a_member_is_counted_by_business_date(shop: ManagedShop) -> None:
    shop.open(FIRST)
    for number in range(3):
        member_id = f"018bcfe5-6800-7525-8bdf-583a9326feb{number}"
        person = Person("مهتاب", f"0912000000{number}")
        shop.journal.append(Draft(
            EntryKind.MEMBER_ENROLLED, shop.clock.now(), SARA, MemberEnrolled(member_id, "silver", Admitted(1)),
            personal=document(person)))
    shop.close()
    shop.open(SECOND)
    assert (shop.rows.joined(Span(FIRST, FIRST)), shop.rows.joined(BOTH), shop.rows.joined(Span(SECOND, SECOND))) == (3, 3, 0)
