"""Tiers rise at once, fall by one step at the end of a period, and rest on a floor while it lasts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.dates import Calendar, add_days
from station.tiers import Floor, Period, TierBasis, TierPolicy, TierStanding, TierStep, tier_on

STEPS = (TierStep("blue", 0), TierStep("silver", 100), TierStep("gold", 300), TierStep("black", 1000))
YEARLY = TierPolicy(STEPS)  # spend in the Jalali year
MONTHLY = TierPolicy(STEPS, period=Period.MONTH, calendar=Calendar.GREGORIAN)
ROLLING = TierPolicy(STEPS, period=Period.MONTH, window_months=3, calendar=Calendar.GREGORIAN)


@pytest.mark.parametrize(("day", "tier"), [
    ("2026-01-09", "blue"), ("2026-01-10", "gold"),  # reached: at once
    ("2026-01-31", "gold"), ("2026-02-01", "gold"),  # January held it
    ("2026-02-28", "gold"), ("2026-03-01", "silver"),  # February did not: one step
    ("2026-03-31", "silver"), ("2026-04-01", "blue"), ("2027-01-01", "blue"),
])
def test_a_tier_falls_one_step_for_each_period_that_does_not_hold_it(day: str, tier: str) -> None:
    assert tier_on(MONTHLY, [("2026-01-10", 300)], day).tier == tier


def test_a_period_that_holds_a_lower_tier_stops_the_fall_there() -> None:
    facts = [("2026-01-10", 300), ("2026-02-10", 100), ("2026-03-20", 100)]
    assert [tier_on(MONTHLY, facts, day).tier for day in ("2026-03-01", "2026-04-01", "2026-05-01")] == [
        "silver", "silver", "blue"]


def test_a_rolling_window_counts_its_months() -> None:
    facts = [("2026-01-10", 200), ("2026-03-10", 100)]
    assert tier_on(ROLLING, facts, "2026-03-10") == TierStanding("gold", 300, "black", 700, "2026-03-31")
    assert tier_on(ROLLING, facts, "2026-04-09").figure == 300  # 10 January still counts
    assert tier_on(ROLLING, facts, "2026-04-10").figure == 100
    assert tier_on(ROLLING, facts, "2026-04-10").tier == "gold"  # until April ends
    assert tier_on(ROLLING, facts, "2026-05-01").tier == "silver"


def test_the_period_is_the_shops_year() -> None:
    facts = [("2026-03-20", 300), ("2026-03-21", 99)]  # 29 Esfand 1404, 1 Farvardin 1405
    assert tier_on(YEARLY, facts, "2026-03-21") == TierStanding("gold", 99, "black", 901, "2027-03-20")
    assert tier_on(YEARLY, facts, "2027-03-20").tier == "gold"
    assert tier_on(YEARLY, facts, "2027-03-21").tier == "silver"


def test_returns_lower_the_figure_but_never_the_tier_before_the_period_ends() -> None:
    facts = [("2026-01-10", 300), ("2026-01-20", -250)]
    assert tier_on(MONTHLY, facts, "2026-01-20") == TierStanding("gold", 50, "black", 950, "2026-01-31")
    assert tier_on(MONTHLY, facts, "2026-02-01").tier == "silver"


def test_a_return_that_leaves_a_rolling_window_lets_the_tier_rise_and_stay() -> None:
    facts = [("2026-01-10", -1), ("2026-01-11", 100)]
    assert [tier_on(ROLLING, facts, day).tier for day in ("2026-04-09", "2026-04-10", "2026-04-30", "2026-05-01")] == [
        "blue", "silver", "silver", "blue"]


def test_a_window_begins_after_the_last_day_a_short_month_leaves_out() -> None:
    policy = TierPolicy(STEPS, period=Period.MONTH, window_months=1, calendar=Calendar.GREGORIAN)
    facts = [("2026-01-31", -1), ("2026-02-10", 100)]  # 31 January counts through 28 February
    assert [tier_on(policy, facts, day).tier for day in ("2026-02-28", "2026-03-01", "2026-03-15", "2026-04-01")] == [
        "blue", "silver", "silver", "blue"]


def test_a_figure_below_zero_is_the_lowest_tier() -> None:
    assert tier_on(MONTHLY, [("2026-01-10", -5)], "2026-01-10") == TierStanding(
        "blue", -5, "silver", 105, "2026-01-31")


def test_the_highest_tier_misses_nothing() -> None:
    assert tier_on(YEARLY, [("2026-05-01", 5000)], "2026-05-02") == TierStanding("black", 5000, "", 0, "2027-03-20")


def test_a_floor_holds_from_its_day_through_its_end_and_no_longer() -> None:
    floors = [Floor("m", "gold", "2026-01-10", "2026-06-15"), Floor("m", "silver", "2026-01-01", "2026-12-31")]
    got = {day: tier_on(MONTHLY, [], day, floors).tier
           for day in ("2025-12-31", "2026-01-09", "2026-01-10", "2026-06-15", "2026-06-16", "2027-01-01")}
    assert got == {"2025-12-31": "blue", "2026-01-09": "silver", "2026-01-10": "gold", "2026-06-15": "gold",
                   "2026-06-16": "silver", "2027-01-01": "blue"}


def test_what_is_earned_above_a_floor_counts() -> None:
    floors = [Floor("m", "silver", "2026-01-01", "2026-12-31")]
    assert tier_on(MONTHLY, [("2026-01-10", 1000)], "2026-01-11", floors).tier == "black"


FACTS = st.lists(st.tuples(st.integers(0, 150).map(lambda n: add_days("2025-01-01", n)), st.integers(-300, 900)))


@given(FACTS, st.randoms(use_true_random=False), st.integers(0, 300), st.sampled_from((YEARLY, MONTHLY, ROLLING)))
def test_the_order_in_which_sales_arrive_does_not_matter(
    facts: list[tuple[str, int]], random: object, day: int, policy: TierPolicy,
) -> None:
    mixed = list(facts)
    random.shuffle(mixed)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert tier_on(policy, mixed, add_days("2025-01-01", day)) == tier_on(policy, facts, add_days("2025-01-01", day))


@settings(max_examples=25)
@given(FACTS, st.sampled_from((YEARLY, MONTHLY, ROLLING)))
def test_day_by_day_a_tier_never_falls_two_steps_and_only_after_a_periods_end(
    facts: list[tuple[str, int]], policy: TierPolicy,
) -> None:
    before = tier_on(policy, facts, "2024-12-31")
    for n in range(170):
        day = add_days("2025-01-01", n)
        now = tier_on(policy, facts, day)
        fall = policy.level_of(before.tier) - policy.level_of(now.tier)
        assert fall <= (1 if before.kept_until < day else 0)
        assert now.figure == sum(amount for when, amount in facts if policy.window_start(day) <= when <= day)
        before = now


@pytest.mark.parametrize(("steps", "months"), [
    ((), 0), ((TierStep("a", 1),), 0), ((TierStep("a", 0), TierStep("b", 0)), 0),
    ((TierStep("a", 0), TierStep("a", 5)), 0), ((TierStep("a", 0),), -1),
])
def test_policies_that_make_no_sense_are_refused(steps: tuple[TierStep, ...], months: int) -> None:
    with pytest.raises(ValueError, match="tier"):
        TierPolicy(steps, TierBasis.POINTS, window_months=months)


def test_a_floor_of_an_unknown_tier_fails() -> None:
    with pytest.raises(ValueError, match="'lead'"):
        tier_on(YEARLY, [], "2026-01-01", [Floor("m", "lead", "2026-01-01", "2026-02-01")])
