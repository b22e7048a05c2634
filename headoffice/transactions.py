"""What SQLite and PostgreSQL do differently, in one place: one state for readers, rows nobody changes, faults that pass."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.utils import InterfaceError, OperationalError

PASSING = (OperationalError, InterfaceError)
"""Among these are the faults that asking again later may mend: see ``will_pass``."""

RowT = TypeVar("RowT")
_log = logging.getLogger(__name__)

_TRIGGERS = {
    "sqlite": (
        """
        CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """,
        """
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
        """,
        """
        CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION append_only()
        """,
        """
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION append_only()
        """,
        """
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION append_only()
        """,
    ),
}


def will_pass(fault: Exception) -> bool:
    """Return whether asking again later may mend ``fault``, one of ``PASSING``; it is noted in the log then.

    SQLite's says that it is locked. PostgreSQL's are all of that kind: locked, a deadlock, two
    writers at one row, out of connections or room, shut down or starting.
    """
    passes = connection.vendor == "postgresql" or "locked" in str(fault)
    if passes:
        _log.warning("busy: %s", type(fault.__cause__ or fault).__name__)
    return passes


@contextmanager
def one_state() -> Iterator[None]:
    """Run a transaction whose reads all see the books as they were at its first.

    SQLite's transactions always do; PostgreSQL's must be told (REPEATABLE READ). Not inside another.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def in_good_time(rows: Iterator[RowT]) -> Iterator[RowT]:
    """Return ``rows``, to be written by ``add_rows`` in a transaction that begins after this.

    SQLite has one writer, so all of them are worked out now. PostgreSQL's COPY stores the first while
    the others are worked out: they are when they are asked for, and only their own journal waits.
    """
    return rows if connection.vendor == "postgresql" else iter(list(rows))


def add_rows(
    cursor: CursorWrapper, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[str | int | bytes | None]],
) -> None:
    """Write many ``rows`` of ``table``; ``columns`` gives PostgreSQL's type of each by its name.

    PostgreSQL takes them by binary COPY, which knows no ON CONFLICT: whoever calls holds the lock
    that keeps others from writing the same keys.
    """
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))  # noqa: S608 - our names


def append_only(table: str, *columns: str) -> migrations.RunPython:
    """Return the operation that lets nobody delete a row of ``table`` or change any of its ``columns``."""

    def forbid(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _TRIGGERS[editor.connection.vendor]:
            editor.execute(statement.format(table=table, columns=", ".join(columns)), None)

    return migrations.RunPython(forbid, migrations.RunPython.noop)


@contextmanager
def deletable(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Let rows of an append-only ``table`` be deleted inside the block, within the caller's transaction.

    On PostgreSQL nobody else can read the table from then on until that ends.
    """
    of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER {table}_no_delete{of_table}")
    yield
    for statement in _TRIGGERS[connection.vendor]:
        if "_no_delete" in statement:
            cursor.execute(statement.format(table=table))
