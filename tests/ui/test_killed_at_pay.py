"""The program killed at the counter: after Pay the sale is there once, before it the basket comes back."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.verify import verify
from tests.fakes import NOON
from tests.ui.till import MILK

KEY = bytes(range(32))
COUNTER = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from data.journal import JournalStore
from station.counter import Counter, Place, World
from tests.fakes import CASHIER, NOON, MemoryMembers, MemoryPacks, MemoryShelf
from tests.ui.till import MILK, SHOP, Till
from ui.look import Look
from ui.presenters.desk import Desk
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.window import Window

def die(closed=None):
    os.kill(os.getpid(), signal.SIGKILL)

app = QApplication([])
till = Till()
journal = JournalStore(Path(sys.argv[1]), bytes(range(32)))
journal.found("12-1", "test", NOON)
counter = Counter(Place("12-1", "12", SHOP), World(
    till.clock, os.urandom, MemoryMembers(), MemoryShelf({MILK.barcode: MILK}), MemoryPacks(till.rules), journal))
counter.open_shift(CASHIER, 0)
desk = Desk(counter, till.members, till.clock, till.at_till, die)
window = Window(desk, till.board, Services(Rooms(lambda page: None), lambda: None, lambda look: None), Look("fa"))
window.show()
QTest.keyClicks(window.page.scan, MILK.barcode)
QTest.keyClick(window.page.scan, Qt.Key.Key_Return)
window.checkout.begin_pay()
if sys.argv[2] == "before":
    die()
QTest.keyClick(window.pay_dialog.given, Qt.Key.Key_Return)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("when", "sales"), [("before", 0), ("after", 1)])
def test_killed_at_the_payment(tmp_path: Path, when: str, sales: int) -> None:
    path, root = tmp_path / "journal.db", Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", COUNTER, str(path), when], cwd=root, check=False,
        env={**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"})
    assert done.returncode == -signal.SIGKILL
    with closing(JournalStore(path, KEY)) as journal:
        assert len(journal.facts(NOON.date, NOON.date)) == sales
        assert list(verify(journal)) == []
        held = journal.open_basket()
        lines = [line.product for line in held.basket.lines] if held else []
        assert lines == ([] if sales else [MILK])
