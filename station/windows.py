"""Windows of time, judged on a local date and minute: dates, hours, weekdays, birthdays.

Rules: design "Promotions": dates include both ends; hours are [from, to); a window that crosses
midnight belongs to the day it began; the week starts on Saturday.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.bonus import Birth
from station.dates import add_days, day_number, parts_of

MINUTES_PER_HOUR, HOURS = 60, 24
MOST_BIRTHDAY_DAYS = 180
_HOUR = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_SATURDAY = day_number("2026-11-21")


class Weekday(StrEnum):
    """The days of the week, Saturday first as in Iran."""

    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"
    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"


_WEEK = tuple(Weekday)


def weekday(day: str) -> Weekday:
    """Return the weekday of ``day`` (YYYY-MM-DD)."""
    return _WEEK[(day_number(day) - _SATURDAY) % len(_WEEK)]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """From ``first`` through ``last``, both included; "" leaves that end open."""

    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a day that does not exist, or a span that is empty or has no end at all."""
        for day in filter(None, (self.first, self.last)):
            day_number(day)
        if not (self.first or self.last) or (self.first and self.last and self.first > self.last):
            message = f"dates run from {self.first!r} through {self.last!r}"
            raise ValueError(message)

    def holds(self, day: str) -> bool:
        """Whether ``day`` lies in the span."""
        return self.first <= day and (not self.last or day <= self.last)


@dataclass(frozen=True, slots=True)
class HourSpan:
    """From ``start`` until just before ``end`` ("HH:MM" of the local clock, "24:00" allowed as end)."""

    start: str
    end: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a text is no time of day, or the span is empty."""
        if _minutes(self.start) == HOURS * MINUTES_PER_HOUR or _minutes(self.start) == _minutes(self.end):
            message = f"hours run from {self.start!r} until {self.end!r}"
            raise ValueError(message)

    def began(self, day: str, minute: int) -> str | None:
        """Return the day on which the window that holds ``minute`` of ``day`` began, or None outside it."""
        start, end = _minutes(self.start), _minutes(self.end)
        if start < end:
            return day if start <= minute < end else None
        if minute >= start:
            return day
        return add_days(day, -1) if minute < end else None


def _minutes(text: str) -> int:
    found = _HOUR.fullmatch(text)
    minutes = int(found[1]) * MINUTES_PER_HOUR + int(found[2]) if found else -1
    if not 0 <= minutes <= HOURS * MINUTES_PER_HOUR:
        message = f"not a time of day: {text!r}, expected HH:MM"
        raise ValueError(message)
    return minutes


class TimeFault(StrEnum):
    """Which part of a window of time the moment misses, in the order in which they are judged."""

    DATE = "DATE"
    HOUR = "HOUR"
    WEEKDAY = "WEEKDAY"


def time_fault(
    dates: Sequence[DateSpan], hours: Sequence[HourSpan], weekdays: Sequence[Weekday], day: str, minute: int,
) -> TimeFault | None:
    """Return what keeps ``minute`` of ``day`` out of the window, or None when it is inside.

    An empty list means any. Dates and weekdays are judged on the day the hours' window began.
    """
    began = [found for span in hours if (found := span.began(day, minute)) is not None] if hours else [day]
    dated = [each for each in began or [day] if _in_dates(dates, each)]
    if not dated:
        return TimeFault.DATE
    if not began:
        return TimeFault.HOUR
    if weekdays and not any(weekday(each) in weekdays for each in dated):
        return TimeFault.WEEKDAY
    return None


def _in_dates(dates: Iterable[DateSpan], day: str) -> bool:
    spans = tuple(dates)
    return not spans or any(span.holds(day) for span in spans)


@dataclass(frozen=True, slots=True)
class BirthdayWindow:
    """From ``before`` days before the birthday through ``after`` days after it."""

    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a figure is negative or so large that windows of two years meet."""
        if not (0 <= self.before <= MOST_BIRTHDAY_DAYS and 0 <= self.after <= MOST_BIRTHDAY_DAYS):
            message = f"a birthday window is 0 to {MOST_BIRTHDAY_DAYS} days: {self.before}, {self.after}"
            raise ValueError(message)

    def holds(self, birth: Birth, day: str) -> bool:
        """Whether ``day`` lies in the window of a birthday.

        30 Esfand is kept on 29 Esfand in a common year, 29 February on 28 (design "Promotions").
        """
        year, number = parts_of(day, birth.calendar)[0], day_number(day)
        return any(
            -self.before <= number - day_number(birth.in_year(near)) <= self.after
            for near in (year - 1, year, year + 1))
