"""Whether a rule applies to a basket, and if not, the first reason why. Rules: design "Promotions".

Reasons come in the order of ``RefusalCode``: first what is settled when the basket is laid out
(off to coupon), then what is counted at the start of the rule's stage (quantity, minimum), then how
often it was used, its budget and whether the member chose it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from station.basket import Basket, Usage
from station.card import CardTier
from station.member import MemberSnapshot
from station.priced import Refusal, RefusalCode
from station.promotion import EarningRule, Promotion, When
from station.tender import TenderKind
from station.windows import time_fault


@dataclass(frozen=True, slots=True)
class Facts:
    """What is judged of a basket beside its goods. ``issued`` are promotions opened by a good coupon."""

    day: str
    minute: int
    shop: str
    member: MemberSnapshot | None
    card: CardTier | None
    payments: frozenset[TenderKind]
    codes: frozenset[str]
    issued: frozenset[str]
    chosen: Mapping[str, int]
    usage: Mapping[str, Usage]


def facts_of(basket: Basket) -> Facts:
    """Return what is judged of ``basket``; time is that of its opening."""
    day = basket.opened.date
    return Facts(
        day, basket.opened.minute_of_day, basket.shop, basket.member, basket.card,
        frozenset(basket.payments), frozenset(each.code for each in basket.coupons if not each.promotion),
        frozenset(each.promotion for each in basket.coupons
                  if each.promotion and not (each.last_day and each.last_day < day)),
        {each.promotion: each.times for each in basket.chosen},
        {each.promotion: each for each in basket.usage})


def promotion_fault(promotion: Promotion, facts: Facts) -> Refusal | None:
    """Return the first of OFF to COUPON that ``promotion`` fails, or None."""
    limits = promotion.limits
    for_members = bool(
        promotion.when.for_members or promotion.cost or limits.per_member or limits.per_member_day
        or promotion.reward.multiplier or promotion.reward.bonus)
    return _settled(promotion.id, promotion.when, facts, off=promotion.off, for_members=for_members)


def earning_fault(rule: EarningRule, facts: Facts) -> Refusal | None:
    """Return the first of OFF to COUPON that ``rule`` fails, or None; only members earn."""
    return _settled(rule.id, rule.when, facts, off=rule.off, for_members=True)


def _settled(rule: str, when: When, facts: Facts, *, off: bool, for_members: bool) -> Refusal | None:
    if off:
        return Refusal(rule, RefusalCode.OFF)
    if when.dates or when.hours or when.weekdays:
        missed = time_fault(when.dates, when.hours, when.weekdays, facts.day, facts.minute)
        if missed:
            return Refusal(rule, RefusalCode(missed.value))
    if when.shops and facts.shop not in when.shops:
        return Refusal(rule, RefusalCode.SHOP)
    if for_members and facts.member is None:
        return Refusal(rule, RefusalCode.MEMBER)
    fault = _of_member(rule, when, facts.member, facts) if facts.member else None
    return fault or _of_payment(rule, when, facts)


def _of_payment(rule: str, when: When, facts: Facts) -> Refusal | None:
    if when.payments and not (facts.payments and facts.payments <= set(when.payments)):
        return Refusal(rule, RefusalCode.PAYMENT)
    if when.coupon and not (
            facts.codes.intersection(when.coupon.codes) or (when.coupon.issued and rule in facts.issued)):
        return Refusal(rule, RefusalCode.COUPON)
    return None


def _of_member(rule: str, when: When, member: MemberSnapshot, facts: Facts) -> Refusal | None:
    if when.tiers and member.tier not in when.tiers:
        return Refusal(rule, RefusalCode.TIER)
    if when.card is not None and (facts.card is None or facts.card < when.card):
        return Refusal(rule, RefusalCode.CARD, facts.card or 0, when.card)
    if when.segments and not set(when.segments).intersection(member.segments):
        return Refusal(rule, RefusalCode.SEGMENT)
    if when.birthday and not (member.birth and when.birthday.holds(member.birth, facts.day)):
        return Refusal(rule, RefusalCode.BIRTHDAY)
    if when.visits and member.purchases + 1 not in when.visits:
        return Refusal(rule, RefusalCode.VISIT, member.purchases + 1, when.visits[0])
    return None


def counted_fault(rule: str, when: When, pieces: int, amount: int) -> Refusal | None:
    """Return QUANTITY or MINIMUM when ``pieces`` or ``amount`` of the counted goods do not do."""
    window = when.quantity
    if window and pieces < window.least:
        return Refusal(rule, RefusalCode.QUANTITY, pieces, window.least)
    if window and window.most is not None and pieces > window.most:
        return Refusal(rule, RefusalCode.QUANTITY, pieces, window.most)
    if when.minimum and amount < when.minimum.amount:
        return Refusal(rule, RefusalCode.MINIMUM, amount, when.minimum.amount)
    return None


def use_fault(promotion: Promotion, facts: Facts) -> Refusal | None:
    """Return LIMITS, BUDGET or NOT_CHOSEN when ``promotion`` is used up or was not wanted."""
    used, limits = facts.usage.get(promotion.id) or Usage(promotion.id), promotion.limits
    for count, limit in (
            (used.by_member, limits.per_member), (used.by_member_today, limits.per_member_day),
            (used.today, limits.per_day), (used.in_all, limits.in_all)):
        if limit is not None and count >= limit:
            return Refusal(promotion.id, RefusalCode.LIMITS, count, limit)
    if budget_left(promotion, facts) == 0:
        return Refusal(promotion.id, RefusalCode.BUDGET)
    if promotion.cost and promotion.id not in facts.chosen:
        return Refusal(promotion.id, RefusalCode.NOT_CHOSEN, 0, promotion.cost.points)
    return None


def budget_left(promotion: Promotion, facts: Facts) -> int | None:
    """Return what is left of the promotion's money, never less than 0; None without a budget."""
    budget, used = promotion.limits.budget, facts.usage.get(promotion.id)
    if budget is None or used is None or used.budget_left is None:
        return budget
    return max(0, min(budget, used.budget_left))
