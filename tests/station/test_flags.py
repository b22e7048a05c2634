"""Speed flags on honest and dishonest days: who stands out, with which figure, from which figure on."""

from collections.abc import Iterator
from random import Random

import pytest

from station.flags import DEFAULTS, DrawerMark, Flag, FlagKind, Marks, ReturnMark, SaleMark, Thresholds, flags

DAY, NEXT = "2026-11-21", "2026-11-22"
OWN = {"sara": "m-sara"}


class Day:
    """Entries of one business date, numbered as they come."""

    def __init__(self, date: str = DAY, first: int = 1) -> None:
        self.date, self.place = date, first
        self.sales: list[SaleMark] = []
        self.returns: list[ReturnMark] = []
        self.drawers: list[DrawerMark] = []

    def _next(self) -> int:
        self.place += 1
        return self.place

    def sell(self, count: int = 1, person: str = "sara", member: str | None = None, by_hand: int = 0) -> "Day":
        self.sales += [SaleMark(self._next(), self.date, person, member, by_hand) for _ in range(count)]
        return self

    def take_back(self, count: int = 1, person: str = "sara", *, same_shift: bool = False) -> "Day":
        self.returns += [ReturnMark(self._next(), self.date, person, same_shift) for _ in range(count)]
        return self

    def drawer(self, count: int = 1, person: str = "sara") -> "Day":
        self.drawers += [DrawerMark(self._next(), self.date, person) for _ in range(count)]
        return self

    def marks(self) -> Marks:
        return Marks(self.sales, self.returns, self.drawers)


def found(day: Day, limits: Thresholds = DEFAULTS) -> list[tuple[FlagKind, str, int, int]]:
    return [(each.kind, each.who, each.figure, each.threshold) for each in flags(day.marks(), OWN, limits)]


@pytest.mark.parametrize(("kind", "day", "figure", "threshold"), [
    (FlagKind.SAME_MEMBER, Day().sell(4, member="m1"), 4, 4),
    (FlagKind.RETURNS, Day().sell(20).take_back(5), 5, 5),
    (FlagKind.TAKEN_BACK, Day().sell(20).take_back(4, same_shift=True), 4, 4),
    (FlagKind.BY_HAND, Day().sell(20).sell(8, by_hand=1), 8, 8),
    (FlagKind.DRAWER, Day().sell(20).drawer(4), 4, 4),
])
def test_a_figure_that_reaches_its_threshold_is_told_with_it(kind: FlagKind, day: Day, figure: int, threshold: int) -> None:
    who = "m1" if kind is FlagKind.SAME_MEMBER else "sara"
    assert found(day) == [(kind, who, figure, threshold)]


@pytest.mark.parametrize("day", [
    Day().sell(3, member="m1"), Day().sell(20).take_back(4), Day().sell(20).take_back(3, same_shift=True),
    Day().sell(20).sell(7, by_hand=1), Day().sell(20).drawer(3), Day().sell(9, member=None),
    Day().sell(1, person="nima", member="m-sara"),
])
def test_one_below_it_is_not(day: Day) -> None:
    assert found(day) == []


def test_one_sale_to_the_own_membership_is_enough() -> None:
    assert found(Day().sell(1, member="m-sara").sell(3, person="nima", member="m-sara")) == [
        (FlagKind.SAME_MEMBER, "m-sara", 4, 4), (FlagKind.OWN_CARD, "sara", 1, 1)]


def test_who_sells_much_may_take_back_more_in_proportion() -> None:
    busy = Day().sell(241)
    assert found(Day().sell(241).take_back(12)) == []
    assert found(busy.take_back(13)) == [(FlagKind.RETURNS, "sara", 13, 13)]  # 5 % of 241, rounded up


def test_days_people_and_members_are_counted_apart() -> None:
    saturday = Day(DAY).sell(20).sell(20, person="nima").take_back(3).take_back(3, person="nima").sell(3, member="m1")
    sunday = Day(NEXT, 100).sell(20).take_back(3).sell(3, member="m1").sell(3, member="m2")
    assert flags(Marks(saturday.sales + sunday.sales, saturday.returns + sunday.returns), OWN) == ()


def test_a_flag_leads_to_the_entries_it_counted_and_the_latest_day_comes_first() -> None:
    saturday, sunday = Day(DAY).sell(4, member="m1"), Day(NEXT, 100).sell(4, member="m1").sell(1, member="m-sara")
    told = flags(Marks(saturday.sales + sunday.sales), OWN)
    assert told == (
        Flag(FlagKind.SAME_MEMBER, NEXT, "m1", 4, 4, (101, 102, 103, 104)),
        Flag(FlagKind.OWN_CARD, NEXT, "sara", 1, 1, (105,)),
        Flag(FlagKind.SAME_MEMBER, DAY, "m1", 4, 4, (2, 3, 4, 5)))


def test_thresholds_are_the_shops_to_set() -> None:
    strict = Thresholds(same_member=2)
    assert found(Day().sell(2, member="m1"), strict) == [(FlagKind.SAME_MEMBER, "m1", 2, 2)]


def honest(seed: int) -> Day:
    """A day of an honest shop: few come twice, few things come back, little is given by hand."""
    chance, day = Random(seed), Day()  # noqa: S311 - made to be the same each time
    for _ in range(chance.randint(60, 300)):
        member = f"m{chance.randrange(2_000)}" if chance.random() < 0.7 else None
        day.sell(1, chance.choice(("sara", "nima")), member, by_hand=chance.random() < 0.01)
        if chance.random() < 0.01:
            day.take_back(1, chance.choice(("sara", "nima")), same_shift=chance.random() < 0.2)
        if chance.random() < 0.005:
            day.drawer(1, chance.choice(("sara", "nima")))
    return day


def cheats(day: Day) -> Iterator[tuple[FlagKind, Day]]:
    """Each way to be dishonest, on top of an honest day, done as often as it takes."""
    sold = len(day.sales)
    yield FlagKind.SAME_MEMBER, day.sell(6, "nima", "m-friend")
    yield FlagKind.OWN_CARD, day.sell(1, "sara", "m-sara")
    yield FlagKind.RETURNS, day.take_back(sold // 8, "nima")
    yield FlagKind.TAKEN_BACK, day.take_back(sold // 8, "nima", same_shift=True)
    yield FlagKind.BY_HAND, day.sell(sold // 2, "nima", by_hand=1)
    yield FlagKind.DRAWER, day.drawer(sold // 8, "nima")


def test_honest_days_are_left_in_peace() -> None:
    told = [flags(honest(seed).marks(), OWN) for seed in range(100)]
    assert sum(map(bool, told)) <= 2


def test_every_way_to_cheat_is_seen_on_every_day() -> None:
    for seed in range(30):
        day = honest(seed)
        for kind, made in cheats(day):
            assert kind in {each.kind for each in flags(made.marks(), OWN)}, (seed, kind)
