"""What somebody agrees to: a box for each purpose and channel, all of them empty until one is ticked."""

from collections.abc import Container

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from station.told import Agreement, Channel, Purpose
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.text import Words, mark

_CHANNELS = {Channel.SMS: mark("SMS"), Channel.EMAIL: mark("E-mail"), Channel.APP: mark("App")}
_PURPOSES = {Purpose.SERVICE: mark("About the own account"), Purpose.MARKETING: mark("New goods and offers")}


class Box(QCheckBox):
    """A box without a text that is ticked wherever a finger meets it, not on its mark alone."""

    @guarded(False)
    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 (Qt's name)
        """Take the whole of it."""
        return self.rect().contains(pos)


class ConsentGrid(QWidget):
    """``changed`` tells that a box was ticked or emptied."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build the empty boxes."""
        super().__init__(parent)
        self._title = QLabel(self)
        self._title.setObjectName("caption")
        self._heads = {channel: QLabel(self) for channel in _CHANNELS}
        self._names = {purpose: QLabel(self) for purpose in _PURPOSES}
        self.boxes = {(purpose, channel): Box(self) for purpose in _PURPOSES for channel in _CHANNELS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.M)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0)
        for column, label in enumerate(self._heads.values(), 1):
            label.setObjectName("caption")
            grid.addWidget(label, 0, column, Qt.AlignmentFlag.AlignCenter)
        for row, label in enumerate(self._names.values(), 1):
            grid.addWidget(label, row, 0)
        for place, box in enumerate(self.boxes.values()):
            box.setObjectName("box")
            box.toggled.connect(self.changed)
            grid.addWidget(box, place // len(_CHANNELS) + 1, place % len(_CHANNELS) + 1, Qt.AlignmentFlag.AlignCenter)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._title.setText(words("May be written to"))
        for channel, label in self._heads.items():
            label.setText(words(_CHANNELS[channel]))
        for purpose, label in self._names.items():
            label.setText(words(_PURPOSES[purpose]))
        for (purpose, channel), box in self.boxes.items():
            box.setAccessibleName(f"{words(_PURPOSES[purpose])}, {words(_CHANNELS[channel])}")

    def agreed(self) -> tuple[Agreement, ...]:
        """Return what is ticked."""
        return tuple(each for each, box in self.boxes.items() if box.isChecked())

    def wants_email(self) -> bool:
        """Return whether an e-mail address is needed."""
        return any(channel is Channel.EMAIL for _, channel in self.agreed())

    def tick(self, agreed: Container[Agreement]) -> None:
        """Tick what is ``agreed`` and empty the other boxes."""
        for each, box in self.boxes.items():
            box.setChecked(each in agreed)

    def clear(self) -> None:
        """Empty all boxes."""
        self.tick(())
