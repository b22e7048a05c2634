"""What the pages of a shift show: the cash counted, the reasons, the reports. As ``ui.views``."""

from dataclasses import dataclass
from enum import StrEnum

from station.shift import CountReason
from station.tender import TenderKind
from ui.views import Tone
from ui.views_report import ReceiptView


class Counted(StrEnum):
    """What cash is counted for."""

    OPENING = "OPENING"
    CLOSING = "CLOSING"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class PieceView:
    """One denomination: its ``value`` in minor units and as it is written, how many were counted, what they make."""

    value: int
    label: str
    many: int
    amount: str


@dataclass(frozen=True, slots=True)
class CountView:
    """The cash being counted: what for, what to do, and what it comes to. No expected figure is in it.

    ``rest`` is what was counted otherwise, as it is typed ("" for none); ``problem`` says what was wrong
    with what was typed. ``uncounted`` are the reasons for which it may be left uncounted.
    """

    purpose: Counted
    title: str
    hint: str
    unit: str
    pieces: tuple[PieceView, ...]
    rest: str
    total: str
    problem: str = ""
    uncounted: tuple[tuple[CountReason, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonView:
    """The count is not what is expected: why? ``again``: it may be counted once more."""

    title: str
    hint: str
    reasons: tuple[tuple[CountReason, str], ...]
    again: bool


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """An X or Z report, durable and on its way to the printer.

    ``told`` is what matters most of it (the difference), in the colour of ``tone``; ``closed`` says that the shift is closed.
    """

    title: str
    told: str
    tone: Tone
    paper: ReceiptView
    closed: bool


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A closed shift that can be corrected: its number and what it is called."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What a correction is chosen from."""

    shifts: tuple[ClosedShift, ...]
    means: tuple[tuple[TenderKind, str], ...]
    reasons: tuple[tuple[CountReason, str], ...]
    unit: str


@dataclass(frozen=True, slots=True)
class OwnSale:
    """One of the own sales of the day: its ``place`` in the journal, when, its receipt's number and its total."""

    place: int
    time: str
    receipt: str
    member: str
    total: str


@dataclass(frozen=True, slots=True)
class OwnSalesView:
    """Who sold what today: receipts, the latest first. No sums: they would tell what is expected in the drawer."""

    title: str
    unit: str
    sales: tuple[OwnSale, ...]
