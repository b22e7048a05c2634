"""What Qt itself says follows the counter's language: the menus of fields."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ui.look import Look
from ui.qt.own_words import OwnWords
from ui.qt.scaling import wear

SAID = {
    "en": ["&Undo", "&Redo", "Cu&t", "&Copy", "&Paste", "Delete", "Select All"],
    "fa": ["&بازگردانی", "باز&انجام", "ب&رش", "&کپی", "&چسباندن", "حذف", "انتخاب همه"]}
TEXT = {"en": SAID["en"], "fa": ["باز&گردانی", "&بازانجام", *SAID["fa"][2:]]}


@pytest.fixture(autouse=True)
def _as_it_was(qapp: QApplication) -> Iterator[None]:
    assert qapp
    yield
    wear(Look(), [])


def offered(field: QLineEdit | QPlainTextEdit) -> list[str]:
    """Return what the menu of ``field`` offers."""
    return [each.text() for each in field.createStandardContextMenu().actions() if each.text()]


def test_the_menus_of_fields_speak_the_counters_language_and_change_with_it(qtbot: QtBot, qapp: QApplication) -> None:
    line, text = QLineEdit(), QPlainTextEdit()
    for each in (line, text):
        qtbot.addWidget(each)
    for language in ("fa", "en", "fa", "fa"):
        wear(Look(language), [])
        assert (offered(line), offered(text)) == (SAID[language], TEXT[language])
        assert len(qapp.findChildren(OwnWords)) == 1


def test_a_language_that_qt_has_no_words_for_leaves_it_in_english(qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    wear(Look("tlh"), [])
    assert offered(line) == SAID["en"]


@pytest.mark.parametrize("key", ["Shift+F9", "Alt+2", "Esc", "F12", "Shift+Esc"])
def test_the_keys_of_the_keyboard_are_what_they_were(key: str) -> None:
    wear(Look("fa"), [])
    assert QKeySequence(key) == QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
