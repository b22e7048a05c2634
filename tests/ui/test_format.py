"""Figures and dates against values known from elsewhere."""

import pytest

from station.clock import Moment
from ui.format import Format, Unit, fold_digits, is_friday

FA = Format("fa")
EN = Format("en")
NBSP = "\u00a0"
RLM, LRM, MINUS = "\u200f", "\u200e", "\u2212"


@pytest.mark.parametrize(("number", "fa", "en"), [
    (0, "۰", "0"),
    (999, "۹۹۹", "999"),
    (1000, "۱٬۰۰۰", "1,000"),
    (41_250_000, "۴۱٬۲۵۰٬۰۰۰", "41,250,000"),
    (-1234, f"{RLM}{LRM}{MINUS}۱٬۲۳۴", f"{MINUS}1,234"),
])
def test_number(number: int, fa: str, en: str) -> None:
    assert FA.number(number) == fa
    assert EN.number(number) == en


@pytest.mark.parametrize(("minor", "amount", "money"), [
    (0, "0", f"0{NBSP}toman"),
    (770_000, "77,000", f"77,000{NBSP}toman"),
    (770_005, "77,000.5", f"770,005{NBSP}rial"),
    (-2_073_000, f"{MINUS}207,300", f"{MINUS}207,300{NBSP}toman"),
    (-7, f"{MINUS}0.7", f"{MINUS}7{NBSP}rial"),
])
def test_money_in_toman_names_the_unit_it_used(minor: int, amount: str, money: str) -> None:
    assert EN.amount(minor) == amount
    assert EN.money(minor) == money


def test_money_in_rial_never_needs_a_fraction() -> None:
    rial = Format("en", Unit.RIAL)
    assert rial.amount(770_005) == "770,005"
    assert rial.money(770_000) == f"770,000{NBSP}rial"
    assert rial.fitting([1, 2]) == rial


def test_negative_money_in_persian_keeps_the_minus_at_the_figure_and_the_unit_after_it() -> None:
    assert FA.money(-2_073_000) == f"{RLM}{LRM}{MINUS}۲۰۷٬۳۰۰{NBSP}تومان"
    assert Format("fa", Unit.RIAL).money(-5) == f"{RLM}{LRM}{MINUS}۵{NBSP}ریال"
    assert FA.amount(5) == "۰٫۵"


def test_a_whole_basket_is_written_in_one_unit() -> None:
    assert FA.fitting([10, 200, 0, -30]) == FA
    fit = FA.fitting([10, 201])
    assert fit == Format("fa", Unit.RIAL)
    assert (fit.amount(10), fit.unit_name) == ("۱۰", "ریال")


@pytest.mark.parametrize(("thousandths", "fa", "en"), [
    (2000, "۲", "2"),
    (1250, "۱٫۲۵۰", "1.250"),
    (5, "۰٫۰۰۵", "0.005"),
    (9_999_000, "۹٬۹۹۹", "9,999"),
    (-1500, f"{RLM}{LRM}{MINUS}۱٫۵۰۰", f"{MINUS}1.500"),
])
def test_quantity(thousandths: int, fa: str, en: str) -> None:
    assert FA.quantity(thousandths) == fa
    assert EN.quantity(thousandths) == en


def test_percent_and_points() -> None:
    assert (FA.percent("12.5"), EN.percent("12.5")) == (f"۱۲٫۵{RLM}٪", "12.5%")
    assert (FA.percent("-3"), EN.percent("-3")) == (f"{RLM}{LRM}{MINUS}۳{RLM}٪", f"{MINUS}3%")
    assert FA.points(12_480) == f"۱۲٬۴۸۰{NBSP}امتیاز"
    assert [EN.points(n) for n in (0, 1, 2)] == [f"0{NBSP}points", f"1{NBSP}point", f"2{NBSP}points"]


@pytest.mark.parametrize(("iso", "fa", "weekday"), [
    ("2026-11-22", "۱ آذر ۱۴۰۵", "یکشنبه"),
    ("2025-03-20", "۳۰ اسفند ۱۴۰۳", "پنجشنبه"),  # 1403 is a leap year
    ("2025-03-21", "۱ فروردین ۱۴۰۴", "جمعه"),
    ("2024-03-20", "۱ فروردین ۱۴۰۳", "چهارشنبه"),
    ("2023-03-20", "۲۹ اسفند ۱۴۰۱", "دوشنبه"),  # 1401 is not
    ("1979-02-11", "۲۲ بهمن ۱۳۵۷", "یکشنبه"),
    ("2026-07-28", "۶ مرداد ۱۴۰۵", "سه‌شنبه"),
    ("2026-10-17", "۲۵ مهر ۱۴۰۵", "شنبه"),
])
def test_jalali_dates(iso: str, fa: str, weekday: str) -> None:
    assert FA.date(iso) == fa
    assert FA.weekday(iso) == weekday
    assert FA.day(iso) == fa.split(maxsplit=1)[0]
    assert FA.weekday_short(iso) == weekday[0]


def test_english_dates() -> None:
    assert EN.date("2026-11-22") == "22 Nov 2026"
    assert (EN.day("2026-11-22"), EN.weekday_short("2026-11-22")) == ("22", "Sun")
    assert is_friday("2025-03-21")
    assert not is_friday("2025-03-20")


def test_the_moment_is_written_as_the_place_saw_it() -> None:
    moment = Moment(1_795_343_700_000_000, 210, "2026-11-22")  # 2026-11-22T10:35Z, Tehran
    assert FA.date_time(moment) == "یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵"
    assert EN.date_time(moment) == "Sun 22 Nov 2026, 14:05"
    assert (FA.time(0), EN.time(1439)) == ("۰۰:۰۰", "23:59")


def test_phone_is_grouped_whatever_the_digits() -> None:
    assert FA.phone("09123456789") == f"۰۹۱۲{NBSP}۳۴۵{NBSP}۶۷۸۹"
    assert EN.phone("۰۹۱۲۳۴۵۶۷۸۹") == f"0912{NBSP}345{NBSP}6789"
    assert EN.phone("02188") == "02188"


def test_digits_of_every_script() -> None:
    assert FA.digits("چای 500g ٣") == "چای ۵۰۰g ۳"
    assert EN.digits("۱۲٣4") == "1234"
    assert fold_digits("۰۹۱۲٣٤٥ 67-a") == "0912345 67-a"
