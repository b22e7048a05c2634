"""The thread's pace: bursts, the night, the person's "send now", and what it tells of its progress."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from station.feed import MemberPage, Stamp
from station.journal import Position
from sync.state import Progress
from sync.wire import BatchHead, Hello, Receipt, Welcome
from sync.worker import TRICKLE_S
from tests.sync.memory import INCARNATION, MemoryMembers, MemoryOffice
from tests.sync.stage import EVERY_S, Stage
from tests.sync.test_books import PIECES, MemoryInstaller, Station, offer
from tests.sync.test_worker import DOWN

US = 1_000_000


@dataclass
class Nightly(MemoryOffice):
    """A head office whose slot comes ``slot_s`` seconds after it spoke."""

    slot_s: int | None = None
    most: int | None = None

    def hello(self, hello: Hello) -> Welcome:
        slot_us = None if self.slot_s is None else (5 + self.slot_s) * US
        return msgspec.structs.replace(
            super().hello(hello), server_time_us=5 * US, slot_us=slot_us, most_entries=self.most)


@dataclass
class PacedStage(Stage):
    """A station that waits for the rest of a burst."""

    office: Nightly = field(default_factory=Nightly)
    trickle_s: float = TRICKLE_S

    def hurry(self) -> float:
        """Press "send now"; return the next rest."""
        self.worker.send_now()
        self.orders.put("listen")
        return self.rest()


@pytest.fixture
def stage() -> Iterator[PacedStage]:
    stage = PacedStage()
    yield stage
    stage.orders.put("listen")
    assert stage.worker.stop(10)


def puts(stage: Stage) -> int:
    return stage.office.calls.count("put")


def test_a_burst_of_sales_is_one_batch_half_a_second_later(stage: PacedStage) -> None:
    stage.worker.start()
    stage.rest()
    stage.outbox.write(1)
    assert stage.wake() == TRICKLE_S
    stage.now += 0.2
    stage.outbox.write(1)
    assert stage.wake() == pytest.approx(TRICKLE_S - 0.2), "the first sale of a burst does not wait longer for the others"
    assert puts(stage) == 0
    assert stage.elapse() == pytest.approx(EVERY_S - TRICKLE_S)
    assert puts(stage) == 1
    assert len(stage.office.raws) == 2


def test_send_now_ends_the_rest_and_pulls_too(stage: PacedStage) -> None:
    stage.worker.start()
    assert stage.rest() == EVERY_S
    stage.outbox.write(1)
    assert stage.hurry() == EVERY_S
    assert (puts(stage), stage.office.calls.count("pack")) == (1, 2)


def test_send_now_does_not_wait_for_the_rest_of_a_burst(stage: PacedStage) -> None:
    stage.worker.start()
    stage.rest()
    stage.outbox.write(1)
    assert stage.wake() == TRICKLE_S
    assert stage.hurry() == EVERY_S
    assert puts(stage) == 1


def test_send_now_ignores_a_pause_once(stage: PacedStage) -> None:
    busy = StationError(ErrorCode.HEAD_OFFICE_BUSY, retry_after=600)
    stage.office.fail = [DOWN, DOWN, busy]
    stage.worker.start()
    assert stage.rest() == 1.5
    assert stage.hurry() == 1.5
    assert stage.hurry() == pytest.approx(660)
    stage.outbox.write(1)
    assert stage.wake() == pytest.approx(660), "a sale does not end it"
    assert stage.hurry() == EVERY_S
    assert stage.states[-1].online


def test_a_large_backlog_goes_up_one_batch_a_round_until_its_slot_and_then_whole(stage: PacedStage) -> None:
    stage.office.slot_s = 90
    stage.outbox.write(20_000)
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert (puts(stage), stage.states[-1].unsent) == (1, 19_000)
    assert stage.elapse() == 30, "it wakes for its slot"
    assert (puts(stage), stage.states[-1].unsent) == (2, 17_900)
    stage.elapse()
    assert stage.states[-1].unsent == 0


def test_a_person_need_not_wait_for_the_slot(stage: PacedStage) -> None:
    stage.office.slot_s = 9000
    stage.outbox.write(9_000)
    stage.worker.start()
    stage.rest()
    assert stage.states[-1].unsent == 8_000
    stage.hurry()
    assert stage.states[-1].unsent == 0


def test_a_small_backlog_waits_for_no_slot(stage: PacedStage) -> None:
    stage.office.slot_s = 9000
    stage.outbox.write(6_000)
    stage.worker.start()
    stage.rest()
    assert stage.states[-1].unsent == 0


def test_without_a_slot_nothing_waits(stage: PacedStage) -> None:
    stage.outbox.write(9_000)
    stage.worker.start()
    stage.rest()
    assert stage.states[-1].unsent == 0


def test_the_progress_of_an_upload_is_told_batch_by_batch(stage: PacedStage) -> None:
    stage.outbox.write(2_500)
    stage.worker.start()
    stage.rest()
    # the clock of the test stands at 1000 s
    running = [each for each in stage.progress if each.total and each.last_us is None]
    told = list(dict.fromkeys((each.sent, each.total, each.batch) for each in running))
    assert told == [(0, 2500, 1000), (1000, 2500, 1100), (2100, 2500, 1200), (2500, 2500, 1200)]
    assert all(each.next_us is None for each in running)
    assert stage.progress[-1] == Progress(0, 0, 1200, next_us=1060 * US, last_us=1000 * US)


def test_after_a_fault_it_is_told_when_the_next_attempt_comes(stage: PacedStage) -> None:
    stage.worker.start()
    stage.rest()
    stage.office.fail = [DOWN]
    assert stage.elapse() == 1.5
    assert stage.progress[-1] == Progress(0, 0, 1000, next_us=1061_500_000, last_us=1000 * US)


def known() -> MemoryMembers:
    """A member book that the feed brought to here."""
    members = MemoryMembers()
    members.apply(MemberPage("c7", Position(INCARNATION, 0), (), (), Stamp(7, 70), last=True))
    return members


def test_where_a_book_is_here_asking_for_another_waits_for_the_night() -> None:
    office = Nightly(offered=offer(), chunks=list(PIECES), slot_s=90)
    station = Station(office, known())
    station.sync.push()
    assert station.round() == ["blocks", "members", "shelf", "pack"]
    station.sync.check_book()
    assert station.round() == ["blocks", "book", "chunk", "chunk", "chunk", "members", "shelf", "pack"]
    assert station.round() == ["blocks", "members", "shelf", "pack"]
    station.sync.check_book()
    assert "book" in station.round()


def test_where_no_book_is_here_it_waits_for_no_night() -> None:
    office = Nightly(offered=offer(), chunks=list(PIECES), slot_s=90)
    station = Station(office)
    station.sync.push()
    assert "book" in station.round()


def test_without_a_slot_a_book_is_asked_for_once_at_the_start() -> None:
    station = Station(Nightly(offered=offer(), chunks=list(PIECES)), known())
    station.sync.push()
    assert "book" in station.round()
    assert station.round() == ["blocks", "members", "shelf", "pack"]


def test_the_thread_asks_for_a_book_at_its_slot_and_when_a_person_wants_it(stage: PacedStage) -> None:
    stage.office.slot_s, stage.office.offered, stage.office.chunks = 90, offer(), list(PIECES)
    stage.installer, stage.members = MemoryInstaller(), known()
    stage.worker.start()
    stage.rest()
    stage.elapse()
    assert stage.office.calls.count("book") == 0
    stage.elapse()
    assert stage.office.calls.count("book") == 1
    stage.elapse()
    assert stage.office.calls.count("book") == 1
    stage.hurry()
    assert stage.office.calls.count("book") == 2


def test_every_batch_that_arrives_earns_a_quick_retry(stage: PacedStage) -> None:
    """As ``test_slots``, where a line that fails as often gets long pauses; here ten batches arrive between faults."""
    stage.office.most = 1
    stage.worker.start()
    stage.rest()
    for _ in range(20):
        stage.outbox.write(10)
        stage.office.fail = [DOWN]
        assert stage.elapse() == 1.5
        stage.elapse()
    assert len(stage.office.raws) == 200


@dataclass
class Slow(Nightly):
    """A head office on a slow line, ``seconds`` for a batch; with ``sales``, one is made meanwhile."""

    stage: Stage | None = None
    seconds: float = 20
    sales: bool = False

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        assert self.stage is not None
        self.stage.now += self.seconds
        if self.sales and len(self.raws) < 20:
            self.stage.outbox.write(1)
        return super().put_batch(head, entries)


def test_blocked_cards_come_down_while_sales_are_made_faster_than_they_go_up(stage: PacedStage) -> None:
    stage.office = Slow(stage=stage, sales=True)
    stage.outbox.write(1)
    stage.worker.start()
    stage.rest()
    assert [count for call, count in in_a_row(stage.office.calls) if call == "put"][:2] == [3, 3]


def test_blocked_cards_come_down_while_a_backlog_goes_up_and_it_does_not_wait(stage: PacedStage) -> None:
    stage.office = Slow(stage=stage, most=100)
    stage.outbox.write(1_000)
    stage.worker.start()
    assert stage.rest() == EVERY_S - 20, "the last batch took so long since the last pull"
    assert [count for call, count in in_a_row(stage.office.calls) if call == "put"] == [3, 3, 3, 1]
    assert stage.states[-1].unsent == 0


@dataclass
class Faltering(Nightly):
    """A head office that is away after every ``lasts`` batches."""

    lasts: int = 1

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        if self.calls.count("put") % (self.lasts + 1) == self.lasts:
            self._enter("put")
            raise DOWN
        return super().put_batch(head, entries)


def test_a_batch_that_arrived_ends_the_doubling_before_the_round_is_over(stage: PacedStage) -> None:
    """A till that sells without a pause never ends its round; each fault is then the first again."""
    stage.office = Faltering(most=100)
    stage.outbox.write(500)
    stage.worker.start()
    assert [stage.rest(), *(stage.elapse() for _ in range(3))] == [1.5, 1.5, 1.5, 1.5]


def in_a_row(calls: list[str]) -> list[tuple[str, int]]:
    return [(call, len(list(same))) for call, same in groupby(calls)]
