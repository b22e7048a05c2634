"""A disk that fails: every refusal has its number, nothing confirmed is lost, and selling goes on where it can."""

import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from station.errors import ErrorCode
from tests.rigs.power import STRACE, Point
from tests.rigs.shop_check import HEADING, Figures, examine
from tests.rigs.shop_run import FULL, Run

pytestmark = [pytest.mark.slow]
straced = pytest.mark.skipif(STRACE is None, reason="strace is not installed")
unshared = pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], check=False).returncode != 0,
    reason="this user may not mount a small disk")
ONCE, FOR_EVER = (40, 20) if FULL else (4, 2)
FAULTS = {
    ("pwrite64", "ENOSPC"): {ErrorCode.DISK_FULL, ErrorCode.DISK_FAULT},
    ("pwrite64", "EIO"): {ErrorCode.DISK_FAULT},
    ("fsync", "EIO"): {ErrorCode.DISK_FAULT, ErrorCode.BACKUP_UNWRITABLE},
    ("rename", "ENOSPC"): {ErrorCode.DISK_FULL},
    ("pread64", "EIO"): {
        ErrorCode.DISK_FAULT, ErrorCode.DATABASE_CORRUPT, ErrorCode.JOURNAL_BROKEN, ErrorCode.DATABASE_KEY_WRONG},
}
"""A call, how it fails, and what a cashier may be told of it.

SQLite tells a full disk from other faults only where it writes to its files, not to the memory it
shares; SQLCipher does not tell a page that cannot be read from one that is broken.
"""


def spread(run: Run, call: str, count: int, chance: Random) -> list[Point]:
    """Return ``count`` moments of ``call``: by chance, of as many different kinds of step as can be."""
    steps: dict[str, Point] = {}
    found = run.points(call)
    for each in chance.sample(found, len(found)):
        # Not in the last close, which nothing is said of; nor, for reading, before the program itself was read.
        if (call == "pread64") <= each.said < len(run.said):
            steps.setdefault(run.said[each.said].split()[1], each)
    return list(steps.values())[:count]


def refusals(said: Sequence[str]) -> set[ErrorCode]:
    """Return why the disk refused; that there is then no shift or no good in the basket only follows from it."""
    told = {(words[1], ErrorCode(int(words[2][1:]))) for line in said if (words := line.split())[0] == "refused"}
    return {code for step, code in told if 400 <= code < 500 and (step, code) != ("backup", ErrorCode.BACKUP_UNWRITABLE)}


@straced
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("call", "error"), FAULTS)
def test_a_failing_call_is_told_by_number_and_loses_nothing(
        tmp_path: Path, call: str, error: str, capsys: pytest.CaptureFixture[str]) -> None:
    run, figures, told = Run(tmp_path, 1), Figures(), set[ErrorCode]()
    steps = [line.split()[1] for line in run.said]
    moments = spread(run, call, ONCE, Random(1))  # noqa: S311 - the same each time

    def failing(when: str) -> tuple[list[str], Figures]:
        with run.folder(f"{call}-{error}-{when}") as folder:
            said = run.failing(folder, call, error, when)
            return said, examine(folder, said)

    with ThreadPoolExecutor(2) as pool:
        for said, found in pool.map(failing, [f"{at.number}" for at in moments]):
            told |= refusals(said)
            figures.add(found)
            # Each step was done: at once, for SQLite mends some, or when it was tried again.
            assert [line.split()[1] for line in said if line.startswith("did")] == steps
        for said, found in pool.map(failing, [f"{at.number}+" for at in moments[:FOR_EVER]]):
            told |= refusals(said)
            figures.add(found)
    with capsys.disabled():
        print("", HEADING, *figures.rows(f"{call}: {error}"), sep="\n")  # noqa: T201 - shown on purpose
    assert figures.faults == []
    assert figures.sound
    assert told
    assert told <= FAULTS[call, error]


def mounted(run: Run, folder: Path, mount: str) -> list[str]:
    """Run the days in ``folder`` on a disk made by the shell commands ``mount``, which no other program sees.

    What is then on it is copied beside it. Returns what was said.
    """
    script = f'{mount}; shift; "$@"; cp -r "$0/." "$0-kept"'
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(folder), str(folder),
         *run.command(folder)], stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True).stdout.splitlines()


@unshared
def test_a_full_disk_sells_until_it_is_full_and_then_says_so(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    with run.folder("small") as folder:
        said = mounted(run, folder, 'mount -t tmpfs -o size=700k none "$0"')
        figures = examine(folder.with_name("small-kept"), said)
    assert figures.confirmed["sale"] >= 1
    assert figures.sound, figures.faults
    assert refusals(said) == {ErrorCode.DISK_FULL}


@unshared
def test_a_read_only_disk_is_told_and_what_was_sold_is_still_there(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    with run.folder("plain") as folder:
        before = subprocess.run(
            run.command(folder), stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True).stdout.splitlines()
        said = mounted(run, folder, 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"')
        figures = examine(folder, before)
    assert said == ["refused open E402", "refused open E402"]
    assert figures.sound, figures.faults
