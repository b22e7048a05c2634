"""Day figures as exact sums of sales: the same fold at the station and at head office."""

from collections.abc import Iterable
from dataclasses import dataclass

from station.totals import Tally, Total

HOURS = 24


@dataclass(frozen=True, slots=True)
class SaleFact:
    """What a report needs of one sale. ``hour`` is local (0 to 23); amounts in minor units."""

    business_date: str
    hour: int
    member_id: str | None
    total: int
    discount: int
    tax: int
    points: int


@dataclass(frozen=True, slots=True)
class DayReport:
    """The sums of one business date. ``hours`` holds the total sold in each local hour."""

    business_date: str
    sales: int
    total: int
    member_sales: int
    member_total: int
    members: int
    discount: int
    tax: int
    points: int
    hours: tuple[int, ...]

    @property
    def member_share(self) -> int:
        """Share of the total that members paid, in whole percent, rounded down; 0 without sales."""
        return self.member_total * 100 // self.total if self.total else 0


def day_report(business_date: str, facts: Iterable[SaleFact]) -> DayReport:
    """Return the sums of those ``facts`` that belong to ``business_date``."""
    day = [fact for fact in facts if fact.business_date == business_date]
    of_members = [fact for fact in day if fact.member_id is not None]
    hours = [0] * HOURS
    for fact in day:
        hours[fact.hour] += fact.total
    return DayReport(
        business_date,
        sales=len(day), total=sum(fact.total for fact in day),
        member_sales=len(of_members), member_total=sum(fact.total for fact in of_members),
        members=len({fact.member_id for fact in of_members}),
        discount=sum(fact.discount for fact in day), tax=sum(fact.tax for fact in day),
        points=sum(fact.points for fact in day), hours=tuple(hours))


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What ``rule`` took off, in minor units, in so many ``sales``."""

    rule: str
    amount: int
    sales: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What the running sums of a day say beside ``DayReport``.

    ``total`` was sold, ``returned`` went back for goods, ``net`` is what is left; ``tax`` and the
    points ``earned`` and ``spent`` are net of returns. ``first`` and ``second`` count members'
    first and second purchases. ``rules`` are those that took something off, the dearest first.
    """

    sales: int
    returns: int
    total: int
    returned: int
    tax: int
    earned: int
    spent: int
    first: int
    second: int
    discount: int
    rules: tuple[RuleCost, ...]

    @property
    def net(self) -> int:
        """What was sold less what went back."""
        return self.total - self.returned


def day_figures(totals: Iterable[Total]) -> DayFigures:
    """Return the figures of the running sums of one shift, or of several."""
    found: dict[tuple[Tally, str], int] = {}
    for each in totals:
        found[each.tally, each.name] = found.get((each.tally, each.name), 0) + each.amount

    def figure(tally: Tally) -> int:
        return found.get((tally, ""), 0)

    rules = (RuleCost(rule, amount, found.get((Tally.RULE_SALES, rule), 0))
             for (tally, rule), amount in found.items() if tally is Tally.RULE)
    return DayFigures(
        figure(Tally.SALES), figure(Tally.RETURNS), figure(Tally.TOTAL), figure(Tally.RETURNED), figure(Tally.TAX),
        figure(Tally.EARNED), figure(Tally.SPENT), figure(Tally.FIRST_PURCHASES), figure(Tally.SECOND_PURCHASES),
        figure(Tally.DISCOUNT), tuple(sorted(rules, key=lambda each: (-each.amount, each.rule))))
