"""Tiers: rise at once, fall by one step at the end of a period, never below a floor given by hand.

Rules: design "Points". A tier follows from what a member did, day by day: in whichever order the
sales of the shops arrive, the tier of a day is the same.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

from station.dates import Calendar, add_days, add_months, month_end, month_start, year_end, year_start
from station.lots import MOST_MONTHS


class TierBasis(StrEnum):
    """What counts: points earned, or money spent."""

    POINTS = "POINTS"
    SPEND = "SPEND"


class Period(StrEnum):
    """How often a tier may fall: at the end of each month or year of the shop's calendar."""

    MONTH = "MONTH"
    YEAR = "YEAR"

    def start(self, day: str, calendar: Calendar) -> str:
        """Return the first day of the period ``day`` lies in."""
        return month_start(day, calendar) if self is Period.MONTH else year_start(day, calendar)

    def end(self, day: str, calendar: Calendar) -> str:
        """Return the last day of the period ``day`` lies in."""
        return month_end(day, calendar) if self is Period.MONTH else year_end(day, calendar)


@dataclass(frozen=True, slots=True)
class TierStep:
    """``tier`` (a tier id of the pack) is reached at ``least`` points or minor units in the window."""

    tier: str
    least: int


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """The rungs, lowest first (at 0), what counts and over which window.

    ``window_months`` is a rolling window of that many months; 0 means the period itself.
    """

    steps: tuple[TierStep, ...]
    basis: TierBasis = TierBasis.SPEND
    period: Period = Period.YEAR
    window_months: int = 0
    calendar: Calendar = Calendar.JALALI

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the steps start at 0 and rise, each with a tier of its own."""
        least = [step.least for step in self.steps]
        if not least or least[0] or any(low >= high for low, high in pairwise(least)):
            message = f"tier steps start at 0 and rise: {least}"
            raise ValueError(message)
        if len({step.tier for step in self.steps}) != len(self.steps) or not (
                0 <= self.window_months <= MOST_MONTHS):
            message = f"a tier stands twice, or its window is not 0 to {MOST_MONTHS} months: {self.window_months}"
            raise ValueError(message)

    def level(self, figure: int) -> int:
        """Return the index of the highest step ``figure`` reaches; the lowest when it is negative."""
        return max((i for i, step in enumerate(self.steps) if step.least <= figure), default=0)

    def level_of(self, tier: str) -> int:
        """Return the index of the step called ``tier``. Raises ``ValueError`` when there is none."""
        for i, step in enumerate(self.steps):
            if step.tier == tier:
                return i
        message = f"not a tier of the policy: {tier!r}"
        raise ValueError(message)

    def window_start(self, day: str) -> str:
        """Return the first day that counts on ``day``."""
        if self.window_months:
            return add_days(add_months(day, -self.window_months, self.calendar), 1)
        return self.period.start(day, self.calendar)


@dataclass(frozen=True, slots=True)
class Floor:
    """``account`` has at least ``tier`` from ``day`` through ``until``, given by hand."""

    account: str
    tier: str
    day: str
    until: str


@dataclass(frozen=True, slots=True)
class TierStanding:
    """The ``tier`` of a day, the ``figure`` in the window, and what is ``missing`` to ``above``.

    ``above`` is "" (and ``missing`` 0) on the highest tier. ``kept_until`` is the end of the period.
    """

    tier: str
    figure: int
    above: str
    missing: int
    kept_until: str


def tier_on(
    policy: TierPolicy, facts: Iterable[tuple[str, int]], day: str, floors: Sequence[Floor] = (),
) -> TierStanding:
    """Return the tier of ``day`` from ``facts`` (day, signed amount) and the member's ``floors``.

    A period's end is judged after its last day; a floor that ended leaves the tier that was earned.
    """
    figures = _Figures(policy, [fact for fact in facts if fact[0] <= day])
    level, end = 0, ""
    for point in (*figures.turns(day), day):
        while level and end < point:
            level -= policy.level(figures.on(end)) < level
            end = policy.period.end(add_days(end, 1), policy.calendar)
        level = max(level, policy.level(figures.on(point)))
        end = policy.period.end(point, policy.calendar)
    by_hand = [policy.level_of(floor.tier) for floor in floors if floor.day <= day <= floor.until]
    level, figure = max([level, *by_hand]), figures.on(day)
    above = policy.steps[level + 1] if level + 1 < len(policy.steps) else None
    return TierStanding(
        policy.steps[level].tier, figure, above.tier if above else "",
        above.least - figure if above else 0, kept_until=end)


class _Figures:
    """The sum of a window on any day, from running sums by day."""

    def __init__(self, policy: TierPolicy, facts: Sequence[tuple[str, int]]) -> None:
        by_day: dict[str, int] = {}
        for day, amount in sorted(facts):
            by_day[day] = by_day.get(day, 0) + amount
        self._by_day = by_day
        self._days = list(by_day)
        self._sums = [0, *accumulate(by_day.values())]
        self._policy = policy

    def on(self, day: str) -> int:
        """Return what counts on ``day``."""
        first = bisect_left(self._days, self._policy.window_start(day))
        return self._sums[bisect_right(self._days, day)] - self._sums[first]

    def turns(self, day: str) -> list[str]:
        """Return the days up to ``day`` on which the figure may rise, in order.

        Those are the days with facts, and those on which a day that took away leaves a rolling window.
        """
        rolling = self._policy.window_months
        leaving = [self._leaves(each) for each, amount in self._by_day.items() if amount < 0 and rolling]
        return sorted({*self._days, *(each for each in leaving if each <= day)})

    def _leaves(self, counted: str) -> str:
        """Return the first day whose window begins after ``counted``."""
        day = add_months(counted, self._policy.window_months, self._policy.calendar)
        while self._policy.window_start(day) <= counted:
            day = add_days(day, 1)
        return day
