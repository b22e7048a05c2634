"""The report for support: what is personal or secret in any input is in no byte of it, what helps is."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from drivers.readers import pcsc
from station.errors import ErrorCode, StationError
from station.feed import Stamp
from sync.state import BookState, Progress, SyncState
from tests.fakes import NOON
from tests.rigs.diagnosed import ONLINE, PCSC, STOCKS, SWIPE
from ui.checking import CheckStage, CheckState
from ui.presenters.diagnostics_facts import Aside, Backlog, Disk, States, Stock, StockKind
from ui.qt.basket import BasketModel
from ui.scrub import Scrubber
from ui.settings import ChipSettings, ClubSettings, PrinterSettings, ReaderSettings, Settings
from ui.support_bundle import LOG_BYTES, Contents, write_report
from ui.wiring_diagnostics import versions

CARD, PHONE, LATIN, PERSIAN = "9364000000000017", "09123456789", "Mehrdad Kazemi", "مهرداد کاظمی‌نژاد"
KEY = bytes(range(7, 39)).hex()
KEY_BASE64 = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
WRITTEN = (
    CARD, "9364 0000 0000 0017", "9364-0000-0000-0017", "۹۳۶۴۰۰۰۰۰۰۰۰۰۰۱۷", "٩٣٦٤٠٠٠٠٠٠٠٠٠٠١٧", "04A1B2C3D4E5F6",
    PHONE, "+98 912 345 6789", "0912 345 6789", "(0912) 3456789", "۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹",
    LATIN, "mehrdad.kazemi@example.ir", PERSIAN, KEY, KEY.upper(), KEY_BASE64)
PLANT = " | ".join(WRITTEN)
PIECES = (
    CARD[-8:], PHONE[-7:], "3456789", "345 6789", "۳۴۵", "۹۳۶۴", "٩٣٦٤", "Mehrdad", "mehrdad", "Kazemi", "kazemi", "مهرداد",
    "کاظمی", "نژاد", KEY[:12], KEY[-12:], KEY[:12].upper(), "q83vEjRW", "VniQq83v", "A1B2C3")
LOG = f"""2026-11-26 19:35:21,123 WARNING sync.worker sync: E501 HEAD_OFFICE_UNREACHABLE
2026-11-26 19:35:22,456 ERROR ui.qt.guard fault in {BasketModel.data.__qualname__} {PLANT}
Traceback (most recent call last):
  File "/home/mehrdad/{LATIN}/ui/qt/basket.py", line 107, in data
{PLANT}
"""


def planted(folder: Path) -> Contents:
    """Return contents in which each text holds all that is planted, and each number a card's or a phone's."""
    for name in ("station.log", "crash.log"):
        (folder / name).write_text(LOG, encoding="utf-8")
    card, phone = int(CARD), int(PHONE)
    settings = Settings(
        club=ClubSettings(prefix=CARD, lead=PLANT, override=PLANT, group=card), chips=ChipSettings(aid="", start=card),
        readers=(ReaderSettings(driver=PLANT, port=PLANT),),
        printer=PrinterSettings(host=PLANT, path=PLANT, baud=phone))
    reader = ReaderState(PLANT, PLANT, ready=False, error=ErrorCode.READER_GONE)
    return Contents(
        PLANT, ((PLANT, PLANT),), (folder / "station.log", folder / "crash.log", folder / "none.log"), settings,
        States((reader,), PrinterState(error=ErrorCode.PRINTER_PAPER_OUT, waiting=phone),
               SyncState(unsent=card, error=ErrorCode.PACK_INVALID, reason=PLANT, book=BookState(phone, Stamp(card, card)),
                         progress=Progress(card, phone, card, card, phone)),
               CheckState(CheckStage.FAULTY, card, phone, 1, (PLANT,), ErrorCode.DISK_FAULT, card)),
        Backlog(card, phone), (Aside(card, PLANT),), (Stock(StockKind.PACK, card, phone, card),), Disk(card, phone), card)


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def read(path: Path, name: str = "report.json") -> Any:
    return json.loads(unpacked(path)[name])


@pytest.fixture
def plain(tmp_path: Path) -> Contents:
    log = tmp_path / "station.log"
    log.write_text(LOG, encoding="utf-8")
    return Contents(
        "12-1", (("Program", "1.2.3"), *versions()), (log,), Settings(),
        States((PCSC, SWIPE), PrinterState(ready=True, waiting=2), ONLINE,
               CheckState(CheckStage.SOUND, 9, 9, ended_us=NOON.utc_us - 60_000_000)),
        Backlog(12_345, NOON.utc_us - 3_600_000_000), (Aside(7, "unknown"),), STOCKS, Disk(41_234_000_000, 256_060_000_000),
        -200_000_000)


def test_nothing_personal_or_secret_is_in_any_byte_whatever_the_input(tmp_path: Path) -> None:
    made = write_report(tmp_path, planted(tmp_path), NOON)
    files = unpacked(made)
    assert set(files) == {"report.json", "settings.json", "logs/station.log", "logs/crash.log"}
    whole = b"".join((made.read_bytes(), *files.values(), *(name.encode() for name in files)))
    texts = (whole.decode("utf-8", "replace"), *(json.dumps(json.loads(files[name]), ensure_ascii=False)
                                                 for name in ("report.json", "settings.json")))
    assert [piece for piece in (*WRITTEN, *PIECES) for text in texts if piece in text] == []


def test_settings_that_were_not_understood_are_scrubbed_too(tmp_path: Path) -> None:
    contents = replace(planted(tmp_path), settings=f"station.toml: {PLANT}")
    text = json.dumps(read(write_report(tmp_path, contents, NOON), "settings.json"), ensure_ascii=False)
    assert [piece for piece in (*WRITTEN, *PIECES) if piece in text] == []
    assert "station.toml" in text


def test_what_helps_is_there(tmp_path: Path, plain: Contents) -> None:
    assert pcsc.__name__  # the driver is loaded, as where its reader is used
    made = write_report(tmp_path, plain, NOON)
    assert made == tmp_path / "card-station-report-2026-11-22-1405.zip"
    told = read(made)
    assert (told["made"], told["station"], told["versions"][0]) == ("2026-11-22 14:05", "12-1", "Program 1.2.3")
    assert told["readers"] == [
        {"path": PCSC.path, "title": "ACS ACR1252", "ready": True, "error": None},
        {"path": "serial:/dev/ttyUSB0", "title": "Stripe reader", "ready": False, "error": "READER_GONE"}]
    assert told["printer"] == {"ready": True, "error": None, "waiting": 2}
    assert told["unsent"] == {"entries": 12_000, "oldest": 60}
    assert told["disk"] == {"free": 41_000_000_000, "total": 250_000_000_000}
    assert told["clock"] == {"office_ahead_s": -200}
    assert (told["check"]["stage"], told["check"]["ended_us"]) == ("SOUND", 1)
    assert (told["sync"]["online"], told["sync"]["progress"]["last_us"]) == (True, 1)
    assert [(each["kind"], each["taken"], each["since"]) for each in told["stocks"]][:2] == [
        ("PACK", 2 * 60, 30 * 60), ("GOODS", None, None)]


def test_the_log_still_tells_what_happened(tmp_path: Path, plain: Contents) -> None:
    lines = unpacked(write_report(tmp_path, plain, NOON))["logs/station.log"].decode().splitlines()
    assert lines[0] == "2026-11-26 19:35:21,123 WARNING sync.worker sync: E501 HEAD_OFFICE_UNREACHABLE"
    assert lines[1].startswith("2026-11-26 19:35:22,456 ERROR ui.qt.guard fault in BasketModel.data # |")
    assert lines[2] == "Traceback (most recent call last):"
    assert lines[3].endswith('/ui/qt/basket.py", line 107, in data')


def test_where_nothing_is_known_nothing_is_said(tmp_path: Path) -> None:
    told = read(write_report(tmp_path, Contents("12-1", (), (), Settings()), NOON))
    assert [name for name, value in told.items() if value in (None, [], {})] == [
        "versions", "readers", "printer", "sync", "unsent", "aside", "stocks", "disk", "clock"]


def test_of_a_long_log_the_end_is_taken(tmp_path: Path, plain: Contents) -> None:
    plain.logs[0].write_text("first\n" + "sync\n" * LOG_BYTES + "stopped\n", encoding="utf-8")
    lines = unpacked(write_report(tmp_path, plain, NOON))["logs/station.log"].decode().splitlines()
    assert lines[-1] == "stopped"
    assert len("\n".join(lines)) <= LOG_BYTES


def test_a_folder_that_is_gone_is_named(tmp_path: Path, plain: Contents) -> None:
    with pytest.raises(StationError) as caught:
        write_report(tmp_path / "gone", plain, NOON)
    assert caught.value.code is ErrorCode.FILE_UNWRITABLE
    assert [path.name for path in tmp_path.iterdir()] == ["station.log"]


def test_a_log_that_cannot_be_read_is_left_out(tmp_path: Path, plain: Contents) -> None:
    (tmp_path / "crash.log").mkdir()
    contents = replace(plain, logs=(*plain.logs, tmp_path / "crash.log"))
    assert set(unpacked(write_report(tmp_path, contents, NOON))) == {"report.json", "settings.json", "logs/station.log"}


@pytest.mark.parametrize(("text", "clean"), [
    ("entry 1234 of 12345", "entry 1234 of #"), ("line 107, in data", "line 107, in data"),
    ("12345", "#"), ("1 2 3 4 5", "#"), ("12.34.5", "#"), ("1234 sync 567", "1234 sync 567"),
    ("head_office_9", "head_office_9"), ("head_kazemi", "…"), ("E501", "E501"), ("ttyUSB0", "ttyUSB0"), ("kazemi1365", "…"), ("sync12345", "sync#"), ("kazemi12345", "…#"), ("سلام", "…"), ("", "")])
def test_words_and_digits_one_by_one(text: str, clean: str) -> None:
    assert Scrubber().text(text) == clean


@pytest.mark.parametrize(("number", "rough"), [
    (0, 0), (9_999, 9_999), (-9_999, -9_999), (10_001, 10_000), (12_999, 12_000), (-12_999, -12_000), (int(CARD), 93 * 10**14)])
def test_a_long_number_tells_how_much_and_not_which(number: int, rough: int) -> None:
    assert Scrubber().number(number) == rough


def test_a_report_is_a_sound_zip(tmp_path: Path, plain: Contents) -> None:
    assert zipfile.ZipFile(io.BytesIO(write_report(tmp_path, plain, NOON).read_bytes())).testzip() is None
