"""How the counter looks: kept in the station's folder, changed from the menu, the same live as begun with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from station.errors import ErrorCode, StationError
from tests.ui.screens import SCREENS
from tests.ui.stage import Stage
from ui.format import Unit
from ui.look import Look, LookFile
from ui.qt.scaling import wear
from ui.qt.window import Window

ALL = Look("en", "high", Unit.RIAL, 125, motion=False)
SIZE = 1366, 768

Open = Callable[[str, Look], Window]


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Open the counter's window at one of the screens."""
    stages: list[Stage] = []

    def show(name: str, look: Look) -> Window:
        folder = tmp_path / str(len(stages))
        folder.mkdir()
        stages.append(Stage(folder, look, SIZE))
        window = SCREENS[name](stages[-1])
        assert isinstance(window, Window)
        return window

    yield show
    for each in stages:
        each.close()
    wear(Look(), [])
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def choose(window: Window, meaning: str) -> None:
    """Choose from the menu's “Colours, size, unit”."""
    (looks,) = [each for each in window.entries if each.meaning == "Colours, size, unit"]
    (way,) = [each for each in looks.sub if each.meaning == meaning]
    assert way.ready()
    way.act()
    assert way.is_on
    assert way.is_on()


def settle(window: Window) -> None:
    window.resize(*SIZE)
    for _ in range(3):
        QApplication.processEvents()


def texts(window: QWidget) -> list[str]:
    seen = [each for each in window.findChildren(QWidget) if each.isVisible()]
    return [each.text() for each in seen if isinstance(each, QLabel | QAbstractButton)] + [
        each.toolTip() for each in seen]


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    looks = LookFile(tmp_path)
    assert looks.read() == Look()
    looks.keep(ALL)
    assert LookFile(tmp_path).read() == ALL


@pytest.mark.parametrize("content", [
    b"", b"{", b"\xff", b"[]", b'{"version":2}', b'{"version":1,"theme":"pink"}', b'{"version":1,"size":90}',
    b'{"version":1,"unit":"DOLLAR"}', b'{"version":1,"colour":"red"}', b'{"version":1,"motion":"no"}'])
def test_a_damaged_file_is_told_and_never_guessed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "look.json").write_bytes(content)
    with pytest.raises(StationError) as told:
        LookFile(tmp_path).read()
    assert (told.value.code, told.value.detail["file"]) == (ErrorCode.LOOK_INVALID, "look.json")


def test_what_is_left_out_is_as_usual(tmp_path: Path) -> None:
    (tmp_path / "look.json").write_text(json.dumps({"version": 1, "language": "en"}), encoding="utf-8")
    assert LookFile(tmp_path).read() == Look("en")


def test_a_look_chosen_from_the_menu_is_the_look_begun_with(opened: Open) -> None:
    begun = opened("member", Look("en", "dark", Unit.RIAL, 110, motion=False))
    settle(begun)
    wanted, said = begun.grab().toImage(), texts(begun)
    live = opened("member", Look("fa"))
    live.switch_language()
    for meaning in ("Dark colours", "Money in rial", "Without movement"):
        choose(live, meaning)
    live.switch_look(size=110)  # not from the menu: the screen without a display is smaller than any that is sold
    settle(live)
    assert live.look == begun.look
    assert texts(live) == said
    assert live.grab().toImage() == wanted


@pytest.mark.parametrize(("language", "toman", "rial"), [("en", "toman", "rial"), ("fa", "تومان", "ریال")])
def test_rial_and_toman_never_stand_beside_each_other(opened: Open, language: str, toman: str, rial: str) -> None:
    window = opened("member", Look(language))
    assert any(toman in each for each in texts(window))
    assert not any(rial in each for each in texts(window))
    choose(window, "Money in rial")
    assert any(rial in each for each in texts(window))
    assert not any(toman in each for each in texts(window))
    choose(window, "Money in toman")
    assert not any(rial in each for each in texts(window))


def test_without_movement_nothing_glides_and_nothing_blinks(opened: Open, qapp: QApplication) -> None:
    window = opened("empty", Look("en"))
    assert qapp.cursorFlashTime() > 0
    choose(window, "Without movement")
    assert qapp.cursorFlashTime() == 0
    assert not qapp.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
