"""The card on which the check of the station's files is begun, watched and ended."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QListWidget, QProgressBar, QWidget

from ui.checking import CheckState
from ui.qt import tokens
from ui.qt.fact_card import FactCard
from ui.qt.labels import button, set_tone
from ui.text import Words
from ui.views_diagnostics import CheckView

FAULTS_HEIGHT = 120


class CheckNews(QObject):
    """Brings news of the check from its thread to the screen's; ``on_state`` is called there, in order."""

    _state = Signal(object)

    def __init__(self, parent: QObject) -> None:
        """Connect to a slot of this object, so that Qt knows the receiving thread."""
        super().__init__(parent)
        self.on_state: Callable[[CheckState], None] = lambda _state: None
        self._state.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def state(self, state: CheckState) -> None:
        """Send a state across; any thread may call it."""
        self._state.emit(state)

    @Slot(object)
    def _arrived(self, state: CheckState) -> None:
        self.on_state(state)


class CheckCard(FactCard):
    """One button begins and ends the check; ``asked`` carries whether it is to begin."""

    asked = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        """Build the card of a check that never ran."""
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setObjectName("fact")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.faults = QListWidget(self)
        self.faults.setMinimumHeight(tokens.px(FAULTS_HEIGHT))
        self.faults.setWordWrap(True)
        self.go = button("check", self)
        self.go.clicked.connect(self._pressed)
        self._running = False
        for widget in (self.text, self.bar, self.faults, self.go):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.title.setText(words("Check of the files"))
        self.bar.setAccessibleName(words("Check of the files"))
        self.faults.setAccessibleName(words("Faults that were found"))
        self._name()

    def show_check(self, view: CheckView) -> None:
        """Show ``view``; a bar without an end runs while nobody can say how far it is."""
        self._running = view.running
        self.text.setText(view.text)
        set_tone(self.text, view.tone)
        self.bar.setVisible(view.running)
        self.bar.setRange(0, 0 if view.percent is None else 100)
        if view.percent is not None:
            self.bar.setValue(view.percent)
        self.faults.setVisible(bool(view.faults))
        if [self.faults.item(row).text() for row in range(self.faults.count())] != list(view.faults):
            self.faults.clear()
            self.faults.addItems(view.faults)
        self.go.setDisabled(view.stopping)
        self._name()

    def _name(self) -> None:
        self.go.setText(self._words("End the check") if self._running else self._words("Check now"))
        self.go.setMinimumHeight(tokens.BUTTON)

    def _pressed(self) -> None:
        self.asked.emit(not self._running)
