"""A sheet as CSV: RFC 4180, UTF-8 with a byte order mark, and no cell that a spreadsheet would run.

Names come from shop counters, and a spreadsheet runs what begins with one of a few characters (OWASP
ASVS 5.0.0, 1.2.10). It looks past white space, invisible characters and quotation marks, and takes
full-width forms for plain ones; so does the check here.
"""

import codecs
import csv
import io
import unicodedata

from ui.export.sheet import Kind, Sheet, Step, no_step, plain

_RUN = frozenset("=+-@|\t\r\n\0")
_QUOTES = frozenset("\"'\u201c\u201d\u00ab\u00bb")
_CONTROL = "Cc"
_INVISIBLE = frozenset({_CONTROL, "Cf", "Zs", "Zl", "Zp"})
_APOSTROPHE = "'"


def csv_bytes(sheet: Sheet, step: Step = no_step) -> bytes:
    """Return ``sheet`` as a CSV file: a row of heads, then the values as ``ui.export.sheet.plain`` writes them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(safe(column.head) for column in sheet.columns)
    for place, row in enumerate(sheet.rows):
        step(place, len(sheet.rows))
        writer.writerow(
            safe(plain(value, column.kind, sheet.style)) if column.kind is Kind.TEXT
            else plain(value, column.kind, sheet.style)
            for value, column in zip(row, sheet.columns, strict=True))
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8")


def safe(text: str) -> str:
    """Return ``text`` on one line, with an apostrophe before it where a spreadsheet would run it.

    Invisible characters at its beginning are taken out, control characters elsewhere are spaces.
    """
    line = "".join(" " if unicodedata.category(each) == _CONTROL else each for each in text)
    start = next((place for place, each in enumerate(line) if unicodedata.category(each) not in _INVISIBLE), len(line))
    first = next((each for each in line[start:] if not _passed_over(each)), "")
    is_run = unicodedata.normalize("NFKC", first)[:1] in _RUN or text[:1] in _RUN
    return f"{_APOSTROPHE if is_run else ''}{line[start:]}"


def _passed_over(character: str) -> bool:
    return character in _QUOTES or unicodedata.category(character) in _INVISIBLE
