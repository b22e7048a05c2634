"""The first run over real files: a printer that prints, a head office that is away, a look that is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode, StationError
from tests.rigs.paired import paired_station
from tests.rigs.printer_hand import PrinterSink
from ui.look import Look, LookFile
from ui.presenters.wizard import Outcome
from ui.qt import fonts
from ui.qt.scaling import wear
from ui.qt.wizard_run import Setup
from ui.settings import read_settings
from ui.setup import SetupFile, Step
from ui.wiring import Home

Begin = Callable[[Step], Setup]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return paired_station(tmp_path)[0]


@pytest.fixture
def begin(home: Home, qapp: QApplication) -> Iterator[Begin]:
    """Begin the first run at a step."""
    fonts.prepare(qapp)
    running: list[Setup] = []

    def start(step: Step) -> Setup:
        SetupFile(home.folder).keep(step)
        running.append(Setup(home, LookFile(home.folder), Look("en"), left.append))
        running[-1].start()
        return running[-1]

    left: list[Outcome] = []
    yield start
    for each in running:
        each.stop()
    wear(Look(), [])
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_test_page_is_printed_and_the_printer_kept(qtbot: QtBot, begin: Begin, home: Home, tmp_path: Path) -> None:
    setup = begin(Step.PRINTER)
    window = setup.window
    (tmp_path / "paper").mkdir()
    with PrinterSink(tmp_path / "paper") as printer:
        port = printer.connection.port
        window.ways["kind:network"].click()
        window.blanks["host"].setText(f"127.0.0.1:{port}")
        window.acts["print"].click()
        qtbot.waitUntil(lambda: "A test page was printed" in window.news.text(), timeout=20_000)
        assert len(printer.heard()) == 1
    window.acts["print"].click()
    qtbot.waitUntil(lambda: "(E6" in window.news.text(), timeout=20_000)
    window.forward.click()
    kept = read_settings(home.settings).printer
    assert (kept.kind, kept.host, kept.port) == ("network", "127.0.0.1", port)
    assert SetupFile(home.folder).read() is Step.LOOK


def test_a_head_office_that_is_away_keeps_nobody_from_going_on(qtbot: QtBot, begin: Begin) -> None:
    setup = begin(Step.PRACTICE)
    qtbot.waitUntil(lambda: "(E501)" in setup.window.news.text(), timeout=20_000)
    assert list(setup.window.acts) == ["load"]
    setup.window.forward.click()
    assert setup.run.step is Step.READY


def test_what_is_chosen_is_worn_and_kept(begin: Begin, home: Home) -> None:
    setup = begin(Step.LOOK)
    setup.window.ways["theme:dark"].click()
    assert (setup.look, LookFile(home.folder).read()) == (Look("en", "dark"), Look("en", "dark"))


@pytest.mark.parametrize("text", ["[moon]\n", "[keyboard]\ncode_gap_ms = 1\n", "[chips]\naid = 'A0000000031010'\nfile_id = 'EF01'\n"])
def test_settings_that_are_not_understood_are_said_before_anything_begins(
    home: Home, qapp: QApplication, text: str,
) -> None:
    fonts.prepare(qapp)
    home.settings.write_text(text, encoding="utf-8")
    with pytest.raises(StationError) as refused:
        Setup(home, LookFile(home.folder), Look("en"), lambda _outcome: None)
    assert refused.value.code is ErrorCode.SETTINGS_INVALID
