"""Python's own search for unreachable objects, kept out of the way of who is served."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ui.qt.tidying import PAUSE_S, Tidying


class Knot:
    """Reaches itself, so that only a search finds that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


class Till:
    """Whether nothing lies in the basket."""

    def __init__(self) -> None:
        self.idle = True

    def __call__(self) -> bool:
        return self.idle


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def tidying(till: Till) -> Iterator[Tidying]:
    usual = gc.get_threshold()
    made = Tidying(till)
    yield made
    made.close()
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0


def dropped() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def test_what_lives_at_the_first_idle_second_is_set_aside(tidying: Tidying, till: Till) -> None:
    till.idle = False
    tidying.tick()
    assert gc.get_freeze_count() == 0
    till.idle = True
    tidying.tick()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[2] > 10


def test_it_searches_once_a_minute_while_nobody_is_served(tidying: Tidying, till: Till) -> None:
    tidying.tick()
    knot = dropped()
    for _ in range(PAUSE_S - 1):
        tidying.tick()
    assert knot() is not None
    till.idle = False
    tidying.tick()
    assert knot() is not None
    till.idle = True
    tidying.tick()
    assert knot() is None
