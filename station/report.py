"""Day figures as exact sums of sales: the same fold at the station and at head office."""

from collections.abc import Iterable
from dataclasses import dataclass

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
