"""Puts a whole member book from head office together, piece by piece, and in force: all of it or nothing.

A piece is proven before it is written, at its own place. What is there is proven again when the
program starts anew, so a kill or a power cut costs the pieces that had not reached the disk. Two
processes that fetch the same book write the same bytes at the same places.
"""

import hashlib
import shutil
from contextlib import closing
from pathlib import Path

from data.files import begin_writing, disk_faults, sync_file, sync_folder
from data.member_file import ENDING, PREFIX, CurrentMembers, Pointer, fresh_name
from data.migrations import MEMBERS
from data.sealed import unseal
from station.errors import ErrorCode, StationError
from station.feed import BookFile, Stamp

MOST_BEHIND = 100_000
"""With more changes to catch up, a whole new book is sooner there."""

LEAST_FREE = 64 << 20
"""Bytes that stay free whatever comes down: sales are written to the same disk."""

_DIGITS = 16
_UNFIT = {
    ErrorCode.DATABASE_KEY_WRONG: "key",
    ErrorCode.DATABASE_CORRUPT: "damaged",
}


class BookFiles:
    """``station.ports.BookInstaller`` in the folder of the member files, for one thread."""

    def __init__(self, members: CurrentMembers, private_key: bytes) -> None:
        """Work for ``members``; ``private_key`` is the station's raw X25519 key, which opens sealed keys."""
        self._members = members
        self._file = members.file
        self._private_key = private_key

    def open_by(self, private_key: bytes) -> None:
        """Open the keys of books that are offered from now on by ``private_key`` (raw X25519)."""
        self._private_key = private_key

    def wants(self, book: BookFile) -> bool:
        """Return whether ``book`` is worth fetching: nothing is here, or much is to be caught up.

        Where it is not, what is left of others is removed. Raises ``StationError`` MEMBERS_OLDER when it
        is older than the one installed last, and DATABASE_NEWER when only a newer program understands it.
        """
        installed = self._file.pointer().version
        if book.stamp.version < installed:
            raise StationError(ErrorCode.MEMBERS_OLDER, offered=book.stamp.version, held=installed)
        if book.schema not in MEMBERS.names:
            raise StationError(ErrorCode.DATABASE_NEWER, file=book.schema)
        held = self._members.stamp() or Stamp(0, 0)
        is_wanted = not self._members.cursor() or book.stamp.version - held.version > MOST_BEHIND
        if not is_wanted:
            self._file.sweep(())
        return is_wanted

    def first_missing(self, book: BookFile) -> int:
        """Return the number of the first piece that is not here whole; their count when all are.

        Whatever else is left of other books is removed. Raises ``StationError`` DISK_FULL when there
        is no room for the rest, MEMBERS_INVALID when its key was not sealed to this station.
        """
        self._key(book)
        part, finished = self._part(book), self._finished(book)
        self._file.sweep([part, *finished])
        if finished:
            return len(book.chunks)
        with disk_faults(part):
            part.touch()
            number = _sound(part, book)
            if shutil.disk_usage(part.parent).free < book.size - number * book.chunk_size + LEAST_FREE:
                raise StationError(ErrorCode.DISK_FULL, file=part.name)
        return number

    def put(self, book: BookFile, number: int, chunk: bytes) -> None:
        """Keep piece ``number``. Raises ``StationError`` MEMBERS_INVALID when it is another, or 4xx."""
        if hashlib.sha256(chunk).digest() != book.chunks[number]:
            raise StationError(ErrorCode.MEMBERS_INVALID, reason="chunk")
        part, offset = self._part(book), number * book.chunk_size
        with disk_faults(part), part.open("r+b") as file:
            file.seek(offset)
            file.write(chunk)
            file.flush()
            begin_writing(file.fileno(), offset, len(chunk))

    def install(self, book: BookFile) -> None:
        """Prove the whole file and put it in force; before the last step nothing has changed.

        Raises ``StationError`` MEMBERS_INVALID (``reason``), with the file thrown away; MEMBERS_OLDER;
        4xx of the disk.
        """
        if self._file.pointer().name.startswith(_label(book)):  # another process was faster
            self._members.look()
            return
        key = self._key(book)
        path = next(iter(self._finished(book)), None) or self._finish(book)
        pointer = Pointer(path.name, key, book.stamp.version)
        try:
            self._prove(pointer, book)
        except StationError as fault:
            if fault.code is ErrorCode.MEMBERS_INVALID:
                _remove(path)
            raise
        with disk_faults(path):
            self._file.switch(pointer)
        self._members.look()
        self._file.sweep(())

    def _finish(self, book: BookFile) -> Path:
        """Give the file whose last piece arrived its name, once it lasts. Each piece was proven when it was written."""
        part = self._part(book)
        with disk_faults(part):
            if part.stat().st_size != book.size:
                part.unlink()
                raise StationError(ErrorCode.MEMBERS_INVALID, reason="size")
            sync_file(part)
            path = part.rename(part.with_name(fresh_name(_label(book))))
            sync_folder(path.parent)
        return path

    def _key(self, book: BookFile) -> bytes:
        try:
            return unseal(book.sealed_key, self._private_key)
        except ValueError:
            raise StationError(ErrorCode.MEMBERS_INVALID, reason="key") from None

    def _prove(self, pointer: Pointer, book: BookFile) -> None:
        """See that the file opens and says what was signed; let the feed go on from it.

        These are the very bytes that head office ran SQLite's own check over when it made them.
        """
        try:
            with closing(self._members.store(pointer)) as store:
                sound = store.stamp() == book.stamp
                with store.database.writing():
                    if sound and not store.cursor():  # another process may have come this far already, and further
                        store.follow(book.cursor, book.projected)
        except StationError as fault:
            if fault.code in _UNFIT:
                raise StationError(ErrorCode.MEMBERS_INVALID, reason=_UNFIT[fault.code]) from fault
            raise
        if not sound:
            raise StationError(ErrorCode.MEMBERS_INVALID, reason="content")

    def _part(self, book: BookFile) -> Path:
        return self._file.folder / f"{_label(book)}half.part"

    def _finished(self, book: BookFile) -> list[Path]:
        """Return the files of ``book`` that are whole but not in force: one, or none."""
        held = self._file.pointer().name
        found = self._file.folder.glob(f"{_label(book)}*{ENDING}")
        return [path for path in sorted(found) if path.name != held]


def _label(book: BookFile) -> str:
    """Return how the names of the files of ``book`` begin."""
    return f"{PREFIX}{book.digest.hex()[:_DIGITS]}-"


def _sound(part: Path, book: BookFile) -> int:
    """Return how many pieces from the first on are as signed; cut off what comes after them."""
    with part.open("r+b") as file:
        for number, digest in enumerate(book.chunks):
            if hashlib.sha256(file.read(book.chunk_size)).digest() != digest:
                file.truncate(number * book.chunk_size)
                return number
        file.truncate(book.size)
    return len(book.chunks)


def _remove(path: Path) -> None:
    for companion in ("", "-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
