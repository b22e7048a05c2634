"""What every reader driver promises, asked of each one that has a rig."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from drivers.port import CardReader, Device, Driver
from drivers.readers.pcsc import PcscDriver
from drivers.readers.simulated import SimulatedDevice, SimulatedDriver
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER

pytestmark = pytest.mark.timeout(30, func_only=True)
FIRST, SECOND = "04A1B2C3D4E5F6", "04A1B2C3D4E5F7"
SEEN_S = 3.0
NOTHING_S = 0.05


class Rig(Protocol):
    """A driver with a hand that shows cards to one of its devices."""

    driver: Driver
    path: str

    def show(self, uid: str) -> None:
        """Put a card on the reader, in place of the one that lies there."""
        ...


class SimulatedRig:
    def __init__(self) -> None:
        driver = SimulatedDriver()
        self._hand: SimulatedDevice = driver.plug("Counter")
        self.driver: Driver = driver
        self.path = "simulated:Counter"

    def show(self, uid: str) -> None:
        self._hand.present(uid)


class PcscRig:
    def __init__(self, card: VirtualCard) -> None:
        self._card = card
        self.driver: Driver = PcscDriver()
        self.path = f"pcsc:{READER}"

    def show(self, uid: str) -> None:
        self._card.swap(uid)


@pytest.fixture(params=["simulated", pytest.param("pcsc", marks=pytest.mark.pcsc)])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "simulated":
        return SimulatedRig()
    return PcscRig(request.getfixturevalue("card"))


@pytest.fixture
def device(rig: Rig) -> Device:
    return next(each for each in rig.driver.find() if each.path == rig.path)


@pytest.fixture
def reader(rig: Rig, device: Device) -> Iterator[CardReader]:
    opened = rig.driver.open(device)
    yield opened
    opened.close()


def test_it_is_a_driver_and_nothing_is_missing(rig: Rig) -> None:
    assert isinstance(rig.driver, Driver)
    assert rig.driver.missing() is None
    assert rig.path.startswith(f"{rig.driver.name}:")


def test_finding_does_not_open(rig: Rig, device: Device) -> None:
    reader = rig.driver.open(device)
    assert device in rig.driver.find()
    reader.close()


def test_an_empty_reader_says_nothing(reader: CardReader) -> None:
    assert reader.wait(0) is None
    assert reader.wait(NOTHING_S) is None


def test_a_card_is_one_tap(rig: Rig, reader: CardReader) -> None:
    reader.wait(0)
    rig.show(FIRST)
    assert reader.wait(SEEN_S) == Tap(rig.path, Medium.NFC_UID, FIRST)
    assert reader.wait(NOTHING_S) is None


def test_each_card_is_a_tap_also_the_same_again(rig: Rig, reader: CardReader) -> None:
    for uid in (FIRST, SECOND, SECOND):
        rig.show(uid)
        assert reader.wait(SEEN_S) == Tap(rig.path, Medium.NFC_UID, uid)


def test_a_card_that_was_there_first_is_seen_on_opening(rig: Rig, device: Device) -> None:
    rig.show(FIRST)
    reader = rig.driver.open(device)
    assert reader.wait(SEEN_S) == Tap(rig.path, Medium.NFC_UID, FIRST)
    reader.close()


def test_a_closed_reader_can_be_opened_again(rig: Rig, device: Device) -> None:
    rig.driver.open(device).close()
    reader = rig.driver.open(device)
    assert reader.wait(0) is None
    reader.close()


def test_a_device_that_is_not_there_is_gone(rig: Rig) -> None:
    with pytest.raises(StationError) as caught:
        rig.driver.open(Device(f"{rig.driver.name}:no such reader", "No such reader"))
    assert caught.value.code is ErrorCode.READER_GONE
