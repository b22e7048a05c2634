"""The diagnostics page with its presenter and its check of the files, put together at the counter."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from data.aside import AsideStore
from station.clock import Clock
from sync.aside import Retrying
from sync.enrol import Enrolment
from ui.checking import DatabaseCheck
from ui.clock import SystemClock
from ui.format import Format
from ui.presenters.diagnostics import Diagnostics
from ui.presenters.diagnostics_facts import Acts
from ui.qt.check_card import CheckNews
from ui.qt.diagnostics_pane import DiagnosticsPane
from ui.qt.errand import Done, Errand, Step
from ui.text import Words
from ui.wiring import Home, Memory, Paired, open_memory
from ui.wiring_diagnostics import Told, file_check, report_writer, sources
from ui.wiring_lines import brief_office


@dataclass(frozen=True, slots=True)
class Diagnosing:
    """What the page is about: the station's folder, who it is, its memory, what the program knows, what it can do.

    ``paired`` is how head office is reached, None where it is not asked.
    """

    home: Home
    who: Enrolment
    memory: Memory
    told: Told
    send_now: Callable[[], None]
    test_print: Callable[[], None]
    paired: Paired | None = None

    def at(self, page: DiagnosticsPane, words: Words, style: Format) -> tuple[Diagnostics, DatabaseCheck]:
        """Return the presenter of ``page``, and the check, which is to be closed at the end."""
        clock: Clock = SystemClock()
        asked = sources(self.home, self.who, self.memory, clock, self.told)
        news = CheckNews(page)
        check = DatabaseCheck(file_check(self.home, self.who), news.state, lambda: clock.now().utc_us)
        acts = Acts(
            self.send_now, self.test_print, check.start, check.cancel, report_writer(self.home, self.who, asked),
            self._retrying(Errand(page)), self._saw)
        made = Diagnostics(asked, acts, words, style, page)
        news.on_state = made.check_state
        return made, check

    def _retrying(self, errand: Errand) -> Callable[[str, int, Done], None] | None:
        """Return what has an entry tried again, with files and a line of its own each time: it is seldom asked for."""
        paired = self.paired
        if paired is None:
            return None

        def again(incarnation: str, seq: int, done: Done) -> None:
            def work(_step: Step) -> None:
                with closing(open_memory(self.home, self.who)) as memory, closing(brief_office(self.home, paired)) as office:
                    Retrying(AsideStore(memory.journal.database), office).again(incarnation, seq)

            errand.start(work, done)

        return again

    def _saw(self) -> None:
        AsideStore(self.memory.journal.database).saw()
