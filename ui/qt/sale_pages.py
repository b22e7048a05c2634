"""The way down: a list of sales, one sale from four sides, one journal entry."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.export.sheet import Sheet
from ui.qt import tokens
from ui.qt.labels import LEFT, RIGHT, ElidedLabel, button, keys_follow, on_click
from ui.qt.sheet_table import SheetTable
from ui.text import Words
from ui.views_period import EntryScreen, Part, SaleScreen


class SalesPage(QWidget):
    """A list of sales, or of drawers opened without one; ``opened`` names the one to show."""

    opened = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self.title, self.note = ElidedLabel("heading", self), ElidedLabel("caption", self)
        self.table = SheetTable(self)
        self.open_button = button("act", self)
        on_click(self.open_button, self.table.open_current)
        self.table.opened.connect(self.opened)
        head, texts = QHBoxLayout(), QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.title)
        texts.addWidget(self.note)
        head.addLayout(texts, 1)
        head.addWidget(self.open_button)
        _column(self, head, self.table)

    @property
    def sheet(self) -> Sheet | None:
        """The table shown."""
        return self.table.sheet

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.open_button.setText(words("Open"))

    def show_part(self, part: Part, who: str = "") -> None:
        """Show the list; the name of the member ``who`` bought stands over it and gets into no file."""
        self.title.say(f"{part.sheet.title}: {who}" if who else part.sheet.title)
        self.note.say(" · ".join(each for each in (*part.sheet.notes, part.more) if each))
        self.table.show_part(part)
        self.open_button.setEnabled(bool(part.sheet.rows))


class EntryBox(QWidget):
    """A journal entry to read and to copy, never to change."""

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self.title = ElidedLabel("heading", self)
        self.document = QPlainTextEdit(self)
        self.document.setReadOnly(True)
        self.document.setTabChangesFocus(True)
        self.document.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(tokens.L)
        self._facts.setVerticalSpacing(tokens.XS)
        self._facts.setColumnStretch(1, 1)
        _column(self, self.title, self._facts, self.document)

    def show_entry(self, screen: EntryScreen, *, rtl: bool) -> None:
        """Show the entry."""
        self.title.say(screen.heading)
        while item := self._facts.takeAt(0):
            if made := item.widget():
                made.deleteLater()
        for row, (name, value) in enumerate(screen.facts):
            head, said = QLabel(name, self), QLabel(value, self)
            head.setObjectName("caption")
            said.setAlignment(RIGHT if rtl else LEFT)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(said, row, 1)
        self.document.setAccessibleName(screen.heading)
        self.document.setPlainText(screen.document)


class SalePage(QWidget):
    """One sale: its goods, the reasons, payment and points, and its journal entry. ``member_wanted`` names the member."""

    member_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self._screen: SaleScreen | None = None
        self._rtl = False
        self.title, self.note = ElidedLabel("heading", self), ElidedLabel("caption", self)
        self.sides = [button("toggle", self) for _ in range(4)]
        self.member_button = button("act", self)
        on_click(self.member_button, self._ask_member)
        self.lines, self.paid, self.why = SheetTable(self), SheetTable(self), QPlainTextEdit(self)
        self.why.setReadOnly(True)
        self.why.setTabChangesFocus(True)
        self.entry = EntryBox(self)
        self.stack = QStackedWidget(self)
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setSpacing(tokens.S)
        for side, page in zip(self.sides, (self.lines, self.why, self.paid, self.entry), strict=True):
            self.stack.addWidget(page)
            side.setCheckable(True)
            side.toggled.connect(self._turn)
            group.addButton(side)
            bar.addWidget(side)
        keys_follow(group)
        bar.addStretch(1)
        bar.addWidget(self.member_button)
        self.sides[0].setChecked(True)
        _column(self, self.title, self.note, bar, self.stack)

    @property
    def sheet(self) -> Sheet | None:
        """The table of the side that is looked at; texts have none."""
        page = self.stack.currentWidget()
        return page.sheet if isinstance(page, SheetTable) else None

    @property
    def chosen_side(self) -> QPushButton:
        """The button of the side that is looked at."""
        return self.sides[self.stack.currentIndex()]

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        names = (words("Goods"), words("Discounts and reasons"), words("Payment and points"), words("Journal entry"))
        for side, name in zip(self.sides, names, strict=True):
            side.setText(name)
        self.member_button.setText(words("Purchases of this member"))
        self.why.setAccessibleName(names[1])

    def show_sale(self, screen: SaleScreen, *, rtl: bool) -> None:
        """Show the sale."""
        self._screen, self._rtl = screen, rtl
        self.title.say(screen.heading)
        self.note.say(screen.caption)
        self.lines.show_part(screen.lines)
        self.paid.show_part(screen.paid)
        self._explain(screen.why)
        self.sides[3].setEnabled(screen.entry is not None)
        if screen.entry:
            self.entry.show_entry(screen.entry, rtl=rtl)
        self.member_button.setVisible(bool(screen.member_id))

    def _explain(self, why: Sequence[str]) -> None:
        self.why.setLayoutDirection(Qt.LayoutDirection.RightToLeft if self._rtl else Qt.LayoutDirection.LeftToRight)
        option = self.why.document().defaultTextOption()
        option.setTextDirection(self.why.layoutDirection())
        option.setAlignment(RIGHT if self._rtl else LEFT)
        self.why.document().setDefaultTextOption(option)
        self.why.setPlainText("\n".join(why))
        self.why.moveCursor(QTextCursor.MoveOperation.Start)

    def _turn(self) -> None:
        for place, side in enumerate(self.sides):
            if side.isChecked():
                self.stack.setCurrentIndex(place)

    def _ask_member(self) -> None:
        if self._screen:
            self.member_wanted.emit(self._screen.member_id)


def _column(page: QWidget, *parts: QWidget | QHBoxLayout | QGridLayout) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(tokens.S)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part, 1 if part is parts[-1] else 0)
        else:
            column.addLayout(part)
