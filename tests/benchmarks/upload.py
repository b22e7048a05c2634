"""One station's upload, whole: its encrypted journal, TLS, signatures, chain, every entry read, rows durable.

Beside it in the same run: bare COPY (SQLite: executemany) of the same rows into a table with the same
indexes, a commit for a batch of rows, and head office's HTTP without a database. The sales are those of the
demo shop, 6 000 of them, 50 000 with CARD_STATION_FULL, in rounds that take turns with their limits. On
PostgreSQL the projector does not run meanwhile; embedded it does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Protocol

import psycopg
import zstandard

from data.database import driver
from headoffice.database import SQLITE_FILE
from station.errors import ErrorCode, StationError
from station.journal import Draft, Stored
from sync.batches import BatchSize
from sync.client import ZSTD_LEVEL, HeadOffice, Identity, Link
from sync.exchange import StationSync
from sync.keys import OfficeKey
from sync.wire import BatchHead, join_entries
from tests.benchmarks.figure import Figure, milliseconds
from tests.load.office import Loaded, embedded, production
from tests.load.sales import Shop, drafts
from tests.load.stations import SHOP, identity
from tests.rigs import postgres
from ui.wiring import Home, Memory, open_memory
from ui.wiring_lines import head_office, pair, sync_opener

SALES = 50_000 if os.environ.get("CARD_STATION_FULL") else 6_000
ROUNDS = 3
MEMBERS = 2000
GOAL_MB, GOAL_SALES = 9.2, 50_000
GOAL_S = 5.0
AGAIN_S = 0.05
TYPES = ["text", "text", "int8", "text", "bytea", "bytea", "int8"]
COLUMNS = "station, incarnation, seq, kind, raw, hash, received_us"
Row = tuple[str, str, int, str, bytes, bytes, int]


@dataclass
class Station:
    """A station that is paired with ``loaded``, and what it can sell."""

    name: str
    loaded: Loaded
    memory: Memory
    sync: StationSync
    drafts: Iterator[Draft]
    size: BatchSize = field(default_factory=BatchSize)

    def sell(self, count: int) -> list[Sequence[Stored]]:
        """Close so many sales; return their entries in batches."""
        branch = self.memory.journal.branches()[-1]
        mark = branch.head().seq
        for draft in islice(self.drafts, count):
            self.memory.journal.append(draft)
        cuts, waiting = list[Sequence[Stored]](), branch.after(mark, count)
        while waiting:
            cuts.append(self.size.cut(waiting[:self.size.entries]))
            waiting = waiting[len(cuts[-1]):]
            if waiting:
                self.size.grow()
        return cuts

    def upload(self) -> None:
        """Send all that is unsent."""
        while self.sync.push().unsent:
            pass

    def insist(self) -> None:
        """Send until it goes through."""
        while True:
            try:
                self.upload()
            except StationError as fault:
                if fault.code not in (ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY):
                    raise
                time.sleep(AGAIN_S)
            else:
                return


def measure(folder: Path) -> list[Figure]:
    """Sales per second, bytes on the wire, and seconds until an upload goes on after PostgreSQL was killed."""
    with embedded(folder, MEMBERS) as loaded, _paired(folder / "till-1", loaded) as station:
        figures = _rates(station, "SQLite, projecting", _Sqlite(loaded.office.home / SQLITE_FILE, folder / "bare.db"))
    if postgres.binaries() is None:
        return figures
    with (postgres.running() as server, production(folder, MEMBERS, server, 2, projects=False) as loaded,
          _paired(folder / "till-2", loaded) as station):
        figures += _rates(station, "PostgreSQL", _Postgres(server.url("load")))[:2]
        figures.append(_recovery(station, server))
    return figures


@contextmanager
def _paired(folder: Path, loaded: Loaded) -> Iterator[Station]:
    home = Home(folder)
    who = pair(home, loaded.office.url, loaded.office.ask("pair", "--shop", SHOP))
    with ExitStack() as stack:
        memory = open_memory(home, who.enrolment)
        stack.callback(memory.close)
        line, _, _ = head_office(home, who)
        stack.callback(line.close)
        shop = Shop.asked(line, SHOP, memory.journal.head().incarnation)
        sync = sync_opener(home, who)()
        stack.callback(sync.close)
        sync.push()
        yield Station(who.enrolment.station, loaded, memory, sync, drafts(shop, SALES + ROUNDS, 1))


def _rates(station: Station, name: str, bare: "_Bare") -> list[Figure]:
    """Return the upload beside the ``bare`` write, beside HTTP alone, and its bytes."""
    uploads, copies, hollows = [], [], []
    packed = count = 0
    with _hollow(station.loaded.office.home) as url:
        office = HeadOffice(
            Link(url, station.loaded.ca), Identity(station.name, identity(1).key),
            OfficeKey(station.loaded.key, lambda _key: None))
        for _ in range(ROUNDS):
            before = station.memory.journal.head()
            cuts = station.sell(SALES // ROUNDS)
            sent = sum(map(len, cuts))
            batches = [_batch(before.incarnation, before.hash, cuts, at) for at in range(len(cuts))]
            uploads.append(sent / milliseconds(station.upload) * 1000)
            rows = [_rows(before.incarnation, cut) for cut in cuts]
            copies.append(sent / milliseconds(partial(bare.write, rows)) * 1000)
            hollows.append(sent / milliseconds(partial(_put_all, office, batches)) * 1000)
            packed += sum(len(zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)) for _, body in batches)
            count += sent
        office.close()
    bare.close()
    upload = median(uploads)
    return [
        Figure(f"{name}: one station's upload", upload, "sales/s", bare.what, median(copies)),
        Figure(f"{name}: one station's upload", upload, "sales/s", "HTTP, all checks, no database", median(hollows)),
        Figure(f"{GOAL_SALES} sales packed, zstd level {ZSTD_LEVEL}", packed / count * GOAL_SALES / 1e6, "MB", "goal", GOAL_MB)]


def _put_all(office: HeadOffice, batches: Sequence[tuple[BatchHead, bytes]]) -> None:
    for batch in batches:
        office.put_batch(batch[0], office.pack(batch[1]))


def _batch(incarnation: str, before: bytes, cuts: Sequence[Sequence[Stored]], at: int) -> tuple[BatchHead, bytes]:
    cut = cuts[at]
    head = BatchHead(
        incarnation=incarnation, first=cut[0].seq, last=cut[-1].seq,
        previous=(cuts[at - 1][-1].hash if at else before).hex(), head=cut[-1].hash.hex())
    return head, join_entries([each.raw for each in cut])


def _recovery(station: Station, server: postgres.Server) -> Figure:
    """Return how long it takes from a kill, with the restart at once, to the next receipt."""
    station.sell(1)

    def go_on() -> None:
        server.kill()
        server.start()
        station.insist()

    taken = milliseconds(go_on)
    return Figure("PostgreSQL killed: until the upload goes on", taken / 1000, "s", "goal", GOAL_S)


@contextmanager
def _hollow(home: Path) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.load.hollow", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


class _Bare(Protocol):
    """A bare write of journal rows. ``what`` it is, for people."""

    what: str

    def write(self, cuts: Sequence[Sequence[Row]]) -> None:
        """Write ``cuts``, each in a transaction of its own."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


def _rows(incarnation: str, cut: Sequence[Stored]) -> list[Row]:
    return [("12-1", incarnation, each.seq, "SALE", each.raw, each.hash, 1) for each in cut]


class _Postgres:
    """Binary COPY."""

    what = "indexed COPY of the same rows"

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("CREATE TABLE bare (LIKE intake_entry INCLUDING ALL)")

    def write(self, cuts: Sequence[Sequence[Row]]) -> None:
        """As told."""
        for rows in cuts:
            with (self._connection.transaction(), self._connection.cursor() as cursor,
                  cursor.copy(f"COPY bare ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy):
                copy.set_types(TYPES)
                for row in rows:
                    copy.write_row(row)

    def close(self) -> None:
        """As told."""
        self._connection.close()


class _Sqlite:
    """Inserts into a file of its own with the tables, triggers and settings of head office's."""

    what = "bare insert of the same rows"

    def __init__(self, office: Path, file: Path) -> None:
        with closing(driver.connect(str(office))) as books:
            made = books.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'intake_entry' AND sql > ''").fetchall()
        self._connection = driver.connect(str(file), isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *(each for each, in made)):
            self._connection.execute(statement)

    def write(self, cuts: Sequence[Sequence[Row]]) -> None:
        """As told."""
        for rows in cuts:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                f"INSERT INTO intake_entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - our names
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """As told."""
        self._connection.close()
