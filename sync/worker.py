"""The sync thread: pushes what the counter wrote, pulls what head office changed, rests in between."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from station.errors import ErrorCode, StationError
from station.ports import BookInstaller, MemberReplica, PackStore, ShelfReplica, Uploads, Verifier
from station.protection import Protection
from sync.books import BookOffice, BookPull
from sync.pull import Downlink, members_step, pack_step, shelf_step
from sync.push import Push, PushResult, Uplink, unsent

PULL_EVERY_S = 60.0
FIRST_PAUSE_S = 2
MOST_PAUSE_S = 15 * 60
_SYNC_CODES = 5
_REFUSED = frozenset({
    ErrorCode.PACK_INVALID, ErrorCode.PACK_OLDER, ErrorCode.MEMBERS_INVALID, ErrorCode.MEMBERS_OLDER})
_LATER = _REFUSED | {
    ErrorCode.SIGNATURE_INVALID, ErrorCode.ANSWER_INVALID, ErrorCode.HEAD_OFFICE_REFUSED,
    ErrorCode.DATABASE_NEWER, ErrorCode.DISK_FULL}
"""What is wrong with members and is told only when goods and rules have come down as well."""

_SILENCE = frozenset({ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.ANSWER_INVALID})
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the station stands with head office.

    ``online``: it answered last time; ``unsent``: entries it has not acknowledged; ``error``: why
    the last round did not end well (SYNC_FAILED: a bug, see the log); ``working``: a round is on;
    ``reason``: what the error says beside its code, as a pack's path, value and what was expected;
    ``members_percent``: how much of a whole new member book has come down, None while none does.
    """

    online: bool = False
    unsent: int = 0
    error: ErrorCode | None = None
    working: bool = False
    reason: str = ""
    members_percent: int | None = None


class Sync(Protocol):
    """What the thread drives: opened, used and closed in it. Every method raises ``StationError``."""

    @property
    def members_percent(self) -> int | None:
        """How much of a whole new member book has come down, None while none does."""
        ...

    def unsent(self) -> int:
        """Return how many entries are not acknowledged."""
        ...

    def push(self) -> PushResult:
        """Send one batch, if there is anything to send."""
        ...

    def pull(self) -> bool:
        """Take one page of what changed; return whether there is more to take."""
        ...

    def close(self) -> None:
        """Close the files and the line."""
        ...


class Office(Uplink, Downlink, BookOffice, Protocol):
    """Both directions of head office."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The station's memory as the sync thread has it open; ``close`` closes all of it.

    ``members`` and ``books`` are None where none are kept, because the files are not encrypted.
    """

    uploads: Uploads
    members: MemberReplica | None
    shelf: ShelfReplica
    packs: PackStore
    protection: Protection
    close: Callable[[], None]
    books: BookInstaller | None = None


class StationSync:
    """The ``Sync`` of a station: its stores on one side, head office on the other."""

    def __init__(
        self, stores: Stores, office: Office, verifier: Verifier, close_office: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._office = office
        self._verifier = verifier
        self._close_office = close_office
        self._push = Push(stores.uploads, office, stores.protection)
        self._books = BookPull(stores.books, office, verifier) if stores.books else None
        self._asked = False
        self._refused: StationError | None = None
        self._steps: tuple[Callable[[], bool], ...] = ()

    @property
    def members_percent(self) -> int | None:
        """How much of a whole new member book has come down, None while none does."""
        return self._books.percent if self._books else None

    def unsent(self) -> int:
        """Return how many entries are not acknowledged."""
        return unsent(self._stores.uploads)

    def push(self) -> PushResult:
        """Send one batch; as ``Push.step``."""
        return self._push.step()

    def pull(self) -> bool:
        """Take one piece or page: members (blocked cards first of all), then goods, then the pack.

        Returns whether there is more to take. Raises as the steps of ``sync.books`` and ``sync.pull``,
        and begins again with the members after that; what is refused of members is raised last, for
        it must not keep goods and rules from coming down.
        """
        step, *rest = self._steps or (self._book, self._members, self._goods, self._pack)
        self._steps = ()
        try:
            more = step()
        except StationError as refusal:
            if refusal.code not in _LATER or not rest:
                self._refused = None
                raise
            self._refused, more = self._refused or refusal, False
        self._steps = (step, *rest) if more else tuple(rest)
        refused = self._refused
        if refused and not self._steps:
            self._refused = None
            raise refused
        return bool(self._steps)

    def close(self) -> None:
        """Close the stores and the line."""
        try:
            self._stores.close()
        finally:
            self._close_office()

    def _incarnation(self) -> str:
        return self._stores.uploads.branches()[-1].head().incarnation

    def _book(self) -> bool:
        """Ask for a whole book once, and whenever there is none here; then take it to its end."""
        members, books = self._stores.members, self._books
        if books is None or members is None or (self._asked and books.percent is None and members.cursor()):
            return False
        self._asked = True
        return books.step(self._incarnation())

    def _members(self) -> bool:
        if self._stores.members is None:
            return False
        return members_step(self._stores.members, self._office, self._incarnation())

    def _goods(self) -> bool:
        return shelf_step(self._stores.shelf, self._office)

    def _pack(self) -> bool:
        pack_step(self._stores.packs, self._office, self._verifier)
        return False


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a ``clock``, a ``wait`` for an event of at most so many, a ``chance`` in [0, 1)."""

    clock: Callable[[], float] = time.monotonic
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    chance: Callable[[], float] = random.random


class Worker:
    """One thread that keeps station and head office together, one request in flight.

    While all is well it pushes at every ``wake`` and pulls every ``pull_every_s`` seconds. After a
    fault it rests for a random time up to min(15 min, 2 s · 2^n), or as long as head office asked
    for and up to a fifth longer; a ``wake`` then only counts what is unsent.
    """

    def __init__(
        self,
        open_sync: Callable[[], Sync],
        on_state: Callable[[SyncState], None],
        *,
        pull_every_s: float = PULL_EVERY_S,
        timing: Timing | None = None,
    ) -> None:
        """Prepare the thread: both callables are called in it, ``on_state`` at every change."""
        self._open_sync = open_sync
        self._on_state = on_state
        self._pull_every_s = pull_every_s
        self._timing = timing or Timing()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._bell = threading.Event()
        self._stopping = False
        self._sync: Sync | None = None
        self._state = SyncState()
        self._failures = 0
        self._refused: StationError | None = None
        self._next_pull = self._timing.clock()

    def start(self) -> None:
        """Start the thread; once."""
        self._thread.start()

    def wake(self) -> None:
        """Say that the journal has grown. Returns at once; any thread may call it."""
        self._bell.set()

    def stop(self, timeout_s: float) -> bool:
        """Ask the thread to end after the request it is in; return whether it did in time."""
        self._stopping = True
        self._bell.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._rest(self._attempt())
        finally:
            self._close()

    def _attempt(self) -> float:
        """Do one round; return for how many seconds to rest after it."""
        try:
            if self._sync is None:
                self._sync = self._open_sync()
            standing = self._round(self._sync)
        except StationError as error:
            if error.code is not self._state.error:
                logger.warning("sync: %s", error)
            online = self._state.online
            if error.code // 100 == _SYNC_CODES:
                online = error.code not in _SILENCE
            else:
                self._close()
            self._publish(online=online, error=error.code, working=False, reason="")
            return self._back_off(error.detail.get("retry_after"))
        except Exception:
            logger.exception("sync: a bug")
            self._close()
            self._publish(error=ErrorCode.SYNC_FAILED, working=False, reason="")
            return self._back_off(None)
        self._failures = 0
        refused = standing or self._refused
        self._publish(
            online=True, error=refused.code if refused else None, working=False,
            reason=str(refused.detail.get("reason", "")) if refused else "")
        return self._next_pull - self._timing.clock()

    def _round(self, sync: Sync) -> StationError | None:
        """Push, and pull when it is time; return what stands against an earlier incarnation: it holds up nothing."""
        self._publish(working=True, unsent=sync.unsent())
        fault = self._push(sync)
        if self._timing.clock() >= self._next_pull:
            self._refused = self._pull(sync)
            self._next_pull = self._timing.clock() + self._pull_every_s
        if fault and "earlier" not in fault.detail:
            raise fault
        return fault

    def _pull(self, sync: Sync) -> StationError | None:
        """Pull all there is, and push when a sale was made meanwhile: a whole member book takes its time.

        What is refused is returned, for it must not keep sales from going up.
        """
        try:
            while not self._stopping and sync.pull():
                self._publish(online=True, members_percent=sync.members_percent)
                if self._bell.is_set():
                    self._bell.clear()
                    self._push(sync)
        except StationError as error:
            if error.code not in _REFUSED:
                raise
            logger.warning("sync: %s", error)
            return error
        finally:
            self._publish(members_percent=None)
        return None

    def _push(self, sync: Sync) -> StationError | None:
        """Push until nothing is unsent; a fork is returned, for blocked cards must still come down."""
        try:
            while not self._stopping:
                result = sync.push()
                self._publish(online=self._state.online or result.sent > 0, unsent=result.unsent)
                if result.quarantined:
                    logger.warning("sync: head office put %d entries aside", result.quarantined)
                if not result.sent:  # only then is it told what stands against an earlier incarnation
                    break
        except StationError as error:
            if error.code is not ErrorCode.JOURNAL_FORKED and "earlier" not in error.detail:
                raise
            return error
        return None

    def _back_off(self, asked_s: int | str | None) -> float:
        chance = self._timing.chance()
        limit = min(MOST_PAUSE_S, FIRST_PAUSE_S << self._failures)
        self._failures += 1
        if isinstance(asked_s, int):
            return max(asked_s, 1) * (1 + chance / 5)
        return limit * chance

    def _rest(self, seconds: float) -> None:
        until = self._timing.clock() + seconds
        while not self._stopping and (left := until - self._timing.clock()) > 0:
            if not self._timing.wait(self._bell, left):
                continue
            self._bell.clear()
            if not self._failures:
                return
            self._count()

    def _count(self) -> None:
        if self._sync is None:
            return
        try:
            self._publish(unsent=self._sync.unsent())
        except StationError as error:
            logger.warning("sync: %s", error)

    def _publish(self, **changes: Any) -> None:
        state = replace(self._state, **changes)
        if state != self._state:
            self._state = state
            self._on_state(state)

    def _close(self) -> None:
        sync, self._sync = self._sync, None
        if sync is not None:
            sync.close()
