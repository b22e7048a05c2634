"""Head office's clock. A simulated world gives it another source; nothing else reads the time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MICROSECONDS = 1_000_000


def machine_us() -> int:
    """Return what this machine's clock says, in microseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1000


@dataclass(slots=True)
class OfficeClock:
    """Where the time comes from: ``source`` returns microseconds since 1970-01-01T00:00Z."""

    source: Callable[[], int] = machine_us


CLOCK = OfficeClock()


def now_us() -> int:
    """Return the present moment in microseconds since 1970-01-01T00:00Z."""
    return CLOCK.source()
