"""Saving the table on the screen: which form, where, and what became of it."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from station.errors import StationError
from ui.export.sheet import Sheet
from ui.export.whole import write_whole
from ui.text import Words, mark

Ask = Callable[[QWidget, str, str], str]
"""Asks where to save: (parent, title, suggested path) to the path, "" for nowhere."""


class Form(Enum):
    """The forms of a file, by the end of its name."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


NAMES = {Form.XLSX: mark("Spreadsheet (XLSX)"), Form.CSV: mark("Plain table (CSV)"), Form.PDF: mark("Paper (PDF)")}


def ask_for_file(parent: QWidget, title: str, suggested: str) -> str:
    """Ask with the system's dialog."""
    return QFileDialog.getSaveFileName(parent, title, suggested)[0]


def content(sheet: Sheet, form: Form, words: Words) -> bytes:
    """Return ``sheet`` in ``form``. What one form needs is loaded with the first export of it."""
    if form is Form.CSV:
        from ui.export.csv_file import csv_bytes

        return csv_bytes(sheet)
    if form is Form.XLSX:
        from ui.export.xlsx_file import xlsx_bytes

        return xlsx_bytes(sheet)
    from ui.qt.table_pdf import pdf_bytes

    return pdf_bytes(sheet, words)


def save(sheet: Sheet, form: Form, words: Words, parent: QWidget, ask: Ask) -> tuple[str, bool]:
    """Save ``sheet`` and return what to say and whether it is a fault; ("", False) when nothing was chosen."""
    chosen = ask(parent, words("Save the table"), f"{sheet.name}.{form.value}")
    if not chosen:
        return "", False
    path = Path(chosen)
    path = path if path.suffix.lower() == f".{form.value}" else path.with_name(f"{path.name}.{form.value}")
    try:
        write_whole(path, content(sheet, form, words))
    except StationError as fault:
        return words.error(fault), True
    return words("Saved: {name}", name=path.name), False


def export_menu(words: Words, parent: QWidget, act: Callable[[Form], None]) -> QMenu:
    """Return the menu of forms; ``act`` gets the one chosen."""
    made = QMenu(parent)
    for form in Form:
        made.addAction(words(NAMES[form])).triggered.connect(lambda _checked, form=form: act(form))
    return made
