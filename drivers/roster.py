"""All readers at once: looks for devices every few seconds and keeps a pump on each that was ever seen."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from drivers.port import Device, Driver
from drivers.pump import Pump, ReaderState
from station.card import Tap
from station.errors import StationError

LOOK_EVERY_S = 3.0
STOP_LIMIT_S = 5.0

logger = logging.getLogger(__name__)


class Roster:
    """Serves every device of some drivers from ``start`` to ``stop``; used once.

    Readers plugged in while it runs are found; one that is unplugged keeps its pump, which says so
    and goes on as soon as the reader is back. The callables run on reader threads.
    """

    def __init__(
        self, drivers: Callable[[], Sequence[Driver]], sink: Callable[[Tap], None],
        on_state: Callable[[ReaderState], None], look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Prepare the thread that looks; it also loads the ``drivers``, which takes longer than a window to open."""
        self._drivers = drivers
        self._sink = sink
        self._on_state = on_state
        self._look_every_s = look_every_s
        self._pumps: dict[str, Pump] = {}
        self._silent: set[str] = set()
        self._stopping = Event()
        # A daemon, because listing devices may hang in a vendor's library.
        self._thread = Thread(target=self._run, name="readers", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, then every pump."""
        self._stopping.set()
        self._thread.join(STOP_LIMIT_S)
        for pump in self._pumps.values():
            pump.stop()

    @contextmanager
    def lend(self, path: str) -> Iterator[None]:
        """Leave the device at ``path`` to somebody else meanwhile: its reader is closed, and opened again after.

        A device that is not served is nobody's to lend, and free.
        """
        lent = self._pumps.get(path)
        if lent is not None:
            lent.stop()
        try:
            yield
        finally:
            if lent is not None and not self._stopping.is_set():
                pump = self._pumps[path] = lent.anew()
                pump.start()

    def _run(self) -> None:
        drivers = self._drivers()
        while not self._stopping.is_set():
            for driver in drivers:
                for device in self._find(driver):
                    if device.path not in self._pumps and not self._stopping.is_set():
                        pump = Pump(driver, device, self._sink, self._on_state)
                        self._pumps[device.path] = pump
                        pump.start()
            self._stopping.wait(self._look_every_s)

    def _find(self, driver: Driver) -> Sequence[Device]:
        """Return the devices of ``driver``; what keeps it from looking is logged once until it is over."""
        try:
            found = driver.find()
        except StationError as fault:
            if driver.name not in self._silent:
                self._silent.add(driver.name)
                logger.warning("readers: %s: %s", driver.name, fault)
            return ()
        self._silent.discard(driver.name)
        return found
