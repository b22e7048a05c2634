"""Money taken off: percent, amount, fixed price, cheapest, steps. Rules: design "Promotions".

A percent over several lines is taken of their total, then spread by largest remainder. A cap is
spread in proportion to the uncapped shares.
"""

from collections.abc import Sequence

from station.free_goods import cheapest_first
from station.money import line_amount, percent, share_of, spread
from station.priced import Hint, HintKind, Refusal, RefusalCode
from station.rewards import AmountOff, CheapestOff, FixedPrice, MoneyForm, PercentOff, StepBasis, Steps
from station.stage import Candidate, Stage, Track, book, give

Wanted = tuple[Sequence[int], Sequence[int]]
"""Lines, and parallel to them what is to be taken off."""


def take_off(candidate: Candidate, form: MoneyForm, stage: Stage, track: Track) -> Refusal | None:
    """Take off what the reward of ``candidate``, which has ``form``, gives; return why it is nothing."""
    rule = candidate.promotion.id
    parts = stage.known.get(rule)
    if parts is None:
        parts = stage.known[rule] = [
            (i, amount, 0) for i, amount in zip(*_capped(candidate, form, stage), strict=True) if amount]
    if not book(candidate, stage, track, parts):
        return Refusal(rule, RefusalCode.NOTHING_LEFT)
    give(candidate, track, candidate.times)
    return None


def _capped(candidate: Candidate, form: MoneyForm, stage: Stage) -> Wanted:
    """Return what is wanted before the clamp."""
    places, amounts = _wanted(candidate, form, stage)
    most = candidate.most
    return places, amounts if most is None or sum(amounts) <= most else spread(most, amounts)


def _wanted(candidate: Candidate, form: MoneyForm, stage: Stage) -> Wanted:
    """Return what is wanted before cap and clamp."""
    places = candidate.places
    match form:
        case PercentOff():
            return _percent(form.rate, places, stage.bases(places))
        case AmountOff():
            return _amount(form.amount * _groups(form, candidate, stage) * candidate.times, places, stage)
        case FixedPrice():
            return places, [_above(form.price, i, stage) for i in places]
        case CheapestOff():
            return _percent(form.rate, *_cheapest(form.pieces * candidate.times, places, stage))
        case _:
            return _step(form, candidate, stage)


def _percent(rate: str, places: Sequence[int], held: Sequence[int]) -> Wanted:
    return places, spread(share_of(sum(held), percent(rate)), held)


def _amount(amount: int, places: Sequence[int], stage: Stage) -> Wanted:
    held = stage.bases(places)
    return places, spread(amount, held) if any(held) else held


def _groups(form: AmountOff, candidate: Candidate, stage: Stage) -> int:
    """Return how many full groups of counted pieces there are; 1 when the amount is given once."""
    if not form.per_pieces:
        return 1
    return stage.unfree(candidate.counted) // form.per_pieces


def _above(price: int, i: int, stage: Stage) -> int:
    """Return by how much the pieces left of line ``i`` cost more than ``price`` each (weighed: a kilogram)."""
    line = stage.goods.lines[i]
    if line.product.weighed:
        return max(0, stage.base(i) - line_amount(price, line.quantity)) if stage.available(i) else 0
    if not stage.pieces[i]:
        return 0
    each, larger = divmod(stage.start[i], stage.pieces[i])
    left = stage.available(i)
    dearer = max(0, larger - stage.taken.get(i, 0))
    return dearer * max(0, each + 1 - price) + (left - dearer) * max(0, each - price)


def _cheapest(pieces: int, places: Sequence[int], stage: Stage) -> Wanted:
    """Return the lines of the cheapest ``pieces``, in order, and what those pieces are worth on each."""
    worth = dict[int, int]()
    for i in cheapest_first(places, stage):
        here = min(pieces, stage.available(i))
        worth[i] = stage.value(i, here)
        pieces -= here
        if not pieces:
            break
    lines = sorted(worth)
    return lines, [worth[i] for i in lines]


def climbed(by: StepBasis, candidate: Candidate, stage: Stage) -> int:
    """Return how far the counted goods climb: their amount with tax or their pieces, at the start of the stage."""
    return stage.amount(candidate.counted) if by is StepBasis.AMOUNT else stage.counted(candidate.counted)


def note_next_step(candidate: Candidate, stage: Stage, track: Track) -> None:
    """Note what is missing to the next of the candidate's steps, unless cap or budget give no more there."""
    form = candidate.form
    if isinstance(form, Steps):
        have, most = climbed(form.by, candidate, stage), candidate.most
        above = next((step for step in form.steps if step.least > have), None)
        reached = sum(_step(form, candidate, stage)[1]) if most is not None and have >= form.steps[0].least else 0
        if above is not None and (most is None or reached < most):
            kind = HintKind.NEXT_STEP_AMOUNT if form.by is StepBasis.AMOUNT else HintKind.NEXT_STEP_QUANTITY
            track.hints.append(Hint(candidate.promotion.id, kind, above.least - have))


def _step(form: Steps, candidate: Candidate, stage: Stage) -> Wanted:
    """Return what the highest step takes off; the first is reached."""
    have = climbed(form.by, candidate, stage)
    step = max((each for each in form.steps if each.least <= have), key=lambda each: each.least)
    if step.rate:
        return _percent(step.rate, candidate.places, stage.bases(candidate.places))
    return _amount(step.amount, candidate.places, stage)
