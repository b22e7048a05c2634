"""Paying with points: rate, blocks, minimum, largest share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.money import percent
from station.redemption import Redemption, RedemptionRules, redeemable


@pytest.mark.parametrize(("spendable", "total", "asked", "expected"), [
    (1234, 10_000_000, None, Redemption(1200, 1_200_000)),  # whole blocks of 100, each 100 000 rials
    (1234, 10_000_000, 950, Redemption(900, 900_000)),
    (1234, 1_000_000, None, Redemption(500, 500_000)),  # half of the sale
    (1234, 1_199_999, None, Redemption(500, 500_000)),  # half is 599 999.5: five blocks fit
    (1234, 500_000, None, Redemption(0, 0)),  # two blocks fit, fewer than the minimum
    (299, 10_000_000, None, Redemption(0, 0)),
    (-40, 10_000_000, None, Redemption(0, 0)),
])
def test_what_points_may_pay(spendable: int, total: int, asked: int | None, expected: Redemption) -> None:
    rules = RedemptionRules(block=100, worth=100_000, minimum=300, largest_share="50")
    assert redeemable(rules, spendable, total, asked) == expected


@given(st.integers(1, 500), st.integers(1, 5000), st.integers(0, 3000), st.sampled_from(("100", "50", "33.3")),
       st.integers(0, 10_000), st.integers(0, 10**7))
def test_it_is_the_most_that_every_limit_allows(
    block: int, worth: int, minimum: int, share: str, spendable: int, total: int,
) -> None:
    rules = RedemptionRules(block, worth, minimum, share)
    got = redeemable(rules, spendable, total)
    allowed = [n for n in range(spendable // block + 1)
               if n * worth <= total * percent(share) and (n * block >= minimum or n == 0)]
    assert got == Redemption(max(allowed) * block, max(allowed) * worth)


@pytest.mark.parametrize("wrong", [(0, 1, 0, "100"), (1, 0, 0, "100"), (1, 1, -1, "100"), (1, 1, 0, "100.1")])
def test_rules_that_make_no_sense_are_refused(wrong: tuple[int, int, int, str]) -> None:
    with pytest.raises(ValueError, match="points"):
        RedemptionRules(*wrong)
