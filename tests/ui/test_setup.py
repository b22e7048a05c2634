"""What the first run leaves in the station's folder: where somebody stands, and the printer in ``station.toml``."""

from pathlib import Path

import pytest

from station.errors import ErrorCode, StationError
from ui.settings import PrinterSettings, read_settings
from ui.setup import SetupFile, Step, is_needed, keep_printer, known_settings, with_printer

NETWORK = PrinterSettings(kind="network", host="10.0.0.9", drawer=True)


def test_where_somebody_stands_outlives_the_program(tmp_path: Path) -> None:
    assert SetupFile(tmp_path).read() is None
    SetupFile(tmp_path).keep(Step.PRINTER)
    assert SetupFile(tmp_path).read() is Step.PRINTER
    SetupFile(tmp_path).done()
    SetupFile(tmp_path).done()
    assert SetupFile(tmp_path).read() is None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version":2,"step":"LOOK"}', b'{"version":1,"step":"MOON"}', b"\xff"])
def test_a_damaged_file_begins_at_the_first_step(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "setup.json").write_bytes(content)
    assert SetupFile(tmp_path).read() is Step.LANGUAGE


def test_a_station_is_set_up_until_it_is_paired_and_through(tmp_path: Path) -> None:
    enrolment = tmp_path / "station.locked"
    assert is_needed(tmp_path, enrolment)
    enrolment.write_bytes(b"")
    assert not is_needed(tmp_path, enrolment)
    SetupFile(tmp_path).keep(Step.LOOK)
    assert is_needed(tmp_path, enrolment)


OTHERS = """# how this shop is set up
[club]
prefix = "9364"  # ours

{printer}[[readers]]
driver = "msr605"
port = "/dev/ttyUSB0"
"""


@pytest.mark.parametrize("before", ["", '[printer]  # the old one\nkind = "serial"\npath = "/dev/ttyS0"\n\n'])
def test_the_printer_is_written_and_the_rest_stays(tmp_path: Path, before: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(OTHERS.format(printer=before), encoding="utf-8")
    others = known_settings(path)
    keep_printer(path, NETWORK)
    found = read_settings(path)
    assert (found.printer, found.club, found.readers) == (NETWORK, others.club, others.readers)
    text = path.read_text(encoding="utf-8")
    assert "# how this shop is set up" in text
    assert "# ours" in text
    assert "/dev/ttyS0" not in text


def test_a_printer_is_written_where_nothing_was(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    keep_printer(path, PrinterSettings(kind="device", path='C:\\ports\\"a"'))
    assert read_settings(path).printer.path == 'C:\\ports\\"a"'
    assert with_printer("", PrinterSettings()) == '[printer]\nkind = "file"\n'


def test_a_table_of_the_printer_that_is_not_understood_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("[printer]\nsmell = 1\n", encoding="utf-8")
    keep_printer(path, NETWORK)
    assert read_settings(path).printer == NETWORK


@pytest.mark.parametrize("text", ["not toml", 'printer = {kind = "file"}\n', "[moon]\n"])
def test_a_file_that_is_not_understood_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StationError) as refused:
        keep_printer(path, NETWORK)
    assert refused.value.code is ErrorCode.SETTINGS_INVALID
    assert path.read_text(encoding="utf-8") == text
