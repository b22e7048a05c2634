"""Spans of days a report is asked for, and the days, weeks or months its bars stand for. Pure.

The week of the shop begins on Saturday and ends with Friday, the day of rest. Days are Gregorian
texts as in ``station.dates``; months are those of the calendar that is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from station.dates import Calendar, add_days, day_number, month_end, month_start

DAYS_PER_WEEK = 7
MOST_DAY_BARS = 62
MOST_WEEK_BARS = 27
MOST_DAYS = 5 * 366
"""More than five years are not summed at once: the station is not the place for it."""

_SATURDAY = day_number("2026-11-21") % DAYS_PER_WEEK


class Grain(StrEnum):
    """What one bar of a report stands for."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Preset(StrEnum):
    """The spans that are asked for most."""

    TODAY = "TODAY"
    YESTERDAY = "YESTERDAY"
    THIS_WEEK = "THIS_WEEK"
    THIS_MONTH = "THIS_MONTH"


@dataclass(frozen=True, slots=True)
class Span:
    """The business dates from ``first`` through ``last``."""

    first: str
    last: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless both are days, in order, at most ``MOST_DAYS`` of them."""
        if not 0 < self.days <= MOST_DAYS:
            message = f"from {self.first} through {self.last}: {self.days} days"
            raise ValueError(message)

    @property
    def days(self) -> int:
        """How many days there are."""
        return day_number(self.last) - day_number(self.first) + 1

    @property
    def grain(self) -> Grain:
        """What one bar stands for, so that the bars can still be told apart."""
        if self.days <= MOST_DAY_BARS:
            return Grain.DAY
        return Grain.WEEK if self.days <= (MOST_WEEK_BARS - 1) * DAYS_PER_WEEK else Grain.MONTH

    def holds(self, day: str) -> bool:
        """Return whether ``day`` is one of them."""
        return self.first <= day <= self.last

    def moved(self, steps: int) -> "Span":
        """Return the span as long as this one that lies ``steps`` of its lengths later."""
        return Span(add_days(self.first, steps * self.days), add_days(self.last, steps * self.days))


def week_start(day: str) -> str:
    """Return the Saturday of the week of ``day``."""
    return add_days(day, -((day_number(day) - _SATURDAY) % DAYS_PER_WEEK))


def preset(which: Preset, today: str, calendar: Calendar) -> Span:
    """Return the span called ``which`` as of ``today``; weeks and months end today."""
    if which is Preset.YESTERDAY:
        before = add_days(today, -1)
        return Span(before, before)
    first = {
        Preset.TODAY: today, Preset.THIS_WEEK: week_start(today), Preset.THIS_MONTH: month_start(today, calendar),
    }[which]
    return Span(first, today)


def buckets(span: Span, calendar: Calendar) -> tuple[Span, ...]:
    """Return the days, weeks or months of ``span``, in order; the first and the last may be cut."""
    return tuple(_cut(span, calendar))


def _cut(span: Span, calendar: Calendar) -> Iterator[Span]:
    first = span.first
    while first <= span.last:
        end = {
            Grain.DAY: first,
            Grain.WEEK: add_days(week_start(first), DAYS_PER_WEEK - 1),
            Grain.MONTH: month_end(first, calendar),
        }[span.grain]
        yield Span(first, min(end, span.last))
        first = add_days(end, 1)


def month_grid(day: str, calendar: Calendar) -> tuple[tuple[str, ...], ...]:
    """Return the six weeks, Saturday to Friday, that show the whole month of ``day``."""
    start = week_start(month_start(day, calendar))
    return tuple(
        tuple(add_days(start, week * DAYS_PER_WEEK + place) for place in range(DAYS_PER_WEEK)) for week in range(6))

