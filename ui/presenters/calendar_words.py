"""Days, months and spans in words, and days as people type them. No Qt."""

import re

from station.dates import Calendar, day_from, month_length
from station.span import Span
from ui.format import Format, fold_digits
from ui.text import Words

_TYPED = re.compile(r"\s*(\d{4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*", re.ASCII)
_JALALI_YEARS, _GREGORIAN_YEARS = range(1300, 1500), range(1900, 2200)
_MONTHS = 12


def read_day(text: str) -> str | None:
    """Return the Gregorian day that ``text`` means, or None: year, month and day in figures of any script.

    The year tells the calendar, whatever the language: 1405/9/1 is the day 2026-11-22 is.
    """
    found = _TYPED.fullmatch(fold_digits(text))
    if not found:
        return None
    year, month, dom = map(int, found.groups())
    calendar = next((calendar for years, calendar in (
        (_JALALI_YEARS, Calendar.JALALI), (_GREGORIAN_YEARS, Calendar.GREGORIAN)) if year in years), None)
    if calendar is None or not 1 <= month <= _MONTHS or not 1 <= dom <= month_length(calendar, year, month):
        return None
    return day_from(calendar, year, month, dom)


def month_title(day: str, style: Format) -> str:
    """Return the month of ``day`` with its year: «آذر ۱۴۰۵», "Nov 2026"."""
    return style.date(day).partition(" ")[2]


def day_and_month(day: str, style: Format) -> str:
    """Return ``day`` without its year: «۱ آذر», "22 Nov"."""
    return style.date(day).rpartition(" ")[0]


def month_name(day: str, style: Format) -> str:
    """Return the name of the month of ``day``: «آذر», "Nov"."""
    return style.date(day).split(" ")[1]


def span_words(span: Span, words: Words, style: Format) -> str:
    """Return ``span`` as a heading has it: one day with its weekday, or the first and the last."""
    if span.first == span.last:
        return f"{style.weekday(span.first)} {style.date(span.first)}"
    return words("{first} to {last}", first=style.date(span.first), last=style.date(span.last))
