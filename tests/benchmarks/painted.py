"""What a cashier waits for: member painted, line painted, language changed; each beside what Qt needs for the least of it.

The member book has a million cards (``tests/benchmarks/members.py``), and a second thread applies
changes to it all the while, as the sync does.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter_ns

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from data.snapshot import BookFiles
from drivers.printers.file import FilePrinter
from drivers.readers.simulated import SimulatedDevice, SimulatedDriver
from station.feed import ShelfPage, ShelfRecord
from station.product import Product
from station.text import Text
from sync.books import sealing_key
from tests.benchmarks.demo_shop import DemoShop, demo_shop
from tests.benchmarks.figure import NS_PER_MS, Figure
from tests.benchmarks.member_files import install_into, run
from tests.benchmarks.members import changes
from tests.benchmarks.synthetic_club import CARD_KEY, Club, card_number, name
from tests.rigs.books import STATION_KEY
from ui.demo.shop import CASHIER, CASHIER_NAME
from ui.devices import Paper, keyboard
from ui.look import Look
from ui.presenters.at_till import Person
from ui.qt import style, tokens
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.opening import application
from ui.settings import Settings
from ui.wiring import Paired, open_memory
from ui.wiring_lines import sync_opener

CLUB = Club(1_000_000, 50_000)
TAPS = 200
GOODS = tuple(
    Product(f"bench-{i}", f"62699{i:08d}", Text(f"کالای {i}", f"Good {i}"), 10_000 * (i % 400 + 1), "9", tax_included=True)
    for i in range(2100))
SCANS = 60
SWITCHES = 10
SIZE = 1366, 768
SETTLED_NS = 2_500_000_000
FRAME_MS, MEMBER_P99_MS, LINE_P99_MS, SWITCH_MS = 1000 / 60, 25, 100, 300


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
    """Each offscreen, from the reader's thread or the scan to the painted pane."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application([])
    book = folder / "book.db"
    run("build", str(CLUB.size), str(CLUB.named), str(book))
    with demo_shop(folder, 100, 200) as shop, _counter(shop, book) as (counter, reader, changing):
        _settle(app)
        bare = [_bare(app, changing.look_up, card_number(each)) for each in range(TAPS)]
        with changing:
            members = [_tap(app, counter, reader, each) for each in range(TAPS)]
        few, many = (_scans(app, counter, GOODS, held) for held in (500, 2000))
        label = [_bare(app, lambda _number: True, "0") for _ in range(SCANS)]
        switches = [_switch(app, counter) for _ in range(SWITCHES)]
        empty = [_bare_switch(app) for _ in range(SWITCHES)]
        counter.window.checkout.abandon()
    return [
        Figure("card, member painted, 1 M, median", median(members), "ms", "bare look-up and label repaint", median(bare)),
        Figure("card, member painted, 1 M, median", median(members), "ms", "a frame beyond the look-up", FRAME_MS + median(bare)),
        Figure("card, member painted, 1 M, p99", _p99(members), "ms", "goal", MEMBER_P99_MS),
        Figure("scan, line painted, 500 lines, median", median(few), "ms", "bare label repaint", median(label)),
        Figure("scan, line painted, 500 lines, median", median(few), "ms", "one frame", FRAME_MS),
        Figure("scan, line painted, 2000 lines, p99", _p99(many), "ms", "goal", LINE_P99_MS),
        Figure("language switched, median", median(switches), "ms", "direction and style of an empty window", median(empty)),
        Figure("language switched, longest", max(switches), "ms", "goal", SWITCH_MS)]


def _settle(app: QApplication) -> None:
    """Let the counter stand open for a moment, as it does before anybody comes."""
    until = perf_counter_ns() + SETTLED_NS
    while perf_counter_ns() < until:
        app.processEvents()


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[-1]


class _Changing:
    """A thread that applies pages of changed members over and over while this is entered."""

    def __init__(self, who: Paired, shop: DemoShop) -> None:
        self._memory = open_memory(shop.home, who.enrolment)
        self._shop, self._who = shop, who
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def look_up(self, number: str) -> object:
        """The card, from a connection of its own."""
        return self._memory.members.card(number)

    def close(self) -> None:
        self._memory.close()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        memory = open_memory(self._shop.home, self._who.enrolment)
        members = memory.members
        pages = changes(CLUB, 5, seed=9)
        while not self._stop.is_set():
            for page in pages:
                if not self._stop.is_set():
                    members.apply(page)  # type: ignore[union-attr]
        memory.close()


@contextmanager
def _counter(shop: DemoShop, book: Path) -> Iterator[tuple[App, SimulatedDevice, _Changing]]:
    who = replace(shop.who, enrolment=replace(shop.who.enrolment, card_key=CARD_KEY))
    memory = open_memory(shop.home, who.enrolment)
    memory.shelf.apply(ShelfPage("bench", 1_000_000, tuple(map(ShelfRecord, GOODS)), ()))
    install_into(BookFiles(memory.members, sealing_key(STATION_KEY)), book, memory.journal.head().incarnation)  # type: ignore[arg-type]
    driver = SimulatedDriver()
    reader = driver.plug("bench")
    app = App(who, memory, Person(CASHIER, CASHIER_NAME),
              Hardware(lambda _on_code: [driver], keyboard(Settings()), Paper(FilePrinter(shop.home.receipts))), Look(),
              Threads(sync_opener(shop.home, shop.who), lambda: open_memory(shop.home, who.enrolment)))
    app.open_shift()
    app.window.resize(*SIZE)
    app.window.show()
    app.start()
    changing = _Changing(who, shop)
    try:
        yield app, reader, changing
    finally:
        changing.close()
        app.stop()


def _tap(app: QApplication, counter: App, reader: SimulatedDevice, at: int) -> float:
    """Show a card as the next customer does, when nobody's is in the basket; milliseconds until the member is painted."""
    counter.counter.forget_member()
    counter.window.checkout.show()
    app.processEvents()
    painted = _Painted()
    counter.window.page.member.installEventFilter(painted)
    wanted = name(at)
    start = perf_counter_ns()
    reader.present(card_number(at))
    while counter.counter.member is None or counter.counter.member.name != wanted or painted.at < start:
        app.processEvents()
    return (painted.at - start) / NS_PER_MS


def _scans(app: QApplication, counter: App, goods: Sequence[Product], held: int) -> list[float]:
    """Scan a few goods more than the basket holds already; milliseconds each until the row is painted."""
    basket = counter.counter.basket
    for each in goods[len(basket.lines) if basket else 0:held]:
        counter.counter.scan(each.barcode)
    counter.window.checkout.show()
    app.processEvents()
    return [_scan(app, counter, each.barcode) for each in goods[held:held + SCANS]]


def _scan(app: QApplication, counter: App, barcode: str) -> float:
    painted = _Painted()
    counter.window.page.basket.viewport().installEventFilter(painted)
    start = perf_counter_ns()
    counter.window.scanned(barcode)
    while painted.at < start:
        app.processEvents()
    return (painted.at - start) / NS_PER_MS


def _switch(app: QApplication, counter: App) -> float:
    painted = _Painted()
    counter.window.page.installEventFilter(painted)
    start = perf_counter_ns()
    counter.window.switch_language()
    while painted.at < start:
        app.processEvents()
    return (perf_counter_ns() - start) / NS_PER_MS


def _bare_switch(app: QApplication) -> float:
    """Turn an empty window round and style it anew."""
    window = QMainWindow()
    window.resize(*SIZE)
    window.show()
    app.processEvents()
    before = QGuiApplication.layoutDirection()
    turned = Qt.LayoutDirection.LeftToRight if before == Qt.LayoutDirection.RightToLeft else Qt.LayoutDirection.RightToLeft
    start = perf_counter_ns()
    QGuiApplication.setLayoutDirection(turned)
    window.setStyleSheet(style.sheet(tokens.LIGHT))
    app.processEvents()
    taken = (perf_counter_ns() - start) / NS_PER_MS
    QGuiApplication.setLayoutDirection(before)
    return taken


def _bare(app: QApplication, look_up: Callable[[str], object], number: str) -> float:
    label: QWidget = QLabel()
    label.resize(300, 60)
    label.show()
    app.processEvents()
    painted = _Painted()
    label.installEventFilter(painted)
    start = perf_counter_ns()
    assert look_up(number)
    label.setWindowTitle(number)
    label.repaint()
    while painted.at < start:
        app.processEvents()
    return (painted.at - start) / NS_PER_MS
