"""A sale's commit beside a bare SQLite commit of the same bytes with the same durability."""

from pathlib import Path

from data.database import driver
from data.journal import JournalStore
from station.basket import HeldBasket
from station.journal import Draft
from station.sale import Sale
from tests.benchmarks.figure import Figure, in_turn
from tests.data.test_journal import sale
from tests.fakes import NOON

RUNS = 600
KEY = bytes(range(32))


def measure(folder: Path) -> list[Figure]:
    """Encrypted, as shipped, beside bare inserts of the same stored bytes, plain and encrypted.

    Before each sale its basket is kept, as at its last scan.
    """
    journal = JournalStore(folder / "journal.db", KEY)
    journal.found("12-1", "bench", NOON)
    raw = journal.append(sale(0)).raw
    drafts = [sale(number) for number in range(1, RUNS + 1)]
    kept, sold = iter([HeldBasket(_sale(each).basket) for each in drafts]), iter(drafts)
    plain, sealed = _bare(folder / "plain.db", None), _bare(folder / "sealed.db", KEY)
    keeping, ours, bare, bare_sealed = in_turn(
        RUNS, lambda: journal.keep_basket(next(kept)), lambda: journal.append(next(sold)),
        lambda: _insert(plain, raw), lambda: _insert(sealed, raw))
    for each in (journal, plain, sealed):
        each.close()
    name = "sale commit (encrypted journal)"
    return [
        Figure(name, ours, "ms", "bare commit, plain", bare),
        Figure(name, ours, "ms", "bare commit, encrypted", bare_sealed),
        Figure("basket kept at a scan (encrypted)", keeping, "ms", "bare commit, encrypted", bare_sealed),
    ]


def _sale(draft: Draft) -> Sale:
    assert isinstance(draft.body, Sale)
    return draft.body


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
