"""Names for files that every file system takes. No Qt."""

import re

from station.dates import Calendar
from station.span import Span
from ui.export.sheet import numeric_date

MOST_NAME = 100
"""Characters: with its end and what is put before it while it is written it stays below 255 bytes, also in Persian."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""What Windows keeps for devices (learn.microsoft.com, "Naming Files, Paths, and Namespaces")."""


def file_name(typed: str) -> str:
    """Return ``typed`` as a file may be called everywhere, "" when nothing of it is left."""
    name = _FORBIDDEN.sub("-", typed.strip())[:MOST_NAME].strip(" .")
    return f"{name}-" if _RESERVED.fullmatch(name.partition(".")[0]) else name


def dated(name: str, span: Span | None, calendar: Calendar) -> str:
    """Return ``name`` with the days it is about: ``sales-1405-09-01-1405-09-30``, one day once."""
    days = dict.fromkeys((span.first, span.last)) if span else ()
    return "-".join((name, *(numeric_date(day, calendar).replace("/", "-") for day in days)))
