"""Tables of whole rows, one of which is chosen, and their columns as wide as what is in them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTableWidget

from ui.qt import tokens
from ui.qt.fonts import figures

_LEAST = 96


def choose_rows(table: QTableView) -> None:
    """Make ``table`` one of whole rows, in the look of the basket, of which one is chosen and none is edited; Tab leaves it."""
    table.setObjectName("basket")
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


def spread(table: QTableWidget, rest: int, *, narrow: int) -> None:
    """Give each column of ``table`` the room its head and its widest cell need, and ``rest`` what is left.

    Below ``narrow`` pixels, as designed, paddings are small (``#basket[narrow]`` of the style sheet).
    """
    room = table.viewport().width()
    is_narrow = room < tokens.px(narrow)
    if is_narrow != table.property("narrow"):
        table.setProperty("narrow", is_narrow)
        for widget in (table, table.horizontalHeader()):
            widget.style().polish(widget)
    table.ensurePolished()
    padding = 2 * (tokens.S if is_narrow else tokens.L) + tokens.S
    cells, heads = QFontMetrics(figures(table.font(), tokens.SEMIBOLD)), table.horizontalHeader().fontMetrics()
    left = room
    for column in range(table.columnCount()):
        if column == rest:
            continue
        head = table.horizontalHeaderItem(column)
        texts = (item.text() for row in range(table.rowCount()) if (item := table.item(row, column)))
        widest = max((cells.horizontalAdvance(text) for text in texts), default=0)
        needed = max(widest, heads.horizontalAdvance(head.text()) if head else 0) + padding
        table.setColumnWidth(column, needed)
        left -= needed
    table.setColumnWidth(rest, max(tokens.px(_LEAST), left))
