"""The projector on SQLite and on PostgreSQL, with the audit and without, beside a bare write of the same rows."""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from headoffice import main as program
from tests.benchmarks.figure import Figure, milliseconds
from tests.rigs import postgres
from tests.rigs.club_days import StationDays

SALES, STATIONS = 5_000, 4


def measure(folder: Path) -> list[Figure]:
    """Sales per second on each database, each in a process and a head office of its own."""
    figures = _measured(folder / "sqlite", "SQLite")
    if postgres.binaries() is not None:
        with postgres.running() as server:
            figures += _measured(folder / "postgresql", "PostgreSQL", "--database", server.create("club"))
    return figures


def _measured(home: Path, name: str, *words: str) -> list[Figure]:
    subprocess.run([sys.executable, "-m", "headoffice.main", "init", "--home", home, *words],
                   check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.projector", home],
                          check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return [Figure(f"{name}: {what}", told[key], "sales/s", "bare write of the same rows", told["bare"])
            for key, what in (("all", "projector"), ("posting", "projector without audit"))]


def _rates(home: Path) -> dict[str, float]:
    """Project the same journals twice, the second time without the audit, and write the rows of the first barely."""
    program.bootstrap(home)
    from django.db import connection, transaction

    from headoffice.projector.project import Projector
    from tests.rigs import received

    stations = [StationDays(f"12-{number}", number) for number in range(1, STATIONS + 1)]
    received.found(stations)
    for days in stations:
        days.play(SALES // STATIONS)
        received.take(days, 1, len(days.raws))
    with transaction.atomic():
        posting = milliseconds(lambda: _post(stations))
        transaction.set_rollback(True)
    projector, steps = Projector(), 0

    def project() -> None:
        nonlocal steps
        while projector.project(received.RECEIVED_US).name:
            steps += 1

    everything = milliseconds(project)
    with connection.cursor() as cursor:
        rows = list(_rows(cursor))
        bare = milliseconds(lambda: _bare(cursor, rows, steps))
    return {name: SALES / taken * 1000 for name, taken in (
        ("all", everything), ("posting", posting), ("bare", bare))}


def _post(stations: list[StationDays]) -> None:
    from django.db import connection, transaction

    from headoffice.ledger.posting import Moving, post
    from headoffice.ledger.steps import begin
    from headoffice.projector.project import MOST, read
    from station.sale import Sale, SaleReturn
    from tests.rigs.received import RECEIVED_US

    for days in stations:
        for first in range(1, len(days.raws) + 1, MOST):
            with transaction.atomic(), connection.cursor() as cursor:
                moving: list[Moving] = [
                    entry for entry in read((days.station, days.incarnation), first, MOST)  # type: ignore[misc] # by its body
                    if entry and isinstance(entry.body, Sale | SaleReturn)]
                post(cursor, moving, begin(cursor, RECEIVED_US))


def _rows(cursor: Any) -> Iterator[tuple[str, dict[str, str], list[Any]]]:
    """Yield what was written: table, columns with their types, rows."""
    from headoffice.projector.digests import KEYS

    for table, key in KEYS.items():
        cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} LIMIT 0")  # noqa: S608 - our names
        cursor.execute(f"CREATE UNIQUE INDEX bare_{table}_key ON bare_{table} ({key})")
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our names
        names = [each[0] for each in cursor.description]
        rows = cursor.fetchall()
        if rows:
            yield f"bare_{table}", {
                name: "int8" if any(isinstance(row[i], int) for row in rows[:1]) else "text"
                for i, name in enumerate(names)}, rows


def _bare(cursor: Any, tables: list[tuple[str, dict[str, str], list[Any]]], steps: int) -> None:
    from django.db import transaction

    from headoffice.ledger.rows import insert

    parts = [(table, names, iter(rows), -(-len(rows) // steps)) for table, names, rows in tables]
    for _ in range(steps):
        with transaction.atomic():
            for table, names, rows, count in parts:
                insert(cursor, table, names, list(islice(rows, count)))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_rates(Path(sys.argv[1]))))
