"""What the manager's screen and the receipt show, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from station.clock import Moment
from station.pack import Pack
from station.people import StaffRecord
from station.report import DayReport
from station.shift_rows import ShiftRow
from station.totals import Total


class Trend(StrEnum):
    """Which way a figure went since yesterday."""

    UP = "UP"
    DOWN = "DOWN"
    LEVEL = "LEVEL"


@dataclass(frozen=True, slots=True)
class TodayView:
    """The figures of the manager's screen, in no language: amounts in minor units.

    ``days`` are consecutive business dates, the oldest first, the one shown last; ``at`` is when
    they were summed. ``totals`` are the running sums of the day shown, ``joined`` how many became
    members here on it, ``shifts`` those of it; ``staff`` and ``pack`` tell what people and rules are called.
    """

    at: Moment
    days: tuple[DayReport, ...]
    totals: tuple[Total, ...] = ()
    joined: int = 0
    shifts: tuple[ShiftRow, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    pack: Pack | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless there are at least two days, in order."""
        dates = [day.business_date for day in self.days]
        if len(dates) < len(("yesterday", "today")) or dates != sorted(set(dates)):
            message = f"not the days of a report: {dates}"
            raise ValueError(message)

    @property
    def today(self) -> DayReport:
        """The day shown."""
        return self.days[-1]

    @property
    def yesterday(self) -> DayReport:
        """The day before it."""
        return self.days[-2]


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: ``title``, ``value``, and a ``note`` under it, with the ``trend`` it tells of."""

    title: str
    value: str
    note: str
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``value`` sets its height, ``figure`` stands on it, ``label`` and ``below`` under it.

    ``tip`` says all of it in a sentence; ``today`` is drawn strong, ``rest`` is a day of rest.
    """

    value: int
    figure: str
    label: str
    tip: str
    below: str = ""
    today: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart at ``value``, named ``label``."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures in rows. Each row has as many cells as ``headers``; ``numeric`` says which are figures."""

    headers: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in reading order with their scale, and the table that holds the same figures.

    ``ticks`` rise from 0 and the last is the top; ``unit`` names what figures and ticks count;
    ``summary`` describes the chart to those who do not see it.
    """

    title: str
    unit: str
    summary: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class TitledTable:
    """A table without a chart; the ``title`` of an empty one says that there is nothing."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class TodayScreen:
    """The manager's screen in one language. ``heading`` names the day and when it was summed."""

    heading: str
    cards: tuple[Card, ...]
    days: Chart
    hours: Chart
    promotions: TitledTable
    cashiers: TitledTable


@dataclass(frozen=True, slots=True)
class Row:
    """A label with its value on one line of the receipt."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One good: its name, "quantity × price" and the amount."""

    name: str
    sum: str
    amount: str


@dataclass(frozen=True, slots=True)
class CouponSlip:
    """A coupon for a later visit as it stands on the paper: what is given, until when, how to use it.

    ``number`` is for people, ``code`` the same as a bar code.
    """

    title: str
    gives: str
    until: str
    how: str
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt, top to bottom. ``copy`` is the mark of a reprint or "", ``band`` that of a return; ``unit`` says what amounts count.

    ``sums`` lead from the lines to ``total``, ``taxes`` are contained in it, ``paid`` ends with the
    change, ``member`` is empty without a member, ``coupons`` are for a later visit. ``code`` is printed as a bar code that scanners read, "" for none.
    """

    rtl: bool
    shop: str
    copy: str
    head: tuple[Row, ...]
    unit: str
    lines: tuple[ReceiptLine, ...]
    sums: tuple[Row, ...]
    total: Row
    taxes: tuple[Row, ...]
    paid: tuple[Row, ...]
    member: tuple[Row, ...]
    footer: tuple[str, ...]
    band: str = ""
    code: str = ""
    coupons: tuple[CouponSlip, ...] = ()
