"""What is printed on a receipt, read back."""

import pytest

from station.journal import Position, receipt_number
from station.past_sale import ReceiptName, read_receipt, read_typed_receipt


def test_what_is_printed_is_read() -> None:
    assert read_receipt(receipt_number("12-1", Position("ab12" + "0" * 28, 7))) == ReceiptName(7, "12-1", "AB12")
    assert read_receipt(" 12-1-1234567-ab12\n") == ReceiptName(1_234_567, "12-1", "AB12")


@pytest.mark.parametrize("text", [
    "6260000000001", "93640000000001", "", "12-1-000007", "-000007-AB12", "12-1-00007-AB12", "12-1-000007-XB12",
    "12-1-000007-AB123", "12/1-000007-AB12", "a" * 25 + "-000007-AB12"])
def test_what_is_scanned_and_no_receipt_is_left_to_others(text: str) -> None:
    assert read_receipt(text) is None


@pytest.mark.parametrize(("text", "name"), [
    ("7", ReceiptName(7)), ("000007-ab12", ReceiptName(7, "", "AB12")), ("12-1-000007-AB12", ReceiptName(7, "12-1", "AB12")),
    ("milk", None), ("", None), ("7-", None), ("1" * 13, None)])
def test_the_middle_number_is_enough_when_it_is_typed(text: str, name: ReceiptName | None) -> None:
    assert read_typed_receipt(text) == name
