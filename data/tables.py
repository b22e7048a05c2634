"""sqlite-utils over our driver, for the steps that make a file.

It looks for a module called ``pysqlite3`` before the standard library's; giving it our driver under that
name, before its first import, makes both agree on one family of exceptions.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from data.database import driver

if "sqlite_utils" in sys.modules:  # pragma: no cover - a programming error, shown at first start
    message = "sqlite_utils was imported before data.tables gave it the driver"
    raise ImportError(message)
sys.modules.setdefault("pysqlite3", driver)
sys.modules.setdefault("pysqlite3.dbapi2", driver)
from sqlite_utils import Database as Tables  # noqa: E402 - after the driver was registered, see above
from sqlite_utils import Migrations  # noqa: E402

__all__ = ["Tables", "take"]


def take(connection: Any, kind: str, steps: Mapping[str, Callable[[Tables], None]]) -> None:
    """Take those of ``steps`` that the file behind ``connection`` has not taken yet, as steps of its ``kind``."""
    migrations = Migrations(kind)
    for name, step in steps.items():
        migrations(name=name)(step)
    migrations.apply(Tables(connection))
