"""Windows of time round midnight, month ends and leap years.

Jalali days with their Gregorian ones, from the official calendar of Iran: 1403 is a leap year, so
2025-03-20 is 30 Esfand 1403 and 2025-03-21 1 Farvardin 1404; 1404 is common: 2026-03-20 is 29 Esfand.
"""

from collections.abc import Callable

import pytest

from station.bonus import Birth
from station.dates import Calendar
from station.windows import BirthdayWindow, DateSpan, HourSpan, TimeFault, Weekday, time_fault, weekday

NIGHT = HourSpan("22:00", "02:00")
ESFAND_30 = Birth(Calendar.JALALI, 12, 30)
FARVARDIN_1 = Birth(Calendar.JALALI, 1, 1)
FEBRUARY_29 = Birth(Calendar.GREGORIAN, 2, 29)
NEW_YEARS_DAY = Birth(Calendar.GREGORIAN, 1, 1)


@pytest.mark.parametrize(("day", "name"), [
    ("2026-11-21", Weekday.SATURDAY), ("2026-11-20", Weekday.FRIDAY), ("2025-03-20", Weekday.THURSDAY),
    ("2025-03-21", Weekday.FRIDAY), ("2026-03-20", Weekday.FRIDAY), ("2024-02-29", Weekday.THURSDAY),
    ("1979-02-11", Weekday.SUNDAY),
])
def test_the_day_of_the_week(day: str, name: Weekday) -> None:
    assert weekday(day) is name


def test_the_week_starts_on_saturday() -> None:
    assert (*Weekday,)[:1] == (Weekday.SATURDAY,)
    assert tuple(Weekday)[-1] is Weekday.FRIDAY


@pytest.mark.parametrize(("span", "day", "inside"), [
    (DateSpan("2025-03-20", "2025-03-20"), "2025-03-20", True),  # both ends are in
    (DateSpan("2025-03-20", "2025-03-20"), "2025-03-19", False),
    (DateSpan("2025-03-20", "2025-03-20"), "2025-03-21", False),
    (DateSpan("2024-02-28", "2024-03-01"), "2024-02-29", True),
    (DateSpan("", "2026-03-20"), "2000-01-01", True),
    (DateSpan("", "2026-03-20"), "2026-03-21", False),
    (DateSpan("2026-03-21"), "2026-03-20", False),
    (DateSpan("2026-03-21"), "2999-12-31", True),
])
def test_dates_include_both_ends(span: DateSpan, day: str, inside: bool) -> None:  # noqa: FBT001 - a table's column
    assert span.holds(day) is inside


@pytest.mark.parametrize(("span", "hour", "minute", "began"), [
    (HourSpan("08:00", "14:05"), 8, 0, "2026-03-21"),
    (HourSpan("08:00", "14:05"), 7, 59, None),
    (HourSpan("08:00", "14:05"), 14, 4, "2026-03-21"),
    (HourSpan("08:00", "14:05"), 14, 5, None),  # the end is out
    (HourSpan("14:05", "24:00"), 23, 59, "2026-03-21"),
    (HourSpan("00:00", "24:00"), 0, 0, "2026-03-21"),
    (HourSpan("20:00", "00:00"), 23, 59, "2026-03-21"),
    (HourSpan("20:00", "00:00"), 0, 0, None),
    (NIGHT, 22, 0, "2026-03-21"),
    (NIGHT, 21, 59, None),
    (NIGHT, 23, 59, "2026-03-21"),
    (NIGHT, 0, 0, "2026-03-20"),  # 1 Farvardin 1405, but the night of 29 Esfand 1404
    (NIGHT, 1, 59, "2026-03-20"),
    (NIGHT, 2, 0, None),
])
def test_a_window_across_midnight_belongs_to_the_day_it_began(
    span: HourSpan, hour: int, minute: int, began: str | None,
) -> None:
    assert span.began("2026-03-21", hour * 60 + minute) == began


# 2025-03-20 is a Thursday, the 30th of Esfand of leap 1403; the 21st is Friday, 1 Farvardin 1404
LAST_DAY = (DateSpan("2025-03-20", "2025-03-20"),)
NEW_YEAR = (DateSpan("2025-03-21", "2025-03-21"),)
THURSDAY, FRIDAY = (Weekday.THURSDAY,), (Weekday.FRIDAY,)


@pytest.mark.parametrize(("dates", "hours", "weekdays", "day", "minute", "fault"), [
    ((), (), (), "2025-03-20", 0, None),
    (LAST_DAY, (), THURSDAY, "2025-03-20", 1439, None),
    (LAST_DAY, (), (), "2025-03-21", 0, TimeFault.DATE),
    ((), (), THURSDAY, "2025-03-21", 0, TimeFault.WEEKDAY),
    (LAST_DAY, (NIGHT,), THURSDAY, "2025-03-21", 60, None),  # the night of the 30th goes on
    (NEW_YEAR, (NIGHT,), (), "2025-03-21", 60, TimeFault.DATE),  # and is not of the new year yet
    (NEW_YEAR, (NIGHT,), FRIDAY, "2025-03-21", 1320, None),
    (NEW_YEAR, (NIGHT,), FRIDAY, "2025-03-22", 119, None),
    ((), (NIGHT,), FRIDAY, "2025-03-21", 60, TimeFault.WEEKDAY),
    (LAST_DAY, (NIGHT,), (), "2025-03-20", 600, TimeFault.HOUR),
    (LAST_DAY, (NIGHT,), FRIDAY, "2025-03-20", 600, TimeFault.HOUR),  # the hour is judged before the weekday
    (NEW_YEAR, (NIGHT,), (), "2025-03-20", 600, TimeFault.DATE),  # and the date before the hour
    (NEW_YEAR, (NIGHT, HourSpan("00:00", "08:00")), (), "2025-03-21", 60, None),  # the second span began today
    ((*LAST_DAY, *NEW_YEAR), (), FRIDAY, "2025-03-21", 0, None),
])
def test_dates_hours_and_weekdays_together(
    dates: tuple[DateSpan, ...], hours: tuple[HourSpan, ...], weekdays: tuple[Weekday, ...], day: str, minute: int,
    fault: TimeFault | None,
) -> None:
    assert time_fault(dates, hours, weekdays, day, minute) is fault


@pytest.mark.parametrize(("birth", "before", "after", "day", "inside"), [
    (ESFAND_30, 0, 0, "2025-03-20", True),  # 30 Esfand 1403
    (ESFAND_30, 0, 0, "2025-03-19", False),
    (ESFAND_30, 0, 0, "2026-03-20", True),  # kept on 29 Esfand 1404
    (ESFAND_30, 0, 0, "2026-03-21", False),
    (ESFAND_30, 0, 2, "2026-03-22", True),  # two days on it is 2 Farvardin 1405: the birthday of the year before
    (ESFAND_30, 0, 2, "2026-03-23", False),
    (FARVARDIN_1, 3, 0, "2025-03-18", True),  # 28 Esfand 1403: three days before 1 Farvardin 1404
    (FARVARDIN_1, 3, 0, "2025-03-17", False),
    (FARVARDIN_1, 3, 0, "2026-03-18", True),  # 27 Esfand 1404: three days before, in a common year
    (FEBRUARY_29, 0, 0, "2024-02-29", True),
    (FEBRUARY_29, 0, 0, "2024-02-28", False),
    (FEBRUARY_29, 0, 0, "2025-02-28", True),
    (FEBRUARY_29, 0, 0, "2025-03-01", False),
    (FEBRUARY_29, 1, 1, "2025-03-01", True),
    (NEW_YEARS_DAY, 1, 0, "2025-12-31", True),
    (NEW_YEARS_DAY, 0, 31, "2026-02-01", True),
    (NEW_YEARS_DAY, 0, 31, "2026-02-02", False),
    (NEW_YEARS_DAY, 180, 180, "2026-06-30", True),  # 180 days after 1 January
    (NEW_YEARS_DAY, 180, 180, "2026-07-01", False),
    (NEW_YEARS_DAY, 180, 180, "2026-07-05", True),  # 180 days before the next one
])
def test_birthday_windows(birth: Birth, before: int, after: int, day: str, inside: bool) -> None:  # noqa: FBT001 - a table's column
    assert BirthdayWindow(before, after).holds(birth, day) is inside


@pytest.mark.parametrize("wrong", [
    DateSpan, lambda: DateSpan("2026-01-02", "2026-01-01"), lambda: DateSpan("2025-02-29"),
    lambda: DateSpan("", "1404-13-01"),
    lambda: HourSpan("8:00", "09:00"), lambda: HourSpan("08:00", "08:00"), lambda: HourSpan("24:00", "08:00"),
    lambda: HourSpan("08:00", "24:01"), lambda: HourSpan("08:60", "09:00"), lambda: HourSpan("25:00", "09:00"),
    lambda: BirthdayWindow(-1), lambda: BirthdayWindow(0, -1), lambda: BirthdayWindow(181), lambda: BirthdayWindow(0, 181),
])
def test_a_window_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
