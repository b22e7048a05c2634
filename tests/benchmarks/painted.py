"""Card detected → member painted, beside a bare look-up and the repaint of a bare label."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel

from drivers.printers.file import FilePrinter
from drivers.readers.simulated import SimulatedDriver
from tests.benchmarks.figure import NS_PER_MS, Figure
from ui.demo.office import Office, Seed
from ui.demo.shop import CASHIER, CASHIER_NAME, cards
from ui.devices import Paper, keyboard
from ui.presenters.at_till import Person
from ui.qt.app import App, Hardware, Threads, application
from ui.qt.services import Look
from ui.settings import Settings
from ui.wiring import Home, open_memory, pair, sync_opener

MEMBERS = 2000
SHOWN = 60
SIZE = 1366, 768


class _Painted(QObject):
    """Notes when a widget was last painted."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Paint:
            self.at = perf_counter_ns()
        return False


def measure(folder: Path) -> list[Figure]:
    """Medians over different members, offscreen, from the reader's thread to the painted pane."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application([])
    office = Office(folder / "office")
    office.make(Seed(MEMBERS, 20))
    office.start()
    try:
        home = Home(folder / "station")
        who = pair(home, office.url, office.ask("pair", "--shop", "12"))
        opener = sync_opener(home, who)
        sync = opener()
        while sync.pull():
            pass
        sync.close()
        active = [each for each in cards(office, 4 * SHOWN) if each.status == "ACTIVE"][:SHOWN]
        driver = SimulatedDriver()
        reader = driver.plug("bench")
        memory = open_memory(home, who.enrolment)
        counter = App(who, memory, Person(CASHIER, CASHIER_NAME),
                      Hardware(lambda _on_code: [driver], keyboard(Settings()),
                               Paper(FilePrinter(folder / "receipts"))), Look(),
                      Threads(opener, lambda: open_memory(home, who.enrolment)))
        counter.window.resize(*SIZE)
        counter.window.show()
        counter.start()
        painted = _Painted()
        counter.window.page.member.installEventFilter(painted)
        shown = [_tap(app, counter, painted, partial(reader.present, each.uid), each.name)
                 for each in active]
        bare = [_bare(app, memory.members.card, each.uid) for each in active]
        counter.stop()
    finally:
        office.stop()
    return [Figure("card detected, member painted", median(shown), "ms",
                   "bare look-up and label repaint", median(bare))]


def _tap(app: QApplication, counter: App, painted: _Painted, present: Callable[[], None], name: str) -> float:
    start = perf_counter_ns()
    present()
    while counter.counter.member is None or counter.counter.member.name != name or painted.at < start:
        app.processEvents()
    return (painted.at - start) / NS_PER_MS


def _bare(app: QApplication, look_up: Callable[[str], object], uid: str) -> float:
    label = QLabel()
    label.resize(300, 60)
    label.show()
    app.processEvents()
    painted = _Painted()
    label.installEventFilter(painted)
    start = perf_counter_ns()
    assert look_up(uid)
    label.setText(uid[-4:])
    while painted.at < start:
        app.processEvents()
    return (painted.at - start) / NS_PER_MS
