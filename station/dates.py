"""Dates as the club counts them: months and years of the shop's calendar on Gregorian day texts.

A day is a text ``YYYY-MM-DD`` (proleptic Gregorian, as in ``Moment.date``), so days compare as texts.
Jalali figures are those of persiantools; the Gregorian ones the rules of ISO 8601.
"""

from enum import StrEnum

from persiantools.jdatetime import JalaliDate

MONTHS = 12
_FEBRUARY = 2
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_DAY = 3_652_059  # 9999-12-31
_FOUR_CENTURIES, _CENTURY, _FOUR_YEARS, _YEAR = 146_097, 36_524, 1461, 365


class Calendar(StrEnum):
    """The calendar a shop keeps."""

    JALALI = "JALALI"
    GREGORIAN = "GREGORIAN"


def day_number(day: str) -> int:
    """Return how many days ``day`` is after 0000-12-31. Raises ``ValueError`` when there is no such day."""
    parts = day.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(p.isascii() and p.isdigit() for p in parts):
        message = f"not a day: {day!r}, expected YYYY-MM-DD"
        raise ValueError(message)
    year, month, dom = map(int, parts)
    if year < 1 or not 1 <= month <= MONTHS or not 1 <= dom <= month_length(Calendar.GREGORIAN, year, month):
        message = f"no such day: {day!r}"
        raise ValueError(message)
    return _gregorian_number(year, month, dom)


def day_text(number: int) -> str:
    """Return the day that is ``number`` days after 0000-12-31. Raises ``ValueError`` outside years 1 to 9999."""
    if not 1 <= number <= _LAST_DAY:
        message = f"day {number} lies outside the years 1 to 9999"
        raise ValueError(message)
    year, month, dom = _gregorian(number)
    return f"{year:04d}-{month:02d}-{dom:02d}"


def parts_of(day: str, calendar: Calendar) -> tuple[int, int, int]:
    """Return year, month (from 1) and day of the month of ``day`` in ``calendar``."""
    number = day_number(day)
    if calendar is Calendar.GREGORIAN:
        return _gregorian(number)
    jalali = JalaliDate.fromordinal(number - _JALALI_OFFSET)
    return jalali.year, jalali.month, jalali.day


def day_from(calendar: Calendar, year: int, month: int, dom: int) -> str:
    """Return that day of ``calendar``; a day the month does not have becomes the month's last."""
    held = min(dom, month_length(calendar, year, month))
    if calendar is Calendar.GREGORIAN:
        return day_text(_gregorian_number(year, month, held))
    return day_text(_jalali_ordinal(year, month, held) + _JALALI_OFFSET)


def month_length(calendar: Calendar, year: int, month: int) -> int:
    """Return how many days ``month`` of ``year`` has in ``calendar``."""
    if calendar is Calendar.JALALI:
        return int(JalaliDate.days_in_month(month, year))
    return _LENGTHS[month - 1] + (month == _FEBRUARY and _is_gregorian_leap(year))


def add_days(day: str, days: int) -> str:
    """Return the day ``days`` after ``day``."""
    return day_text(day_number(day) + days)


def add_months(day: str, months: int, calendar: Calendar) -> str:
    """Return the same day ``months`` later (or earlier); a missing day becomes the month's last."""
    year, month, dom = parts_of(day, calendar)
    years, index = divmod(month - 1 + months, MONTHS)
    return day_from(calendar, year + years, index + 1, dom)


def month_start(day: str, calendar: Calendar) -> str:
    """Return the first day of the month ``day`` lies in."""
    year, month, _ = parts_of(day, calendar)
    return day_from(calendar, year, month, 1)


def month_end(day: str, calendar: Calendar) -> str:
    """Return the last day of the month ``day`` lies in."""
    year, month, _ = parts_of(day, calendar)
    return day_from(calendar, year, month, month_length(calendar, year, month))


def year_start(day: str, calendar: Calendar) -> str:
    """Return the first day of the year ``day`` lies in."""
    return day_from(calendar, parts_of(day, calendar)[0], 1, 1)


def year_end(day: str, calendar: Calendar) -> str:
    """Return the last day of the year ``day`` lies in."""
    year = parts_of(day, calendar)[0]
    return day_from(calendar, year, MONTHS, month_length(calendar, year, MONTHS))


def _is_gregorian_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _gregorian_number(year: int, month: int, dom: int) -> int:
    before = year - 1
    days = before * _YEAR + before // 4 - before // 100 + before // 400
    leap = month > _FEBRUARY and _is_gregorian_leap(year)
    return days + sum(_LENGTHS[:month - 1]) + leap + dom


def _gregorian(number: int) -> tuple[int, int, int]:
    cycles, rest = divmod(number - 1, _FOUR_CENTURIES)
    centuries = min(rest // _CENTURY, 3)
    fours, rest = divmod(rest - centuries * _CENTURY, _FOUR_YEARS)
    ones = min(rest // _YEAR, 3)
    rest -= ones * _YEAR
    year, month = 400 * cycles + 100 * centuries + 4 * fours + ones + 1, 1
    while rest >= month_length(Calendar.GREGORIAN, year, month):
        rest -= month_length(Calendar.GREGORIAN, year, month)
        month += 1
    return year, month, rest + 1


def _jalali_ordinal(year: int, month: int, dom: int) -> int:
    return int(JalaliDate(year, month, dom).toordinal())  # type: ignore[no-untyped-call] # persiantools has no types


_JALALI_OFFSET = _gregorian_number(2021, 3, 21) - _jalali_ordinal(1400, 1, 1)  # one and the same day
