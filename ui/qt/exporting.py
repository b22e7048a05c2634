"""Saving the table on the screen: which form, where, how far it is, and what became of it."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from time import monotonic

from PySide6.QtWidgets import QMenu, QWidget

from station.errors import StationError
from station.span import Span
from ui.export.file_name import dated
from ui.export.sheet import Sheet, Step, no_step
from ui.export.whole import write_whole
from ui.qt.errand import Errand
from ui.qt.place_dialog import Ask, Wish
from ui.text import Words, mark

SHORT_S = 0.3
"""What takes no longer than this, in seconds, is done before anybody could read that it goes on."""


class Form(Enum):
    """The forms of a file, by the end of its name."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


NAMES = {Form.XLSX: mark("Spreadsheet (XLSX)"), Form.CSV: mark("Plain table (CSV)"), Form.PDF: mark("Paper (PDF)")}


def content(sheet: Sheet, form: Form, words: Words, step: Step = no_step) -> bytes:
    """Return ``sheet`` in ``form``, from any thread. What one form needs is loaded with the first export of it."""
    if form is Form.CSV:
        from ui.export.csv_file import csv_bytes

        return csv_bytes(sheet, step)
    if form is Form.XLSX:
        from ui.export.xlsx_file import xlsx_bytes

        return xlsx_bytes(sheet, step)
    from ui.qt.table_pdf import pdf_bytes

    return pdf_bytes(sheet, words, step)


class Saving:
    """Saves one table at a time beside the screen's thread, for a page."""

    def __init__(self, page: QWidget, ask: Ask, say: Callable[[str, bool], None], changed: Callable[[], None]) -> None:
        """``ask`` asks where; ``say`` tells how it stands and whether that is a fault, ``changed`` that ``going_on`` is another."""
        self._page, self._ask, self._say, self._changed = page, ask, say, changed
        self._errand = Errand(page)
        self.going_on = False
        """Whether something is being saved that takes long enough to be ended."""

    def start(self, sheet: Sheet, form: Form, words: Words, span: Span | None) -> None:
        """Ask where ``sheet``, which is about the days of ``span``, goes, and save it there in ``form``."""
        self._ask(self._page, Wish(words("Save the table"), words, dated(sheet.name, span, sheet.calendar), form.value),
                  lambda path: self._begin(sheet, form, words, path))

    def stop(self) -> None:
        """Have it ended; nothing of it is then there."""
        self._errand.stop()

    def _begin(self, sheet: Sheet, form: Form, words: Words, path: Path) -> None:
        begun = monotonic()

        def work(step: Step) -> None:
            made = content(sheet, form, words, step)
            step(1, 1)  # the last moment at which it can be ended
            write_whole(path, made)

        def on_step(done: int, last: int) -> None:
            if monotonic() - begun >= SHORT_S:
                self._say(words("Being saved: {percent}", percent=sheet.style.percent(str(done * 100 // last))), False)
                self._turn(on=True)

        def ended(fault: StationError | None) -> None:
            self._turn(on=False)
            if fault:
                self._say(words.error(fault), True)
            elif self._errand.stopping:
                self._say(words("Ended: nothing was saved."), False)
            else:
                self._say(words("Saved: {name}", name=path.name), False)

        self._errand.start(work, ended, on_step)

    def _turn(self, *, on: bool) -> None:
        if on != self.going_on:
            self.going_on = on
            self._changed()


def export_menu(words: Words, parent: QWidget, act: Callable[[Form], None]) -> QMenu:
    """Return the menu of forms; ``act`` gets the one chosen."""
    made = QMenu(parent)
    for form in Form:
        made.addAction(words(NAMES[form])).triggered.connect(lambda _checked, form=form: act(form))
    return made
