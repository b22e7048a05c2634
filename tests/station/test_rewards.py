"""Rewards, promotions and earning rules as they are written: one form each, and nothing that makes no sense."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from station.product import Scope
from station.promotion import Cost, EarningRule, Limits, Promotion
from station.redemption import RedemptionRules
from station.rewards import (
    FORMS,
    AmountOff,
    BonusPoints,
    BuyGet,
    CheapestOff,
    FixedPrice,
    Gift,
    Multiplier,
    NextCoupon,
    PercentOff,
    Reward,
    RewardForm,
    Step,
    StepBasis,
    Steps,
    factor_of,
)
from tests.fakes import NAME, deal

EVERY_FORM: dict[str, RewardForm] = {
    "percent": PercentOff("12.5"), "amount": AmountOff(5, 2), "fixed_price": FixedPrice(0), "buy_get": BuyGet(2),
    "cheapest": CheapestOff(), "steps": Steps(StepBasis.AMOUNT, (Step(0, "5"), Step(10, amount=3))), "gift": Gift(),
    "multiplier": Multiplier("0.5"), "bonus": BonusPoints(1), "coupon": NextCoupon("other", 1)}


def test_a_reward_has_one_form_and_names_it() -> None:
    assert set(FORMS) == set(EVERY_FORM)
    for name, form in EVERY_FORM.items():
        reward = Reward(**{name: form})  # type: ignore[arg-type] # each by its name
        assert reward.form is form
        assert Promotion("a", NAME, reward).free_goods is (name in ("buy_get", "gift"))
    with pytest.raises(ValueError, match=r"exactly one of .*: none"):
        Reward()
    with pytest.raises(ValueError, match=r"exactly one of .*: percent, gift"):
        Reward(percent=PercentOff("1"), gift=Gift())


def test_a_gift_and_a_coupon_have_no_cap_and_no_cap_is_below_one() -> None:
    for name, form in EVERY_FORM.items():
        facts: dict[str, object] = {name: form, "cap": 1}
        if name in ("gift", "coupon"):
            with pytest.raises(ValueError, match="has no cap"):
                Reward(**facts)  # type: ignore[arg-type] # each by its name
        else:
            assert Reward(**facts).cap == 1  # type: ignore[arg-type] # each by its name
    with pytest.raises(ValueError, match="cap is 0"):
        Reward(percent=PercentOff("1"), cap=0)


def test_counted_goods_are_those_of_the_reward_unless_told() -> None:
    own, told = Scope(tags=("a",)), Scope(tags=("b",))
    assert deal("a", Gift(), scope=own).counted is own
    assert deal("a", Gift(), scope=own, counted=told).counted is told
    assert EarningRule("a", NAME, 1, scope=own).counted is own


@pytest.mark.parametrize(("text", "value"), [
    ("0", Fraction(0)), ("0.5", Fraction(1, 2)), ("2", Fraction(2)), ("1.0625", Fraction(17, 16)), ("9999", Fraction(9999))])
def test_factors_are_exact(text: str, value: Fraction) -> None:
    assert factor_of(text) == value


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.", ".5", "01", "1e2", "12345", "1.23456", "۲"])
def test_what_is_no_factor(text: str) -> None:
    with pytest.raises(ValueError, match="not a factor"):
        Multiplier(text)


@pytest.mark.parametrize("wrong", [
    lambda: PercentOff("100.1"), lambda: PercentOff("-1"), lambda: PercentOff("ten"),
    lambda: AmountOff(0), lambda: AmountOff(1, -1),
    lambda: FixedPrice(-1),
    lambda: BuyGet(0), lambda: BuyGet(1, 0),
    lambda: CheapestOff("101"), lambda: CheapestOff("50", 0),
    lambda: Step(-1, "5"), lambda: Step(0), lambda: Step(0, "5", 5), lambda: Step(0, amount=-1), lambda: Step(0, "200"),
    lambda: Steps(StepBasis.AMOUNT, ()), lambda: Steps(StepBasis.AMOUNT, (Step(5, "1"), Step(5, "2"))),
    lambda: Gift(0),
    lambda: BonusPoints(0),
    lambda: NextCoupon("a", 0), lambda: NextCoupon("a", 36_526),
    lambda: Cost(0), lambda: Cost(1, -1),
    lambda: deal("a", Gift(), stage=0),
    lambda: deal("a", PercentOff("1"), cost=Cost(1, 1)),  # no pieces to pay for
    lambda: deal("a", Multiplier("2"), limits=Limits(budget=1)),  # no money to spend
    lambda: deal("a", NextCoupon("b", 1), scope=Scope(tags=("x",))),
    lambda: EarningRule("a", NAME, 0), lambda: EarningRule("a", NAME, 1, -1),
    lambda: RedemptionRules(0, 1), lambda: RedemptionRules(1, 1, largest_share="101"),
])
def test_a_reward_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()


@pytest.mark.parametrize("right", [
    lambda: deal("a", PercentOff("0")), lambda: deal("a", PercentOff("100")), lambda: deal("a", NextCoupon("b", 36_525)),
    lambda: deal("a", Gift(), cost=Cost(1, 1)), lambda: deal("a", BuyGet(1), cost=Cost(1, 2)),
    lambda: deal("a", AmountOff(1), limits=Limits(budget=1)),
])
def test_the_edge_of_sense_is_allowed(right: Callable[[], Promotion]) -> None:
    assert right().id == "a"
