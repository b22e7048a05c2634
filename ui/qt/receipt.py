"""The receipt on paper: painted as a picture for the printer, and as a PDF page.

Printers shape no Persian and text documents do not mirror their tables, so every line is laid out
here. The paper is 80 mm wide with 72 mm to print on: 576 dots of a 203 dpi head.
"""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from drivers.printers.port import Raster
from station.errors import ErrorCode, StationError
from ui.code128 import QUIET, widths
from ui.qt.fonts import FAMILY, figures
from ui.views_report import CouponSlip, ReceiptLine, ReceiptView, Row

DPI = 203
MM_PER_INCH = 25.4
WIDTH = 576
PAPER_MM = 80.0
MARGIN = 12
GAP = 8
MODULE, CODE_HEIGHT = 2, 80
"""Of a bar code: a quarter of a millimetre, and ten."""
SMALL, BODY, LARGE, TITLE = 22, 25, 36, 40
BLACK = 0xFF000000
WHITE = 0xFFFFFFFF
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
_CENTRE = Qt.AlignmentFlag.AlignHCenter


def receipt_raster(view: ReceiptView) -> Raster:
    """Return ``view`` as 576 dots wide black and white; the same view gives the same bytes."""
    height = _height(view)
    image = QImage(WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        _Paper(painter, view).paint()
    dots = image.convertToFormat(
        QImage.Format.Format_Mono, [WHITE, BLACK], Qt.ImageConversionFlag.ThresholdDither)
    bits, step, used = bytes(dots.constBits()), dots.bytesPerLine(), WIDTH // 8
    rows = b"".join(bits[start:start + used] for start in range(0, len(bits), step))
    return Raster(WIDTH, height, rows)


def save_pdf(view: ReceiptView, path: Path) -> None:
    """Write ``view`` as a one-page PDF of the paper's width, with its font in it.

    Raises ``StationError`` PRINTER_UNAVAILABLE (``reason``) when the file cannot be written.
    """
    content = QByteArray()
    device = QBuffer(content)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(device)
    writer.setResolution(DPI)
    height_mm = _height(view) / DPI * MM_PER_INCH
    writer.setPageLayout(QPageLayout(
        QPageSize(QSizeF(PAPER_MM, height_mm), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch),
        QPageLayout.Orientation.Portrait, QMarginsF()))
    with QPainter(writer) as painter:
        painter.translate((PAPER_MM / MM_PER_INCH * DPI - WIDTH) / 2, 0)
        _Paper(painter, view).paint()
    try:
        path.write_bytes(content.data())
    except OSError as fault:
        raise StationError(
            ErrorCode.PRINTER_UNAVAILABLE, reason=fault.strerror or type(fault).__name__) from fault


def _height(view: ReceiptView) -> int:
    """Return how many dots ``view`` is high, by painting it where nobody sees it."""
    nowhere = QImage(1, 1, QImage.Format.Format_RGB32)
    with QPainter(nowhere) as painter:
        return _Paper(painter, view).paint()


def _font(pixels: int, *, bold: bool = False, column: bool = False) -> QFont:
    """Return the paper's font; in a ``column`` of figures all digits are of one width."""
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Medium)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return figures(font) if column else font


class _Paper:
    """Paints from the top; ``_y`` is how far it got."""

    def __init__(self, painter: QPainter, view: ReceiptView) -> None:
        self._painter = painter
        self._view = view
        self._y = float(MARGIN)
        self._start, self._end = (_RIGHT, _LEFT) if view.rtl else (_LEFT, _RIGHT)
        amounts = [line.amount for line in view.lines] + [
            row.value for rows in (view.sums, view.taxes, view.paid, view.member[1:]) for row in rows]
        self._column = max((_width_of(amount, _font(BODY, column=True)) for amount in amounts), default=0)

    def paint(self) -> int:
        """Paint everything; return the height in dots."""
        view = self._view
        self._block(view.shop, _font(TITLE, bold=True), _CENTRE)
        for mark in filter(None, (view.band, view.copy)):
            self._band(mark)
        self._rule()
        for row in view.head:
            self._fact(row)
        self._rule()
        self._block(view.unit, _font(SMALL), self._start)
        for line in view.lines:
            self._line(line)
        self._rule()
        for row in view.sums:
            self._amount(row)
        self._total(view.total)
        for row in (*view.taxes, *view.paid):
            self._amount(row)
        if view.member:
            self._rule()
            self._fact(view.member[0])
            for row in view.member[1:]:
                self._amount(row)
        for coupon in view.coupons:
            self._rule()
            self._coupon(coupon)
        self._rule()
        self._foot()
        return round(self._y) + 2 * MARGIN

    def _foot(self) -> None:
        for sentence in self._view.footer:
            self._block(sentence, _font(SMALL), _CENTRE)
        if self._view.code:
            self._code(self._view.code)

    def _coupon(self, coupon: CouponSlip) -> None:
        """Paint a coupon: what it gives stands out, its number is under its bars."""
        self._block(coupon.title, _font(BODY), _CENTRE)
        self._block(coupon.gives, _font(LARGE, bold=True), _CENTRE)
        self._block(coupon.until, _font(BODY, bold=True), _CENTRE)
        self._code(coupon.code)
        self._y += GAP / 2
        self._block(coupon.number, _font(LARGE, bold=True, column=True), _CENTRE)
        self._block(coupon.how, _font(SMALL), _CENTRE)

    def _text(self, text: str, font: QFont, left: float, width: float, side: Qt.AlignmentFlag) -> float:
        """Paint ``text`` at the present height, wrapped into ``width``; return its height."""
        option = QTextOption(side)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if self._view.rtl else Qt.LayoutDirection.LeftToRight)
        layout = QTextLayout(text, font)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        layout.draw(self._painter, QPointF(left, self._y))
        return height

    def _block(self, text: str, font: QFont, side: Qt.AlignmentFlag) -> None:
        self._y += self._text(text, font, MARGIN, WIDTH - 2 * MARGIN, side)

    def _pair(self, row: Row, fonts: tuple[QFont, QFont], column: float, side: Qt.AlignmentFlag) -> None:
        """Paint the label where reading starts, and the value in a column at the other edge."""
        rest = WIDTH - 2 * MARGIN - column - GAP
        value_left = MARGIN if self._view.rtl else WIDTH - MARGIN - column
        label_left = MARGIN + column + GAP if self._view.rtl else MARGIN
        self._y += max(self._text(row.label, fonts[0], label_left, rest, self._start),
                       self._text(row.value, fonts[1], value_left, column, side))

    def _amount(self, row: Row) -> None:
        self._pair(row, (_font(BODY), _font(BODY, column=True)), self._column, _RIGHT)

    def _fact(self, row: Row) -> None:
        """Paint a label with words beside it, which get two thirds of the paper."""
        self._pair(row, (_font(BODY), _font(BODY)), (WIDTH - 2 * MARGIN) * 2 / 3, self._end)

    def _line(self, line: ReceiptLine) -> None:
        self._block(line.name, _font(BODY, bold=True), self._start)
        self._amount(Row(line.sum, line.amount))
        self._y += GAP / 2

    def _total(self, row: Row) -> None:
        """Paint the total between two heavy lines; a figure too long for one goes under its label."""
        font = _font(LARGE, bold=True)
        self._heavy()
        need = _width_of(row.value, font)
        if need + _width_of(row.label, font) + GAP <= WIDTH - 2 * MARGIN:
            self._pair(row, (font, font), need, _RIGHT)
        else:
            self._block(row.label, font, self._start)
            self._block(row.value, font, self._end)
        self._heavy()

    def _band(self, text: str) -> None:
        """Paint ``text`` white on black: the mark of a copy must not be overlooked."""
        font = _font(LARGE, bold=True)
        height = QFontMetricsF(font).height() + GAP
        self._painter.fillRect(QRectF(MARGIN, self._y, WIDTH - 2 * MARGIN, height), QColor(BLACK))
        self._painter.setPen(QColor(WHITE))
        self._y += GAP / 2
        self._text(text, font, MARGIN, WIDTH - 2 * MARGIN, _CENTRE)
        self._painter.setPen(QColor(BLACK))
        self._y += height - GAP / 2

    def _code(self, text: str) -> None:
        """Paint ``text`` as a bar code, where the paper has room for bars that a scanner can tell apart."""
        bars = widths(text)
        left = (WIDTH - sum(bars) * MODULE) // 2
        if left < QUIET * MODULE:
            return
        self._y = float(round(self._y) + GAP)
        for place, width in enumerate(bars):
            if place % 2 == 0:
                self._painter.fillRect(QRectF(left, self._y, width * MODULE, CODE_HEIGHT), QColor(BLACK))
            left += width * MODULE
        self._y += CODE_HEIGHT

    def _rule(self) -> None:
        self._stroke(QPen(QColor(BLACK), 2, Qt.PenStyle.DashLine))

    def _heavy(self) -> None:
        self._stroke(QPen(QColor(BLACK), 3))

    def _stroke(self, pen: QPen) -> None:
        self._y += GAP
        self._painter.setPen(pen)
        self._painter.drawLine(QPointF(MARGIN, self._y), QPointF(WIDTH - MARGIN, self._y))
        self._painter.setPen(QColor(BLACK))
        self._y += GAP


def _width_of(text: str, font: QFont) -> float:
    """Return the dots ``text`` needs on one line."""
    return QFontMetricsF(font).horizontalAdvance(text) + 1
