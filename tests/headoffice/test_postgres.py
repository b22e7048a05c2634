"""Head office on PostgreSQL: the same tests once more, the real server, a kill, what ``init`` refuses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from headoffice import database, main
from headoffice.database import postgresql
from tests.rigs import postgres

ROOT = Path(__file__).parents[2]
# What runs on both: everything that speaks to the database in its own words, or leans on what it promises.
TWICE = {
    "what comes in": ("access", "health", "intake", "intake_kept", "pairing", "quarantine", "stick"),
    "what goes out": ("console", "demo", "feeds", "member_page", "packs", "small_feeds", "snapshot", "told"),
    "the books": (
        "closed_shifts", "enrolments", "families", "projector", "rebuild", "returns", "turns", "turns_audit", "spending", "spending_leases",
        "spending_races", "stored_value"),
    "cards": ("card_deeds", "card_feeds", "new_holders", "tellings", "questions", "claims", "claims_audit", "seen_codes", "cards_at_the_counter"),
}
# They hold SQLite's lock, read its plans, put its file back.
ONLY_SQLITE = ("a_locked_database", "sqlite_has_one_writer", "the_books_are_locked", "without_sorting", "a_restored_head_office")


@pytest.fixture(scope="module")
def quick(server: postgres.Server) -> Iterator[postgres.Server]:
    """A server that makes a copy of the club for each of hundreds of tests, and may lose it all."""
    assert server
    with postgres.running(durable=False) as quick:
        yield quick


@pytest.fixture(scope="module")
def runs(quick: postgres.Server) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """The parts under way, two at a time, each in a process and a database of its own."""
    with ThreadPoolExecutor(2) as pool:
        yield {part: pool.submit(run, quick, place) for place, part in enumerate(TWICE)}


def run(quick: postgres.Server, place: int) -> subprocess.CompletedProcess[str]:
    files = [Path(__file__).with_name(f"test_{name}.py") for name in list(TWICE.values())[place]]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", f"not {' and not '.join(ONLY_SQLITE)}", *files],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "HEADOFFICE_TEST_DATABASE": quick.create(f"club{place}")})


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", TWICE)
def test_the_tests_of_head_office_hold_on_postgresql_too(
    quick: postgres.Server, runs: dict[str, Future[subprocess.CompletedProcess[str]]], part: str,
) -> None:
    done = runs[part].result()
    assert done.returncode == 0, done.stdout[-8000:]
    with psycopg.connect(quick.url(f"club{list(TWICE).index(part)}_kept")) as connection:
        assert connection.execute("SELECT count(*) FROM register_member").fetchone() == (30,)


def test_init_keeps_the_address_where_only_the_owner_reads_it(server: postgres.Server, tmp_path: Path) -> None:
    home, url = tmp_path / "office", server.create("fresh")
    made = office(home, "init", "--database", url)
    assert (made.returncode, made.stderr) == (0, "")
    assert (home / main.DATABASE_URL).stat().st_mode & 0o777 == 0o600
    assert not (home / main.DATABASE).exists()
    assert office(home, "init").returncode == office(home, "init", "--database", url).returncode == 0
    assert office(home, "seed-demo", "--members", "12", "--goods", "4").returncode == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM register_member").fetchone() == (12,)
    elsewhere = office(home, "init", "--database", server.create("elsewhere"))
    assert (elsewhere.returncode, "another database already" in elsewhere.stderr) == (2, True)


def test_books_that_are_in_sqlite_stay_there(server: postgres.Server, tmp_path: Path) -> None:
    assert office(tmp_path, "init").returncode == 0
    with pytest.raises(ValueError, match="another database already"):
        database.choose(tmp_path, server.create("late"))
    assert not (tmp_path / main.DATABASE_URL).exists()


def test_a_database_that_sorts_otherwise_is_refused(server: postgres.Server, tmp_path: Path) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS latin")
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(ValueError, match="ENCODING 'UTF8'"):
        database.choose(tmp_path, server.url("latin"))


def test_a_database_that_is_not_there_is_refused(server: postgres.Server, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not answer"):
        database.choose(tmp_path, server.url("nowhere"))


def test_an_address_becomes_djangos_parts() -> None:
    found = postgresql("postgresql://office:a%20b@db.example:5433/club?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "club", "office", "a b", "db.example", "5433"]
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    socket = postgresql("postgresql:///club?host=/run/postgresql&options=-c%20work_mem%3D8MB")
    assert (socket["HOST"], socket["USER"]) == ("/run/postgresql", "")
    assert socket["OPTIONS"]["options"] == "-c work_mem=8MB -c lock_timeout=20s"


@pytest.mark.parametrize(("url", "word"), [
    ("mysql://x/y", "begins with"), ("postgresql://office:secret@h:port:5/x?y", "cannot be read"),
    ("postgresql://office@h", "names no database")])
def test_what_is_no_address_is_refused_without_its_password(url: str, word: str) -> None:
    with pytest.raises(ValueError, match=word) as caught:
        postgresql(url)
    assert "secret" not in str(caught.value)


def office(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "headoffice.main", words[0], "--home", str(home), *words[1:]],
        capture_output=True, text=True, check=False, timeout=60, encoding="utf-8")
