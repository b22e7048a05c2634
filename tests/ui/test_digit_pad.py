"""The pad of digits over a page, by finger and by keyboard: while it is open no other widget hears a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.qt.digit_pad import DigitPad
from ui.text import Words


@pytest.fixture
def typed() -> list[str]:
    return []


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def pad(page: QWidget, typed: list[str]) -> DigitPad:
    made = DigitPad(typed.append, page)
    made.set_words(Words("fa"))
    made.open_over(page)
    return made


def test_a_finger_types(pad: DigitPad, typed: list[str]) -> None:
    for face in ("7", "0", ".", "⌫"):
        pad.keys[face].click()
    assert typed == ["7", "0", ".", "⌫"]
    assert pad.isVisible()


def test_the_keyboard_types_as_well_in_both_kinds_of_digits(pad: DigitPad, typed: list[str]) -> None:
    QTest.keyClicks(pad, "12.")
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    QApplication.sendEvent(pad, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_7, Qt.KeyboardModifier.NoModifier, "۷"))
    assert typed == ["1", "2", ".", "⌫", "7"]


def test_no_letter_is_handed_on(pad: DigitPad, typed: list[str]) -> None:
    QTest.keyClicks(pad, "a+")
    QTest.keyClick(pad, Qt.Key.Key_Shift)
    assert typed == []
    assert pad.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_escape_and_enter_close_it(pad: DigitPad, typed: list[str], key: Qt.Key) -> None:
    QTest.keyClick(pad, key)
    assert not pad.isVisible()
    assert typed == []
