"""What ``stationctl`` does between this station and head office: by the line, and by a stick where there is none."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from data.aside import AsideStore
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.ports import Outbox
from sync.exchange import StationSync
from sync.keys import OfficeKey
from sync.push import unsent
from ui.clock import SystemClock
from ui.stick import Answered, Export, Who, answers, covered, take
from ui.text import Words
from ui.wiring import Home, open_memory, paired
from ui.wiring_lines import EnrolmentRing, sync_opener

OK, REFUSED = 0, 1
Command = Callable[[argparse.Namespace, Home], int]


def add_exchange_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Add the commands; docs/operations.md tells when to use which."""
    syncing = add("sync", _sync, "Send what is unsent and take what is new, once.")
    syncing.add_argument("--now", action="store_true", help="also ask for a whole member book, which else waits for the night")
    add("status", _status, "Say what head office has and has not, journal by journal.")
    writing = add("export", _export, "Write what is unsent into a folder, for head office: a stick where there is no line.")
    writing.add_argument("folder", type=Path, help="it must exist")
    reading = add("import", _import, "Take head office's receipts out of a folder.")
    reading.add_argument("folder", type=Path)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line


def _tell(fault: StationError, options: argparse.Namespace) -> None:
    print(Words(options.language).error(fault), file=sys.stderr)  # noqa: T201 - a command line


def _sync(options: argparse.Namespace, home: Home) -> int:
    with closing(sync_opener(home, paired(home))()) as sync:
        if options.now:
            sync.check_book()
        standing = exchange(sync)
        left = sync.unsent()
    _say(f"{left} entries unsent" if left else "nothing unsent")
    if standing:
        _tell(standing, options)
    return REFUSED if standing else OK


def exchange(sync: StationSync) -> StationError | None:
    """Send all there is, then take what is new; return what stands against a journal, for it holds up nothing.

    Raises ``StationError`` as the steps do.
    """
    standing = _send(sync)
    while sync.pull():
        pass
    return standing


def _send(sync: StationSync) -> StationError | None:
    """Send all there is, batch by batch; return what stands against a journal of this station."""
    sent = 0
    try:
        while (result := sync.push()).sent:
            sent += result.sent
            _say(f"{sent} of {sent + result.unsent} entries sent, up to {sync.course().batch} in a batch")
            if result.quarantined:
                _say(f"head office put {result.quarantined} of them aside")
    except StationError as fault:
        if fault.code is not ErrorCode.JOURNAL_FORKED and "earlier" not in fault.detail:
            raise
        return fault
    return None


class _When(msgspec.Struct, frozen=True):
    """The part of an entry that says when it was written."""

    at: Moment


def _status(options: argparse.Namespace, home: Home) -> int:
    with closing(open_memory(home, paired(home).enrolment)) as memory:
        for outbox in memory.branches():
            _say(f"journal      {outbox.head().incarnation} {_standing(outbox)}")
        _say(f"unsent       {unsent(memory)} entries")
        if memory.alarm:
            _tell(StationError(memory.alarm), options)
    return REFUSED if memory.alarm else OK


def _standing(outbox: Outbox) -> str:
    head, mark = outbox.head(), outbox.mark()
    first = outbox.after(mark, 1)
    if not first:
        return f"{head.seq} entries, all at head office"
    since = msgspec.json.decode(first[0].raw, type=_When).at.utc_us
    return f"{head.seq} entries, {head.seq - mark} not at head office, the first of {_utc(since)}"


def _export(options: argparse.Namespace, home: Home) -> int:
    who = paired(home).enrolment
    with closing(open_memory(home, who)) as memory:
        export = Export(Who(who.station, who.key, who.office_key, who.recovery_key), options.folder)
        done = export.run(memory, SystemClock().now().utc_us)
    _say(f"{done.entries} entries in {done.files} files, {done.kept} of them were there already")
    _say("Bring the folder to head office, and back: stationctl import reads the receipts.")
    return OK


def _import(options: argparse.Namespace, home: Home) -> int:
    pairing = paired(home)
    station, is_good, found = pairing.enrolment.station, True, False
    with closing(open_memory(home, pairing.enrolment)) as memory:
        for said in answers(options.folder, station, OfficeKey(pairing.enrolment.office_key, EnrolmentRing(home).keep_office)):
            found = True
            answered = take(memory, said, AsideStore(memory.journal.database)) if not isinstance(said, StationError) else said
            is_good = _told(answered, options) and is_good
        for path in covered(options.folder, station, memory):
            path.unlink(missing_ok=True)
        left = unsent(memory)
    if not found:
        _say(f"there are no receipts for station {station}")
    _say(f"{left} entries unsent" if left else "nothing unsent")
    return OK if is_good and found else REFUSED


def _told(answered: Answered | StationError | None, options: argparse.Namespace) -> bool:
    """Tell what a file from head office said; return whether all is well with it."""
    if answered is None:
        _say("receipts of a journal that is not here: nothing to do")
        return True
    if isinstance(answered, StationError):
        _say(f"{answered.detail['file']}: {answered.detail['reason']}")
        _tell(answered, options)
        return False
    _say(f"journal      {answered.incarnation} through entry {answered.acknowledged} at head office, {answered.moved} more")
    if answered.quarantined:
        _say(f"head office put {answered.quarantined} entries aside")
    if answered.begun:
        _say("A new journal began; export again, for what is sold from now on goes up in it.")
    if answered.fault:
        _tell(answered.fault, options)
    return answered.fault is None


def _utc(at_us: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_us / 1e6))
