"""The part of the composition root that has to do with diagnostics: whom the screen asks, and what checks the files."""

import platform
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from data.aside import AsideStore
from data.database import engine
from data.no_members import NoMembers
from data.verify import verify
from station.card import Tap
from station.clock import Clock, Moment
from station.errors import ErrorCode, StationError
from station.ports import Outbox
from station.version import VERSION
from sync.ed25519 import Ed25519Verifier
from sync.enrol import Enrolment
from sync.push import unsent
from sync.state import SyncState
from ui.checking import Check, Step
from ui.presenters.diagnostics_facts import Aside, Backlog, Disk, Judged, Sources, States, Stock, StockKind
from ui.settings import Settings, read_settings
from ui.support_bundle import Contents, write_report
from ui.text import mark
from ui.wiring import Home, Memory, open_memory
from ui.wiring_cards import make_prover

LOGS = "station.log", "crash.log"
T = TypeVar("T")


class _When(msgspec.Struct, frozen=True):
    """The part of an entry that says when it was written."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Told:
    """What the running program knows of head office: the last state of the line, its time, what it put aside."""

    state: Callable[[], SyncState]
    office_us: Callable[[], int | None]
    aside: Callable[[], Sequence[Aside]] = tuple


def sources(home: Home, who: Enrolment, memory: Memory, clock: Clock, told: Told) -> Sources:
    """Return whom the diagnostics screen asks, over ``memory`` of the screen's thread."""
    prover = None if isinstance(memory.members, NoMembers) else make_prover(
        memory.issuers, memory.journal.database, who.card_key)

    def judge(tap: Tap) -> Judged:
        if prover is None:
            return Judged(tap.tier)
        proven = prover.prove(tap, clock.now())
        return Judged(proven.tier, proven.notes, proven.refusal)

    return Sources(
        clock, lambda: backlog(memory), told.aside, lambda: stocks(memory, who, clock.now(), told.state()),
        told.office_us, lambda: disk(home.folder), judge, lambda: time.perf_counter_ns() // 1000, versions())


def put_aside(memory: Memory) -> Sequence[Aside]:
    """Return what head office put aside of the entries of ``memory``, as it said last. Raises ``StationError`` 4xx."""
    return tuple(Aside(each.seq, each.reason, each.incarnation, each.code)
                 for each in AsideStore(memory.journal.database).listed())


def backlog(memory: Memory) -> Backlog:
    """Return what head office does not have of ``memory``, and since when. Raises ``StationError`` 4xx."""
    oldest = [at for at in map(_oldest, memory.branches()) if at is not None]
    return Backlog(unsent(memory), min(oldest, default=None))


def _oldest(outbox: Outbox) -> int | None:
    first = outbox.after(outbox.mark(), 1)
    return msgspec.json.decode(first[0].raw, type=_When).at.utc_us if first else None


def stocks(memory: Memory, who: Enrolment, now: Moment, state: SyncState) -> Sequence[Stock]:
    """Return what has come down; members are counted where the exchange counts them. Raises ``StationError`` 4xx.

    A member book carries its cards, so blocked cards are as old as it is.
    """
    found = [Stock(StockKind.PACK, memory.packs.number(), memory.packs.confirmed_us(), since_us=_in_force_since(memory, now)),
             Stock(StockKind.GOODS, 0, count=memory.shelf.count())]
    if not isinstance(memory.members, NoMembers):
        stamp, book = memory.members.stamp(), state.book
        version, taken = (stamp.version, stamp.taken_us) if stamp else (0, None)
        found += [Stock(StockKind.MEMBERS, version, taken, book.members if book else None),
                  Stock(StockKind.BLOCK_LIST, version, taken),
                  Stock(StockKind.ISSUER_KEYS, memory.issuers.version(Ed25519Verifier(who.office_key)))]
    return found


def _in_force_since(memory: Memory, now: Moment) -> int | None:
    try:
        return memory.packs.current(now.utc_us).effective_us or None
    except StationError as fault:
        if fault.code is not ErrorCode.PACK_MISSING:
            raise
        return None


def disk(folder: Path) -> Disk:
    """Return the room on the disk of ``folder``. Raises ``StationError`` DISK_FAULT."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        raise StationError(ErrorCode.DISK_FAULT) from error
    return Disk(usage.free, usage.total)


def versions() -> Sequence[tuple[str, str]]:
    """Return what this station runs on: names to be translated, and versions."""
    return ((mark("Program"), VERSION), ("Python", platform.python_version()), ("SQLite", engine()[0]),
            (mark("Operating system"), f"{platform.system()} {platform.release()}"))


def file_check(home: Home, who: Enrolment) -> Check:
    """Return what checks the station's journals, opened for the thread it runs in."""
    def check(step: Step) -> Iterator[str]:
        with closing(open_memory(home, who)) as memory:
            for journal in (*memory.earlier, memory.journal):
                yield from verify(journal, step)

    return check


def report_writer(home: Home, who: Enrolment, asked: Sources) -> Callable[[Path, States], Path]:
    """Return what writes the report for support into a folder; a store that cannot be read is left out of it."""
    def write(folder: Path, states: States) -> Path:
        now, office_us = asked.clock.now(), _or(None, asked.office_us)
        return write_report(folder, Contents(
            who.station, asked.versions, tuple(home.folder / name for name in LOGS), _settings(home), states,
            _or(None, asked.backlog), _or((), asked.aside), _or((), asked.stocks), _or(None, asked.disk),
            None if office_us is None else office_us - now.utc_us), now)

    return write


def _settings(home: Home) -> Settings | str:
    try:
        return read_settings(home.settings)
    except ValueError as error:
        return str(error)


def _or(nothing: T, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except StationError:
        return nothing
