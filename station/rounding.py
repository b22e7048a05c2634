"""Rounding for cash: a total that is paid in cash alone comes down to what can be handed over. Pure.

Rules: docs/pricing.md "How a basket is reckoned" and decision 0028. It is a discount like any other,
in the customer's favour, so taxes, points, returns and head office's recomputation need no rule of
their own for it.
"""

from station.basket import Basket
from station.goods import Goods
from station.money import spread
from station.pack import ROUNDING, Pack
from station.priced import Discount
from station.tender import TenderKind


def round_for_cash(pack: Pack, basket: Basket, goods: Goods, left: list[int], stage: int) -> tuple[Discount, ...]:
    """Take off ``left``, the amount still to be paid of each line, what is above the last full ``cash_step``.

    It is spread over the goods; gift cards and top-ups keep their worth. Nothing is taken unless
    cash alone pays, or when there are fewer goods than that.
    """
    step = pack.cash_step
    if not step or basket.payments != (TenderKind.CASH,):
        return ()
    places = [i for i, pieces in enumerate(goods.pieces) if pieces]
    held = [left[i] for i in places]
    over = sum(left) % step
    if not over or over > sum(held):
        return ()
    parts = list(zip(places, spread(over, held), strict=True))
    taken = tuple(Discount(goods.lines[i].line, ROUNDING, stage, left[i], part) for i, part in parts if part)
    for i, part in parts:
        left[i] -= part
    return taken
