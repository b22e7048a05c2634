"""The pad for fingers: both alphabets, digits and signs, capitals where words begin; it types as a keyboard would."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.qt import style, tokens
from ui.qt.ask_dialog import SaidField
from ui.qt.labels import Field
from ui.qt.letter_pad import CAPITALS, CLOSE, ENTER, JOINER, LESS, ROWS, SPACE, LetterPad
from ui.qt.touch_keys import Keys, TextWidget, TouchKeys, keys_of
from ui.text import Words

PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
"""The alphabet, https://en.wikipedia.org/wiki/Persian_alphabet, with alef madda."""
SIZE = 1024, 600

Open = Callable[..., LetterPad]


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setStyleSheet(style.sheet(tokens.THEMES["light"]))
    TouchKeys(widget)
    widget.resize(*SIZE)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    yield widget
    keys(widget).put_away()


def keys(page: QWidget) -> TouchKeys:
    found = keys_of(page)
    assert found
    return found


@pytest.fixture
def open_for(page: QWidget) -> Open:
    def opened(field: TextWidget, language: str = "en") -> LetterPad:
        field.show()
        keys(page).set_words(Words(language))
        keys(page).open_for(field)
        pad = keys(page).pad
        assert pad
        return pad

    return opened


def touch(pad: LetterPad, faces: str) -> None:
    """Touch what types ``faces`` where it stands: on the page that shows, or on another one behind its key."""
    for face in faces:
        for name in (None, *reversed(ROWS)):
            if name and name in pad.page.keys:
                pad.page.keys[name].click()
            key = next((key for stands, key in pad.page.keys.items() if stands not in ROWS and face in (
                stands, key.text(), key.text().lower())), None)
            if key:
                QTest.mouseClick(key, Qt.MouseButton.LeftButton)
                break
        else:
            pytest.fail(f"{face!r} is on no key")


@pytest.mark.parametrize(("language", "typed_with", "first"), [
    ("fa", Keys.WORDS, "fa"), ("en", Keys.WORDS, "en"), ("fa", Keys.CODES, "en"), ("en", Keys.CODES, "en"),
    ("fa", Keys.DIGITS, "signs"), ("en", Keys.DIGITS, "signs")])
def test_it_opens_with_what_the_field_is_typed_with(
        page: QWidget, open_for: Open, language: str, typed_with: Keys, first: str) -> None:
    pad = open_for(Field(page, keys=typed_with), language)
    assert [each for each, shown in pad.pages.items() if shown.isVisible()] == [first]
    assert pad.accessibleName() == Words(language)("Keys on the screen")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_name_in_each_alphabet_whatever_the_language(page: QWidget, open_for: Open, language: str) -> None:
    field = Field(page)
    pad = open_for(field, language)
    touch(pad, "زهرا")
    touch(pad, SPACE)
    touch(pad, "mina")
    touch(pad, SPACE)
    touch(pad, "kl")
    touch(pad, LESS)
    assert field.text() == "زهرا Mina K"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_e_mail_in_both_languages_has_no_capital_and_no_persian_digit(page: QWidget, open_for: Open, language: str) -> None:
    field = Field(page, keys=Keys.CODES)
    touch(open_for(field, language), "sara.m-7@shop.example")
    assert field.text() == "sara.m-7@shop.example"


def test_persian_words_have_half_spaces_persian_digits_and_signs(page: QWidget, open_for: Open) -> None:
    said = SaidField(page)
    pad = open_for(said, "fa")
    touch(pad, "می")
    touch(pad, JOINER)
    touch(pad, "رسد؟ ۷۰٪.")
    assert said.toPlainText() == "می\u200cرسد؟ ۷۰٪."


def test_signs_beside_latin_letters_are_ascii(page: QWidget, open_for: Open) -> None:
    field = Field(page)
    touch(open_for(field, "fa"), "a7?&")
    assert field.text() == "A7?&"


def test_a_word_begins_with_a_capital_unless_that_is_not_wanted(page: QWidget, open_for: Open) -> None:
    said = SaidField(page)
    said.setPlainText("Milk. ")
    said.moveCursor(said.textCursor().MoveOperation.End)
    pad = open_for(said)
    touch(pad, "is ")
    pad.page.keys[CAPITALS].click()
    touch(pad, "sour")
    assert said.toPlainText() == "Milk. Is sour"


def test_capitals_of_a_code_stay_until_they_are_put_off(page: QWidget, open_for: Open) -> None:
    field = Field(page, keys=Keys.CODES)
    pad = open_for(field, "fa")
    pad.page.keys[CAPITALS].click()
    touch(pad, "NEW")
    pad.page.keys[CAPITALS].click()
    touch(pad, "x")
    assert field.text() == "NEWx"


def test_no_letter_of_the_alphabets_is_missing() -> None:
    assert set(PERSIAN) <= set("".join(ROWS["fa"]))
    assert set("abcdefghijklmnopqrstuvwxyz") <= set("".join(ROWS["en"]))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_key_is_as_large_as_a_finger_is_named_and_takes_no_focus(page: QWidget, open_for: Open, language: str) -> None:
    pad = open_for(Field(page), language)
    for name in ROWS:
        pad.turn(name)
        pad.adjustSize()
        for key in pad.page.findChildren(QPushButton):
            assert min(key.width(), key.height()) >= 48, key.text()
            assert key.text() or key.accessibleName()
            assert key.focusPolicy() is Qt.FocusPolicy.NoFocus
        assert all(pad.page.keys[face].accessibleName() for face in (SPACE, LESS, ENTER, CLOSE))


def test_enter_is_that_of_the_keyboard(page: QWidget, open_for: Open) -> None:
    field, entered = Field(page), list[bool]()
    field.returnPressed.connect(lambda: entered.append(True))
    touch(open_for(field), ENTER)
    assert entered == [True]


def test_the_keyboard_types_as_well_while_it_is_open(page: QWidget, open_for: Open) -> None:
    field = Field(page)
    pad = open_for(field)
    assert page.focusWidget() is field
    QTest.keyClicks(field, "Sar")
    touch(pad, "a")
    assert (field.text(), pad.isVisible()) == ("Sara", True)


def test_what_is_typed_in_the_middle_stays_there(page: QWidget, open_for: Open) -> None:
    field = Field(page)
    field.setText("Sra")
    field.setCursorPosition(1)
    touch(open_for(field), "a")
    assert field.text() == "Sara"


def test_its_cross_closes_it(page: QWidget, open_for: Open) -> None:
    field = Field(page)
    pad = open_for(field)
    touch(pad, CLOSE)
    assert (pad.isVisible(), keys(page).pad, field.text()) == (False, None, "")


@pytest.mark.parametrize("place", range(0, 552, 46))
def test_it_never_covers_its_field_on_the_smallest_screen(page: QWidget, open_for: Open, place: int) -> None:
    field = Field(page)
    field.setGeometry(700, place, 300, 48)
    pad = open_for(field, "fa")
    at = QRect(page.mapFromGlobal(pad.frameGeometry().topLeft()), pad.size())
    assert page.rect().contains(at)
    assert not at.intersects(field.geometry())


def test_it_follows_a_field_that_what_was_typed_has_moved(page: QWidget, open_for: Open, qtbot: QtBot) -> None:
    field = Field(page)
    field.setGeometry(100, 10, 300, 48)
    field.textChanged.connect(lambda _text: field.move(100, 500))
    pad = open_for(field)
    touch(pad, "a")
    qtbot.waitUntil(lambda: pad.geometry().bottom() < field.mapToGlobal(field.rect().topLeft()).y())
