"""What the manager's pages of a period show: the facts in no language, and the pages told in one."""

from dataclasses import dataclass
from enum import StrEnum

from station.flags import DEFAULTS, Flag, Thresholds
from station.journal import Entry, Stored
from station.member import Member
from station.pack import Pack
from station.people import StaffRecord
from station.sale import Sale, SaleReturn
from station.shift_rows import ApprovalRow, OpeningRow, ReportRow, SaleRow, ShiftRow
from station.span import Span
from station.totals import Total
from ui.export.sheet import Sheet
from ui.views_report import Card, Chart

MOST_SHOWN = 2_000
"""So many rows of one list are shown: with more the screen would stand still."""


class Section(StrEnum):
    """The parts of the page of a period."""

    DAYS = "DAYS"
    HOURS = "HOURS"
    SECOND = "SECOND"
    PROMOTIONS = "PROMOTIONS"
    CASHIERS = "CASHIERS"
    SHIFTS = "SHIFTS"
    APPROVALS = "APPROVALS"
    FLAGS = "FLAGS"


@dataclass(frozen=True, slots=True)
class People:
    """Who works here and what the rules are called, as far as known: figures are told without them too."""

    staff: tuple[StaffRecord, ...] = ()
    pack: Pack | None = None


@dataclass(frozen=True, slots=True)
class PeriodView:
    """The sums of each business date of ``span``, those of as many days ``before`` it, and its shifts.

    ``today`` is the business date now. ``flags`` and ``approvals`` are looked for in ``flagged``, the last
    days of the span; each is None until somebody asks.
    """

    span: Span
    today: str
    sums: tuple[tuple[str, Total], ...]
    before: tuple[tuple[str, Total], ...]
    shifts: tuple[ShiftRow, ...]
    people: People = People()
    flags: tuple[Flag, ...] | None = None
    flagged: Span | None = None
    limits: Thresholds = DEFAULTS
    approvals: tuple[ApprovalRow, ...] | None = None


@dataclass(frozen=True, slots=True)
class SalesView:
    """A list of sales: those of ``span``, those of ``member``, or those behind ``flag``."""

    rows: tuple[SaleRow, ...]
    people: People
    span: Span | None = None
    member: Member | None = None
    member_id: str = ""
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class OpeningsView:
    """The drawers opened without a sale that are behind ``flag``."""

    rows: tuple[OpeningRow, ...]
    people: People
    flag: Flag


@dataclass(frozen=True, slots=True)
class SaleView:
    """One sale as the journal has it, and what came back of it.

    ``entry`` is None where it was cut off: then only ``row`` is left. ``pack`` is the pack it was
    priced with, None when that is not here any more.
    """

    row: SaleRow
    entry: Entry[Sale] | None
    stored: Stored | None
    returns: tuple[SaleReturn, ...]
    pack: Pack | None
    member: Member | None
    people: People


@dataclass(frozen=True, slots=True)
class EntryView:
    """Any entry of the journal, as it lies on disk."""

    stored: Stored


Target = Span | SaleRow | OpeningRow | ReportRow | ApprovalRow | Flag | None
"""What a row of a table leads to."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: its table, what each row leads to, and its chart where there is one.

    ``nothing`` is said in place of an empty table. Of a long one the screen shows the first ``most`` rows
    (None: all) and says ``more`` over them; a file has them all.
    """

    sheet: Sheet
    targets: tuple[Target, ...]
    chart: Chart | None = None
    nothing: str = ""
    most: int | None = None
    more: str = ""


@dataclass(frozen=True, slots=True)
class PeriodScreen:
    """The page of a period in one language."""

    heading: str
    cards: tuple[Card, ...]
    parts: dict[Section, Part]


@dataclass(frozen=True, slots=True)
class SaleScreen:
    """One sale in one language: ``lines``, ``paid`` and points, ``why`` in sentences, and its journal entry."""

    heading: str
    caption: str
    lines: Part
    paid: Part
    why: tuple[str, ...]
    entry: "EntryScreen | None"
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class EntryScreen:
    """A journal entry: where it stands and its hash in words, its bytes as they are with line breaks between the fields."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    document: str
