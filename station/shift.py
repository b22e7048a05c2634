"""One operator's time at the till: opened with a float, cash moved, read, counted blind and closed.

The business date is that of the opening, also past midnight. What is found later is a correction
in the shift that is open then: a closed shift's figures never change.
"""

from dataclasses import dataclass
from enum import StrEnum

from station.clock import Moment
from station.dates import add_days
from station.tender import TenderKind
from station.totals import Total

X_REPORT, Z_REPORT = "X", "Z"
"""The kinds of reports: a reading, after which the shift goes on, and the one that closes it."""

NIGHT_ENDS = 6 * 60
"""Local minutes after midnight: until then a shift of the day before is one that goes through the night."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Shift ``number`` (gapless per journal) of ``cashier``, booked on ``business_date``.

    ``opening_float`` is the cash in the drawer at the start, in minor units.
    """

    number: int
    cashier: str
    business_date: str
    opening_float: int

    def is_overdue(self, now: Moment) -> bool:
        """Return whether it was left open: it is booked on another day than ``now``, and no night is between them."""
        through_the_night = add_days(self.business_date, 1) == now.date and now.minute_of_day < NIGHT_ENDS
        return self.business_date != now.date and not through_the_night


class CashReason(StrEnum):
    """Why cash went in or out without a sale."""

    FLOAT = "FLOAT"
    BANK = "BANK"
    EXPENSE = "EXPENSE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class CashMoved:
    """``amount`` put into the drawer of ``shift`` or (negative) taken out of it."""

    shift: int
    amount: int
    reason: CashReason

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when nothing moved."""
        if not self.amount:
            message = "no cash moved"
            raise ValueError(message)


class CountReason(StrEnum):
    """What explains that the counted cash is not the expected, or that nobody counted; NONE when it is as expected."""

    NONE = "NONE"
    CHANGE_GIVEN = "CHANGE_GIVEN"
    NOT_RUNG_UP = "NOT_RUNG_UP"
    UNEXPLAINED = "UNEXPLAINED"
    NOT_COUNTED = "NOT_COUNTED"
    CASH_TAKEN = "CASH_TAKEN"
    TILL_FAILED = "TILL_FAILED"


UNCOUNTED = (CountReason.NOT_COUNTED, CountReason.CASH_TAKEN, CountReason.TILL_FAILED)
"""Why a shift is closed without a count: nobody was there, the cash was taken away before, the till failed."""

DIFFERING = (CountReason.CHANGE_GIVEN, CountReason.NOT_RUNG_UP, CountReason.UNEXPLAINED)
"""Why a count is not what is expected."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An X report: number ``number`` of ``shift``, as it stood. Nothing is reset."""

    shift: int
    number: int
    expected_cash: int
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """A Z report: number ``number``, of a shift that is closed for ever.

    The cash is ``counted`` blind (None: not counted) and only then compared with what is expected:
    the float, cash taken, less cash given back, and cash moved.
    """

    shift: int
    number: int
    counted: int | None
    expected_cash: int
    reason: CountReason
    totals: tuple[Total, ...]

    @property
    def difference(self) -> int:
        """What was counted less what was expected; 0 when it was not counted."""
        return 0 if self.counted is None else self.counted - self.expected_cash


@dataclass(frozen=True, slots=True)
class Correction:
    """``amount`` of ``kind`` that the closed shift ``of_shift`` had wrong, found in ``shift``."""

    shift: int
    of_shift: int
    kind: TenderKind
    amount: int
    reason: CountReason

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when nothing is corrected, or no shift that was closed before."""
        if not self.amount or not 0 < self.of_shift < self.shift:
            message = f"a correction of {self.amount} for shift {self.of_shift} in shift {self.shift}"
            raise ValueError(message)
