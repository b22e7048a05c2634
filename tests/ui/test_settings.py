"""station.toml is read strictly, and its defaults are the demo club's."""

import os
from pathlib import Path

import pytest

from drivers.chip import ChipProfile, ClubFile
from drivers.printers.escpos import EscposPrinter
from drivers.printers.file import FilePrinter
from drivers.reading import DEMO_CLUB
from station.errors import ErrorCode, StationError
from station.weighed import Figure, LabelLayout
from ui.devices import paper, reader_drivers, shop_setup
from ui.settings import PrinterSettings, ReaderSettings, Settings, read_settings
from ui.wiring import Home


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "station.toml") == Settings()
    assert Settings().club.profile() == DEMO_CLUB


def test_a_full_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("""
[club]
track = 1
prefix = "CLUB"
lengths = [10]
check = "NONE"
letters = true
[keyboard]
swipe_gap_ms = 120
[[readers]]
driver = "msr605"
port = "COM3"
[printer]
kind = "network"
host = "192.0.2.7"
drawer = true
""", encoding="utf-8")
    settings = read_settings(path)
    assert settings.club.profile().accepts(b"CLUB123456")
    assert settings.readers[0].port == "COM3"
    assert (settings.printer.host, settings.printer.port, settings.printer.drawer) == ("192.0.2.7", 9100, True)
    assert settings.keyboard.code_gap_ms == 35


@pytest.mark.parametrize(("text", "reason"), [
    ("[printer]\nkind = 'laser'", "printer.kind"),
    ("[printer]\nport = 0", "printer.port"),
    ("[clubb]", "clubb"),
    ("[club]\nprefx = '1'", "prefx"),
    ("club = ", "Invalid value"),
])
def test_what_is_not_understood_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        read_settings(path)


def test_a_profile_that_would_let_bank_cards_in_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("[club]\nprefix = '603799'\n", encoding="utf-8")
    with pytest.raises(ValueError, match="bank cards"):
        read_settings(path).club.profile()


LABEL = "[[labels]]\nprefix = '21'\nitem = 5\nfigure = 'weight'\ndigits = 5\n"


def settings_of(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_labels_of_scales(tmp_path: Path) -> None:
    priced = "[[labels]]\nprefix = '22'\nitem = 4\nfigure = 'price'\ndigits = 5\nunit = 100\ncheck = true\n"
    assert settings_of(tmp_path, LABEL + priced).layouts() == (
        LabelLayout("21", 5, Figure.WEIGHT, 5), LabelLayout("22", 4, Figure.PRICE, 5, 100, check=True))
    assert Settings().layouts() == ()


@pytest.mark.parametrize(("text", "reason"), [
    (LABEL.replace("'21'", "'62'"), "prefix"), (LABEL.replace("digits = 5", "digits = 4"), "12 digits"),
    (LABEL * 2, "twice"), ("[club]\nprefix = '2100'\nlengths = [13]\n" + LABEL, "card of the club"),
    ("[club]\nprefix = '2'\nlengths = [13, 16]\n" + LABEL, "card of the club")])
def test_labels_that_cannot_be_told_from_something_else(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        settings_of(tmp_path, text).layouts()


def test_cards_of_another_length_may_begin_as_labels_do(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "[club]\nprefix = '2100'\nlengths = [16]\n" + LABEL).layouts()


def test_a_chip_file_of_the_club(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("[chips]\naid = 'F0434C5542'\nfile_id = 'EF01'\nlength = 20\ntakes_uid = false\n", encoding="utf-8")
    chips = read_settings(path).chips.profile()
    assert chips == ChipProfile(ClubFile(b"\xf0CLUB", b"\xef\x01", 0, 20), reads_ndef=True, takes_uid=False)
    path.write_text("[chips]\naid = 'A0000000031010'\nfile_id = 'EF01'\n", encoding="utf-8")
    with pytest.raises(ValueError, match="payment scheme"):
        read_settings(path).chips.profile()


def test_a_reader_nobody_knows_is_shown_as_one_that_cannot_be_used() -> None:
    settings = Settings(readers=(ReaderSettings(driver="crystal_ball", port="COM9"),))
    driver = next(each for each in reader_drivers(shop_setup(settings)) if each.name == "crystal_ball")
    device, = driver.find()
    assert device.title == "crystal_ball"
    assert "crystal_ball" in str(driver.missing())
    with pytest.raises(StationError) as refused:
        driver.open(device)
    assert refused.value.code is ErrorCode.READER_DRIVER_MISSING


def test_every_usable_driver_hears_of_the_shop() -> None:
    hand, port = os.openpty()
    try:
        path = os.ttyname(port)
        settings = Settings(readers=(ReaderSettings(driver="msr605", port=path),))
        found = {driver.name: [device.path for device in driver.find()]
                 for driver in reader_drivers(shop_setup(settings)) if driver.name in ("msr605", "serial_stripe")}
    finally:
        os.close(hand)
        os.close(port)
    assert found["msr605"] == [f"msr605:{path}"]
    assert f"serial_stripe:{path}" not in found["serial_stripe"]


@pytest.mark.parametrize(("printer", "kind"), [
    (PrinterSettings(), FilePrinter),
    (PrinterSettings(kind="network", host="192.0.2.7"), EscposPrinter),
    (PrinterSettings(kind="serial", path="/dev/ttyS0"), EscposPrinter),
    (PrinterSettings(kind="device", path="/dev/usb/lp0"), EscposPrinter),
])
def test_each_kind_of_printer(tmp_path: Path, printer: PrinterSettings, kind: type) -> None:
    assert isinstance(paper(printer, Home(tmp_path)).printer, kind)


def test_a_printer_without_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a host"):
        paper(PrinterSettings(kind="network"), Home(tmp_path))
    assert paper(PrinterSettings(kind="device", path="/dev/x", drawer=True), Home(tmp_path)).drawer is not None
