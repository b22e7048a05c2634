"""Rasters, PNG files and the printer whose paper is a folder."""

from pathlib import Path

import pytest

from drivers.printers.file import FilePrinter
from drivers.printers.png import encode
from drivers.printers.port import Printer, Raster
from station.errors import ErrorCode, StationError

WIDTH, HEIGHT = 13, 3
ROWS = bytes.fromhex("8008" "0000" "FFF8")
RASTER = Raster(WIDTH, HEIGHT, ROWS)


@pytest.mark.parametrize(("width", "height", "rows"), [
    (0, 1, b""), (1, 0, b""), (8, 2, b"\0"), (9, 1, b"\0"), (8, 1, b"\0\0"),
])
def test_a_raster_of_another_size_is_a_bug(width: int, height: int, rows: bytes) -> None:
    with pytest.raises(ValueError, match="no raster"):
        Raster(width, height, rows)


def test_another_programs_decoder_sees_the_same_dots() -> None:
    gui = pytest.importorskip("PySide6.QtGui")
    image = gui.QImage.fromData(encode(RASTER), "PNG")
    assert (image.width(), image.height()) == (WIDTH, HEIGHT)
    black = [[image.pixelColor(x, y).lightness() == 0 for x in range(WIDTH)] for y in range(HEIGHT)]
    assert black == [
        [ROWS[y * 2 + x // 8] >> 7 - x % 8 & 1 == 1 for x in range(WIDTH)] for y in range(HEIGHT)]


def test_a_job_is_one_file_and_nothing_else(tmp_path: Path) -> None:
    printer: Printer = FilePrinter(tmp_path / "receipts")
    printer.print(RASTER, "S1-17")
    printer.print(RASTER, "S1-17")
    assert [each.name for each in (tmp_path / "receipts").iterdir()] == ["S1-17.png"]
    assert (tmp_path / "receipts" / "S1-17.png").read_bytes() == encode(RASTER)


def test_odd_job_names_stay_in_the_folder_and_apart(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    jobs = ["../out", "..-out", "a/b", "a:b", "", "NUL", "رسید ۱۷", "x" * 300]
    for job in jobs:
        FilePrinter(folder).print(RASTER, job)
    names = [each.name for each in folder.iterdir()]
    assert len(names) == len(jobs)
    assert all(len(name) < 100 and name.isascii() and name.upper() != "NUL.PNG" for name in names)
    assert [each.name for each in tmp_path.iterdir()] == ["receipts"]


def test_a_folder_that_cannot_be_written_is_an_unavailable_printer(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StationError) as caught:
        FilePrinter(tmp_path / "taken").print(RASTER, "S1-17")
    assert caught.value.code is ErrorCode.PRINTER_UNAVAILABLE
    assert str(tmp_path) not in str(caught.value)
