"""Enrolment and a member's new card in the whole window: the key, the card that is taken, the basket that stays."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from station.card import Card, CardStatus, Medium
from station.card_hash import card_hash
from tests.ui.enrolling import FRESH
from tests.ui.stage import CARD_KEY, Stage
from tests.ui.till import MILK
from ui.look import Look
from ui.qt import tokens
from ui.qt.cards_dialog import CardsDialog
from ui.qt.enrol_dialog import EnrolDialog


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """The whole window over real files."""
    assert qtbot
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    with closing(Stage(tmp_path, Look("en"))) as stage:
        yield stage


def test_in_the_window_an_unknown_card_is_one_key_from_its_member_and_the_basket_stays(stage: Stage) -> None:
    window = stage.basket()
    window.tapped(FRESH)
    assert window.page.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F3)
    dialog = stage.dialog(window)
    assert isinstance(dialog, EnrolDialog)
    assert dialog.card.text() == "● Card taken"
    QTest.keyClicks(dialog.phone, "09351234567")
    QTest.keyClicks(dialog.name, "Sara")
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    member, basket = stage.counter.member, stage.counter.basket
    assert member is not None
    assert basket is not None
    assert (member.name, len(basket.lines), stage.counter.shown.medium) == ("Sara", 3, Medium.NFC_UID)


def test_in_the_window_a_card_for_a_member_is_taken_by_the_dialog_and_not_by_the_basket(stage: Stage) -> None:
    window = stage.member()
    QTest.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    dialog = stage.dialog(window)
    assert isinstance(dialog, CardsDialog)
    dialog.pressed["Replace", card_hash(CARD_KEY, "2")].click()
    before = stage.counter.member
    window.scanned(MILK.barcode)
    window.tapped(FRESH)
    assert dialog.told.text() == "The card is given."
    assert stage.book.card(FRESH.number) == Card("m1", CardStatus.ACTIVE, "h1")
    basket = stage.counter.basket
    assert basket is not None
    assert (stage.counter.member, len(basket.lines)) == (before, 3)


def test_in_the_window_a_new_person_is_taken_into_the_family_and_the_next_card_is_theirs(stage: Stage) -> None:
    window = stage.member()
    QTest.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    dialog = stage.shown(stage.dialog(window))
    assert isinstance(dialog, CardsDialog)
    dialog.further.click()
    [menu] = [each for each in dialog.findChildren(QMenu) if each.isVisible()]
    assert [each.text() for each in menu.actions() if menu.actionGeometry(each).height() < tokens.BUTTON] == []
    menu.actions()[-1].trigger()
    menu.hide()
    window.scanned(MILK.barcode)
    QTest.keyClicks(dialog.person.name, "Kian")
    QTest.keyClick(dialog.person.name, Qt.Key.Key_Return)
    window.tapped(FRESH)
    assert dialog.told.text() == "The card is given."
    kian = stage.book.holders("m1")[-1]
    assert (kian.name, stage.book.card(FRESH.number)) == ("Kian", Card("m1", CardStatus.ACTIVE, kian.holder_id))
    assert stage.counter.basket is not None
    assert len(stage.counter.basket.lines) == 3


@pytest.mark.parametrize(("typed", "phone", "name"), [
    ("۰۹۳۵۱۲۳۴۵۶۷", "۰۹۳۵۱۲۳۴۵۶۷", ""), ("نیلوفر", "", "نیلوفر"), ("7777", "", "")])
def test_somebody_who_is_not_found_is_enrolled_with_what_was_typed(stage: Stage, typed: str, phone: str, name: str) -> None:
    window = stage.basket()
    window.find_dialog.start()
    window.find_dialog.activateWindow()
    stage.shown(window.find_dialog)
    assert not window.find_dialog.join.isVisible()
    window.find_dialog.asked.setText(typed)
    QTest.keyClick(window.find_dialog.asked, Qt.Key.Key_Return)
    assert window.find_dialog.join.isVisible()
    QTest.keyClick(window.find_dialog, Qt.Key.Key_F3)
    dialog = stage.dialog(window)
    assert isinstance(dialog, EnrolDialog)
    assert (dialog.phone.text(), dialog.name.text()) == (phone, name)
    assert dialog.focusWidget() is (dialog.name if phone else dialog.phone)
