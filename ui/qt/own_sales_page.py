"""The page of the own sales: a receipt each, to be printed again."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.qt import tokens
from ui.qt.fonts import figures
from ui.qt.guard import guarded
from ui.qt.labels import LEFT, RIGHT, ElidedLabel, button, keyed, on_click
from ui.text import Words
from ui.views_shift import OwnSale, OwnSalesView


class OwnSalesPage(QWidget):
    """``reprint`` gets the place of a sale; ``leave`` goes back to the counter."""

    def __init__(self, reprint: Callable[[int], None], leave: Callable[[], None], parent: QWidget) -> None:
        """Build the page, empty."""
        super().__init__(parent)
        self.setObjectName("page")
        self._reprint = reprint
        self._sales: tuple[OwnSale, ...] = ()
        card = QFrame(self)
        card.setObjectName("card")
        self.title = ElidedLabel("heading", card)
        self.nothing, self.said = QLabel(card), QLabel(card)
        self.nothing.setObjectName("caption")
        self.said.setObjectName("caption")
        self.table = _Sales(self.print_again, card)
        self.again, self.leave = button("secondary", card), button("plain", card)
        on_click(self.again, self.print_again)
        on_click(self.leave, leave)
        head = QHBoxLayout()
        head.setSpacing(tokens.S)
        head.addWidget(self.title, 1)
        head.addWidget(self.again)
        head.addWidget(self.leave)
        column = QVBoxLayout(card)
        column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        column.setSpacing(tokens.S)
        column.addLayout(head)
        for widget in (self.nothing, self.table, self.said):
            column.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)

    def show_sales(self, view: OwnSalesView, words: Words) -> None:
        """Show ``view``, in the language of ``words``; the latest is chosen."""
        self._sales = view.sales
        self.setAccessibleName(view.title)
        self.title.say(view.title)
        self.again.setText(keyed(words("Receipt once more"), "Enter"))
        self.leave.setText(keyed(words("Back"), "Esc"))
        self._printing = words("The receipt is on its way to the printer.")
        self.said.setText("")
        self.nothing.setText(words("Nothing was sold yet."))
        self.nothing.setVisible(not view.sales)
        self.again.setEnabled(bool(view.sales))
        self.table.setVisible(bool(view.sales))
        self.table.setAccessibleName(view.title)
        self.table.show_sales(view, words)
        self.table.setFocus()

    def print_again(self) -> None:
        """Print the chosen receipt once more."""
        row = self.table.currentRow()
        if 0 <= row < len(self._sales):
            self._reprint(self._sales[row].place)
            self.said.setText(self._printing)


class _Sales(QTableWidget):
    """Time, receipt, member or not, total; Enter prints the chosen one."""

    def __init__(self, opened: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._opened = opened
        self.setObjectName("basket")
        self.setFont(figures(self.font()))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens.ROW_COMPACT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.itemDoubleClicked.connect(lambda _item: opened())

    def show_sales(self, view: OwnSalesView, words: Words) -> None:
        leading = RIGHT if words.rtl else LEFT
        heads = (words("Time"), words("Receipt"), words("Member"), words("Total ({unit})", unit=view.unit))
        sides = (leading, leading, leading, RIGHT)
        self.setColumnCount(len(heads))
        self.setRowCount(len(view.sales))
        for column, (head, side) in enumerate(zip(heads, sides, strict=True)):
            item = QTableWidgetItem(head)
            item.setTextAlignment(side)
            self.setHorizontalHeaderItem(column, item)
        for row, sale in enumerate(view.sales):
            for column, (text, side) in enumerate(
                    zip((sale.time, sale.receipt, sale.member, sale.total), sides, strict=True)):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(side)
                self.setItem(row, column, cell)
        self.setCurrentCell(0, 0)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Enter print."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._opened()
        else:
            super().keyPressEvent(event)
