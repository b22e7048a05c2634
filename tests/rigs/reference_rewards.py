"""What one promotion gives in one stage, reckoned piece by piece: the reference engine's other half."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from station.money import half_up, spread
from station.promotion import Promotion
from station.rewards import (
    AmountOff,
    BonusPoints,
    BuyGet,
    CheapestOff,
    FixedPrice,
    Gift,
    PercentOff,
    StepBasis,
    Steps,
)

if TYPE_CHECKING:
    from tests.rigs.reference_engine import Reckoning, Row

Piece = tuple[Fraction, int, int]  # shelf price, place of its line, worth


def rounded(amount: Fraction) -> int:
    """Return ``amount`` rounded half up."""
    return half_up(amount.numerator, amount.denominator)


class Turn:
    """The turn of ``promotion``; ``start`` and ``counts`` are amounts and paid pieces at the stage's start."""

    def __init__(
        self, reckoning: "Reckoning", promotion: Promotion, start: Sequence[int], counts: Sequence[int],
    ) -> None:
        self.reckoning, self.promotion = reckoning, promotion
        self.rows = [row for row in reckoning.rows
                     if promotion.reward.scope.covers(row.line.product) and not row.locked]
        self.payers = [row for row in reckoning.rows if promotion.counted.covers(row.line.product)]
        self.amount = sum(reckoning.counted(promotion.counted, start)[1])
        self.count = sum(reckoning.counted(promotion.counted, counts)[1])
        self.times = 1
        if promotion.cost and isinstance(promotion.reward.form, AmountOff | CheapestOff | BonusPoints | BuyGet | Gift):
            self.times = next(each.times for each in reckoning.basket.chosen if each.promotion == promotion.id)

    def take(self) -> None:
        """Give what there is to give, and take the points it costs."""
        cost, reward = self.promotion.cost, self.promotion.reward
        if cost and self.reckoning.purse < cost.points * (1 if cost.per_pieces else self.times):
            return
        if reward.multiplier or reward.bonus or reward.coupon:
            given = bool(self._pieces())
            times = self.times
        elif reward.buy_get or reward.gift:
            free = self._free()
            given = free > 0
            times = -(-free // cost.per_pieces) if cost and cost.per_pieces else self.times
        else:
            given = self._money()
            times = self.times
        if given:
            self.reckoning.given.append(self.promotion)
        if given and cost:
            self.reckoning.purse -= cost.points * times
            self.reckoning.result.spent[self.promotion.id] = cost.points * times

    def _pieces(self, rows: "Sequence[Row] | None" = None) -> list[Piece]:
        """Return the pieces left of the goods, cheapest by shelf price first, ties to the first line."""
        found = [(row.shelf, self.reckoning.rows.index(row), i, worth)
                 for row in (self.rows if rows is None else rows) for i, worth in enumerate(row.pieces)]
        return [(shelf, place, worth) for shelf, place, _, worth in sorted(found)]

    def _free(self) -> int:
        form, cost, cap = self.promotion.reward.form, self.promotion.cost, self.promotion.reward.cap
        limits = [self.reckoning.purse // cost.points * cost.per_pieces] if cost and cost.per_pieces else []
        if isinstance(form, Gift):
            return self._make_free(self._pieces()[:min([form.pieces * self.times, *limits])])
        assert isinstance(form, BuyGet)
        if cap is not None:
            limits.append(cap * form.get)
        if cost:
            limits.append(self.times * (cost.per_pieces or form.get))
        total = 0
        products = list(dict.fromkeys(row.line.product.product_id for row in self.rows)) if form.same else [None]
        for product in products:
            rows = [row for row in self.rows if product in (None, row.line.product.product_id)]
            payers = [row for row in self.payers if product in (None, row.line.product.product_id)]
            pieces = self._pieces(rows)
            most = min([len(pieces), *([] if form.recursive else [form.get]), *(each - total for each in limits)])
            paid_for = [f for f in range(most + 1) if self._pay(pieces[:f], payers) // form.buy * form.get >= f]
            total += self._make_free(pieces[:max(paid_for)])
        return total

    def _pay(self, free: Sequence[Piece], payers: "Sequence[Row]") -> int:
        """Return how many pieces of ``payers`` stay paid when ``free`` are free."""
        places = [self.reckoning.rows.index(row) for row in payers]
        return sum(len(row.pieces) for row in payers) - sum(place in places for _, place, _ in free)

    def _make_free(self, pieces: Sequence[Piece]) -> int:
        """Make ``pieces`` free while the budget lasts; return how many became free."""
        made = 0
        for _, place, worth in pieces:
            budget, spent = self.reckoning.budget(self.promotion), sum(
                amount for (_, rule), amount in self.reckoning.result.discounts.items() if rule == self.promotion.id)
            if budget is not None and spent + worth > budget:
                break
            row = self.reckoning.rows[place]
            row.pieces.pop(0)
            self.reckoning.take(row, self.promotion.id, worth)
            made += 1
        return made

    def _money(self) -> bool:
        wanted = self._wanted()
        limits = [each for each in (self.promotion.reward.cap, self.reckoning.budget(self.promotion)) if each is not None]
        if limits and sum(wanted) > min(limits):
            wanted = list(spread(min(limits), wanted))
        taken = [self.reckoning.take(row, self.promotion.id, part)
                 for row, part in zip(self.rows, wanted, strict=True)]
        return any(taken)

    def _wanted(self) -> list[int]:
        form, held = self.promotion.reward.form, [sum(row.pieces) for row in self.rows]
        match form:
            case PercentOff():
                return self._percent(form.rate, held)
            case AmountOff():
                left = sum(len(row.pieces) for row in self.payers)
                return self._amount(form.amount * self.times * (left // form.per_pieces if form.per_pieces else 1), held)
            case FixedPrice():
                return [self._lowered(row, form.price) for row in self.rows]
            case CheapestOff():
                cheapest = self._pieces()[:form.pieces * self.times]
                return self._percent(form.rate, [
                    sum(worth for _, place, worth in cheapest if self.reckoning.rows[place] is row) for row in self.rows])
            case _:
                assert isinstance(form, Steps)
                return self._steps(form, held)

    def _percent(self, rate: str, held: list[int]) -> list[int]:
        return list(spread(rounded(sum(held) * Fraction(rate) / 100), held))

    def _amount(self, amount: int, held: list[int]) -> list[int]:
        return list(spread(amount, held)) if any(held) else [0] * len(held)

    def _lowered(self, row: "Row", price: int) -> int:
        if row.line.product.weighed:
            return max(0, sum(row.pieces) - half_up(price * row.line.quantity, 1000))
        return sum(max(0, worth - price) for worth in row.pieces)

    def _steps(self, form: Steps, held: list[int]) -> list[int]:
        have = self.amount if form.by is StepBasis.AMOUNT else self.count
        reached = [step for step in form.steps if step.least <= have]
        if not reached:
            return [0] * len(held)
        step = max(reached, key=lambda one: one.least)
        return self._percent(step.rate, held) if step.rate else self._amount(step.amount, held)
