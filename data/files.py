"""Files written beside the databases: their faults by number, and renames that last."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.errors import ErrorCode, StationError

_FAULTS = {
    errno.ENOSPC: ErrorCode.DISK_FULL,
    errno.EDQUOT: ErrorCode.DISK_FULL,
    errno.EFBIG: ErrorCode.DISK_FULL,
    errno.EROFS: ErrorCode.DISK_READ_ONLY,
    errno.EACCES: ErrorCode.DISK_READ_ONLY,
    errno.EPERM: ErrorCode.DISK_READ_ONLY,
    errno.EIO: ErrorCode.DISK_FAULT,
}


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn faults of the disk into ``StationError`` 4xx about the file ``path``."""
    try:
        yield
    except OSError as error:
        code = _FAULTS.get(error.errno or 0, ErrorCode.DATABASE_UNAVAILABLE)
        raise StationError(code, file=path.name) from error


def begin_writing(handle: int, offset: int, size: int) -> None:
    """Let the disk begin with ``size`` bytes written at ``offset``, without waiting: a sync later has less to do.

    On Linux the advice that they are not needed starts their writing; what the disk has not yet
    stays in memory (https://man7.org/linux/man-pages/man2/posix_fadvise.2.html). Nothing elsewhere.
    """
    if sys.platform == "linux":
        os.posix_fadvise(handle, offset, size, os.POSIX_FADV_DONTNEED)


def sync_file(path: Path) -> None:
    """Make what was written to ``path`` last."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` last; Windows cannot open folders and does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
