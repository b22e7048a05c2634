"""Issuing from a list: a bad card costs no run, and a run goes on where it was, after any end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.reading import DEMO_CLUB
from drivers.writer_port import CardForm, CardWriter, Job, Progress, WriterSetup, Written
from drivers.writers.simulated import SimulatedCard, SimulatedWriterDriver, WriterHand
from station.errors import ErrorCode, StationError
from tests.rigs.at_the_writer import Person
from tests.rigs.issuing_office import IssuingOffice
from tests.rigs.issuing_shop import CASHIER, OLD, IssuingShop, hash_of, listed
from tests.rigs.serial_hand import member
from ui.bulk import TRIES, BulkIssue, BulkReport, Mark
from ui.bulk_list import Row, read_list
from ui.presenters.issuing import Issuing, Order, active_cards
from ui.wiring import Memory, card_book
from ui.wiring_writers import make_issuing

TEMPLATE = Order("", "", CardForm.TAG)
WORN = StationError(ErrorCode.WRITE_FAILED, left="EMPTY")


@dataclass
class Told:
    """``ui.bulk.Teller`` that remembers."""

    rows: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    refusals: list[tuple[int, ErrorCode]] = field(default_factory=list)

    def row(self, row: Row, done: int, of: int) -> None:
        assert done < of
        self.rows.append(row.line)

    def maybe_written(self, row: Row) -> None:
        self.unsure.append(row.line)

    def refused(self, row: Row, fault: StationError) -> None:
        self.refusals.append((row.line, fault.code))


@dataclass
class Run:
    """A run over a list at one station."""

    memory: Memory
    issuing: Issuing
    writer: CardWriter
    hand: WriterHand
    mark: Mark
    told: Told = field(default_factory=Told)
    person: Person = field(default_factory=Person)

    def over(self, count: int) -> BulkReport:
        rows = read_list(listed(count), DEMO_CLUB, card_book(self.memory))
        return BulkIssue(self.issuing, self.writer, self.mark, self.told).run(rows, TEMPLATE, self.person)


@pytest.fixture
def shop(tmp_path: Path) -> IssuingShop:
    return IssuingShop(tmp_path)


@contextmanager
def running(shop: IssuingShop, wrapped: Callable[[CardWriter], CardWriter] = lambda writer: writer) -> Iterator[Run]:
    hand = WriterHand()
    with shop.open() as memory:
        setup = WriterSetup(DEMO_CLUB, IssuingOffice(), active_cards(card_book(memory)))
        writer = SimulatedWriterDriver(setup, CardForm.TAG, hand).open(hand.device)
        mark = Mark(shop.home.folder / "list.csv.working")
        yield Run(memory, make_issuing(memory, lambda: CASHIER), wrapped(writer), hand, mark)


def blanks(count: int) -> list[SimulatedCard]:
    return [SimulatedCard() for _ in range(count)]


def test_every_row_gets_a_card(shop: IssuingShop) -> None:
    with running(shop) as run:
        run.hand.lay(*(cards := blanks(3)))
        assert run.over(3) == BulkReport(3, 0, (), 0)
        assert [card.number for card in cards] == [member(1), member(2), member(3)]
        assert run.told.rows == [2, 3, 4]
        assert run.mark.line() == 0
    assert shop.given() == [(hash_of(1), "m1"), (hash_of(2), "m2"), (hash_of(3), "m3")]


def test_what_is_in_the_journal_is_done(shop: IssuingShop) -> None:
    with running(shop) as run:
        run.hand.lay(*blanks(2))
        run.over(2)
    with running(shop) as run:
        run.hand.lay(*blanks(1))
        assert run.over(3) == BulkReport(1, 2, (), 0)
        assert run.told.rows == [4]
    assert len(shop.given()) == 3


def test_a_bad_card_does_not_cost_the_row(shop: IssuingShop) -> None:
    with running(shop) as run:
        run.hand.lay(SimulatedCard(fault=WORN), SimulatedCard(number=member(OLD)), *blanks(2))
        assert run.over(2) == BulkReport(2, 0, (), 0)
        assert run.told.refusals == [(2, ErrorCode.WRITE_FAILED), (2, ErrorCode.CARD_TAKEN)]


def test_a_row_whose_cards_are_all_bad_is_told_at_the_end(shop: IssuingShop) -> None:
    with running(shop) as run:
        run.hand.lay(*[SimulatedCard(fault=WORN) for _ in range(TRIES)], *blanks(1))
        report = run.over(2)
        assert (report.given, [(row.line, fault.code) for row, fault in report.failed], report.left) == (
            1, [(2, ErrorCode.WRITE_FAILED)], 0)
    assert shop.given() == [(hash_of(2), "m2")]


def test_a_row_that_cannot_be_bound_costs_no_card(shop: IssuingShop) -> None:
    with running(shop) as run:
        rows = (Row(2, member(OLD), "m2"), Row(3, member(3), "m3", "nobody"), Row(4, member(4), "m4"))
        run.hand.lay(*(cards := blanks(2)))
        report = BulkIssue(run.issuing, run.writer, run.mark, run.told).run(rows, TEMPLATE, run.person)
        assert [(row.line, fault.code) for row, fault in report.failed] == [
            (2, ErrorCode.CARD_TAKEN), (3, ErrorCode.MEMBER_UNKNOWN)]
        assert (report.given, report.left) == (1, 0)
        assert [card.number for card in cards] == [member(4), ""]


def test_a_device_that_is_gone_or_a_silent_head_office_ends_the_run(shop: IssuingShop) -> None:
    for code in (ErrorCode.READER_GONE, ErrorCode.HEAD_OFFICE_UNREACHABLE):
        with running(shop) as run:
            run.hand.lay(SimulatedCard(fault=StationError(code)), *blanks(2))
            report = run.over(2)
            assert (report.given, report.failed, report.left) == (0, (), 2)
            assert report.fault is not None
            assert report.fault.code is code
            assert run.mark.line() == 0


def test_stopped_between_two_cards_it_goes_on_there(shop: IssuingShop) -> None:
    with running(shop) as run:
        run.hand.lay(*blanks(1))

        class LeavesAfterOne(Told):
            def row(self, row: Row, done: int, of: int) -> None:
                super().row(row, done, of)
                if done:
                    run.person.leave()

        run.told = LeavesAfterOne()
        assert run.over(3) == BulkReport(1, 0, (), 2)
        assert run.mark.line() == 0
    with running(shop) as run:
        run.hand.lay(*blanks(2))
        assert run.over(3) == BulkReport(2, 1, (), 0)
    assert len(shop.given()) == 3


class PowerCutError(BaseException):
    """The end of the program, at a place where nothing is cleaned up."""


class Cut:
    """A writer at which the power fails once the ``last`` card was written, before anybody hears of it."""

    def __init__(self, writer: CardWriter, last: int) -> None:
        self._writer, self._left = writer, last

    def write(self, job: Job, progress: Progress) -> Written | None:
        written = self._writer.write(job, progress)
        self._left -= 1
        if self._left == 0:
            raise PowerCutError
        return written

    def close(self) -> None:
        self._writer.close()


def test_a_card_written_when_the_power_failed_is_asked_for_first_and_given(shop: IssuingShop) -> None:
    cards = blanks(2)
    with running(shop, lambda writer: Cut(writer, 2)) as run:
        run.hand.lay(*cards)
        with pytest.raises(PowerCutError):
            run.over(4)
    assert shop.given() == [(hash_of(1), "m1")]
    with running(shop) as run:
        assert run.mark.line() == 3
        run.hand.lay(cards[1], *blanks(2))
        assert run.over(4) == BulkReport(3, 1, (), 0)
        assert run.told.unsure == [3]
        assert run.told.rows[0] == 3
    assert sorted(shop.given()) == sorted((hash_of(i), f"m{i}") for i in range(1, 5))


def test_a_card_that_lies_there_still_is_not_given_twice(shop: IssuingShop) -> None:
    cards = blanks(1)
    with running(shop) as run:
        run.hand.lay(*cards)
        run.over(1)
    with running(shop) as run:
        run.hand.lay(cards[0], *blanks(1))
        assert run.over(2) == BulkReport(1, 1, (), 0)
        assert run.told.refusals == [(3, ErrorCode.CARD_TAKEN)]
        assert cards[0].number == member(1)
