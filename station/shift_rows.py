"""One line of the manager's lists: a sale, a shift with its X and Z reports. Values only."""

from dataclasses import dataclass

from station.approval import OperationKind
from station.clock import Moment
from station.shift import Z_REPORT, CountReason


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale at ``place``: amounts in minor units, ``points`` earned.

    ``at`` is None for an entry that was cut off; then ``person`` is the shift's cashier and only the
    local ``hour`` is known.
    """

    place: int
    business_date: str
    shift: int
    person: str
    member_id: str | None
    total: int
    discount: int
    points: int
    at: Moment | None
    hour: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Report ``number`` of ``kind`` ("X" or "Z"), made ``at`` by ``person``; both are missing where it was cut off.

    ``counted`` is None for an X report and where nobody counted.
    """

    kind: str
    number: int
    place: int
    at: Moment | None = None
    person: str = ""
    expected: int | None = None
    counted: int | None = None
    reason: CountReason = CountReason.NONE

    @property
    def difference(self) -> int | None:
        """What was counted less what was expected, or None where nobody counted."""
        return None if self.counted is None or self.expected is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """Shift ``number`` of ``cashier`` with its reports, in the order in which they were made."""

    number: int
    business_date: str
    cashier: str
    opening_float: int
    reports: tuple[ReportRow, ...]

    @property
    def closing(self) -> ReportRow | None:
        """The Z report, or None while the shift is open."""
        return next((each for each in self.reports if each.kind == Z_REPORT), None)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A drawer that ``person`` opened without a sale, in the entry at ``place``.

    ``approver`` is "" where nobody had to agree; ``reason`` is the sentence that the entry keeps.
    """

    place: int
    business_date: str
    at: Moment
    person: str
    approver: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """What ``asked`` wanted to do and ``approver`` agreed to (staff ids), in the entry at ``place``.

    ``what`` is None for what has no name of its own; ``amount`` (minor units, signed) None where no
    money moved; ``reason`` is the sentence or code that the entry keeps, "" for none.
    """

    place: int
    business_date: str
    shift: int
    at: Moment
    asked: str
    approver: str
    what: OperationKind | None
    amount: int | None
    reason: str
