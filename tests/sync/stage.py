"""The sync thread in lock-step, for tests: the real thread, its time in the test's hands."""

import queue
import threading
from dataclasses import dataclass, field, replace

from station.ports import BookInstaller
from station.protection import Protection
from sync.books import KeptBook
from sync.ed25519 import Ed25519Verifier, new_key, public_key
from sync.exchange import StationSync, Stores, Sync
from sync.state import Progress, SyncState
from sync.worker import Timing, Worker
from tests.sync.memory import MemoryMembers, MemoryOffice, MemoryOutbox, MemoryPacks, MemoryShelf

PATIENCE_S = 10
EVERY_S = 60.0


@dataclass
class Stage:
    """A station whose thread stops at each rest until the test lets it go on."""

    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    office: MemoryOffice = field(default_factory=MemoryOffice)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    packs: MemoryPacks = field(default_factory=MemoryPacks)
    states: list[SyncState] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    trickle_s: float = 0
    opened: list[int] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    refuse: list[Exception] = field(default_factory=list)
    key: bytes = field(default_factory=new_key)
    kept: KeptBook | None = None
    installer: BookInstaller | None = None
    chance: float = 0.5
    now: float = 1000.0
    rests: "queue.Queue[float]" = field(default_factory=queue.Queue)
    orders: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        timing = Timing(lambda: self.now, self.wait, lambda: self.chance, lambda: int(self.now) * 1_000_000)
        self.worker = Worker(
            self.open, self.hear, pull_every_s=EVERY_S, trickle_s=self.trickle_s, timing=timing)

    def hear(self, state: SyncState) -> None:
        """Keep the progress apart from what it is about."""
        self.progress.append(state.progress)
        bare = replace(state, progress=Progress())
        if bare != (self.states[-1] if self.states else SyncState()):
            self.states.append(bare)

    def open(self) -> Sync:
        """Open the stores; called in the worker's thread."""
        self.opened.append(threading.get_ident())
        if self.refuse:
            raise self.refuse.pop(0)
        stores = Stores(
            self.outbox, self.members, MemoryShelf(), self.packs, Protection.FILE,
            lambda: self.closed.append("stores"), books=self.installer, kept=self.kept)
        verifier = Ed25519Verifier(public_key(self.key))
        return StationSync(stores, self.office, verifier, lambda: self.closed.append("office"))

    def wait(self, bell: threading.Event, seconds: float) -> bool:
        """Tell the test how long the worker would rest, and do as it is told."""
        self.rests.put(seconds)
        if self.orders.get(timeout=PATIENCE_S) == "elapse":
            self.now += seconds
            return False
        return bell.wait(PATIENCE_S)

    def rest(self) -> float:
        """Wait until the worker rests; return for how long it would."""
        return self.rests.get(timeout=PATIENCE_S)

    def elapse(self) -> float:
        """Let the present rest pass; return the next one."""
        self.orders.put("elapse")
        return self.rest()

    def wake(self) -> float:
        """Wake the worker out of its rest; return the next one."""
        self.worker.wake()
        self.orders.put("listen")
        return self.rest()
