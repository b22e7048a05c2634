"""The one crossing from other threads to the screen: each call becomes a queued signal."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import Tap
from sync.state import SyncState


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Where each kind of news ends: calls made on the thread the bridge lives on."""

    tap: Callable[[Tap], None]
    code: Callable[[str], None]
    reader_state: Callable[[ReaderState], None]
    sync_state: Callable[[SyncState], None]
    printer_state: Callable[[PrinterState], None]


class Bridge(QObject):
    """Hands news of the other threads over to the thread it was made on, in order.

    ``tap``, ``code``, ``reader_state``, ``sync_state`` and ``printer_state`` may be called from any
    thread and return at once.
    """

    _tapped = Signal(object)
    _coded = Signal(str)
    _reader = Signal(object)
    _sync = Signal(object)
    _printer = Signal(object)

    def __init__(self, arrivals: Arrivals, parent: QObject | None = None) -> None:
        """Connect each signal to a slot of this object, so that Qt knows the receiving thread."""
        super().__init__(parent)
        self._arrivals = arrivals
        queued = Qt.ConnectionType.QueuedConnection
        self._tapped.connect(self._arrived_tap, queued)
        self._coded.connect(self._arrived_code, queued)
        self._reader.connect(self._arrived_reader, queued)
        self._sync.connect(self._arrived_sync, queued)
        self._printer.connect(self._arrived_printer, queued)

    def close(self) -> None:
        """Drop what is still on its way; for the end, when no thread sends any more."""
        QCoreApplication.removePostedEvents(self)

    def tap(self, tap: Tap) -> None:
        """Send a card presentation across."""
        self._tapped.emit(tap)

    def code(self, code: str) -> None:
        """Send a scanned code that is no card across."""
        self._coded.emit(code)

    def reader_state(self, state: ReaderState) -> None:
        """Send the state of a reader across."""
        self._reader.emit(state)

    def sync_state(self, state: SyncState) -> None:
        """Send the state of the connection to head office across."""
        self._sync.emit(state)

    def printer_state(self, state: PrinterState) -> None:
        """Send the state of the printer across."""
        self._printer.emit(state)

    @Slot(object)
    def _arrived_tap(self, tap: Tap) -> None:
        self._arrivals.tap(tap)

    @Slot(str)
    def _arrived_code(self, code: str) -> None:
        self._arrivals.code(code)

    @Slot(object)
    def _arrived_reader(self, state: ReaderState) -> None:
        self._arrivals.reader_state(state)

    @Slot(object)
    def _arrived_sync(self, state: SyncState) -> None:
        self._arrivals.sync_state(state)

    @Slot(object)
    def _arrived_printer(self, state: PrinterState) -> None:
        self._arrivals.printer_state(state)
