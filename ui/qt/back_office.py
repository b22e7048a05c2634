"""The pages behind the counter, each made when it is first opened: today, a period, diagnostics."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import Tap
from sync.state import SyncState
from ui.format import Format
from ui.qt.labels import on_click
from ui.qt.tokens import Theme
from ui.text import Words

if TYPE_CHECKING:
    from ui.presenters.diagnostics import Diagnostics
    from ui.presenters.period import PeriodPresenter
    from ui.presenters.today import TodayPage
    from ui.qt.diagnostics_pane import DiagnosticsPane
    from ui.qt.period_pane import PeriodPane
    from ui.qt.today import TodayPane


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the pages show: ``refresh_today`` renders the day into its page and may raise ``StationError``.

    ``period`` and ``diagnostics`` give a page its presenter, None where there is no such page.
    ``may_manage`` tells whether who is at the till may look at all of a period.
    """

    refresh_today: "Callable[[TodayPage], None]"
    period: "Callable[[PeriodPane], PeriodPresenter] | None" = None
    diagnostics: "Callable[[DiagnosticsPane, Words, Format], Diagnostics] | None" = None
    may_manage: Callable[[], bool] = lambda: True


class BackOffice:
    """Opens its pages in ``pages``; ``leave`` goes back to the counter."""

    def __init__(self, rooms: Rooms, pages: QStackedWidget, parent: QWidget, leave: Callable[[], None]) -> None:
        """Nothing is made before it is opened."""
        self.rooms = rooms
        self._pages, self._parent, self._leave = pages, parent, leave
        self.today: TodayPane | None = None
        self.period: PeriodPane | None = None
        self.diagnostics: DiagnosticsPane | None = None
        self._period: PeriodPresenter | None = None
        self._diagnostics: Diagnostics | None = None
        self._news: list[Callable[[Diagnostics], None]] = []
        self._look: tuple[Words, Format, Theme] | None = None

    def dress(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, in another theme; to be called before a page is opened."""
        self._look = words, style, theme
        for page in (self.today, self.period):
            if page:
                page.set_theme(theme)
                page.set_words(words, style)
        if self.diagnostics and self._diagnostics:
            self.diagnostics.set_theme(theme)
            self.diagnostics.set_words(words)
            self._diagnostics.speak(words, style)

    def open_today(self) -> None:
        """Show the day. Raises ``StationError`` when the journal cannot be read; the page is shown all the same."""
        from ui.qt.today import TodayPane

        words, style, theme = self._dressed
        if self.today is None:
            self.today = TodayPane(words, style, theme, self._parent)
            self._pages.addWidget(self.today)
            on_click(self.today.more, self._open_more)
            self.today.left.connect(self._leave)
        manages = self.rooms.may_manage()
        self.today.allow(cashiers=manages, period=manages and self.rooms.period is not None)
        self._pages.setCurrentWidget(self.today)
        self.today.start()
        self.rooms.refresh_today(self.today)

    def open_period(self) -> None:
        """Show the period that was chosen last, read anew."""
        from ui.qt.period_pane import PeriodPane

        words, style, theme = self._dressed
        if self.period is None and self.rooms.period:
            self.period = PeriodPane(words, style, theme, self._parent)
            self._period = self.rooms.period(self.period)
            self.period.connect_to(self._period)
            self.period.left.connect(self._leave)
            self._pages.addWidget(self.period)
        if self.period and self._period:
            self._pages.setCurrentWidget(self.period)
            self._period.start()

    def _open_more(self) -> None:
        """Show all of the day: promotions, cashiers, shifts, and the way down to one entry."""
        self.open_period()
        if self._period:
            self._period.today()

    def open_diagnostics(self) -> None:
        """Show how everything stands."""
        from ui.qt.diagnostics_pane import DiagnosticsPane

        words, style, theme = self._dressed
        if self.diagnostics is None and self.rooms.diagnostics:
            self.diagnostics = DiagnosticsPane(words, theme, self._parent)
            self._diagnostics = self.rooms.diagnostics(self.diagnostics, words, style)
            self.diagnostics.serve(self._diagnostics)
            self.diagnostics.left.connect(self._leave)
            self._pages.addWidget(self.diagnostics)
            for tell in self._news:
                tell(self._diagnostics)
        if self.diagnostics:
            self._pages.setCurrentWidget(self.diagnostics)
            self.diagnostics.start()

    def back(self) -> bool:
        """Go one step back inside the page that is shown; return whether there was one."""
        return self.period is not None and self._pages.currentWidget() is self.period and self.period.back()

    def takes(self, tap: Tap) -> bool:
        """Take a card on the test pad, where that is shown; return whether it did."""
        return self._diagnostics is not None and self._diagnostics.takes(tap)

    def takes_code(self, code: str) -> bool:
        """Take a code on the test pad, where that is shown; return whether it did."""
        return self._diagnostics is not None and self._diagnostics.takes_code(code)

    def reader_state(self, state: ReaderState) -> None:
        """Take news of a reader."""
        self._tell(lambda page: page.reader_state(state))

    def sync_state(self, state: SyncState) -> None:
        """Take news of head office."""
        self._tell(lambda page: page.sync_state(state))

    def printer_state(self, state: PrinterState) -> None:
        """Take news of the printer."""
        self._tell(lambda page: page.printer_state(state))

    def _tell(self, tell: "Callable[[Diagnostics], None]") -> None:
        """Hand news to the page; before it is made they are kept for it, the last hundred."""
        if self._diagnostics:
            tell(self._diagnostics)
        else:
            self._news = [*self._news[-99:], tell]

    @property
    def _dressed(self) -> tuple[Words, Format, Theme]:
        if self._look is None:
            message = "a page is opened after the window was dressed"
            raise RuntimeError(message)
        return self._look
