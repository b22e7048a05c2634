"""The first run at a real station: what its steps do, beside the screen's thread where it takes its time."""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from drivers.roster import Roster
from station.card import Tap
from station.errors import ErrorCode, StationError
from ui.devices import keyboard, paper, reader_drivers, shop_setup
from ui.look import Look, LookFile
from ui.presenters.report_paper import test_page
from ui.presenters.wizard import Acts, FirstRun, Outcome
from ui.qt.bridge import Arrivals, Bridge
from ui.qt.keys import KeyFilter
from ui.qt.receipt import receipt_raster
from ui.qt.scaling import fitting
from ui.qt.wizard_window import WizardWindow
from ui.settings import PrinterSettings, Settings
from ui.setup import SetupFile, Step, keep_printer, known_settings
from ui.text import Words
from ui.wiring import Home, Paired, keep_pairing, paired
from ui.wiring_lines import ask_in, sync_opener

if TYPE_CHECKING:
    from ui.qt.rounds import Start

STOP_S = 5.0
Done = Callable[[Any], None]


class Beside(QObject):
    """Runs one thing after the other on threads of their own, and says on the screen's thread what came of it."""

    _came = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        """Run nothing yet."""
        super().__init__(parent)
        self.stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def run(self, act: Callable[[], Any], done: Done) -> None:
        """Do ``act``; ``done`` gets what it returns, or the ``StationError`` it raises."""
        def work() -> None:
            try:
                came = act()
            except StationError as fault:
                logging.getLogger(__name__).warning("setting up: %s", fault)
                came = fault
            self._came.emit(done, came)

        thread = threading.Thread(target=work, name="setup", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self, timeout_s: float) -> None:
        """Ask what runs to end, and wait for it as long as ``timeout_s`` for each."""
        self.stopping.set()
        for each in self._threads:
            each.join(timeout_s)

    @Slot(object, object)
    def _arrived(self, done: Done, came: object) -> None:
        if not self.stopping.is_set():
            done(came)


class Setup:
    """One first run over the station in ``home``: made, started and stopped on the screen's thread."""

    def __init__(self, home: Home, looks: LookFile, look: Look, leave: Callable[[Outcome], None]) -> None:
        """Stand where somebody left off. Raises ``StationError`` SETTINGS_INVALID or another 4xx."""
        self._home, self._looks = home, looks
        self.look = look
        self._file = SetupFile(home.folder)
        settings = known_settings(home.settings)
        self.window = WizardWindow(look, lambda: leave(Outcome.LATER))
        self._beside = Beside(self.window)
        acts = Acts(
            self._ask_in, lambda found: keep_pairing(home, found), self._load,
            lambda printer: keep_printer(home.settings, printer), self._test_print, self._wear, self._file.keep, leave,
            lambda size: fitting(size, self.window.screen() or QGuiApplication.primaryScreen()) == size)
        who = paired(home) if home.enrolment.exists() else None
        self.run = FirstRun(acts, self.window, look, self._file.read() or Step.LANGUAGE, who, settings.printer)
        self.window.connect_to(self.run)
        self._readers(settings)

    def start(self) -> None:
        """Show the window; look for readers."""
        self.run.show()
        self.window.showMaximized()
        self._app.installEventFilter(self._keys)
        self._roster.start()

    def stop(self) -> None:
        """End the threads and close the window."""
        self._app.removeEventFilter(self._keys)
        self._roster.stop()
        self._beside.stop(STOP_S)
        self._bridge.close()
        self.window.close()

    def _readers(self, settings: Settings) -> None:
        run = self.run
        self._bridge = Bridge(Arrivals(run.tapped, run.coded, run.reader_state, _nothing, _nothing), self.window)
        try:
            setup, decoder = shop_setup(settings, self._bridge.code), keyboard(settings)
        except ValueError as error:
            raise StationError(ErrorCode.SETTINGS_INVALID, reason=str(error)) from error
        self._roster = Roster(lambda: reader_drivers(setup), self._bridge.tap, self._bridge.reader_state)
        self._app = QApplication.instance() or QApplication([])
        self._keys = KeyFilter(decoder, self._tapped, run.coded, run.card_fault, self.window)

    def _tapped(self, tap: Tap) -> None:
        self.run.tapped(tap)

    def _ask_in(self, url: str, code: str, done: Callable[[Paired | StationError], None]) -> None:
        def ask() -> Paired:
            try:
                return ask_in(self._home, url, code)
            except ValueError as error:  # plain HTTP beyond this machine
                raise StationError(ErrorCode.ADDRESS_INVALID) from error

        self._beside.run(ask, done)

    def _load(self, done: Callable[[StationError | None], None]) -> None:
        home, stopping = self._home, self._beside.stopping

        def load() -> None:
            with closing(sync_opener(home, paired(home))()) as sync:
                while not stopping.is_set() and sync.pull():
                    pass

        self._beside.run(load, done)

    def _test_print(self, printer: PrinterSettings, done: Callable[[StationError | None], None]) -> None:
        words = Words(self.look.language)
        shop = self.run.shop(words)

        def show() -> None:
            made = paper(printer, self._home)
            made.warm_up()
            made.printer.print(receipt_raster(test_page(shop, words)), "test")

        self._beside.run(show, done)

    def _wear(self, look: Look) -> None:
        self.look = look
        self.window.dress(look)
        try:
            self._looks.keep(look)
        except StationError as fault:
            logging.getLogger(__name__).warning("look: %s", fault)


def _nothing(_news: object) -> None:
    """Take news that no step is about."""


def first_run(app: QApplication, start: "Start", look: Look, told: StationError | None) -> tuple[Outcome, Look]:
    """Have a station set up; return how it was left, and the look. ``told`` is shown first. Raises ``StationError`` 4xx."""
    look = replace(look, size=fitting(look.size, QGuiApplication.primaryScreen()))
    left: list[Outcome] = []

    def leave(outcome: Outcome) -> None:
        if not left:
            left.append(outcome)
            app.exit(0)

    setup = Setup(start.home, start.looks, look, leave)
    setup.start()
    if told:
        setup.run.tell(told)
    start.opened()
    app.setQuitOnLastWindowClosed(False)
    app.exec()
    setup.stop()
    app.processEvents()
    app.setQuitOnLastWindowClosed(True)
    if left == [Outcome.SELL]:
        SetupFile(start.home.folder).done()
    return left[0], setup.look
