"""A printer whose paper is a folder: each job becomes a PNG file."""

import hashlib
import os
import re
from pathlib import Path

from drivers.printers.png import encode
from drivers.printers.port import Raster
from station.errors import ErrorCode, StationError

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)?", re.ASCII | re.IGNORECASE)
LONGEST_STEM = 80
DIGEST_DIGITS = 8


class FilePrinter:
    """Writes ``<job>.png`` into one folder; printing a job again replaces its file."""

    name = "PNG files"

    def __init__(self, folder: Path) -> None:
        """Print into ``folder``, which is made when first needed."""
        self._folder = folder

    def print(self, raster: Raster, job: str) -> None:
        """Write the file of ``job``, whole or not at all, and durably.

        Raises ``StationError`` PRINTER_UNAVAILABLE (``reason``, the system's word).
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(encode(raster), self._folder / f"{_stem(job)}.png")
        except OSError as fault:
            raise StationError(
                ErrorCode.PRINTER_UNAVAILABLE, reason=fault.strerror or type(fault).__name__) from fault

    def _write(self, content: bytes, path: Path) -> None:
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(self._folder)


def _stem(job: str) -> str:
    """Return a file name for ``job`` that every system takes; different jobs get different names."""
    cleaned = _UNSAFE.sub("-", job)[:LONGEST_STEM]
    if cleaned == job and not _RESERVED.fullmatch(job):
        return job
    return f"{cleaned}-{hashlib.sha256(job.encode()).hexdigest()[:DIGEST_DIGITS]}"


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows does so by itself and cannot open folders."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
