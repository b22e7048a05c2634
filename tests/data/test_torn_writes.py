"""Power cut at any moment, on a disk that keeps what it likes of unsynced writes: see ``tests/rigs/power.py``."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.rigs.power import STRACE, Call, Disk
from tests.rigs.shop import State
from tests.rigs.shop_check import HEADING, Figures, examine
from tests.rigs.shop_run import FULL, Run, command, recorded

pytestmark = [pytest.mark.slow, pytest.mark.skipif(STRACE is None, reason="strace is not installed")]
SEEDS = (1, 2, 3) if FULL else (1, 2)
CUTS = 1500 if FULL else 110
MORNINGS, MORNING_CUTS = (20, 50) if FULL else (4, 25)


def torn(
    run: Run, folder: Path, calls: Sequence[Call], cuts: int, said: Sequence[str] = (), states: Sequence[State] = (),
) -> Figures:
    """Cut the power ``cuts`` times at moments spread by chance over ``calls``, each followed by an examination.

    ``folder`` is as it was before the calls; ``said`` is what was confirmed by then.
    """
    chance, figures = Random(len(calls)), Figures()  # noqa: S311 - the same each time
    moments = Counter(chance.choices(range(len(calls) + 1), k=cuts))
    disk, told = Disk(folder), list(said)
    for number, call in enumerate((*calls, None)):
        for _ in range(moments[number]):
            with run.folder("cut") as into:
                disk.cut(chance, into)
                figures.add(examine(into, told, states))
        if call:
            told += disk.take(call).splitlines()
    return figures


def shown(name: str, figures: Figures, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("", HEADING, *figures.rows(name), sep="\n")  # noqa: T201 - shown on purpose


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_disk_kept_the_shop_keeps_what_it_confirmed(
        tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, seed)
    with run.folder("day") as folder:
        calls = run.recorded(folder)
        figures = torn(run, folder, calls, CUTS, states=run.states)
    shown(f"power cut, torn writes, seed {seed}", figures, capsys)
    assert figures.faults == []
    assert figures.sound
    assert figures.cuts == CUTS


@pytest.mark.timeout(3600)
def test_cut_again_while_it_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, figures, chance = Run(tmp_path, 1), Figures(), Random(5)  # noqa: S311 - the same each time
    with run.folder("day") as folder:
        calls = run.recorded(folder)
        for _ in range(MORNINGS):
            disk, end = Disk(folder), chance.randrange(len(calls) // 10, len(calls))
            said = [line for call in calls[:end] for line in disk.take(call).splitlines()]
            with run.folder("morning") as morning:
                disk.cut(chance, morning)
                figures.add(torn(run, morning, recorded(command(morning, 99, run.office), morning), MORNING_CUTS, said))
    shown("power cut twice, torn writes", figures, capsys)
    assert figures.faults == []
    assert figures.sound


def unsynced(calls: Iterable[Call]) -> list[Call]:
    """Return the same calls by a program that never waits for the disk."""
    return [call for call in calls if call.name not in ("fsync", "fdatasync")]


def test_a_shop_that_does_not_wait_for_the_disk_is_found(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    with run.folder("day") as folder:
        figures = torn(run, folder, unsynced(run.recorded(folder)), 20)
    assert figures.lost["sale"] > 0
    assert not figures.sound


WRITER = """
import os, sys
file = os.open(sys.argv[1] + "/x", os.O_RDWR | os.O_CREAT)
os.pwrite(file, b"a" * 1024, 256)
os.fsync(file)
folder = os.open(sys.argv[1], os.O_RDONLY)
os.fsync(folder)
os.write(1, b"synced\\n")
os.pwrite(file, b"b" * 1024, 256)
os.rename(sys.argv[1] + "/x", sys.argv[1] + "/y")
"""


def test_the_disk_keeps_what_was_synced_and_tears_the_rest_at_sectors(tmp_path: Path) -> None:
    folder, seen = tmp_path / "written", set()
    folder.mkdir()
    calls = recorded([sys.executable, "-c", WRITER, str(folder)], folder)
    for seed in range(200):
        disk, chance, into = Disk(folder), Random(seed), tmp_path / str(seed)  # noqa: S311 - the same each time
        assert [said for call in calls if (said := disk.take(call))] == ["synced\n"]
        into.mkdir()
        disk.cut(chance, into)
        [kept] = into.iterdir()
        content = kept.read_bytes()
        # 256 bytes that were never written, then sectors that end at 512, 1024 and 1280
        assert content[:256] == bytes(256)
        sectors = (content[256:512], content[512:1024], content[1024:])
        assert all(each in (b"a" * len(each), b"b" * len(each)) for each in sectors)
        seen.add((kept.name, *(chr(each[0]) for each in sectors)))
    assert {name for name, *_ in seen} == {"x", "y"}
    assert {"".join(each[1:]) for each in seen} == {"aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"}
