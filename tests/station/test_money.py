"""Money: one rounding, one spreading. Expected values worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.money import half_up, line_amount, percent, share_of, spread, tax_within

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@pytest.mark.parametrize(("numerator", "denominator", "expected"), [
    (5, 2, 3), (4, 2, 2), (7, 3, 2), (8, 3, 3), (0, 7, 0), (1, 2, 1), (-1, 2, 0), (-3, 2, -1),
])
def test_half_up(numerator: int, denominator: int, expected: int) -> None:
    assert half_up(numerator, denominator) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("10", Fraction(1, 10)), ("12.5", Fraction(1, 8)), ("0", Fraction(0)), ("0.000001", Fraction(1, 10**8)),
])
def test_percent_is_exact(text: str, expected: Fraction) -> None:
    assert percent(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "1e3", "۱۰", "10%", ".5", "01", "1.1234567", "1234567"])
def test_percent_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="not a percentage"):
        percent(text)


@pytest.mark.parametrize(("price", "quantity", "expected"), [
    (38_500, 2_000, 77_000), (333, 1_500, 500), (1, 499, 0), (1, 500, 1), (890_000, 1_235, 1_099_150),
])
def test_line_amount(price: int, quantity: int, expected: int) -> None:
    assert line_amount(price, quantity) == expected


def test_tax_within_a_gross_amount() -> None:
    assert tax_within(110_000, percent("10")) == 10_000
    assert tax_within(69_300, percent("10")) == 6_300
    assert tax_within(69_300, percent("0")) == 0


@pytest.mark.parametrize(("total", "weight", "expected"), [
    (10, [1, 1, 1], (4, 3, 3)),
    (100, [1, 2], (33, 67)),
    (5, [0, 3, 7], (0, 2, 3)),  # 1.5 and 3.5: the tie goes to the first
    (0, [0, 0], (0, 0)),
    (0, [], ()),
])
def test_spread_by_largest_remainder(total: int, weight: list[int], expected: tuple[int, ...]) -> None:
    assert spread(total, weight) == expected


def test_spread_over_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="sum to 0"):
        spread(1, [0, 0])


@given(total=st.integers(0, 10**12), weight=weights.filter(any))
def test_spread_parts_sum_to_the_whole_and_stay_within_one(total: int, weight: list[int]) -> None:
    parts = spread(total, weight)
    assert sum(parts) == total
    assert all(abs(part * sum(weight) - total * each) < sum(weight)
               for part, each in zip(parts, weight, strict=True))


@given(amount=st.integers(0, 10**12), hundredths=st.integers(0, 10_000))
def test_a_share_is_off_by_half_at_most(amount: int, hundredths: int) -> None:
    share = Fraction(hundredths, 10_000)
    assert abs(share_of(amount, share) - amount * share) <= Fraction(1, 2)
