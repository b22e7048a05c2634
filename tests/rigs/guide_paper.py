"""A guide on paper: its Markdown laid out on A4, from the right where it is Persian, and written as a PDF.

``python -m tests.rigs.guide_paper docs/cashier.fa.md build/cashier.fa.pdf``. Headings, tables, lists,
paragraphs, bold, keys, links and pictures are known; what else Markdown has is not used in the guides.
"""

import os
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF, Qt, QUrl
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication

from ui.qt import fonts

RTL = '<div dir="rtl">'
POINTS = 8.5
DPI = 96
MARGIN_MM = 10
KINDS = ((re.compile(r"#+ "), "heading"), (re.compile(r"\|"), "table"), (re.compile(r"\d+\. |- "), "list"))


def document(guide: Path) -> QTextDocument:
    """Return the guide laid out for the inside of an A4 sheet."""
    text = guide.read_text(encoding="utf-8")
    made = QTextDocument()
    made.setBaseUrl(QUrl.fromLocalFile(str(guide.resolve())))
    font = QFont(fonts.FAMILY)
    font.setPointSizeF(POINTS)
    made.setDefaultFont(font)
    rtl = RTL in text
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    made.setDefaultTextOption(option)
    made.setDefaultStyleSheet("h1 { font-size: 16pt; margin: 0 } h2 { font-size: 11pt; margin: 6px 0 0 0 } p { margin: 4px 0 }")
    made.setHtml(html(text, rtl=rtl))
    made.setDocumentMargin(0)
    made.setPageSize(_inside(DPI))
    return made


def html(text: str, *, rtl: bool) -> str:
    """Return the guide as the part of HTML that Qt lays out; it does not mirror tables, so ``rtl`` does."""
    return "\n".join(_blocks(text, rtl=rtl))


def write(guide: Path, out: Path) -> int:
    """Write the guide as a PDF and return how many pages it has."""
    writer = QPdfWriter(str(out))
    writer.setResolution(DPI)
    writer.setPageLayout(QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter))
    laid = document(guide)
    pages = laid.pageCount()
    laid.print_(writer)
    return pages


def _inside(dpi: int) -> QSizeF:
    """Return the room inside the margins of an A4 sheet, in dots."""
    return QSizeF((210 - 2 * MARGIN_MM) * dpi / 25.4, (297 - 2 * MARGIN_MM) * dpi / 25.4)


def _blocks(text: str, *, rtl: bool) -> Iterator[str]:
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line not in (RTL, "</div>")]
        kind = _kind(lines[0]) if lines else ""
        if kind == "heading":
            level = lines[0].index(" ")
            yield f"<h{level}>{_inline(lines[0][level + 1:])}</h{level}>"
        elif kind == "table":
            yield _table(lines, rtl=rtl)
        elif kind == "list":
            yield "<ul>" + "".join(f"<li>{_inline(line.split(' ', 1)[1])}</li>" for line in lines) + "</ul>"
        elif lines:
            yield f"<p>{_inline(' '.join(lines))}</p>"


def _kind(line: str) -> str:
    return next((kind for begin, kind in KINDS if begin.match(line)), "paragraph")


def _table(lines: list[str], *, rtl: bool) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in (reversed(row) if rtl else row)) + "</tr>" for row in rows)
    return f'<table border="1" cellspacing="0" cellpadding="2" width="100%" style="border-collapse: collapse">{body}</table>'


def _inline(text: str) -> str:
    pictures = iter(re.findall(r"<img [^>]+>", text))
    made = escape(re.sub(r"<img [^>]+>", "\0", text), quote=False)
    made = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", made)
    made = re.sub(r"`([^`]+)`", r"<span style='background-color: #eef2f6'>&nbsp;\1&nbsp;</span>", made)
    made = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", made)
    return re.sub("\0", lambda _gap: next(pictures), made)


def main() -> None:
    """Write the guide that is named first into the file that is named second."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    fonts.prepare(application)
    print(write(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201 - a program for people


if __name__ == "__main__":
    main()
