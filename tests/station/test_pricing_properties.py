"""What must hold of every price, whatever the pack and the basket."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from station.basket import Basket, Usage
from station.pack import HAND, POINTS, ROUNDING, Pack
from station.priced import Priced
from station.pricing import Engine, gain_by_joining, price
from station.promotion import Limits
from station.rewards import AmountOff, PercentOff, PointsForm, Reward
from tests.fakes import bought, club, deal, discounts, product
from tests.rigs.random_club import chance, random_basket, random_pack

SEEDS = st.integers(0, 2**48)


def case(seed: int, promotions: int = 8) -> tuple[Pack, Basket]:
    random = chance(seed)
    pack = random_pack(random, promotions)
    return pack, random_basket(random, pack, random.randint(1, 9))


@given(SEEDS)
def test_parts_sum_to_wholes_and_nothing_is_negative(seed: int) -> None:
    pack, basket = case(seed)
    result = price(pack, basket)
    assert result.listed == sum(line.listed for line in result.lines)
    assert result.listed - result.discount == result.total == sum(line.total for line in result.lines)
    off = discounts(result)
    for line, sold in zip(result.lines, sorted(basket.lines, key=lambda each: each.line), strict=True):
        assert line.line == sold.line
        assert line.listed - line.discount == line.total >= 0
        assert line.discount == sum(amount for (number, _), amount in off.items() if number == line.line) >= 0
        assert 0 <= line.free <= sold.pieces
    assert all(each.amount >= 0 for each in result.discounts)
    assert sum(each.gross for each in result.taxes) == result.total
    assert sum(each.tax for each in result.taxes) == result.tax
    assert all(0 <= each.tax <= each.gross for each in result.taxes)
    assert all(each.lost > 0 for each in result.clamps)


@given(SEEDS)
def test_points_sum_up_and_no_more_are_spent_than_there_are(seed: int) -> None:
    pack, basket = case(seed)
    result = price(pack, basket)
    assert result.points == sum(each.points for each in result.earned)
    assert all(each.points >= 0 for each in result.earned)
    assert result.spent <= max(0, basket.member.points if basket.member else 0)
    assert result.points == 0 or basket.member is not None
    paid = sum(each.amount for each in result.discounts if each.rule == POINTS)
    assert paid == sum(each.amount for each in result.paid_points)
    caps = {each.id: each.reward.cap for each in pack.promotions if each.reward.cap and each.reward.multiplier}
    for promotion, cap in caps.items():
        assert sum(max(0, one.points) for each in result.earned for one in each.multipliers
                   if one.promotion == promotion) <= cap


@given(SEEDS)
def test_every_rule_that_might_be_expected_is_given_or_refused_with_one_reason(seed: int) -> None:
    pack, basket = case(seed)
    quote = Engine(pack).quote(basket)
    assert quote.priced == price(pack, basket)
    refused = [each.rule for each in quote.refusals]
    assert refused == sorted(set(refused))
    earned = {each.rule for each in quote.priced.earned}
    assert not set(refused) & {*quote.priced.applied, *earned}
    assert {each.id for each in pack.earning} <= {*refused, *earned}
    products = [line.product for line in basket.lines]
    touching = {each.id for each in pack.promotions
                if any(scope.covers(product) for product in products for scope in (each.reward.scope, each.counted))}
    assert touching <= {*refused, *quote.priced.applied}
    known = {each.id for each in pack.promotions} | {POINTS, ROUNDING}
    assert all(each.rule in known or each.rule.startswith(f"{HAND}/") for each in quote.priced.discounts)


def renumbered(basket: Basket, random: Random) -> tuple[Basket, dict[int, int]]:
    """The same goods scanned in another order, and which number each line got."""
    order = list(basket.lines)
    random.shuffle(order)
    numbers = {line.line: number for number, line in enumerate(order, 1)}
    return replace(
        basket, lines=tuple(replace(line, line=numbers[line.line]) for line in order), next_line=len(order) + 1,
        by_hand=tuple(replace(each, line=each.line and numbers[each.line]) for each in basket.by_hand)), numbers


def amounts(basket: Basket, result: Priced) -> list[tuple[object, ...]]:
    """What each line comes to, by its goods and without its number."""
    lines = {line.line: line for line in basket.lines}
    return sorted(
        (lines[each.line].product.product_id, lines[each.line].quantity, lines[each.line].account, each.listed, each.total,
         each.free) for each in result.lines)


@given(SEEDS)
def test_the_order_of_lines_changes_nothing(seed: int) -> None:
    pack, basket = case(seed)
    other, numbers = renumbered(basket, chance(seed))
    first, second = price(pack, basket), price(pack, other)
    assert amounts(basket, first) == amounts(other, second)
    for name in ("total", "tax", "points", "taxes", "earned", "paid_points", "applied", "coupons", "exhaustive"):
        assert getattr(first, name) == getattr(second, name), name
    if len({line.product.product_id for line in basket.lines}) == len(basket.lines):
        assert {(numbers[line], rule): off for (line, rule), off in discounts(first).items()} == discounts(second)


@given(SEEDS)
def test_the_order_of_rules_in_the_pack_changes_nothing(seed: int) -> None:
    pack, basket = case(seed)
    random, promotions, earning = chance(seed), list(pack.promotions), list(pack.earning)
    random.shuffle(promotions)
    random.shuffle(earning)
    shuffled = replace(pack, promotions=tuple(promotions), earning=tuple(earning))
    assert Engine(pack).quote(basket) == Engine(shuffled).quote(basket)


@given(SEEDS)
def test_an_engine_keeps_nothing_from_one_basket_to_the_next(seed: int) -> None:
    pack, basket = case(seed)
    engine = Engine(pack)
    first = engine.quote(basket)
    engine.quote(random_basket(chance(seed + 1), pack))
    assert engine.quote(basket) == first


@given(SEEDS, st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_higher_cap_or_budget_never_makes_the_sale_dearer(seed: int, cap: int, more: int) -> None:
    pack, basket = case(seed, 1)
    (rule,) = pack.promotions
    if isinstance(rule.reward.form, PointsForm):
        return
    basket = replace(basket, usage=(Usage(rule.id),), redeem=0)

    def total(money: int) -> int:
        return price(replace(pack, promotions=(replace(rule, limits=Limits(budget=money)),)), basket).total

    assert total(cap + more) <= total(cap)
    if rule.reward.gift is None:
        facts = {name: getattr(rule.reward, name) for name in Reward.__dataclass_fields__}
        low, high = (
            price(replace(pack, promotions=(replace(rule, reward=Reward(**facts | {"cap": most})),)), basket).total
            for most in (cap, cap + more))
        assert high <= low


@given(SEEDS)
def test_one_more_choice_in_a_group_never_makes_the_sale_dearer(seed: int) -> None:
    pack, basket = case(seed, 6)
    basket = replace(basket, redeem=0)
    for each in pack.promotions:
        if each.group:
            less = replace(pack, promotions=tuple(
                replace(one, off=one.off or one.id == each.id) for one in pack.promotions))
            assert price(pack, basket).total <= price(less, basket).total


@given(SEEDS)
def test_joining_tells_the_difference_to_a_sale_without_a_member(seed: int) -> None:
    pack, basket = case(seed)
    gain = gain_by_joining(Engine(pack), basket)
    assert gain is None or basket.member is None
    if gain is not None:
        assert gain.saved > 0 or gain.points > 0
        assert gain.saved <= price(pack, basket).total


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 9_999)), min_size=1, max_size=12), st.integers(1, 10**12))
def test_large_amounts_stay_exact(goods: list[tuple[int, int]], amount: int) -> None:

    rules = club(deal("a", AmountOff(amount)), deal("b", PercentOff("33.333333"), stage=2))
    result = price(rules, bought(*((product(n, unit), pieces) for n, (unit, pieces) in enumerate(goods, 1))))
    assert result.listed == sum(unit * pieces for unit, pieces in goods)
    assert sum(discounts(result).values()) == result.discount <= result.listed
    assert sum(each.amount for each in result.discounts if each.rule == "a") == min(amount, result.listed)
