"""Power cuts while a file is brought up to a new schema and a backup is put back (all of it or nothing), and without encryption."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from data.database import Database
from data.journal import JournalStore
from data.verify import rows_of, verify
from station.errors import ErrorCode, StationError
from tests.fakes import NOON
from tests.rigs.power import SAID, STRACE, Disk, Point, kill, points
from tests.rigs.rare_day import GROWN, PLAIN, SALES
from tests.rigs.shop import KEY, Shop, State
from tests.rigs.shop_check import faults_of, sell_on
from tests.rigs.shop_run import FULL, ROOT, Run, recorded

pytestmark = [pytest.mark.slow, pytest.mark.skipif(STRACE is None, reason="strace is not installed")]
KILLS, CUTS = (10_000, 500) if FULL else (12, 40)
"""Of each; neither work has ten thousand calls."""

PLAIN_CUTS = 2000 if FULL else 150
LAST = 10
"""The last calls, among which the new takes the place of the old, are tried in any case."""


def command(folder: Path, what: str) -> list[str]:
    return ["env", f"PYTHONPATH={ROOT}", "PYTHONDONTWRITEBYTECODE=1", sys.executable,
            str(ROOT / "tests" / "rigs" / "rare_day.py"), str(folder), what]


def grown(folder: Path, said: Sequence[str], before: State) -> bool:
    """Judge a journal that was being brought up; return whether its old program still opens it."""
    path = folder / "journal.db"
    try:
        with closing(JournalStore(path, KEY)) as old:
            assert list(verify(old)) == []
            opens = True
    except StationError as fault:
        assert fault.code is ErrorCode.DATABASE_NEWER  # noqa: PT017 - it may open or not
        opens = False
    assert not (opens and said)
    with closing(Database(path, KEY, GROWN)) as new:
        assert new.faults() == []
        assert new.rows("SELECT place, total FROM sold") == new.rows("SELECT place, total FROM sale ORDER BY place")
        assert new.rows("SELECT 1 FROM sqlite_schema WHERE name = 'sold_by_total'") == [(1,)]
        assert [list(row) for row in new.rows("SELECT place, kind FROM entry ORDER BY place")] == before["entries"]
    return opens


def put_back(folder: Path, said: Sequence[str], before: State) -> bool:
    """Judge a shop whose first backup was being put back; return whether it is still as it was."""
    with closing(Shop(folder)) as shop:
        assert faults_of(shop) == []
        same = len(shop.journal.branches()) == 1
        assert not (same and said)
        if same:
            assert shop.state() == before
            assert shop.alarm is None
        else:
            assert shop.alarm is ErrorCode.JOURNAL_OLDER
            [aside] = folder.glob("journal.db.replaced-*Z")
            with closing(JournalStore(aside, KEY)) as kept:
                assert [list(row) for row in rows_of(kept, "sale")] == before["tables"]["sale"]
        sell_on(shop)
        assert faults_of(shop) == []
    return same


Judge = Callable[[Path, Sequence[str], State], bool]
WORKS = {"migrate": grown, "restore": put_back}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with closing(Run(tmp_path_factory.mktemp("rare"), 1)) as run:
        yield run


@pytest.fixture(scope="module")
def lived(run: Run) -> Iterator[Path]:
    """A shop killed at its last step: much of it is in the log, and a basket in hand."""
    with run.folder("lived") as folder:
        last = [each for each in run.points() if each.said == len(run.said) - 1]
        run.killed(folder, last[0])
        yield folder


def state_of(run: Run, lived: Path) -> State:
    with run.folder("looked-into") as copy:
        shutil.copytree(lived, copy, dirs_exist_ok=True)
        with closing(Shop(copy)) as shop:
            return shop.state()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", WORKS)
def test_killed_at_any_call(run: Run, lived: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = state_of(run, lived)
    with run.folder("once") as copy:
        shutil.copytree(lived, copy, dirs_exist_ok=True)
        found = points(command(copy, what), run.root / "once.log")

    def killed(at: Point) -> bool:
        with run.folder(f"{at.call}-{at.number}") as copy:
            shutil.copytree(lived, copy, dirs_exist_ok=True)
            said = kill(command(copy, what), at, copy.with_suffix(".log")).splitlines()
            return WORKS[what](copy, said, before)

    others = found[:-LAST]
    moments = found[-LAST:] + Random(1).sample(others, min(KILLS, len(others)))  # noqa: S311 - the same each time
    with ThreadPoolExecutor(2) as pool:
        undone = sum(pool.map(killed, moments))
    with capsys.disabled():
        print(f"\n{what}: killed {len(moments)} times: {undone} times not begun, {len(moments) - undone} times done")  # noqa: T201
    assert 0 < undone < len(moments)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", WORKS)
def test_cut_at_any_moment(run: Run, lived: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    before, chance = state_of(run, lived), Random(2)  # noqa: S311 - the same each time
    calls = recorded(command(lived, what), lived)
    undone = 0
    for _ in range(CUTS):
        disk, end = Disk(lived), chance.choice((chance.randrange(len(calls)), len(calls) - chance.randrange(LAST)))
        said = [line for call in calls[:end] for line in disk.take(call).splitlines()]
        with run.folder("cut") as into:
            disk.cut(chance, into)
            undone += WORKS[what](into, said, before)
    with capsys.disabled():
        print(f"\n{what}: cut {CUTS} times: {undone} times not begun, {CUTS - undone} times done")  # noqa: T201
    assert 0 < undone < CUTS


@pytest.mark.timeout(1200)
def test_without_encryption_a_power_cut_loses_nothing_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, chance, confirmed, lost = tmp_path / "plain", Random(3), 0, 0  # noqa: S311 - the same each time
    folder.mkdir()
    calls = recorded(command(folder, "plain"), folder)
    assert [call.name for call in calls].count(SAID) == SALES
    for number in range(PLAIN_CUTS):
        disk, into = Disk(folder), tmp_path / str(number)
        said = [line for call in calls[:chance.randrange(len(calls) + 1)] for line in disk.take(call).splitlines()]
        into.mkdir()
        disk.cut(chance, into)
        with closing(JournalStore(into / PLAIN, None)) as journal:
            journal.found("12-1", "test", NOON)
            assert list(verify(journal)) == []
            sold = [row[0] for row in journal.database.rows("SELECT sale_id FROM sale ORDER BY place")]
            assert sold == [f"sale-{i + 1}" for i in range(len(sold))]
            assert len(sold) <= len(said) + 1
            held = journal.open_basket()
            assert held is None or held.basket.basket_id == f"sale-{len(sold) + 1}"
        confirmed, lost = confirmed + len(said), lost + max(0, len(said) - len(sold))
        shutil.rmtree(into)
    with capsys.disabled():
        print(f"\nwithout encryption: cut {PLAIN_CUTS} times: {confirmed} sales confirmed, {lost} lost")  # noqa: T201
    assert (confirmed > PLAIN_CUTS, lost) == (True, 0)
