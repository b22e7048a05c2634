"""All readers at once: found at start and later, kept when unplugged, silent drivers logged once."""

import logging
from collections.abc import Sequence
from queue import Queue

import pytest

from drivers.port import CardReader, Device
from drivers.pump import ReaderState
from drivers.readers.simulated import SimulatedDriver
from drivers.roster import Roster
from station.card import Tap
from station.errors import ErrorCode, StationError

LIMIT_S = 10


class DeafDriver:
    """Cannot look for devices."""

    name = "deaf"
    title = "Deaf"

    def missing(self) -> str | None:
        return None

    def find(self) -> Sequence[Device]:
        raise StationError(ErrorCode.READER_SERVICE_DOWN)

    def open(self, device: Device) -> CardReader:
        raise AssertionError(device)


def test_readers_are_served_whenever_they_come(caplog: pytest.LogCaptureFixture) -> None:
    taps: Queue[Tap] = Queue()
    states: Queue[ReaderState] = Queue()
    driver = SimulatedDriver()
    first = driver.plug("first")
    roster = Roster(lambda: [DeafDriver(), driver], taps.put, states.put, look_every_s=0.02)
    with caplog.at_level(logging.WARNING):
        roster.start()
        assert states.get(timeout=LIMIT_S).path == first.device.path
        first.present("04A1")
        assert taps.get(timeout=LIMIT_S).number == "04A1"
        second = driver.plug("second")
        assert states.get(timeout=LIMIT_S).path == second.device.path
        second.present("04B2")
        assert taps.get(timeout=LIMIT_S).reader == second.device.path
        first.unplug()
        assert states.get(timeout=LIMIT_S) == ReaderState(
            first.device.path, "first", ready=False, error=ErrorCode.READER_GONE)
        first.replug()
        assert states.get(timeout=LIMIT_S).ready
        first.present("04C3")
        assert taps.get(timeout=LIMIT_S).number == "04C3"
        roster.stop()
    first.present("04D4")
    assert taps.empty()
    assert [record.message for record in caplog.records] == ["readers: deaf: E101 READER_SERVICE_DOWN"]


def test_a_device_that_is_lent_is_free_and_served_again_after() -> None:
    taps: Queue[Tap] = Queue()
    states: Queue[ReaderState] = Queue()
    driver = SimulatedDriver()
    hand = driver.plug("first")
    roster = Roster(lambda: [driver], taps.put, states.put, look_every_s=0.02)
    roster.start()
    assert states.get(timeout=LIMIT_S).ready
    with roster.lend(hand.device.path):
        reader = driver.open(hand.device)
        hand.present("04A1")
        tap = reader.wait(LIMIT_S)
        assert tap is not None
        reader.close()
    assert states.get(timeout=LIMIT_S).ready
    hand.present("04B2")
    assert taps.get(timeout=LIMIT_S).number == "04B2"
    roster.stop()
    assert taps.empty()


def test_lending_what_is_not_served_and_lending_to_the_end() -> None:
    states: Queue[ReaderState] = Queue()
    driver = SimulatedDriver()
    hand = driver.plug("first")
    roster = Roster(lambda: [driver], Queue[Tap]().put, states.put, look_every_s=0.02)
    with roster.lend(hand.device.path):
        driver.open(hand.device).close()
    roster.start()
    assert states.get(timeout=LIMIT_S).ready
    with roster.lend(hand.device.path):
        roster.stop()
    driver.open(hand.device).close()
