"""What the tool tip says of the exchange with head office, and the menu's way to hurry it."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode
from station.protection import Protection
from station.text import Text
from sync.state import Progress, SyncState
from tests.fakes import FixedClock
from ui.format import Format
from ui.presenters.at_till import AtTill
from ui.presenters.exchange import progress_lines
from ui.presenters.status import Board, Status
from ui.qt.menu import MenuDialog
from ui.qt.tool import Entry, Section
from ui.text import Words
from ui.views import StatusView

MIDNIGHT_US = 1_795_379_400_000_000
"""2026-11-22T20:30:00Z, midnight in Tehran."""


def told(state: SyncState, language: str = "en") -> list[str]:
    return list(progress_lines(state, 210, Words(language), Format(language)))


def test_before_anything_happened_nothing_is_said() -> None:
    assert told(SyncState()) == []


def test_a_running_upload_tells_how_much_is_done() -> None:
    state = SyncState(online=True, working=True, unsent=1500, progress=Progress(1000, 2500, 1100))
    assert told(state) == ["1,000 of 2,500 sent, up to 1,100 in a batch"]
    assert told(state, "fa") == ["۱٬۰۰۰ از ۲٬۵۰۰ فرستاده شد، هر دسته تا ۱٬۱۰۰"]


def test_a_quiet_line_tells_when_it_was_used_last_by_the_shops_clock() -> None:
    (line,) = told(SyncState(online=True, progress=Progress(next_us=5, last_us=MIDNIGHT_US)))
    assert line == "Last exchange: Mon 23 Nov 2026, 00:00"


@pytest.mark.parametrize("state", [
    SyncState(online=False), SyncState(online=True, error=ErrorCode.HEAD_OFFICE_BUSY)])
def test_after_a_fault_it_tells_when_the_next_attempt_comes(state: SyncState) -> None:
    found = SyncState(state.online, error=state.error, progress=Progress(next_us=MIDNIGHT_US - 60_000_000))
    assert told(found) == ["Next attempt: 23:59"]


class Bar:
    """Keeps what it was shown last."""

    view: StatusView

    def show_status(self, view: StatusView) -> None:
        self.view = view


def test_the_tip_of_the_top_bar_has_it_between_the_fault_and_how_files_are_protected() -> None:
    bar = Bar()
    board = Board(Text("م", "S"), AtTill(), None, FixedClock(), Protection.FILE)
    made = Status(board, Words("en"), Format("en"), bar)
    made.sync_state(SyncState(unsent=3, error=ErrorCode.HEAD_OFFICE_UNREACHABLE, progress=Progress(next_us=MIDNIGHT_US)))
    fault, attempt, files = bar.view.sync.hint.split("\n")
    assert fault.endswith("(E501)")
    assert attempt == "Next attempt: 00:00"
    assert files.startswith("Data here is encrypted")


def test_send_now_in_the_menu_does_just_that(qtbot: QtBot) -> None:
    parent, done = QWidget(), list[str]()
    qtbot.addWidget(parent)
    entries = [
        Entry(each, partial(done.append, each), section) for section in Section for each in ("Send now", section.value)]
    made = MenuDialog(entries, Words("en"), parent, lambda entry: entry.act())
    made.key("Send now").click()
    assert done == ["Send now"]


def test_the_menu_is_gone_through_with_arrows_and_greys_what_cannot_be_done(qtbot: QtBot) -> None:
    parent, done = QWidget(), list[str]()
    qtbot.addWidget(parent)
    entries = [
        Entry("first", partial(done.append, "first"), Section.SALE, "F4"),
        Entry("second", partial(done.append, "second"), Section.SALE, ready=lambda: False),
        Entry("only a key", partial(done.append, "key"), Section.SALE, "F9", in_menu=False),
        Entry("third", partial(done.append, "third"), Section.STATION)]
    made = MenuDialog(entries, Words("en"), parent, lambda entry: entry.act())
    assert made.texts() == ["first  F4", "second", "third"]
    assert not made.key("second").isEnabled()
    made.show()
    QTest.keyClick(made.key("first"), Qt.Key.Key_Right)
    assert made.focusWidget() is made.key("third")
    QTest.keyClick(made.key("third"), Qt.Key.Key_Return)
    assert done == ["third"]
