"""A shop's program killed at its system calls: what it confirmed is there once, nothing is there by halves."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

import pytest

from tests.rigs.power import STRACE, Point
from tests.rigs.shop_check import HEADING, Figures, examine
from tests.rigs.shop_run import FULL, Run

pytestmark = [pytest.mark.slow, pytest.mark.skipif(STRACE is None, reason="strace is not installed")]
CUTS = 10_000 if FULL else 100
"""Of the days of each seed at most; they have fewer calls than ten thousand."""


def spread(found: Sequence[Point], count: int, chance: Random) -> list[Point]:
    """Return ``count`` of the points: as many of each step as can be, by chance within it."""
    steps: dict[int, list[Point]] = {}
    for each in chance.sample(found, len(found)):
        steps.setdefault(each.said, []).append(each)
    return [each for each in chain(*zip_longest(*steps.values())) if each][:count]


def cut(run: Run, at: Point) -> Figures:
    """Kill the day at one moment and examine what is left."""
    with run.folder(f"{at.call}-{at.number}") as folder:
        return examine(folder, run.killed(folder, at), run.states)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_call_the_shop_keeps_what_it_confirmed(
        tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    figures = Figures()
    with closing(Run(tmp_path, seed)) as run, ThreadPoolExecutor(2) as pool:
        moments = spread(run.points(), CUTS, Random(seed))  # noqa: S311 - the same each time
        for each in pool.map(lambda at: cut(run, at), moments):
            figures.add(each)
    with capsys.disabled():
        print("", HEADING, *figures.rows(f"killed at a call, seed {seed}"), sep="\n")  # noqa: T201 - shown on purpose
    assert figures.faults == []
    assert figures.sound
    assert figures.cuts == min(CUTS, len(moments)) >= 100


def test_a_shop_that_confirms_too_early_is_found(tmp_path: Path) -> None:
    # The first call after the basket's last line is a write of the sale: nothing of it is durable yet.
    with closing(Run(tmp_path, 1)) as run, run.folder("early") as folder:
        sale = next(i for i, line in enumerate(run.said) if line.startswith("did sale"))
        at = next(each for each in run.points() if each.said == sale)
        assert run.killed(folder, at) == run.said[:sale]
        boasted = examine(folder, run.said[:sale + 1], run.states)
    assert (boasted.confirmed["sale"], boasted.lost["sale"]) == (1, 1)
    assert len(boasted.faults) == 1  # the state is that of one step earlier
