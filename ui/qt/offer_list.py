"""A list of things that can be taken and given back: a name, a sentence, and a key for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import ElidedLabel, button, on_click

Key = tuple[str, Callable[[], None]]
"""What a key says, and what it does."""


@dataclass(frozen=True, slots=True)
class Offer:
    """``name`` and what is ``said`` of it; ``take`` and ``remove`` are its keys, None for none."""

    name: str
    said: str
    take: Key | None = None
    remove: Key | None = None


class OfferList(QScrollArea):
    """Scrolls where there are many; says why it is empty."""

    def __init__(self, parent: QWidget) -> None:
        """Build the empty list."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[QWidget] = []
        self._inside = QWidget(self)
        self._inside.setObjectName("clear")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.S)
        self._column.addStretch(1)
        self.setWidget(self._inside)

    def show_offers(self, offers: Sequence[Offer], nothing: str) -> None:
        """Show ``offers``, or ``nothing`` where there are none."""
        for old in self._rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = [self._row(each) for each in offers] or [self._sentence(nothing, self._inside)]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)

    def _row(self, offer: Offer) -> QWidget:
        row = QWidget(self._inside)
        name = ElidedLabel("offerName", row)
        name.say(offer.name)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(self._sentence(offer.said, row))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.S)
        line.addLayout(texts, 1)
        for key in (offer.take, offer.remove):
            if key:
                made = button("plain", row)
                made.setText(key[0])
                made.setAccessibleName(f"{key[0]}: {offer.name}")
                on_click(made, key[1])
                line.addWidget(made)
        return row

    @staticmethod
    def _sentence(text: str, parent: QWidget) -> QLabel:
        label = QLabel(text, parent)
        label.setObjectName("caption")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label
