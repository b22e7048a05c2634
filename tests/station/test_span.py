"""Spans of days: presets, what one bar stands for, and the grid of a month in both calendars."""

from itertools import pairwise

import pytest

from station.dates import Calendar, add_days, parts_of
from station.span import MOST_DAYS, Grain, Preset, Span, buckets, month_grid, preset, week_start

SUNDAY = "2026-11-22"  # 1 Azar 1405
JALALI, GREGORIAN = Calendar.JALALI, Calendar.GREGORIAN


@pytest.mark.parametrize(("which", "calendar", "first", "last"), [
    (Preset.TODAY, JALALI, SUNDAY, SUNDAY),
    (Preset.YESTERDAY, JALALI, "2026-11-21", "2026-11-21"),
    (Preset.THIS_WEEK, JALALI, "2026-11-21", SUNDAY),
    (Preset.THIS_WEEK, GREGORIAN, "2026-11-21", SUNDAY),
    (Preset.THIS_MONTH, JALALI, SUNDAY, SUNDAY),
    (Preset.THIS_MONTH, GREGORIAN, "2026-11-01", SUNDAY),
])
def test_presets_end_today_in_the_shops_week_and_the_languages_month(
    which: Preset, calendar: Calendar, first: str, last: str,
) -> None:
    assert preset(which, SUNDAY, calendar) == Span(first, last)


def test_a_week_begins_on_saturday_and_friday_ends_it() -> None:
    assert {week_start(add_days("2026-11-21", day)) for day in range(7)} == {"2026-11-21"}
    assert week_start("2026-11-28") == "2026-11-28"


@pytest.mark.parametrize(("days", "grain"), [
    (1, Grain.DAY), (62, Grain.DAY), (63, Grain.WEEK), (182, Grain.WEEK), (183, Grain.MONTH), (MOST_DAYS, Grain.MONTH)])
def test_bars_are_days_weeks_or_months_and_never_more_than_can_be_told_apart(days: int, grain: Grain) -> None:
    span = Span(add_days(SUNDAY, 1 - days), SUNDAY)
    assert (span.days, span.grain) == (days, grain)
    for calendar in Calendar:
        found = buckets(span, calendar)
        assert len(found) <= 62
        assert (found[0].first, found[-1].last) == (span.first, span.last)
        assert all(add_days(one.last, 1) == other.first for one, other in pairwise(found))


def test_weeks_and_months_are_cut_at_the_ends_and_whole_between() -> None:
    weeks = buckets(Span("2026-09-01", SUNDAY), JALALI)
    assert [each.days for each in weeks] == [4, *[7] * 11, 2]
    months = buckets(Span("2024-03-25", "2025-03-25"), JALALI)  # 6 Farvardin 1403 to 5 Farvardin 1404
    assert [each.days for each in months] == [26, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 5]


@pytest.mark.parametrize(("first", "last"), [(SUNDAY, "2026-11-21"), ("2020-01-01", SUNDAY), ("2026-02-30", SUNDAY)])
def test_what_is_no_span_is_refused(first: str, last: str) -> None:
    with pytest.raises(ValueError):
        Span(first, last)


def test_the_span_before_is_as_long_and_ends_the_day_before() -> None:
    span = Span("2026-11-16", SUNDAY)
    assert span.moved(-1) == Span("2026-11-09", "2026-11-15")
    assert span.moved(-1).moved(1) == span
    assert span.holds(SUNDAY)
    assert not span.holds("2026-11-23")


@pytest.mark.parametrize(("day", "days"), [
    ("2025-03-10", 30),  # Esfand 1403, a leap year
    ("2024-03-10", 29),  # Esfand 1402
    ("2026-03-10", 29),  # Esfand 1404
    ("2024-04-10", 31),  # Farvardin 1403
])
def test_the_grid_shows_the_whole_jalali_month_from_saturday_on(day: str, days: int) -> None:
    weeks = month_grid(day, JALALI)
    shown = [each for week in weeks for each in week]
    assert all(week_start(each) == week[0] for week in weeks for each in week)
    month = [each for each in shown if parts_of(each, JALALI)[:2] == parts_of(day, JALALI)[:2]]
    assert [parts_of(each, JALALI)[2] for each in month] == list(range(1, days + 1))


def test_the_last_day_of_the_leap_year_1403_stands_before_nowruz() -> None:
    shown = [each for week in month_grid("2025-03-10", JALALI) for each in week]
    place = shown.index("2025-03-20")
    assert parts_of(shown[place], JALALI) == (1403, 12, 30)
    assert parts_of(shown[place + 1], JALALI) == (1404, 1, 1)


def test_a_gregorian_month_has_the_same_weeks() -> None:
    weeks = month_grid("2026-02-10", GREGORIAN)
    assert weeks[0][0] == "2026-01-31"
    assert weeks[0][1] == "2026-02-01"
    assert len(weeks) == 6
