"""The print queue: nothing lost, one original of each receipt, whatever the printer does."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import pytest

from drivers.printers.commands import FINISH, RESET
from drivers.printers.escpos import EscposPrinter, Patience
from drivers.printers.port import Raster
from drivers.printers.queue import KICK_FRESH_S, MOST_TRIES, PrinterState, PrintQueue
from station.errors import ErrorCode, StationError
from tests.rigs.escpos_png import sheets
from tests.rigs.printer_hand import PrinterSink

LIMIT_S = 10.0
NEVER_S = (60.0,)
AT_ONCE_S = (0.01,)
OUT = StationError(ErrorCode.PRINTER_PAPER_OUT)
TORN = StationError(ErrorCode.PRINTER_UNAVAILABLE, begun=1)
FULL = StationError(ErrorCode.DISK_FULL)
# Three questions, the end of a stripe, the reset and the first question in turn.
BEFORE_PICTURE = 9 + len(FINISH) + len(RESET) + 3
Paper = tuple[int, bool]


def drawn(seq: int, *, copy: bool) -> Raster:
    return Raster(32, 1, seq.to_bytes(3, "big") + bytes([copy]))


def read(raster: Raster) -> Paper:
    """Return the sale and whether it is a copy."""
    return int.from_bytes(raster.rows[:3], "big"), bool(raster.rows[3])


@dataclass
class Tape:
    """A printer; ``faults`` are the next things to go wrong, None meaning nothing does."""

    name: str = "tape"
    faults: list[StationError | None] = field(default_factory=list)
    paper: Queue[Paper] = field(default_factory=Queue)
    kicks: Queue[StationError | None] = field(default_factory=Queue)

    def print(self, raster: Raster, job: str) -> None:
        assert job.startswith(f"receipt-{read(raster)[0]}")
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or "begun" in fault.detail:
            self.paper.put(read(raster))
        if fault is not None:
            raise fault

    def kick(self) -> None:
        fault = self.faults.pop(0) if self.faults else None
        self.kicks.put(fault)
        if fault is not None:
            raise fault

    def next(self) -> Paper:
        return self.paper.get(timeout=LIMIT_S)


@dataclass
class Sales:
    """What the journal keeps of printing, alive across queues."""

    seqs: list[int]
    full: int = 0
    locked: int = 0
    closed: int = 0
    looked: threading.Event = field(default_factory=threading.Event)

    def waiting(self) -> Sequence[int]:
        if self.locked:
            self.locked -= 1
            raise StationError(ErrorCode.DATABASE_LOCKED)
        found = tuple(self.seqs)
        self.looked.set()
        return found

    def render(self, seq: int, *, copy: bool) -> Raster:
        return drawn(seq, copy=copy)

    def done(self, seq: int) -> None:
        if self.full:
            self.full -= 1
            raise FULL
        self.seqs.remove(seq)

    def close(self) -> None:
        self.closed += 1


class Watch:
    """Collects the news of a queue and waits for one of them."""

    def __init__(self) -> None:
        self.news: list[PrinterState] = []
        self._arrival = threading.Condition()

    def __call__(self, state: PrinterState) -> None:
        with self._arrival:
            self.news.append(state)
            self._arrival.notify()

    def until(self, state: PrinterState) -> None:
        with self._arrival:
            assert self._arrival.wait_for(lambda: state in self.news, LIMIT_S), self.news
            del self.news[:self.news.index(state) + 1]


@contextmanager
def running(
    tape: Tape, sales: Sales, watch: Callable[[PrinterState], None], back_off_s: Sequence[float] = NEVER_S,
) -> Iterator[PrintQueue]:
    queue = PrintQueue(tape, lambda: sales, watch, tape, back_off_s=back_off_s)
    queue.start()
    assert sales.looked.wait(LIMIT_S)
    try:
        yield queue
    finally:
        assert queue.stop(LIMIT_S)


def idle(waiting: int = 0) -> PrinterState:
    return PrinterState(ready=True, waiting=waiting)


def down(error: ErrorCode, waiting: int) -> PrinterState:
    return PrinterState(ready=False, error=error, waiting=waiting)


def test_receipts_are_printed_in_order_and_taken_off_the_list() -> None:
    tape, sales, watch = Tape(), Sales([]), Watch()
    with running(tape, sales, watch) as queue:
        for seq in (4, 9, 12):
            sales.seqs.append(seq)
            queue.wake()
        assert [tape.next() for _ in range(3)] == [(4, False), (9, False), (12, False)]
        watch.until(idle())
    assert sales.seqs == []
    assert sales.closed == 1


def test_a_dead_printer_is_reported_and_outlived() -> None:
    tape, sales, watch = Tape(faults=[OUT] * 4), Sales([]), Watch()
    with running(tape, sales, watch, AT_ONCE_S) as queue:
        sales.seqs += [4, 9]
        queue.wake()
        watch.until(down(ErrorCode.PRINTER_PAPER_OUT, 2))
        watch.until(idle())
    assert [tape.next() for _ in range(2)] == [(4, False), (9, False)]


def test_a_paper_that_cannot_be_made_does_not_end_the_printing(caplog: pytest.LogCaptureFixture) -> None:
    class Torn(Sales):
        """One receipt cannot be drawn until the program is mended."""

        broken = True

        def render(self, seq: int, *, copy: bool) -> Raster:
            if self.broken:
                raise ZeroDivisionError
            return super().render(seq, copy=copy)

    tape, sales, watch = Tape(), Torn([]), Watch()
    with running(tape, sales, watch) as queue:
        sales.seqs.append(4)
        queue.wake()
        watch.until(down(ErrorCode.PRINTING_FAILED, 1))
        sales.broken = False
        queue.wake()
        assert tape.next() == (4, False)
        watch.until(idle())
    assert [each.exc_info for each in caplog.records if each.exc_info]


def test_a_wake_ends_the_rest() -> None:
    tape, sales, watch = Tape(faults=[OUT]), Sales([]), Watch()
    with running(tape, sales, watch) as queue:
        sales.seqs.append(4)
        queue.wake()
        watch.until(down(ErrorCode.PRINTER_PAPER_OUT, 1))
        queue.wake()
        watch.until(idle())


def test_what_may_have_come_out_is_printed_again_as_a_copy() -> None:
    tape, sales, watch = Tape(faults=[TORN, OUT]), Sales([]), Watch()
    with running(tape, sales, watch, AT_ONCE_S) as queue:
        sales.seqs += [4, 9]
        queue.wake()
        assert [tape.next() for _ in range(3)] == [(4, False), (4, True), (9, False)]
        watch.until(idle())


def test_after_a_restart_only_the_oldest_may_have_come_out() -> None:
    tape, sales, watch = Tape(faults=[TORN]), Sales([]), Watch()
    with running(tape, sales, watch) as queue:
        sales.seqs += [4, 9]
        queue.wake()
        watch.until(down(ErrorCode.PRINTER_UNAVAILABLE, 2))
    assert tape.next() == (4, False)
    with running(tape, sales, watch):
        assert [tape.next() for _ in range(2)] == [(4, True), (9, False)]
        watch.until(idle())


def test_a_receipt_is_not_printed_again_because_the_disk_is_full() -> None:
    tape, sales, watch = Tape(), Sales([], full=3), Watch()
    with running(tape, sales, watch, AT_ONCE_S) as queue:
        sales.seqs += [4, 9]
        queue.wake()
        watch.until(PrinterState(ready=True, error=ErrorCode.DISK_FULL, waiting=2))
        assert [tape.next() for _ in range(2)] == [(4, False), (9, False)]
        watch.until(idle())
    assert tape.paper.empty()


def test_a_printer_that_never_confirms_does_not_eat_the_roll() -> None:
    tape, sales, watch = Tape(faults=[TORN] * (MOST_TRIES + 1)), Sales([]), Watch()
    with running(tape, sales, watch, AT_ONCE_S) as queue:
        sales.seqs.append(4)
        queue.wake()
        assert [tape.next() for _ in range(MOST_TRIES)] == [(4, False), (4, True), (4, True)]
        with pytest.raises(Empty):
            tape.paper.get(timeout=0.2)
        queue.wake()
        assert tape.next() == (4, True)
        queue.wake()
        assert tape.next() == (4, True)
        watch.until(idle())


def test_a_reprint_is_a_copy_and_waits_its_turn() -> None:
    tape, sales, watch = Tape(), Sales([]), Watch()
    with running(tape, sales, watch) as queue:
        sales.seqs.append(9)
        queue.reprint(4)
        assert [tape.next() for _ in range(2)] == [(9, False), (4, True)]
        watch.until(idle())
    assert sales.seqs == []


def test_a_reprint_survives_an_empty_roll() -> None:
    tape, sales, watch = Tape(faults=[OUT, TORN]), Sales([]), Watch()
    with running(tape, sales, watch, AT_ONCE_S) as queue:
        queue.reprint(4)
        watch.until(down(ErrorCode.PRINTER_PAPER_OUT, 1))
        assert [tape.next() for _ in range(2)] == [(4, True), (4, True)]
        watch.until(idle())


def test_the_drawer_opens_before_the_receipt_and_never_later() -> None:
    tape, sales, watch = Tape(faults=[OUT]), Sales([]), Watch()
    with running(tape, sales, watch) as queue:
        sales.seqs.append(4)
        queue.kick()
        assert tape.kicks.get(timeout=LIMIT_S) is OUT
        watch.until(down(ErrorCode.PRINTER_PAPER_OUT, 1))
        assert tape.paper.empty()
        queue.wake()
        watch.until(idle())
        assert tape.kicks.empty()
        queue.kick()
        assert tape.kicks.get(timeout=LIMIT_S) is None


def test_a_drawer_nobody_waits_for_any_more_stays_shut() -> None:
    tape, sales, watch, seconds = Tape(), Sales([]), Watch(), iter([0.0, KICK_FRESH_S + 1])
    queue = PrintQueue(tape, lambda: sales, watch, tape, clock=lambda: next(seconds))
    queue.kick()
    sales.seqs.append(4)
    queue.start()
    watch.until(idle())
    assert queue.stop(LIMIT_S)
    assert tape.kicks.empty()


def test_a_list_that_cannot_be_opened_is_tried_again() -> None:
    tape, sales, watch = Tape(), Sales([4], locked=1), Watch()
    faults = [FULL]

    def opened() -> Sales:
        if faults:
            raise faults.pop()
        return sales

    queue = PrintQueue(tape, opened, watch, back_off_s=AT_ONCE_S)
    queue.start()
    watch.until(PrinterState(error=ErrorCode.DISK_FULL))
    watch.until(PrinterState(error=ErrorCode.DATABASE_LOCKED))
    watch.until(idle())
    queue.kick()
    assert queue.stop(LIMIT_S)
    assert sales.closed == 2
    assert tape.kicks.empty()


def test_on_a_real_connection_the_lost_receipt_comes_as_a_copy(tmp_path: Path) -> None:
    sales, watch = Sales([]), Watch()
    patience = Patience(answer_s=0.5, look_s=0.05, busy_answer_s=1.0)
    with PrinterSink(tmp_path) as sink:
        printer = EscposPrinter(sink.connection, patience=patience)
        queue = PrintQueue(printer, lambda: sales, watch, printer, back_off_s=AT_ONCE_S)
        queue.start()
        assert sales.looked.wait(LIMIT_S)
        sink.tell(f"paper-out {BEFORE_PICTURE + 6}")
        sales.seqs += [4, 9]
        queue.wake()
        watch.until(down(ErrorCode.PRINTER_PAPER_OUT, 2))
        sink.tell("ready")
        watch.until(idle())
        assert queue.stop(LIMIT_S)
        printed = [read(Raster(32, 1, sheet.rows[:4])) for job in sink.heard() for sheet in sheets(job)]
    assert printed == [(4, False), (4, True), (9, False)]
