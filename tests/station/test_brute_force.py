"""The engine beside the reference engine, which tries every combination and reckons piece by piece."""

import os
from collections import Counter

import pytest

from station.money import percent
from station.pack import HAND, Pack
from station.priced import Priced
from station.pricing import Engine
from tests.fakes import discounts
from tests.rigs.random_club import chance, random_basket, random_pack
from tests.rigs.reference_engine import Outcome, best_outcome

PARTS = 10
CASES = 10_000 if os.environ.get("CARD_STATION_FULL") else 1_000


def told(priced: Priced) -> Outcome:
    """What the engine made of a sale, as the reference tells it."""
    return Outcome(
        priced.total, priced.points, priced.applied, {key: off for key, off in discounts(priced).items() if off},
        {each.rule: each.points for each in priced.earned if each.points},
        {each.rule: each.points for each in priced.paid_points},
        {percent(each.tax_percent): each.tax for each in priced.taxes})


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_the_reference(part: int) -> None:
    for seed in range(part, CASES, PARTS):
        random = chance(seed)
        pack = random_pack(random, random.randint(1, 6))
        basket = random_basket(random, pack)
        priced, expected = Engine(pack).price(basket), best_outcome(pack, basket)
        expected.earned = {rule: points for rule, points in expected.earned.items() if points}
        assert priced.exhaustive
        assert told(priced) == expected, f"seed {seed}"


@pytest.mark.parametrize("part", range(PARTS))
def test_they_agree_where_many_of_each_group_compete(part: int) -> None:
    for seed in range(part, CASES // 30, PARTS):
        random = chance(seed)
        pack = random_pack(random, 10, groups=("g1", "g2", "g3"))
        basket = random_basket(random, pack)
        expected = best_outcome(pack, basket)
        expected.earned = {rule: points for rule, points in expected.earned.items() if points}
        assert told(Engine(pack).price(basket)) == expected, f"seed {seed}"


def forms(pack: Pack, names: tuple[str, ...]) -> list[str]:
    return [type(each.reward.form).__name__ for each in pack.promotions if each.id in names]


def test_the_cases_reach_every_reward_reason_hint_and_way_of_stacking() -> None:
    seen = Counter[str]()
    for seed in range(600):
        random = chance(seed)
        pack = random_pack(random)
        basket = random_basket(random, pack)
        quote = Engine(pack).quote(basket)
        seen.update(forms(pack, quote.priced.applied))
        seen.update(each.code.value for each in quote.refusals)
        seen.update(each.kind.value for each in quote.hints)
        seen["clamp"] += bool(quote.priced.clamps)
        seen["no more approved"] += any(each.rule.startswith(HAND) for each in quote.priced.clamps)
        seen["by hand"] += any(each.stage == 0 for each in quote.priced.discounts)
        seen["bought"] += any(each.rule != "points" for each in quote.priced.paid_points)
        seen["points paid"] += any(each.rule == "points" for each in quote.priced.paid_points)
        seen["multiplied"] += any(each.multipliers for each in quote.priced.earned)
        seen["unknown coupon"] += bool(quote.unknown_coupons)
        seen["coupon"] += bool(quote.priced.coupons)
    rare = {name: count for name, count in seen.items() if count < 5}
    assert rare == {}
    assert len(seen) == 10 + 21 + 3 + 8  # forms, reasons, hints, and the eight above


def test_a_pack_and_a_basket_are_as_large_as_asked() -> None:
    pack = random_pack(chance(1), 40, 7)
    basket = random_basket(chance(1), pack, 60)
    assert (len(pack.promotions), pack.number, basket.pack, len(basket.lines)) == (40, 7, 7, 60)
    assert random_basket(chance(1), pack, 60) == basket
