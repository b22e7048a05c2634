"""The rules reckoned a second time: slow, plain, piece by piece, sharing no code with the engine's stages.

``best_outcome`` tries every combination of the groups by recursion. It shares with the engine only
the documents (pack, basket, scopes), the windows of time, the one rounding and the one spreading.
Lines stand in the documented order: product, price, quantity, account, gifts by hand, tax included or not, amount, number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from station.basket import Basket, BasketLine, Usage
from station.money import half_up, spread
from station.pack import Pack
from station.product import ProductKind, Scope
from station.promotion import EarningRule, Promotion, When
from station.tender import TenderKind
from station.windows import time_fault
from tests.rigs.reference_rewards import Turn, rounded

POINTS, ROUNDING = "points", "rounding"


@dataclass
class Row:
    """One line under way: what is ``left`` to pay, and the worth of each paid piece at the stage's start."""

    line: BasketLine
    rate: Fraction
    listed: int
    left: int = 0
    paid: int = 0
    locked: bool = False
    pieces: list[int] = field(default_factory=list)

    @property
    def shelf(self) -> Fraction:
        """The price of one piece on the shelf, with tax."""
        product = self.line.product
        whole = product.weighed or self.line.labelled is not None
        bare = Fraction(self.line.shelf_amount if whole else product.price)
        return bare if product.tax_included else bare * (1 + self.rate)


@dataclass
class Outcome:
    """What one choice comes to. ``discounts`` are amounts by (line number, rule)."""

    total: int = 0
    points: int = 0
    applied: tuple[str, ...] = ()
    discounts: dict[tuple[int, str], int] = field(default_factory=dict)
    earned: dict[str, int] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    taxes: dict[Fraction, int] = field(default_factory=dict)


def best_outcome(pack: Pack, basket: Basket) -> Outcome:
    """Return the outcome of the choice that is best for the member, all combinations tried."""
    members: dict[str, list[str]] = {}
    for each in pack.promotions:
        if each.group:
            members.setdefault(each.group, []).append(each.id)
    names = sorted(members)

    def rank(tried: tuple[Outcome, Sequence[str | None]]) -> tuple[object, ...]:
        outcome, choice = tried
        given = [next((one for one in sorted(members[name]) if one in outcome.applied), None) for name in names]
        tie = [(one is None, one or "") for one in given]
        after_stages = outcome.total + sum(
            amount for (_, rule), amount in outcome.discounts.items() if rule in (POINTS, ROUNDING))
        return after_stages, -outcome.points, tie, [(one is None, one or "") for one in choice]

    def choices(at: int) -> Iterator[list[str | None]]:
        if at == len(names):
            yield []
            return
        for rest in choices(at + 1):
            for one in (None, *members[names[at]]):
                yield [one, *rest]

    return min(((Reckoning(pack, basket, choice).outcome(), choice) for choice in choices(0)), key=rank)[0]


def rows_of(pack: Pack, basket: Basket) -> list[Row]:
    """Return the lines with their list amounts, less what was given by hand."""
    named = {tax.id: Fraction(tax.percent) / 100 for tax in pack.taxes}

    def place(line: BasketLine) -> tuple[object, ...]:
        gifts = [number for number, gift in enumerate(basket.by_hand) if gift.line == line.line]
        return (line.product.product_id, line.product.price, line.quantity, line.account, gifts,
                line.product.tax_included, line.shelf_amount, line.line)

    rows = [Row(line, Fraction(line.product.tax_percent) / 100 + sum(named[name] for name in line.product.taxes),
                line.shelf_amount) for line in sorted(basket.lines, key=place)]
    for rate in {row.rate for row in rows}:
        bare = [row for row in rows if row.rate == rate and not row.line.product.tax_included]
        tax = rounded(sum(row.listed for row in bare) * rate)
        for row, part in zip(bare, spread(tax, [row.listed for row in bare]), strict=True):
            row.listed += part
    for row in rows:
        row.left = row.listed
        row.paid = row.line.pieces if row.line.product.kind is ProductKind.GOODS else 0
    return rows


def tax_in(rows: Sequence[Row], amounts: Sequence[int]) -> dict[Fraction, int]:
    """Return the tax contained in ``amounts`` of ``rows``, each rate rounded once."""
    return {rate: rounded(sum(amount for row, amount in zip(rows, amounts, strict=True) if row.rate == rate)
                          * rate / (1 + rate)) for rate in {row.rate for row in rows}}


def settled(when: When, rule: str, basket: Basket, *, for_members: bool) -> bool:
    """Whether everything but what is counted allows ``rule``."""
    member, at = basket.member, basket.opened
    if time_fault(when.dates, when.hours, when.weekdays, at.date, at.minute_of_day):
        return False
    if when.shops and basket.shop not in when.shops:
        return False
    personal = (when.members_only or when.tiers or when.segments or when.birthday or when.visits
                or when.card is not None or for_members)
    if member is None and personal:
        return False
    if member is not None and not all((
            not when.tiers or member.tier in when.tiers,
            when.card is None or (basket.card is not None and basket.card >= when.card),
            not when.segments or any(each in when.segments for each in member.segments),
            not when.birthday or (member.birth is not None and when.birthday.holds(member.birth, at.date)),
            not when.visits or member.purchases + 1 in when.visits)):
        return False
    if when.payments and (not basket.payments or any(each not in when.payments for each in basket.payments)):
        return False
    return not when.coupon or any(
        (when.coupon.issued and coupon.promotion == rule and (not coupon.last_day or at.date <= coupon.last_day))
        if coupon.promotion else coupon.code in when.coupon.codes for coupon in basket.coupons)


def enough(when: When, rows: Sequence[Row], pieces: Sequence[int], amounts: Sequence[int]) -> bool:
    """Whether ``pieces`` and ``amounts`` of the counted ``rows`` meet quantity and minimum."""
    count, amount = sum(pieces), sum(amounts)
    if when.quantity and not (when.quantity.least <= count and (
            when.quantity.most is None or count <= when.quantity.most)):
        return False
    if when.minimum and when.minimum.before_tax:
        amount -= sum(tax_in(rows, amounts).values())
    return not when.minimum or amount >= when.minimum.amount


class Reckoning:
    """The sale under one ``choice`` among the groups."""

    def __init__(self, pack: Pack, basket: Basket, choice: Sequence[str | None]) -> None:
        self.pack, self.basket, self.choice = pack, basket, choice
        self.rows = rows_of(pack, basket)
        self.purse = basket.member.points if basket.member else 0
        if basket.spender and basket.spender.points_left is not None:
            self.purse = min(self.purse, basket.spender.points_left)
        self.given: list[Promotion] = []
        self.result = Outcome()

    def outcome(self) -> Outcome:
        """Reckon it all: by hand, stages, points paid, tax, points earned."""
        for number, gift in enumerate(self.basket.by_hand, 1):
            rows = [row for row in self.rows if row.paid and gift.line in (None, row.line.line)]
            held = [row.left for row in rows]
            if gift.price is not None:
                parts = [row.left - half_up(gift.price * row.line.quantity, 1000) for row in rows]
            else:
                share = Fraction(gift.percent or 0) / 100
                parts = list(spread(rounded(sum(held) * share) if gift.percent else min(gift.amount, sum(held)), held))
            if gift.most is not None and sum(parts) > gift.most:
                parts = list(spread(gift.most, parts))
            for row, part in zip(rows, parts, strict=True):
                self.take(row, f"hand/{number}", part)
                row.locked = row.locked or gift.instead
        for stage in sorted({each.stage for each in self.pack.promotions}):
            self._stage([each for each in self.pack.promotions if each.stage == stage])
        start = [row.left for row in self.rows]
        while self._pay_and_earn(start):
            pass
        self.result.total = sum(row.left for row in self.rows)
        self.result.taxes = tax_in(self.rows, [row.left for row in self.rows])
        self.result.applied = tuple(sorted(each.id for each in self.given))
        return self.result

    def take(self, row: Row, rule: str, amount: int) -> int:
        """Take ``amount`` off ``row``, at most what it holds; return what was taken."""
        taken = min(amount, row.left)
        row.left -= taken
        if taken:
            key = row.line.line, rule
            self.result.discounts[key] = self.result.discounts.get(key, 0) + taken
        return taken

    def _stage(self, promotions: Sequence[Promotion]) -> None:
        start = [row.left for row in self.rows]
        counts = [row.paid for row in self.rows]
        for row in self.rows:
            row.pieces = list(spread(row.left, [1] * row.paid)) if row.paid else []
        free = [each for each in promotions if each.reward.buy_get or each.reward.gift]
        others = [each for each in promotions if each not in free]
        for each in (*sorted(free, key=lambda one: one.id), *sorted(others, key=lambda one: one.id)):
            if self._allowed(each, start, counts):
                Turn(self, each, start, counts).take()
        for row in self.rows:
            row.paid = len(row.pieces)

    def counted(self, scope: Scope, figures: Sequence[int]) -> tuple[list[Row], list[int]]:
        """Return the rows of ``scope`` and their ``figures``."""
        found = [(row, figure) for row, figure in zip(self.rows, figures, strict=True) if scope.covers(row.line.product)]
        return [row for row, _ in found], [figure for _, figure in found]

    def _allowed(self, promotion: Promotion, start: Sequence[int], counts: Sequence[int]) -> bool:
        limits, reward, basket = promotion.limits, promotion.reward, self.basket
        personal = bool(promotion.cost or limits.per_member or limits.per_member_day or reward.multiplier or reward.bonus)
        used = next((each for each in basket.usage if each.promotion == promotion.id), Usage(promotion.id))
        within = all(limit is None or count < limit for count, limit in (
            (used.by_member, limits.per_member), (used.by_member_today, limits.per_member_day),
            (used.today, limits.per_day), (used.in_all, limits.in_all)))
        of = promotion.when
        rows, amounts = self.counted((of.minimum and of.minimum.scope) or promotion.counted, start)
        pieces = self.counted((of.quantity and of.quantity.scope) or promotion.counted, counts)[1]
        return (not promotion.off and (not promotion.group or promotion.id in self.choice)
                and settled(promotion.when, promotion.id, basket, for_members=personal)
                and enough(of, rows, pieces, amounts)
                and within and self.budget(promotion) != 0
                and (not promotion.cost or any(each.promotion == promotion.id for each in basket.chosen)))

    def budget(self, promotion: Promotion) -> int | None:
        """Return what is left of its money; None: no end."""
        whole = promotion.limits.budget
        left = next((each.budget_left for each in self.basket.usage if each.promotion == promotion.id), None)
        return whole if whole is None or left is None else min(whole, left)

    def _pay_with_points(self) -> None:
        rules, rows = self.pack.redemption, [row for row in self.rows if row.line.product.kind is ProductKind.GOODS]
        if rules is None or self.basket.member is None:
            return
        total, card = sum(row.left for row in rows), self.basket.card or 0
        step_up, caps = self.basket.step_up, []
        for each in self.pack.card_caps:
            proven = step_up is not None and step_up.member_id == self.basket.member.member_id
            cap = each.most_points_proven if proven else each.most_points
            if each.card >= card and cap is not None:
                caps.append(cap)
        most = min([self.basket.redeem, self.purse, *caps])
        fitting = [blocks * rules.block for blocks in range(max(0, most) // rules.block + 1)
                   if blocks * rules.worth <= total * Fraction(rules.largest_share) / 100
                   and blocks * rules.block >= rules.minimum]
        points = max(fitting, default=0)
        if points:
            self.result.spent[POINTS] = points
            for row, part in zip(rows, spread(points // rules.block * rules.worth, [row.left for row in rows]), strict=True):
                self.take(row, POINTS, part)

    def _round_for_cash(self) -> None:
        if self.pack.cash_step == 0 or set(self.basket.payments) != {TenderKind.CASH}:
            return
        rows = [row for row in self.rows if row.line.product.kind is ProductKind.GOODS]
        total = sum(row.left for row in self.rows)
        off = total - total // self.pack.cash_step * self.pack.cash_step
        if off <= sum(row.left for row in rows):
            for row, part in zip(rows, spread(off, [row.left for row in rows]), strict=True):
                self.take(row, ROUNDING, part)

    def _pay_and_earn(self, start: Sequence[int]) -> bool:
        """Reckon on from what is left after the stages; return whether it has to be done again.

        A multiplier that was bought and changes nothing gives its points back, which may then pay.
        """
        for row, left in zip(self.rows, start, strict=True):
            row.left = left
        self.result.discounts = {key: off for key, off in self.result.discounts.items() if key[1] not in (POINTS, ROUNDING)}
        self.result.earned = {}
        self._pay_with_points()
        self._round_for_cash()
        multipliers = sorted(
            (each for each in self.given if each.reward.multiplier), key=lambda each: (each.stage, each.id))
        earning = sorted((each for each in self.pack.earning if self._earns(each)), key=lambda each: each.id)
        alone = {rule.id: self._points(rule, multipliers, {each.id: each.reward.cap for each in multipliers})[0]
                 for rule in earning}
        best = {rule.group: max(
            (one for one in earning if one.group == rule.group), key=lambda one: (alone[one.id], [-ord(c) for c in one.id]))
            for rule in earning}
        rooms, moved = {each.id: each.reward.cap for each in multipliers}, set[str]()
        for rule in earning:
            if not rule.group or best[rule.group] is rule:
                self.result.earned[rule.id], by = self._points(rule, multipliers, rooms)
                moved |= by
        vain = [each for each in multipliers if each.id not in moved]
        self.given = [each for each in self.given if each not in vain]
        bought = [each for each in vain if each.cost]
        for each in bought:
            self.purse += self.result.spent.pop(each.id)
        if bought:
            return True
        for each in self.given:
            if each.reward.bonus:
                times = next((one.times for one in self.basket.chosen if one.promotion == each.id), 1) if each.cost else 1
                points = each.reward.bonus.points * times
                self.result.earned[each.id] = min(points, each.reward.cap or points)
        self.result.points = sum(self.result.earned.values())
        return False

    def _earns(self, rule: EarningRule) -> bool:
        if self.basket.member is None or rule.off or not settled(rule.when, rule.id, self.basket, for_members=True):
            return False
        of = rule.when
        rows, amounts = self.counted((of.minimum and of.minimum.scope) or rule.counted, [row.left for row in self.rows])
        pieces = self.counted((of.quantity and of.quantity.scope) or rule.counted, [row.paid for row in self.rows])[1]
        touched = any(row.paid and rule.scope.covers(row.line.product) for row in self.rows)
        return touched and enough(rule.when, rows, pieces, amounts)

    def _points(
        self, rule: EarningRule, multipliers: Sequence[Promotion], rooms: dict[str, int | None],
    ) -> tuple[int, set[str]]:
        """Return the points of ``rule`` and the multipliers that moved them; what caps leave is in ``rooms``."""
        rows, amounts = self.counted(rule.scope, [row.left for row in self.rows])
        if not rule.per:
            return rule.points, set()
        gross = sum(amounts)
        base = gross - (sum(tax_in(rows, amounts).values()) if rule.before_tax else 0)
        exact = [Fraction(amount * base * rule.points, gross * rule.per) if gross else Fraction(0) for amount in amounts]
        moved = set()
        for each in multipliers:
            assert each.reward.multiplier is not None
            factor, room = Fraction(each.reward.multiplier.factor), rooms[each.id]
            after = [old * factor if each.reward.scope.covers(row.line.product) and not row.locked else old
                     for row, old in zip(rows, exact, strict=True)]
            added = sum(after) // 1 - sum(exact) // 1
            if room is not None and added > room:
                after = [old + (new - old) * room / added for old, new in zip(exact, after, strict=True)]
                added = room
            if room is not None:
                rooms[each.id] = room - max(0, added)
            if added:
                moved.add(each.id)
            exact = after
        return int(sum(exact) // 1), moved
