"""When a station turns to head office: its slot of the night, and how long it rests after a fault. Pure.

Thirty thousand stations that come back in the same minute are spread out in two ways: what is heavy
waits for a slot that is the station's own, and every pause is drawn by chance (full jitter).
"""

import hashlib
import math
from collections.abc import Callable

from station.dates import day_number, day_text

US = 1_000_000
DAY_US = 86_400 * US
NIGHT_START_US = (22 * 60 + 30) * 60 * US
"""When the window of a day opens, in µs of its UTC day: 02:00 in Tehran."""

NIGHT_S = 3 * 3600
CATCH_UP = 5000
FIRST_PAUSE_S = 3
SHORT_S = 15
"""For so many seconds of rests the pauses stay short: a head office that only restarts is found again in 3 s."""

MOST_PAUSE_S = 15 * 60
_EPOCH_DAY = day_number("1970-01-01")
_MOST_DOUBLINGS = 10
"""3 s · 2^10 is above the longest pause."""

_COST, _MOST_CREDIT = 10, 100


def slot(station: str, day: str, window_start: int, window_s: int) -> int:
    """Return the slot of ``station`` on the business ``day`` (YYYY-MM-DD), in µs since 1970 UTC.

    It is ``window_start`` (µs) + SHA-256("station day") mod ``window_s`` seconds: the same for
    everybody who asks, another one every day, and spread evenly over all stations.
    """
    digest = hashlib.sha256(f"{station} {day}".encode()).digest()
    return window_start + int.from_bytes(digest, "big") % (window_s * US)


def next_slot(station: str, now_us: int) -> int:
    """Return the first slot of ``station`` after ``now_us`` (µs since 1970 UTC), in the windows of this protocol."""
    today = now_us // DAY_US
    for day in (today - 1, today):
        found = _of_day(station, day)
        if found > now_us:
            return found
    return _of_day(station, today + 1)


def _of_day(station: str, day: int) -> int:
    return slot(station, day_text(_EPOCH_DAY + day), day * DAY_US + NIGHT_START_US, NIGHT_S)


class BackOff:
    """Full jitter: after a fault a pause of uniform(0, min(15 min, 3 s · 2^n)).

    n counts the faults in a row, those after which it has rested for less than ``SHORT_S`` left out: an
    outage that is not longer is met by few stations, for they pull once a minute. A success begins the count anew, as long as the budget lasts: ten in the beginning, and one for
    every ten successes. A line that fails and recovers all day so ends up with long pauses too.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        """Draw from ``chance``, uniform in [0, 1)."""
        self._chance = chance
        self._doublings = 0
        self._rested_s = 0.0
        self._credit = _MOST_CREDIT
        self.resting = False

    def earn(self) -> None:
        """Count a request that succeeded."""
        self._credit = min(self._credit + 1, _MOST_CREDIT)

    def succeeded(self) -> None:
        """Count a batch that arrived or a round that went well."""
        self.earn()
        self.resting = False
        if not self._rested_s:
            return
        if self._credit >= _COST:
            self._credit -= _COST
            self._doublings, self._rested_s = 0, 0.0
        else:  # the budget is spent: no more short ones
            self._rested_s = max(self._rested_s, SHORT_S)

    def failed(self, asked_s: int | str | None) -> float:
        """Return for how many seconds to rest after a fault.

        What head office asked for wins, lengthened by up to a fifth so that not all come at once.
        """
        limit = min(MOST_PAUSE_S, FIRST_PAUSE_S << self._doublings)
        pause = max(asked_s, 1) * (1 + self._chance() / 5) if isinstance(asked_s, int) else limit * self._chance()
        self._rested_s += pause
        if self._rested_s >= SHORT_S:
            self._doublings = min(self._doublings + 1, _MOST_DOUBLINGS)
        self.resting = True
        return pause


class Night:
    """The slot that head office gave this station, by a ``clock`` of seconds that never jumps.

    At the slot comes what is heavy. A backlog of more than ``CATCH_UP`` entries goes up one batch a
    round before, and without a rest from the slot on until it is gone.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._slot: float | None = None
        self._is_catching_up = False

    def told(self, slot_us: int | None, server_time_us: int) -> None:
        """Take the slot from an answer of head office, both by its clock; None: it gives none."""
        self._slot = None if slot_us is None else self._clock() + (slot_us - server_time_us) / US

    def left(self) -> float:
        """Return in how many seconds the slot comes; infinite where there is none."""
        return math.inf if self._slot is None else self._slot - self._clock()

    def comes(self) -> bool:
        """Return whether the slot has come: True once each night."""
        if self._slot is None or self.left() > 0:
            return False
        while self.left() <= 0:
            self._slot += DAY_US // US
        self.hurry()
        return True

    def hurry(self) -> None:
        """Let the backlog go up now."""
        self._is_catching_up = True

    def holds(self, unsent: int) -> bool:
        """Return whether the rest of a backlog of ``unsent`` entries waits after the batch that just went."""
        if unsent <= CATCH_UP:
            self._is_catching_up = False
            return False
        return self._slot is not None and not self._is_catching_up
