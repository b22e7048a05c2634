"""One station's upload, signed, checked and posted, beside a bare insert of the same rows."""

from collections.abc import Sequence
from pathlib import Path

from data.database import driver
from station.journal import Stored
from station.pricing import price
from tests.benchmarks.figure import Figure, milliseconds
from tests.data.test_journal import sale
from tests.fakes import NOON
from ui.demo.office import Office, Seed
from ui.wiring import Home, open_memory, pair, sync_opener

SALES = 3000


def measure(folder: Path) -> list[Figure]:
    """Sales per second from the journal of a station to a head office process on SQLite."""
    office = Office(folder / "office")
    office.make(Seed(members=100, goods=20))
    office.start()
    try:
        home = Home(folder / "station")
        who = pair(home, office.url, office.ask("pair", "--shop", "12"))
        memory = open_memory(home, who.enrolment)
        sync = sync_opener(home, who)()
        while sync.pull():
            pass
        rules = memory.packs.current(NOON.utc_us)
        for number in range(SALES):
            draft = sale(number, who=None)
            assert draft.body.basket.pack == rules.number  # type: ignore[union-attr]
            assert price(rules, draft.body.basket).total  # type: ignore[union-attr]
            memory.journal.append(draft)
        entries = memory.journal.branches()[-1].after(0, SALES + 10)

        def upload() -> None:
            while sync.push().unsent:
                pass

        taken = milliseconds(upload)
        sync.close()
        memory.close()
    finally:
        office.stop()
    bare = milliseconds(lambda: _bare(folder / "bare.db", entries))
    return [Figure("upload, signed, checked, posted", SALES / taken * 1000, "sales/s",
                   "bare insert of the same rows", SALES / bare * 1000)]


def _bare(path: Path, entries: Sequence[Stored]) -> None:
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE entry (station TEXT, incarnation TEXT, seq INTEGER, raw BLOB, hash BLOB,"
        " PRIMARY KEY (station, incarnation, seq)) WITHOUT ROWID")
    for start in range(0, len(entries), 1000):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO entry VALUES ('12-1', 'x', ?, ?, ?)",
            [(each.seq, each.raw, each.hash) for each in entries[start:start + 1000]])
        connection.execute("COMMIT")
    connection.close()
