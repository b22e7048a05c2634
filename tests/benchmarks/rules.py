"""Packs and baskets as a real shop has them, the same at every run."""

from dataclasses import replace
from functools import lru_cache
from random import Random

from station.basket import Basket
from station.member import MemberSnapshot
from station.pack import Pack, Tier
from station.product import ALL_GOODS, Product, Scope
from station.promotion import ALWAYS, EarningRule, Minimum, Promotion, QuantityWindow, When
from station.redemption import RedemptionRules
from station.rewards import (
    AmountOff,
    BonusPoints,
    BuyGet,
    CheapestOff,
    FixedPrice,
    Gift,
    Multiplier,
    PercentOff,
    Reward,
    Step,
    StepBasis,
    Steps,
)
from station.tender import TenderKind
from tests.fakes import NAME, NOON, product

PRODUCTS, CATEGORIES, TAGS, SHOP = 1000, 40, 20, "12"
GROUPS = (2, 3, 4)  # how many promotions share each group of a shop's pack: 60 combinations
STAGES = (1, 2, 3), (6, 3, 1)
FAILING = (
    When(tiers=("silver",)), When(shops=("99",)), When(visits=(1,)),
    When(minimum=Minimum(10**9)), When(quantity=QuantityWindow(9_999)))
FORMS = (
    (Reward(percent=PercentOff("7")), 40), (Reward(percent=PercentOff("12.5"), cap=150_000), 10),
    (Reward(amount=AmountOff(5_000)), 10), (Reward(amount=AmountOff(3_000, per_pieces=3)), 5),
    (Reward(fixed_price=FixedPrice(1_500_000)), 5), (Reward(buy_get=BuyGet(2, 1, same=True)), 5),
    (Reward(buy_get=BuyGet(3, 1)), 5), (Reward(cheapest=CheapestOff("50")), 3), (Reward(gift=Gift()), 2),
    (Reward(steps=Steps(StepBasis.AMOUNT, (Step(100_000, "2"), Step(500_000, "5"), Step(10**8, "9")))), 4),
    (Reward(steps=Steps(StepBasis.QUANTITY, (Step(3, "2"), Step(10, amount=20_000)))), 3),
    (Reward(multiplier=Multiplier("2")), 4), (Reward(bonus=BonusPoints(50)), 4))
# so little that a thousand of them on one line leave something, and all are computed in full
SMALL = (
    Reward(percent=PercentOff("0.01")), Reward(amount=AmountOff(500)),
    Reward(steps=Steps(StepBasis.AMOUNT, (Step(1_000, "0.01"), Step(10**12, "1")))), Reward(percent=PercentOff("0.02"), cap=900))
TIERS = (Tier("silver", 1, NAME), Tier("gold", 2, NAME))
EARNING = (EarningRule("base", NAME, 1, 10_000), EarningRule("fresh", NAME, 2, 10_000, Scope(categories=("c3",))))


@lru_cache(maxsize=1)
def shelf() -> list[Product]:
    """All goods of the shop: two tax rates, some priced without tax, some weighed."""
    chance = Random(1)  # noqa: S311 - made to be the same each time
    return [
        product(
            number, chance.randrange(10, 2_000) * 1000, tax_percent=chance.choice(("0", "10")),
            tax_included=chance.random() < 0.8, category=f"c{number % CATEGORIES}", weighed=chance.random() < 0.05,
            tags=tuple(f"t{tag}" for tag in chance.sample(range(TAGS), chance.randrange(3))))
        for number in range(1, PRODUCTS + 1)]


def basket(lines: int, number: int = 1) -> Basket:
    """Basket ``number`` of so many ``lines``: different goods, one to five pieces each, for a gold member in cash."""
    chance = Random(number)  # noqa: S311 - made to be the same each time
    made = Basket(f"0192d3c4-0000-7000-8000-{number:012}", SHOP, 1, NOON, payments=(TenderKind.CASH,))
    for good in chance.sample(shelf(), lines):
        made = made.with_product(good, chance.randrange(1, 6) * 1000)
    return made.with_member(MemberSnapshot("m1", "gold", 5_000, purchases=7))


def shop_pack(promotions: int, *, groups: bool = True) -> Pack:
    """So many ``promotions`` in three stages, mostly on a few goods each; a third of them cannot apply.

    With ``groups`` the first nine (of ten promotions: five) compete in groups, each on all goods.
    """
    chance = Random(promotions)  # noqa: S311 - made to be the same each time
    names = [f"r{number:04}" for number in chance.sample(range(promotions), promotions)]
    shared = [f"g{place}" for place, size in enumerate(GROUPS) for _ in range(size)][:promotions // 2]
    made = [
        Promotion(name, NAME, _form(chance), chance.choices(*STAGES)[0], group if groups else "")
        for name, group in zip(names, shared, strict=False)]
    for name in names[len(made):]:
        when = chance.choice(FAILING) if chance.random() < 1 / 3 else ALWAYS
        reward = replace(_form(chance), scope=_scope(chance))
        made.append(Promotion(name, NAME, reward, chance.choices(*STAGES)[0], when=when))
    return _pack(made)


def dense_pack(promotions: int) -> Pack:
    """So many ``promotions`` that all apply to all goods."""
    return _pack([
        Promotion(f"r{i:04}", NAME, SMALL[i % len(SMALL)], i % 3 + 1) for i in range(promotions)])


def grouped_pack(*sizes: int) -> Pack:
    """Groups of ``sizes`` promotions and five of no group, all on all goods, in two stages."""
    chance = Random(len(sizes))  # noqa: S311 - made to be the same each time
    groups = [f"g{place:02}" for place, size in enumerate(sizes) for _ in range(size)] + [""] * 5
    return _pack([
        Promotion(f"r{i:04}", NAME, chance.choice(FORMS)[0], chance.randint(1, 2), group)
        for i, group in enumerate(groups)])


def one_of_each_group(pack: Pack) -> Pack:
    """The promotions of ``pack`` that can apply together, without a choice: of each group the first."""
    first = {each.group: each.id for each in reversed(pack.promotions)}
    return replace(pack, promotions=tuple(
        replace(each, group="") for each in pack.promotions if not each.group or first[each.group] == each.id))


def _pack(promotions: list[Promotion]) -> Pack:
    return Pack(1, 1, "IRR", TIERS, tuple(promotions), EARNING, redemption=RedemptionRules(100, 10_000))


def _form(chance: Random) -> Reward:
    forms, weights = zip(*FORMS, strict=True)
    form: Reward = chance.choices(forms, weights)[0]
    return form


def _scope(chance: Random) -> Scope:
    """One to five goods mostly, else a category, a tag or (three in a hundred) everything."""
    kind = chance.choices(("product", "category", "tag", "all"), (75, 17, 5, 3))[0]
    if kind == "product":
        return Scope(products=tuple(f"p{chance.randint(1, PRODUCTS)}" for _ in range(chance.randint(1, 5))))
    if kind == "category":
        return Scope(categories=(f"c{chance.randrange(CATEGORIES)}",))
    return Scope(tags=(f"t{chance.randrange(TAGS)}",)) if kind == "tag" else ALL_GOODS
