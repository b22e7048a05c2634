"""Bonus points outside a sale's pricing: birthdays and stamps. Pure; each bonus is given once by its key."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from station.dates import MONTHS, Calendar, day_from, parts_of
from station.lots import LotTerms
from station.points import Earn, Return

_MOST_DAYS = 31
_JALALI_YEAR_0 = 621  # a Jalali year y begins in the Gregorian year y + 621


@dataclass(frozen=True, slots=True)
class Birth:
    """A birthday, in the calendar it is kept in; no year is needed. It stays out of ``repr``."""

    calendar: Calendar
    month: int = field(repr=False)
    day: int = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when no year has such a day."""
        if not (1 <= self.month <= MONTHS and 1 <= self.day <= _MOST_DAYS):
            message = f"not a birthday: month {self.month}, day {self.day}"
            raise ValueError(message)

    def in_year(self, year: int) -> str:
        """Return the birthday in ``year`` of its calendar.

        30 Esfand is kept on 29 Esfand in a common year, 29 February on 28 (design "Promotions").
        """
        return day_from(self.calendar, year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class BirthdayRules:
    """``points`` on every birthday; ``terms`` are those of the lot."""

    points: int
    terms: LotTerms | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the points are positive."""
        if self.points < 1:
            message = f"points is {self.points}, expected at least 1"
            raise ValueError(message)


def birthday_bonus(rules: BirthdayRules, account: str, birth: Birth, day: str) -> Earn | None:
    """Return the bonus of ``account`` when ``day`` is the birthday, else None.

    The key holds the year, counted alike in both calendars: correcting a birth date to a later day
    of the year, or to the other calendar, does not give a second bonus.
    """
    year = parts_of(day, birth.calendar)[0]
    if day != birth.in_year(year):
        return None
    label = year + (_JALALI_YEAR_0 if birth.calendar is Calendar.JALALI else 0)
    key = f"birthday/{account}/{label}"
    return Earn(key, account, day, rules.points, "birthday", sale=key, terms=rules.terms)


@dataclass(frozen=True, slots=True)
class StampRules:
    """A card of ``stamps``: one for each visit that leaves ``least`` minor units; full, it gives ``points``.

    At most ``most_a_day`` visits of one day count, so splitting a sale gains nothing.
    """

    id: str
    stamps: int
    points: int
    least: int = 0
    most_a_day: int = 1
    terms: LotTerms | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless all figures are positive (``least``: not negative)."""
        if min(self.stamps, self.points, self.most_a_day) <= 0 or self.least < 0:
            message = f"stamp rule {self.id}: figures must be positive"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the member keeps of ``sale``: ``total`` minor units; given again, it is what remains then."""

    sale: str
    account: str
    day: str
    total: int


@dataclass(frozen=True, slots=True)
class StampCard:
    """``stamps`` on the open card, and the days on which cards became ``full``."""

    stamps: int
    full: tuple[str, ...]


def stamp_card(rules: StampRules, visits: Iterable[Visit]) -> StampCard:
    """Return the member's stamps from all ``visits``, in whichever order they are given."""
    by_day: dict[str, int] = {}
    for visit in visits:
        if visit.total >= rules.least and visit.total > 0:
            by_day[visit.day] = by_day.get(visit.day, 0) + 1
    stamps = [day for day, count in sorted(by_day.items()) for _ in range(min(count, rules.most_a_day))]
    return StampCard(len(stamps) % rules.stamps, tuple(stamps[rules.stamps - 1::rules.stamps]))


def stamp_requests(
    rules: StampRules, account: str, card: StampCard, given: Collection[str], day: str,
) -> tuple[Earn | Return, ...]:
    """Return what makes the ledger agree with ``card`` on ``day``: bonuses due, and those to take back.

    ``given`` are the keys of this rule's bonuses on the ledger and not taken back yet. A card that
    a returned sale leaves short takes its bonus back.
    """
    due = {f"stamps/{rules.id}/{account}/{n}/{full}": full for n, full in enumerate(card.full, 1)}
    back = [Return(f"back/{key}", account, day, key) for key in given if key not in due]
    earns = [Earn(key, account, full, rules.points, rules.id, sale=key, terms=rules.terms)
             for key, full in due.items() if key not in given]
    return (*back, *earns)
