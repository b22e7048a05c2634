"""SQLite for the station: the one place that opens connections, begins writes and names faults.

The driver is sqlcipher3, whose bundled SQLite is free of the WAL-reset bug (fixed in SQLite
3.51.3). sqlite-utils looks for a module called ``pysqlite3`` before the standard library's; giving
it sqlcipher3 under that name, before its first import, makes both agree on one family of exceptions.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlcipher3.dbapi2 as driver

from station.errors import ErrorCode, StationError

if "sqlite_utils" in sys.modules:  # pragma: no cover - a programming error, shown at first start
    message = "sqlite_utils was imported before data.database chose its driver"
    raise ImportError(message)
sys.modules.setdefault("pysqlite3", driver)
sys.modules.setdefault("pysqlite3.dbapi2", driver)
from sqlite_utils import Database as Tables  # noqa: E402 - after the driver was registered, see above
from sqlite_utils import Migrations  # noqa: E402

__all__ = ["Database", "Migrations", "Row", "Tables", "driver", "engine", "known_faults"]

BUSY_TIMEOUT_MS = 5000
KEY_BYTES = 32
OLDEST_SAFE_SQLITE = (3, 51, 3)
_PRIMARY_CODE = 0xFF
_FAULTS = {
    5: ErrorCode.DATABASE_LOCKED,
    6: ErrorCode.DATABASE_LOCKED,
    8: ErrorCode.DISK_READ_ONLY,
    10: ErrorCode.DATABASE_UNAVAILABLE,
    11: ErrorCode.DATABASE_CORRUPT,
    13: ErrorCode.DISK_FULL,
    14: ErrorCode.DATABASE_UNAVAILABLE,
    26: ErrorCode.DATABASE_KEY_WRONG,
}
Row = tuple[Any, ...]


@contextmanager
def known_faults(name: str) -> Iterator[None]:
    """Turn the driver's environment faults into ``StationError`` 4xx about the file ``name``.

    What is not a fault of the environment (a wrong statement, a broken constraint) passes through:
    it is a bug and stays loud. Codes: https://sqlite.org/rescode.html, primary part.
    """
    try:
        yield
    except driver.Error as error:
        code = _FAULTS.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE)
        if code is None:
            raise
        raise StationError(code, file=name) from error


class Database:
    """One encrypted SQLite file, opened for one thread, with its migrations applied.

    WAL with ``synchronous=FULL``: whatever a closed ``writing`` block wrote survives a power cut.
    """

    def __init__(self, path: Path, key: bytes, migrations: Migrations) -> None:
        """Open or create ``path`` under the raw 32-byte ``key``.

        Raises ``StationError`` DATABASE_KEY_WRONG, DATABASE_NEWER (a migration this program does
        not know was applied) or another 4xx.
        """
        if len(key) != KEY_BYTES:
            message = f"a database key has {KEY_BYTES} bytes, got {len(key)}"
            raise ValueError(message)
        self.path = path
        with known_faults(path.name):
            self._connection = driver.connect(str(path), isolation_level=None)
            try:
                self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                self._connection.execute("PRAGMA cipher_log_level = NONE")
                self._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                self.tables = Tables(self._connection)
                self._migrate(migrations)
            except BaseException:
                self._connection.close()
                raise

    def _migrate(self, migrations: Migrations) -> None:
        known = {each.name for each in migrations.pending(self.tables)}
        applied = {each.name for each in migrations.applied(self.tables)}
        every = {each.name for each in migrations._migrations}  # noqa: SLF001 - no public list
        if applied - every:
            raise StationError(ErrorCode.DATABASE_NEWER, file=self.path.name)
        if known:
            migrations.apply(self.tables)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one IMMEDIATE transaction, durable at its end, undone on any exception.

        IMMEDIATE, because a deferred transaction that reads before it writes fails at once when
        another connection wrote in between. Raises ``StationError`` 4xx.
        """
        with known_faults(self.path.name):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        with known_faults(self.path.name):
            self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        with known_faults(self.path.name):
            self._connection.executemany(sql, rows)

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with known_faults(self.path.name):
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        with known_faults(self.path.name):
            found: list[Row] = self._connection.execute(sql, values).fetchall()
            return found

    def faults(self) -> list[str]:
        """Return what SQLite's and SQLCipher's own checks find wrong with the file; [] when sound."""
        pages = [str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check")]
        if pages:
            return pages  # SQLite's own check cannot read past a page whose seal is broken
        return [str(row[0]) for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def engine() -> tuple[str, bool]:
    """Return the SQLite version in use and whether it is free of the WAL-reset bug."""
    return driver.sqlite_version, driver.sqlite_version_info >= OLDEST_SAFE_SQLITE
