"""The pump: one thread per reader that outlives every fault of the reader, and hides no bug."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import Queue

import pytest

from drivers.port import Device
from drivers.pump import Pump, ReaderState
from drivers.readers.simulated import SimulatedDriver
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError

pytestmark = pytest.mark.timeout(30)
LIMIT_S = 5
DEVICE = Device("scripted:1", "Scripted")
READY = ReaderState("scripted:1", "Scripted", ready=True, error=None)
TAP = Tap("scripted:1", Medium.NFC_UID, "04A1B2C3")


def down(code: ErrorCode) -> ReaderState:
    return ReaderState("scripted:1", "Scripted", ready=False, error=code)


def bad_card(code: ErrorCode) -> ReaderState:
    return ReaderState("scripted:1", "Scripted", ready=True, error=code)


class ScriptedDriver:
    """Opens and waits by a script; at its end the reader is empty and blocks until closed."""

    name = "scripted"
    title = "Scripted"

    def __init__(self, openings: Sequence[ErrorCode | None], waits: Sequence[Tap | Exception | None]) -> None:
        self._openings = deque(openings)
        self._waits = deque(waits)
        self.opened = 0
        self.closed = 0

    def missing(self) -> str | None:
        return None

    def find(self) -> Sequence[Device]:
        return (DEVICE,)

    def open(self, device: Device) -> "ScriptedDriver":
        assert device == DEVICE
        code = self._openings.popleft() if self._openings else None
        if code:
            raise StationError(code)
        self.opened += 1
        return self

    def wait(self, timeout_s: float) -> Tap | None:
        if not self._waits:
            threading.Event().wait(min(timeout_s, 0.01))
            return None
        step = self._waits.popleft()
        if isinstance(step, Exception):
            raise step
        return step

    def close(self) -> None:
        self.closed += 1


class Bench:
    """A pump on a scripted driver, and the news it sent, in order."""

    def __init__(self) -> None:
        self.news: Queue[Tap | ReaderState] = Queue()
        self._pumps: list[Pump] = []

    def run(
        self, driver: ScriptedDriver, sink: Callable[[Tap], None] | None = None,
        back_off_s: Sequence[float] = (0.0,),
    ) -> Pump:
        pump = Pump(driver, DEVICE, sink or self.news.put, self.news.put, back_off_s)
        self._pumps.append(pump)
        pump.start()
        return pump

    def expect(self, *wanted: Tap | ReaderState) -> None:
        assert [self.news.get(timeout=LIMIT_S) for _ in wanted] == list(wanted)

    def stop(self) -> None:
        for pump in self._pumps:
            pump.stop()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.stop()


def test_ready_then_taps(bench: Bench) -> None:
    bench.run(ScriptedDriver([], [None, TAP, None, TAP]))
    bench.expect(READY, TAP, TAP)


def test_a_failing_reader_is_opened_again_and_each_change_is_told_once(bench: Bench) -> None:
    driver = ScriptedDriver(
        [ErrorCode.READER_SERVICE_DOWN, ErrorCode.READER_SERVICE_DOWN, ErrorCode.READER_FORBIDDEN],
        [TAP, StationError(ErrorCode.READER_GONE), TAP])
    bench.run(driver)
    bench.expect(
        down(ErrorCode.READER_SERVICE_DOWN), down(ErrorCode.READER_FORBIDDEN), READY, TAP,
        down(ErrorCode.READER_GONE), READY, TAP)
    assert (driver.opened, driver.closed) == (2, 1)


def test_a_card_fault_is_told_each_time_and_the_reader_stays_open(bench: Bench) -> None:
    driver = ScriptedDriver([], [
        StationError(ErrorCode.CARD_SILENT), StationError(ErrorCode.CARD_UNREADABLE),
        StationError(ErrorCode.CARD_UNREADABLE), TAP])
    bench.run(driver)
    bench.expect(
        READY, bad_card(ErrorCode.CARD_SILENT), bad_card(ErrorCode.CARD_UNREADABLE),
        bad_card(ErrorCode.CARD_UNREADABLE), TAP)
    assert (driver.opened, driver.closed) == (1, 0)


def test_a_reader_is_not_called_ready_before_it_answered(bench: Bench) -> None:
    busy = StationError(ErrorCode.READER_BUSY)
    bench.run(ScriptedDriver([], [busy, busy, TAP]))
    bench.expect(down(ErrorCode.READER_BUSY), READY, TAP)


class CountingPauses(Sequence[float]):
    """Pauses of no length that remember which of them were taken."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int | slice) -> float:  # type: ignore[override]
        assert isinstance(index, int)
        self.taken.append(index)
        return 0.0


def test_pauses_grow_stay_at_the_last_and_start_anew_once_ready(bench: Bench) -> None:
    pauses = CountingPauses()
    gone = StationError(ErrorCode.READER_GONE)
    bench.run(
        ScriptedDriver([ErrorCode.READER_GONE] * 5, [TAP, gone, TAP]), back_off_s=pauses)
    bench.expect(down(ErrorCode.READER_GONE), READY, TAP, down(ErrorCode.READER_GONE), READY, TAP)
    assert pauses.taken == [0, 1, 2, 2, 2, 0]


@pytest.mark.parametrize("bug", [ZeroDivisionError(), StationError(ErrorCode.READER_GONE)])
def test_a_bug_in_the_sink_ends_the_thread_loudly(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, bug: Exception,
) -> None:
    loud: Queue[object] = Queue()
    monkeypatch.setattr(threading, "excepthook", lambda hooked: loud.put(hooked.exc_value))

    def sink(tap: Tap) -> None:
        assert tap == TAP
        raise bug

    driver = ScriptedDriver([], [TAP, TAP])
    bench.run(driver, sink)
    assert loud.get(timeout=LIMIT_S) is bug
    bench.stop()
    assert (driver.opened, driver.closed) == (1, 1)


def test_stopping_closes_the_reader_and_silences_the_pump(bench: Bench) -> None:
    driver = ScriptedDriver([], [TAP])
    pump = bench.run(driver)
    bench.expect(READY, TAP)
    pump.stop()
    assert driver.closed == 1
    assert bench.news.empty()


def test_stopping_does_not_wait_for_a_long_pause(bench: Bench) -> None:
    pump = bench.run(ScriptedDriver([ErrorCode.READER_GONE], []), back_off_s=(3600,))
    bench.expect(down(ErrorCode.READER_GONE))
    pump.stop()
    assert not [each for each in threading.enumerate() if each.name == f"reader {DEVICE.path}"]


def test_a_simulated_reader_survives_unplugging() -> None:
    driver = SimulatedDriver()
    hand = driver.plug("Counter")
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, hand.device, news.put, news.put, back_off_s=(0.005,))
    pump.start()
    ready = news.get(timeout=LIMIT_S)
    hand.unplug()
    gone = news.get(timeout=LIMIT_S)
    hand.replug()
    again = news.get(timeout=LIMIT_S)
    hand.present("9364000000000001", Medium.STRIPE)
    tap = news.get(timeout=LIMIT_S)
    pump.stop()
    path = hand.device.path
    assert [ready, gone, again, tap] == [
        ReaderState(path, "Counter", ready=True, error=None),
        ReaderState(path, "Counter", ready=False, error=ErrorCode.READER_GONE),
        ReaderState(path, "Counter", ready=True, error=None),
        Tap(path, Medium.STRIPE, "9364000000000001")]
