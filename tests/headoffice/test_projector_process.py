"""The projector as a process of its own, killed again and again; and the same club on SQLite and on PostgreSQL."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.database import driver
from headoffice import main
from tests.rigs import postgres

ROOT = Path(__file__).parents[2]
FULL = bool(os.environ.get("CARD_STATION_FULL"))
KILLED_SALES, SALES = 5_000, 100_000 if FULL else 4_000
DERIVED_OF_TIME = {"audit_difference"}
"""It says when a difference was found."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


def program(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "headoffice.main", words[0], "--home", str(home), *words[1:]],
        cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def club(home: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rigs.project_club", str(home), *words],
        cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout) if done.stdout else None


def founded(home: Path, *words: str) -> Path:
    program(home, "init", *words)
    program(home, "seed-demo", "--members", "10", "--goods", "5")
    return home


def at_work(home: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "headoffice.main", "work", "--home", str(home)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


def projected(home: Path) -> int:
    """How many entries of the head office in ``home``, which is on SQLite, are projected."""
    with closing(driver.connect(str(home / main.DATABASE))) as database:
        return int(database.execute("SELECT sum(projected) FROM intake_incarnation").fetchone()[0])


def test_a_projector_that_is_killed_again_and_again_posts_everything_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    killed = founded(tmp_path / "killed")
    club(killed, "take", "2", str(KILLED_SALES))
    left_alone = Path(shutil.copytree(killed, tmp_path / "left-alone"))
    chance, kills, marks = Random(6), 0, [0]  # noqa: S311 - when to kill
    due = club(killed, "digests")["acknowledged"]
    while marks[-1] < due and kills < 200:
        process = at_work(killed)
        time.sleep(chance.uniform(0.05, 1.5))
        process.kill()
        process.communicate()
        kills += 1
        marks.append(projected(killed))
    process = at_work(left_alone)
    while projected(left_alone) < due:
        time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()
    told, expected = club(killed, "digests"), club(left_alone, "digests")
    steps = len(set(marks)) - 1
    with capsys.disabled():
        print(f"\n{kills} kills, {steps} of them after progress; {told['projected']} entries")  # noqa: T201 - the count is the proof
    assert (told["wrong"], expected["wrong"]) == ("", "")
    assert told["projected"] == expected["projected"] == due
    assert {table for table, digest in told["digests"].items() if digest != expected["digests"][table]} <= DERIVED_OF_TIME
    assert kills > 3
    assert "equal" in program(killed, "rebuild")


def test_sqlite_and_postgresql_make_the_same_ledgers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's programs are not here: make system-test")
    with postgres.running() as server:
        homes = [founded(tmp_path / "sqlite"),
                 founded(tmp_path / "postgresql", "--database", server.create("club"))]
        for home in homes:
            club(home, "project", "4", str(SALES))
        sqlite, postgresql = (club(home, "digests") for home in homes)
        with capsys.disabled():
            print(f"\n{sqlite['projected']} entries of {SALES} sales: {len(sqlite['digests'])} tables equal")  # noqa: T201 - the count is the proof
        assert sqlite == postgresql
        assert (sqlite["wrong"], sqlite["projected"]) == ("", sqlite["acknowledged"])
        assert sqlite["projected"] > SALES
        for home in homes:
            lines = program(home, "rebuild").splitlines()
            assert [line for line in lines if line.startswith("differs")] == []
            assert program(home, "verify") == "the books agree with the journals\n"
        # of what came after the first time; and then of nothing any more
        first, again = ([program(home, "expire", "--day", "2026-06-01") for home in homes] for _ in range(2))
        assert len(set(first)) == 1
        assert again == ["0 accounts had lots that ended before 2026-06-01\n"] * 2
        for home in homes:
            assert program(home, "verify") == "the books agree with the journals\n"
