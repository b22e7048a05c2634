"""Moments: what the clock said, in a form the pure engine can judge without a time-zone database."""

import re
from dataclasses import dataclass
from typing import Protocol

MICROSECONDS_PER_MINUTE = 60_000_000
MINUTES_PER_DAY = 1440
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with the place's view of it.

    ``utc_us`` counts microseconds since 1970-01-01T00:00Z, ``offset`` is the local offset in
    minutes east of UTC, ``date`` the local Gregorian date ``YYYY-MM-DD``.
    """

    utc_us: int
    offset: int
    date: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when ``date`` is not ``YYYY-MM-DD``."""
        if not _DATE.fullmatch(self.date):
            message = f"not a local date: {self.date!r}"
            raise ValueError(message)

    @property
    def minute_of_day(self) -> int:
        """Local minutes since midnight, 0 to 1439."""
        return (self.utc_us // MICROSECONDS_PER_MINUTE + self.offset) % MINUTES_PER_DAY


class Clock(Protocol):
    """The world's clock. The only way time enters ``station``."""

    def now(self) -> Moment:
        """Return the present moment at the counter."""
        ...
