"""A file that is there whole or not at all: written beside its place, made to last, then renamed over it."""

import os
import secrets
from pathlib import Path

from data.files import disk_faults, sync_folder
from station.errors import ErrorCode, StationError

_NOT_HERE = frozenset({ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.DISK_READ_ONLY})
"""Another folder would do: this one is gone, may not be written, or somebody has the file open."""


def write_whole(path: Path, content: bytes) -> None:
    """Let ``path`` hold ``content``; what was there before stays until then.

    Raises ``StationError`` FILE_UNWRITABLE, DISK_FULL or DISK_FAULT; then nothing of it is there.
    """
    try:
        _write(path, content)
    except StationError as fault:
        if fault.code in _NOT_HERE:
            raise StationError(ErrorCode.FILE_UNWRITABLE) from fault
        raise StationError(fault.code) from fault


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with disk_faults(path):
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(path.parent)
