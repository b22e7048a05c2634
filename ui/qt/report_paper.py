"""A report of a shift on the screen, row by row as it is on paper, for eyes and for a screen reader."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from ui.qt import tokens
from ui.qt.labels import ElidedLabel, NumberLabel, Side
from ui.views_report import ReceiptView, Row


class ReportPaper(QScrollArea):
    """Scrolls with the arrow keys."""

    def __init__(self, parent: QWidget) -> None:
        """Build an empty paper."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[tuple[str, str]] = []

    def show_paper(self, view: ReceiptView) -> None:
        """Show ``view`` from its top."""
        page = QWidget(self)
        page.setObjectName("clear")
        grid = QGridLayout(page)
        grid.setContentsMargins(tokens.S, 0, tokens.S, 0)  # the scroll bar is at either side
        grid.setHorizontalSpacing(tokens.M)
        grid.setVerticalSpacing(tokens.XS)
        grid.setColumnStretch(0, 1)
        self.rows = []
        sections = (view.head, (Row(view.unit, ""),), view.sums, (view.total,), view.paid, view.member)
        for section in sections:
            if section and self.rows:
                line = QFrame(page)
                line.setObjectName("rule")
                grid.addWidget(line, grid.rowCount(), 0, 1, 2)
            for row in section:
                strong = row is view.total
                label = ElidedLabel("heading" if strong else "", page)
                label.say(row.label)
                value = NumberLabel(Side.COLUMN, "heading" if strong else "", page)
                value.setText(row.value)
                value.setAccessibleName(f"{row.label}: {row.value}")
                place = grid.rowCount()
                grid.addWidget(label, place, 0)
                grid.addWidget(value, place, 1)
                self.rows.append((row.label, row.value))
        grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(page)
        self.setAccessibleName(view.shop)
        self.verticalScrollBar().setValue(0)
