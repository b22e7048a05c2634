"""The diagnostics screen: how readers, printer, head office, stores, files and computer stand. No Qt.

What a card shows here goes nowhere else: not into the basket, the journal or the log.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from drivers.bank_cards import Lane, is_bank_card
from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import Tap
from station.errors import ErrorCode, StationError
from sync.state import SyncState
from ui.checking import CheckState
from ui.format import Format
from ui.presenters import diagnostics_words as told
from ui.presenters.diagnostics_facts import Acts, CardRead, Sources, States
from ui.text import Words
from ui.views import Tone
from ui.views_diagnostics import AsideView, DiagnosticsView, Fact, PadView

_LRM = "\u200e"


class DiagnosticsScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_diagnostics(self, view: DiagnosticsView) -> None:
        """Show ``view``."""
        ...


class Diagnostics:
    """What the screen says and does. Lives on the screen's thread; news may come while it is not shown.

    The test pad takes cards and codes only between ``open`` and ``close``. No action raises
    ``StationError``: what was refused becomes the screen's news.
    """

    def __init__(self, sources: Sources, acts: Acts, words: Words, style: Format, screen: DiagnosticsScreen) -> None:
        """Start without news of anything; nothing is shown before ``open``."""
        self._sources = sources
        self._acts = acts
        self._words = words
        self._style = style
        self._screen = screen
        self._open = False
        self._readers: dict[str, ReaderState] = {}
        self._sync: SyncState | None = None
        self._printer: PrinterState | None = None
        self._check = CheckState()
        self._pad: Callable[[], PadView] = self._waiting
        self._news: Callable[[], tuple[str, Tone]] = lambda: ("", Tone.NEUTRAL)
        self._view: DiagnosticsView | None = None
        self._retrying: int | None = None
        self._untold = False

    @property
    def can_retry(self) -> bool:
        """Whether an entry that was put aside can be tried again from here."""
        return self._acts.retry is not None

    def open(self) -> None:
        """Show the present state, and take cards on the test pad from now on; news of before only when nobody saw them."""
        self._open, self._pad = True, self._waiting
        if self._retrying is None and not self._untold:
            self._news = lambda: ("", Tone.NEUTRAL)
        self._untold = False
        self.refresh()

    def close(self) -> None:
        """Leave cards to the counter again; what was read of one is forgotten."""
        self._open, self._pad, self._view = False, self._waiting, None

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style
        self.refresh()

    def refresh(self) -> None:
        """Ask everything anew and show it; called every few seconds while the screen is open."""
        if self._open:
            self._view = self._describe()
            self._screen.show_diagnostics(self._view)

    def reader_state(self, state: ReaderState) -> None:
        """Take news of a reader; why a card could not be taken stands on the test pad."""
        self._readers[state.path] = replace(state, error=None) if state.ready else state
        if state.ready and state.error is not None:
            fault = StationError(state.error)
            self._pad = lambda: PadView(self._words.error(fault), Tone.ERROR)
        self._show(readers=self._reader_facts(), pad=self._pad())

    def sync_state(self, state: SyncState) -> None:
        """Take news of the line to head office."""
        self._sync = state
        self.refresh()

    def printer_state(self, state: PrinterState) -> None:
        """Take news of the printer."""
        self._printer = state
        self._show(printer=told.printer_facts(state, self._words, self._style))

    def check_state(self, state: CheckState) -> None:
        """Take news of the check of the files."""
        self._check = state
        self._show(check=told.check_view(state, self._offset(), self._words, self._style))

    def takes(self, tap: Tap) -> bool:
        """Show on the test pad what was read of a card; return False, and do nothing, while the screen is not open."""
        if not self._open:
            return False
        self._pad = self._bank_card if is_bank_card(tap.number, Lane.BARCODE) else self._read(tap)
        self._show(pad=self._pad())
        return True

    def takes_code(self, code: str) -> bool:
        """Tell that a code was read that is no card, the same way."""
        if not self._open:
            return False
        count = len(code)
        self._pad = lambda: PadView(self._words(
            "A code of {count} characters was read. It is no card.", count=self._style.number(count)), Tone.WARN)
        self._show(pad=self._pad())
        return True

    def send_now(self) -> None:
        """End any rest of the exchange with head office."""
        self._do(self._acts.send_now, lambda: self._words("Sending has begun."))

    def test_print(self) -> None:
        """Print a page that is no receipt."""
        self._do(self._acts.test_print, lambda: self._words("A test page was sent to the printer."))

    def retry(self, incarnation: str, seq: int) -> None:
        """Have entry ``seq``, which head office put aside, tried again there, one at a time; what became of it is told then."""
        if self._acts.retry is None or self._retrying is not None:
            return
        self._retrying = seq
        self._news = self._trying
        self._acts.retry(incarnation, seq, self._retried)
        self.refresh()

    def _retried(self, fault: StationError | None) -> None:
        self._retrying = None
        self._news = (lambda: (self._words.error(fault), Tone.ERROR)) if fault else (
            lambda: (self._words("Head office has posted this entry now."), Tone.OK))
        self._untold = not self._open
        self.refresh()

    def _trying(self) -> tuple[str, Tone]:
        number = self._style.number(self._retrying or 0)
        return self._words("Head office is asked about entry {number}.", number=number), Tone.NEUTRAL

    def saw_aside(self) -> None:
        """Take note that the list of what was put aside was looked at: until then no chip is green."""
        if self._view is not None and self._view.aside:
            try:
                self._acts.saw()
            except StationError as caught:
                fault = caught
                self._news = lambda: (self._words.error(fault), Tone.ERROR)

    def start_check(self) -> None:
        """Begin the check of the files."""
        self._do(self._acts.start_check, lambda: "")

    def cancel_check(self) -> None:
        """End the check of the files."""
        self._do(self._acts.cancel_check, lambda: "")

    def save_report(self, folder: Path) -> None:
        """Write the report for support into ``folder``."""
        made: list[str] = []
        states = States(tuple(self._readers.values()), self._printer, self._sync, self._check)
        self._do(lambda: made.append(self._acts.save_report(folder, states).name), lambda: self._words(
            "The report was written: {file}. Nothing personal is in it.", file=f"{_LRM}{''.join(made)}{_LRM}"))

    def _do(self, act: Callable[[], object], done: Callable[[], str]) -> None:
        try:
            act()
        except StationError as caught:
            fault = caught
            self._news = lambda: (self._words.error(fault), Tone.ERROR)
        else:
            self._news = lambda: (done(), Tone.OK if done() else Tone.NEUTRAL)
        self.refresh()

    def _show(self, **changed: object) -> None:
        """Show what has changed; the sources are not asked again for it."""
        if self._open and self._view is not None:
            self._view = replace(self._view, **changed)  # type: ignore[arg-type] # fields of the view
            self._screen.show_diagnostics(self._view)

    def _describe(self) -> DiagnosticsView:
        words, style, offset = self._words, self._style, self._offset()
        news, tone = self._news()
        return DiagnosticsView(
            self._reader_facts(), self._pad(), told.printer_facts(self._printer, words, style),
            (*told.line_facts(self._sync, offset, words, style), *self._asked(words("Not sent"), self._backlog)),
            tuple(self._aside()), tuple(self._asked(words("From head office"), self._stocks)),
            tuple(self._machine()), told.check_view(self._check, offset, words, style), news, tone,
            self._retrying is not None)

    def _asked(self, label: str, ask: Callable[[], tuple[Fact, ...]]) -> tuple[Fact, ...]:
        """Return what ``ask`` returns; where a store cannot be read that is the fact."""
        try:
            return ask()
        except StationError as fault:
            return (Fact(label, self._words.error(fault), Tone.ERROR),)

    def _backlog(self) -> tuple[Fact, ...]:
        return told.backlog_facts(self._sources.backlog(), self._offset(), self._words, self._style)

    def _stocks(self) -> tuple[Fact, ...]:
        now = self._sources.clock.now()
        return tuple(told.stock_fact(each, now, self._words, self._style) for each in self._sources.stocks())

    def _aside(self) -> Iterator[AsideView]:
        try:
            found = self._sources.aside()
        except StationError as fault:
            yield AsideView(0, "", self._words.error(fault))
            return
        for each in found:
            entry = self._words("Entry {number}", number=self._style.number(each.seq))
            yield AsideView(each.seq, entry, told.aside_reason(each, self._words), each.incarnation)

    def _machine(self) -> Iterator[Fact]:
        words, sources, style = self._words, self._sources, self._style
        yield from self._asked(words("Clock"), lambda: (
            told.clock_fact(sources.clock.now(), sources.office_us(), words, style),))
        yield from self._asked(words("Free on the disk"), lambda: (told.disk_fact(sources.disk(), words, style),))
        for name, version in sources.versions:
            yield Fact(words(name), f"{_LRM}{version}{_LRM}")

    def _reader_facts(self) -> tuple[Fact, ...]:
        return told.reader_facts(tuple(self._readers.values()), self._words)

    def _waiting(self) -> PadView:
        return PadView(self._words("Present a card at a reader, or scan a code: it is only tried, nothing is done with it."))

    def _bank_card(self) -> PadView:
        return PadView(self._words.error(StationError(ErrorCode.CARD_IS_BANK_CARD)), Tone.ERROR)

    def _read(self, tap: Tap) -> Callable[[], PadView]:
        sources, known = self._sources, self._readers.get(tap.reader)
        begun = sources.timer_us()
        try:
            judged = sources.judge(tap)
        except StationError as caught:
            fault = caught
            return lambda: PadView(self._words.error(fault), Tone.ERROR)
        read = CardRead(
            known.title if known else tap.reader, tap.medium, tap.evidence, told.tail(tap.number), judged,
            sources.timer_us() - begun)
        return lambda: told.card_view(read, self._words, self._style)

    def _offset(self) -> int:
        return self._sources.clock.now().offset
