"""Figures with their reasons, and what was given back once it is done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import NumberLabel, Side, button, keyed, on_click
from ui.text import Words
from ui.views_return import DoneView, Fact

_DONE_WIDTH = 640


class Facts(QWidget):
    """Figures with their names, and under each the reason for it."""

    def __init__(self, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setObjectName("clear")
        self._inside = QWidget(self)
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.addWidget(self._inside)

    def show_facts(self, facts: Sequence[Fact], notes: Sequence[str] = ()) -> None:
        """Show ``facts``, and ``notes`` under them.

        What was shown before goes whole, with its layouts: where rows are taken out of a layout that stays, Python
        keeps what Qt has deleted, and takes whatever lies there next for it, until the program dies of it.
        """
        old, self._inside = self._inside, QWidget(self)
        self._inside.setObjectName("clear")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        for note in notes:
            column.addWidget(self._label(note, "doubt"))
        for fact in facts:
            value = NumberLabel(Side.END, "", self._inside)
            value.setText(fact.value)
            row = QHBoxLayout()
            column.addLayout(row)
            row.setSpacing(tokens.M)
            row.addWidget(self._label(fact.label, ""), 1)
            row.addWidget(value, 0, Qt.AlignmentFlag.AlignTop)
            if fact.note:
                column.addWidget(self._label(fact.note, "caption"))
        column.addStretch(1)
        self._around.addWidget(self._inside)
        old.hide()
        old.deleteLater()
        self.setAccessibleName(". ".join([*(f"{each.label}: {each.value} {each.note}".strip() for each in facts), *notes]))

    def _label(self, text: str, name: str) -> QLabel:
        made = QLabel(text, self._inside)
        made.setObjectName(name)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        return made


def scrolled(inside: QWidget, parent: QWidget) -> QScrollArea:
    """Return an area in which ``inside`` scrolls where there is little room."""
    scroll = QScrollArea(parent)
    scroll.setWidget(inside)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return scroll


class DonePane(QWidget):
    """What was given back, large. ``again`` prints the receipt once more, ``left`` goes back to the counter."""

    again = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        card = QFrame(self)
        card.setObjectName("card")
        card.setMaximumWidth(tokens.px(_DONE_WIDTH))
        self.heading, self.said = QLabel(card), QLabel(card)
        self.heading.setObjectName("heading")
        self.heading.setWordWrap(True)
        self.said.setObjectName("caption")
        self.money = NumberLabel(Side.START, "total", card)
        self.facts = Facts(card)
        self.again_button, self.done_button = button("plain", card), button("primary", card)
        for made in (self.again_button, self.done_button):
            made.setAutoDefault(True)
        on_click(self.again_button, self.again.emit)
        on_click(self.done_button, self.left.emit)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.S)
        keys.addWidget(self.again_button)
        keys.addWidget(self.done_button, 1)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        inside.setSpacing(tokens.M)
        for widget in (self.heading, self.money, scrolled(self.facts, card), self.said):
            inside.addWidget(widget)
        inside.addLayout(keys)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(card, 3)
        row.addStretch(1)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.again_button.setText(words("Print again"))
        self.done_button.setText(keyed(words("Done"), "Enter"))

    def show_done(self, view: DoneView) -> None:
        """Show ``view``; Enter leaves."""
        self.heading.setText(view.heading)
        self.money.setText(view.money)
        self.facts.show_facts(view.facts)
        self.said.setText(view.said)
        self.done_button.setFocus()
