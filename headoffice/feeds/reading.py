"""A long look at the books: one state of them, over a connection of its own, while everybody else goes on."""

import itertools
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from data.database import driver
from headoffice.database import SQLITE_FILE, URL_FILE

_NAMED = re.compile(r"%\((\w+)\)s")
_FETCHED = 10_000


class Reader(Protocol):
    """Rows of one state of the books."""

    nested: str
    """The words that join a table so that the one before them is gone through in its order."""

    def rows(self, query: str, **values: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``query``, in which ``%(name)s`` stands for a value."""
        ...


@contextmanager
def one_look() -> Iterator[Reader]:
    """Open the books, on PostgreSQL and SQLite alike. Readers block no writer."""
    with _postgresql() if connection.vendor == "postgresql" else _sqlite() as reader:
        yield reader


class _Sqlite:
    nested = "CROSS JOIN"

    def __init__(self, books: Any) -> None:
        self._books = books

    def rows(self, query: str, **values: str) -> Iterator[tuple[Any, ...]]:
        yield from self._books.execute(_NAMED.sub(r":\1", query), values)


@contextmanager
def _sqlite() -> Iterator[Reader]:
    with closing(driver.connect(str(settings.HOME / SQLITE_FILE), isolation_level=None)) as books:
        books.execute("BEGIN")
        yield _Sqlite(books)


class _Postgresql:
    nested = "JOIN"

    def __init__(self, books: Any) -> None:
        self._books = books
        self._looks = itertools.count()

    def rows(self, query: str, **values: str) -> Iterator[tuple[Any, ...]]:
        with self._books.cursor(name=f"look{next(self._looks)}") as cursor:
            cursor.itersize = _FETCHED
            yield from cursor.execute(query, values)


@contextmanager
def _postgresql() -> Iterator[Reader]:
    import psycopg

    with closing(psycopg.connect((settings.HOME / URL_FILE).read_text("utf-8").strip())) as books:
        books.isolation_level, books.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        yield _Postgresql(books)
