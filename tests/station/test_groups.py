"""Of each group at most one: the choice that is best for the member, alone and through the engine."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from station.basket import Chosen
from station.groups import MOST_TRIED, best_choice
from station.member import MemberSnapshot
from station.pack import Pack
from station.priced import Hint, HintKind, Refusal, RefusalCode
from station.pricing import Engine, price
from station.product import Scope
from station.promotion import Cost, CouponTerm, EarningRule, Minimum, Promotion, QuantityWindow
from station.rewards import (
    AmountOff,
    BonusPoints,
    BuyGet,
    FixedPrice,
    Multiplier,
    NextCoupon,
    PercentOff,
    Step,
    StepBasis,
    Steps,
)
from tests.fakes import NAME, bought, club, deal, discounts, product

P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))
MEMBER = MemberSnapshot("m1", "gold", 100)
OUT_OF_REACH = QuantityWindow(0, 0)


@dataclass
class Outcome:
    """What a choice comes to, in figures."""

    total: int
    earned: int = 0
    gave: Collection[str] = ()

    def points(self) -> int:
        return self.earned

    def applied(self) -> Collection[str]:
        return self.gave


@dataclass
class Shop:
    """Tries choices by a rule of its own, and counts them."""

    comes_to: Callable[[frozenset[str]], Outcome]
    tried: list[frozenset[str]] = field(default_factory=list)

    def attempt(self, choices: Sequence[frozenset[str]]) -> Iterator[tuple[int, Outcome]]:
        for place, choice in enumerate(choices):
            self.tried.append(choice)
            yield place, self.comes_to(choice)


def best(groups: Mapping[str, Sequence[str]], comes_to: Callable[[frozenset[str]], Outcome]) -> set[str]:
    choice, exhaustive = best_choice(groups, Shop(comes_to).attempt)
    assert exhaustive
    return set(choice)


def test_the_smallest_total_wins_whatever_the_points() -> None:
    totals = {"a": Outcome(90, 500, "a"), "b": Outcome(80, 0, "b"), "": Outcome(100)}
    assert best({"g": "ab"}, lambda choice: totals["".join(choice)]) == {"b"}


def test_then_more_points() -> None:
    totals = {"a": Outcome(90, 5, "a"), "b": Outcome(90, 6, "b"), "": Outcome(100, 9)}
    assert best({"g": "ab"}, lambda choice: totals["".join(choice)]) == {"b"}


def test_then_group_by_group_the_lower_id() -> None:
    assert best({"h": "dc", "g": "ba"}, lambda choice: Outcome(90, 0, choice)) == {"a", "c"}


def test_the_order_of_groups_is_that_of_their_ids() -> None:
    # only one of the two groups can have its lower id: "g" comes first
    def comes_to(choice: frozenset[str]) -> Outcome:
        return Outcome(50 if choice in ({"a", "d"}, {"b", "c"}) else 60, 0, choice)

    assert best({"h": "cd", "g": "ab"}, comes_to) == {"a", "d"}


def test_applying_one_comes_before_applying_none() -> None:
    assert best({"g": "a"}, lambda choice: Outcome(90, 0, choice)) == {"a"}


def test_none_is_better_when_applying_raises_the_total() -> None:
    assert best({"g": "a"}, lambda choice: Outcome(90 + len(choice), 0, choice)) == set()


def test_what_is_tried_and_gives_nothing_does_not_apply() -> None:
    # "a" never gives anything: on a tie "b", which does, comes before it
    assert best({"g": "ab"}, lambda choice: Outcome(90, 0, choice - {"a"})) == {"b"}


def test_without_groups_there_is_nothing_to_try() -> None:
    shop = Shop(lambda choice: Outcome(0, 0, choice))
    assert best_choice({}, shop.attempt) == (frozenset(), True)
    assert shop.tried == []


def groups_of(*sizes: int) -> dict[str, list[str]]:
    return {f"g{i:02}": [f"g{i:02}-{j}" for j in range(size)] for i, size in enumerate(sizes)}


def test_up_to_4096_combinations_all_are_tried() -> None:
    shop = Shop(lambda choice: Outcome(100 - len(choice), 0, choice))
    groups = groups_of(*[1] * 12)  # 2 to the 12th
    assert best_choice(groups, shop.attempt) == (frozenset(f"{group}-0" for group in groups), True)
    assert len(shop.tried) == MOST_TRIED == 4096


def test_above_that_groups_are_settled_one_by_one_each_with_the_others_as_they_stand() -> None:
    # 3 to the 8th is 6 561. The second of each saves 2, the first 1, but two seconds together cost 10
    def comes_to(choice: frozenset[str]) -> Outcome:
        seconds = sum(each.endswith("-1") for each in choice)
        return Outcome(100 - sum(int(each[-1]) + 1 for each in choice) + 10 * (seconds > 1), 0, choice)

    shop = Shop(comes_to)
    choice, exhaustive = best_choice(groups_of(*[2] * 8), shop.attempt)
    assert not exhaustive
    assert choice == {"g00-1", *(f"g0{i}-0" for i in range(1, 8))}
    assert len(shop.tried) == 8 * 3
    assert shop.tried[3:6] == [{"g00-1", "g01-0"}, {"g00-1", "g01-1"}, {"g00-1"}]


def test_one_by_one_a_group_may_be_left_with_none() -> None:
    groups = groups_of(*[1] * 13)
    choice, exhaustive = best_choice(groups, Shop(
        lambda choice: Outcome(100 + ("g05-0" in choice) - len(choice - {"g05-0"}), 0, choice)).attempt)
    assert (choice, exhaustive) == (frozenset(f"{group}-0" for group in groups) - {"g05-0"}, False)


# through the engine

def told(rules: Pack, **facts: object) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """What applied, and what was refused, of one piece at 100 000."""
    basket = replace(bought(product(1), member=MEMBER), **facts)  # type: ignore[arg-type] # each by its name
    quote = Engine(rules).quote(basket)
    return quote.priced.applied, quote.refusals


def test_the_larger_discount_of_a_group_applies_and_is_named() -> None:
    rules = club(deal("a", PercentOff("10"), group="g"), deal("b", AmountOff(15_000), group="g"),
                 deal("c", PercentOff("5"), group="g"), deal("d", PercentOff("1")))
    assert told(rules) == (("b", "d"), (
        Refusal("a", RefusalCode.GROUP, other="b"), Refusal("c", RefusalCode.GROUP, other="b")))


def test_the_best_total_after_the_last_stage_may_want_the_smaller_discount_first() -> None:
    # "a" takes 20 000 and spoils the minimum of "z", which gives 50 000
    rules = club(deal("a", AmountOff(20_000), group="g"), deal("b", AmountOff(5_000), group="g"),
                 deal("z", AmountOff(50_000), stage=2, minimum=Minimum(90_000)))
    assert told(rules)[0] == ("b", "z")


def test_none_of_a_group_applies_when_each_would_raise_the_total() -> None:
    rules = club(deal("a", AmountOff(20_000), group="g"),
                 deal("z", AmountOff(50_000), stage=2, minimum=Minimum(90_000)))
    assert told(rules) == (("z",), (Refusal("a", RefusalCode.GROUP),))


def test_on_equal_totals_points_decide_then_the_id() -> None:
    base = (EarningRule("base", NAME, 1, 1_000),)
    more = club(deal("a", AmountOff(1_000), group="g"), deal("b", AmountOff(1_000), group="g"),
                deal("z", Multiplier("2"), group="h"), deal("y", BonusPoints(5), group="h"), earning=base)
    assert told(more)[0] == ("a", "z")  # 99 more points are more than 5
    less = replace(more, earning=())
    assert told(less)[0] == ("a", "y")


def test_groups_reach_over_stages() -> None:
    # 10 % in stage 2 of what stage 1 left, or 10 % at once: the first is less
    rules = club(deal("a", PercentOff("10"), group="g", stage=2), deal("b", PercentOff("10"), group="g"),
                 deal("c", AmountOff(50_000)))
    assert told(rules)[0] == ("b", "c")


def test_one_that_gives_nothing_does_not_keep_another_from_applying() -> None:
    # "a" is out of reach; the coupon of "b" changes neither total nor points
    taker = deal("next", PercentOff("1"), coupon=CouponTerm(issued=True))
    rules = club(deal("a", PercentOff("10"), group="g", quantity=OUT_OF_REACH), deal("b", NextCoupon("next", 9), group="g"), taker)
    applied, refusals = told(rules)
    assert applied == ("b",)
    assert refusals[0] == Refusal("a", RefusalCode.QUANTITY, 1, 0)


def test_where_none_of_a_group_gives_anything_each_says_why() -> None:
    rules = club(
        deal("a", PercentOff("10"), group="g", quantity=OUT_OF_REACH), deal("b", FixedPrice(100_000), group="g"),
        deal("c", PercentOff("10"), group="g", scope=P2, counted=P1), deal("d", Multiplier("2"), group="g"),
        deal("e", BuyGet(1), group="g"))
    assert told(rules) == ((), (
        Refusal("a", RefusalCode.QUANTITY, 1, 0), Refusal("b", RefusalCode.NOTHING_LEFT),
        Refusal("c", RefusalCode.NOTHING_LEFT), Refusal("d", RefusalCode.NOTHING_LEFT),
        Refusal("e", RefusalCode.NOTHING_LEFT)))


def test_the_reason_is_judged_beside_what_other_groups_gave() -> None:
    rules = club(
        deal("a", PercentOff("10"), group="g", quantity=OUT_OF_REACH), deal("b", PercentOff("10"), group="g", stage=2),
        deal("x", PercentOff("100"), group="h"))
    assert told(rules) == (("x",), (
        Refusal("a", RefusalCode.QUANTITY, 1, 0), Refusal("b", RefusalCode.NOTHING_LEFT)))


def test_goods_of_no_price_may_be_free_in_a_group_too() -> None:
    rules = club(deal("a", BuyGet(1), group="g"))
    assert price(rules, bought((product(1, 0), 2))).applied == ("a",)


def test_a_group_is_not_asked_before_quantity_minimum_and_points() -> None:
    rules = club(deal("a", PercentOff("10"), group="g"), deal("b", PercentOff("1"), group="g", minimum=Minimum(200_000)),
                 deal("c", AmountOff(1), group="g", cost=Cost(500)), deal("d", BuyGet(2), group="g"))
    assert told(rules, chosen=(Chosen("c"),)) == (("a",), (
        Refusal("b", RefusalCode.MINIMUM, 100_000, 200_000), Refusal("c", RefusalCode.POINTS, 100, 500),
        Refusal("d", RefusalCode.QUANTITY, 1, 2)))


def test_a_next_step_is_told_unless_another_of_the_group_was_given() -> None:
    steps = deal("a", Steps(StepBasis.AMOUNT, (Step(120_000, "20"),)), group="g")
    hint = Hint("a", HintKind.NEXT_STEP_AMOUNT, 20_000)
    assert Engine(club(steps)).quote(bought(product(1))).hints == (hint,)
    assert Engine(club(steps, deal("b", PercentOff("1"), group="g"))).quote(bought(product(1))).hints == ()
    assert Engine(club(steps, deal("b", PercentOff("1"), group="h"))).quote(bought(product(1))).hints == (hint,)


@pytest.mark.parametrize("groups", [12, 13])
def test_a_sale_says_whether_all_combinations_were_tried(groups: int) -> None:
    rules = club(*(deal(f"a{i:02}", AmountOff(i + 1), group=f"g{i:02}") for i in range(groups)))
    result = price(rules, bought(product(1)))
    assert result.exhaustive is (groups == 12)
    assert result.discount == groups * (groups + 1) // 2


def test_offers_that_cannot_apply_do_not_count_as_combinations() -> None:
    # 13 groups, each with one offer for a purchase far larger than this
    far: list[Promotion] = [
        deal(f"b{i:02}", AmountOff(9), group=f"g{i:02}", minimum=Minimum(10**9)) for i in range(13)]
    far += [deal(f"c{i:02}", AmountOff(9), group=f"g{i:02}", quantity=QuantityWindow(5)) for i in range(13)]
    near = [deal(f"a{i:02}", AmountOff(1), group=f"g{i:02}") for i in range(12)]
    result = price(club(*near, *far), bought(product(1)))
    assert (result.exhaustive, result.discount) == (True, 12)


def test_one_by_one_the_engine_settles_each_group_with_the_others_as_they_stand() -> None:
    # of 13 groups each gives 1 or 3; 3 of every one leave too little for the 40 in stage 2
    rules = club(
        *(deal(f"a{i:02}", AmountOff(1), group=f"g{i:02}") for i in range(13)),
        *(deal(f"b{i:02}", AmountOff(3), group=f"g{i:02}") for i in range(13)),
        deal("z", AmountOff(40), stage=2, minimum=Minimum(99_962)))
    result = price(rules, bought(product(1)))
    # thirteen times 3 are 39, which would leave 99 961: the last group is content with 1, and 37 leave 99 963
    assert (result.exhaustive, result.discount) == (False, 37 + 40)
    assert discounts(result)[1, "a12"] == 1


def test_the_best_of_many_ways_into_a_second_stage_is_found() -> None:
    # 64 ways to take 0 to 77 off; 500 more from 967 on: the most that leaves so much is 30 + 3
    rules = club(
        *(deal(f"a{n}", AmountOff(n), group="g") for n in range(1, 8)),
        *(deal(f"b{n}", AmountOff(10 * n), group="h") for n in range(1, 8)),
        deal("z", AmountOff(500), stage=2, minimum=Minimum(967)))
    result = price(rules, bought(product(1, 1_000)))
    assert (result.applied, result.total) == (("a3", "b3", "z"), 467)
