"""What a member had of the club in a span of days: purchases, discounts and points, as far as who tells it knows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from station.matter import Matter
from station.points import PointsKind
from station.span import Span

MOST_PURCHASES = 500
"""So many purchases, and as many moves of points, are told at once: the latest of the span."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase, or (``is_back``) goods of one that came back; amounts in minor units, ``total`` of what came back negative.

    ``day`` is the business date, ``minute`` the local minute of the day, None where that is not kept.
    ``receipt`` is its number, "" where that is not kept. ``points`` are all it moved, signed.
    """

    day: str
    minute: int | None
    receipt: str
    shop: str
    total: int
    discount: int
    points: int
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What ``rule`` took off in all, in so many purchases."""

    rule: str
    times: int
    amount: int


@dataclass(frozen=True, slots=True)
class PointsMove:
    """Points that moved on ``day``, signed, and by which rule ("" for none)."""

    day: str
    kind: PointsKind
    points: int
    rule: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points that may be spent through ``last_day`` and no longer."""

    last_day: str
    points: int


@dataclass(frozen=True, slots=True)
class Benefits:
    """The report of ``member_id`` for ``span``: purchases and moves latest first, discounts the largest first.

    ``as_of_us`` (µs since 1970 UTC) is when head office told it; None: it is this station's journal
    alone, which knows neither ``balance`` nor ``expiring`` nor ``matters`` (None), what the member said and was answered. ``more``: there were more than are
    told. ``untold`` purchases are known by their sums alone: what rule gave their discounts is not.
    """

    member_id: str
    span: Span
    purchases: tuple[Purchase, ...]
    given: tuple[Given, ...]
    moves: tuple[PointsMove, ...]
    expiring: tuple[Expiring, ...] | None = None
    matters: tuple[Matter, ...] | None = None
    balance: int | None = None
    as_of_us: int | None = None
    more: bool = False
    untold: int = 0

    @property
    def bought(self) -> int:
        """What was paid for purchases, less what went back for goods."""
        return sum(each.total for each in self.purchases)

    @property
    def gained(self) -> int:
        """What all discounts took off."""
        return sum(each.discount for each in self.purchases)

    @property
    def got(self) -> int:
        """Points that were earned, less those that went with goods brought back."""
        return sum(each.points for each in self.moves if each.kind is PointsKind.EARN or _is_taken_back(each))

    @property
    def spent(self) -> int:
        """Points that were spent, as a positive number; what was given back of them is ``given_back``."""
        return -sum(each.points for each in self.moves if each.kind is PointsKind.REDEEM)

    @property
    def given_back(self) -> int:
        """Spent points that came back with goods."""
        return sum(each.points for each in self.moves if each.kind is PointsKind.REVERSE and each.points > 0)

    @property
    def expired(self) -> int:
        """Points that ended unspent, as a positive number."""
        return -sum(each.points for each in self.moves if each.kind is PointsKind.EXPIRE)

    def expiring_from(self, day: str) -> tuple[Expiring, ...]:
        """Return what still ends on ``day`` or later, the earliest first; nothing where that is not known."""
        return tuple(each for each in self.expiring or () if each.last_day >= day)


def _is_taken_back(move: PointsMove) -> bool:
    return move.kind is PointsKind.REVERSE and move.points < 0


def given_in(sales: Iterable[Iterable[tuple[str, int]]]) -> tuple[Given, ...]:
    """Return what each rule gave in ``sales``, each told as (rule, amount) pairs; the largest first, then by rule.

    What people gave by hand is one rule, as in ``station.totals``.
    """
    sums: dict[str, tuple[int, int]] = {}
    for sale in sales:
        here: dict[str, int] = {}
        for rule, amount in sale:
            name = rule.split("/")[0]
            here[name] = here.get(name, 0) + amount
        for name, amount in here.items():
            times, before = sums.get(name, (0, 0))
            sums[name] = times + 1, before + amount
    found = (Given(rule, times, amount) for rule, (times, amount) in sums.items())
    return tuple(sorted(found, key=lambda each: (-each.amount, each.rule)))
