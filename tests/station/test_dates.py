"""Days of the shop's calendar, against datetime, persiantools and dates of the official calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from station.dates import (
    Calendar,
    add_days,
    add_months,
    day_from,
    day_number,
    day_text,
    month_end,
    month_start,
    parts_of,
    year_end,
    year_start,
)

JALALI, GREGORIAN = Calendar.JALALI, Calendar.GREGORIAN


@given(st.dates())
def test_numbers_and_texts_are_those_of_datetime(day: date) -> None:
    assert day_number(day.isoformat()) == day.toordinal()
    assert day_text(day.toordinal()) == day.isoformat()
    assert parts_of(day.isoformat(), GREGORIAN) == (day.year, day.month, day.day)


@given(st.dates(date(700, 1, 1), date(9900, 1, 1)))
def test_jalali_days_are_those_of_persiantools(day: date) -> None:
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    parts = (jalali.year, jalali.month, jalali.day)
    assert parts_of(day.isoformat(), JALALI) == parts
    assert day_from(JALALI, *parts) == day.isoformat()


@pytest.mark.parametrize(("day", "months", "calendar", "expected"), [
    ("2026-01-31", 1, GREGORIAN, "2026-02-28"),
    ("2024-01-31", 1, GREGORIAN, "2024-02-29"),
    ("2026-11-30", 3, GREGORIAN, "2027-02-28"),
    ("2026-03-31", -1, GREGORIAN, "2026-02-28"),
    ("2026-08-22", 6, JALALI, "2027-02-19"),  # 31 Mordad 1405 -> 30 Bahman 1405
    ("2026-08-22", 7, JALALI, "2027-03-20"),  # 31 Mordad 1405 -> 29 Esfand 1405
    ("2025-03-20", 12, JALALI, "2026-03-20"),  # 30 Esfand 1403 -> 29 Esfand 1404
    ("2026-03-21", -1, JALALI, "2026-02-20"),  # 1 Farvardin 1405 -> 1 Esfand 1404
])
def test_a_missing_day_becomes_the_months_last(day: str, months: int, calendar: Calendar, expected: str) -> None:
    assert add_months(day, months, calendar) == expected


@pytest.mark.parametrize(("calendar", "day", "month", "year"), [
    (JALALI, "2026-11-22", ("2026-11-22", "2026-12-21"), ("2026-03-21", "2027-03-20")),  # Azar 1405
    (JALALI, "2025-03-20", ("2025-02-19", "2025-03-20"), ("2024-03-20", "2025-03-20")),  # Esfand 1403, leap
    (GREGORIAN, "2024-02-10", ("2024-02-01", "2024-02-29"), ("2024-01-01", "2024-12-31")),
])
def test_months_and_years_have_their_first_and_last_days(
    calendar: Calendar, day: str, month: tuple[str, str], year: tuple[str, str],
) -> None:
    assert (month_start(day, calendar), month_end(day, calendar)) == month
    assert (year_start(day, calendar), year_end(day, calendar)) == year


@pytest.mark.parametrize("text", [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-01", "2026/01/01", "0000-01-01",
    "۲۰۲۶-۰۱-۰۱", "2026-01-01T00", "",
])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        day_number(text)


def test_days_end_with_the_year_9999() -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        add_days("9999-12-31", 1)
    with pytest.raises(ValueError, match="1 to 9999"):
        add_days("0001-01-01", -1)
