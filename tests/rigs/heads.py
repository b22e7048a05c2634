"""Head office for the fault rigs: embedded on SQLite, or in production on PostgreSQL; read, backed up and put back."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from data.database import driver
from headoffice.main import DATABASE, DATABASE_URL
from tests.rigs import postgres
from tests.rigs.served import ProductionOffice
from ui.demo.office import Office

SOUND = "the books agree with the journals"


class Head(Protocol):
    """What the rigs do to a head office. ``rows`` asks its database; ``keep`` is the backup, ``put_back`` the accident."""

    name: str
    home: Path

    @property
    def url(self) -> str:
        """The address a station talks to."""
        ...

    def start(self) -> None:
        """Serve, and return when it is ready."""
        ...

    def stop(self) -> None:
        """Stop serving."""
        ...

    def kill(self) -> None:
        """Stop without a word."""
        ...

    def ask(self, *words: str) -> str:
        """Run one command of ``headoffice``."""
        ...

    def ask_json(self, *words: str) -> Any:
        """Run one command and return the JSON it printed."""
        ...

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds."""
        ...

    def keep(self, into: Path) -> None:
        """Make a backup while it serves."""
        ...

    def put_back(self, kept: Path) -> None:
        """Put a backup in place of the books; it must not serve meanwhile."""
        ...


class SqliteHead(Office):
    """The embedded server."""

    name = "SQLite"

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds."""
        with closing(self._open()) as books:
            return list(books.execute(question).fetchall())

    def _open(self) -> "driver.Connection":
        return driver.connect(str(self.home / DATABASE), isolation_level=None)

    def keep(self, into: Path) -> None:
        """Make a backup while it serves."""
        with closing(self._open()) as books, closing(driver.connect(str(into))) as copy:
            books.backup(copy)

    def put_back(self, kept: Path) -> None:
        """Put a backup in place of the books."""
        for end in ("-wal", "-shm"):
            (self.home / f"{DATABASE}{end}").unlink(missing_ok=True)
        shutil.copy(kept, self.home / DATABASE)


class PostgresHead(ProductionOffice):
    """gunicorn with two workers and ``headoffice work``, on a PostgreSQL of its own."""

    name = "PostgreSQL"

    def __init__(self, home: Path, server: postgres.Server) -> None:
        super().__init__(home)
        self.server = server

    @property
    def database(self) -> str:
        """The address of its database."""
        return (self.home / DATABASE_URL).read_text("utf-8").strip()

    @database.setter
    def database(self, url: str) -> None:
        (self.home / DATABASE_URL).write_text(url, "utf-8")

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds."""
        with psycopg.connect(self.database) as books:
            return [tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
                    for row in books.execute(question.encode()).fetchall()]

    def keep(self, into: Path) -> None:
        """Make a backup while it serves."""
        self.server.run("pg_dump", "--format", "custom", "--file", into, self.database)

    def put_back(self, kept: Path) -> None:
        """Put a backup in place of the books: into a new database, as an operator would."""
        name = self.database.rpartition("/")[2]
        url = self.server.create(f"{name}_again")
        self.server.run("pg_restore", "--no-owner", "--dbname", url, kept)
        self.database = url


@contextmanager
def serving(head: Head) -> Iterator[Head]:
    """Let it serve while the block lasts."""
    head.start()
    try:
        yield head
    finally:
        head.stop()
