"""Many rows at once, on SQLite and on PostgreSQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from headoffice.transactions import add_rows

MOST_KEYS = 5_000
"""Of one question: SQLite takes 32 766 parameters."""

Row = Sequence[int | str | None]


def columns(texts: str, wholes: str) -> dict[str, str]:
    """Return columns with PostgreSQL's names of their types, in this order: ``texts``, then ``wholes``."""
    return dict.fromkeys(texts.split(), "text") | dict.fromkeys(wholes.split(), "int8")


def insert(cursor: CursorWrapper, table: str, names: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Write new ``rows``. Raises Django's ``IntegrityError`` or ``DataError`` when one cannot be written."""
    if rows:
        with connection.wrap_database_errors:
            add_rows(cursor, table, names, rows)


def found(cursor: CursorWrapper, question: str, keys: Collection[Row], *first: int | str) -> Iterator[Any]:
    """Yield what is found for ``keys``, which stand at ``{keys}`` in ``question`` as a list of values.

    ``first`` are the parameters before them.
    """
    left = iter(keys)
    while part := list(islice(left, MOST_KEYS)):
        place = f"({', '.join(['%s'] * len(part[0]))})"
        cursor.execute(question.replace("{keys}", ", ".join([place] * len(part))), [*first, *chain(*part)])
        yield from cursor.fetchall()
