"""One station: the real files, counter and sync worker, and what happens to the computer under them."""

import itertools
import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from data.database import Database
from data.holds import HoldStore
from data.leases import LeaseStore
from data.member_file import CurrentMembers, MemberFile
from data.shelf import PackShelf, ShelfStore
from data.snapshot import BookFiles
from data.staff import StaffStore
from data.witness import WatchedJournal, Witness
from station.clock import Moment
from station.counter import Counter, Place, World
from station.drawer import Drawer
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.leases import LeaseClosed
from station.people import SYSTEM
from station.protection import Protection
from station.returning import Returning
from station.spending import Spending
from station.version import VERSION
from sync.batches import Sending
from sync.books import sealing_key
from sync.client import HeadOffice, Identity, Link, OfficeKey
from sync.enrol import Enrolment
from sync.exchange import StationSync, Stores, Sync
from sync.leases import LeaseStep, SpendingStores
from sync.spending import OnlineSpending
from sync.state import SyncState
from sync.worker import Timing, Worker
from tests.rigs.journal_uploads import JournalUploads
from tests.simulator.booted import OVERHEARD
from tests.simulator.chance import Trace, WrongClock
from tests.simulator.gate import Gate, GatedConnection, Killed
from tests.simulator.network import Network, wire_up
from tests.simulator.office import URL
from tests.simulator.plants import Plant

KEY = bytes(range(32))
"""The key of every station's files."""

JOURNAL, NEAR, FAR = "journal.db", "journal.witness", "far.witness"
UNBOUND = 4_294_967_294


class Files(JournalUploads[WatchedJournal]):
    """The station's two files as one thread has them open; ``now`` is this world's clock."""

    def __init__(self, journal: WatchedJournal, members: CurrentMembers, now: Callable[[], Moment]) -> None:
        super().__init__(journal, now)
        self.members = members

    def bound(self, *, full: bool) -> None:
        """Let both files grow no more, or again."""
        for each in (self.journal.database, self.members._held.database):
            held = bare(each)
            pages = held.execute("PRAGMA page_count").fetchone()[0] if full else UNBOUND
            held.execute(f"PRAGMA max_page_count = {pages}")

    def close(self) -> None:
        with ExitStack() as opened:
            opened.callback(self.journal.close)
            opened.callback(self.members.close)


@dataclass
class Till:
    """A station named ``name`` for people; a clone has the identity ``who`` of another, and its own name."""

    name: str
    who: Enrolment
    folder: Path
    state: Path
    machine: str
    clock: WrongClock
    network: Network
    trace: Trace
    chance: Random
    plant: Plant = field(default_factory=Plant)
    seen_restores: int = 0
    full: bool = False
    busy: bool = False
    selling: bool = False
    broken: str = ""
    noted: int = 0
    greeted: int | None = None
    gate: Gate = field(default_factory=Gate)
    state_of_sync: SyncState = field(default_factory=SyncState)

    def open(self) -> None:
        """Start the program. Raises ``StationError`` 4xx, or ``Killed``."""
        self.gate = Gate()
        self.files = self._files()
        journal = self.files.journal
        self.world = World(
            self.clock, self.chance.randbytes, self.files.members, ShelfStore(journal.database),
            PackShelf(journal.database), journal)
        online = OnlineSpending(self._line()[0], self.network.time.seconds)
        spending = Spending(
            LeaseStore(journal.database), HoldStore(journal.database), online, self.chance.randbytes)
        self.counter = Counter(
            Place(self.who.station, self.who.shop, self.who.shop_name), replace(self.world, spending=spending))
        self.drawer, self.returning = Drawer(self.world), Returning(self.world)
        self._syncs: list[Sync] = []
        self._sending = Sending()
        self.worker = Worker(self._open_sync, self._told, timing=Timing(
            self.network.time.seconds, threading.Event.wait, self.chance.random, self.clock.us))
        self.plant.opened(self)
        try:
            self.counter.recover()
        except StationError as fault:
            self.trace.say(self.name, "recovered not", fault.code.name)

    def _told(self, state: SyncState) -> None:
        self.state_of_sync = state

    def _files(self) -> Files:
        witness = Witness((self.folder / NEAR, self.state / FAR), self.machine)
        with ExitStack() as opened:
            journal = WatchedJournal(self.folder / JOURNAL, KEY, witness)
            opened.callback(journal.close)
            guard(journal.database, self.gate)
            journal.found(self.who.station, VERSION, self.clock.now())
            members = CurrentMembers(MemberFile(journal.database), self.who.card_key, itertools.count().__next__)
            opened.callback(members.close)
            journal.examine(VERSION, self.clock.now())
            opened.pop_all()
        guard(members._held.database, self.gate)
        files = Files(journal, members, self.clock.now)
        for each in (journal.database, members._held.database):
            bare(each).execute("PRAGMA synchronous = OFF")  # what a crash loses is not this rig's affair
        if self.full:
            files.bound(full=True)
        return files

    def _line(self) -> tuple[HeadOffice, OfficeKey]:
        believed = OfficeKey(self.who.office_key, lambda _key: None)  # it stays the same for the time of a run
        office = HeadOffice(Link(URL), Identity(self.who.station, self.who.key), believed, clock=self.clock.us)
        return wire_up(office, self.name, self.network), believed

    def _open_sync(self) -> Sync:
        files = self._files()
        database = files.journal.database
        office, believed = self._line()

        def close(lease: LeaseClosed) -> None:
            files.journal.append(Draft(EntryKind.LEASE_CLOSED, self.clock.now(), SYSTEM, lease))

        spending = LeaseStep(
            SpendingStores(self.who.station, LeaseStore(database), HoldStore(database), close), office, believed,
            office.now_us)
        stores = Stores(
            uploads=files, members=files.members, shelf=ShelfStore(database), packs=PackShelf(database),
            protection=Protection.FILE, close=files.close, books=BookFiles(files.members, sealing_key(self.who.key)),
            kept=files.members, staff=StaffStore(database), spending=spending.step)
        made = StationSync(stores, self.plant.line(office), believed, office.close, self._sending)
        self._syncs.append(made)
        return made

    def sync(self) -> None:
        """Let the worker make one round with head office. Raises ``Killed``."""
        self.worker._attempt()
        error = self.state_of_sync.error
        if error is ErrorCode.SYNC_FAILED:
            self.broken = f"the sync thread met a bug: {OVERHEARD.seen}"
        self.trace.say(self.name, "synced", error.name if error else "well", "unsent", self.state_of_sync.unsent)

    def unsent(self) -> int:
        """How many entries head office has not acknowledged."""
        return sum(each.head().seq - each.mark() for each in self.files.branches())

    def shown(self, member_id: str) -> int | None:
        """The points the counter would show of a member, None for one that is not in the book."""
        members, journal = self.files.members, self.files.journal
        known = members.member(member_id)
        return None if known is None else known.points + journal.points_after(member_id, members.projected_through())

    def close(self) -> None:
        """End the program in good order."""
        self.worker._close()
        self.files.close()

    def cut(self) -> None:
        """Let the program die: its connections end without another statement."""
        self.gate.dead = True
        for sync in self._syncs:
            assert isinstance(sync, StationSync)
            sync._stores.close()
        self.files.close()
        self.busy = self.selling = False

    def fill(self, *, full: bool) -> None:
        """Let the disk be full, or have room again, for all connections of the program."""
        self.full = full
        for each in (self.files, *(sync._stores.uploads for sync in self._syncs if isinstance(sync, StationSync))):
            assert isinstance(each, Files)
            if sync_is_open(each):
                each.bound(full=full)

    def copy(self, into: Path) -> None:
        """Copy the folder and the far witness as they lie on the disk now."""
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(self.folder, into / "folder", ignore=shutil.ignore_patterns("*-shm"))
        (into / "state").mkdir()
        if (self.state / FAR).exists():
            shutil.copy(self.state / FAR, into / "state" / FAR)


def guard(database: Database, gate: Gate) -> None:
    """Let every statement of ``database`` pass ``gate``."""
    database._link.connection = GatedConnection(database._link.connection, gate)


def bare(database: Database) -> Any:
    """The driver's own connection, past the gate."""
    held = database._link.connection
    return held.real if isinstance(held, GatedConnection) else held


def sync_is_open(files: Files) -> bool:
    """Whether the connections of ``files`` can still be used."""
    try:
        bare(files.journal.database).execute("SELECT 1")
    except Exception:  # noqa: BLE001 - the driver has a class of its own for each way
        return False
    return True


__all__ = ["KEY", "Files", "Killed", "Till"]
