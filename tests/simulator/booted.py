"""One real head office in this process, and the templates from which each run copies its files."""

import logging
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where the system has one


def fresh_folder() -> Path:
    """Return a new folder, in memory where that is possible: what a crash loses is decided by the simulator."""
    return Path(tempfile.mkdtemp(prefix="simulator-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))


def boot(folder: Path) -> Path:
    """Make a head office in ``folder`` and start Django on it; return its home. Before any model is imported."""
    from headoffice import main

    home = folder / "office"
    main.create(home)
    from django.db import connections

    connections.close_all()
    return home


class Overheard(logging.Handler):
    """Takes all that is logged: of what was not foreseen it keeps the last traceback, ``seen``; the rest is noise."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.seen = logging.Formatter().formatException(record.exc_info)


OVERHEARD = Overheard()


def overhear() -> None:
    """Let nothing be logged but to ``OVERHEARD``. After Django has set logging up."""
    for name in ("", "django"):
        logging.getLogger(name).handlers = [OVERHEARD]


def remove(folder: Path) -> None:
    """Remove ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
