"""The reader without hardware."""

from threading import Timer

import pytest

from drivers.catalogue import survey
from drivers.port import Device
from drivers.readers.simulated import SimulatedDriver
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError

COUNTER = Device("simulated:Counter", "Counter")


def test_each_device_sees_its_own_cards() -> None:
    driver = SimulatedDriver()
    left, right = driver.plug("Counter"), driver.plug("Gate")
    assert [each.title for each in driver.find()] == ["Counter", "Gate"]
    reader = driver.open(right.device)
    left.present("9364000000000001", Medium.STRIPE)
    right.present("04A1B2C3")
    assert reader.wait(0) == Tap("simulated:Gate", Medium.NFC_UID, "04A1B2C3")
    assert reader.wait(0) is None


def test_a_waiting_reader_is_woken_by_a_card() -> None:
    driver = SimulatedDriver()
    hand = driver.plug("Counter")
    Timer(0.02, hand.present, ["9364000000000001", Medium.STRIPE]).start()
    assert driver.open(COUNTER).wait(10) == Tap(COUNTER.path, Medium.STRIPE, "9364000000000001")


def test_an_open_device_is_busy() -> None:
    driver = SimulatedDriver()
    driver.plug("Counter")
    driver.open(COUNTER)
    with pytest.raises(StationError) as caught:
        driver.open(COUNTER)
    assert caught.value.code is ErrorCode.READER_BUSY


def test_unplugging_kills_the_open_reader_for_good() -> None:
    driver = SimulatedDriver()
    hand = driver.plug("Counter")
    dead = driver.open(COUNTER)
    hand.present("04A1B2C3")
    hand.unplug()
    assert not driver.find()
    hand.present("04A1B2C4")
    with pytest.raises(StationError) as caught:
        driver.open(COUNTER)
    assert caught.value.code is ErrorCode.READER_GONE

    hand.replug()
    with pytest.raises(StationError) as caught:
        dead.wait(0)
    assert caught.value.code is ErrorCode.READER_GONE
    alive = driver.open(COUNTER)
    dead.close()
    assert alive.wait(0) is None
    hand.present("04A1B2C5")
    assert alive.wait(0) == Tap(COUNTER.path, Medium.NFC_UID, "04A1B2C5")


def test_the_catalogues_own_driver_offers_no_device() -> None:
    found = next(each for each in survey() if each.name == "simulated")
    assert (found.devices, found.error) == ((), None)
