"""How often one station may ask for what is dear, counted by each process for itself."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from headoffice.refusal import RefusalError
from sync.wire import ProblemCode

MOST_STATIONS = 10_000


@dataclass(slots=True)
class _Purse:
    left: float
    at_s: float


class Pace:
    """Up to ``burst`` at once, then ``a_second`` for each station."""

    def __init__(self, burst: int, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with full purses; ``clock`` counts seconds."""
        self._burst = burst
        self._a_second = a_second
        self._clock = clock
        self._purses: dict[str, _Purse] = {}
        self._lock = threading.Lock()

    def spend(self, station: str) -> None:
        """Count one request of ``station``. Raises ``RefusalError`` BUSY (429) when it asks too often."""
        now_s = self._clock()
        with self._lock:
            if len(self._purses) >= MOST_STATIONS:
                self._purses.clear()
            held = self._purses.setdefault(station, _Purse(self._burst, now_s))
            held.left = min(self._burst, held.left + (now_s - held.at_s) * self._a_second)
            held.at_s = now_s
            if held.left < 1:
                raise RefusalError(429, ProblemCode.BUSY, "too often")
            held.left -= 1
