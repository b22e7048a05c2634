"""The key filter offscreen: keys with scan codes and times made up, as a keyboard would send them."""

import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from drivers.club_profile import ClubProfile
from drivers.readers.keyboard import KeyboardDecoder
from drivers.scan_codes import CHARACTERS
from drivers.tracks import Track
from station.card import Tap
from station.errors import ErrorCode, StationError
from ui.qt.keys import KeyFilter
from ui.qt.opening import let_dead_keys_through

KEYS = {character: key for key, character in reversed(CHARACTERS.items())}
CARD = "9364000000000017"
SWIPE = f";{CARD}=0042?\r"
F12 = 88
READER_MS, HUMAN_MS = 5, 100
SPECIAL = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}


class Desk(QDialog):
    """A window with a note, a default button, and a hand and a reader before it."""

    def __init__(self) -> None:
        super().__init__()
        self.note, self.other, self.save = QLineEdit(), QLineEdit(), QPushButton("Save")
        self.save.setDefault(True)
        column = QVBoxLayout(self)
        for part in (self.note, self.other, self.save):
            column.addWidget(part)
        self.saved: list[str] = []
        self.save.clicked.connect(lambda _checked: self.saved.append(self.note.text()))
        self.taps: list[str] = []
        self.codes: list[str] = []
        self.faults: list[ErrorCode] = []
        self._now_ms = 1000
        decoder = KeyboardDecoder(ClubProfile(Track.TWO, "9364", (16,)))
        self.keys = KeyFilter(decoder, self._tap, self.codes.append, self._fault, self)

    def _tap(self, tap: Tap) -> None:
        self.taps.append(tap.number)

    def _fault(self, fault: StationError) -> None:
        self.faults.append(fault.code)

    def type(self, text: str, gap_ms: int = READER_MS) -> None:
        for character in text:
            self._now_ms += gap_ms
            code, shift = KEYS[character]
            held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
            self.press(code, SPECIAL.get(character, Qt.Key(ord(character.upper()))), held, character)

    def press(self, code: int, key: Qt.Key, held: Qt.KeyboardModifier, text: str = "") -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, held, code + 8, 0, 0, text)
            event.setTimestamp(self._now_ms)
            if kind == QEvent.Type.ShortcutOverride:
                event.ignore()
                QCoreApplication.sendEvent(self.focusWidget() or self, event)
                self.overridden = event.isAccepted()
            else:
                QCoreApplication.sendEvent(QApplication.focusWindow() or self.windowHandle(), event)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    shown = Desk()
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    shown.note.setFocus()
    qapp.installEventFilter(shown.keys)
    yield shown
    qapp.removeEventFilter(shown.keys)


def test_a_swipe_never_touches_the_field_it_falls_into(desk: Desk, qtbot: QtBot) -> None:
    desk.type("note", HUMAN_MS)
    desk.type(f" {SWIPE}", HUMAN_MS)
    qtbot.waitUntil(lambda: desk.saved == [f"note {SWIPE[:-1]}"])
    desk.note.clear()
    desk.type(SWIPE)
    qtbot.waitUntil(lambda: desk.taps == [CARD])
    assert (desk.note.text(), len(desk.saved)) == ("", 1)
    desk.note.undo()
    assert desk.note.text() == f"note {SWIPE[:-1]}"


def test_an_undo_stack_a_swipe_went_by_is_empty(desk: Desk, qtbot: QtBot) -> None:
    desk.type(f"%B4111111111111111^A/B^2512101?{SWIPE}")
    qtbot.waitUntil(lambda: desk.faults == [ErrorCode.CARD_IS_BANK_CARD])
    assert not desk.note.isUndoAvailable()
    assert not desk.note.isRedoAvailable()
    assert desk.saved == []


def test_a_code_comes_as_text(desk: Desk, qtbot: QtBot) -> None:
    desk.type("4006381333931\r")
    qtbot.waitUntil(lambda: desk.codes == ["4006381333931"])
    assert desk.note.text() == ""


def test_a_burst_that_stops_arrives_by_itself_in_order(desk: Desk, qtbot: QtBot) -> None:
    desk.type("Ab1+")
    assert desk.note.text() == ""
    qtbot.waitUntil(lambda: desk.note.text() == "Ab1+")
    desk.note.undo()
    assert desk.note.text() == ""


def test_half_a_bank_card_goes_nowhere(desk: Desk, qtbot: QtBot) -> None:
    desk.type("%B411111111")
    qtbot.waitUntil(lambda: bool(desk.faults))
    assert desk.note.text() == ""


def test_typing_over_a_tab_goes_on_in_the_next_field(desk: Desk, qtbot: QtBot) -> None:
    desk.type("ab\tcd\r", HUMAN_MS)
    qtbot.waitUntil(lambda: desk.saved == ["ab"])
    assert desk.other.text() == "cd"


def test_a_space_held_back_still_presses_the_button(desk: Desk, qtbot: QtBot) -> None:
    desk.save.setFocus()
    desk.type(" ")
    assert desk.saved == []
    qtbot.waitUntil(lambda: desk.saved == [""])


def test_another_key_comes_after_what_was_typed_before_it(desk: Desk) -> None:
    desk.type("12")
    desk.press(F12, Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier)
    assert desk.note.text() == "12"
    assert not desk.overridden


def test_a_command_is_no_part_of_a_burst(desk: Desk) -> None:
    desk.type("12")
    desk.press(KEYS["a"][0], Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert desk.note.text() == "12"
    assert desk.note.selectedText() == "12"


def test_a_plain_character_is_a_shortcut_only_when_typed(desk: Desk, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    QShortcut(QKeySequence("a"), desk).activated.connect(lambda: pressed.append(True))
    desk.save.setFocus()
    desk.type("%12a34?\r")
    qtbot.waitUntil(lambda: bool(desk.faults))
    assert not pressed
    desk.type("a", HUMAN_MS)
    assert desk.overridden
    qtbot.waitUntil(lambda: pressed == [True])


def test_keys_without_scan_codes_pass_at_once(desk: Desk) -> None:
    QTest.keyClicks(desk.note, "123456")
    assert desk.note.text() == "123456"


def test_shortcuts_of_other_keys_still_work(desk: Desk, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    QShortcut(QKeySequence("F12"), desk).activated.connect(lambda: pressed.append(True))
    QTest.keyClick(desk, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: pressed == [True])


def test_a_listener_may_open_a_dialog_and_the_next_swipe_is_heard_there(desk: Desk, qtbot: QtBot) -> None:
    opened = QDialog(desk)

    def open_dialog(_text: str) -> None:
        desk.type(SWIPE)
        opened.exec()

    def close_dialog(tap: Tap) -> None:
        desk.taps.append(tap.number)
        opened.accept()

    desk.keys._on_code = open_dialog
    desk.keys._on_tap = close_dialog
    desk.type("4006381333931\r")
    qtbot.waitUntil(lambda: desk.taps == [CARD])
    assert opened.result() == QDialog.DialogCode.Accepted


def test_a_key_delivered_late_may_open_a_dialog_and_typing_goes_on_there(desk: Desk, qtbot: QtBot) -> None:
    opened = QDialog(desk)
    field = QLineEdit(opened)

    def go_on() -> None:
        if not field.hasFocus():
            QTimer.singleShot(1, go_on)
            return
        desk.type("34", HUMAN_MS)
        field.textChanged.connect(lambda text: opened.accept() if text.endswith("4") else None)

    def ask() -> None:
        # The dialog may take long to come up: the key in hand is to wait for the next one.
        desk.keys._timer.stop()
        go_on()
        opened.exec()

    desk.save.clicked.disconnect()
    desk.save.clicked.connect(ask)
    desk.save.setFocus()
    desk.type(" 2", HUMAN_MS)
    qtbot.waitUntil(lambda: opened.result() == QDialog.DialogCode.Accepted)
    assert field.text() == "234"


def test_a_fault_of_ours_leaves_the_keys_alive(
    desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_text: str) -> None:
        raise ZeroDivisionError

    desk.keys._on_code = fail
    desk.type("4006381333931\r")
    desk.type(SWIPE)
    qtbot.waitUntil(lambda: desk.taps == [CARD])
    assert "ZeroDivisionError" in caplog.text
    assert "4006381333931" not in caplog.text


def test_input_methods_are_turned_off_by_either_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", "ibus")
    monkeypatch.setenv("QT_IM_MODULES", "wayland;ibus")
    let_dead_keys_through()
    assert os.environ["QT_IM_MODULE"] == "none"
    assert "QT_IM_MODULES" not in os.environ
