"""A measured figure beside its limit, taken in the same run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class Figure:
    """``ratio`` is value / limit; below 1 the limit is kept when less is better."""

    name: str
    value: float
    unit: str
    limit_name: str
    limit: float

    @property
    def ratio(self) -> float:
        return self.value / self.limit


def milliseconds(action: Callable[[], object]) -> float:
    """How long ``action`` takes, once."""
    start = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - start) / NS_PER_MS


def in_turn(runs: int, *actions: Callable[[], object]) -> list[float]:
    """The median of each action in milliseconds, the actions taken in turn so that noise hits all alike."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(runs):
        for times, action in zip(taken, actions, strict=True):
            times.append(milliseconds(action))
    return [median(times) for times in taken]
