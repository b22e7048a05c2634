"""What is typed of a person, understood: birthday, e-mail; and the tastes and areas that can be chosen. No Qt."""

import re

from station.bonus import Birth
from station.dates import Calendar, month_length
from station.pack import Pack
from ui.format import Format, fold_digits
from ui.text import Words

TASTE, AREA = "taste:", "area:"
"""How the names of texts in the rule pack begin that are choices here; what follows is the code that is kept."""

_BIRTH = re.compile(r"(?:\d{4}\D+)?(\d{1,2})\D+(\d{1,2})", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MONTHS = 12
_YEARS = {Calendar.JALALI: 1403, Calendar.GREGORIAN: 2024}
"""A leap year of each calendar: every birthday is a day of it."""


def is_email(text: str) -> bool:
    """Return whether ``text`` looks like an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def calendar_of(words: Words) -> Calendar:
    """Return the calendar in which birthdays are typed in this language."""
    return Calendar.JALALI if words.language == "fa" else Calendar.GREGORIAN


def birth_typed(text: str, words: Words) -> Birth | None:
    """Return the birthday typed: month and day, in the calendar of the language; a day that cannot be a month may come first."""
    found = _BIRTH.fullmatch(fold_digits(text).strip())
    if not found:
        return None
    month, day = map(int, found.groups())
    if month > _MONTHS:
        month, day = day, month
    calendar = calendar_of(words)
    longest = month_length(calendar, _YEARS[calendar], month) if 1 <= month <= _MONTHS else 0
    return Birth(calendar, month, day) if 1 <= day <= longest else None


def birth_day(birth: Birth, style: Format) -> str:
    """Return a birthday of the language's own calendar in words: day and month."""
    return style.date(birth.in_year(_YEARS[birth.calendar])).rpartition(" ")[0]


def choices(pack: Pack, lead: str, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what the rule pack lets be chosen (``TASTE`` or ``AREA``): codes with their names."""
    return tuple((name.removeprefix(lead), text.in_language(words.language))
                 for name, text in pack.texts.items() if name.startswith(lead))
