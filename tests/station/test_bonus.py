"""Birthdays and stamps: once a year, once a card, taken back when a return leaves a card short."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.bonus import (
    Birth,
    BirthdayRules,
    StampCard,
    StampRules,
    Visit,
    birthday_bonus,
    stamp_card,
    stamp_requests,
)
from station.dates import Calendar, add_days
from station.points import Earn, Return

JALALI, GREGORIAN = Calendar.JALALI, Calendar.GREGORIAN
RULES = BirthdayRules(150)


@pytest.mark.parametrize(("birth", "year", "day"), [
    (Birth(JALALI, 12, 30), 1403, "2025-03-20"),  # leap: 30 Esfand
    (Birth(JALALI, 12, 30), 1404, "2026-03-20"),  # 29 Esfand
    (Birth(JALALI, 1, 1), 1405, "2026-03-21"),
    (Birth(GREGORIAN, 2, 29), 2024, "2024-02-29"),
    (Birth(GREGORIAN, 2, 29), 2026, "2026-02-28"),
])
def test_a_birthday_falls_on(birth: Birth, year: int, day: str) -> None:
    assert birth.in_year(year) == day
    assert birthday_bonus(RULES, "m", birth, day) is not None
    assert birthday_bonus(RULES, "m", birth, add_days(day, 1)) is None
    assert birthday_bonus(RULES, "m", birth, add_days(day, -1)) is None


def test_the_bonus_of_a_year_has_one_key_in_both_calendars() -> None:
    given_ = birthday_bonus(RULES, "m", Birth(JALALI, 3, 5), "2026-05-26")  # 5 Khordad 1405
    moved = birthday_bonus(RULES, "m", Birth(GREGORIAN, 6, 9), "2026-06-09")
    assert given_ == Earn("birthday/m/2026", "m", "2026-05-26", 150, "birthday", "birthday/m/2026")
    assert moved is not None
    assert moved.key == given_.key


@settings(max_examples=20)
@given(st.sampled_from(Calendar), st.integers(1, 12), st.integers(1, 31), st.integers(0, 300))
def test_every_member_has_one_birthday_in_every_year(calendar: Calendar, month: int, dom: int, start: int) -> None:
    birth, first = Birth(calendar, month, dom), add_days("2023-03-21", start)
    keys = [bonus.key for n in range(4 * 365 + 1)
            for bonus in (birthday_bonus(RULES, "m", birth, add_days(first, n)),) if bonus]
    assert len(set(keys)) == len(keys)
    assert len(keys) in (4, 5)  # the day of the year the window begins on may stand at both its ends


@pytest.mark.parametrize(("month", "dom"), [(0, 1), (13, 1), (1, 0), (1, 32)])
def test_what_is_no_birthday_is_refused(month: int, dom: int) -> None:
    with pytest.raises(ValueError, match="not a birthday"):
        Birth(JALALI, month, dom)


STAMPS = StampRules("tea", 3, 50, least=1000)


def visits(*days: int, total: int = 1000) -> list[Visit]:
    return [Visit(f"s{n}", "m", f"2026-06-{day:02d}", total) for n, day in enumerate(days)]


def test_a_card_fills_by_visits_of_different_days() -> None:
    assert stamp_card(STAMPS, visits(1, 1, 2)) == StampCard(2, ())
    assert stamp_card(STAMPS, visits(1, 1, 2, 5, 7)) == StampCard(1, ("2026-06-05",))
    assert stamp_card(STAMPS, visits(9, 8, 7, 3, 2, 1)) == StampCard(0, ("2026-06-03", "2026-06-09"))
    assert stamp_card(STAMPS, visits(1, 2, 3, total=999)) == StampCard(0, ())
    assert stamp_card(StampRules("all", 3, 50), visits(1, 2, 3, total=0)) == StampCard(0, ())


def test_a_shop_may_count_more_visits_of_one_day() -> None:
    assert stamp_card(StampRules("tea", 3, 50, most_a_day=2), visits(1, 1, 1, 2)) == StampCard(0, ("2026-06-02",))


def test_bonuses_follow_the_card_both_ways() -> None:
    card = stamp_card(STAMPS, visits(1, 2, 3, 4))
    earned = stamp_requests(STAMPS, "m", card, (), "2026-06-04")
    key = "stamps/tea/m/1/2026-06-03"
    assert earned == (Earn(key, "m", "2026-06-03", 50, "tea", key),)
    assert stamp_requests(STAMPS, "m", card, (key,), "2026-06-05") == ()
    short = stamp_card(STAMPS, visits(1, 2))
    assert stamp_requests(STAMPS, "m", short, (key,), "2026-06-08") == (Return(f"back/{key}", "m", "2026-06-08", key),)


@pytest.mark.parametrize("wrong", [(0, 5, 0, 1), (5, 0, 0, 1), (5, 5, -1, 1), (5, 5, 0, 0)])
def test_stamp_rules_that_make_no_sense_are_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="stamp rule"):
        StampRules("tea", *wrong)
