"""The promotions of a basket, stage by stage, for one choice among the groups. Rules: design "Promotions".

In each stage the conditions are judged and all rewards computed on the prices at its start; free
goods are settled first, then the others on the pieces left; discounts are booked in id order, each
taking from a line at most what the line still holds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from station.conditions import counted_fault
from station.free_goods import free_goods
from station.goods import Goods
from station.money_off import climbed, note_next_step, take_off
from station.priced import Refusal, RefusalCode
from station.rewards import AmountOff, BuyGet, FreeForm, PointsForm, StepBasis, Steps
from station.stage import Candidate, Freed, Parts, Recent, Stage, Track, give


class Known:
    """What rewards come to in stages that start alike, so that it is worked out once."""

    def __init__(self) -> None:
        self._by = Recent[tuple[int, tuple[int, ...], tuple[int, ...]], dict[str, Parts]]()
        self._freed: Freed = Recent()

    def open(self, number: int, goods: Goods, track: Track) -> Stage:
        """Return stage ``number``, which starts where ``track`` is."""
        start = number, tuple(track.left), tuple(track.paid)
        known = self._by.get(start)
        if known is None:
            known = self._by[start] = {}
        return Stage(number, goods, start[1], start[2], known=known, freed=self._freed)


@dataclass(slots=True)
class _Path:
    """Choices that agree in all that was tried so far: which ``places`` they have, and where they stand.

    ``late`` are rewards in points over which they part only at the end, with the places that choose them.
    """

    places: set[int]
    track: Track
    stage: Stage | None = None
    at: int = 0
    late: list[tuple[Candidate, set[int]]] = field(default_factory=list)

    def enter(self, number: int, goods: Goods, known: Known) -> Stage:
        """Return stage ``number``; the one before is closed."""
        if self.stage is None or self.stage.number != number:
            self.close()
            self.stage = known.open(number, goods, self.track)
        return self.stage

    def close(self) -> None:
        """Close the stage under way."""
        if self.stage:
            self.stage.close(self.track)

    def ends(self) -> Iterator[tuple[int, Track]]:
        """Yield the first place of those who choose the same rewards in points, and their track."""
        self.close()
        shares: list[tuple[set[int], list[Candidate]]] = [(self.places, [])]
        for candidate, chosen_by in self.late:
            shares = [
                (some, given) for places, before in shares
                for some, given in ((places & chosen_by, [*before, candidate]), (places - chosen_by, before)) if some]
        for places, given in shares:
            track = self.track.fork()
            track.given += given
            yield min(places), track


def run(
    goods: Goods, candidates: Sequence[Candidate], track: Track, choice: Collection[str], known: Known, *,
    tell: bool,
) -> Track:
    """Let ``candidates`` (in order of stage, free goods first, id) change ``track``; return it.

    Of a group only what is in ``choice`` applies. With ``tell``, refusals and hints are noted too.
    """
    at = 0
    while at < len(candidates):
        number = candidates[at].promotion.stage
        stage = known.open(number, goods, track)
        while at < len(candidates) and candidates[at].promotion.stage == number:
            candidate = candidates[at]
            at += 1
            group = candidate.promotion.group
            if tell or (candidate.fault is None and (not group or candidate.promotion.id in choice)):
                refusal = _apply(candidate, stage, track, chosen=not group or candidate.promotion.id in choice)
                if refusal and tell:
                    track.refusals.append(_named(refusal, candidate, candidates, choice))
        stage.close(track)
    return track


def try_all(
    goods: Goods, candidates: Sequence[Candidate], track: Track, choices: Sequence[frozenset[str]], known: Known,
) -> Iterator[tuple[int, Track]]:
    """Yield the place of each of ``choices`` and the track it leads to from ``track``, all else as in ``run``.

    Choices go together as far as they agree. Those that part over a promotion that gives nothing
    come to the same: of them only the first is yielded.
    """
    takers = dict[str, set[int]]()
    for place, choice in enumerate(choices):
        for name in choice:
            takers.setdefault(name, set()).add(place)
    turns = [(each, takers.get(each.promotion.id)) for each in candidates
             if not each.promotion.group or each.promotion.id in takers]
    paths = [_Path(set(range(len(choices))), track.fork())]
    while paths:
        path = paths.pop()
        while path.at < len(turns):
            candidate, chosen_by = turns[path.at]
            path.at += 1
            stage = path.enter(candidate.promotion.stage, goods, known)
            if chosen_by is None:
                _apply(candidate, stage, path.track, chosen=True)
            elif not path.places.isdisjoint(chosen_by):
                path = _part(path, candidate, stage, chosen_by, paths)
        yield from path.ends()


def _part(
    path: _Path, candidate: Candidate, stage: Stage, chosen_by: set[int], paths: list[_Path],
) -> _Path:
    """Return the path of those on ``path`` who choose ``candidate``; the others wait on ``paths``.

    All stay together where it gives nothing, and where it gives points alone, which moves no price.
    """
    fork = stage.fork()
    taken = _Path(path.places & chosen_by, path.track.fork(), fork, path.at, path.late[:])
    if _apply(candidate, fork, taken.track, chosen=True) is not None:
        return path
    if isinstance(candidate.form, PointsForm) and not candidate.promotion.cost:
        path.late.append((candidate, chosen_by))
        return path
    path.places -= taken.places
    if path.places:
        paths.append(path)
    return taken


def _named(
    refusal: Refusal, candidate: Candidate, candidates: Sequence[Candidate], choice: Collection[str],
) -> Refusal:
    """Return ``refusal``, for a group with the name of the promotion that was better."""
    if refusal.code is not RefusalCode.GROUP:
        return refusal
    better = (each.promotion.id for each in candidates
              if each.promotion.group == candidate.promotion.group and each.promotion.id in choice)
    return Refusal(refusal.rule, refusal.code, other=next(better, ""))


def _apply(candidate: Candidate, stage: Stage, track: Track, *, chosen: bool) -> Refusal | None:
    """Book what ``candidate`` gives, or return the first reason, of QUANTITY to NOTHING_LEFT, why it gives nothing."""
    when = candidate.promotion.when
    if when.quantity or when.minimum:
        amount = stage.amount(candidate.summed, before_tax=bool(when.minimum and when.minimum.before_tax))
        fault = counted_fault(candidate.promotion.id, when, stage.counted(candidate.numbered), amount)
        if fault:
            return fault
    short = _short(candidate, stage)
    fault = candidate.fault or _too_few_points(candidate, track)
    if not track.bare and not fault and (short or chosen):
        note_next_step(candidate, stage, track)
    if short or fault:
        return short or fault
    if not chosen:
        return Refusal(candidate.promotion.id, RefusalCode.GROUP)
    form = candidate.form
    if isinstance(form, PointsForm):
        return _points(candidate, stage, track)
    if isinstance(form, FreeForm):
        return free_goods(candidate, form, stage, track)
    return take_off(candidate, form, stage, track)


def _short(candidate: Candidate, stage: Stage) -> Refusal | None:
    """Return QUANTITY or MINIMUM when the counted goods are fewer than the reward itself asks for."""
    code = RefusalCode.QUANTITY
    match candidate.form:
        case AmountOff(per_pieces=need) if need:
            have = stage.counted(candidate.counted)
        case BuyGet(buy=need):
            if any(stage.counted(counted) >= need for _, counted in candidate.parts):
                return None
            have = max((stage.counted(counted) for _, counted in candidate.parts), default=0)
        case Steps(by, steps):
            have, need = climbed(by, candidate, stage), steps[0].least
            code = RefusalCode.MINIMUM if by is StepBasis.AMOUNT else code
        case _:
            return None
    return Refusal(candidate.promotion.id, code, have, need) if have < need else None


def _too_few_points(candidate: Candidate, track: Track) -> Refusal | None:
    cost = candidate.promotion.cost
    need = cost.points * (1 if cost.per_pieces else candidate.times) if cost else 0
    return Refusal(candidate.promotion.id, RefusalCode.POINTS, track.points, need) if cost and track.points < need else None


def _points(candidate: Candidate, stage: Stage, track: Track) -> Refusal | None:
    """Note a reward in points or a coupon; like all others it needs goods that are paid."""
    if not stage.unfree(candidate.places):
        return Refusal(candidate.promotion.id, RefusalCode.NOTHING_LEFT)
    give(candidate, track, candidate.times)
    return None
