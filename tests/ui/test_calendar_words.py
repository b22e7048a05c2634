"""Days as people type them, and months and spans as they are told."""

import pytest

from station.span import Span
from ui.format import Format
from ui.presenters.calendar_words import day_and_month, month_name, month_title, read_day, span_words
from ui.text import Words

EN, FA = Format("en"), Format("fa")


@pytest.mark.parametrize(("typed", "day"), [
    ("1405/9/1", "2026-11-22"),
    ("۱۴۰۵/۰۹/۰۱", "2026-11-22"),
    ("١٤٠٥/٠٩/٠١", "2026-11-22"),  # Arabic digits
    (" 1405 - 09 - 01 ", "2026-11-22"),
    ("1405.9.1", "2026-11-22"),
    ("2026-11-22", "2026-11-22"),
    ("2026/11/22", "2026-11-22"),
    ("1403/12/30", "2025-03-20"),  # the leap day of 1403
    ("1404/1/1", "2025-03-21"),
    ("1402/12/29", "2024-03-19"),
])
def test_a_day_is_read_in_either_calendar_and_any_digits(typed: str, day: str) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize("typed", [
    "", "1405", "1405/9", "1405/13/1", "1405/0/1", "1405/9/31", "1402/12/30", "1404/12/30", "2026-02-30", "0005/9/1",
    "1250/9/1", "1750/9/1", "1405/9/1/2", "today", "1405/9/x"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


def test_months_and_days_are_named_in_the_languages_calendar() -> None:
    assert (month_title("2026-11-22", FA), month_title("2026-11-22", EN)) == ("آذر ۱۴۰۵", "Nov 2026")
    assert (day_and_month("2026-11-22", FA), day_and_month("2026-11-22", EN)) == ("۱ آذر", "22 Nov")
    assert (month_name("2026-11-22", FA), month_name("2026-11-22", EN)) == ("آذر", "Nov")


def test_a_span_of_one_day_names_its_weekday() -> None:
    assert span_words(Span("2026-11-22", "2026-11-22"), Words("fa"), FA) == "یکشنبه ۱ آذر ۱۴۰۵"
    assert span_words(Span("2026-11-01", "2026-11-22"), Words("en"), EN) == "1 Nov 2026 to 22 Nov 2026"
