"""Pieces made free: buy X get Y, and gifts with a purchase. Rules: design "Promotions".

The pieces that become free are the cheapest by shelf price, ties to the first line. The number
free is the largest f such that the pieces that stay paid still pay for them:
⌊paid / X⌋ × Y ≥ f. Nothing is ever added: what was scanned becomes free, and when one more would
be free, that is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.goods import Goods
from station.priced import Hint, HintKind, Refusal, RefusalCode
from station.rewards import BuyGet, FreeForm, Gift
from station.stage import Candidate, Parts, Stage, Track, book, give


@dataclass(slots=True)
class _Quota:
    """What may still become free: ``pieces`` (None: no end) and ``money``, their worth (None: no end)."""

    pieces: int | None
    money: int | None
    short: int = 0

    def allow(self, wanted: int) -> int:
        """Return how many of ``wanted`` pieces may become free."""
        return wanted if self.pieces is None else min(wanted, self.pieces)


def free_goods(candidate: Candidate, form: FreeForm, stage: Stage, track: Track) -> Refusal | None:
    """Make free what the ``form`` of ``candidate`` gives; return why it is nothing."""
    rule, quota = candidate.promotion.id, _quota(candidate, track)
    take = _taken_again if track.bare else _taken
    taken = take(candidate, form, stage, track, quota)
    if not taken:
        if quota.short:
            return Refusal(rule, RefusalCode.BUDGET, candidate.budget or 0, quota.short)
        return Refusal(rule, RefusalCode.NOTHING_LEFT)
    book(candidate, stage, track, taken)
    cost, free = candidate.promotion.cost, sum(count for _, _, count in taken)
    give(candidate, track, -(-free // cost.per_pieces) if cost and cost.per_pieces else candidate.times)
    return None


def _taken_again(candidate: Candidate, form: FreeForm, stage: Stage, track: Track, quota: _Quota) -> Parts:
    """Return what ``_taken`` does; without a budget or a cost it depends on nothing but the pieces."""
    if candidate.budget is not None or candidate.promotion.cost:
        return _taken(candidate, form, stage, track, quota)
    state = candidate.promotion.id, stage.pieces, tuple(stage.taken.items())
    freed = stage.freed.get(state)
    if freed is not None:
        return [(i, stage.take(i, count), count) for i, count in freed]
    taken = _taken(candidate, form, stage, track, quota)
    stage.freed[state] = [(i, count) for i, _, count in taken]
    return taken


def _taken(candidate: Candidate, form: FreeForm, stage: Stage, track: Track, quota: _Quota) -> Parts:
    """Make free what the reward gives, note when one more would be, and return it."""
    if isinstance(form, Gift):
        return _take(cheapest_first(candidate.places, stage), form.pieces * candidate.times, stage, quota)
    taken: Parts = []
    for places, counted in candidate.parts:
        made = _buy_get(form, places, counted, stage, quota)
        taken += made
        if not track.bare and _one_more(form, counted, made, stage, quota):
            track.hints.append(Hint(candidate.promotion.id, HintKind.ONE_MORE_FREE, 1))
    return taken


def _quota(candidate: Candidate, track: Track) -> _Quota:
    """Return what cap, choice and points leave: a cap counts the times of a buy-get."""
    form, cost = candidate.form, candidate.promotion.cost
    limits = []
    if isinstance(form, BuyGet):
        cap = candidate.promotion.reward.cap
        if cap is not None:
            limits.append(cap * form.get)
        if cost:
            limits.append(candidate.times * (cost.per_pieces or form.get))
    if cost and cost.per_pieces:
        limits.append(track.points // cost.points * cost.per_pieces)
    return _Quota(min(limits, default=None), candidate.budget)


def parts_of(
    form: BuyGet, places: Sequence[int], counted: Sequence[int], goods: Goods,
) -> tuple[tuple[Sequence[int], Sequence[int]], ...]:
    """Return (lines that may be free, lines that pay): one pair, or with ``same`` one for each product."""
    if not form.same:
        return ((places, counted),)
    found = dict[str, tuple[list[int], list[int]]]()
    for i in places:
        found.setdefault(goods.lines[i].product.product_id, ([], []))[0].append(i)
    for i in counted:
        if goods.lines[i].product.product_id in found:
            found[goods.lines[i].product.product_id][1].append(i)
    return tuple(found.values())


def _buy_get(
    form: BuyGet, places: Sequence[int], counted: Sequence[int], stage: Stage, quota: _Quota,
) -> Parts:
    """Make free what is paid for; return (line, worth, pieces)."""
    bought = stage.unfree(counted)
    if bought < form.buy:
        return []
    order = cheapest_first(places, stage)
    paying = frozenset(counted)
    most = bought // form.buy * form.get if form.recursive else form.get
    low, high = 0, quota.allow(min(most, stage.unfree(order)))
    while low < high:  # the largest f that is paid for; being paid for only gets harder as f grows
        f = (low + high + 1) // 2
        if (bought - _first(order, f, stage, paying)) // form.buy * form.get >= f:
            low = f
        else:
            high = f - 1
    return _take(order, low, stage, quota)


def _first(order: Sequence[int], count: int, stage: Stage, among: frozenset[int]) -> int:
    """Return how many of the first ``count`` pieces of ``order`` stand on lines of ``among``."""
    found, lines = 0, iter(order)
    while count:
        i = next(lines)
        here = min(count, stage.available(i))
        found += here if i in among else 0
        count -= here
    return found


def _take(order: Sequence[int], count: int, stage: Stage, quota: _Quota) -> Parts:
    """Make the first ``count`` pieces free, as far as quota and money go; return (line, worth, pieces)."""
    made, left = [], quota.allow(count)
    for i in order:
        here = min(left, stage.available(i))
        short = 0
        if quota.money is not None:
            fitting = _fitting(i, here, quota.money, stage)
            short = stage.value(i, 1) if fitting < here else 0
            here = fitting
        if here:
            worth = stage.take(i, here)
            made.append((i, worth, here))
            left -= here
            if quota.money is not None:
                quota.money -= worth
        quota.short = quota.short or short
        if short or not left:
            break
    if quota.pieces is not None:
        quota.pieces -= sum(count for _, _, count in made)
    return made


def _fitting(i: int, count: int, money: int, stage: Stage) -> int:
    """Return how many of the next ``count`` pieces of line ``i`` are worth no more than ``money`` together."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if stage.value(i, middle) <= money:
            low = middle
        else:
            high = middle - 1
    return low


def cheapest_first(places: Iterable[int], stage: Stage) -> list[int]:
    """Return the lines that still have pieces, cheapest shelf price first."""
    return sorted([i for i in places if stage.available(i)], key=stage.goods.ranks.__getitem__)


def _one_more(
    form: BuyGet, counted: Sequence[int], made: Sequence[tuple[int, int, int]], stage: Stage, quota: _Quota,
) -> bool:
    """Whether one more piece would be free: what is paid pays for more than there was to take."""
    free = sum(count for _, _, count in made)
    room = form.recursive or free < form.get
    return bool(
        room and quota.allow(1) and not quota.short
        and stage.unfree(counted) // form.buy * form.get > free)
