"""The contract of ``tests/drivers/test_contract.py`` on real metal, with a person who shows cards.

``pytest -m hardware --reader PATH``; what to do is asked on the terminal. Numbers are not printed.
"""

from collections.abc import Iterator
from queue import Queue
from time import monotonic

import pytest

from drivers.port import CARD_FAULTS, CardReader, Device, Driver
from drivers.pump import Pump, ReaderState
from drivers.reading import DEMO_CLUB
from drivers.transcript import outcome
from station.card import Tap
from station.errors import StationError
from tests.drivers import test_contract as contract
from ui.cli_readers import driver_at

HAND_S = 60.0
NOTHING_S = 2.0
pytestmark = [pytest.mark.hardware, pytest.mark.timeout(4 * HAND_S)]

test_it_is_a_driver_and_nothing_is_missing = contract.test_it_is_a_driver_and_nothing_is_missing
test_finding_does_not_open = contract.test_finding_does_not_open
test_a_closed_reader_can_be_opened_again = contract.test_a_closed_reader_can_be_opened_again
test_a_device_that_is_not_there_is_gone = contract.test_a_device_that_is_not_there_is_gone


class Metal:
    """A reader on the desk and the person beside it."""

    def __init__(self, path: str, capture: pytest.CaptureFixture[str]) -> None:
        """Find the driver of the device ``path``."""
        self.path = path
        self.driver: Driver = driver_at(path, DEMO_CLUB)[0]
        self._capture = capture

    def ask(self, what: str) -> None:
        """Tell the person what to do."""
        with self._capture.disabled():
            print(f"\n>>> {what}", flush=True)  # noqa: T201 - a person reads it


@pytest.fixture
def rig(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Metal:
    return Metal(request.config.getoption("--reader"), capsys)


@pytest.fixture
def device(rig: Metal) -> Device:
    return next(each for each in rig.driver.find() if each.path == rig.path)


@pytest.fixture
def reader(rig: Metal, device: Device) -> Iterator[CardReader]:
    rig.ask("Take every card away.")
    opened = rig.driver.open(device)
    yield opened
    opened.close()


def heard(reader: CardReader, limit_s: float) -> Tap | StationError | None:
    """Return what comes of the next card; one that is none of the club's is as good. Raises the reader's faults."""
    try:
        return reader.wait(limit_s)
    except StationError as fault:
        if fault.code in CARD_FAULTS:
            return fault
        raise


def seen(reader: CardReader) -> Tap | StationError:
    """Return what comes of the card that the person was asked to show."""
    result, deadline = None, monotonic() + HAND_S
    while result is None and monotonic() < deadline:
        result = heard(reader, NOTHING_S)
    assert result is not None, "no card came"
    return result


def test_a_card_is_seen_once_each_time_it_is_shown(rig: Metal, reader: CardReader) -> None:
    while heard(reader, NOTHING_S):
        rig.ask("A card is still there.")
    outcomes = []
    for time in ("Show a card and leave it (or swipe it once).", "Take it away and show the same card again."):
        rig.ask(time)
        outcomes.append(outcome(seen(reader)))
        assert heard(reader, NOTHING_S) is None
    assert outcomes[0] == outcomes[1]


def test_the_same_card_has_the_same_number(rig: Metal, reader: CardReader) -> None:
    numbers = set()
    for time in ("Show a card of the club.", "Once more the same card.", "And once more."):
        rig.ask(time)
        result = seen(reader)
        assert isinstance(result, Tap), outcome(result)
        assert result.reader == rig.path
        numbers.add(result.number)
    assert len(numbers) == 1, "one card, several numbers"


def test_an_unplugged_reader_is_told_and_comes_back(rig: Metal, device: Device) -> None:
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(rig.driver, device, news.put, news.put)
    pump.start()
    rig.ask("Unplug the reader.")
    while not (isinstance(state := news.get(timeout=HAND_S), ReaderState) and not state.ready):
        pass
    rig.ask("Plug it in again.")
    while not (isinstance(state := news.get(timeout=HAND_S), ReaderState) and state.ready):
        pass
    rig.ask("Show a card.")
    result = news.get(timeout=HAND_S)
    assert isinstance(result, Tap) or result.error in CARD_FAULTS
    pump.stop()
