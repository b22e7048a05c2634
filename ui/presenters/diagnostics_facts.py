"""What the diagnostics screen is told: plain values, and the ports they are asked through. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import CardTier, Evidence, Medium, Tap
from station.clock import Clock
from station.errors import StationError
from station.proving import ProofNote
from station.put_aside import AsideCode
from sync.state import SyncState
from ui.checking import CheckState


class StockKind(StrEnum):
    """What comes down from head office and grows old."""

    PACK = "PACK"
    MEMBERS = "MEMBERS"
    BLOCK_LIST = "BLOCK_LIST"
    GOODS = "GOODS"
    ISSUER_KEYS = "ISSUER_KEYS"


@dataclass(frozen=True, slots=True)
class Stock:
    """What is here of one ``kind``.

    ``version`` is 0 where nothing is here, ``taken_us`` (µs since 1970 UTC) as of when it is, None
    where that is not known, ``count`` how many there are, None where that is not counted; ``since_us``
    (µs since 1970 UTC) is since when it holds, None where that means nothing.
    """

    kind: StockKind
    version: int
    taken_us: int | None = None
    count: int | None = None
    since_us: int | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many entries head office does not have, and when the oldest of them was written (µs since 1970 UTC)."""

    unsent: int
    oldest_us: int | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """An entry that head office keeps but did not post, of which journal, and its reason (``station.put_aside``)."""

    seq: int
    reason: str
    incarnation: str = ""
    code: AsideCode = AsideCode.SAID


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the disk with the station's files."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a card on the test pad proves: nothing of it was written down. ``refusal``: why it would be refused."""

    tier: CardTier
    notes: tuple[ProofNote, ...] = ()
    refusal: StationError | None = None


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card that was read on the test pad: ``ends`` is all that is kept of its number, ``took_us`` how long judging took."""

    reader: str
    medium: Medium
    evidence: Evidence
    ends: str = field(repr=False)
    judged: Judged
    took_us: int


@dataclass(frozen=True, slots=True)
class Sources:
    """Whom the screen asks, each time it is looked at. All but the clock may raise ``StationError``.

    ``aside`` are the entries head office put aside, as far as this station was told; ``office_us``
    is head office's time (µs since 1970 UTC), None before it answered; ``judge`` says what a card
    proves without writing anything; ``timer_us`` runs steadily; ``versions`` are names and versions.
    """

    clock: Clock
    backlog: Callable[[], Backlog]
    aside: Callable[[], Sequence[Aside]]
    stocks: Callable[[], Sequence[Stock]]
    office_us: Callable[[], int | None]
    disk: Callable[[], Disk]
    judge: Callable[[Tap], Judged]
    timer_us: Callable[[], int]
    versions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class States:
    """The last news of what tells its state by itself; None before there was any."""

    readers: tuple[ReaderState, ...] = ()
    printer: PrinterState | None = None
    sync: SyncState | None = None
    check: CheckState = CheckState()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Acts:
    """What the screen can have done. All may raise ``StationError`` and return at once.

    ``retry`` asks for one entry (incarnation, seq) that was put aside to be tried again, None where nobody
    can; head office may take seconds, then the last argument is told on the screen's thread what came of
    it: a fault, STILL_ASIDE when the entry stays there, or None. ``saw`` takes note that somebody looked at all of them;
    ``start_check`` and ``cancel_check`` are for the check of the files; ``save_report`` writes the
    report for support into a folder, with the states given, and returns its path.
    """

    send_now: Callable[[], None]
    test_print: Callable[[], None]
    start_check: Callable[[], None]
    cancel_check: Callable[[], None]
    save_report: Callable[[Path, States], Path]
    retry: Callable[[str, int, Callable[[StationError | None], None]], None] | None = None
    saw: Callable[[], None] = lambda: None
