"""The print queue: one thread that brings every receipt onto paper, whatever happens to the printer.

The list of what is to be printed is not here but beside the sales, where it outlives the program;
the queue takes the oldest, prints it, and only then says that it is done. One receipt is one
original and any number of copies, so whatever may have come out before is printed as a copy:

* a job whose printing failed after it had begun;
* at the start of the program, the oldest job, because the program may have ended while it was
  being printed. Only the oldest: jobs are printed strictly in their order, so no later one had begun.

A printer that prints but never says so would eat paper for ever. After ``MOST_TRIES`` beginnings
the queue tries that job again only when somebody wakes it.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event, Thread
from time import monotonic
from typing import Any, Protocol

from drivers.printers.drawer import Drawer
from drivers.printers.port import Printer, Raster
from station.errors import ErrorCode, StationError

BACK_OFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
MOST_TRIES = 3
KICK_FRESH_S = 5.0
_PRINTER_CODES = 6

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How printing goes.

    ``ready``: the printer did what it was last told, False until it has been told something;
    ``error``: why it did not (6xx), or why the list of receipts cannot be used (4xx); ``waiting``:
    receipts that are not on paper.
    """

    ready: bool = False
    error: ErrorCode | None = None
    waiting: int = 0


class PrintJobs(Protocol):
    """The receipts to be printed, by the ``seq`` of their sale; opened, used and closed in the thread.

    Every method but ``close`` may raise ``StationError``.
    """

    def waiting(self) -> Sequence[int]:
        """Return the sales whose receipt is to be printed, oldest first."""
        ...

    def render(self, seq: int, *, copy: bool) -> Raster:
        """Return the receipt of sale ``seq``, marked as a copy or not."""
        ...

    def done(self, seq: int) -> None:
        """Take sale ``seq`` off the list, durably."""
        ...

    def close(self) -> None:
        """Let go of whatever they are read from."""
        ...


class PrintQueue:
    """The printing thread, from ``start`` to ``stop``; used once.

    The callables run on the thread. What they raise beside ``StationError`` is a bug: it ends the
    thread by way of ``threading.excepthook``.
    """

    def __init__(
        self, printer: Printer, open_jobs: Callable[[], PrintJobs], on_state: Callable[[PrinterState], None],
        drawer: Drawer | None = None, *, back_off_s: Sequence[float] = BACK_OFF_S,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Print on ``printer``; ``drawer`` is the one it opens, because both share a connection.

        ``on_state`` is called at every change. ``back_off_s`` are the pauses in seconds after one
        failure, two, …; the last for ever. ``clock`` tells seconds.
        """
        self._printer = printer
        self._open_jobs = open_jobs
        self._on_state = on_state
        self._drawer = drawer
        self._back_off_s = back_off_s
        self._clock = clock
        self._bell = Event()
        self._stopping = Event()
        self._state = PrinterState()
        self._reprints: deque[int] = deque()
        self._kicks: deque[float] = deque()
        self._failures = 0
        self._tries = 0
        self._touched: int | None = None
        self._printed: int | None = None
        # A daemon, because a device that never returns must not keep the program from ending.
        self._thread = Thread(target=self._run, name="printer", daemon=True)

    def start(self) -> None:
        """Begin. Raises ``RuntimeError`` the second time."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is a new receipt, or that the printer was seen to: it is tried at once.

        Returns at once, like ``reprint`` and ``kick``; any thread may call them.
        """
        self._bell.set()

    def reprint(self, seq: int) -> None:
        """Print a copy of the receipt of sale ``seq`` after those that wait. A restart forgets it."""
        self._reprints.append(seq)
        self._bell.set()

    def kick(self) -> None:
        """Open the drawer before the next receipt; without a drawer nothing happens.

        Tried once, and no later than ``KICK_FRESH_S``: a drawer must not open when nobody expects it.
        """
        if self._drawer is not None:
            self._kicks.append(self._clock() + KICK_FRESH_S)
            self._bell.set()

    def stop(self, timeout_s: float) -> bool:
        """Ask the thread to end after the job it is in; return whether it did in time."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        jobs: PrintJobs | None = None
        try:
            while not self._stopping.is_set():
                try:
                    if jobs is None:
                        jobs = self._open()
                    if self._round(jobs):
                        continue
                    pause = None
                except StationError as fault:
                    pause = self._pause_after(fault)
                except Exception:
                    # A paper that cannot be drawn is a bug; the thread that ends with it would print nothing any more.
                    logger.exception("printing")
                    pause = self._pause_after(StationError(ErrorCode.PRINTING_FAILED))
                self._bell.wait(pause)
                self._bell.clear()
        finally:
            if jobs is not None:
                jobs.close()

    def _open(self) -> PrintJobs:
        jobs = self._open_jobs()
        try:
            self._touched = next(iter(jobs.waiting()), None)
        except StationError:
            jobs.close()
            raise
        return jobs

    def _round(self, jobs: PrintJobs) -> bool:
        """Open the drawer if asked, print one receipt if one waits; return whether it did print."""
        if self._printed is not None:
            # On paper, but the list could not be written then: never print it again for that.
            jobs.done(self._printed)
            self._printed = None
        waiting = jobs.waiting()
        error = self._state.error if _is_printers(self._state.error) else None
        self._tell(waiting=len(waiting) + len(self._reprints), error=error)
        self._open_drawer()
        if waiting:
            self._print(jobs, waiting[0])
        elif self._reprints:
            self._print_copy(jobs, self._reprints[0])
        else:
            return False
        return True

    def _print(self, jobs: PrintJobs, seq: int) -> None:
        raster = jobs.render(seq, copy=seq == self._touched)
        try:
            self._printer.print(raster, f"receipt-{seq}")
        except StationError as fault:
            if "begun" in fault.detail:
                self._touched = seq
                self._tries += 1
            raise
        self._printed, self._tries = seq, 0
        self._well()
        jobs.done(seq)
        self._printed = None
        self._tell(waiting=self._state.waiting - 1)

    def _print_copy(self, jobs: PrintJobs, seq: int) -> None:
        try:
            self._printer.print(jobs.render(seq, copy=True), f"receipt-{seq}-copy")
        except StationError as fault:
            self._tries += "begun" in fault.detail
            raise
        self._reprints.popleft()
        self._tries = 0
        self._well()
        self._tell(waiting=self._state.waiting - 1)

    def _open_drawer(self) -> None:
        if not self._kicks or self._drawer is None:
            return
        until = self._kicks.pop()
        self._kicks.clear()
        if until < self._clock():
            logger.warning("printing: the drawer was not opened, the printer was busy")
            return
        self._drawer.kick()
        self._well()

    def _well(self) -> None:
        """Report that the printer did what it was told."""
        self._failures = 0
        self._tell(ready=True, error=None)

    def _pause_after(self, fault: StationError) -> float | None:
        """Report ``fault``; return for how many seconds to rest, None for until the bell."""
        if fault.code is not self._state.error:
            logger.warning("printing: %s", fault)
        self._tell(ready=self._state.ready and not _is_printers(fault.code), error=fault.code)
        pause = self._back_off_s[min(self._failures, len(self._back_off_s) - 1)]
        self._failures += 1
        return None if "begun" in fault.detail and self._tries >= MOST_TRIES else pause

    def _tell(self, **changes: Any) -> None:
        state = replace(self._state, **changes)
        if state != self._state:
            self._state = state
            self._on_state(state)


def _is_printers(error: ErrorCode | None) -> bool:
    return error is not None and error // 100 == _PRINTER_CODES
