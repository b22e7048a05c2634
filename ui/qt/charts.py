"""The bar chart of the manager's screen, painted with the theme's colours in reading order."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.qt import tokens
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.tokens import Theme
from ui.views_report import Bar, Chart

BAR_SHARE = 0.6
WIDEST_BAR = 56
RADIUS = 5
CAPTION_PX = 13
LEAST = 480, 180
CENTRE = Qt.AlignmentFlag.AlignCenter


class BarChart(QWidget):
    """Bars with their figures over round grid lines; the first bar stands where reading starts.

    Its accessible name and description are the chart's title and summary; a bar under the pointer
    tells its exact amount.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._theme = theme
        self._chart: Chart | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(*(tokens.px(each) for each in LEAST)))

    def set_chart(self, chart: Chart) -> None:
        """Show ``chart``."""
        self._chart = chart
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(chart.summary)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme = theme
        self.update()

    def bar_rects(self) -> list[QRectF]:
        """Return where each bar stands, in the order of the chart's bars, in widget pixels."""
        if self._chart is None:
            return []
        plot = self._plot(self._chart)
        count = len(self._chart.bars)
        slot = plot.width() / count
        width = min(slot * BAR_SHARE, tokens.px(WIDEST_BAR))
        rects = []
        for place, bar in enumerate(self._chart.bars):
            from_left = count - 1 - place if self.isRightToLeft() else place
            left = plot.left() + slot * from_left + (slot - width) / 2
            top = _level(self._chart, bar.value, plot)
            rects.append(QRectF(left, top, width, plot.bottom() - top))
        return rects

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint grid, bars and captions."""
        if self._chart is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._font())
            self._paint_grid(painter, self._chart)
            for bar, rect in zip(self._chart.bars, self.bar_rects(), strict=True):
                self._paint_bar(painter, bar, rect)

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Tell the exact amount of the bar under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._chart:
            at = QPointF(event.pos())
            tips = (bar.tip for bar, rect in zip(self._chart.bars, self.bar_rects(), strict=True)
                    if rect.left() <= at.x() <= rect.right())
            QToolTip.showText(event.globalPos(), next(tips, ""), self)
            return True
        return super().event(event)

    def _plot(self, chart: Chart) -> QRectF:
        """Return the rectangle the bars stand in: the widget without captions and tick labels."""
        line = self._metrics().height()
        gutter = self._gutter(chart)
        captions = 2 if any(bar.below for bar in chart.bars) else 1
        return QRectF(self.rect()).adjusted(
            tokens.S if self.isRightToLeft() else gutter, line + tokens.S,
            -gutter if self.isRightToLeft() else -tokens.S, -line * captions - tokens.S)

    def _gutter(self, chart: Chart) -> float:
        """Return the width the tick labels need beside the plot."""
        return max(self._metrics().horizontalAdvance(tick.label) for tick in chart.ticks) + 2 * tokens.S

    def _paint_grid(self, painter: QPainter, chart: Chart) -> None:
        plot = self._plot(chart)
        line = self._metrics().height()
        for tick in chart.ticks:
            y = _level(chart, tick.value, plot)
            painter.setPen(QColor(self._theme.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(self._theme.muted))
            left = plot.right() + tokens.S if self.isRightToLeft() else 0.0
            box = QRectF(left, y - line / 2, self._gutter(chart) - tokens.S, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
                             | Qt.AlignmentFlag.AlignVCenter, tick.label)

    def _paint_bar(self, painter: QPainter, bar: Bar, rect: QRectF) -> None:
        line = self._metrics().height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.primary if bar.today else self._theme.bar))
        radius = min(tokens.px(RADIUS), rect.height() / 2)
        painter.drawRoundedRect(rect, radius, radius)
        middle = rect.center().x()
        above = _box(middle, rect.top() - line - 2, line)
        painter.setPen(QColor(self._theme.text))
        painter.fillRect(painter.boundingRect(above, CENTRE, bar.figure), QColor(self._theme.bg))
        painter.drawText(above, CENTRE, bar.figure)
        painter.setPen(QColor(self._theme.error if bar.rest else self._theme.muted))
        under = rect.bottom() + tokens.S / 2
        painter.drawText(_box(middle, under, line), CENTRE, bar.label)
        painter.drawText(_box(middle, under + line, line), CENTRE, bar.below)

    def _font(self) -> QFont:
        font = figures(self.font())
        font.setPixelSize(tokens.px(CAPTION_PX))
        return font

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())


def _level(chart: Chart, value: int, plot: QRectF) -> float:
    """Return the y of ``value`` on the axis of ``chart``, whose last tick is the top of ``plot``."""
    return plot.bottom() - plot.height() * value / chart.ticks[-1].value


def _box(middle: float, top: float, height: float) -> QRectF:
    """Return a box for one line of text around the vertical at ``middle``."""
    side = tokens.px(WIDEST_BAR)
    return QRectF(middle - side, top, 2 * side, height)
