"""The sync thread: pushes what the counter wrote, pulls what head office changed, rests in between."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from station.errors import ErrorCode, StationError
from sync.exchange import REFUSED, Sync
from sync.push import PushResult
from sync.slots import BackOff, Night
from sync.state import Progress, SyncState
from sync.wire import Welcome

PULL_EVERY_S = 60.0
TRICKLE_S = 0.5
_SYNC_CODES = 5
_US = 1_000_000
_SILENCE = frozenset({ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.ANSWER_INVALID})
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a ``clock``, a ``wait`` for an event of at most so many, a ``chance`` in [0, 1), ``now_us`` to show."""

    clock: Callable[[], float] = time.monotonic
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    chance: Callable[[], float] = random.random
    now_us: Callable[[], int] = lambda: time.time_ns() // 1000


class Worker:
    """One thread that keeps station and head office together, one request in flight.

    While all is well it pushes ``trickle_s`` after a ``wake``, so that a burst of sales is one batch,
    and pulls every ``pull_every_s`` seconds. After a fault it rests as ``sync.slots.BackOff`` says; a
    ``wake`` then only counts what is unsent. What is heavy waits for the night: ``sync.slots.Night``.
    """

    def __init__(
        self,
        open_sync: Callable[[], Sync],
        on_state: Callable[[SyncState], None],
        *,
        pull_every_s: float = PULL_EVERY_S,
        trickle_s: float = TRICKLE_S,
        timing: Timing | None = None,
    ) -> None:
        """Prepare the thread: both callables are called in it, ``on_state`` at every change."""
        self._open_sync = open_sync
        self._on_state = on_state
        self._pull_every_s = pull_every_s
        self._trickle_s = trickle_s
        self._timing = timing or Timing()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._bell = threading.Event()
        self._stopping = False
        self._hurried = False
        self._goes_on = False
        self._sync: Sync | None = None
        self._state = SyncState()
        self._pause = BackOff(self._timing.chance)
        self._night = Night(self._timing.clock)
        self._welcome: Welcome | None = None
        self.ahead_us: int | None = None
        """How far head office's clock was ahead of this computer's when it last said; None before it did."""
        self._refused: StationError | None = None
        self._next_pull = self._timing.clock()

    def start(self) -> None:
        """Start the thread; once."""
        self._thread.start()

    def wake(self) -> None:
        """Say that the journal has grown. Returns at once; any thread may call it."""
        self._bell.set()

    def send_now(self) -> None:
        """End the rest, whatever it is for, and send and fetch all there is. Any thread may call it."""
        self._hurried = True
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
                seconds = self._attempt()
                self._publish(progress=self._going(
                    sent=0, total=0, next_us=self._timing.now_us() + int(max(seconds, 0) * _US)))
                self._rest(seconds)
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
            return self._pause.failed(error.detail.get("retry_after"))
        except Exception:
            logger.exception("sync: a bug")
            self._close()
            self._publish(error=ErrorCode.SYNC_FAILED, working=False, reason="")
            return self._pause.failed(None)
        self._pause.succeeded()
        refused = standing or self._refused
        self._publish(
            online=True, error=refused.code if refused else None, working=False,
            reason=str(refused.detail.get("reason", "")) if refused else "",
            progress=self._going(last_us=self._timing.now_us()))
        return 0 if self._goes_on else min(self._next_pull - self._timing.clock(), self._night.left())

    def _round(self, sync: Sync) -> StationError | None:
        """Push, and pull when it is time; return what stands against an earlier incarnation: it holds up nothing."""
        hurried, self._hurried = self._hurried, False
        if self._night.comes() or hurried:
            self._night.hurry()
            sync.check_book()
            self._next_pull = self._timing.clock()
        unsent = sync.unsent()
        self._publish(
            working=True, unsent=unsent,
            progress=self._going(sent=0, total=unsent, next_us=None, batch=sync.course().batch))
        self._look_at_book(sync)
        fault = self._push(sync)
        if self._timing.clock() >= self._next_pull:
            self._refused = self._pull(sync)
            self._look_at_book(sync)
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
            if error.code not in REFUSED:
                raise
            logger.warning("sync: %s", error)
            return error
        finally:
            self._publish(members_percent=None)
        return None

    def _push(self, sync: Sync) -> StationError | None:
        """Push until nothing is unsent; a fork is returned, for blocked cards must still come down.

        So they must where sales are made as fast as they go up, or a backlog takes long: the next
        pull is not waited for longer than usual, and the rest goes up in the round after it.
        """
        self._goes_on, until = False, self._timing.clock() + self._pull_every_s
        try:
            while not self._stopping:
                result = sync.push()
                self._took(sync, result)
                if result.quarantined:
                    logger.warning("sync: head office put %d entries aside", result.quarantined)
                # with nothing left to send it is told what stands against an earlier incarnation
                if not result.sent or self._night.holds(result.unsent):
                    break
                if self._timing.clock() >= until:
                    self._goes_on = True
                    break
        except StationError as error:
            if error.code is not ErrorCode.JOURNAL_FORKED and "earlier" not in error.detail:
                raise
            return error
        return None

    def _took(self, sync: Sync, result: PushResult) -> None:
        """Take note of a step: how far it came, and what head office wishes if it was asked."""
        course = sync.course()
        if course.welcome is not self._welcome:
            self._welcome = course.welcome
            if course.welcome:
                self.ahead_us = course.welcome.server_time_us - self._timing.now_us()
                self._night.told(course.welcome.slot_us, course.welcome.server_time_us)
        if result.sent:
            self._pause.succeeded()
        sent = self._state.progress.sent + result.sent
        self._publish(
            online=self._state.online or result.sent > 0, unsent=result.unsent,
            progress=self._going(sent=sent, total=sent + result.unsent, batch=course.batch))

    def _going(self, **changes: Any) -> Progress:
        return replace(self._state.progress, **changes)

    def _look_at_book(self, sync: Sync) -> None:
        """Tell how the member book stands; one that cannot be read keeps no sale from going up."""
        try:
            self._publish(book=sync.book())
        except StationError as error:
            logger.warning("sync: %s", error)

    def _rest(self, seconds: float) -> None:
        until = self._timing.clock() + seconds
        while not self._ends() and (left := until - self._timing.clock()) > 0:
            if not self._timing.wait(self._bell, left):
                continue
            self._bell.clear()
            if self._ends():
                return
            if not self._pause.resting:
                self._gather()
                return
            self._count()

    def _gather(self) -> None:
        """Wait for the rest of a burst."""
        until = self._timing.clock() + self._trickle_s
        while not self._ends() and (left := until - self._timing.clock()) > 0:
            if self._timing.wait(self._bell, left):
                self._bell.clear()

    def _ends(self) -> bool:
        return self._stopping or self._hurried

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
