"""SQLite for the station: the one place that opens connections, begins writes and names faults.

The driver is sqlcipher3, whose bundled SQLite is free of the WAL-reset bug (fixed in SQLite
3.51.3). Where it is not installed, the standard library's driver takes its place: files are then
not encrypted, hold nothing personal and do without WAL.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from data.steps import Steps
from station.errors import ErrorCode, StationError

try:
    import sqlcipher3.dbapi2 as driver
except ImportError:
    import sqlite3 as driver

__all__ = ["ENCRYPTS", "Database", "Row", "driver", "engine"]

ENCRYPTS: bool = driver.__name__ != "sqlite3"
"""Whether this installation can encrypt at all."""

BUSY_TIMEOUT_MS = 5000
KEY_BYTES = 32
CACHE_KIB = 8_000
OLDEST_SAFE_SQLITE = (3, 51, 3)
# Locking the memory of keys costs half the speed and protects from nobody who is not stopped already.
_ENCRYPTED = ("cipher_log_level = NONE", "cipher_memory_security = OFF", "journal_mode = WAL", "synchronous = FULL")
# EXTRA also makes the end of the rollback journal durable: with FULL a power cut could undo a sale.
_PLAIN = ("journal_mode = DELETE", "synchronous = EXTRA")
_PRIMARY_CODE = 0xFF
_FAULTS = {
    5: ErrorCode.DATABASE_LOCKED,
    6: ErrorCode.DATABASE_LOCKED,
    8: ErrorCode.DISK_READ_ONLY,
    10: ErrorCode.DISK_FAULT,
    11: ErrorCode.DATABASE_CORRUPT,
    13: ErrorCode.DISK_FULL,
    14: ErrorCode.DATABASE_UNAVAILABLE,
    26: ErrorCode.DATABASE_KEY_WRONG,
}
# After one of these SQLCipher lets a connection fail for ever, even when the disk is well again.
_DOUBTFUL = frozenset({
    ErrorCode.DISK_FAULT, ErrorCode.DISK_READ_ONLY, ErrorCode.DATABASE_CORRUPT, ErrorCode.DATABASE_KEY_WRONG,
    ErrorCode.DATABASE_UNAVAILABLE})
_LEAST_FREE = 64 * 1024
"""Bytes: with fewer a file cannot even be opened, for its shared memory needs 32 KiB."""

Row = tuple[Any, ...]


def _seen(code: ErrorCode, folder: Path) -> ErrorCode:
    """Return ``code``, or what ``folder`` shows: that a disk is full or read-only SQLite says only of some calls."""
    if code in (ErrorCode.DISK_FAULT, ErrorCode.DATABASE_UNAVAILABLE) and folder.exists():
        if not os.access(folder, os.W_OK):
            return ErrorCode.DISK_READ_ONLY
        if shutil.disk_usage(folder).free < _LEAST_FREE:
            return ErrorCode.DISK_FULL
    return code


class _Link:
    """The connection to one file, and the names of its faults: ``with link as connection``.

    Turns the driver's environment faults into ``StationError`` 4xx. What is not a fault of the
    environment (a wrong statement, a broken constraint) passes through: it is a bug and stays loud.
    After a fault that leaves the connection in doubt the next block gets another. No generator,
    for every look-up passes here, and entering two of them took nearly as long as its SELECT.
    """

    __slots__ = ("_doubtful", "_key", "_path", "_settings", "connection")

    def __init__(self, path: Path, key: bytes | None, settings: Sequence[str]) -> None:
        self._path = path
        self._key = key
        self._settings = settings
        self._doubtful = False
        self.connection = self._connect()

    def _connect(self) -> Any:
        try:
            connection = driver.connect(str(self._path), isolation_level=None)
            try:
                if self._key is not None:  # a raw key, without any derivation, and before anything else
                    connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
                connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
                for setting in self._settings:
                    connection.execute(f"PRAGMA {setting}")
            except BaseException:
                connection.close()
                raise
        except driver.Error as error:
            self._name(error)
            raise
        return connection

    def _name(self, error: Exception) -> None:
        """Raise what ``error`` says of the environment. Codes: https://sqlite.org/rescode.html, primary part."""
        code = _FAULTS.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE)
        if code is not None:
            seen = _seen(code, self._path.parent)
            self._doubtful = self._doubtful or seen in _DOUBTFUL
            raise StationError(seen, file=self._path.name) from error

    def __enter__(self) -> Any:
        if self._doubtful and not self.connection.in_transaction:
            fresh = self._connect()
            self.connection.close()
            self.connection, self._doubtful = fresh, False
        return self.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, driver.Error):
            self._name(error)


class Database:
    """One SQLite file, opened for one thread, with its steps taken.

    Whatever a closed ``writing`` block wrote survives a power cut. ``encrypted`` says whether it is
    a SQLCipher file.
    """

    def __init__(self, path: Path, key: bytes | None, steps: Steps, cache_kib: int = CACHE_KIB) -> None:
        """Open or create ``path`` under the raw 32-byte ``key``; without one it is a plain file.

        ``cache_kib`` KiB of pages at most stay in memory, decrypted and proven. Raises ``StationError``
        DATABASE_KEY_WRONG, DATABASE_NEWER (a migration this program does not know was applied) or
        another 4xx; ``ValueError`` for a key of another length, or one that this installation could
        not use: nothing is ever written plain by mistake.
        """
        if key is not None and (len(key) != KEY_BYTES or not ENCRYPTS):
            message = f"a database key has {KEY_BYTES} bytes, got {len(key)}; encryption is there: {ENCRYPTS}"
            raise ValueError(message)
        self.path = path
        self.encrypted = key is not None
        self._link = _Link(path, key, (*(_ENCRYPTED if self.encrypted else _PLAIN), f"cache_size = -{cache_kib}"))
        try:
            self._migrate(steps)
        except BaseException:
            self.close()
            raise

    def _migrate(self, steps: Steps) -> None:
        with self._link as connection:
            taken = steps.taken(connection)
            if set(taken) - set(steps.names):
                raise StationError(ErrorCode.DATABASE_NEWER, file=self.path.name)
            if set(steps.names) - set(taken):
                steps.take(connection)

    def steps_taken(self, steps: Steps) -> tuple[str, ...]:
        """Return the names of those of ``steps`` that made the file what it is."""
        with self._link as connection:
            return steps.taken(connection)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one IMMEDIATE transaction, durable at its end, undone on any exception.

        IMMEDIATE, because a deferred transaction that reads before it writes fails at once when
        another connection wrote in between. Raises ``StationError`` 4xx.
        """
        link = self._link  # whose connection may be another at the end of a block that went on after a fault
        with link:
            link.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                link.connection.execute("COMMIT")
            except BaseException:
                if link.connection.in_transaction:
                    link.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let the block see the file as it is at its first query, whatever others write meanwhile.

        Without WAL (a plain file) a reader would hold up who writes, so there each query sees the
        file of its own moment.
        """
        with self._link as connection:
            if self.encrypted:
                connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        with self._link as connection:
            connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        with self._link as connection:
            connection.executemany(sql, rows)

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with self._link as connection:
            found: Row | None = connection.execute(sql, values).fetchone()
            return found

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        with self._link as connection:
            found: list[Row] = connection.execute(sql, values).fetchall()
            return found

    def faults(self) -> list[str]:
        """Return what SQLite's and SQLCipher's own checks find wrong with the file; [] when sound."""
        self.rows("PRAGMA wal_checkpoint(FULL)")  # after a power cut the file's own pages may be torn, the log's are good
        pages = [str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check")]
        if pages:
            return pages  # SQLite's own check cannot read past a page whose seal is broken
        return [str(row[0]) for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]

    def close(self) -> None:
        """Close the connection."""
        self._link.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def engine() -> tuple[str, bool]:
    """Return the SQLite version in use and whether it is safe: free of the WAL-reset bug, or without WAL."""
    return driver.sqlite_version, not ENCRYPTS or driver.sqlite_version_info >= OLDEST_SAFE_SQLITE
