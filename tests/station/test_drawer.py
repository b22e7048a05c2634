"""The drawer on a real file: moved, read, counted blind, closed once and for all, corrected later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.verify import verify
from station.counter import Counter, Place, Settled, World
from station.drawer import Drawer
from station.errors import ErrorCode, StationError
from station.journal import EntryKind
from station.people import Actor, Role
from station.returning import Returning
from station.sale import ReturnedLine
from station.shift import (
    UNCOUNTED,
    CashMoved,
    CashReason,
    Correction,
    CountReason,
    Reading,
    Shift,
    ShiftClosed,
)
from station.tender import Tender, TenderKind
from station.totals import Tally, Total, figure
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    moment,
    product,
)
from tests.rigs.random_club import chance

GOOD = product(1, 1_000)
MANAGER = Actor("reza", Role.MANAGER)
FLOAT = 50_000


class Till:
    """A counter and its drawer, a shift open with a float of 50 000."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        self.journal = JournalStore(folder / "journal.db", bytes(32))
        self.journal.found("12-1", "test", self.clock.now())
        world = World(
            self.clock, chance(0).randbytes, MemoryMembers(),
            MemoryShelf({GOOD.barcode: GOOD}), MemoryPacks(), self.journal)
        self.counter = Counter(Place("12-1", "12", NAME), world)
        self.drawer, self.returning = Drawer(world), Returning(world)
        self.counter.open_shift(CASHIER, FLOAT)

    def sell(self, pieces: int, *tenders: Tender) -> Settled:
        """Sell so many pieces of 1 000 each."""
        self.counter.scan(GOOD.barcode, pieces * 1000)
        return self.counter.settle(tenders or (Tender(TenderKind.CASH, pieces * 1_000),), CASHIER)

    def close(self, counted: int | None = None, reason: CountReason = CountReason.NONE) -> ShiftClosed:
        return self.drawer.close(counted, reason, CASHIER)

    def kinds(self) -> list[EntryKind]:
        return [each.kind for each in self.journal.entries(0, 99)]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    till = Till(tmp_path)
    yield till
    till.journal.close()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_cash_is_expected_from_float_sales_change_moves_and_returns(till: Till) -> None:
    sale = till.sell(3, Tender(TenderKind.CASH, 5_000))  # 2 000 change
    till.sell(4, Tender(TenderKind.DEBIT, 3_000), Tender(TenderKind.CASH, 1_000))
    till.drawer.move_cash(-20_000, CashReason.BANK, CASHIER, MANAGER)
    till.drawer.move_cash(500, CashReason.FLOAT, CASHIER)
    till.returning.take_back(sale.place, (ReturnedLine(1, 1000),), CASHIER)
    # 50 000 + 3 000 + 1 000 − 20 000 + 500 − 1 000
    assert till.drawer.read(CASHIER).expected_cash == 33_500
    assert till.close(33_500).expected_cash == 33_500


def test_moved_cash_is_an_entry_with_its_people(till: Till) -> None:
    till.drawer.move_cash(-20_000, CashReason.BANK, CASHIER, MANAGER)
    (stored,) = till.journal.entries(2, 9)
    assert stored.kind is EntryKind.CASH_MOVED
    totals = till.journal.totals(1)
    assert totals == (Total(Tally.CASH_MOVED, "", -20_000), Total(Tally.CASH_MOVED, "BANK", -20_000))
    assert b'"approver":{"person":"reza","role":"MANAGER"}' in stored.raw
    with pytest.raises(ValueError, match="no cash moved"):
        CashMoved(1, 0, CashReason.OTHER)


def test_a_reading_resets_nothing_and_is_numbered_without_gaps(till: Till) -> None:
    till.sell(1)
    first = till.drawer.read(CASHIER)
    till.sell(2)
    second = till.drawer.read(CASHIER)
    assert (first.number, second.number) == (1, 2)
    assert (figure(first.totals, Tally.TOTAL), figure(second.totals, Tally.TOTAL)) == (1_000, 3_000)
    till.close()
    till.counter.open_shift(CASHIER, 0)
    third = till.drawer.read(CASHIER)
    assert (third.number, third.shift, third.totals) == (3, 2, ())
    assert till.journal.reports("X") == 3


def test_reports_are_printed_again_as_they_were(till: Till) -> None:
    till.sell(1)
    read = till.drawer.read(CASHIER)
    till.sell(2)
    closed = till.close()
    till.counter.open_shift(CASHIER, 0)
    till.sell(5)
    assert (till.journal.report("X", 1).body, till.journal.report("Z", 1).body) == (read, closed)
    assert till.journal.report("Z", 1).actor == CASHIER
    for kind, number in (("X", 2), ("Z", 2), ("Z", 0)):
        with pytest.raises(KeyError):
            till.journal.report(kind, number)


@pytest.mark.parametrize(("counted", "reason", "kept", "difference"), [
    (51_000, CountReason.UNEXPLAINED, CountReason.NONE, 0),
    (51_000, CountReason.NONE, CountReason.NONE, 0),
    (50_900, CountReason.CHANGE_GIVEN, CountReason.CHANGE_GIVEN, -100),
    (51_001, CountReason.NOT_RUNG_UP, CountReason.NOT_RUNG_UP, 1),
    (None, CountReason.UNEXPLAINED, CountReason.NOT_COUNTED, 0),
    (0, CountReason.UNEXPLAINED, CountReason.UNEXPLAINED, -51_000),
])
def test_the_count_is_blind_and_what_it_differs_by_is_told_by_the_report(
    till: Till, counted: int | None, reason: CountReason, kept: CountReason, difference: int,
) -> None:
    till.sell(1)
    closed = till.close(counted, reason)
    assert (closed.number, closed.counted, closed.expected_cash) == (1, counted, 51_000)
    assert (closed.reason, closed.difference) == (kept, difference)
    assert till.journal.shift() is None


@pytest.mark.parametrize("reason", [CountReason.NONE, CountReason.NOT_COUNTED])
def test_a_difference_wants_a_reason_and_nothing_is_written_without(till: Till, reason: CountReason) -> None:
    till.sell(1)
    head = till.journal.head()
    with refused(ErrorCode.COUNT_REASON_MISSING):
        till.close(50_999, reason)
    assert till.journal.head() == head
    assert till.journal.shift() is not None


def test_shifts_and_their_reports_are_numbered_without_gaps(till: Till) -> None:
    for number in (1, 2, 3):
        assert till.close().number == number
        assert till.counter.open_shift(CASHIER, 0).number == number + 1
    assert till.journal.reports("Z") == 3


def test_without_a_shift_nothing_is_done(till: Till) -> None:
    till.close()
    for work in (
            lambda: till.drawer.move_cash(1, CashReason.FLOAT, CASHIER), lambda: till.drawer.read(CASHIER), till.close,
            lambda: till.drawer.correct(1, TenderKind.CASH, 1, CountReason.CHANGE_GIVEN, CASHIER, MANAGER)):
        with refused(ErrorCode.SHIFT_CLOSED):
            work()
    assert till.kinds() == [EntryKind.OPENED, EntryKind.SHIFT_OPENED, EntryKind.SHIFT_CLOSED]


def test_a_shift_over_midnight_is_booked_on_the_day_it_began(till: Till) -> None:
    till.clock.moment = moment("2026-11-22", 23, 59)
    till.sell(1)
    till.clock.moment = moment("2026-11-23", 0, 1)
    sale = till.sell(2).sale
    assert (sale.business_date, sale.basket.opened.date) == ("2026-11-22", "2026-11-23")
    till.close()
    assert till.counter.open_shift(CASHIER, 0) == Shift(2, "sara", "2026-11-23", 0)
    till.sell(4)
    # 23:59 is hour 23, 00:01 hour 0
    facts = till.journal.facts("2026-11-22", "2026-11-22")
    assert [(each.hour, each.total) for each in facts] == [(23, 1_000), (0, 2_000)]
    assert [each.total for each in till.journal.facts("2026-11-23", "2026-11-23")] == [4_000]
    assert [each.total for each in till.journal.facts("2026-11-22", "2026-11-23")] == [1_000, 2_000, 4_000]


def test_a_clock_that_was_wrong_loses_no_day(till: Till) -> None:
    till.close()
    till.clock.moment = moment("2031-01-01")
    till.counter.open_shift(CASHIER, 0)
    till.sell(1)
    till.close()
    till.clock.moment = moment("2026-11-23")
    till.counter.open_shift(CASHIER, 0)
    till.sell(2)
    assert [each.total for each in till.journal.facts("2026-11-23", "2026-11-23")] == [2_000]
    assert [each.total for each in till.journal.facts("2031-01-01", "2031-01-01")] == [1_000]


def test_a_correction_is_booked_in_the_open_shift_and_the_closed_one_stays_as_it_was(till: Till) -> None:
    till.sell(1)
    till.close(50_900, CountReason.UNEXPLAINED)
    before, raw = till.journal.totals(1), [each.raw for each in till.journal.entries(0, 99)]
    till.counter.open_shift(CASHIER, FLOAT)
    till.drawer.correct(1, TenderKind.DEBIT, -100, CountReason.NOT_RUNG_UP, CASHIER, MANAGER)
    till.drawer.correct(1, TenderKind.DEBIT, 30, CountReason.NOT_RUNG_UP, CASHIER, MANAGER)
    assert till.journal.totals(1) == before
    assert [each.raw for each in till.journal.entries(0, len(raw))] == raw
    assert till.journal.totals(2) == (Total(Tally.CORRECTED, "1/DEBIT", -70),)
    read = till.drawer.read(CASHIER)
    assert (read.expected_cash, read.totals) == (FLOAT, (Total(Tally.CORRECTED, "1/DEBIT", -70),))
    assert list(verify(till.journal)) == []


@pytest.mark.parametrize("approver", [None, CASHIER, Actor("sara", Role.MANAGER)])
def test_a_correction_wants_another_person(till: Till, approver: Actor | None) -> None:
    till.close()
    till.counter.open_shift(CASHIER, 0)
    with refused(ErrorCode.APPROVAL_MISSING):
        till.drawer.correct(1, TenderKind.CASH, 1, CountReason.CHANGE_GIVEN, CASHIER, approver)
    assert till.kinds()[-1] is EntryKind.SHIFT_OPENED


@pytest.mark.parametrize(("of_shift", "amount"), [(2, 1), (3, 1), (0, 1), (1, 0)])
def test_only_a_closed_shift_is_corrected_and_by_something(till: Till, of_shift: int, amount: int) -> None:
    till.close()
    till.counter.open_shift(CASHIER, 0)
    with pytest.raises(ValueError, match="a correction of"):
        till.drawer.correct(of_shift, TenderKind.CASH, amount, CountReason.CHANGE_GIVEN, CASHIER, MANAGER)
    assert Correction(2, 1, TenderKind.CASH, 1, CountReason.CHANGE_GIVEN).of_shift == 1


def test_a_return_in_a_later_shift_is_of_that_shift(till: Till) -> None:
    sale = till.sell(3)
    closed = till.close(53_000)
    till.counter.open_shift(CASHIER, FLOAT)
    till.returning.take_back(sale.place, (ReturnedLine(1, 2000),), CASHIER)
    assert till.journal.report("Z", 1).body == closed
    second = till.close(48_000)
    assert isinstance(second, ShiftClosed)
    assert (figure(second.totals, Tally.RETURNED), figure(second.totals, Tally.TENDER, "CASH")) == (2_000, -2_000)
    assert (second.expected_cash, second.difference) == (48_000, 0)


def test_a_reading_is_what_the_journal_holds_of_it(till: Till) -> None:
    read = till.drawer.read(CASHIER)
    assert till.journal.report("X", 1).body == Reading(1, 1, FLOAT, ())
    assert read == Reading(1, 1, FLOAT, ())


def test_a_manager_corrects_alone(till: Till) -> None:
    till.close()
    till.counter.open_shift(CASHIER, 0)
    till.drawer.correct(1, TenderKind.CASH, 1, CountReason.CHANGE_GIVEN, MANAGER, None)
    assert till.kinds()[-1] is EntryKind.CORRECTION


@pytest.mark.parametrize("reason", UNCOUNTED)
def test_why_nobody_counted_is_kept(till: Till, reason: CountReason) -> None:
    assert till.close(None, reason).reason is reason


@pytest.mark.parametrize("reason", UNCOUNTED)
def test_why_nobody_counted_explains_no_difference(till: Till, reason: CountReason) -> None:
    with refused(ErrorCode.COUNT_REASON_MISSING):
        till.close(1, reason)


def test_what_must_be_in_the_drawer_is_the_float_and_the_cash_sold(till: Till) -> None:
    till.sell(1)
    assert till.drawer.expected() == 51_000
    till.close()
    with refused(ErrorCode.SHIFT_CLOSED):
        till.drawer.expected()


def test_the_drawer_opened_to_be_counted_is_written_down(till: Till) -> None:
    till.drawer.open_to_count(CASHIER)
    (stored,) = till.journal.entries(2, 9)
    assert stored.kind is EntryKind.STAFF
    assert b'"deed":"DRAWER_OPENED","person":"sara"' in stored.raw


@pytest.mark.parametrize(("day", "hour", "minute", "overdue"), [
    ("2026-11-22", 23, 59, False), ("2026-11-23", 0, 0, False), ("2026-11-23", 5, 59, False), ("2026-11-23", 6, 0, True),
    ("2026-11-24", 0, 0, True), ("2026-11-21", 12, 0, True)])
def test_a_shift_goes_through_the_night_and_is_overdue_in_the_morning(
    day: str, hour: int, minute: int, overdue: bool,  # noqa: FBT001 - a table
) -> None:
    assert Shift(1, "sara", "2026-11-22", 0).is_overdue(moment(day, hour, minute)) is overdue
