"""One piece of work at a time beside the screen's thread; how far it is and what came of it is told on the screen's."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from station.errors import StationError

Step = Callable[[int, int], None]
"""Told how much of how much is done; it raises when the work is to end."""
Work = Callable[[Step], None]
Done = Callable[[StationError | None], None]


class StoppedError(Exception):
    """The work was asked to end."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """How it ended: ``fault`` is None for well, and for ended when it was asked to; ``bug`` is what nobody expected."""

    fault: StationError | None = None
    bug: Exception | None = None


class Errand(QObject):
    """Runs work in a thread of its own. Everything but the work itself belongs to the thread it was made on."""

    _stepped = Signal(int, int)
    _ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        """Connect to slots of this object, so that Qt knows the receiving thread."""
        super().__init__(parent)
        self._stopping = threading.Event()
        self._percent = -1
        self._done: Done | None = None
        self._on_step: Step = lambda _done, _last: None
        queued = Qt.ConnectionType.QueuedConnection
        self._stepped.connect(self._arrived_step, queued)
        self._ended.connect(self._arrived_end, queued)

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._done is not None

    @property
    def stopping(self) -> bool:
        """Whether what was begun last was asked to end."""
        return self._stopping.is_set()

    def start(self, work: Work, done: Done, on_step: Step = lambda _done, _last: None) -> bool:
        """Begin ``work``, which may raise ``StationError``; return False, and do nothing, while something is being done.

        ``done`` is told the fault, or None; ``on_step`` how far it is, once for each per cent. An unexpected exception is raised
        on the screen's thread, after ``done`` was told None.
        """
        if self.busy:
            return False
        self._done, self._on_step = done, on_step
        self._stopping.clear()
        self._percent = -1
        threading.Thread(target=self._run, args=(work,), name="errand", daemon=True).start()
        return True

    def stop(self) -> None:
        """Ask it to end at its next step."""
        self._stopping.set()

    def _run(self, work: Work) -> None:
        end = _Ended()
        try:
            work(self._step)
        except StoppedError:
            pass
        except StationError as fault:
            end = _Ended(fault)
        except Exception as bug:  # noqa: BLE001 (raised again where it is seen)
            end = _Ended(bug=bug)
        # The window, and with it this object, may be gone: the program ends.
        with suppress(RuntimeError):
            self._ended.emit(end)

    def _step(self, done: int, last: int) -> None:
        if self._stopping.is_set():
            raise StoppedError
        percent = done * 100 // last
        if percent == self._percent:
            return
        self._percent = percent
        with suppress(RuntimeError):
            self._stepped.emit(done, last)

    @Slot(int, int)
    def _arrived_step(self, done: int, last: int) -> None:
        self._on_step(done, last)

    @Slot(object)
    def _arrived_end(self, end: _Ended) -> None:
        told, self._done = self._done, None
        assert told  # noqa: S101 - it ends once
        told(end.fault)
        if end.bug:
            raise end.bug
