"""The page of what a member tells: by keyboard alone, by touch alone, in the whole window; nothing reaches the basket behind it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from data.derived import decode
from station.bonus import Birth
from station.card import CardLink
from station.dates import Calendar
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.telling import MemberTold, read_beside
from station.text import Text
from station.told import Channel, Consent, Purpose, Told
from tests.fakes import NOON, member
from tests.ui.enrolling import FRESH
from tests.ui.stage import Stage, rules
from tests.ui.till import MILK
from tests.ui.tool_screens import choose, of
from ui.format import Format
from ui.look import Look
from ui.qt import tokens
from ui.qt.tell_dialog import TellDialog
from ui.qt.tools.telling import TellTool
from ui.qt.window import Window
from ui.text import Words

SMS, OFFERS = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS)
KNOWN = Told(("tea",), "", (SMS, OFFERS))


class Told1(Stage):
    """The whole window over real files; what member 1 told is known."""

    def told(self) -> list[MemberTold]:
        entries = [decode(each.raw, each.kind).body for each in self.memory.journal.entries(0, 100)]
        return [body for body in entries if isinstance(body, MemberTold)]


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Told1]]:
    stages: list[Told1] = []
    assert qtbot

    def make(language: str = "en") -> Told1:
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if Words(language).rtl else Qt.LayoutDirection.LeftToRight)
        stage = Told1(tmp_path, Look(language))
        stages.append(stage)
        here = Position(stage.memory.journal.head().incarnation, stage.memory.journal.head().seq)
        stage.memory.members.apply(MemberPage("d", here, (  # type: ignore[union-attr] # with members
            MemberRecord(replace(member(1), told=KNOWN), stage_cards(stage)),), (), Stamp(2, 2), last=True))
        return stage

    yield make
    for each in stages:
        with closing(each):
            pass


def stage_cards(stage: Stage) -> tuple[CardLink, ...]:
    return tuple(stage.book.cards("m1"))


def opened(stage: Told1) -> tuple[Window, TellDialog]:
    """Open it from the menu for member 1."""
    window = stage.member()
    choose(window, "Tastes, birthday, consents")
    dialog = of(window, TellTool).dialog
    assert dialog is not None
    QApplication.processEvents()
    return window, dialog


def focus(dialog: TellDialog) -> QWidget:
    held = dialog.focusWidget()
    assert held is not None
    return held


def chosen(menu: QMenu | None, text: str) -> None:
    """Choose what is called so in an open menu, with the arrows and Enter."""
    assert menu is not None
    while not (menu.activeAction() and menu.activeAction().text() == text):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_consent_is_withdrawn_with_the_keyboard_alone(made: Callable[..., Told1], language: str) -> None:
    stage = made(language)
    window, dialog = opened(stage)
    assert [each for each, box in dialog.consents.boxes.items() if box.isChecked()] == [SMS, OFFERS]
    assert dialog.tastes.codes() == ("tea",)
    while focus(dialog) is not dialog.consents.boxes[OFFERS]:
        QTest.keyClick(focus(dialog), Qt.Key.Key_Tab)
    QTest.keyClick(focus(dialog), Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    assert dialog.isHidden()
    [body] = stage.told()
    assert body == MemberTold("m1", withdrawn=(Consent(*OFFERS, body.withdrawn[0].at_us),))
    banner = window.page.banner
    assert (banner.isVisible(), banner.text.text()) == (True, Words(language)("Taken down for head office."))


def test_enter_goes_from_field_to_field_and_takes_it_down(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)
    for text in ("7/15", "sara@example.com"):
        QTest.keyClicks(focus(dialog), text)
        QTest.keyClick(focus(dialog), Qt.Key.Key_Return)
    assert (dialog.birth_day.text(), stage.told()) == ("15 Jul", [])
    assert focus(dialog) is dialog.confirm
    QTest.keyClick(dialog.confirm, Qt.Key.Key_Return)
    [body] = stage.told()
    kept = [stage.memory.journal.personal(each.place) for each in stage.memory.journal.entries(0, 100)][-1]
    assert (body, read_beside(kept or b"").birth) == (
        MemberTold("m1", birth=True, email=True), Birth(Calendar.GREGORIAN, 7, 15))


def test_tastes_and_area_are_chosen_from_their_menus_by_key(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)
    dialog.tastes.menu().popup(dialog.mapToGlobal(dialog.tastes.pos()))
    chosen(dialog.tastes.menu(), "Bread")
    dialog.area.menu().popup(dialog.mapToGlobal(dialog.area.pos()))
    chosen(dialog.area.menu(), "District 12")
    assert (dialog.tastes.text(), dialog.area.text()) == ("Tastes: Tea, Bread", "Area of residence: District 12")
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    assert stage.told() == [MemberTold("m1", ("tea", "bread"), "12")]


def test_with_the_finger_alone(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)

    def press(key: QPushButton) -> None:
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)

    press(dialog.digits)
    for face in "77.15":
        press(dialog.pad.keys[face])
    press(dialog.pad.keys["⌫"])
    assert dialog.birth.text() == "77.1"
    dialog.birth.setText("7.")
    for face in "15":
        press(dialog.pad.keys[face])
    dialog.pad.hide()
    QTest.mouseClick(dialog.consents.boxes[SMS], Qt.MouseButton.LeftButton)
    press(dialog.confirm)
    [body] = stage.told()
    assert (body.birth, [each.agreement for each in body.withdrawn]) == (True, [SMS])


def test_all_of_it_has_a_name_for_who_does_not_see_it(made: Callable[..., Told1]) -> None:
    _, dialog = opened(made("fa"))
    parts = (dialog.birth, dialog.email, dialog.digits, dialog.tastes, dialog.area, *dialog.consents.boxes.values())
    assert all(each.accessibleName() for each in parts)
    assert dialog.confirm.text()
    assert dialog.back.text()


def test_esc_goes_back_and_nothing_that_was_typed_stays(made: Callable[..., Told1]) -> None:
    stage = made()
    window, dialog = opened(stage)
    QTest.keyClicks(dialog.birth, "7/15")
    dialog.consents.boxes[SMS].click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isHidden(), dialog.birth.text(), dialog.birth.isUndoAvailable(), stage.told()) == (True, "", False, [])
    choose(window, "Tastes, birthday, consents")
    assert dialog.form().agreed == (SMS, OFFERS)


def test_enter_on_the_key_back_goes_back(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)
    dialog.consents.boxes[SMS].click()
    dialog.back.setFocus()
    QTest.keyClick(dialog.back, Qt.Key.Key_Enter)
    assert (dialog.isHidden(), stage.told()) == (True, [])


def test_what_is_wrong_is_said_and_what_was_typed_stays(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)
    QTest.keyClicks(dialog.birth, "13/40")
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    assert (dialog.problem.isVisible(), dialog.birth.text(), stage.told()) == (True, "13/40", [])


def test_neither_card_nor_goods_reach_the_basket_behind_it(made: Callable[..., Told1]) -> None:
    stage = made()
    window, dialog = opened(stage)
    basket = stage.counter.basket
    window.tapped(FRESH)
    window.scanned(MILK.barcode)
    assert stage.counter.basket == basket
    assert dialog.problem.text() == "Finish here first, or go back with Esc."
    dialog.reject()
    window.scanned(MILK.barcode)
    assert stage.counter.basket != basket


def test_it_is_greyed_without_a_member_and_speaks_the_language_of_now(made: Callable[..., Told1]) -> None:
    stage = made()
    window = stage.window()
    [entry] = [each for each in window.entries if each.meaning == "Tastes, birthday, consents"]
    assert not entry.ready()
    assert not of(window, TellTool).takes(FRESH)
    window, dialog = opened(stage)
    assert entry.ready()
    of(window, TellTool).set_words(Words("fa"), Format("fa"), tokens.THEMES["light"])
    assert dialog.windowTitle() == "سلیقه، تولد، موافقت‌ها"


def test_it_is_known_at_once(made: Callable[..., Told1]) -> None:
    stage = made()
    _, dialog = opened(stage)
    dialog.consents.boxes[SMS].click()
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    [body] = stage.told()
    assert body.withdrawn[0].at_us >= NOON.utc_us
    known = stage.book.member("m1")
    assert known is not None
    assert known.told.agreed == (OFFERS,)


def test_more_tastes_than_there_is_room_for_are_shortened_and_said_whole(made: Callable[..., Told1]) -> None:
    stage = made()
    many = {f"taste:{number}": Text(f"سلیقهٔ شمارهٔ {number}", f"Taste number {number}") for number in range(9)}
    strict = replace(rules(), number=2, texts=many)
    stage.memory.packs.install(strict, msgspec.json.encode(strict), b"signature")
    _, dialog = opened(stage)
    dialog.tastes.choose(tuple(map(str, range(9))))
    assert dialog.tastes.text().endswith("…")
    whole = "Tastes: " + ", ".join(f"Taste number {number}" for number in range(9))
    assert (dialog.tastes.accessibleName(), dialog.tastes.toolTip()) == (whole, whole)
