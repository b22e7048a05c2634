"""The top bar: whose till this is, the time, member book, rules, head office, readers, printer and clock. No Qt."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.clock import Clock
from station.errors import ErrorCode, StationError
from station.protection import Protection
from station.put_aside import AsideCount
from station.shift import Shift
from station.text import Text
from sync.state import SyncState
from ui.format import Format
from ui.presenters.at_till import AtTill
from ui.presenters.exchange import progress_lines
from ui.presenters.member_book import book_chip
from ui.presenters.standing import SLOW_PRINT_US, Rules, clock_chip, printer_chip, rules_chip
from ui.text import Words
from ui.views import Chip, StatusView, Tone

OFFLINE = frozenset({ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY})
"""What is no fault but the ordinary state of being offline."""


@dataclass(frozen=True, slots=True)
class Board:
    """The facts that stand still: the shop's name, who is at the till, the open shift, the clock, how files are protected.

    ``alarm`` says that the station's files are an older or a foreign copy. ``aside`` counts what head
    office put aside of this station's entries, ``rules`` tells which rules are here and as of when; both
    may raise ``StationError``. ``ahead_us`` tells how far head office's clock is ahead, None before it said.
    """

    shop: Text
    at_till: AtTill
    shift: Shift | None
    clock: Clock
    protection: Protection
    alarm: ErrorCode | None = None
    aside: Callable[[], AsideCount] = AsideCount
    rules: Callable[[], Rules | None] = lambda: None
    ahead_us: Callable[[], int | None] = lambda: None


class StatusScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_status(self, view: StatusView) -> None:
        """Show ``view``."""
        ...


class Status:
    """What the top bar says. Lives on the screen's thread."""

    def __init__(self, board: Board, words: Words, style: Format, screen: StatusScreen) -> None:
        """Start without news of head office or readers; nothing is shown before the first ``tick``."""
        self._board = board
        self._words = words
        self._style = style
        self._screen = screen
        self._sync: SyncState | None = None
        self._readers: dict[str, ReaderState] = {}
        self._printer: PrinterState | None = None
        self._prints_since_us: int | None = None
        self._rules: Rules | None = None
        self._shown: StatusView | None = None
        self._put_aside = AsideCount()

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style
        self.tick()

    def sync_state(self, state: SyncState) -> None:
        """Take news of the connection to head office."""
        self._sync = state
        self.tick()

    def reader_state(self, state: ReaderState) -> None:
        """Take news of one reader; a card it could not take says nothing about the reader."""
        self._readers[state.path] = replace(state, error=None) if state.ready else state
        self.tick()

    def printer_state(self, state: PrinterState) -> None:
        """Take news of the printer."""
        if not state.waiting:
            self._prints_since_us = None
        elif self._prints_since_us is None or (self._printer and state.waiting < self._printer.waiting):
            self._prints_since_us = self._board.clock.now().utc_us
        self._printer = state
        self.tick()

    def tick(self) -> None:
        """Show the present moment and state, when anything of it changed; called every second."""
        view = self._describe()
        if view != self._shown:
            self._shown = view
            self._screen.show_status(view)

    def _describe(self) -> StatusView:
        words, board, now = self._words, self._board, self._board.clock.now()
        return StatusView(
            board.shop.in_language(words.language),
            self._cashier(), self._shift(),
            self._style.date_time(now), self._head_office(), self._reader_chip(), self._data(), self._members(),
            self._printer_chip(), self._clock(), self._rules_chip(), self._style.time(now.minute_of_day))

    def shift_is(self, shift: Shift | None) -> None:
        """Take note that ``shift`` is open now, None: no more."""
        self._board = replace(self._board, shift=shift)
        self.tick()

    def _shift(self) -> Chip:
        """Say which shift is open, and on which day it began when that is over."""
        words, style, shift = self._words, self._style, self._board.shift
        if shift is None:
            return Chip(words("No shift open"), Tone.WARN)
        number = style.number(shift.number)
        if shift.is_overdue(self._board.clock.now()):
            return Chip(words("Shift {number} open since {date}", number=number, date=style.date(shift.business_date)), Tone.WARN)
        return Chip(words("Shift {number} open", number=number), Tone.OK)

    def _cashier(self) -> str:
        name = self._board.at_till.person.name.in_language(self._words.language)
        return self._words("Cashier: {name}", name=name) if name else ""

    def _data(self) -> Chip | None:
        """Say that the files are a copy, or that no members are kept.

        How else the files are protected stands in the hint of head office.
        """
        alarm = self._board.alarm
        if alarm:
            text = self._words("Station data: fault {code}", code=f"E{alarm.value}")
            return Chip(text, Tone.ERROR, self._words.error(StationError(alarm)))
        if self._board.protection is not Protection.NONE:
            return None
        fault = StationError(ErrorCode.NO_PERSONAL_DATA)
        return Chip(self._words("No members here"), Tone.WARN, self._words.error(fault))

    def _members(self) -> Chip | None:
        """Say how far the member book goes, and how much of a new one has come down."""
        state = self._sync
        if state is None or state.book is None:
            return None
        return book_chip(state.book, state.members_percent, self._board.clock.now(), self._words, self._style)

    def _printer_chip(self) -> Chip | None:
        """Say how the printer stands; a receipt that is just being printed is no news."""
        if self._printer is None:
            return None
        since, now = self._prints_since_us, self._board.clock.now()
        slow = since is not None and not 0 <= now.utc_us - since < SLOW_PRINT_US
        return printer_chip(self._printer, self._words, self._style, slow=slow)

    def _clock(self) -> Chip | None:
        ahead = self._board.ahead_us()
        return None if ahead is None else clock_chip(ahead, self._words, self._style)

    def _rules_chip(self) -> Chip | None:
        """Say how old the rules are; what cannot be read now is as it was last."""
        with suppress(StationError):
            self._rules = self._board.rules()
        return rules_chip(self._rules, self._board.clock.now(), self._words, self._style) if self._rules else None

    def _head_office(self) -> Chip:
        """Green only when head office answers, has everything, and has put nothing of it aside; a fault is told by its number.

        Amber while something stands aside that nobody has looked at here, colourless once somebody has.
        """
        words, state, aside = self._words, self._sync, self._aside()
        files = words.protection(self._board.protection)
        if state is None:
            return Chip(words("Connecting"), Tone.NEUTRAL, files)
        fault = words.error(StationError(state.error)) if state.error else ""
        progress = progress_lines(state, self._board.clock.now().offset, words, self._style)
        hint = "\n".join(line for line in (fault, state.reason, *progress, files) if line)
        if state.error and state.error not in OFFLINE:
            text, tone = words("Head office: fault {code}", code=f"E{state.error.value}"), Tone.ERROR
        elif not state.online:
            text, tone = words("Offline"), Tone.WARN
        else:
            text, tone = words("Online"), Tone.NEUTRAL if state.unsent or aside.standing else Tone.OK
            tone = Tone.WARN if aside.unseen else tone
        if aside.standing:
            told = words("{count} put aside", count=self._style.number(aside.standing))
            text = f"{text} · {told}"
            hint = "\n".join((words("Head office put entries aside: see Readers, printer, connection."), hint))
        if state.unsent:
            waiting = words("{count} waiting", count=self._style.number(state.unsent))
            text = f"{text} · {waiting}"
        return Chip(text, tone, hint)

    def _aside(self) -> AsideCount:
        """Return what stands aside; what cannot be read now is as it was last."""
        with suppress(StationError):
            self._put_aside = self._board.aside()
        return self._put_aside

    def _reader_chip(self) -> Chip:
        words, readers = self._words, self._readers.values()
        faults = [state for state in readers if not state.ready]
        hint = "\n".join(
            f"{state.title}: {words.error(StationError(state.error))}" if state.error else state.title
            for state in readers)
        if not readers:
            return Chip(words("No reader"), Tone.NEUTRAL)
        if faults:
            ready = words("Reader not ready · {ready} of {all}",
                          ready=self._style.number(len(readers) - len(faults)),
                          all=self._style.number(len(readers)))
            return Chip(ready, Tone.ERROR if len(faults) == len(readers) else Tone.WARN, hint)
        return Chip(words("Reader ready"), Tone.OK, hint)
