"""The simulated reader of the demo: buttons that tap a card or scan an item."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.text import Text
from ui.qt import tokens
from ui.qt.labels import button, on_click
from ui.text import Words

_WIDTH = 188


@dataclass(frozen=True, slots=True)
class DemoButton:
    """What a button says, and what it does to the simulated hardware."""

    title: Text
    act: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Simulator:
    """The cards that can be tapped and the goods that can be scanned, in order."""

    cards: tuple[DemoButton, ...]
    goods: tuple[DemoButton, ...]


class SimulatorStrip(QFrame):
    """The strip at the side of the window; clearly marked as not real."""

    def __init__(self, simulator: Simulator, parent: QWidget) -> None:
        """Build the strip."""
        super().__init__(parent)
        self._buttons: list[tuple[QPushButton, Text]] = []
        self._title, self._cards, self._goods = (QLabel(self) for _ in range(3))
        self.setObjectName("demo")
        self.setFixedWidth(tokens.px(_WIDTH))
        self._title.setObjectName("demoTitle")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget(self)
        inside.setObjectName("clear")
        keys = QVBoxLayout(inside)
        keys.setContentsMargins(tokens.S, tokens.S, tokens.S, tokens.S)
        keys.setSpacing(tokens.XS)
        for label, group in ((self._cards, simulator.cards), (self._goods, simulator.goods)):
            label.setObjectName("caption")
            keys.addWidget(label)
            for each in group:
                keys.addWidget(self._key(each))
        keys.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(scroll, 1)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._title.setText(words("Simulated reader"))
        self._cards.setText(words("Tap a card"))
        self._goods.setText(words("Scan an item"))
        for key, title in self._buttons:
            text = title.in_language(words.language)
            room = tokens.px(_WIDTH) - 2 * (tokens.L + tokens.S)
            key.setText(key.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
            key.setAccessibleName(text)
            key.setToolTip(text)

    def _key(self, each: DemoButton) -> QPushButton:
        key = button("demoKey", self)
        on_click(key, each.act)
        self._buttons.append((key, each.title))
        return key
