"""A card of facts: a title, and rows of what something is and how it stands, coloured and said in words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import NumberLabel, Side, set_tone
from ui.views_diagnostics import Fact

_TOP = Qt.AlignmentFlag.AlignTop


class FactCard(QFrame):
    """Shows ``Fact`` values one below the other; ``column`` takes what else belongs on the card."""

    def __init__(self, parent: QWidget) -> None:
        """Build the card without rows."""
        super().__init__(parent)
        self.setObjectName("card")
        self.title = QLabel(self)
        self.title.setObjectName("heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.rows: list[tuple[NumberLabel, NumberLabel]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.L)
        self._grid.setVerticalSpacing(tokens.S)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        self.column.setSpacing(tokens.M)
        self.column.addWidget(self.title)
        self.column.addLayout(self._grid)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show ``facts``; rows that are not needed are hidden."""
        while len(self.rows) < len(facts):
            self._add_row()
        for place, (label, value) in enumerate(self.rows):
            fact = facts[place] if place < len(facts) else None
            label.setVisible(fact is not None)
            value.setVisible(fact is not None)
            label.setText(fact.label if fact else "")
            value.setText(fact.value if fact else "")
            if fact:
                value.setToolTip(fact.hint)
                value.setAccessibleName(f"{fact.label}: {fact.value}")
                set_tone(value, fact.tone)

    def _add_row(self) -> None:
        place = len(self.rows)
        made = (NumberLabel(Side.START, "factName", self, even=False), NumberLabel(Side.START, "fact", self, even=False))
        for column, label in enumerate(made):
            label.setWordWrap(True)
            self._grid.addWidget(label, place, column, _TOP)
        self.rows.append(made)
