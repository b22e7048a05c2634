"""Random rule packs and baskets: every form of reward, condition, limit and stacking turns up in them.

All chance comes from the ``random.Random`` that is handed in (see ``chance``), so a seed names a case.
Goods come from an endless shelf: the same number is always the same product under one scale.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from station.basket import Basket, BasketLine, Chosen, Coupon, Usage
from station.bonus import Birth
from station.card import CardTier
from station.card_life import Spender
from station.dates import Calendar, add_days
from station.hand import ByHand
from station.lots import LotTerms, Validity
from station.member import MemberSnapshot
from station.pack import CardCap, HandLimit, Pack, TaxRate, Tier
from station.people import Actor, Role
from station.product import ALL_GOODS, Product, ProductKind, Scope
from station.promotion import (
    ALWAYS,
    UNLIMITED,
    Cost,
    CouponTerm,
    EarningRule,
    Limits,
    Minimum,
    Promotion,
    QuantityWindow,
    When,
)
from station.redemption import RedemptionRules
from station.rewards import (
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
    Step,
    StepBasis,
    Steps,
)
from station.step_up import ClaimMethod, StepUp
from station.tender import TenderKind
from station.text import Text
from station.windows import BirthdayWindow, DateSpan, HourSpan, Weekday
from tests.fakes import moment

TIERS = ("basic", "silver", "gold")
SHOPS = ("12", "34")
SEGMENTS = ("new", "family", "quiet")
CODES = ("NOWRUZ", "YALDA", "MEHR")
GROUPS = ("", "", "", "g1", "g2", "g3")
CATEGORIES, TAGS = ("bakery", "dairy", "tea"), ("red", "blue", "green", "kids")
RATES = ("0", "1", "5", "7.5", "10", "12.5", "33.3", "50", "90", "100")
FACTORS = ("0", "0.5", "1.5", "2", "3", "10")
PRICES = (3, 5, 7, 10, 10, 12, 25, 25, 33, 99, 0, 1)
SCALES = (1, 1, 10, 1000, 9_990)
TAXES = ("0", "0", "10", "9", "3.75")
# noon, the last minute of 1404 and the first of 1405, one in the morning, the last evening of leap 1403
MOMENTS = (
    ("2026-11-22", 845), ("2026-03-20", 1439), ("2026-03-21", 0), ("2026-11-23", 60), ("2025-03-20", 1320))
BIRTHDAYS = (
    Birth(Calendar.JALALI, 12, 30), Birth(Calendar.JALALI, 1, 1), Birth(Calendar.JALALI, 9, 3),
    Birth(Calendar.GREGORIAN, 2, 29), Birth(Calendar.GREGORIAN, 11, 22))
TAKERS = 0.2  # the share of promotions that take issued coupons, which others may give


def chance(seed: int) -> Random:
    """Return the chance that ``seed`` names."""
    return Random(seed)  # noqa: S311 - test cases, not secrets


def random_pack(
    random: Random, promotions: int = 6, number: int = 1, groups: Sequence[str] = GROUPS,
) -> Pack:
    """Return a valid pack ``number`` with so many ``promotions``, up to four earning rules, and the rest.

    Promotions stand in ``groups`` alike ("" is none).
    """
    made: list[Promotion] = []
    for i in range(promotions):
        made.append(_promotion(random, f"r{i:03}", [each.id for each in made if _takes_issued(each)], groups))
    random.shuffle(made)
    earning = tuple(_earning(random, f"e{i}") for i in range(random.randint(0, 4)))
    redemption = RedemptionRules(
        random.choice((1, 10)), random.choice((1, 3, 1000)), random.choice((0, 0, 20)),
        random.choice(("100", "50", "33.3"))) if random.random() < 0.7 else None
    return Pack(
        1, number, "IRR", tuple(Tier(name, rank, _text(name)) for rank, name in enumerate(TIERS)), tuple(made), earning,
        redemption=redemption,
        card_caps=(CardCap(CardTier.NUMBER, 30, random.choice((None, 30, 90))), CardCap(CardTier.CHANGING_CODE, 200, None))
        if random.random() < 0.3 else (),
        taxes=(TaxRate("vat", _text("vat"), "9"), TaxRate("toll", _text("toll"), "1.5")),
        by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20"), HandLimit(Role.MANAGER, "100")),
        cash_step=random.choice((0, 0, 5, 1_000)))


def random_basket(random: Random, pack: Pack, lines: int | None = None) -> Basket:
    """Return a basket under ``pack`` of so many ``lines`` (1 to 6 when left out), which the pack can price.

    Line numbers are not in order, products may stand on several lines, and about one line in ten
    is a gift card or a top-up. What is given by hand is within its limits.
    """
    count = random.randint(1, 6) if lines is None else lines
    scale, places = random.choice(SCALES), random.sample(range(1, 2 * count + 1), count)
    made = tuple(_line(random, place, scale, max(12, 2 * count)) for place in places)
    day, minute = random.choice(MOMENTS)
    member = _member(random) if random.random() < 0.85 else None
    bought = [each.id for each in pack.promotions if each.cost]
    issued = [each.id for each in pack.promotions if _takes_issued(each)]
    coupons = [Coupon(code) for code in _some(random, (*CODES, "NOBODYS"), 0.5)]
    coupons += [Coupon(f"old/{each}", each, random.choice(("", day, add_days(day, -1))))
                for each in _some(random, issued, 0.7)]
    return Basket(
        f"sale-{random.randrange(10**6)}", random.choice(SHOPS), pack.number, moment(day, 0, minute), made, member,
        2 * count + 1, random.choice((None, *CardTier)) if member else None,
        random.choice(((), (TenderKind.CASH,), (TenderKind.DEBIT,), (TenderKind.CASH, TenderKind.WALLET))),
        tuple(coupons), tuple(Chosen(each, random.randint(1, 3)) for each in _some(random, bought, 0.7)),
        random.choice((0, 0, 7, 45, 1000)), _by_hand(random, made),
        tuple(_usage(random, each.id, member) for each in pack.promotions if each.limits != UNLIMITED),
        Spender("h1", random.choice((None, 0, 12, 80))) if member and random.random() < 0.2 else None,
        StepUp("claim", random.choice((member.member_id, "other")), ClaimMethod.PIN, 1)
        if member and random.random() < 0.3 else None)


def good(number: int, scale: int) -> Product:
    """Return product ``number`` of the shelf, its price in proportion to ``scale``."""
    return Product(
        f"p{number}", f"626{number:010}", _text(f"p{number}"), PRICES[number % len(PRICES)] * scale,
        TAXES[number % len(TAXES)], number % 3 != 0, (TAGS[number % 4], TAGS[number // 4 % 4]),
        number % 7 == 6, CATEGORIES[number % 3], taxes=("vat", "toll")[:number % 5 % 3])


def _text(name: str) -> Text:
    return Text(f"«{name}»", name)


def _some(random: Random, names: Sequence[str], share: float) -> list[str]:
    return [name for name in names if random.random() < share]


def _takes_issued(promotion: Promotion) -> bool:
    return bool(promotion.when.coupon and promotion.when.coupon.issued)


def _line(random: Random, place: int, scale: int, shelf: int) -> BasketLine:
    if random.random() < 0.1:
        kind = random.choice((ProductKind.GIFT_CARD, ProductKind.TOP_UP))
        product = Product(kind.value.lower(), "", _text("card"), 50 * scale, kind=kind)
        return BasketLine(place, product, 1000, f"account-{place}")
    product = good(random.randrange(shelf), scale)
    quantity = random.randint(1, 4000) if product.weighed else 1000 * random.choice((1, 1, 2, 3, 5, 12))
    if random.random() < 0.1:  # a packet with the label of a scale: its price has the tax in it
        return BasketLine(place, replace(product, tax_included=True), quantity if product.weighed else 1000, "",
                          random.randint(0, 300 * scale))
    return BasketLine(place, product, quantity)


def _member(random: Random) -> MemberSnapshot:
    return MemberSnapshot(
        "m1", random.choice(TIERS), random.choice((-5, 0, 20, 100, 5000)), tuple(_some(random, SEGMENTS, 0.5)),
        random.choice((None, *BIRTHDAYS)), random.randint(0, 2))


def _usage(random: Random, promotion: str, member: MemberSnapshot | None) -> Usage:
    own = random.randint(0, 2) if member else 0
    return Usage(
        promotion, own, random.randint(0, own), own + random.randint(0, 2), own + random.randint(2, 4),
        random.choice((None, 0, 17, 100_000)))


def _by_hand(random: Random, lines: Sequence[BasketLine]) -> tuple[ByHand, ...]:
    """Return up to three gifts of a manager: a lower price of one line, then percentages and amounts; some approved up to a most."""
    manager, goods = Actor("reza", Role.MANAGER), [line for line in lines if not line.account]
    if random.random() < 0.7 or not goods:
        return ()
    made, line = [], random.choice(goods)
    if random.random() < 0.5:
        most = min(line.product.price, line.shelf_amount * 1000 // line.quantity)
        price = most * random.randint(0, 10) // 10
        made.append(ByHand(manager, "damaged", line.line, price=price, instead=random.random() < 0.3))
    if random.random() < 0.5:
        made.append(ByHand(manager, "old", random.choice(goods).line, percent=random.choice(RATES[1:6])))
    if random.random() < 0.5:
        made.append(ByHand(manager, "regular", amount=random.randint(1, 40), instead=random.random() < 0.1))
    return tuple(
        replace(each, approver=Actor("zohre", Role.MANAGER), most=random.randint(0, 60)) if random.random() < 0.3 else each
        for each in made)


def _scope(random: Random) -> Scope:
    products = tuple(f"p{number}" for number in range(12))
    return random.choice((
        ALL_GOODS, ALL_GOODS, Scope(categories=(random.choice(CATEGORIES),)),
        Scope(tags=(random.choice(TAGS),)), Scope(products=tuple(_some(random, products, 0.4)) or products),
        Scope(except_tags=(random.choice(TAGS),)),
        Scope(categories=CATEGORIES[:2], except_products=tuple(_some(random, products, 0.2))),
        Scope(products=products[:3], tags=TAGS[:2], except_categories=(random.choice(CATEGORIES),))))


def _promotion(random: Random, name: str, takers: Sequence[str], groups: Sequence[str]) -> Promotion:
    """Return promotion ``name`` in one of ``groups``; ``takers`` are promotions whose coupons it may give."""
    reward = _reward(random, takers)
    form, points_form = reward.form, reward.multiplier or reward.bonus or reward.coupon
    when = _when(random, issued=random.random() < TAKERS)
    limits = UNLIMITED
    if random.random() < 0.25:
        limits = random.choice((
            Limits(per_member=2), Limits(per_member_day=1), Limits(per_day=3), Limits(in_all=5),
            Limits(budget=random.choice((1, 40, 30_000))) if not points_form else Limits(in_all=6)))
    cost = None
    if random.random() < 0.15:
        free = isinstance(form, BuyGet | Gift)
        cost = Cost(random.choice((5, 15)), random.choice((0, 1, 2)) if free else 0)
    return Promotion(
        name, _text(name), reward, random.randint(1, 3), random.choice(groups), when, limits, cost, random.random() < 0.02)


def _reward(random: Random, takers: Sequence[str]) -> Reward:
    cap = random.choice((None, None, None, 1, 9, 500))
    scope = _scope(random)
    forms: list[Callable[[], Reward]] = [
        lambda: Reward(percent=PercentOff(random.choice(RATES)), scope=scope, cap=cap),
        lambda: Reward(amount=AmountOff(random.choice((1, 20, 40_000)), random.choice((0, 0, 2, 3))), scope=scope, cap=cap),
        lambda: Reward(fixed_price=FixedPrice(random.choice((0, 4, 11, 20_000))), scope=scope, cap=cap),
        lambda: Reward(buy_get=BuyGet(random.randint(1, 3), random.randint(1, 2), random.random() < 0.4,
                                      random.random() < 0.6), scope=scope, cap=cap),
        lambda: Reward(cheapest=CheapestOff(random.choice(RATES), random.randint(1, 3)), scope=scope, cap=cap),
        lambda: Reward(steps=_steps(random), scope=scope, cap=cap),
        lambda: Reward(gift=Gift(random.randint(1, 2)), scope=scope),
        lambda: Reward(multiplier=Multiplier(random.choice(FACTORS)), scope=scope, cap=cap),
        lambda: Reward(multiplier=Multiplier(random.choice(FACTORS)), scope=scope, cap=cap and cap * 20),
        lambda: Reward(bonus=BonusPoints(random.choice((1, 50))), scope=scope, cap=cap)]
    if takers:
        forms.append(lambda: Reward(coupon=NextCoupon(random.choice(takers), random.randint(1, 60))))
    return random.choice(forms)()


def _steps(random: Random) -> Steps:
    by = random.choice(tuple(StepBasis))
    least = (0, 30, 200_000) if by is StepBasis.AMOUNT else (2, 5, 9)
    return Steps(by, tuple(
        Step(each, rate=random.choice(RATES)) if random.random() < 0.5 else Step(each, amount=random.choice((2, 15)))
        for each in least[random.randint(0, 1):]))


def _when(random: Random, *, issued: bool, few: bool = False) -> When:
    """Return up to three conditions (``few``: at most one), and what takes ``issued`` coupons when asked."""
    conditions: dict[str, Callable[[], object]] = {
        "dates": lambda: random.choice(((DateSpan("2026-03-21", "2026-11-22"),), (DateSpan("", "2026-03-20"),))),
        "hours": lambda: random.choice(((HourSpan("22:00", "02:00"),), (HourSpan("08:00", "14:05"), HourSpan("14:05", "24:00")))),
        "weekdays": lambda: tuple(random.sample(tuple(Weekday), 4)),
        "shops": lambda: (random.choice(SHOPS),),
        "members_only": lambda: True,
        "tiers": lambda: tuple(random.sample(TIERS, 2)),
        "card": lambda: random.choice((CardTier.NUMBER, CardTier.SHARED_SECRET)),
        "segments": lambda: (random.choice(SEGMENTS),),
        "birthday": lambda: BirthdayWindow(random.choice((0, 3, 180)), random.choice((0, 2, 180))),
        "visits": lambda: random.choice(((1,), (1, 3))),
        "payments": lambda: random.choice(((TenderKind.CASH,), (TenderKind.CASH, TenderKind.WALLET))),
        "counted": lambda: _scope(random),
        "quantity": lambda: random.choice((QuantityWindow(2), QuantityWindow(0, 5), QuantityWindow(2, 9, _scope(random)))),
        "minimum": lambda: Minimum(
            random.choice((10, 60, 40_000)), random.random() < 0.5, random.choice((None, None, _scope(random)))),
    }
    picked = random.sample(sorted(conditions), random.choice((0, 0, 0, 0, 1) if few else (0, 0, 0, 0, 0, 1, 1, 2, 3)))
    found: dict[str, object] = {name: conditions[name]() for name in picked}
    codes = (random.choice(CODES),) if random.random() < (0.5 if issued else 0.1) else ()
    if codes or issued:
        found["coupon"] = CouponTerm(codes, issued)
    return When(**found) if found else ALWAYS  # type: ignore[arg-type] # each by its name


def _earning(random: Random, name: str) -> EarningRule:
    per = random.choice((0, 1, 1, 7, 10, 1000))
    return EarningRule(
        name, _text(name), random.choice((1, 3, 10)), per, _scope(random), _when(random, issued=False, few=True),
        random.choice(("", "", "a", "b")), random.random() < 0.3,
        random.choice((None, LotTerms(Validity(days=90), 14))), random.random() < 0.05)
