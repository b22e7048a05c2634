"""What is saved, read back as others read it: CSV, XLSX, PDF, and files that are whole or not there."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode, StationError
from ui.export.csv_file import csv_bytes, safe
from ui.export.sheet import Column, Kind, Sheet, Value, shown
from ui.export.whole import write_whole
from ui.export.xlsx_file import xlsx_bytes
from ui.format import Format, Unit
from ui.qt.table_pdf import pdf_bytes
from ui.text import Words

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (
    Column("Name"), Column("Day", Kind.DATE), Column("At", Kind.TIME), Column("Pieces", Kind.NUMBER),
    Column("Paid", Kind.MONEY), Column("Share", Kind.PERCENT), Column("Weight", Kind.QUANTITY))
ROW: tuple[Value, ...] = ("شیر, کم‌چرب", "2026-11-22", 845, 12_345, -1_234_560, 68, 1_250)


def sheet(*rows: tuple[Value, ...], language: str = "en", unit: Unit = Unit.TOMAN) -> Sheet:
    return Sheet("sales", "Sales of a day", COLUMNS, rows, Format(language, unit), ("This station only.",))


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_is_read_back_as_plain_figures() -> None:
    head, row = read_csv(csv_bytes(sheet(ROW)))
    assert head == ["Name", "Day", "At", "Pieces", "Paid", "Share", "Weight"]
    assert row == ["شیر, کم‌چرب", "2026-11-22", "14:05", "12345", "-123456", "68%", "1.250"]


def test_csv_in_persian_has_jalali_days_and_figures_that_programs_read() -> None:
    _, row = read_csv(csv_bytes(sheet(ROW, language="fa")))
    assert row[1:6] == ["1405/09/01", "14:05", "12345", "-123456", "68%"]


def test_a_single_rial_is_a_tenth_of_a_toman_and_nothing_is_an_empty_cell() -> None:
    _, odd, empty = read_csv(csv_bytes(sheet(("a", "2026-11-22", 0, 0, 5, 0, 5), (None,) * 7)))
    assert (odd[4], odd[6]) == ("0.5", "0.005")
    assert empty == [""] * 7


@pytest.mark.parametrize(("text", "seen"), [
    ("=1+1", "=1+1"), ("+98 912", "+98 912"), ("-2", "-2"), ("@SUM(A1)", "@SUM(A1)"), ("|calc", "|calc"),
    ("\t=1", "=1"), ("\r=1", "=1"), ("\n=1", "=1"), ("\0=1", "=1"), ("\ttea", "tea"), (" =1", "=1"), ("\u00a0=1", "=1"),
    ("\u200f=1", "=1"), ("\u2066=1", "=1"), ("\ufeff=1", "=1"), ("＝1+1", "＝1+1"), ("＋1", "＋1"), ("－1", "－1"), ("＠x", "＠x"),
    ('"=1"', '"=1"'), ("'=1", "'=1"), ("«=1»", "«=1»"), ('"\u200f=1', '"\u200f=1'),
    ('\u200b \t＝HYPERLINK("http://x")', '＝HYPERLINK("http://x")'),
])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str, seen: str) -> None:
    assert safe(text) == f"'{seen}"
    _, row = read_csv(csv_bytes(sheet((text, None, None, None, None, None, None))))
    assert row[0] == f"'{seen}"


@pytest.mark.parametrize("text", ["", "شیر", "Tea = good", "09120000001", "a-b", "1+1", "(=1)", '"tea"', "کاظمی\u200cنژاد"])
def test_other_cells_are_left_alone(text: str) -> None:
    assert safe(text) == text


def test_a_cell_stays_on_one_line() -> None:
    assert safe("tea\r\n=1") == "tea  =1"


def cells(content: bytes) -> tuple[dict[str, tuple[str, str]], str]:
    """Return each cell's type and text, by its place, and the sheet's own document."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        texts = [
            "".join(part.text or "" for part in each.iter(f"{MAIN}t"))
            for each in ET.fromstring(book.read("xl/sharedStrings.xml"))]  # noqa: S314 - our own file
    found = {}
    for cell in ET.fromstring(page).iter(f"{MAIN}c"):  # noqa: S314 - our own file
        value = cell.find(f"{MAIN}v")
        assert cell.find(f"{MAIN}f") is None, "a formula"
        if value is not None and value.text:
            kind = cell.get("t", "n")
            found[cell.get("r", "")] = kind, texts[int(value.text)] if kind == "s" else value.text
    return found, page


def test_xlsx_has_figures_as_numbers_and_texts_as_texts() -> None:
    found, page = cells(xlsx_bytes(sheet(ROW)))
    assert found["A1"] == ("s", "Sales of a day")
    assert found["A2"] == ("s", "This station only.")
    assert [found[f"{column}3"][1] for column in "ABCDEFG"] == [column.head for column in COLUMNS]
    assert found["A4"] == ("s", "شیر, کم‌چرب")
    kinds, values = zip(*(found[f"{column}4"] for column in "DEFG"), strict=True)
    assert set(kinds) == {"n"}
    assert [float(value) for value in values] == [12_345, -123_456, 0.68, 1.25]
    assert float(found["B4"][1]) == 46_348  # days since 1899-12-30
    assert float(found["C4"][1]) == pytest.approx(845 / 1440)
    assert "rightToLeft" not in page


def test_xlsx_in_persian_is_read_from_the_right() -> None:
    found, page = cells(xlsx_bytes(sheet(ROW, language="fa")))
    assert 'rightToLeft="1"' in page
    assert found["B4"] == ("s", "1405/09/01")
    assert found["E4"] == ("n", "-123456")


@pytest.mark.parametrize("text", ["=1+1", "09120000001", "http://example.test", "123", "{=1}"])
def test_a_text_stays_a_text_in_a_workbook(text: str) -> None:
    found, _ = cells(xlsx_bytes(sheet((text, *ROW[1:]))))
    assert found["A4"] == ("s", text)


def pages(content: bytes) -> int:
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_paper_has_as_many_pages_as_the_rows_need(qtbot: QtBot, language: str) -> None:
    assert qtbot is not None
    one = pages(pdf_bytes(sheet(ROW, language=language), Words(language)))
    assert one == 1
    many = pages(pdf_bytes(sheet(*[ROW] * 200, language=language), Words(language)))
    assert 200 / 40 < many < 200 / 15
    assert pages(pdf_bytes(sheet(language=language), Words(language))) == 1


def test_the_screen_shows_the_same_in_the_languages_figures() -> None:
    table = shown(sheet(ROW, language="fa"))
    assert table.rows[0][1:4] == ("۱۴۰۵/۰۹/۰۱", "۱۴:۰۵", "۱۲٬۳۴۵")
    assert table.numeric == (False, False, True, True, True, True, True)
    assert shown(sheet((None,) * 7)).rows == (("",) * 7,)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "sales.csv"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["sales.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_full_disk_is_told_by_number_and_leaves_no_half_file(tmp_path: Path) -> None:
    import resource

    target = tmp_path / "sales.csv"
    target.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))  # no file of this process may be longer
    try:
        with pytest.raises(StationError) as told:
            write_whole(target, bytes(2_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.code is ErrorCode.DISK_FULL
    assert [each.name for each in tmp_path.iterdir()] == ["sales.csv"]
    assert target.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_told_by_number(tmp_path: Path) -> None:
    with pytest.raises(StationError) as told:
        write_whole(tmp_path / "gone" / "sales.csv", b"new")
    assert told.value.code is ErrorCode.FILE_UNWRITABLE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a folder that refuses even its owner")
def test_a_folder_that_may_not_be_written_is_told_by_number() -> None:
    with pytest.raises(StationError) as told:
        write_whole(Path("/sys/sales.csv"), b"new")
    assert told.value.code is ErrorCode.FILE_UNWRITABLE


def test_what_only_an_export_needs_is_not_loaded_with_the_page() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, ui.qt.period_pane; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout.split()
    assert "ui.qt.period_pane" in loaded
    assert {"xlsxwriter", "ui.qt.table_pdf", "ui.export.csv_file"} & set(loaded) == set()
