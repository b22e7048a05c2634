"""Lots: what was earned together and ends together, and in which order they are drawn on.

Rules: design "Points". A lot is spendable from its first day through its last day, both included;
whether it still is, is judged by the day asked about, never by whether an EXPIRE was written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.dates import Calendar, add_days, add_months, month_end, year_end

MOST_DAYS, MOST_MONTHS = 36_525, 1200  # a hundred years: more is a slip of the pen
_NEVER = "~"  # sorts after every day


class Until(StrEnum):
    """How far the last day of a lot is carried on: not at all, or to the end of its month or year."""

    DAY = "DAY"
    MONTH_END = "MONTH_END"
    YEAR_END = "YEAR_END"


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a lot lives: ``days`` or ``months`` after the sale's day, carried on to ``until``."""

    days: int = 0
    months: int = 0
    until: Until = Until.DAY

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a figure that is negative or above a hundred years, or on both at once."""
        if not (0 <= self.days <= MOST_DAYS and 0 <= self.months <= MOST_MONTHS) or (self.days and self.months):
            message = f"a lot lives up to {MOST_DAYS} days or {MOST_MONTHS} months, not both: {self.days}, {self.months}"
            raise ValueError(message)

    def last_day(self, day: str, calendar: Calendar) -> str:
        """Return the last day of a lot formed on ``day`` in a shop that keeps ``calendar``."""
        last = add_months(day, self.months, calendar) if self.months else add_days(day, self.days)
        match self.until:
            case Until.MONTH_END:
                return month_end(last, calendar)
            case Until.YEAR_END:
                return year_end(last, calendar)
            case _:
                return last


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What an earning rule says of its lots: ``validity`` (None: for ever) and ``pending_days``."""

    validity: Validity | None = None
    pending_days: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a lot would end before it may be spent."""
        if not 0 <= self.pending_days <= MOST_DAYS:
            message = f"pending_days are 0 to {MOST_DAYS}: {self.pending_days}"
            raise ValueError(message)
        ends = self.validity
        if ends and not ends.months and ends.until is Until.DAY and ends.days < self.pending_days:
            message = f"a lot of {ends.days} days would end before its {self.pending_days} pending days"
            raise ValueError(message)


FOR_EVER = LotTerms()


@dataclass(frozen=True, slots=True)
class Lot:
    """``left`` units on ``account``, spendable from ``first_day`` to ``last_day`` (None: for ever).

    ``source`` is the key of the entry that formed it first: a merge or a return with grace makes a
    new lot of the same source. ``sale`` is the sale it was earned in, "" outside one.
    """

    lot_id: str
    account: str
    source: str
    sale: str
    first_day: str
    last_day: str | None
    left: int = 0

    def past(self, day: str) -> bool:
        """Whether the lot's last day lies before ``day``."""
        return self.last_day is not None and self.last_day < day

    def pending(self, day: str) -> bool:
        """Whether the lot's first day lies after ``day``."""
        return day < self.first_day

    def spendable(self, day: str) -> bool:
        """Whether the lot may be spent on ``day``."""
        return not self.past(day) and not self.pending(day)


@dataclass(frozen=True, slots=True)
class Move:
    """``amount`` put into (or, negative, taken out of) the lot ``lot_id``."""

    lot_id: str
    amount: int


def by_expiry(lots: Iterable[Lot], first: str = "") -> list[Lot]:
    """Return ``lots`` as they are drawn on: those of source ``first``, then earliest expiry first.

    Lots that end together keep their order, which is the order of posting.
    """
    return sorted(lots, key=lambda lot: (lot.source != first, lot.last_day or _NEVER))


def draw(lots: Iterable[Lot], amount: int) -> tuple[Move, ...]:
    """Return the moves that take ``amount`` out of ``lots`` in their order, or all there is when it is less."""
    moves = []
    for lot in lots:
        taken = min(lot.left, amount)
        if taken:
            moves.append(Move(lot.lot_id, -taken))
            amount -= taken
    return tuple(moves)


def moved(moves: Iterable[Move]) -> int:
    """Return the sum of ``moves``."""
    return sum(move.amount for move in moves)


def join(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Return ``moves`` with one move for each lot, in order of appearance, without those of 0."""
    sums: dict[str, int] = {}
    for move in moves:
        sums[move.lot_id] = sums.get(move.lot_id, 0) + move.amount
    return tuple(Move(lot_id, amount) for lot_id, amount in sums.items() if amount)
