"""Labels of scales: the layouts, the check digits and the goods they mean.

The check digits of figures are those of the examples in the GS1 General Specifications, section
"Check digit calculations for price/weight fields": 2875 has 9, 14685 has 6.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import ErrorCode, StationError
from station.product import Product, ProductKind
from station.scanned import Scanned, look_up
from station.weighed import Figure, Label, LabelLayout, ean_check, figure_check, read_label
from tests.fakes import MemoryShelf, product

WEIGHT = LabelLayout("21", 5, Figure.WEIGHT, 5)
PRICE = LabelLayout("22", 4, Figure.PRICE, 5, unit=100, check=True)
SHORT = LabelLayout("02", 5, Figure.PRICE, 4, unit=1_000, check=True)
LAYOUTS = (WEIGHT, PRICE, SHORT)


def label(digits: str) -> str:
    """``digits`` with the check digit of EAN-13."""
    return digits + ean_check(digits)


@pytest.mark.parametrize(("figure", "check"), [("2875", "9"), ("14685", "6"), ("0000", "0"), ("00000", "0")])
def test_the_check_digit_of_a_figure_is_that_of_the_specification(figure: str, check: str) -> None:
    assert figure_check(figure) == check


def test_the_check_digit_of_ean_13_is_that_of_real_goods() -> None:
    # ISBN 978-3-16-148410-0 and the GS1 example GTIN 6291041500213
    assert (ean_check("978316148410"), ean_check("629104150021")) == ("0", "3")


@pytest.mark.parametrize("place", range(5))
def test_a_wrong_digit_of_a_figure_is_noticed(place: int) -> None:
    for figure in ("14685", "00000", "99999", "50505"):
        checks = {figure_check(figure[:place] + digit + figure[place + 1:]) for digit in "0123456789"}
        assert len(checks) == 10


def test_a_weight_is_in_thousandths() -> None:
    assert read_label(label("210012300324"), LAYOUTS) == Label((label("210012300000"), "00123"), Figure.WEIGHT, 324)
    ten_grams = LabelLayout("21", 5, Figure.WEIGHT, 5, unit=10)
    found = read_label(label("210012300324"), (ten_grams,))
    assert found
    assert found.amount == 3_240


def test_a_price_is_in_minor_units() -> None:
    assert read_label(label("220123614685"), LAYOUTS) == Label(
        (label("220123000000"), "0123"), Figure.PRICE, 1_468_500)
    assert read_label(label("020012392875"), LAYOUTS) == Label(
        (label("020012300000"), "00123"), Figure.PRICE, 2_875_000)


def test_a_scanner_that_leaves_the_leading_zero_out_says_the_same() -> None:
    code = label("020012392875")
    assert read_label(code[1:], LAYOUTS) == read_label(code, LAYOUTS)


@pytest.mark.parametrize("code", [
    label("210012300324")[:-1] + "9",  # the whole code's check digit
    label("220123514685"),             # the figure's
    label("230012300324"),             # no layout has this prefix
    label("626000000001"),             # a good of a maker
    "21001230032", "21001230032411", "21001230032x1", "۲۱۰۰۱۲۳۰۰۳۲۴۷", "", "9364000000000001"])
def test_what_is_no_label(code: str) -> None:
    assert read_label(code, LAYOUTS) is None


def test_without_layouts_there_are_no_labels() -> None:
    assert read_label(label("210012300324"), ()) is None


def test_the_longer_prefix_goes_before_the_shorter() -> None:
    broad, narrow = LabelLayout("2", 6, Figure.WEIGHT, 5), LabelLayout("210", 4, Figure.PRICE, 5)
    for layouts in ((broad, narrow), (narrow, broad)):
        found = read_label(label("210012300324"), layouts)
        assert found
        assert (found.figure, found.barcodes[1]) == (Figure.PRICE, "0123")


@pytest.mark.parametrize(("prefix", "item", "digits", "unit", "check"), [
    ("62", 5, 5, 1, False), ("", 6, 6, 1, False), ("2x", 5, 5, 1, False), ("04", 5, 5, 1, False),
    ("21", 5, 6, 1, False), ("21", 5, 5, 1, True), ("21", 0, 10, 1, False), ("21", 10, 0, 1, False),
    ("21", 5, 5, 0, False), ("21", 3, 6, 1, True)])
def test_layouts_that_cannot_be(prefix: str, item: int, digits: int, unit: int, check: bool) -> None:  # noqa: FBT001 - a column
    with pytest.raises(ValueError, match=r"prefix|digits"):
        LabelLayout(prefix, item, Figure.WEIGHT, digits, unit, check)


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_what_a_scale_prints_is_read_as_it_was_meant(item: int, grams: int) -> None:
    found = read_label(label(f"21{item:05}{grams:05}"), LAYOUTS)
    assert found
    assert (found.barcodes[1], found.amount) == (f"{item:05}", grams)


CHEESE = product(1, 2_500_000, barcode="00123", weighed=True)
BUNS = product(2, 90_000, barcode="0123", tax_included=False, tax_percent="10")


def shelf(*goods: Product) -> MemoryShelf:
    return MemoryShelf({each.barcode: each for each in goods})


def found(code: str, *goods: Product, quantity: int = 1_000) -> Scanned:
    return look_up(shelf(*goods), LAYOUTS, code, quantity, 1)


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_a_good_is_found_by_its_number_or_by_the_code_of_nothing() -> None:
    code = label("210012300324")
    listed = product(1, 2_500_000, barcode=label("210012300000"), weighed=True)
    assert found(code, CHEESE) == Scanned(CHEESE, 324)
    assert found(code, listed) == Scanned(listed, 324)
    assert found(code, CHEESE, listed).product == listed


def test_a_good_that_has_the_whole_code_goes_before_a_label() -> None:
    code = label("210012300324")
    own = product(3, 70_000, barcode=code)
    assert found(code, CHEESE, own, quantity=3_000) == Scanned(own, 3_000)


def test_the_price_on_a_label_is_what_is_charged_and_the_weight_follows_from_it() -> None:
    meat = product(1, 2_500_000, barcode="0123", weighed=True)
    assert found(label("220123614685"), meat) == Scanned(meat, 587, 1_468_500)  # 0.5874 kg
    almost_nothing = found(label(f"220123{figure_check('00001')}00001"), meat)
    assert (almost_nothing.quantity, almost_nothing.labelled) == (1, 100)
    free = product(1, 0, barcode="0123", weighed=True)
    assert found(label("220123614685"), free).quantity == 1_000


def test_a_packet_of_pieces_at_the_price_of_its_label_is_one_piece_with_the_tax_in_it() -> None:
    scanned = found(label("220123614685"), BUNS)
    assert (scanned.quantity, scanned.labelled, scanned.product.tax_included) == (1_000, 1_468_500, True)


def test_a_weight_of_what_is_not_weighed_is_no_good_of_ours() -> None:
    with refused(ErrorCode.PRODUCT_UNKNOWN):
        found(label("210012301000"), product(1, barcode="00123"))


def test_a_label_of_an_unknown_good_or_no_label_at_all() -> None:
    for code in (label("210012300324"), label("626000000001"), "abc"):
        with refused(ErrorCode.PRODUCT_UNKNOWN):
            found(code)


@pytest.mark.parametrize("quantity", [2_000, 500])
def test_a_label_is_one_packet(quantity: int) -> None:
    with refused(ErrorCode.LABEL_FIXED):
        found(label("210012300324"), CHEESE, quantity=quantity)


def test_money_by_a_label_is_found_as_such() -> None:
    card = product(4, barcode="0123", kind=ProductKind.GIFT_CARD)
    assert found(label("220123614685"), card).product.kind is ProductKind.GIFT_CARD
