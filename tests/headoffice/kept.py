"""The database of the tests, kept as it was after the demo club was seeded, and put back before each test."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from django.conf import settings
from django.db import connections

from headoffice import main
from tests.rigs.postgres import copy_database


class Kept(Protocol):
    """A database that can be kept and put back."""

    def keep(self) -> None:
        """Remember what is in it now."""

    def put_back(self) -> None:
        """Make it what was kept."""

    def clear(self) -> None:
        """Let nothing of a test outlive it."""


def kept(home: Path) -> Kept:
    """The database of the head office in ``home``, whichever it is."""
    url = home / main.DATABASE_URL
    return _Postgresql(url.read_text("utf-8").strip()) if url.exists() else _Sqlite(home)


class _Sqlite:
    def __init__(self, home: Path) -> None:
        self._file, self._kept = home / main.DATABASE, home / "template"

    def keep(self) -> None:
        connections.close_all()
        shutil.copy(self._file, self._kept)

    def put_back(self) -> None:
        shutil.copy(self._kept, self._file)

    def clear(self) -> None:
        connections.close_all()
        for end in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + end).unlink(missing_ok=True)


class _Postgresql:
    def __init__(self, url: str) -> None:
        self._name = settings.DATABASES["default"]["NAME"]
        self._admin = url.rpartition("/")[0] + "/postgres"

    def keep(self) -> None:
        connections.close_all()
        self._copy(self._name, f"{self._name}_kept")

    def put_back(self) -> None:
        self._copy(f"{self._name}_kept", self._name)

    def clear(self) -> None:
        connections.close_all()

    def _copy(self, source: str, to: str) -> None:
        with closing(psycopg.connect(self._admin, autocommit=True)) as connection:
            copy_database(connection, source, to)
