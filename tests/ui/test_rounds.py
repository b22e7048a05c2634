"""Into training and back in one process, over real files: the window says so, nothing is sent, nothing real is touched."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from data.derived import decode
from data.report_rows import ReportRows
from station.drawer import Drawer
from station.errors import ErrorCode, StationError
from station.feed import ShelfPage, ShelfRecord
from station.people import Actor, Role
from station.shift import X_REPORT, Z_REPORT, CountReason
from station.staff_event import StaffDeed, StaffEvent
from station.tender import Tender, TenderKind
from station.text import Text
from sync.state import NoWorker
from tests.fakes import product
from tests.rigs.issuing_shop import IssuingShop
from ui.format import Format, Unit
from ui.late import LateReturns
from ui.look import Look, LookFile
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.printing import TEST_PAGE, Letterhead, ReceiptJobs
from ui.qt.rounds import Start, fresh_training, real_counter, run, training_counter
from ui.qt.tools.returning import ReturnTool
from ui.qt.window import Window
from ui.text import Words
from ui.wiring import make_counter, make_world, open_memory, paired

MILK = product(1, 385_000)
MANAGER = Person(Actor("omid", Role.MANAGER), Text("امید", "Omid"))


@pytest.fixture
def start(tmp_path: Path) -> Start:
    shop = IssuingShop(tmp_path)
    with shop.open() as memory:
        memory.shelf.apply(ShelfPage("c1", 1, (ShelfRecord(MILK),), ()))
    return Start(shop.home, MANAGER, LookFile(shop.home.folder))


@pytest.fixture
def training(qapp: QApplication, start: Start) -> Iterator[App]:
    with ExitStack() as used:
        app = training_counter(start, Look("en"), used)
        app.start()
        yield app
        app.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def real_files(start: Start) -> dict[str, str]:
    """What is in the real station's files; its look is no business of the journal's."""
    folder = start.home.folder
    return {str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
            for each in sorted(folder.rglob("*")) if each.is_file() and "training" not in each.relative_to(folder).parts}


def sell(app: App) -> None:
    app.open_shift()
    app.window.checkout.scanned(MILK.barcode)
    app.window.checkout.begin_pay()
    app.window.checkout.pay_cash_amount(1_000_000)


def test_training_says_so_and_sends_nothing(training: App, start: Start) -> None:
    window = training.window
    assert window.top.band.text() == "TRAINING: nothing here is real, and nothing is sent"
    assert window.top.band.isVisible()
    assert not window.top.sync.isVisible()
    assert isinstance(training.worker, NoWorker)
    window.change_look(Look("fa"))
    assert window.top.band.text().startswith("آموزشی")
    assert LookFile(start.home.folder).read().language == "fa"


def test_a_whole_sale_in_training_leaves_every_byte_of_the_real_station(qtbot: QtBot, training: App, start: Start) -> None:
    before = real_files(start)
    sell(training)
    receipts = start.home.folder / "training" / "receipts"
    qtbot.waitUntil(lambda: receipts.exists() and any(receipts.iterdir()), timeout=10_000)
    assert real_files(start) == before


class Visitor:
    """Somebody at the screen: begins training, ends it, closes the window; remembers what stood on it."""

    def __init__(self, app: QApplication, rounds: int = 3) -> None:
        self._rounds = rounds
        self.bands: list[str] = []
        self.units: list[Unit] = []
        self.banners: list[str] = []
        self._app = app
        self._seen: list[Window] = []
        self._timer = QTimer(app, interval=50)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        window = next((each for each in self._app.topLevelWidgets()
                       if isinstance(each, Window) and each.isVisible() and each not in self._seen), None)
        if window is None:
            return
        self._seen.append(window)
        self.bands.append(window.top.band.text())
        self.units.append(window.look.unit)
        self.banners.append(window.page.banner.text.text())
        if len(self._seen) == self._rounds:
            self._timer.stop()
            window.close()
        else:
            wanted = "End training" if self.bands[-1] else "Begin training"
            next(entry for entry in window.entries if entry.meaning == wanted).act()


def test_a_manager_goes_into_training_and_back_in_one_process(qapp: QApplication, start: Start) -> None:
    visitor = Visitor(qapp)
    look = Look("en", unit=Unit.RIAL)
    assert run(qapp, start, look, StationError(ErrorCode.LOOK_INVALID), training=False) == 0
    assert [bool(text) for text in visitor.bands] == [False, True, False]
    assert visitor.units == [Unit.RIAL] * 3
    assert "E421" in visitor.banners[0]
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_station_that_cannot_make_its_training_begins_for_real_and_says_why(qapp: QApplication, start: Start) -> None:
    (start.home.folder / "training").write_bytes(b"in the way")
    visitor = Visitor(qapp, rounds=1)
    assert run(qapp, start, Look("en"), None, training=True) == 0
    assert visitor.bands[-1] == ""
    assert "E4" in visitor.banners[-1]
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def staff_events(start: Start) -> list[tuple[str, StaffEvent]]:
    memory = open_memory(start.home, paired(start.home).enrolment)
    try:
        found = [decode(stored.raw, stored.kind) for stored in memory.journal.entries(0, 1_000)]
    finally:
        memory.close()
    return [(entry.actor.person, entry.body) for entry in found if isinstance(entry.body, StaffEvent)]


def test_the_real_journal_says_who_began_training(qapp: QApplication, start: Start) -> None:
    visitor = Visitor(qapp)
    assert run(qapp, start, Look("en"), None, training=False) == 0
    assert [bool(text) for text in visitor.bands] == [False, True, False]
    assert staff_events(start) == [("omid", StaffEvent(StaffDeed.TRAINING_BEGUN, "omid"))]
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_training_that_was_cut_off_goes_on_and_says_so(qapp: QApplication, start: Start) -> None:
    fresh_training(start.home)  # and the program is killed
    visitor = Visitor(qapp, rounds=2)
    assert run(qapp, start, Look("en"), None, training=False) == 0
    assert [bool(text) for text in visitor.bands] == [True, False]
    assert "E422" in visitor.banners[0]
    assert not start.home.training_mark.exists()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_window_closed_in_training_is_the_end_of_it(qapp: QApplication, start: Start) -> None:
    visitor = Visitor(qapp, rounds=1)
    assert run(qapp, start, Look("en"), None, training=True) == 0
    assert visitor.bands != [""]
    assert not start.home.training_mark.exists()
    assert [each.name for each in (start.home.folder / "training").iterdir()] == []
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize(("language", "mark"), [("fa", "آموزشی · "), ("en", "TRAINING · ")])
def test_every_paper_of_training_says_so(start: Start, language: str, mark: str) -> None:
    training = fresh_training(start.home)
    memory = training.open()
    who = training.who.enrolment
    counter = make_counter(who, memory)
    counter.open_shift(MANAGER.actor, 0)
    counter.scan(MILK.barcode, 1000)
    counter.settle((Tender(TenderKind.CASH, MILK.price),), MANAGER.actor)
    drawer = Drawer(make_world(memory))
    drawer.read(MANAGER.actor)
    drawer.close(MILK.price, CountReason.UNEXPLAINED, MANAGER.actor)
    jobs = ReceiptJobs(memory, Letterhead(who.shop_name, MANAGER.name, lambda: (Words(language), Format(language))))
    rows, sale = ReportRows(memory.journal.database), memory.journal.last_sale()
    assert sale
    papers = [jobs.describe(place, copy=False) for place in (
        TEST_PAGE, sale, rows.place_of(X_REPORT, 1), rows.place_of(Z_REPORT, 1))]
    assert [each.shop for each in papers if not each.shop.startswith(mark)] == []
    jobs.close()


@pytest.mark.parametrize(("make", "asks"), [(real_counter, True), (training_counter, False)])
def test_head_office_is_asked_about_receipts_but_not_in_training(
    qapp: QApplication, start: Start, make: Callable[[Start, Look, ExitStack], App], *, asks: bool,
) -> None:
    with ExitStack() as used:
        app = make(start, Look("en"), used)
        (tool,) = (each for each in app.window.tools if isinstance(each, ReturnTool))
        office = tool._parts().office
        assert isinstance(office, LateReturns) is asks
        assert asks or office is None
        app.start()
        app.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_counter_that_is_stopped_before_its_threads_began_ends(qapp: QApplication, start: Start) -> None:
    with ExitStack() as used:
        app = training_counter(start, Look("en"), used)
        app.start()
        app.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
