"""A thread that writes one card at a time beside the screen, with files of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from threading import Event, Thread

from drivers.writer_catalogue import writer_for
from drivers.writer_port import WriterSetup, WriteStep, Written
from station.errors import ErrorCode, StationError
from ui.presenters.issuing import Order, job_of

STOP_LIMIT_S = 15.0
Opener = Callable[[], AbstractContextManager[WriterSetup]]
Lender = Callable[[str], AbstractContextManager[None]]


class ThreadBench:
    """``ui.presenters.give_card.WritingBench``; the callables are called on its thread."""

    def __init__(
        self, opens: Opener, lends: Lender, on_step: Callable[[WriteStep], None],
        on_end: Callable[[Written | StationError | None], None],
    ) -> None:
        """Write with what ``opens`` gives, on a device that ``lends`` takes from its reader meanwhile."""
        self._opens = opens
        self._lends = lends
        self._on_step = on_step
        self._on_end = on_end
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self, order: Order) -> None:
        """Begin with ``order``; the one before has ended."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, args=(order,), name="card writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop waiting for a card; one that is being written is written to its end."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and wait until the card in hand is written."""
        self.stop()
        if self._thread is not None:
            self._thread.join(STOP_LIMIT_S)

    def tell(self, step: WriteStep) -> None:
        """Take a step of the writer, on its thread."""
        self._on_step(step)

    def stopped(self) -> bool:
        """Tell the writer whether to stop waiting."""
        return self._stopping.is_set()

    def _run(self, order: Order) -> None:
        # What a bug, which ends this thread by way of its hook, is told as.
        outcome: Written | StationError | None = StationError(ErrorCode.WRITER_UNAVAILABLE)
        try:
            outcome = self._written(order)
        except StationError as fault:
            outcome = fault
        finally:
            self._on_end(outcome)

    def _written(self, order: Order) -> Written | None:
        with self._opens() as setup:
            driver, device = writer_for(setup, order.form)
            with self._lends(device.path), closing(driver.open(device)) as writer:
                return writer.write(job_of(order), self)
