"""Cash by denominations, worked by hand."""

import pytest

from station.cash_count import DENOMINATIONS, MOST_PIECES, CashCount, Counting


def test_pieces_and_the_rest_add_up() -> None:
    # 3 × 100 000 + 7 × 5 000 + 2 500
    count = CashCount(((100_000, 3), (5_000, 7)), 2_500)
    assert count.total == 337_500
    assert (count.of(5_000), count.of(1_000)) == (7, 0)


def test_a_denomination_is_counted_anew_and_nothing_of_it_leaves_no_trace() -> None:
    count = CashCount().having(1_000, 4).having(50_000, 2).having(1_000, 9)
    assert count == CashCount(((50_000, 2), (1_000, 9)))
    assert count.having(50_000, 0) == CashCount(((1_000, 9),))


@pytest.mark.parametrize("count", [
    {"pieces": ((1_000, -1),)}, {"pieces": ((0, 1),)}, {"pieces": ((1_000, MOST_PIECES + 1),)}, {"rest": -1},
    {"pieces": ((1_000, 1), (1_000, 2))}])
def test_what_cannot_lie_in_a_drawer_is_no_count(count: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"counted twice|no count of cash"):
        CashCount(**count)  # type: ignore[arg-type] # each by its name


def test_denominations_fall_and_are_whole_toman() -> None:
    rial = DENOMINATIONS["IRR"]
    assert list(rial) == sorted(set(rial), reverse=True)
    assert not any(value % 10 for value in rial)


@pytest.mark.parametrize(("differed", "shown", "again"), [(0, False, True), (1, False, True), (2, False, False), (1, True, False)])
def test_it_is_counted_twice_at_most_and_never_once_the_difference_was_seen(
    differed: int, shown: bool, again: bool,  # noqa: FBT001 - a table
) -> None:
    assert Counting(1, CashCount(), differed, shown).may_count_again is again


def test_cash_that_came_since_asks_for_a_new_count_of_what_lies_there() -> None:
    bound = Counting(1, CashCount(rest=5), 2, shown=True, expected=70)
    assert bound.now(70) is bound
    assert bound.now(90) == Counting(1, CashCount(rest=5), expected=90)
