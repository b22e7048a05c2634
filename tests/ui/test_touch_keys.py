"""Whoever has only fingers can type everywhere: a touched field brings its keys, a mouse in it a key that brings them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from station.tender import TenderKind
from tests.ui.screens import SCREENS
from tests.ui.stage import Stage
from tests.ui.test_letter_pad import touch
from tests.ui.tool_screens import choose, of, press
from ui.look import Look
from ui.qt.ask_dialog import AskDialog
from ui.qt.enrol_dialog import EnrolDialog
from ui.qt.labels import Field
from ui.qt.letter_pad import ENTER, LetterPad, Opener
from ui.qt.tools.enrolling import EnrollingTool
from ui.qt.touch_keys import Keys, TouchKeys, keys_of, open_keys, wants_keys
from ui.qt.window import Window

FINGER = QTest.createTouchDevice()
SMALL = 1024, 600
TYPED_INTO = (
    "basket", "find", "ask", "enrol-all", "using", "return-find", "return-unknown", "new-person", "claim", "hand",
    "enquiry", "calendar", "pay-gift")
"""The screens with fields that have no keys of their own beside them."""

MakeStage = Callable[..., Stage]


@pytest.fixture
def stage(tmp_path: Path, qtbot: QtBot) -> Iterator[MakeStage]:
    made: list[Stage] = []

    def build(language: str = "en") -> Stage:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Stage(folder, Look(language), SMALL))
        return made[-1]

    assert qtbot
    yield build
    for each in made:
        each.close()


def finger(widget: QWidget) -> None:
    """Touch ``widget`` in its middle, as a touch screen reports it: what it becomes is Qt's doing."""
    at = widget.mapTo(widget.window(), widget.rect().center())
    QTest.touchEvent(widget.window().windowHandle(), FINGER).press(0, at).commit()
    QTest.touchEvent(widget.window().windowHandle(), FINGER).release(0, at).commit()


def keys(widget: QWidget) -> TouchKeys:
    found = keys_of(widget)
    assert found
    return found


def pad(widget: QWidget) -> LetterPad:
    shown = keys(widget).pad
    assert shown
    assert shown.isVisible()
    return shown


def finding(window: Window) -> Field:
    window.find_dialog.start()
    window.find_dialog.activateWindow()
    QApplication.processEvents()
    return window.find_dialog.asked


def asking(window: Window) -> AskDialog:
    choose(window, "Question, complaint, idea")
    [dialog] = [each for each in window.findChildren(AskDialog) if each.isVisible()]
    dialog.activateWindow()
    return dialog


def enrolling(window: Window) -> EnrolDialog:
    press(window, "F3")
    dialog = of(window, EnrollingTool).dialog
    assert dialog
    dialog.activateWindow()
    return dialog


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_member_is_found_by_name_with_a_finger_alone(stage: MakeStage, language: str) -> None:
    window = stage(language).window()
    asked = finding(window)
    finger(asked)
    touch(pad(asked), "مهرداد")
    assert asked.text() == "مهرداد"
    touch(pad(asked), ENTER)
    assert window.find_dialog.answers.isVisible() or window.has_member()
    assert keys(window).pad is None


@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_a_member_says_is_taken_down_with_a_finger_alone(stage: MakeStage, language: str) -> None:
    window = stage(language).member()
    dialog = asking(window)
    finger(dialog.said.viewport())
    touch(pad(dialog), "چرا" if language == "fa" else "why")
    assert dialog.said.toPlainText() == ("چرا" if language == "fa" else "Why")
    finger(dialog.confirm)
    assert not dialog.isVisible()


def test_the_keys_go_from_field_to_field_with_enter(stage: MakeStage) -> None:
    window = stage().basket()
    dialog = enrolling(window)
    finger(dialog.name)
    first = pad(dialog)
    touch(first, "kian")
    touch(first, ENTER)
    assert (keys(window).pad, first.field) == (first, dialog.birth)
    touch(first, "7/15")
    assert (dialog.name.text(), dialog.birth.text()) == ("Kian", "7/15")
    touch(first, ENTER)
    assert keys(window).pad is None


def test_a_field_that_was_left_is_followed_no_more_and_one_come_back_to_once(stage: MakeStage) -> None:
    window = stage().basket()
    dialog = enrolling(window)
    moved = SIGNAL("cursorPositionChanged(int,int)")
    before = dialog.name.receivers(moved)
    finger(dialog.name)
    for field, more in ((dialog.referrer, 0), (dialog.name, 1)):
        field.setFocus()
        assert dialog.name.receivers(moved) == before + more


def test_a_button_beside_a_field_opens_its_keys(stage: MakeStage) -> None:
    window = stage("fa").basket()
    dialog = enrolling(window)
    finger(dialog.letters)
    assert pad(dialog).field is dialog.name


def test_no_key_stays_over_a_dialog_that_has_closed_or_a_till_that_is_locked(stage: MakeStage) -> None:
    window = stage().signed_in("badge-sara", "7294")
    asked = finding(window)
    finger(asked)
    assert pad(asked)
    window.find_dialog.reject()
    assert keys(window).pad is None
    window.activateWindow()
    finger(window.page.scan)
    assert pad(window)
    window.lock()
    assert keys(window).pad is None


def test_a_mouse_in_a_field_brings_a_key_that_brings_the_keys(stage: MakeStage) -> None:
    window = stage().window()
    asked = finding(window)
    QTest.mouseClick(asked, Qt.MouseButton.LeftButton)
    opener = keys(window).opener
    assert opener
    assert keys(window).pad is None
    assert min(opener.width(), opener.height()) >= 48
    assert asked.rect().contains(opener.geometry())
    assert opener.x() > asked.width() // 2
    assert opener.accessibleName() == "Keys on the screen"
    assert asked.textMargins().right() == opener.width()
    QTest.mouseClick(opener, Qt.MouseButton.LeftButton)
    assert pad(asked).field is asked
    assert (keys(window).opener, asked.textMargins().right()) == (None, 0)
    QTest.mouseClick(asked, Qt.MouseButton.LeftButton)
    assert keys(window).opener is None


def test_the_key_in_a_field_stands_where_a_text_ends_and_goes_with_the_focus(stage: MakeStage) -> None:
    window = stage("fa").window()
    asked = finding(window)
    QTest.mouseClick(asked, Qt.MouseButton.LeftButton)
    opener = keys(asked).opener
    assert opener
    assert (opener.x() <= 2, asked.textMargins().left()) == (True, opener.width())
    window.find_dialog.back.setFocus()
    assert (keys(asked).opener, asked.textMargins().left()) == (None, 0)


def test_a_field_of_several_lines_has_the_key_in_its_corner(stage: MakeStage) -> None:
    window = stage().member()
    dialog = asking(window)
    QTest.mouseClick(dialog.said.viewport(), Qt.MouseButton.LeftButton)
    opener = keys(window).opener
    assert isinstance(opener, Opener)
    away = dialog.said.rect().bottomRight() - opener.geometry().bottomRight()
    assert max(away.x(), away.y()) <= 2
    opener.click()
    assert pad(window).field is dialog.said


def test_a_field_with_keys_of_its_own_gets_no_others(stage: MakeStage) -> None:
    window = stage().basket()
    window.checkout.begin_pay()
    window.checkout.paying.choose(TenderKind.CASH)
    window.pay_dialog.activateWindow()
    for act in (finger, lambda each: QTest.mouseClick(each, Qt.MouseButton.LeftButton)):
        act(window.pay_dialog.given)
        assert (keys(window).pad, keys(window).opener) == (None, None)


def test_a_finger_that_slides_out_of_the_field_wants_no_keys(stage: MakeStage) -> None:
    window = stage().window()
    asked = finding(window)
    at = asked.mapTo(asked.window(), asked.rect().center())
    QTest.touchEvent(asked.window().windowHandle(), FINGER).press(0, at).commit()
    QTest.touchEvent(asked.window().windowHandle(), FINGER).move(0, QPoint(5, 5)).commit()
    QTest.touchEvent(asked.window().windowHandle(), FINGER).release(0, QPoint(5, 5)).commit()
    assert keys(window).pad is None


def test_a_window_without_such_keys_has_none(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    field = Field(page)
    page.show()
    open_keys(field)
    finger(field)
    assert keys_of(field) is None


def test_another_language_puts_the_keys_away(stage: MakeStage) -> None:
    window = stage().window()
    finger(window.page.scan)
    assert pad(window).field is window.page.scan
    window.switch_language()
    assert keys(window).pad is None


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", TYPED_INTO)
def test_every_field_that_has_no_keys_gets_them_inside_the_smallest_screen_and_sees_them_beside_it(
        stage: MakeStage, name: str, language: str) -> None:
    top = SCREENS[name](stage(language))
    top.activateWindow()
    fields = [each for each in top.findChildren(QWidget) if isinstance(each, QLineEdit | QPlainTextEdit)
              and each.isVisible() and each.isEnabled() and not each.isReadOnly()]
    wanting = [each for each in fields if wants_keys(each)]
    assert wanting
    for field in wanting:
        finger(field.viewport() if isinstance(field, QPlainTextEdit) else field)
        shown = pad(field)
        assert shown.field is field
        for letters in ("fa", "en", "signs"):
            shown.turn(letters)
            QApplication.processEvents()
            # A window of the test platform has a frame of two pixels, a tool tip of a system none.
            at = shown.frameGeometry()
            assert not at.intersects(QRect(field.mapToGlobal(QPoint(0, 0)), field.size())), field
            assert at.top() >= 0, field
            assert shown.height() <= 240
        keys(field).put_away()


def test_a_field_says_what_it_is_typed_with() -> None:
    holder = QWidget()
    assert wants_keys(Field(holder))
    assert not wants_keys(Field(holder, keys=Keys.OWN))
    assert not wants_keys(holder)
