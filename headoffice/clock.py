"""Head office's clock."""

import time

MICROSECONDS = 1_000_000


def now_us() -> int:
    """Return the present moment in microseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1000
