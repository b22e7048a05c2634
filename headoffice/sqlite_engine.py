"""Django's SQLite backend on the SQLite bundled with sqlcipher3, the one the stations run.

The library of the operating system may be older than 3.51.3 and so hold the WAL-reset bug (two
connections that checkpoint and write at once can corrupt the file, sqlite.org/wal.html).
"""

import importlib
import sys
from types import ModuleType

import sqlcipher3
from sqlcipher3 import dbapi2

BACKEND = "django.db.backends.sqlite3.base"
ALIASES: dict[str, ModuleType] = {"sqlite3": sqlcipher3, "sqlite3.dbapi2": dbapi2}


def install() -> None:
    """Import Django's SQLite backend with ``sqlite3`` meaning sqlcipher3; idempotent.

    The names go back to the standard library afterwards: only Django is to be redirected. Raises
    ``RuntimeError`` when something imported the backend earlier, on the other library.
    """
    before = {name: sys.modules.get(name) for name in ALIASES}
    sys.modules.update(ALIASES)
    try:
        backend = importlib.import_module(BACKEND)
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    if backend.Database is not dbapi2:
        message = f"{BACKEND} was imported before the bundled SQLite was put in its place"
        raise RuntimeError(message)
