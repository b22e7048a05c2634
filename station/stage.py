"""One stage of promotions under way: what stands at its start, what is booked, what is made free.

Rules: design "Promotions" (stages, clamp, free goods). At the start of a stage the paid pieces of
a line are worth the same: the line is spread over them, first piece first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from station.goods import Goods
from station.priced import Clamp, Discount, Hint, PaidPoints, Refusal
from station.promotion import Promotion
from station.rewards import RewardForm

MOST_RECENT = 32
Parts = list[tuple[int, int, int]]
"""What a reward comes to before it is booked: (line place, amount, pieces made free)."""
Freed = dict[tuple[str, tuple[int, ...], tuple[tuple[int, int], ...]], list[tuple[int, int]]]
"""Line places and how many pieces become free, by promotion, pieces and (line place, pieces) taken before."""
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A promotion laid against a basket.

    ``places`` are the lines its reward may touch, ``counted`` those its conditions count (both in
    the engine's order). ``times`` is how often the member chose it (1 without a cost), ``most``
    its cap, ``budget`` what is left of its money (None: no end). ``fault`` is what keeps it from
    ever applying to this basket, beside what is counted. Its quantity is that of ``numbered``, its
    minimum that of ``summed``. ``parts`` are, for a buy-get, the lines
    that may become free and those that pay: one pair, or where the goods are the same one each.
    """

    promotion: Promotion
    form: RewardForm
    places: tuple[int, ...]
    counted: tuple[int, ...]
    numbered: tuple[int, ...] = ()
    summed: tuple[int, ...] = ()
    times: int = 1
    budget: int | None = None
    fault: Refusal | None = None
    parts: tuple[tuple[Sequence[int], Sequence[int]], ...] = ()

    @property
    def most(self) -> int | None:
        """The most money the reward takes off: the lower of cap and budget."""
        limits = [limit for limit in (self.promotion.reward.cap, self.budget) if limit is not None]
        return min(limits, default=None)


@dataclass(slots=True)
class Track:
    """Where the basket stands while the stages run: by line what is ``left`` to pay and ``paid`` pieces.

    A ``bare`` track is one of many that are tried: what is only told of a sale is not written down.
    """

    left: list[int]
    paid: list[int]
    free: list[int]
    points: int
    bare: bool = False
    discounts: list[Discount] = field(default_factory=list)
    clamps: list[Clamp] = field(default_factory=list)
    costs: list[PaidPoints] = field(default_factory=list)
    given: list[Candidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    @property
    def total(self) -> int:
        """What is left to pay of the whole basket."""
        return sum(self.left)

    def give_back(self, rules: Collection[str]) -> None:
        """Undo ``rules`` that were bought for points and gave nothing."""
        for each in self.given:
            if each.promotion.id in rules and each.promotion.cost:
                self.points += each.promotion.cost.points
        self.given = [each for each in self.given if each.promotion.id not in rules]
        self.costs = [each for each in self.costs if each.rule not in rules]

    def fork(self) -> "Track":
        """Return a bare track that goes on from here."""
        return Track(
            self.left[:], self.paid[:], self.free[:], self.points, bare=True, given=self.given[:])


class Recent(dict[K, V]):
    """A dictionary that keeps only what was put in last."""

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) == MOST_RECENT:
            del self[next(iter(self))]
        super().__setitem__(key, value)


@dataclass(slots=True)
class Stage:
    """One stage under way: the prices and pieces at its start, and what was made free in it so far.

    What is shared with forks and stages that start alike, so that it is worked out once: ``known``
    is what rewards come to, by promotion, with the pieces that are left as they are; ``freed`` is
    how many pieces a promotion makes free, by the pieces there were and those taken before.
    """

    number: int
    goods: Goods
    start: tuple[int, ...]
    pieces: tuple[int, ...]
    taken: dict[int, int] = field(default_factory=dict)
    worth: dict[int, int] = field(default_factory=dict)
    known: dict[str, Parts] = field(default_factory=dict)
    freed: Freed = field(default_factory=dict)

    def fork(self) -> "Stage":
        """Return the stage as it stands, to go on from here."""
        return Stage(
            self.number, self.goods, self.start, self.pieces, self.taken.copy(), self.worth.copy(), self.known, self.freed)

    def close(self, track: Track) -> None:
        """Let the pieces made free stop counting on ``track``."""
        for i, count in self.taken.items():
            track.paid[i] -= count
            track.free[i] += count

    def available(self, i: int) -> int:
        """Return how many pieces of line ``i`` were not made free in this stage."""
        return self.pieces[i] - self.taken.get(i, 0)

    def unfree(self, places: Sequence[int]) -> int:
        """Return how many pieces of the lines ``places`` were not made free in this stage."""
        pieces, taken = sum([self.pieces[i] for i in places]), self.taken
        return pieces - sum([taken.get(i, 0) for i in places]) if taken else pieces

    def base(self, i: int) -> int:
        """Return what the pieces of line ``i`` that are left were worth at the start of the stage."""
        return self.start[i] - self.worth.get(i, 0)

    def bases(self, places: Sequence[int]) -> list[int]:
        """Return the base of each of ``places``."""
        start, worth = self.start, self.worth
        return [start[i] - worth.get(i, 0) for i in places] if worth else [start[i] for i in places]

    def value(self, i: int, count: int) -> int:
        """Return what the next ``count`` pieces of line ``i`` are worth."""
        each, larger = divmod(self.start[i], self.pieces[i])
        first = self.taken.get(i, 0)
        return count * each + max(0, min(larger, first + count) - min(larger, first))

    def take(self, i: int, count: int) -> int:
        """Make ``count`` pieces of line ``i`` free and return what they are worth."""
        value = self.value(i, count)
        self.taken[i] = self.taken.get(i, 0) + count
        self.worth[i] = self.worth.get(i, 0) + value
        self.known = {}
        return value

    def counted(self, places: Iterable[int]) -> int:
        """Return how many paid pieces the lines ``places`` had at the start of the stage."""
        return sum([self.pieces[i] for i in places])

    def amount(self, places: Sequence[int], *, before_tax: bool = False) -> int:
        """Return what the lines ``places`` were worth at the start of the stage."""
        amount = sum([self.start[i] for i in places])
        return amount - sum(each.tax for each in self.goods.taxes(self.start, places)) if before_tax else amount


def book(candidate: Candidate, stage: Stage, track: Track, parts: Parts) -> int:
    """Take ``parts`` off; return what was taken in all.

    A line gives at most what it still holds; what does not fit is lost and named.
    """
    rule, left, bare, given = candidate.promotion.id, track.left, track.bare, 0
    for i, amount, free in parts:
        held = left[i]
        taken = amount if amount < held else held  # noqa: FURB136 - min() takes three times as long
        left[i] = held - taken
        given += taken
        if bare:
            continue
        line = stage.goods.lines[i].line
        if taken or free:
            base = amount if free else stage.base(i)
            track.discounts.append(Discount(line, rule, stage.number, base, taken, free))
        if taken < amount:
            track.clamps.append(Clamp(line, rule, amount - taken))
    return given


def give(candidate: Candidate, track: Track, times: int = 1) -> None:
    """Note that ``candidate`` gave something, and take the points it costs, ``times`` over."""
    track.given.append(candidate)
    cost = candidate.promotion.cost
    if cost:
        track.points -= cost.points * times
        track.costs.append(PaidPoints(candidate.promotion.id, cost.points * times))
