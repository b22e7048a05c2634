"""A diagnostics screen over plain values: what is asked can be changed, what is done is written down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import CardTier, Evidence, Medium, Tap
from station.errors import ErrorCode, StationError
from station.proving import ProofNote
from sync.state import Progress, SyncState
from tests.fakes import NOON, FixedClock
from ui.format import Format
from ui.presenters.diagnostics import Diagnostics, DiagnosticsScreen
from ui.presenters.diagnostics_facts import (
    Acts,
    Aside,
    Backlog,
    Disk,
    Judged,
    Sources,
    States,
    Stock,
    StockKind,
)
from ui.text import Words
from ui.views_diagnostics import DiagnosticsView

NUMBER = "9364000000000017"
HOUR_US = 3_600_000_000
PCSC = ReaderState("pcsc:ACS ACR1252", "ACS ACR1252", ready=True, error=None)
SWIPE = ReaderState("serial:/dev/ttyUSB0", "Stripe reader", ready=False, error=ErrorCode.READER_GONE)
ONLINE = SyncState(online=True, progress=Progress(last_us=NOON.utc_us - 60_000_000, next_us=NOON.utc_us + 60_000_000))
CHIP = Tap("pcsc:ACS ACR1252", Medium.CHIP, NUMBER, Evidence.NDEF, CardTier.NUMBER, "04A1B2C3D4E5F6")
STOCKS = (
    Stock(StockKind.PACK, 12, NOON.utc_us - 2 * HOUR_US, since_us=NOON.utc_us - 30 * HOUR_US), Stock(StockKind.GOODS, 0, count=8_400),
    Stock(StockKind.MEMBERS, 5_012, NOON.utc_us - HOUR_US, 250_000),
    Stock(StockKind.BLOCK_LIST, 5_012, NOON.utc_us - 25 * HOUR_US), Stock(StockKind.ISSUER_KEYS, 0))


@dataclass
class Screen:
    """A screen that remembers."""

    views: list[DiagnosticsView] = field(default_factory=list)

    def show_diagnostics(self, view: DiagnosticsView) -> None:
        self.views.append(view)

    @property
    def view(self) -> DiagnosticsView:
        return self.views[-1]


@dataclass
class Answers:
    """What the sources answer; a fault instead where one is named."""

    backlog: Backlog = field(default_factory=lambda: Backlog(3, NOON.utc_us - 2 * HOUR_US))
    aside: tuple[Aside, ...] = (Aside(4711, "member 12: unknown to the register"),)
    stocks: tuple[Stock, ...] = STOCKS
    office_us: int | None = NOON.utc_us - 200_000_000
    disk: Disk = field(default_factory=lambda: Disk(41_200_000_000, 256_000_000_000))
    judged: Judged = field(default_factory=lambda: Judged(CardTier.ISSUED, (ProofNote.NOT_CHECKED,)))
    faults: dict[str, ErrorCode] = field(default_factory=dict)
    elapsed_us: int = 2_500
    timer: int = 0

    def give(self, name: str) -> object:
        if name in self.faults:
            raise StationError(self.faults[name])
        return getattr(self, name)

    def tick(self) -> int:
        self.timer += self.elapsed_us
        return self.timer


class Diagnosed:
    """The presenter over ``Answers``; ``done`` tells what was asked for."""

    def __init__(self, language: str = "en", screen: DiagnosticsScreen | None = None, *, retries: bool = True) -> None:
        self.answers, self.screen, self.clock = Answers(), Screen(), FixedClock()
        self.done: list[str] = []
        self.saved: States | None = None
        self.waits: list[Callable[[], None]] | None = None
        """Answers of head office that are to come, where it takes its time."""
        give = self.answers.give
        sources = Sources(
            self.clock, lambda: give("backlog"), lambda: give("aside"), lambda: give("stocks"),  # type: ignore[arg-type, return-value]
            lambda: give("office_us"), lambda: give("disk"), lambda _tap: give("judged"), self.answers.tick,  # type: ignore[arg-type, return-value]
            (("Program", "1.2.3"), ("Qt", "6.11.3")))
        acts = Acts(
            lambda: self._did("send"), lambda: self._did("print"), lambda: self._did("check"),
            lambda: self._did("cancel"), self._saved, self._retry if retries else None, lambda: self._did("saw"))
        self.presenter = Diagnostics(sources, acts, Words(language), Format(language), screen or self.screen)

    def news(self) -> None:
        """Tell the presenter of two readers, the line and the printer."""
        for state in (PCSC, SWIPE):
            self.presenter.reader_state(state)
        self.presenter.sync_state(ONLINE)
        self.presenter.printer_state(PrinterState(ready=True, waiting=2))

    @property
    def view(self) -> DiagnosticsView:
        return self.screen.view

    def _did(self, what: str) -> None:
        self.answers.give(what) if what in self.answers.faults else self.done.append(what)

    def _retry(self, incarnation: str, seq: int, done: Callable[[StationError | None], None]) -> None:
        def answer() -> None:
            try:
                self._did(f"retry {incarnation}{seq}")
            except StationError as fault:
                done(fault)
            else:
                done(None)

        answer() if self.waits is None else self.waits.append(answer)

    def _saved(self, folder: Path, states: States) -> Path:
        self._did("report")
        self.saved = states
        return folder / "report.zip"
