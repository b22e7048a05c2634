"""Speed flags: what happens too often at a till to be left unlooked at. Pure.

A flag accuses nobody: it names a day, a person or a member, and says the figure and from which
figure on it is shown. Where a busy cashier would stand out only for being busy, the least figure
grows with the cashier's sales of the day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

PERCENT = 100


class FlagKind(StrEnum):
    """What happened often."""

    SAME_MEMBER = "SAME_MEMBER"
    OWN_CARD = "OWN_CARD"
    RETURNS = "RETURNS"
    TAKEN_BACK = "TAKEN_BACK"
    BY_HAND = "BY_HAND"
    DRAWER = "DRAWER"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which figure on, in one business day, a flag is shown.

    ``same_member`` counts sales to one member, ``own_card`` a person's sales to the own membership.
    Of one person, ``returns`` counts returns that are no voids, ``taken_back`` voids and returns in the
    very shift of their sale, ``by_hand`` sales with a price or discount given by hand, ``drawer`` drawers
    opened without a sale. The ``…_percent`` raise the last four to that share of the person's sales.
    """

    same_member: int = 4
    own_card: int = 1
    returns: int = 5
    returns_percent: int = 5
    taken_back: int = 4
    taken_back_percent: int = 4
    by_hand: int = 8
    by_hand_percent: int = 15
    drawer: int = 4
    drawer_percent: int = 4


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class SaleMark:
    """What flags need of a sale: when it was booked, who made it, to whom, what was given by hand."""

    place: int
    business_date: str
    person: str
    member_id: str | None
    by_hand: int


@dataclass(frozen=True, slots=True)
class ReturnMark:
    """What flags need of a return; ``same_shift`` says that the sale was of the same shift, ``void`` that it was voided."""

    place: int
    business_date: str
    person: str
    same_shift: bool
    void: bool = False


@dataclass(frozen=True, slots=True)
class DrawerMark:
    """A drawer that ``person`` opened without a sale."""

    place: int
    business_date: str
    person: str


@dataclass(frozen=True, slots=True)
class Marks:
    """All that was booked on some days, in journal order."""

    sales: Sequence[SaleMark] = ()
    returns: Sequence[ReturnMark] = ()
    drawers: Sequence[DrawerMark] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """``figure`` reached ``threshold`` on ``business_date``.

    ``who`` is the staff id, or for SAME_MEMBER the member id; ``places`` are the journal entries
    that were counted.
    """

    kind: FlagKind
    business_date: str
    who: str
    figure: int
    threshold: int
    places: tuple[int, ...]


def flags(marks: Marks, own: Mapping[str, str], limits: Thresholds = DEFAULTS) -> tuple[Flag, ...]:
    """Return what stands out in ``marks``, the latest day first, then in order of kind and person.

    ``own`` gives the membership of a staff id, for those who have one.
    """
    found = (*_same_member(marks, limits), *_own_card(marks, own, limits), *_of_people(marks, limits))
    order = list(FlagKind)
    by_kind = sorted(found, key=lambda each: (order.index(each.kind), each.who))
    return tuple(sorted(by_kind, key=lambda each: each.business_date, reverse=True))


_Key = tuple[str, str]
"""A business date, and who."""


def _counted(kind: FlagKind, marks: Iterable[tuple[_Key, int]], least: Callable[[_Key], int]) -> Iterator[Flag]:
    """Yield a flag for each key that was marked at least as often as ``least`` says."""
    places: dict[_Key, list[int]] = {}
    for key, place in marks:
        places.setdefault(key, []).append(place)
    for key, held in places.items():
        if len(held) >= least(key):
            yield Flag(kind, *key, len(held), least(key), tuple(held))


def _same_member(marks: Marks, limits: Thresholds) -> Iterator[Flag]:
    often = (((each.business_date, each.member_id), each.place) for each in marks.sales if each.member_id)
    return _counted(FlagKind.SAME_MEMBER, often, lambda _key: limits.same_member)


def _own_card(marks: Marks, own: Mapping[str, str], limits: Thresholds) -> Iterator[Flag]:
    used = (((each.business_date, each.person), each.place) for each in marks.sales
            if each.member_id and own.get(each.person) == each.member_id)
    return _counted(FlagKind.OWN_CARD, used, lambda _key: limits.own_card)


def _of_people(marks: Marks, limits: Thresholds) -> Iterator[Flag]:
    sold = Counter((each.business_date, each.person) for each in marks.sales)

    def least(count: int, share: int) -> Callable[[_Key], int]:
        return lambda key: max(count, -(-sold[key] * share // PERCENT))

    returned = [((each.business_date, each.person), each) for each in marks.returns]
    yield from _counted(
        FlagKind.RETURNS, ((key, each.place) for key, each in returned if not each.void),
        least(limits.returns, limits.returns_percent))
    yield from _counted(
        FlagKind.TAKEN_BACK, ((key, each.place) for key, each in returned if each.same_shift or each.void),
        least(limits.taken_back, limits.taken_back_percent))
    yield from _counted(
        FlagKind.BY_HAND, (((each.business_date, each.person), each.place) for each in marks.sales if each.by_hand),
        least(limits.by_hand, limits.by_hand_percent))
    yield from _counted(
        FlagKind.DRAWER, (((each.business_date, each.person), each.place) for each in marks.drawers),
        least(limits.drawer, limits.drawer_percent))
