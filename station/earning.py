"""What a sale earns. Rules: design "Points".

The base is what the member pays for the goods after discounts and points. Multipliers of one piece
are multiplied and act on rate rules only; floor comes last, per rule, on the total. Of earning
rules that share a group only the one with the most points counts, ties to the lower id. A multiplier
adds to all rules together at most its cap: of a rule it is then the lower factor that adds just that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from station.conditions import counted_fault
from station.goods import Goods
from station.priced import EarnedPoints, Multiplied, Refusal, RefusalCode
from station.promotion import EarningRule
from station.rewards import BonusPoints, Multiplier, factor_of
from station.stage import Candidate

Multiplies = tuple[Candidate, Multiplier]


@dataclass(frozen=True, slots=True)
class Earner:
    """An earning rule laid against a basket, as ``Candidate`` is for promotions."""

    rule: EarningRule
    places: tuple[int, ...]
    numbered: tuple[int, ...]
    summed: tuple[int, ...]
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Earnings:
    """What is earned, in order of rule id, and why other rules and multipliers earn nothing."""

    earned: tuple[EarnedPoints, ...]
    refusals: tuple[Refusal, ...]

    @property
    def points(self) -> int:
        """All points earned."""
        return sum(each.points for each in self.earned)


def earn(
    goods: Goods, earners: Sequence[Earner], given: Iterable[Candidate], left: Sequence[int], paid: Sequence[int],
) -> Earnings:
    """Return the points of a basket of which ``left`` is paid by line, for ``paid`` pieces.

    ``given`` are the promotions that applied; those that multiply or add points do so here.
    """
    by_form = sorted(given, key=lambda each: (each.promotion.stage, each.promotion.id))
    multipliers = [(each, each.form) for each in by_form if isinstance(each.form, Multiplier)]
    refusals, fit = list[Refusal](), list[Earner]()
    for earner in earners:
        fault = _fault(earner, goods, left, paid)
        if fault:
            refusals.append(fault)
        else:
            fit.append(earner)
    made = {each.rule.id: _earned(each, goods, multipliers, left, _rooms(multipliers)) for each in fit}
    beaten = _beaten(fit, made)
    for lost in beaten:
        del made[lost.rule]
    rooms = _rooms(multipliers)
    if rooms:
        made = {each.rule.id: _earned(each, goods, multipliers, left, rooms) for each in fit if each.rule.id in made}
    moving = {one.promotion for each in made.values() for one in each.multipliers}
    refusals += [*beaten, *(Refusal(each.promotion.id, RefusalCode.NOTHING_LEFT)
                            for each, _ in multipliers if each.promotion.id not in moving)]
    for each in by_form:
        if isinstance(each.form, BonusPoints):
            points = each.form.points * each.times
            cap = each.promotion.reward.cap
            made[each.promotion.id] = EarnedPoints(
                each.promotion.id, 0, points if cap is None else min(points, cap), terms=each.form.terms)
    refusals += [Refusal(rule, RefusalCode.NOTHING_LEFT) for rule, each in made.items()
                 if not each.points and not each.multipliers]
    earned = (each for _, each in sorted(made.items()) if each.points or each.multipliers)
    return Earnings(tuple(earned), tuple(refusals))


def _fault(earner: Earner, goods: Goods, left: Sequence[int], paid: Sequence[int]) -> Refusal | None:
    """Return why the rule earns nothing; its quantity and minimum are judged on what is paid."""
    if earner.fault:
        return earner.fault
    when = earner.rule.when
    if when.quantity or when.minimum:
        amount = sum(left[i] for i in earner.summed)
        if when.minimum and when.minimum.before_tax:
            amount -= sum(each.tax for each in goods.taxes(left, earner.summed))
        fault = counted_fault(earner.rule.id, when, sum(paid[i] for i in earner.numbered), amount)
        if fault:
            return fault
    if not any(paid[i] for i in earner.places):
        return Refusal(earner.rule.id, RefusalCode.NOTHING_LEFT)
    return None


def _rooms(multipliers: Sequence[Multiplies]) -> dict[str, int]:
    """Return how many points each multiplier that has a cap may add."""
    return {each.promotion.id: each.promotion.reward.cap for each, _ in multipliers
            if each.promotion.reward.cap is not None}


def _earned(
    earner: Earner, goods: Goods, multipliers: Sequence[Multiplies], left: Sequence[int], rooms: dict[str, int],
) -> EarnedPoints:
    """Return the points of one rule; what its multipliers add comes out of their ``rooms``."""
    rule = earner.rule
    gross = sum(left[i] for i in earner.places)
    if not rule.per:
        return EarnedPoints(rule.id, 0, rule.points, terms=rule.terms)
    base = gross
    if rule.before_tax:
        base -= sum(each.tax for each in goods.taxes(left, earner.places))
    points = base * rule.points // rule.per
    found = list[Multiplied]()
    weights, whole = {i: left[i] for i in earner.places}, 1
    for each, form in multipliers:
        touched = weights.keys() & each.places
        if not touched or not gross:
            continue
        factor, held = factor_of(form.factor), sum(weights[i] for i in touched)
        now = (held * (factor - 1) + sum(weights.values())) * base * rule.points / (whole * gross * rule.per)
        added = wanted = now.numerator // now.denominator - points
        if each.promotion.id in rooms:
            added = min(wanted, rooms[each.promotion.id])
            rooms[each.promotion.id] -= max(0, added)
        if added < wanted:
            factor = 1 + (factor - 1) * Fraction(added, wanted)
        for i in weights:  # in parts of 1 / whole the weights are integers
            weights[i] *= factor.numerator if i in touched else factor.denominator
        whole *= factor.denominator
        points += added
        if added:
            found.append(Multiplied(each.promotion.id, form.factor, added))
    return EarnedPoints(rule.id, base, points, tuple(found), rule.terms)


def _beaten(earners: Sequence[Earner], alone: Mapping[str, EarnedPoints]) -> list[Refusal]:
    """Return the refusals of all rules but the one that, taken ``alone``, has the most points of its group."""
    best = dict[str, str]()
    for earner in earners:
        group, rule = earner.rule.group, earner.rule.id
        if group and (group not in best or alone[rule].points > alone[best[group]].points):
            best[group] = rule
    return [Refusal(earner.rule.id, RefusalCode.GROUP, other=best[earner.rule.group]) for earner in earners
            if best.get(earner.rule.group, earner.rule.id) != earner.rule.id]
