"""The sums of the basket, each discount by its name, the total in large type, and what tempts to more."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ElidedLabel, NumberLabel, Side
from ui.text import Words
from ui.views import TotalsView

MOST_ROWS_SEEN = 5
MOST_LINES = 2
MOST_SENTENCES, MOST_SENTENCES_COMPACT = 3, 2


class Sentence(NumberLabel):
    """A sentence on at most two lines, whatever its length: what does not fit ends in an ellipsis.

    It stands where reading starts in the window's language. The whole of it is the tooltip and
    what a screen reader says.
    """

    def __init__(self, name: str, parent: QWidget) -> None:
        """Make an empty label styled by ``name``."""
        super().__init__(Side.START, name, parent, even=False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = ""

    def say(self, text: str) -> None:
        """Show ``text``; nothing is shown for ""."""
        self._whole = text
        self.setVisible(bool(text))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    @guarded(QSize())
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Break the lines anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = QTextLayout(self._whole, self.font())
        layout.setTextOption(QTextOption())
        layout.beginLayout()
        starts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, self.width()))
            starts.append(line.textStart())
        layout.endLayout()
        cut = starts[1] if len(starts) >= MOST_LINES else len(self._whole)
        rest = self.fontMetrics().elidedText(self._whole[cut:], Qt.TextElideMode.ElideRight, self.width())
        shown = f"{self._whole[:cut].rstrip()}\n{rest}" if rest else self._whole
        if shown != self.text():
            self.setText(shown)
            self.updateGeometry()


class Rows(QScrollArea):
    """Rows of one height that scroll; whatever its height, none is ever cut in half."""

    def __init__(self, rows: QWidget, parent: QWidget) -> None:
        """Show ``rows``."""
        super().__init__(parent)
        self._row_height, self._seen = 1, 1
        self.setWidget(rows)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_rows(self, height: int, seen: int) -> None:
        """Ask for room for ``seen`` rows of ``height``, and take less where there is less: at least one."""
        self._row_height, self._seen = height, seen
        self.verticalScrollBar().setSingleStep(height)
        self.setMinimumHeight(height)
        self.setMaximumHeight(height * seen)
        self._whole_rows()
        self.updateGeometry()

    @guarded(QSize())
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for the rows that should be seen."""
        return QSize(super().sizeHint().width(), self._row_height * self._seen)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the part of a row blank."""
        super().resizeEvent(event)
        self._whole_rows()

    def _whole_rows(self) -> None:
        self.setViewportMargins(0, 0, 0, self.height() % self._row_height)


class TotalsPane(QFrame):
    """Rows that scroll when a basket has very many promotions, and a total that never does.

    On a low screen fewer rows are seen at once and fewer sentences told.
    """

    def __init__(self, parent: QWidget) -> None:
        """Build the pane without rows."""
        super().__init__(parent)
        self.setObjectName("card")
        self._rows: list[tuple[ElidedLabel, NumberLabel]] = []
        self._sums = QWidget(self)
        self._sums.setObjectName("clear")
        self._grid = QGridLayout(self._sums)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.L)
        self._grid.setColumnStretch(0, 1)
        self._scroll = Rows(self._sums, self)
        self._label = QLabel(self)
        self._label.setObjectName("totalLabel")
        self._earns = NumberLabel(Side.END, "earns", self, even=False)
        self.total = NumberLabel(Side.END, "total", self)
        head = QHBoxLayout()
        head.addWidget(self._label)
        head.addWidget(self._earns, 1)
        self.sentences = tuple(Sentence("tempts", self) for _ in range(MOST_SENTENCES))
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._scroll)
        self._column.addLayout(head)
        for widget in (self.total, *self.sentences):
            self._column.addWidget(widget)
        self._row_height, self._most = 0, MOST_SENTENCES
        self._told: tuple[str, ...] = ()
        self.set_compact(compact=False)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._label.setText(words("Total"))
        self.total.setAccessibleDescription(words("Total"))

    def set_compact(self, *, compact: bool) -> None:
        """Use the spaces of a low screen."""
        around = tokens.S if compact else tokens.M
        self._column.setContentsMargins(tokens.L, around, tokens.L, around)
        self._column.setSpacing(0 if compact else tokens.XS)
        self._row_height = tokens.px(26 if compact else 32)
        self._most = MOST_SENTENCES_COMPACT if compact else MOST_SENTENCES
        self._tell()
        self._fit()

    def show_totals(self, view: TotalsView) -> None:
        """Show ``view``."""
        while len(self._rows) < len(view.rows):
            row = ElidedLabel("caption", self._sums), NumberLabel(Side.COLUMN, "sum", self._sums)
            self._grid.addWidget(row[0], len(self._rows), 0)
            self._grid.addWidget(row[1], len(self._rows), 1)
            self._rows.append(row)
        for number, (label, amount) in enumerate(self._rows):
            there = number < len(view.rows)
            label.setVisible(there)
            amount.setVisible(there)
            if there:
                label.say(view.rows[number].label)
                amount.setText(view.rows[number].amount)
        self.total.setText(view.total)
        self._earns.setText(view.earns)
        self._told = tuple(each for each in (view.joining, *view.tempts) if each)
        self._tell()
        self._fit()

    def _tell(self) -> None:
        told = self._told[:self._most]
        for place, sentence in enumerate(self.sentences):
            sentence.say(told[place] if place < len(told) else "")

    def _fit(self) -> None:
        seen = sum(not label.isHidden() for label, _ in self._rows)
        for number in range(len(self._rows)):
            self._grid.setRowMinimumHeight(number, self._row_height if number < seen else 0)
        self._grid.setVerticalSpacing(0)
        self._scroll.set_rows(self._row_height, max(1, min(seen, MOST_ROWS_SEEN)))
