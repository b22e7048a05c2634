"""All chance and all time of a run come from its seed; what happened is written down and summed up."""

import hashlib
import random
import secrets
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from station.clock import Moment
from station.dates import add_days

START_US = 1_795_343_700_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
OFFSET = 210
FIRST_DATE = "2026-11-22"
LAST_LINES = 60


def drawn(label: str) -> random.Random:
    """Return a stream of chance of its own."""
    return random.Random(label)  # noqa: S311 - made to be the same each time


@contextmanager
def product_draws_from(chance: random.Random) -> Iterator[None]:
    """Let the product's own random bytes (incarnations, nonces, salts) come from ``chance``."""
    real = secrets.token_bytes
    secrets.token_bytes = lambda nbytes=None: chance.randbytes(32 if nbytes is None else nbytes)
    try:
        yield
    finally:
        secrets.token_bytes = real


@dataclass
class Time:
    """True time, which nobody in the world knows exactly. Microseconds since 1970 UTC."""

    us: int = START_US

    def pass_by(self, us: int) -> None:
        self.us += us

    def seconds(self) -> float:
        """A monotonic clock."""
        return (self.us - START_US) / SECOND


@dataclass
class WrongClock:
    """A machine's clock: true time and an ``error`` that may jump. ``station.clock.Clock`` and its microseconds."""

    time: Time
    error: int = 0

    def us(self) -> int:
        return self.time.us + self.error

    def now(self) -> Moment:
        local = self.us() - START_US + (START_US + OFFSET * MINUTE) % DAY
        return Moment(self.us(), OFFSET, add_days(FIRST_DATE, local // DAY))


@dataclass
class Trace:
    """What happened, line by line: only what the seed decides, so that the digest of a replay is the same."""

    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    counts: Counter[str] = field(default_factory=Counter)
    told: bool = False
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def say(self, *words: object) -> None:
        line = " ".join(map(str, words))
        self._digest.update(line.encode() + b"\n")
        self.lines.append(line)
        if self.told:
            print(line)  # noqa: T201 - asked for

    def count(self, what: str, times: int = 1) -> None:
        self.counts[what] += times

    def digest(self) -> str:
        return self._digest.hexdigest()[:16]
