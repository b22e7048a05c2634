"""The top bar drawn: what is in order keeps still, what has no room gives way to what is graver, all is one press away."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.screens import trouble
from tests.ui.stage import TRAINING, Stage
from ui.look import Look
from ui.qt import tokens
from ui.qt.labels import ChipLabel
from ui.qt.topbar import TopBar
from ui.qt.window import Window
from ui.text import Words
from ui.views import Chip, StatusView, Tone

FINE = Chip("Fine", Tone.OK)
QUIET = StatusView("Shop", "Sara", Chip("Open", Tone.OK), "14:05", Chip("Online", Tone.OK), Chip("Ready", Tone.OK))


def test_missing_members_are_shown_only_when_they_are_missing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = TopBar(window)
    bar.resize(1000, 40)
    bar.show_status(QUIET)
    with qtbot.waitExposed(window):
        window.show()
    assert not bar.data.isVisible()
    bar.show_status(replace(QUIET, data=Chip("No members here", Tone.WARN, "Why (E408)")))
    assert (bar.data.isVisible(), bar.data.text(), bar.data.toolTip()) == (True, "● No members here", "Why (E408)")
    assert not bar.members.isVisible()
    bar.show_status(replace(QUIET, members=Chip("Members: 5", Tone.OK, "As of")))
    assert (bar.members.isVisible(), bar.members.text(), bar.members.toolTip()) == (True, "● Members: 5", "As of")
    bar.show_status(QUIET)
    assert not bar.data.isVisible()


@pytest.fixture
def bar(qtbot: QtBot) -> TopBar:
    """A bar of its own, 1000 pixels wide."""
    window = QWidget()
    qtbot.addWidget(window)
    made = TopBar(window)
    window.resize(1000, 100)
    made.resize(1000, 40)
    window.show()
    return made


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """The whole window over real files, in English."""
    assert qtbot
    with closing(Stage(tmp_path, Look("en"))) as made:
        yield made


def told(bar: TopBar) -> list[str]:
    """Return what the chips say that are seen."""
    chips = (bar.more, bar.data, bar.clock, bar.rules, bar.printer, bar.members, bar.readers, bar.sync)
    return [each.text().removeprefix("● ") for each in chips if each.isVisible()]


@pytest.mark.parametrize("tone", [Tone.OK, Tone.NEUTRAL])
def test_printer_clock_and_rules_are_not_shown_while_they_are_in_order(bar: TopBar, tone: Tone) -> None:
    fine = Chip("Fine", tone, "Since noon")
    bar.show_status(replace(QUIET, printer=fine, clock=fine, rules=fine))
    assert told(bar) == ["Ready", "Online"]
    assert bar.key.accessibleDescription().splitlines() == ["Fine", "Since noon"] * 3 + ["Ready", "Online"]
    bad = Chip("Bad", Tone.WARN)
    bar.show_status(replace(QUIET, printer=bad, clock=bad, rules=bad))
    assert told(bar) == ["Bad", "Bad", "Bad", "Ready", "Online"]


def test_what_has_no_room_is_counted_the_least_grave_first(bar: TopBar) -> None:
    long = "What is amiss in long words"
    view = replace(
        QUIET, time="14:05", moment="Sun 22 Nov 2026, 14:05", printer=Chip(f"{long} P", Tone.ERROR), clock=Chip(f"{long} C", Tone.WARN),
        rules=Chip(f"{long} R", Tone.WARN), members=Chip(f"{long} M", Tone.OK))
    bar.show_status(view)
    assert told(bar)[0].endswith(" more")
    assert told(bar)[-1] == "Online"
    assert f"{long} P" in told(bar)
    assert f"{long} M" not in told(bar)
    assert bar.more.property("tone") in (Tone.WARN.value, Tone.OK.value)
    for width in (3000, 1000, 3000):
        bar.resize(width, 40)
        QApplication.processEvents()
        assert (len(told(bar)) == 6) == (width == 3000), width
        assert bar.more.isHidden() == (width == 3000)
        assert sum(each.width() for each in bar.findChildren(ChipLabel) if each.isVisible()) < width
    assert bar.minimumSizeHint().width() == 0


def test_a_hidden_error_colours_the_count(bar: TopBar) -> None:
    wide = Chip("W" * 60, Tone.ERROR)
    bar.set_words(Words("fa"))
    bar.show_status(replace(QUIET, printer=wide, clock=wide))
    assert told(bar) == ["۲ مورد دیگر", "Ready", "Online"]
    assert bar.more.property("tone") == Tone.ERROR.value


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_press_on_the_chips_opens_diagnostics(qtbot: QtBot, tmp_path: Path, language: str) -> None:
    assert qtbot
    with closing(Stage(tmp_path, Look(language))) as stage:
        window = trouble(stage)
        assert isinstance(window, Window)
        top, key = window.top, window.top.key
        assert min(key.width(), key.height()) >= tokens.BUTTON
        for each in (top.more, top.printer, top.sync):
            assert key.geometry().contains(each.mapTo(window, each.rect().center())), each.text()
        scan = QRect(window.page.scan.mapTo(window, QPoint()), window.page.scan.size())
        assert key.geometry().intersected(scan).height() <= tokens.XS  # no more than its frame, on the lowest screen
        assert key.accessibleName() == Words(language)("Readers, printer, connection")
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)
        assert window.pages.currentWidget() is window.back_office.diagnostics
        window.step_back()
        assert window.pages.currentWidget() is window.page
        key.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(key, Qt.Key.Key_Space)
        assert window.pages.currentWidget() is window.back_office.diagnostics


def test_a_locked_till_opens_nothing(stage: Stage) -> None:
    stage.people = True
    window = stage.window()
    assert not window.top.key.isEnabled()
    QTest.mouseClick(window.top.key, Qt.MouseButton.LeftButton)
    assert window.back_office.diagnostics is None


def test_where_there_is_no_page_the_chips_are_no_key(bar: TopBar) -> None:
    bar.show_status(QUIET)
    assert bar.key.isHidden()


def test_in_training_head_office_is_not_spoken_of(stage: Stage) -> None:
    stage.band = TRAINING
    window = stage.window()
    window.status.tick()
    assert window.top.sync.isHidden()
    assert "Connecting" not in window.top.key.accessibleDescription()
