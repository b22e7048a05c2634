"""A sale's commit beside a bare SQLite commit of the same bytes with the same durability."""

import itertools
from pathlib import Path

from data.database import driver
from data.journal import JournalStore
from tests.benchmarks.figure import Figure, in_turn
from tests.data.test_journal import sale
from tests.fakes import NOON

RUNS = 600
KEY = bytes(range(32))


def measure(folder: Path) -> list[Figure]:
    """Encrypted, as shipped, beside bare inserts of the same stored bytes, plain and encrypted."""
    journal = JournalStore(folder / "journal.db", KEY)
    journal.found("12-1", "bench", NOON)
    raw = journal.append(sale(0)).raw
    numbers = itertools.count(1)
    plain, sealed = _bare(folder / "plain.db", None), _bare(folder / "sealed.db", KEY)
    ours, bare, bare_sealed = in_turn(
        RUNS, lambda: journal.append(sale(next(numbers))), lambda: _insert(plain, raw),
        lambda: _insert(sealed, raw))
    drafting = in_turn(RUNS, lambda: sale(next(numbers)))[0]
    for each in (journal, plain, sealed):
        each.close()
    name = "sale commit (encrypted journal)"
    return [
        Figure(name, ours - drafting, "ms", "bare commit, plain", bare),
        Figure(name, ours - drafting, "ms", "bare commit, encrypted", bare_sealed),
    ]


def _bare(path: Path, key: bytes | None) -> "driver.Connection":
    connection = driver.connect(str(path), isolation_level=None)
    if key:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, raw BLOB)")
    return connection


def _insert(connection: "driver.Connection", raw: bytes) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO entry (raw) VALUES (?)", (raw,))
    connection.execute("COMMIT")
