"""Ten signed stations at once, on both databases: every sale arrives exactly once, and the ledgers are the same."""

import json
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.load.office import Loaded, embedded, production
from tests.load.run import Load, play
from tests.rigs import postgres

pytestmark = [
    pytest.mark.slow, pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are measured through /proc")]
LOAD = Load(stations=10, sales=2000, entries=60)
MEMBERS = 50
Books = dict[str, tuple[int, str]]


def after_load(office: AbstractContextManager[Loaded], folder: Path) -> Books:
    """Play the load and return what is in the books then."""
    with office as loaded:
        figures = play(loaded, LOAD, folder)
        assert (figures.sales, figures.behind >= 0, figures.faults) == (LOAD.sales, True, 0)
        done = subprocess.run(
            [sys.executable, "-m", "tests.load.books", str(loaded.office.home)], check=True, capture_output=True, text=True)
    found: Books = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The books of the embedded head office after the load."""
    folder = tmp_path_factory.mktemp("embedded")
    return after_load(embedded(folder, MEMBERS), folder)


def test_every_sale_is_there_exactly_once(sqlite: Books) -> None:
    entries = LOAD.sales + LOAD.stations * 2  # each journal opened, and a shift in it
    counts = {table: count for table, (count, _) in sqlite.items()}
    assert (counts["intake_entry"], counts["ledger_sale"]) == (entries, LOAD.sales)
    assert (counts["audit_difference"], counts["intake_quarantine"]) == (0, 0)


def test_postgresql_makes_the_same_ledgers(sqlite: Books, tmp_path: Path) -> None:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's programs are not here: make system-test")
    with postgres.running() as server:
        assert after_load(production(tmp_path, MEMBERS, server, workers=2), tmp_path) == sqlite
