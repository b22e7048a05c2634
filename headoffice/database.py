"""Which database head office keeps its books in.

Without a file ``database.url`` in its folder it is SQLite, one file there (embedded); with one it is
the PostgreSQL that the file names (production). The file holds a password and is for its owner only.
"""

from pathlib import Path
from typing import Any

from data.secret_file import write_secret

URL_FILE = "database.url"
SQLITE_FILE = "headoffice.db"
SCHEMES = ("postgresql://", "postgres://")
SORTED = (("UTF8", "C"), ("UTF8", "C.UTF-8"), ("UTF8", "POSIX"))
"""Encodings and collations that put texts in the order of their code points."""

OWNER_FOLDER = 0o700
LOCK_TIMEOUT_S = 20


def configured(home: Path) -> dict[str, Any]:
    """Return Django's description of the database of the head office in ``home``.

    Raises ``ValueError`` when ``database.url`` is not the address of a PostgreSQL database.
    """
    file = home / URL_FILE
    return postgresql(file.read_text("utf-8").strip()) if file.exists() else _sqlite(home)


def choose(home: Path, url: str) -> None:
    """Write ``url`` to ``database.url``, unless it is "" or stands there already.

    Raises ``ValueError`` as ``postgresql``, and when the books are kept in another database already.
    """
    file = home / URL_FILE
    if not url or (file.exists() and file.read_text("utf-8").strip() == url):
        return
    postgresql(url)
    _check_served(url)
    if file.exists() or (home / SQLITE_FILE).exists():
        message = f"the books of {home} are kept in another database already"
        raise ValueError(message)
    home.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    write_secret(file, f"{url}\n".encode())


def postgresql(url: str) -> dict[str, Any]:
    """Return Django's description of the PostgreSQL database at ``url`` (libpq's form of an address).

    Raises ``ValueError`` when it is not one, or names no database.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(SCHEMES):
        message = f"a database address begins with {SCHEMES[0]}"
        raise ValueError(message)
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as fault:
        # libpq quotes the address, and there is a password in it.
        message = "the database address cannot be read"
        raise ValueError(message) from fault
    if not parts.get("dbname"):
        message = "the database address names no database"
        raise ValueError(message)
    named = {name.upper(): parts.pop(name, "") for name in ("user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        **named,
        "CONN_MAX_AGE": None,
        # A connection that died with the server is replaced at the next request, not reported to it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **parts, "connect_timeout": int(parts.get("connect_timeout", LOCK_TIMEOUT_S)),
            "options": f"{parts.get('options', '')} -c lock_timeout={LOCK_TIMEOUT_S}s".strip(),
        },
    }


def _check_served(url: str) -> None:
    """Raise ``ValueError`` unless the database at ``url`` answers and sorts as SQLite and the stations do."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=LOCK_TIMEOUT_S) as connection:
            found = connection.execute(
                "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
                " WHERE datname = current_database()").fetchone()
    except psycopg.OperationalError as fault:
        message = "the database does not answer, or does not let this user in"
        raise ValueError(message) from fault
    if found not in SORTED:
        message = "the database must be made with ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
        raise ValueError(message)


def _sqlite(home: Path) -> dict[str, Any]:
    # Readers take the write lock too (IMMEDIATE): a page of the feed must see one state of the books.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / SQLITE_FILE,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": LOCK_TIMEOUT_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON",
        },
    }
