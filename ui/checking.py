"""The check of the station's files in a thread of its own: how far it is, what it found, and its end on demand."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from station.errors import ErrorCode, StationError

MOST_FAULTS = 20
"""Sentences kept: the first bad place says the most, and a broken file could fill the memory."""

Step = Callable[[int, int], None]
Check = Callable[[Step], Iterable[str]]
logger = logging.getLogger(__name__)


class CheckStage(StrEnum):
    """NEVER: none was begun since the start; FILE: the file itself is read; ENTRIES: its entries are.

    SOUND, FAULTY and STOPPED are its ends; FAILED: it could not go on, ``CheckState.error`` says why.
    """

    NEVER = "NEVER"
    FILE = "FILE"
    ENTRIES = "ENTRIES"
    SOUND = "SOUND"
    FAULTY = "FAULTY"
    STOPPED = "STOPPED"
    FAILED = "FAILED"


RUNNING = frozenset({CheckStage.FILE, CheckStage.ENTRIES})


@dataclass(frozen=True, slots=True)
class CheckState:
    """How the check stands: ``done`` of ``last`` entries, the first of its ``found`` faults, when it ended.

    ``ended_us``: µs since 1970 UTC, None before. ``stopping``: it was asked to end and will soon.
    """

    stage: CheckStage = CheckStage.NEVER
    done: int = 0
    last: int = 0
    found: int = 0
    faults: tuple[str, ...] = ()
    error: ErrorCode | None = None
    ended_us: int | None = None
    stopping: bool = False

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.stage in RUNNING


class _StoppedError(Exception):
    """The check was asked to end."""


class DatabaseCheck:
    """One check at a time, as often as wanted. ``start``, ``cancel`` and ``close`` belong to one thread."""

    def __init__(self, check: Check, on_state: Callable[[CheckState], None], now_us: Callable[[], int]) -> None:
        """Prepare; ``check`` runs in the thread, and ``on_state`` is called in it at every change.

        ``check`` is given what tells it how far it is, which raises when the check is to end; it
        yields a sentence for each fault, and may raise ``StationError``.
        """
        self._check = check
        self._on_state = on_state
        self._now_us = now_us
        self._state = CheckState()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> CheckState:
        """How it stands; one frozen value, so that any thread may ask."""
        return self._state

    def start(self) -> None:
        """Begin, unless it is running."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._state = CheckState()
        self._tell(stage=CheckStage.FILE)
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to end: at the next page of entries, while the file itself is read at the end of that."""
        with self._changing:
            if self._state.running:
                self._stopping.set()
                self._change(stopping=True)

    def close(self, timeout_s: float) -> bool:
        """Ask it to end and wait; return whether it did in time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        try:
            for fault in self._check(self._step):
                self._found(fault)
            end = CheckStage.FAULTY if self._state.found else CheckStage.SOUND
            self._end(stage=end)
        except _StoppedError:
            self._end(stage=CheckStage.STOPPED)
        except StationError as fault:
            logger.warning("check: %s", fault)
            self._end(stage=CheckStage.FAILED, error=fault.code)
        except Exception:
            logger.exception("check: a bug")
            self._end(stage=CheckStage.FAILED)

    def _step(self, done: int, last: int) -> None:
        if self._stopping.is_set():
            raise _StoppedError
        self._tell(stage=CheckStage.ENTRIES, done=done, last=last)

    def _found(self, fault: str) -> None:
        if self._stopping.is_set():
            raise _StoppedError
        faults = self._state.faults
        kept = (*faults, fault) if len(faults) < MOST_FAULTS else faults
        self._tell(found=self._state.found + 1, faults=kept)

    def _end(self, **changes: Any) -> None:
        self._tell(stopping=False, ended_us=self._now_us(), **changes)

    def _tell(self, **changes: Any) -> None:
        with self._changing:
            self._change(**changes)

    def _change(self, **changes: Any) -> None:
        """Change the state and tell it; ``_changing`` is held, so that the last that is told is how it stands."""
        self._state = replace(self._state, **changes)
        self._on_state(self._state)
