"""The shift's presenter over a real journal: opened, counted blind, closed; nothing tells what is expected before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.approval import OperationKind
from station.counter import World
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.shift import (
    CountReason,
    Shift,
)
from tests.fakes import (
    moment,
)
from tests.rigs.counted_till import NAMES, OMID, SARA, NoPacks, Screen, Till
from ui.format import Format
from ui.presenters.at_till import Person
from ui.presenters.shift_desk import ShiftDesk
from ui.text import Words
from ui.views import Tone
from ui.views_shift import Counted, ReportScreen


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    made.journal.close()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_without_a_shift_the_float_is_asked_for_and_the_shift_opens_with_it(till: Till) -> None:
    till.desk.begin()
    assert (till.count.purpose, till.count.title) == (Counted.OPENING, "Open the shift")
    assert [each.value for each in till.count.pieces][:2] == [2_000_000, 1_000_000]
    till.desk.count(100_000, "۱۲")
    till.desk.count_rest("2,500")
    # 12 × 10 000 toman + 2 500 toman, in rial
    assert till.count.total == "122,500\u00a0toman"
    till.desk.hand_in()
    assert till.journal.shift() == Shift(1, "sara", "2026-11-22", 1_225_000)
    assert (till.screen.left, till.events) == (1, ["changed", "kick"])


def test_an_empty_drawer_opens_a_shift_too_and_stays_shut(till: Till) -> None:
    till.desk.begin()
    till.desk.hand_in()
    shift = till.journal.shift()
    assert shift is not None
    assert shift.opening_float == 0
    assert till.events == ["changed"]


def test_what_was_typed_for_a_float_is_there_when_the_page_comes_back(till: Till) -> None:
    till.desk.begin()
    till.desk.count(100_000, "3")
    till.desk.away()
    till.desk.begin()
    assert till.count.total == "30,000\u00a0toman"


def test_with_a_shift_of_today_nothing_is_asked(till: Till) -> None:
    till.begin()
    till.desk.begin()
    assert till.screen.shown == []
    with refused(ErrorCode.SHIFT_OPEN):
        till.desk.open()


def test_a_shift_left_open_yesterday_is_counted_by_who_comes(till: Till) -> None:
    till.begin(100_000)
    till.clock.moment = moment("2026-11-23", 8)
    till.desk.begin()
    assert (till.count.purpose, till.count.title) == (Counted.OVERDUE, "Shift 1 of 22 Nov 2026 was left open")
    till.desk.count(100_000, "1")
    till.desk.hand_in()
    [(closed, actor, _)] = till.closed()
    assert (closed.counted, closed.reason, actor) == (100_000, CountReason.NONE, SARA)
    assert till.report.told == "The count is as expected."
    till.desk.go_on()
    assert till.count.purpose is Counted.OPENING


def test_the_count_tells_nothing_of_what_is_expected(till: Till) -> None:
    till.begin(130_000)
    till.sell()
    till.desk.close()
    before = till.count
    till.desk.count(50_000, "3")
    till.desk.hand_in()
    told = repr((before, till.reasons))
    # 130 000 + 400 000, and the difference to 150 000, in rial and in toman
    for figure in ("530", "53,000", "380", "38,000"):
        assert figure not in told


def test_nothing_typed_is_no_count_and_a_zero_is_one(till: Till) -> None:
    till.begin()
    till.desk.close()
    till.desk.hand_in()
    assert till.count.problem == "Count the cash, or type 0 if there is none."
    till.desk.count_rest("0")
    till.desk.hand_in()
    assert till.closed()[0][0].counted == 0


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "100000"])
def test_what_is_no_number_of_pieces_is_not_handed_in(till: Till, typed: str) -> None:
    till.begin()
    till.desk.close()
    till.desk.count(100_000, "2")
    till.desk.count(100_000, typed)
    till.desk.hand_in()
    assert (till.count.problem, till.count.total) == ("This is not a number.", "20,000\u00a0toman")
    till.desk.count(100_000, "")
    assert till.count.problem == ""
    assert till.journal.shift() is not None


def test_a_sum_that_is_no_number_is_not_handed_in(till: Till) -> None:
    till.begin()
    till.desk.close()
    till.desk.count_rest("a lot")
    till.desk.hand_in()
    assert till.count.problem == "This is not a number."


def test_a_small_difference_wants_a_reason_and_no_second_person(till: Till) -> None:
    till.begin(100_000)
    till.desk.close()
    till.desk.count(10_000, "9")
    till.desk.hand_in()
    assert [reason for reason, _ in till.reasons.reasons] == [
        CountReason.CHANGE_GIVEN, CountReason.NOT_RUNG_UP, CountReason.UNEXPLAINED]
    till.desk.choose(CountReason.CHANGE_GIVEN)
    [(closed, _, approver)] = till.closed()
    assert (closed.counted, closed.expected_cash, closed.reason, approver) == (90_000, 100_000, CountReason.CHANGE_GIVEN, None)
    assert (till.report.told, till.report.tone) == ("Difference: \u22121,000\u00a0toman", Tone.WARN)
    assert till.asked == []


def test_a_large_difference_is_closed_with_a_manager_who_is_told_how_much(till: Till) -> None:
    till.begin(100_000)
    till.sell()
    till.second = OMID
    till.desk.close()
    till.desk.count(100_000, "4")
    till.desk.hand_in()
    till.desk.choose(CountReason.UNEXPLAINED)
    [(operation, what)] = till.asked
    assert (operation.kind, operation.subject, operation.amount, operation.needs) == (
        OperationKind.COUNT_DIFFERENCE, "shift-1", -100_000, Role.MANAGER)
    assert what == "Shift 1 is closed with a difference of \u221210,000\u00a0toman: Nobody knows why"
    assert [(actor, approver) for _, actor, approver in till.closed()] == [(SARA, OMID)]


def test_once_the_difference_was_seen_it_is_not_counted_again(till: Till) -> None:
    till.begin(100_000)
    till.desk.close()
    till.desk.count_rest("1")
    till.desk.hand_in()
    assert till.reasons.again
    till.desk.choose(CountReason.UNEXPLAINED)
    assert till.closed() == []
    assert not till.reasons.again
    till.desk.count_again()
    assert not till.desk.back()
    till.restart()
    till.desk.close()
    assert not till.reasons.again


def test_it_is_counted_twice_and_not_until_it_fits(till: Till) -> None:
    till.begin(100_000)
    till.desk.close()
    till.desk.count(10_000, "9")
    till.desk.hand_in()
    assert till.desk.back()
    assert till.count.total == "9,000\u00a0toman"
    till.desk.count(10_000, "8")
    till.desk.hand_in()
    assert not till.reasons.again
    till.desk.away()
    till.desk.close()
    assert not till.reasons.again
    till.desk.choose(CountReason.NOT_RUNG_UP)
    assert till.closed()[0][0].difference == -20_000


def test_cash_that_came_after_the_count_asks_for_another(till: Till) -> None:
    till.begin(100_000)
    till.desk.close()
    till.desk.count_rest("1")
    till.desk.hand_in()
    till.desk.choose(CountReason.UNEXPLAINED)  # nobody approves
    till.sell()
    till.desk.close()
    assert till.count.total == "1\u00a0toman"


def test_what_was_counted_outlives_a_power_cut(till: Till) -> None:
    till.begin()
    till.desk.close()
    till.desk.count(100_000, "3")
    till.desk.count_rest("70")
    till.restart()
    till.desk.close()
    assert (till.count.total, till.count.rest) == ("30,070\u00a0toman", "70")
    assert next(each.many for each in till.count.pieces if each.value == 100_000) == 3


def test_a_shift_left_uncounted_is_a_managers_with_the_reason(till: Till) -> None:
    till.begin(100_000)
    till.clock.moment = moment("2026-11-23", 8)
    till.desk.begin()
    assert [reason for reason, _ in till.count.uncounted] == [
        CountReason.NOT_COUNTED, CountReason.CASH_TAKEN, CountReason.TILL_FAILED]
    till.desk.leave_uncounted(CountReason.CASH_TAKEN)
    assert till.closed() == []
    till.second = OMID
    till.desk.leave_uncounted(CountReason.CASH_TAKEN)
    [(closed, actor, approver)] = till.closed()
    assert (closed.counted, closed.reason, actor, approver) == (None, CountReason.CASH_TAKEN, SARA, OMID)
    assert till.asked[-1][1] == "Shift 1 is closed without a count: The cash was taken away before"
    assert till.report.told == "Not counted"


def test_the_report_is_durable_before_it_is_shown_and_numbered(till: Till) -> None:
    class Looking(Screen):
        def show_report(self, view: ReportScreen) -> None:
            assert till.journal.shift() is None
            assert till.journal.waiting_prints()
            super().show_report(view)

    till.begin()
    till.desk = ShiftDesk(till.parts, Words("en"), Format("en"), Looking())
    till.desk.close()
    till.desk.count_rest("0")
    till.desk.hand_in()
    assert till.journal.reports("Z") == 1
    till.restart()
    assert till.closed()[0][0].number == 1
    assert len(till.journal.waiting_prints()) == 1


def test_a_full_disk_closes_nothing_and_keeps_the_count(till: Till) -> None:
    class Full:
        def append(self, draft: Draft) -> None:
            raise StationError(ErrorCode.DISK_FULL, kind=draft.kind.value)

        def __getattr__(self, name: str) -> object:
            return getattr(till.journal, name)

    till.begin(50)
    till.desk.close()
    till.desk.count_rest("5")
    world = till.parts.drawer._world
    till.parts.drawer._world = World(world.clock, world.random, world.members, world.shelf, world.packs, Full())  # type: ignore[arg-type]
    with refused(ErrorCode.DISK_FULL):
        till.desk.hand_in()
    till.restart()
    till.desk.close()
    assert till.count.rest == "5"
    assert till.journal.shift() is not None


def test_an_x_report_is_shown_and_the_shift_goes_on(till: Till) -> None:
    till.begin(100_000)
    till.sell()
    till.at_till.person = Person(OMID, NAMES["omid"])
    till.desk.read()
    assert (till.report.title, till.report.closed) == ("X report 1", False)
    assert till.report.paper.total.value == "50,000\u00a0toman"
    assert len(till.journal.waiting_prints()) == 2  # the sale and the report
    till.desk.print_again()
    assert till.events[-1] == "print X1"
    till.desk.go_on()
    assert (till.screen.left, till.journal.shift() is not None) == (1, True)


def test_it_speaks_another_language_where_it_stands(till: Till) -> None:
    till.begin()
    till.desk.speak(Words("fa"), Format("fa"))
    assert till.screen.shown == []
    till.desk.close()
    till.desk.count_rest("2500")
    till.desk.speak(Words("en"), Format("en"))
    assert (till.count.title, till.count.rest) == ("Close shift 1", "2,500")
    till.desk.hand_in()
    till.desk.speak(Words("fa"), Format("fa"))
    assert till.reasons.title == "شمارش با حساب نمی‌خواند"
    till.desk.choose(CountReason.UNEXPLAINED)
    assert till.report.told == "اختلاف: ۲٬۵۰۰\u00a0تومان"


def test_the_drawer_is_opened_to_be_counted_once_the_journal_says_so(till: Till) -> None:
    till.begin()
    till.desk.close()
    till.desk.open_drawer()
    assert till.events == ["changed", "kick"]
    *_, last = till.journal.entries(0, 99)
    assert last.kind is EntryKind.STAFF


def test_without_rules_and_people_it_is_one_sum_and_nobody_is_asked(till: Till) -> None:
    till.rules = NoPacks()
    till.at_till.person = Person(Actor("sara", Role.ALONE), NAMES["sara"])
    till.restart()
    till.begin(1_000_000)
    till.desk.close()
    assert till.count.pieces == ()
    till.desk.count_rest("1")
    till.desk.hand_in()
    till.desk.choose(CountReason.UNEXPLAINED)
    assert till.closed()[0][0].difference == 10 - 1_000_000
    assert till.asked == []


def test_nothing_is_closed_twice(till: Till) -> None:
    with refused(ErrorCode.SHIFT_CLOSED):
        till.desk.close()
