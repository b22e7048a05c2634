"""Small secrets in files of their own: written whole or not at all, readable by the owner alone."""

import os
from pathlib import Path

from data.files import disk_faults, sync_folder
from station.errors import ErrorCode, StationError

OWNER_ONLY = 0o600
# Without it Windows would write a line feed, which any key may hold, as two bytes.
_BINARY: int = getattr(os, "O_BINARY", 0)


def write_secret(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600, atomically and durably.

    On Windows the mode is not enforced by this call; the folder's own rights protect the file.
    Raises ``StationError`` DISK_FULL, DISK_READ_ONLY or DATABASE_UNAVAILABLE; an older content of
    ``path`` is then still there, whole.
    """
    half = path.with_name(path.name + ".new")
    with disk_faults(path):
        half.unlink(missing_ok=True)  # left by a power cut, or planted with wider rights
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        sync_folder(path.parent)


def read_secret(path: Path) -> bytes | None:
    """Return the content of ``path``, or None when there is no such file.

    Raises ``StationError`` DATABASE_UNAVAILABLE when it is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StationError(ErrorCode.DATABASE_UNAVAILABLE, file=path.name) from error
