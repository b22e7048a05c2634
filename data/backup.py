"""Backups of a journal while it sells, and their way back.

A backup is a folder of its own: ``journal.db``, encrypted under the station's key like the original,
the small files of the station, and ``manifest.json``, which is written last and names every file by
its SHA-256. It has its name only when it is complete, verified and on the disk. The database key is
never in it: a stolen backup opens nothing.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec

from data.files import disk_faults, sync_file, sync_folder
from data.journal import JournalStore
from data.migrations import JOURNAL
from data.secret_file import read_secret, write_secret
from data.verify import verify
from data.witness import last_entry, leave_behind
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import Cause

JOURNAL_NAME, MANIFEST_NAME = "journal.db", "manifest.json"
PART, RESTORING, REPLACED = ".part", ".restoring", ".replaced"
OWNER_FOLDER = 0o700
FORGOTTEN_S = 24 * 60 * 60
"""The age at which a backup that was never finished is taken for one whose program was killed."""
_LOGS = ("-wal", "-shm", "-journal")
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
PlainName = Annotated[str, msgspec.Meta(pattern=r"^\w[\w.-]*$")]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds: the end of its journal, when and by which program it was made, its files.

    ``place`` counts over all incarnations, ``seq`` in the last one; ``hash`` is that entry's.
    ``schema`` are the migrations the journal had, ``files`` the SHA-256 of each file by name.
    """

    version: Literal[1]
    station: str
    incarnation: str
    seq: int
    place: int
    hash: Digest
    at_us: int
    program: str
    schema: tuple[str, ...]
    files: dict[PlainName, Digest]


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: its ``folder``, what it holds, and how many ``older`` ones were thinned out."""

    folder: Path
    manifest: Manifest
    older: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the ``manifest`` (None for a journal alone), and where the journal that was there is ``kept``."""

    manifest: Manifest | None
    kept: Path | None


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a backup or restores one: the ``station``, the ``program``'s version, the moment."""

    station: str
    program: str
    at: Moment


def back_up(journal: JournalStore, key: bytes, beside: Sequence[Path], into: Path, maker: Maker) -> Backup:
    """Copy ``journal``, open under ``key``, and the files ``beside`` it into a new folder in the folder ``into``.

    The counter sells on meanwhile: the copy is of one moment. It is opened, verified and compared with
    the original before it gets its name. Raises ``StationError`` BACKUP_UNWRITABLE, DISK_FULL,
    DISK_READ_ONLY, JOURNAL_BROKEN when the journal itself is not sound, or another 4xx.
    """
    name = f"{quote(maker.station, safe='')}-{_stamp(maker.at)}"
    part = into / (name + PART)
    with _written(into):
        part.mkdir(OWNER_FOLDER)
        try:
            manifest = _fill(part, journal, key, beside, maker)
            write_secret(part / MANIFEST_NAME, msgspec.json.format(msgspec.json.encode(manifest)))
            part.rename(into / name)
            sync_folder(into)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return Backup(into / name, manifest)


def thin(into: Path, made: Backup, keep: int) -> int:
    """Remove all but ``keep`` (at least 1) of the station's backups in ``into``; return how many went.

    The one just ``made`` stays whatever the clock says, and what is not a whole backup is not touched,
    except one that a killed program left unfinished a day ago. Raises ``ValueError`` for a ``keep`` below
    1, ``StationError`` BACKUP_UNWRITABLE.
    """
    if keep < 1:
        message = f"at least one backup is kept, got {keep}"
        raise ValueError(message)
    start = quote(made.manifest.station, safe="") + "-"
    with _written(into):
        others = sorted(
            (folder for folder in into.glob(start + "*") if folder.suffix != PART and folder != made.folder
             and _is_of(folder, made.manifest.station)), key=lambda folder: folder.name)
        gone = others[:max(len(others) - (keep - 1), 0)]
        for folder in gone:
            going = folder.rename(folder.with_name(folder.name + PART))  # never a half backup under a whole one's name
            shutil.rmtree(going)
        for left in into.glob(f"{start}*{PART}"):
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                shutil.rmtree(left)
    return len(gone)


def restore(backup: Path, key: bytes, journal: Path, beside: Sequence[Path], maker: Maker) -> Restored:
    """Put the journal of ``backup`` (its folder, or its journal alone) at the path ``journal``, and what was beside it.

    The backup is only read. It is checked first, and a new incarnation begun, so that nothing the
    station did since is ever numbered twice; what the backup had not sent is sent under its old name.
    A journal that is there is kept aside; files ``beside`` that are there stay.

    Raises ``StationError`` BACKUP_DAMAGED, DATABASE_KEY_WRONG, DATABASE_NEWER, DATABASE_LOCKED while a
    counter has the present journal open, or another 4xx; ``ValueError`` for another station's backup.
    """
    manifest = _checked(backup) if backup.is_dir() else None
    source = backup / JOURNAL_NAME if manifest else backup
    if not source.is_file():
        raise StationError(ErrorCode.BACKUP_DAMAGED)
    fresh = journal.with_name(journal.name + RESTORING)
    try:
        with disk_faults(fresh):
            _remove(fresh)
            shutil.copyfile(source, fresh)
        _renew(fresh, key, manifest, maker)
        kept = _put(fresh, journal, key, maker)
    finally:
        _remove(fresh)
    for file in beside if manifest else ():
        held = read_secret(backup / file.name)
        if held is not None and not file.exists():
            write_secret(file, held)
    return Restored(manifest, kept)


def _fill(part: Path, journal: JournalStore, key: bytes, beside: Sequence[Path], maker: Maker) -> Manifest:
    """Write the copies into ``part`` and return what they are."""
    copy, before = part / JOURNAL_NAME, last_entry(journal).place
    journal.database.execute("VACUUM INTO ?", (str(copy),))
    with closing(JournalStore(copy, key)) as copied:
        fault = next(verify(copied), None)
        head, last = copied.head(), last_entry(copied)
        ours = journal.database.row("SELECT hash FROM entry WHERE place = ?", (last.place,))
        if fault or last.place < before or ours is None or ours[0] != last.hash:
            raise StationError(ErrorCode.JOURNAL_BROKEN, reason=fault or "the copy is not of this journal")
        schema = copied.database.steps_taken(JOURNAL)
        copied.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sync_file(copy)
    for file in beside:
        held = read_secret(file)
        if held is not None:
            write_secret(part / file.name, held)
    return Manifest(
        1, maker.station, head.incarnation, head.seq, last.place, head.hash.hex(), maker.at.utc_us, maker.program,
        schema, {file.name: _digest(file) for file in sorted(part.iterdir())})


def _checked(folder: Path) -> Manifest:
    """Return the manifest of the backup ``folder`` after every file was found to be what it says."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST_NAME).read_bytes(), type=Manifest)
        sound = JOURNAL_NAME in manifest.files and all(
            _digest(folder / name) == digest for name, digest in manifest.files.items())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        sound = False
    if not sound:
        raise StationError(ErrorCode.BACKUP_DAMAGED)
    return manifest


def _renew(fresh: Path, key: bytes, manifest: Manifest | None, maker: Maker) -> None:
    """Verify the copied journal ``fresh`` and begin its new incarnation."""
    with _as_damaged(), closing(JournalStore(fresh, key)) as journal:
        if not journal.database.row("SELECT 1 FROM entry"):
            raise StationError(ErrorCode.BACKUP_DAMAGED)
        journal.found(maker.station, maker.program, maker.at)
        head = journal.head()
        named = (manifest.incarnation, manifest.seq, manifest.hash) if manifest else None
        if next(verify(journal), None) or named not in (None, (head.incarnation, head.seq, head.hash.hex())):
            raise StationError(ErrorCode.BACKUP_DAMAGED)
        leave_behind(journal, Cause.RESTORED)
        journal.begin_anew(Cause.RESTORED, maker.program, maker.at)
        journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sync_file(fresh)


def _put(fresh: Path, journal: Path, key: bytes, maker: Maker) -> Path | None:
    """Give ``fresh`` the name ``journal``; return the name under which one that was there is kept, with all it had."""
    kept = journal.with_name(f"{journal.name}{REPLACED}-{_stamp(maker.at)}") if journal.exists() else None
    with disk_faults(journal):
        if kept:
            _fold(journal, key)
        for log in _LOGS:  # of a journal that cannot be opened, or is gone: never let them meet the new one
            left = journal.with_name(journal.name + log)
            if left.exists():
                left.rename(left.with_name(f"{journal.name}{REPLACED}-{_stamp(maker.at)}{log}"))
        if kept:
            try:
                os.link(journal, kept)
            except OSError:  # a file system without links
                shutil.copyfile(journal, kept)
                sync_file(kept)
        fresh.replace(journal)
        sync_folder(journal.parent)
    return kept


def _fold(journal: Path, key: bytes) -> None:
    """Bring the write-ahead log of the present journal into its file, if that can still be opened.

    Raises DATABASE_LOCKED when another program has it open: it would go on writing into what was put aside.
    """
    try:
        with closing(JournalStore(journal, key)) as present:
            present.database.execute("PRAGMA busy_timeout = 0")
            present.database.rows("PRAGMA journal_mode = DELETE")
    except StationError as fault:
        if fault.code is ErrorCode.DATABASE_LOCKED:
            raise


def _is_of(folder: Path, station: str) -> bool:
    try:
        return msgspec.json.decode((folder / MANIFEST_NAME).read_bytes(), type=Manifest).station == station
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False


def _remove(fresh: Path) -> None:
    for log in ("", *_LOGS):
        fresh.with_name(fresh.name + log).unlink(missing_ok=True)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _stamp(at: Moment) -> str:
    """Return the moment in UTC as it stands in names: 20261126T103305-123456Z."""
    seconds, fraction = divmod(at.utc_us, 1_000_000)
    return time.strftime("%Y%m%dT%H%M%S", time.gmtime(seconds)) + f"-{fraction:06}Z"


@contextmanager
def _as_damaged() -> Iterator[None]:
    """Say of a database that is damaged that the backup is."""
    try:
        yield
    except StationError as fault:
        if fault.code is ErrorCode.DATABASE_CORRUPT:
            raise StationError(ErrorCode.BACKUP_DAMAGED) from fault
        raise


@contextmanager
def _written(into: Path) -> Iterator[None]:
    """Say of whatever keeps a backup from being written that it does, unless the disk is full or locked."""
    try:
        with disk_faults(into):
            yield
    except StationError as fault:
        if fault.code in (ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.DISK_FAULT):
            raise StationError(ErrorCode.BACKUP_UNWRITABLE, folder=str(into)) from fault
        raise
