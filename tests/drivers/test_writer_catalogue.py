"""Every writer is found, and says why it cannot be used; the right one is chosen for each form."""

import sys
from pathlib import Path

import pytest

import drivers.writers
from drivers.pcsc_writing import PcscDevices
from drivers.port import Device
from drivers.reading import DEMO_CLUB
from drivers.writer_catalogue import survey_writers, writer_for
from drivers.writer_port import CardForm, Carrier, WriterDriver, WriterSetup
from drivers.writers.pcsc_tag import TagWriterDriver
from station.card import Medium
from station.errors import ErrorCode, StationError
from tests.rigs.issuing_office import IssuingOffice
from tests.rigs.serial_hand import SerialHand


def setup_for(*ports: str) -> WriterSetup:
    return WriterSetup(DEMO_CLUB, IssuingOffice(), set[str]().__contains__, {"msr605": ports})


def test_every_file_is_a_writer_and_nothing_it_does_is_raised() -> None:
    found = {each.driver.name: each for each in survey_writers(setup_for())}
    assert set(found) == {"msr605", "pcsc_chip", "pcsc_tag", "simulated"}
    assert all(isinstance(each.driver, WriterDriver) and each.driver.title for each in found.values())
    assert {each.driver.form for each in found.values()} == set(CardForm)
    assert found["simulated"].devices == ()
    files = {path.stem for path in Path(drivers.writers.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == set(found)


@pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals")
def test_the_device_of_a_form_is_found_by_its_path_or_by_being_the_first(tmp_path: Path) -> None:
    with SerialHand(tmp_path, "--msr") as hand:
        setup, path = setup_for(hand.path), f"msr605:{hand.path}"
        for asked in ("", path):
            driver, device = writer_for(setup, CardForm.STRIPE, asked)
            assert (driver.name, device.path) == ("msr605", path)
        with pytest.raises(StationError) as caught:
            writer_for(setup, CardForm.STRIPE, "msr605:elsewhere")
        assert caught.value.code is ErrorCode.WRITER_UNAVAILABLE


def test_without_pyscard_no_tag_is_written() -> None:
    def absent() -> object:
        raise ImportError

    driver = TagWriterDriver(setup_for(), PcscDevices(absent))
    assert driver.missing() == "pyscard ()"
    with pytest.raises(StationError) as caught:
        driver.open(Device("pcsc:x", "x"))
    assert caught.value.code is ErrorCode.READER_DRIVER_MISSING


def test_each_carrier_speaks_as_its_medium_does() -> None:
    assert {carrier: carrier.medium for carrier in Carrier} == {
        Carrier.STRIPE: Medium.STRIPE, **dict.fromkeys(set(Carrier) - {Carrier.STRIPE}, Medium.CHIP)}
