"""The engine: (pack, basket) → what each line costs, why, and the points it earns. Pure.

Rules: design "Money", "Promotions" (stages, clamp, spread) and "Points". All promotion arithmetic
is on tax-included amounts. Station and head office run exactly this code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.basket import Basket, BasketLine
from station.money import percent, share_of, spread, tax_within
from station.pack import Pack, Promotion


class RefusalCode(StrEnum):
    """Why a promotion was not given; the first that fails, in the order of the rules."""

    MEMBER = "MEMBER"
    TIER = "TIER"
    NOTHING_LEFT = "NOTHING_LEFT"


@dataclass(frozen=True, slots=True)
class Discount:
    """``amount`` taken off line ``line`` by ``promotion``, of what the line held: ``base``."""

    line: int
    promotion: str
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A promotion that was not given, and why."""

    promotion: str
    code: RefusalCode


@dataclass(frozen=True, slots=True)
class Clamp:
    """``lost``: what ``promotion`` would have taken off line ``line`` beyond what the line still held."""

    line: int
    promotion: str
    lost: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line after everything: ``listed`` with tax before discounts, ``total`` to be paid."""

    line: int
    listed: int
    discount: int
    total: int


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """The tax of all goods of one rate, contained in their total."""

    tax_percent: str
    gross: int
    tax: int


@dataclass(frozen=True, slots=True)
class EarnedPoints:
    """``points`` by earning rule ``rule`` on ``base`` minor units."""

    rule: str
    base: int
    points: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The engine's whole answer. Sums: listed − discount = total; tax is contained in total."""

    lines: tuple[PricedLine, ...]
    discounts: tuple[Discount, ...]
    clamps: tuple[Clamp, ...]
    refusals: tuple[Refusal, ...]
    taxes: tuple[TaxTotal, ...]
    earned: tuple[EarnedPoints, ...]
    listed: int
    discount: int
    total: int
    tax: int
    points: int


def price(pack: Pack, basket: Basket) -> Priced:
    """Price ``basket`` by ``pack``.

    Deterministic in its arguments alone. Raises ``ValueError`` when ``pack`` is not the pack the
    basket was opened under.
    """
    if pack.number != basket.pack:
        message = f"basket opened under pack {basket.pack}, priced with {pack.number}"
        raise ValueError(message)
    listed = _listed(basket.lines)
    left = list(listed)
    given = _Given([], [], [])
    for stage in sorted({promotion.stage for promotion in pack.promotions}):
        start = tuple(left)
        for promotion in sorted(pack.promotions, key=lambda each: each.id):
            if promotion.stage == stage:
                _apply(promotion, basket, start, left, given)
    lines = tuple(
        PricedLine(line.line, before, before - after, after)
        for line, before, after in zip(basket.lines, listed, left, strict=True))
    total = sum(left)
    taxes = _taxes(basket.lines, left)
    earned = _earn(pack, basket, total)
    return Priced(
        lines, tuple(given.discounts), tuple(given.clamps), tuple(given.refusals), taxes, earned,
        listed=sum(listed), discount=sum(listed) - total, total=total,
        tax=sum(each.tax for each in taxes), points=sum(each.points for each in earned))


def _listed(lines: Sequence[BasketLine]) -> tuple[int, ...]:
    """Tax-included list amounts: untaxed goods get their rate's tax, rounded once and spread."""
    amounts = [line.shelf_amount for line in lines]
    for rate in _rates(lines):
        untaxed = [i for i, line in enumerate(lines)
                   if not line.product.tax_included and line.product.tax_percent == rate]
        bare = [amounts[i] for i in untaxed]
        for i, part in zip(untaxed, spread(share_of(sum(bare), percent(rate)), bare), strict=True):
            amounts[i] += part
    return tuple(amounts)


def _rates(lines: Sequence[BasketLine]) -> tuple[str, ...]:
    """Return the tax rates in the basket, in the order of first appearance."""
    return tuple(dict.fromkeys(line.product.tax_percent for line in lines))


def _taxes(lines: Sequence[BasketLine], totals: Sequence[int]) -> tuple[TaxTotal, ...]:
    result = []
    for rate in _rates(lines):
        gross = sum(total for line, total in zip(lines, totals, strict=True)
                    if line.product.tax_percent == rate)
        result.append(TaxTotal(rate, gross, tax_within(gross, percent(rate))))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Given:
    """What the promotions booked so far gave, lost and were refused for."""

    discounts: list[Discount]
    clamps: list[Clamp]
    refusals: list[Refusal]


def _apply(
    promotion: Promotion, basket: Basket, start: Sequence[int], left: list[int], given: _Given,
) -> None:
    """Book ``promotion`` as computed from ``start``, each line clamped to what it still holds."""
    code = _refuse(promotion, basket, start)
    if code is not None:
        given.refusals.append(Refusal(promotion.id, code))
        return
    wanted = spread(share_of(sum(start), percent(promotion.reward.percent)), start)
    for i, (line, amount) in enumerate(zip(basket.lines, wanted, strict=True)):
        taken = min(amount, left[i])
        left[i] -= taken
        if taken:
            given.discounts.append(Discount(line.line, promotion.id, start[i], taken))
        if taken < amount:
            given.clamps.append(Clamp(line.line, promotion.id, amount - taken))


def _refuse(promotion: Promotion, basket: Basket, start: Sequence[int]) -> RefusalCode | None:
    if promotion.tiers:
        if basket.member is None:
            return RefusalCode.MEMBER
        if basket.member.tier not in promotion.tiers:
            return RefusalCode.TIER
    if not sum(start):
        return RefusalCode.NOTHING_LEFT
    return None


def _earn(pack: Pack, basket: Basket, base: int) -> tuple[EarnedPoints, ...]:
    if basket.member is None:
        return ()
    return tuple(
        EarnedPoints(rule.id, base, base * rule.points // rule.per)
        for rule in sorted(pack.earning, key=lambda each: each.id))
