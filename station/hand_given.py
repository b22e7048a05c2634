"""What was given by hand, worked out before the first stage, and whether those who gave it may.

Rules: design "Promotions" (by hand). Each is reckoned on what the ones before it left; on the whole
basket it is spread over the goods. What a second person agreed to takes off no more than that, whatever
came into the basket since: what is beyond is named. Gift cards and top-ups are never discounted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from station.basket import Basket
from station.errors import ErrorCode, StationError
from station.goods import Goods
from station.hand import ByHand
from station.money import line_amount, percent, share_of, spread
from station.pack import HAND, Pack
from station.people import Actor, Role
from station.priced import Clamp, Discount


@dataclass(frozen=True, slots=True)
class HandGiven:
    """The ``discounts`` given, each on its line; no promotion touches the lines numbered in ``locked``.

    ``clamps`` is what was not given, for no more was approved.
    """

    discounts: tuple[Discount, ...]
    locked: frozenset[int]
    clamps: tuple[Clamp, ...] = ()

    def amounts(self) -> dict[int, int]:
        """Return what is off, by line number."""
        off: dict[int, int] = {}
        for each in self.discounts:
            off[each.line] = off.get(each.line, 0) + each.amount
        return off


def given_by_hand(pack: Pack, basket: Basket, goods: Goods) -> HandGiven:
    """Return what people gave on ``basket``.

    Raises ``StationError`` HAND_NOT_ALLOWED (``number`` of the gift, from 1) when it is more than
    the roles of its actor and approver may give on a line, raises a price, or is given on money.
    """
    left = list(goods.listed)
    discounts: list[Discount] = []
    clamps: list[Clamp] = []
    locked: set[int] = set()
    allowed: list[tuple[Fraction, dict[int, int]]] = []
    for number, given in enumerate(basket.by_hand, 1):
        places = [i for i, line in enumerate(goods.lines)
                  if goods.pieces[i] and given.line in (None, line.line)]
        wanted = _parts(given, goods, places, left)
        parts = dict(zip(places, _approved(given, wanted), strict=True))
        clamps += (Clamp(goods.lines[i].line, f"{HAND}/{number}", much - parts[i])
                   for i, much in zip(places, wanted, strict=True) if much > parts[i])
        limit = max(_limit(pack, given.actor), _limit(pack, given.approver))
        allowed.append((limit, parts))
        if not places or min(parts.values()) < 0 or not _within(limit, allowed, goods):
            raise StationError(ErrorCode.HAND_NOT_ALLOWED, number=number)
        for i, part in parts.items():
            if part:
                discounts.append(Discount(goods.lines[i].line, f"{HAND}/{number}", 0, left[i], part))
            left[i] -= part
        if given.instead:
            locked.update(goods.lines[i].line for i in places)
    return HandGiven(tuple(discounts), frozenset(locked), tuple(clamps))


def _within(limit: Fraction, allowed: Sequence[tuple[Fraction, dict[int, int]]], goods: Goods) -> bool:
    """Whether the last gift, with those before it that no higher limit allowed, stays within ``limit``.

    Judged on the lines of the last gift together, rounded once: giving twice gains nothing.
    """
    places = allowed[-1][1]
    given = sum(parts.get(i, 0) for under, parts in allowed if under <= limit for i in places)
    return given <= share_of(sum(goods.listed[i] for i in places), limit)


def _parts(given: ByHand, goods: Goods, places: Sequence[int], left: Sequence[int]) -> tuple[int, ...]:
    held = [left[i] for i in places]
    if given.price is not None:
        return tuple(left[i] - line_amount(given.price, goods.lines[i].quantity) for i in places)
    whole = share_of(sum(held), percent(given.percent)) if given.percent else min(given.amount, sum(held))
    return spread(whole, held)


def _approved(given: ByHand, wanted: tuple[int, ...]) -> tuple[int, ...]:
    """Return what of ``wanted`` was approved: in all at most that much, in proportion."""
    return wanted if given.most is None or sum(wanted) <= given.most else spread(given.most, wanted)


def _limit(pack: Pack, person: Actor | None) -> Fraction:
    """Return the share of a line that ``person`` may give: who is alone as much as anybody, unless the pack says how much."""
    named = {each.role: percent(each.percent) for each in pack.by_hand}
    if person is None:
        return Fraction(0)
    anybody = max(named.values(), default=Fraction(0)) if person.role is Role.ALONE else Fraction(0)
    return named.get(person.role, anybody)
