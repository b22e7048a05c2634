"""The menu behind F10 under the arrows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.qt.menu import MenuDialog
from ui.qt.tool import Entry, Section
from ui.text import Words

UP, DOWN, LEFT, RIGHT = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right
KEYS = {
    Section.SALE: ("Undo", "-Drop", "-Hold", "Recall"), Section.MEMBER: ("-Cards",), Section.SHIFT: ("-Open", "Count"),
    Section.STATION: ("Lock", "Help", "More")}
"""The keys of the menu; one that begins with "-" cannot be chosen now."""


def entry(text: str, section: Section) -> Entry:
    return Entry(text.lstrip("-"), lambda: None, section, ready=lambda: not text.startswith("-"))


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def menu(around: QWidget) -> MenuDialog:
    entries = [entry(text, section) for section, texts in KEYS.items() for text in texts]
    shown = MenuDialog(entries, Words("en"), around, lambda _entry: None)
    shown.open()
    return shown


@pytest.mark.parametrize(("keys", "reached"), [
    ([], "Undo"), ([DOWN], "Recall"), ([DOWN, DOWN], "Undo"), ([UP], "Recall"), ([DOWN, UP], "Undo"),
    ([RIGHT], "Count"), ([RIGHT, DOWN], "Count"), ([RIGHT, RIGHT], "Help"), ([LEFT], "Lock"), ([LEFT, LEFT, LEFT], "Undo"),
    ([DOWN, LEFT], "More"), ([DOWN, RIGHT], "Count")])
def test_the_arrows_go_past_what_cannot_be_chosen(menu: MenuDialog, keys: list[Qt.Key], reached: str) -> None:
    for key in keys:
        QTest.keyClick(menu, key)
    held = menu.focusWidget()
    assert isinstance(held, QPushButton)
    assert held.text() == reached


def test_the_first_key_that_can_be_chosen_is_where_the_arrows_begin(around: QWidget) -> None:
    entries = [entry("-Hold", Section.SALE), entry("Recall", Section.SALE)]
    shown = MenuDialog(entries, Words("en"), around, lambda _entry: None)
    shown.open()
    held = shown.focusWidget()
    assert isinstance(held, QPushButton)
    assert held.text() == "Recall"
