"""Of each group of promotions at most one: which choice is best for the member. Rules: design "Groups".

Best is the smallest total after the last stage, then more points earned in the sale, then, group
by group in order of group id, the lower promotion id, applying one before applying none: judged by
what gives something, so one that is tried and gives nothing stands for none. Up to
``MOST_TRIED`` combinations all are tried; above that the groups are settled one by one in order of
id, each with the others as they stand.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Protocol

MOST_TRIED = 4096
NONE = ""


class Tried(Protocol):
    """What a choice comes to. Points are asked for only when totals tie, what applied when points do."""

    @property
    def total(self) -> int:
        """What is left to pay after the last stage."""
        ...

    def points(self) -> int:
        """Return the points earned in the sale."""
        ...

    def applied(self) -> Collection[str]:
        """Return the promotions that gave something."""
        ...


Try = Callable[[Sequence[frozenset[str]]], Iterable[tuple[int, Tried]]]
"""Tries choices in whichever order shares most work; says of each its place and what it comes to.

Of choices that come to the same it may leave out all but the first.
"""


def best_choice(groups: Mapping[str, Sequence[str]], attempt: Try) -> tuple[frozenset[str], bool]:
    """Return the promotions to apply, at most one of each of ``groups``, and whether all were tried."""
    options = [(*sorted(groups[group]), NONE) for group in sorted(groups)]
    if prod(len(each) for each in options) <= MOST_TRIED:
        return _best([_chosen(each) for each in product(*options)], options, attempt), True
    settled = [NONE] * len(options)
    for place, each in enumerate(options):
        choices = [(*settled[:place], one, *settled[place + 1:]) for one in each]
        best = _best([_chosen(choice) for choice in choices], options, attempt)
        settled[place] = next((one for one in each if one in best), NONE)
    return _chosen(settled), False


def _chosen(choice: Sequence[str]) -> frozenset[str]:
    return frozenset(one for one in choice if one != NONE)


def _best(choices: Sequence[frozenset[str]], options: Sequence[Sequence[str]], attempt: Try) -> frozenset[str]:
    """Return the best of ``choices`` among the ``options`` of each group."""
    if len(choices) == 1:
        return choices[0]
    tried = iter(attempt(choices))
    best = next(tried)
    for other in tried:
        if _better(other, best, options):
            best = other
    return choices[best[0]]


def _better(one: tuple[int, Tried], other: tuple[int, Tried], options: Sequence[Sequence[str]]) -> bool:
    """Whether ``one`` is better for the member than ``other``; when all else ties the place decides."""
    (place, tried), (other_place, other_tried) = one, other
    if tried.total != other_tried.total:
        return tried.total < other_tried.total
    if tried.points() != other_tried.points():
        return tried.points() > other_tried.points()
    mine, others = _preference(tried.applied(), options), _preference(other_tried.applied(), options)
    return (mine, place) < (others, other_place)


def _preference(applied: Collection[str], options: Sequence[Sequence[str]]) -> list[int]:
    """Return for each group the place of what applied among its options; the last is none."""
    return [next((place for place, name in enumerate(each) if name in applied), len(each) - 1) for each in options]
