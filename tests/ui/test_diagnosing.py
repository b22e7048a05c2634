"""The diagnostics page put together at the counter: an entry is tried again beside the screen's thread, over real files."""

import threading
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from data.aside import AsideStore
from station.errors import ErrorCode, StationError
from station.put_aside import PutAside
from sync.state import SyncState
from tests.rigs.paired import paired_station
from ui.format import Format
from ui.qt.diagnosing import Diagnosing
from ui.qt.diagnostics_pane import DiagnosticsPane
from ui.qt.tokens import THEMES
from ui.text import Words
from ui.views_diagnostics import DiagnosticsView
from ui.wiring import open_memory
from ui.wiring_diagnostics import Told, put_aside


class Page(DiagnosticsPane):
    """The page, which writes down on which threads it is shown."""

    threads: set[int]
    views: list[DiagnosticsView]

    def show_diagnostics(self, view: DiagnosticsView) -> None:
        self.threads.add(threading.get_ident())
        self.views.append(view)
        super().show_diagnostics(view)


@pytest.mark.parametrize("asks", [True, False])
def test_a_dead_line_is_told_on_the_screens_thread_and_the_entry_stays(qtbot: QtBot, tmp_path: Path, asks: bool) -> None:  # noqa: FBT001 - a table's column
    home, who = paired_station(tmp_path)
    with closing(open_memory(home, who.enrolment)) as memory:
        entry = PutAside(memory.journal.head().incarnation, 2, "no such shop")
        AsideStore(memory.journal.database).note([entry])
        page = Page(Words("en"), THEMES["light"])
        page.threads, page.views = set(), []
        qtbot.addWidget(page)
        told = Told(SyncState, lambda: None, lambda: put_aside(memory))
        presenter, check = Diagnosing(
            home, who.enrolment, memory, told, lambda: None, lambda: None,
            who if asks else None).at(page, Words("en"), Format("en"))
        page.serve(presenter)
        page.show()
        page.toggles[1].click()
        page.aside.setCurrentCell(0, 0)
        page.retry.click()
        if asks:
            assert page.views[-1].retrying
            qtbot.waitUntil(lambda: not page.views[-1].retrying)
            assert page.views[-1].news == Words("en").error(StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE))
        assert page.views[-1].aside[0].seq == 2
        assert page.retry.isVisible() == asks
        assert page.threads == {threading.get_ident()}
        page.hide()
        check.close(1)
