"""A sheet on A4 paper: the product's typeface, columns in reading order, the heads on every page, pages numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from ui.export.sheet import Sheet, Step, no_step, shown
from ui.qt import tokens
from ui.qt.fonts import FAMILY, figures
from ui.text import Words
from ui.views_report import Table

RESOLUTION = 300
_POINTS_PER_INCH = 72
_MARGIN_MM = 12.0
_TITLE, _TEXT = 14.0, 9.0
"""Type sizes in points."""

_WIDE = 6
"""More columns than these are printed on the long side."""

_INK, _PALE, _LINE = "#17212B", "#EEF2F6", "#9AA5B1"
_WRAP = int(Qt.TextFlag.TextWordWrap.value)


def pdf_bytes(sheet: Sheet, words: Words, step: Step = no_step) -> bytes:
    """Return ``sheet`` as a PDF file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    is_wide = len(sheet.columns) > _WIDE
    writer.setResolution(RESOLUTION)
    writer.setPageLayout(QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait,
        QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM), QPageLayout.Unit.Millimeter))
    writer.setTitle(sheet.title)
    with QPainter(writer) as painter:
        _Paper(writer, painter, (sheet, words, step)).print()
    buffer.close()
    return bytes(buffer.data().data())


@dataclass(frozen=True, slots=True)
class _Page:
    """The rows ``first`` up to ``end`` of the table, and where the first of them begins."""

    first: int
    end: int
    top: float


class _Paper:
    """Lays the table out, then paints it page by page."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, what: tuple[Sheet, Words, Step]) -> None:
        self._writer, self._painter = writer, painter
        self._sheet, self._words, self._step = what
        self._table: Table = shown(self._sheet)
        self._plain, self._strong = _font(_TEXT), _font(_TEXT, tokens.SEMIBOLD)
        self._width, self._height = float(writer.width()), float(writer.height())
        self._pad = _dots(3)
        self._widths = self._columns()
        self._head = self._row_height(self._table.headers, self._strong)
        self._rows = []
        for place, row in enumerate(self._table.rows):
            self._step(place, 2 * len(self._table.rows))  # to paint them takes as long again
            self._rows.append(self._row_height(row, self._plain))

    def print(self) -> None:
        pages = self._pages()
        for number, page in enumerate(pages, 1):
            self._step(len(pages) + number - 1, 2 * len(pages))
            if number > 1:
                self._writer.newPage()
            else:
                self._title()
            self._page(page, number, len(pages))

    def _columns(self) -> list[float]:
        """Return the width of each column: what it needs, shrunk or stretched in proportion to fill the page."""
        plain, strong = self._metrics(self._plain), self._metrics(self._strong)
        needed = [
            max([plain.horizontalAdvance(row[place]) for row in self._table.rows]
                + [max(map(strong.horizontalAdvance, header.split(" ")))]) + 2 * self._pad
            for place, header in enumerate(self._table.headers)]
        return [each * self._width / sum(needed) for each in needed]

    def _row_height(self, cells: Sequence[str], font: QFont) -> float:
        """Return the height of a row whose texts break where their column ends."""
        metrics = self._metrics(font)
        return max((metrics.boundingRect(QRectF(0, 0, width - 2 * self._pad, self._height), _WRAP, text).height()
                    for text, width in zip(cells, self._widths, strict=True)), default=0.0) + 2 * self._pad

    def _pages(self) -> list[_Page]:
        """Return which rows stand on which page."""
        foot = self._height - 2 * self._metrics(self._plain).height()
        top, pages, first = self._title_height() + self._head, list[_Page](), 0
        y = top
        for place, height in enumerate(self._rows):
            if y + height > foot and place > first:
                pages.append(_Page(first, place, top))
                first, top = place, self._head
                y = top
            y += height
        return [*pages, _Page(first, len(self._rows), top)]

    def _title_height(self) -> float:
        line = self._metrics(self._plain).height()
        return self._metrics(_font(_TITLE, tokens.BOLD)).height() + len(self._sheet.notes) * line + 2 * self._pad

    def _title(self) -> None:
        big = _font(_TITLE, tokens.BOLD)
        y = self._metrics(big).height()
        self._text(QRectF(0, 0, self._width, y), self._sheet.title, big, numeric=False)
        for note in self._sheet.notes:
            line = self._metrics(self._plain).height()
            self._text(QRectF(0, y, self._width, line), note, self._plain, numeric=False)
            y += line

    def _page(self, page: _Page, number: int, count: int) -> None:
        painter, y = self._painter, page.top
        painter.fillRect(QRectF(0, y - self._head, self._width, self._head), QColor(_PALE))
        self._row(self._table.headers, y - self._head, self._head, self._strong)
        painter.setPen(QPen(QColor(_LINE), _dots(0.4)))
        for place in range(page.first, page.end):
            self._row(self._table.rows[place], y, self._rows[place], self._plain)
            y += self._rows[place]
            painter.setPen(QPen(QColor(_LINE), _dots(0.4)))
            painter.drawLine(0, round(y), round(self._width), round(y))
        line = self._metrics(self._plain).height()
        style = self._sheet.style
        self._text(QRectF(0, self._height - line, self._width, line), self._words(
            "Page {number} of {count}", number=style.number(number), count=style.number(count)), self._plain, numeric=False)

    def _row(self, cells: Sequence[str], y: float, height: float, font: QFont) -> None:
        """Paint one row; the first column stands where reading begins."""
        x = self._width if self._sheet.rtl else 0.0
        for text, width, numeric in zip(cells, self._widths, self._table.numeric, strict=True):
            left = x - width if self._sheet.rtl else x
            x += -width if self._sheet.rtl else width
            self._text(QRectF(left, y, width, height).adjusted(self._pad, self._pad, -self._pad, -self._pad),
                       text, font, numeric=numeric)

    def _text(self, box: QRectF, text: str, font: QFont, *, numeric: bool) -> None:
        side = Qt.AlignmentFlag.AlignRight if numeric or self._sheet.rtl else Qt.AlignmentFlag.AlignLeft
        self._painter.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if self._sheet.rtl else Qt.LayoutDirection.LeftToRight)
        self._painter.setFont(font)
        self._painter.setPen(QColor(_INK))
        self._painter.drawText(
            box, (side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop).value | _WRAP, text)

    def _metrics(self, font: QFont) -> QFontMetricsF:
        return QFontMetricsF(font, self._writer)


def _font(points: float, weight: int = tokens.REGULAR) -> QFont:
    font = figures(QFont(FAMILY), weight)
    font.setPixelSize(round(_dots(points)))
    return font


def _dots(points: float) -> float:
    return points * RESOLUTION / _POINTS_PER_INCH
