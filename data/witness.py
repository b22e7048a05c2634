"""The witness: two small files, beside the journal and elsewhere, that say how far a journal had come.

A journal that was put back from an older copy, or was copied to another computer, is whole and
sound in itself; only something outside it can tell. Each file is one line of JSON, written after
every commit and never synced on the way of a sale: it may lag behind the journal, but is never
ahead of it. A journal that does not hold what its witness saw is therefore an older copy.
"""

import hashlib
import logging
import os
import re
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from data.derived import decode
from data.journal import JournalStore
from data.leases import leave
from data.secret_file import OWNER_ONLY, read_secret, write_secret
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import Cause, Draft, Opened, Stored

LINE_BYTES = 512
"""Length of a file: one sector, so that a power cut leaves the old line or the new one."""
ALARMS = {Cause.RESTORED: ErrorCode.JOURNAL_OLDER, Cause.CLONED: ErrorCode.JOURNAL_COPIED}
MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_MACHINE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_BINARY: int = getattr(os, "O_BINARY", 0)
logger = logging.getLogger(__name__)


class Seen(msgspec.Struct, frozen=True):
    """What a witness saw last: the entry at ``place`` and its ``hash``, written on ``machine``."""

    version: Literal[1]
    station: str
    incarnation: str
    place: int
    hash: str
    machine: str


class _Named(msgspec.Struct, frozen=True):
    """The part of an entry that says whose it is."""

    station: str
    incarnation: str


@dataclass(frozen=True, slots=True)
class Witness:
    """The witness ``files`` of one journal on ``machine`` (64 hexadecimal digits); ``silent`` cannot be written."""

    files: tuple[Path, ...]
    machine: str
    silent: set[Path] = field(default_factory=set)

    def seen(self) -> tuple[Seen, ...]:
        """Return what the files say; one that is missing or unreadable says nothing."""
        return tuple(found for file in self.files if (found := _read(file)))

    def note(self, stored: Stored) -> None:
        """Write that the entry ``stored`` was committed: not synced, and never a reason to fail a sale."""
        line = self._line(stored)
        for file in self.files:
            try:
                handle = os.open(file, os.O_WRONLY | os.O_CREAT | _BINARY, OWNER_ONLY)
                try:
                    os.write(handle, line)
                finally:
                    os.close(handle)
            except OSError as fault:
                if file not in self.silent:  # once, not with every sale
                    logger.warning("witness %s: %s", file, fault.strerror)
                    self.silent.add(file)

    def settle(self, last: Stored) -> None:
        """Write the same durably, making the files where they are missing; done at start only."""
        line = self._line(last)
        for file in self.files:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                write_secret(file, line)
            except (OSError, StationError) as fault:
                logger.warning("witness %s: %s", file, fault)

    def _line(self, stored: Stored) -> bytes:
        named = msgspec.json.decode(stored.raw, type=_Named)
        line = msgspec.json.encode(
            Seen(1, named.station, named.incarnation, stored.place, stored.hash.hex(), self.machine))
        return (line + b"\n").ljust(LINE_BYTES)


class WatchedJournal(JournalStore):
    """A journal that keeps its witness."""

    def __init__(self, path: Path, key: bytes | None, witness: Witness) -> None:
        """Open or create the file; ``StationError`` 4xx as ``data.database.Database``."""
        super().__init__(path, key)
        self.witness = witness

    def append(self, draft: Draft) -> Stored:
        """Write the next entry, then let the witness see it."""
        stored = super().append(draft)
        self.witness.note(stored)
        return stored

    def begin_anew(self, cause: Cause, program: str, at: Moment) -> str:
        """Draw a new incarnation, without what another copy of this file may have used, and see it witnessed."""
        leave_behind(self, cause)
        incarnation = super().begin_anew(cause, program, at)
        self.witness.settle(last_entry(self))
        return incarnation

    def examine(self, program: str, at: Moment) -> ErrorCode | None:
        """Compare the journal with its witness; on an older or a foreign copy begin anew.

        Returns JOURNAL_OLDER or JOURNAL_COPIED from then on until head office knows of it, None
        when all is well. Selling goes on either way. Raises ``StationError`` 4xx.
        """
        seen = self.witness.seen()  # before the journal: another program may be selling
        cause = cause_of(self, seen, self.witness.machine)
        if cause:
            logger.error("journal: %s", StationError(ALARMS[cause], place=last_entry(self).place))
            self.begin_anew(cause, program, at)
        elif len(seen) < len(self.witness.files):
            self.witness.settle(last_entry(self))
        return standing_alarm(self)


def cause_of(journal: JournalStore, seen: Sequence[Seen], machine: str) -> Cause | None:
    """Return why ``journal`` must begin a new incarnation on ``machine``, None when it need not.

    Without any witness nothing vouches that a journal with more than its first entry is the newest
    there is, so it counts as RESTORED: a sale number used twice is worse than an alarm too many.
    """
    if not seen:
        return Cause.RESTORED if last_entry(journal).place > 1 else None
    if not all(holds(journal, each) for each in seen):
        return Cause.RESTORED
    return Cause.CLONED if any(each.machine != machine for each in seen) else None


def holds(journal: JournalStore, seen: Seen) -> bool:
    """Return whether ``journal`` has the entry a witness saw; of one cut off by compaction its incarnation."""
    row = journal.database.row("SELECT hash FROM entry WHERE place = ?", (seen.place,))
    if row:
        return bool(row[0].hex() == seen.hash)
    compacted = journal.database.row(
        "SELECT 1 FROM station, incarnation WHERE compacted >= ? AND id = ?", (seen.place, seen.incarnation))
    return compacted is not None


def standing_alarm(journal: JournalStore) -> ErrorCode | None:
    """Return the alarm of an incarnation that began for a reason head office was not told yet, or None."""
    branch = journal.branches()[-1]
    first = branch.after(0, 1) if branch.mark() == 0 else ()
    opened = decode(first[0].raw, first[0].kind).body if first else None
    return ALARMS.get(opened.cause) if isinstance(opened, Opened) else None


def leave_behind(journal: JournalStore, cause: Cause) -> None:
    """Drop what the copy that went on may have used: leases; on an older copy also baskets and unprinted receipts.

    A basket of an older copy may have been paid since: closed again it would be one sale twice.
    """
    with journal.database.writing():
        leave(journal.database)
        if cause is not Cause.FORKED:
            journal.database.execute("DELETE FROM open_basket")
            journal.database.execute("DELETE FROM parked")
            journal.database.execute("UPDATE station SET printed = (SELECT max(place) FROM entry)")


def last_entry(journal: JournalStore) -> Stored:
    """Return the last entry of a founded ``journal``."""
    row = journal.database.row("SELECT max(place) FROM entry")
    (last,) = journal.entries((row[0] if row else 0) - 1, 1)
    return last


def machine_id(state: Path, sources: Sequence[Path] = MACHINE_IDS) -> str:
    """Return who this computer is, as 64 hexadecimal digits that tell nothing else of it.

    It is made from the operating system's own id; where there is none, from one drawn once and
    kept in the folder ``state``. It never changes with the computer's name or an update.
    """
    own = next((found for source in sources if (found := _system_id(source))), "") or _windows_id()
    if not own:
        own = _drawn_id(state)
    return hashlib.sha256(b"card-station " + own.encode()).hexdigest()


def _system_id(source: Path) -> str:
    """Return the id in ``source``, "" without one: before its first start a system has other words there."""
    try:
        found = source.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return found if _MACHINE_ID.fullmatch(found) else ""


def _windows_id() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(
                    winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0,
                    winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    return ""


def _drawn_id(state: Path) -> str:
    kept = state / "machine-id"
    try:
        raw = read_secret(kept)
        if raw is None:
            raw = secrets.token_hex(16).encode()
            state.mkdir(parents=True, exist_ok=True)
            write_secret(kept, raw)
    except (OSError, StationError) as fault:
        logger.warning("machine id %s: %s", kept, fault)
        return ""
    return raw.decode("ascii", errors="replace")


def _read(file: Path) -> Seen | None:
    try:
        raw = read_secret(file)
        return msgspec.json.decode(raw.partition(b"\n")[0], type=Seen) if raw else None
    except (StationError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        logger.warning("witness %s: %s", file, type(fault).__name__)
        return None
