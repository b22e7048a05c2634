"""One thread per reader: waits for taps, hands them on, opens the reader again when it fails."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Thread

from drivers.port import CARD_FAULTS, Device, Driver
from station.card import Tap
from station.errors import ErrorCode, StationError

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0)
WAIT_S = 0.25
STOP_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class ReaderState:
    """News of the reader at ``path``: ``error`` says why it is not ``ready``.

    With ``ready`` and an ``error`` (one of ``CARD_FAULTS``) the reader is well and the card just
    shown could not be taken.
    """

    path: str
    title: str
    ready: bool
    error: ErrorCode | None


class Pump:
    """Keeps one reader working from ``start`` to ``stop``; used once.

    Both callables run on the pump's thread and are to return at once. Whatever they raise is a
    bug: it ends the thread by way of ``threading.excepthook``.
    """

    def __init__(
        self, driver: Driver, device: Device, sink: Callable[[Tap], None],
        on_state: Callable[[ReaderState], None], back_off_s: Sequence[float] = BACK_OFF_S,
    ) -> None:
        """Serve ``device``; ``back_off_s`` are the pauses before each reopening, the last for ever."""
        self._driver = driver
        self._device = device
        self._sink = sink
        self._on_state = on_state
        self._back_off_s = back_off_s
        self._stopping = Event()
        self._failures = 0
        self._told: ReaderState | None = None
        # A daemon, because a device library that never returns must not keep the program from ending.
        self._thread = Thread(target=self._run, name=f"reader {device.path}", daemon=True)

    def start(self) -> None:
        """Begin. Raises ``RuntimeError`` the second time."""
        self._thread.start()

    def stop(self) -> None:
        """End: the reader is closed and no callable runs any more.

        Returns within ``WAIT_S`` and the time the driver takes for a card, at most after
        ``STOP_LIMIT_S``.
        """
        self._stopping.set()
        self._thread.join(STOP_LIMIT_S)

    def anew(self) -> "Pump":
        """Return a pump for the same reader, to be started once this one was stopped."""
        return Pump(self._driver, self._device, self._sink, self._on_state, self._back_off_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            fault = self._serve()
            if fault is None:
                return
            self._tell(ready=False, error=fault.code)
            self._stopping.wait(self._back_off_s[min(self._failures, len(self._back_off_s) - 1)])
            self._failures += 1

    def _serve(self) -> StationError | None:
        """Open the reader and serve it until ``stop`` (None) or a fault of the reader, returned."""
        try:
            reader = self._driver.open(self._device)
        except StationError as fault:
            return fault
        with closing(reader):
            # The first look does not wait: a reader is called ready once it has answered.
            limit_s = 0.0
            while not self._stopping.is_set():
                try:
                    tap = reader.wait(limit_s)
                except StationError as fault:
                    if fault.code not in CARD_FAULTS:
                        return fault
                    self._answered()
                    self._on_state(self._state(ready=True, error=fault.code))
                    continue
                self._answered()
                limit_s = WAIT_S
                if tap is not None:
                    self._sink(tap)
        return None

    def _answered(self) -> None:
        self._failures = 0
        self._tell(ready=True, error=None)

    def _tell(self, *, ready: bool, error: ErrorCode | None) -> None:
        """Report the reader's state if it is news."""
        state = self._state(ready=ready, error=error)
        if state != self._told:
            self._told = state
            self._on_state(state)

    def _state(self, *, ready: bool, error: ErrorCode | None) -> ReaderState:
        return ReaderState(self._device.path, self._device.title, ready, error)
