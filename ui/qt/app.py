"""The running counter: window, readers, sync thread and printer put together, started and stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from drivers.port import Device, Driver
from drivers.printers.port import Printer
from drivers.pump import Pump
from station.people import Actor
from station.text import Text
from sync.worker import Sync, SyncState, Worker
from ui.clock import SystemClock
from ui.format import Format
from ui.presenters.checkout import Closed, Desk
from ui.presenters.status import Board
from ui.presenters.today import TodayPage, TodayPresenter
from ui.qt import fonts
from ui.qt.bridge import Arrivals, Bridge
from ui.qt.printing import ReceiptDesk, Records
from ui.qt.simulator import Simulator
from ui.qt.window import Look, Services, Window
from ui.text import Words
from ui.wiring import Memory, Paired, make_counter

PRINT_AGAIN_MS = 60_000
STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the till."""

    actor: Actor
    name: Text


@dataclass(frozen=True, slots=True)
class Hardware:
    """The readers to serve and the printer to print on; ``simulator`` is the demo's panel."""

    readers: Sequence[tuple[Driver, Device]]
    printer: Printer
    simulator: Simulator | None = None


def application(arguments: Sequence[str]) -> QApplication:
    """Return the process's Qt application, with the product's typeface.

    ``QT_IM_MODULE=none`` has to stand in the environment before this is called: an input method
    would eat the dead keys of a keyboard-wedge reader.
    """
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(list(arguments))
    QGuiApplication.setApplicationDisplayName("Card station")
    QGuiApplication.setDesktopFileName("card-station")
    fonts.prepare(app)
    return app


class App:
    """One counter. Made, started and stopped on the screen's thread."""

    def __init__(
        self, paired: Paired, memory: Memory, cashier: Person, hardware: Hardware, look: Look,
        open_sync: Callable[[], Sync],
    ) -> None:
        """Build everything; a shift is opened when none is open for today.

        Raises ``StationError`` 4xx when the journal cannot be read or written.
        """
        clock, who = SystemClock(), paired.enrolment
        counter = make_counter(who, memory)
        shift = memory.journal.shift()
        if shift is None or shift.business_date != clock.now().date:
            shift = counter.open_shift(cashier.actor, 0)
        self._memory = memory
        self._clock = clock
        self.counter = counter
        self._sync = SyncState()
        self.receipts = ReceiptDesk(
            Records(memory.journal, memory.members, memory.packs), hardware.printer,
            who.shop_name, cashier.name, self._speak)
        self.window = Window(
            Desk(counter, memory.members, clock, cashier.actor, self._closed),
            Board(who.shop_name, cashier.name, shift, clock),
            Services(self._refresh_today, self.receipts.reprint_last, lambda _look: None), look,
            hardware.simulator)
        self.bridge = Bridge(Arrivals(
            self.window.tapped, self.window.reader_state, self._sync_state),
            self.window)
        self.worker = Worker(open_sync, self.bridge.sync_state)
        self._pumps = [
            Pump(driver, device, self.bridge.tap, self.bridge.reader_state)
            for driver, device in hardware.readers]
        self._again = QTimer(self.window, interval=PRINT_AGAIN_MS)
        self._again.timeout.connect(self._print)

    def start(self) -> None:
        """Show the window, if it is not yet shown, and set the threads to work; print what waits."""
        if not self.window.isVisible():
            self.window.showMaximized()
        for pump in self._pumps:
            pump.start()
        self.worker.start()
        self._again.start()
        QTimer.singleShot(0, self.window, self._print)

    def stop(self) -> None:
        """End the threads, then close window and files."""
        self._again.stop()
        for pump in self._pumps:
            pump.stop()
        self.worker.stop(STOP_S)
        self.window.close()
        self._memory.close()

    def idle(self) -> bool:
        """Return whether head office was reached last and nothing is being exchanged now."""
        return self._sync.online and not self._sync.working

    def _sync_state(self, state: SyncState) -> None:
        self._sync = state
        self.window.status.sync_state(state)

    def _speak(self) -> tuple[Words, Format]:
        look = self.window.look
        return Words(look.language), Format(look.language, look.unit)

    def _closed(self, _closed: Closed) -> None:
        """Take a durable sale: wake the sync, and print once the screen has said that it is done."""
        self.worker.wake()
        QTimer.singleShot(0, self.window, self._print)

    def _print(self) -> None:
        fault = self.receipts.print_waiting()
        if fault is not None:
            self.window.checkout.tell(fault)

    def _refresh_today(self, page: TodayPage) -> None:
        TodayPresenter(self._memory.journal, self._clock, page).refresh()
