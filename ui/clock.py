"""The machine's clock, as a port of ``station``."""

import time
from datetime import UTC, datetime

from station.clock import Moment

SECONDS_PER_MINUTE = 60
NANOSECONDS_PER_MICROSECOND = 1000


class SystemClock:
    """``station.clock.Clock`` in the machine's own time zone."""

    def now(self) -> Moment:
        """Return the present moment."""
        utc_us = time.time_ns() // NANOSECONDS_PER_MICROSECOND
        local = datetime.fromtimestamp(utc_us / 1e6, tz=UTC).astimezone()
        offset = local.utcoffset()
        minutes = int(offset.total_seconds()) // SECONDS_PER_MINUTE if offset else 0
        return Moment(utc_us, minutes, local.date().isoformat())
