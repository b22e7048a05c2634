"""How the exchange with head office stands, as the sync's thread tells it; and who tells nothing."""

from dataclasses import dataclass

from station.errors import ErrorCode
from station.feed import Stamp


@dataclass(frozen=True, slots=True)
class BookState:
    """How many ``members`` are in the member book here, and how far it goes: None before it is whole."""

    members: int
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the running upload is, and when there was and will be one.

    ``sent`` of ``total`` entries, both 0 while none runs; ``batch``: how many entries a batch may
    have now. ``next_us``: when the next round is due, None while one runs; ``last_us``: when one
    last went well, None before. Both in µs since 1970 UTC by this computer's clock.
    """

    sent: int = 0
    total: int = 0
    batch: int = 0
    next_us: int | None = None
    last_us: int | None = None


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the station stands with head office.

    ``online``: it answered last time; ``unsent``: entries it has not acknowledged; ``error``: why
    the last round did not end well (SYNC_FAILED: a bug, see the log); ``working``: a round is on;
    ``reason``: what the error says beside its code, as a pack's path, value and what was expected;
    ``members_percent``: how much of a whole new member book has come down, None while none does;
    ``book``: the one in use, None before it was looked at and where none is kept; ``progress``: see there.
    """

    online: bool = False
    unsent: int = 0
    error: ErrorCode | None = None
    working: bool = False
    reason: str = ""
    members_percent: int | None = None
    book: BookState | None = None
    progress: Progress = Progress()


class NoWorker:
    """What stands where the worker would, in training: it is asked for the same and does nothing."""

    ahead_us: int | None = None

    def start(self) -> None:
        """Start nothing."""

    def wake(self) -> None:
        """Leave what is new where it is."""

    def send_now(self) -> None:
        """Send nothing."""

    def stop(self, timeout_s: float) -> bool:  # noqa: ARG002 - as the worker has it
        """Have stopped already."""
        return True
