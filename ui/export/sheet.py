"""The one table a report shows, saves and prints: values with what they are, not how they look. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from station.dates import Calendar, parts_of
from station.money import THOUSAND
from ui.format import Format
from ui.views_report import Table

Value = str | int | None
"""What a cell holds; None leaves it empty."""

Step = Callable[[int, int], None]
"""Told how much of how much of a file is made; it raises when no more is wanted."""


def no_step(_done: int, _last: int) -> None:
    """Tell nobody."""


class Kind(Enum):
    """What the values of a column are.

    TEXT and DATE (``YYYY-MM-DD``) are texts; NUMBER, MONEY (minor units), PERCENT (whole), QUANTITY
    (thousandths) and TIME (minutes since midnight) are ints.
    """

    TEXT = "TEXT"
    DATE = "DATE"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    PERCENT = "PERCENT"
    QUANTITY = "QUANTITY"
    TIME = "TIME"

    @property
    def is_figure(self) -> bool:
        """Whether its values stand at the right, under each other."""
        return self not in (Kind.TEXT, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and what is in it."""

    head: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and what has to be said of it.

    ``name`` is short and ASCII, for a file; ``style`` writes the figures, its unit is that of every
    MONEY column. Each row has as many values as there are ``columns``.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    style: Format
    notes: tuple[str, ...] = ()

    @property
    def rtl(self) -> bool:
        """Whether it is read from the right."""
        return self.calendar is Calendar.JALALI

    @property
    def calendar(self) -> Calendar:
        """The calendar its dates are written in."""
        return calendar_of(self.style)


def calendar_of(style: Format) -> Calendar:
    """Return the calendar of the language of ``style``."""
    return Calendar.JALALI if style.language == "fa" else Calendar.GREGORIAN


def numeric_date(day: str, calendar: Calendar) -> str:
    """Return ``day`` in ASCII figures: 1405/09/01, or 2026-11-22 as ISO 8601 has it."""
    year, month, dom = parts_of(day, calendar)
    mark = "/" if calendar is Calendar.JALALI else "-"
    return f"{year:04}{mark}{month:02}{mark}{dom:02}"


def shown(sheet: Sheet) -> Table:
    """Return ``sheet`` as the screen and paper show it."""
    return Table(
        tuple(column.head for column in sheet.columns),
        tuple(column.kind.is_figure for column in sheet.columns),
        tuple(tuple(written(value, column.kind, sheet.style) for value, column in zip(row, sheet.columns, strict=True))
              for row in sheet.rows))


def written(value: Value, kind: Kind, style: Format) -> str:
    """Return one value as people read it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return style.digits(numeric_date(value, calendar_of(style))) if kind is Kind.DATE else value
    return {
        Kind.MONEY: style.amount,
        Kind.PERCENT: lambda figure: style.percent(str(figure)),
        Kind.QUANTITY: style.quantity,
        Kind.TIME: style.time,
    }.get(kind, style.number)(value)


def plain(value: Value, kind: Kind, style: Format) -> str:
    """Return one value as programs read it: ASCII digits, no grouping, money as a decimal in the unit of ``style``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return numeric_date(value, calendar_of(style)) if kind is Kind.DATE else value
    if kind is Kind.TIME:
        return f"{value // 60:02}:{value % 60:02}"
    if kind is Kind.PERCENT:
        return f"{value}%"
    size = {Kind.MONEY: style.unit.value, Kind.QUANTITY: THOUSAND}.get(kind, 1)
    whole, part = divmod(abs(value), size)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{len(str(size)) - 1}}" if part else f"{sign}{whole}"
