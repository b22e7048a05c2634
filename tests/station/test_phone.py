"""One phone has one form, however it is typed."""

import pytest

from station.phone import phone_number
from station.search import wanted

MINE = "09121234567"


@pytest.mark.parametrize("typed", [
    "09121234567", "9121234567", "989121234567", "+989121234567", "00989121234567", "+98 (0)912 123 4567", "9809121234567",
    "۰۹۱۲۱۲۳۴۵۶۷", "۹۱۲ ۱۲۳ ۴۵ ۶۷", "+۹۸۹۱۲۱۲۳۴۵۶۷", "٠٩١٢١٢٣٤٥٦٧", "٠٠٩٨٩١٢١٢٣٤٥٦٧", " 0912-123.45 67 ", "\u200e0912\u200f1234567"])
def test_a_mobile_phone_is_the_same_in_any_digits(typed: str) -> None:
    assert phone_number(typed) == MINE
    assert wanted(typed).digits == MINE


@pytest.mark.parametrize(("typed", "kept"), [
    ("021 8888 1234", "02188881234"), ("+49 1512 3456789", "4915123456789"), ("0049 1512 3456789", "4915123456789"),
    ("+45 12 34 56 78", "4512345678"), ("447700900123", "447700900123")])
def test_a_line_and_a_number_of_another_country_are_kept_whole(typed: str, kept: str) -> None:
    assert phone_number(typed) == kept
    assert wanted(typed).digits == kept


@pytest.mark.parametrize("typed", [
    "", "4567", "091212345", "0912123456789", "+98912", "98912123456", "012", "1234567890123456", "0912123456o", "سارا"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert phone_number(typed) == ""


@pytest.mark.parametrize("kept", ["09121234567", "4915123456789", "45123456789"])
def test_what_is_kept_is_its_own_form(kept: str) -> None:
    assert phone_number(kept) == kept
