"""Letters for fingers: both alphabets, a capital where a word begins, and the keyboard beside it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.qt.labels import Field
from ui.qt.letter_pad import LESS, ROWS, SPACE, LetterPad
from ui.text import Words

PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
"""The alphabet, https://en.wikipedia.org/wiki/Persian_alphabet, with alef madda."""


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def field(page: QWidget) -> Field:
    return Field(page)


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pad(page: QWidget, field: Field, language: str) -> LetterPad:
    made = LetterPad(field, page)
    made.set_words(Words(language))
    made.open_over(field)
    return made


def touch(pad: LetterPad, faces: str) -> None:
    """Touch letters where they stand: those of the other alphabet after its key."""
    for face in faces:
        shown = next(each for each in pad.pages.values() if each.isVisible())
        if face not in shown.keys:
            shown.other.click()
            shown = next(each for each in pad.pages.values() if each.isVisible())
        shown.keys[face].click()


def test_it_opens_with_the_letters_of_the_language(pad: LetterPad, language: str) -> None:
    assert [each for each, page in pad.pages.items() if page.isVisible()] == [language]


def test_a_name_in_each_alphabet_whatever_the_language(pad: LetterPad, field: Field) -> None:
    touch(pad, "زهرا")
    touch(pad, SPACE)
    touch(pad, "mina")
    touch(pad, SPACE)
    touch(pad, "kl")
    touch(pad, LESS)
    assert field.text() == "زهرا Mina K"


def test_no_letter_of_the_alphabets_is_missing() -> None:
    assert set(PERSIAN) <= set("".join(ROWS["fa"]))
    assert set("abcdefghijklmnopqrstuvwxyz") <= set("".join(ROWS["en"]))


def test_the_keyboard_types_as_well(pad: LetterPad, field: Field) -> None:
    QTest.keyClicks(pad, "Sara")
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    QTest.keyClick(pad, Qt.Key.Key_F5)
    assert field.text() == "Sar"
    assert pad.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_enter_close_it(pad: LetterPad, field: Field, key: Qt.Key) -> None:
    QTest.keyClick(pad, key)
    assert not pad.isVisible()
    assert field.text() == ""
