"""``stationctl`` for the station's memory: verify, rebuild, back up, restore, compact, reprint, erase."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from data.backup import Maker, back_up, restore, thin
from data.compact import DEFAULT_DAYS, LEAST_DAYS, compact
from data.database import ENCRYPTS
from data.key_store import KeyStore
from data.verify import rebuild, verify
from data.witness import WatchedJournal, cause_of, last_entry
from station.errors import ErrorCode, StationError
from station.journal import Cause, Entry
from station.shift import Reading, ShiftClosed
from station.version import VERSION
from ui.cli_keys import put_back_line, rescued_key
from ui.clock import SystemClock
from ui.text import Words
from ui.wiring import OWNER_FOLDER, Home, paired, paired_under, witness_of

OK, REFUSED, MISUSED = 0, 1, 2
KEEP = 14
REST_S = 0.05
"""Between two transactions of a compaction, so that the counter gets its turn."""

Command = Callable[[argparse.Namespace, Home], int]
_COPIES = {
    Cause.RESTORED: "the witness: this journal is an older copy, or nothing vouches that it is the newest",
    Cause.CLONED: "the witness: this journal was written on another computer",
}


def add_memory_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Add the commands; docs/operations.md tells when to use which."""
    add("verify", _verify, "Check the journal from its first byte to its last derived row, and its witness.")
    add("rebuild", _rebuild, "Make all derived rows anew from the journal's entries.")
    backup = add("backup", _backup, "Copy the journal while the counter sells, verify the copy, thin out old ones.")
    backup.add_argument("folder", type=Path, help="where backups are kept; it must exist")
    backup.add_argument("--keep", type=int, default=KEEP, metavar="N", help=f"how many stay ({KEEP} when left out)")
    restoring = add("restore", _restore, "Put a backup in place; what is sold from then on has numbers of its own.")
    restoring.add_argument("backup", type=Path, help="a backup's folder, or the journal file of one")
    restoring.add_argument("--key", type=Path, metavar="FILE", help="the key that head office rescued")
    compacting = add("compact", _compact, "Cut off entries that head office has, of shifts closed long ago.")
    compacting.add_argument(
        "--older-than", type=int, default=DEFAULT_DAYS, metavar="DAYS",
        help=f"{DEFAULT_DAYS} when left out, at least {LEAST_DAYS}")
    shift = add("shift", _shift, "Print an X or Z report again, as it was made.")
    shift.add_argument("kind", choices=("x", "z"))
    shift.add_argument("--number", type=int, required=True)
    shift.add_argument("--json", action="store_true")
    erasing = add("erase", _erase, "Erase what one entry keeps of people; totals and chain stay.")
    erasing.add_argument("place", type=int, help="the entry's place in the journal")


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a command line


@contextmanager
def _journal(home: Home) -> Iterator[WatchedJournal]:
    """Open the journal of a paired station as it is: nothing is founded, and no new incarnation begins."""
    who = paired(home).enrolment
    path = home.journal if ENCRYPTS else home.plain_journal
    if not path.exists():
        raise StationError(ErrorCode.DATABASE_UNAVAILABLE, file=path.name)
    key = home.keys.held().key if ENCRYPTS else None
    with closing(WatchedJournal(path, key, witness_of(home, path, who))) as journal:
        yield journal


def _verify(_options: argparse.Namespace, home: Home) -> int:
    with _journal(home) as journal:
        seen = journal.witness.seen()  # before the journal: another program may be selling
        faults = list(verify(journal))
        if not faults:
            cause = cause_of(journal, seen, journal.witness.machine)
            faults = [_COPIES[cause]] if cause else []
        for fault in faults:
            _say(fault)
        (place,) = journal.database.row("SELECT max(place) FROM entry") or (0,)
        _say(f"{place} entries, head {journal.head().hash.hex()}: {'broken' if faults else 'sound'}")
    return REFUSED if faults else OK


def _rebuild(_options: argparse.Namespace, home: Home) -> int:
    with _journal(home) as journal:
        try:
            rows = rebuild(journal)
        except ValueError as fault:
            _say(f"{fault}: nothing was changed")
            return REFUSED
    _say(f"{rows} derived rows made anew")
    return OK


def _backup(options: argparse.Namespace, home: Home) -> int:
    if options.keep < 1:
        _say("at least one backup is kept")
        return MISUSED
    if not ENCRYPTS:
        _say("encryption is not installed: no backup was made")
        return REFUSED
    maker = Maker(paired(home).enrolment.station, VERSION, SystemClock().now())
    with _journal(home) as journal:
        made = back_up(journal, home.keys.held().key, _beside(home), options.folder, maker)
    manifest = made.manifest
    _say(f"{manifest.place} entries, head {manifest.hash}: verified")
    _say(f"backup       {made.folder}")
    _say("The key is not in it: to restore on another computer, head office must rescue it.")
    gone = thin(options.folder, made, options.keep)
    if gone:
        _say(f"{gone} older backups removed, {options.keep} kept")
    return OK


def _beside(home: Home) -> tuple[Path, ...]:
    """Return what a backup holds beside the journal; who the station is comes last, for it makes a folder a station's."""
    return home.settings, home.sealed_key, home.enrolment


def _restore(options: argparse.Namespace, home: Home) -> int:
    if options.home is None and home.journal.exists():
        raise StationError(ErrorCode.JOURNAL_IN_THE_WAY)
    if not options.backup.exists():
        raise StationError(ErrorCode.BACKUP_DAMAGED)
    try:
        key = (rescued_key(options.key) if options.key
               else KeyStore(home.database_key, (options.backup,), home.places).held().key)
        home.folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        held = options.backup if options.backup.is_dir() else options.backup.parent
        who = paired_under(home if home.enrolment.exists() else replace(home, folder=held), key).enrolment
        maker = Maker(who.station, VERSION, SystemClock().now())
        done = restore(options.backup, key, home.journal, _beside(home), maker)
    except ValueError as fault:
        _say(str(fault))
        return MISUSED
    if options.key:
        _say(put_back_line(home, key, Words(options.language)))
    with _journal(home) as journal:
        journal.witness.settle(last_entry(journal))
        head = journal.head()
    if done.manifest:
        _say(f"restored     {done.manifest.place} entries, as of {_utc(done.manifest.at_us)}")
    if done.kept:
        _say(f"kept aside   {done.kept}")
    _say(f"A new incarnation began: {head.incarnation}. What was sold after the backup is not here.")
    return OK


def _compact(options: argparse.Namespace, home: Home) -> int:
    total = 0
    with _journal(home) as journal:
        try:
            for cut in compact(journal, options.older_than, SystemClock().now()):
                total += cut.entries
                time.sleep(REST_S)
        except ValueError as fault:
            _say(str(fault))
            return MISUSED
        except StationError as fault:
            if "reason" in fault.detail:
                _say(str(fault.detail["reason"]))
            raise
    _say(f"{total} entries cut off; their goods can no longer be taken back here while offline"
         if total else "nothing to cut off")
    return OK


def _shift(options: argparse.Namespace, home: Home) -> int:
    kind = options.kind.upper()
    with _journal(home) as journal:
        try:
            entry = journal.report(kind, options.number)
        except KeyError:
            _say(f"there is no report {kind} {options.number}, or it was cut off")
            return REFUSED
    if options.json:
        _say(json.dumps({"report": kind, **msgspec.to_builtins(entry)}, ensure_ascii=False))
    else:
        for line in _report_lines(kind, entry):
            _say(line)
    return OK


def _report_lines(kind: str, entry: Entry[Reading] | Entry[ShiftClosed]) -> Iterator[str]:
    body, minute = entry.body, entry.at.minute_of_day
    yield f"report         {kind} {body.number}, a copy"
    yield f"station        {entry.station}"
    yield f"shift          {body.shift}"
    yield f"made           {entry.at.date} {minute // 60:02}:{minute % 60:02} by {entry.actor.person}"
    yield f"expected cash  {body.expected_cash}"
    if isinstance(body, ShiftClosed):
        yield f"counted        {'not counted' if body.counted is None else body.counted}"
        yield f"difference     {body.difference} {body.reason}"
    for total in body.totals:
        yield f"{f'{total.tally} {total.name}'.strip():24} {total.amount}"


def _erase(options: argparse.Namespace, home: Home) -> int:
    with _journal(home) as journal:
        if journal.personal(options.place) is None:
            _say(f"entry {options.place} keeps nothing of people")
            return OK
        journal.database.execute("PRAGMA secure_delete = ON")
        journal.erase(options.place)
        journal.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    _say(f"erased what entry {options.place} kept of people; backups made before still hold it until they are thinned")
    return OK


def _utc(at_us: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_us / 1e6))
