"""Leases: spent until the sooner end of lease and lot, judged by the later clock, never more than leased."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import ErrorCode, StationError
from station.leases import (
    AccountKind,
    Lease,
    LeasedLot,
    LeasePart,
    LeaseUse,
    ends,
    judged_at,
    spend,
    spendable,
)

LEASE = Lease("l1", AccountKind.POINTS, "m1", "12-1", (LeasedLot("a", 30, 500), LeasedLot("b", 70)), 100, 900)


def part(lease: str, lot: str, left: int, expires_us: int) -> LeasePart:
    return LeasePart(lease, lot, left, expires_us)


@pytest.mark.parametrize(("facts", "words"), [
    ({"amount": 99}, "do not make 99"), ({"lots": ()}, "at least 1"), ({"lots": (LeasedLot("a", 0),), "amount": 0}, "at least 1"),
    ({"lots": (LeasedLot("a", -1),), "amount": -1}, "at least 1"),
    ({"lots": (LeasedLot("a", 50), LeasedLot("a", 50))}, "different lots"),
    ({"kind": AccountKind.BUDGET}, "a budget has no lots"), ({"lots": (LeasedLot("", 100),)}, "a budget has no lots")])
def test_a_lease_that_does_not_add_up_is_none(facts: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(LEASE, **facts)  # type: ignore[arg-type] # each by its name


def test_a_budget_is_one_part_without_a_lot() -> None:
    budget = Lease("l2", AccountKind.BUDGET, "spring", "12-1", (LeasedLot("", 5_000_000),), 5_000_000, 900)
    assert ends(budget, budget.lots[0]) == 900


def test_a_lease_never_outlives_its_lot_nor_itself() -> None:
    assert [ends(LEASE, lot) for lot in LEASE.lots] == [500, 900]
    assert ends(LEASE, LeasedLot("c", 1, 1200)) == 900


@pytest.mark.parametrize(("clock", "server", "at"), [(10, 5, 10), (5, 10, 10), (7, 7, 7)])
def test_the_later_of_both_clocks_counts(clock: int, server: int, at: int) -> None:
    assert judged_at(clock, server) == at


@pytest.mark.parametrize(("at", "left"), [(0, 100), (499, 100), (500, 70), (899, 70), (900, 0), (10**18, 0)])
def test_what_may_be_spent_shrinks_with_time(at: int, left: int) -> None:
    assert spendable([part("l1", "a", 30, 500), part("l1", "b", 70, 900)], at) == left


def test_a_clock_set_back_brings_nothing_back() -> None:
    parts = [part("l1", "a", 30, 500)]
    # head office said it is 600; then the clock is set to 100
    assert spendable(parts, judged_at(100, 600)) == 0
    with pytest.raises(StationError) as short:
        spend(parts, 1, judged_at(100, 600))
    assert (short.value.code, short.value.detail) == (ErrorCode.LEASE_SHORT, {"spendable": 0})


def test_what_ends_first_is_spent_first_then_by_the_ids() -> None:
    parts = [part("l2", "b", 5, 900), part("l1", "z", 5, 900), part("l1", "a", 5, 900), part("l9", "x", 5, 800), part("l0", "y", 5, 100)]
    assert spend(parts, 12, 100) == (LeaseUse("l9", "x", 5), LeaseUse("l1", "a", 5), LeaseUse("l1", "z", 2))
    assert spend(parts, 20, 100)[-1] == LeaseUse("l2", "b", 5)


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    with pytest.raises(StationError) as short:
        spend([part("l1", "a", 30, 500), part("l1", "b", 70, 900)], 71, 500)
    assert (short.value.code, short.value.detail) == (ErrorCode.LEASE_SHORT, {"spendable": 70})


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_cannot_be_spent(amount: int) -> None:
    with pytest.raises(ValueError, match="nothing"):
        spend([part("l1", "a", 30, 500)], amount, 0)


PARTS = st.lists(st.builds(
    LeasePart, st.sampled_from(("l1", "l2")), st.sampled_from("abcd"), st.integers(0, 9), st.integers(0, 9)), max_size=6)


@given(PARTS, st.integers(1, 40), st.integers(0, 9))
def test_all_of_it_is_spent_or_nothing_and_only_out_of_what_lasts(parts: list[LeasePart], amount: int, at: int) -> None:
    lasting = [each for each in parts if each.expires_us > at]
    if amount > sum(each.left for each in lasting):
        with pytest.raises(StationError):
            spend(parts, amount, at)
        return
    uses = spend(parts, amount, at)
    assert sum(use.amount for use in uses) == amount
    for use in uses:
        covered = [each.left for each in lasting if (each.lease_id, each.lot_id) == (use.lease_id, use.lot_id)]
        assert 1 <= use.amount <= sum(covered)
