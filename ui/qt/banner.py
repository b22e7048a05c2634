"""The band that tells how the last action went."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import NumberLabel, Side, button, keyed, set_tone
from ui.text import Words
from ui.views import BannerView, Tone


class Banner(QFrame):
    """Hidden while there is no news. ``undone`` asks to take the last change back, ``again`` for the last receipt."""

    undone = Signal()
    again = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build the hidden band."""
        super().__init__(parent)
        self._shown: BannerView | None = None
        self.setObjectName("banner")
        self._big = NumberLabel(Side.START, "bannerBig", self)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self._more = QLabel(self)
        self._more.setObjectName("bannerMore")
        self._more.setTextFormat(Qt.TextFormat.PlainText)
        self._more.setWordWrap(True)
        self.fault = QLabel(self)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setWordWrap(True)
        self._undo, self._again = button("plain", self), button("plain", self)
        self._undo.clicked.connect(self.undone)
        self._again.clicked.connect(self.again)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._big)
        words.addWidget(self.text)
        words.addWidget(self.fault)
        words.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.L, tokens.S, tokens.L, tokens.S)
        row.addLayout(words, 1)
        for key in (self._undo, self._again):
            row.addWidget(key)
        self.hide()

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._undo.setText(keyed(words("Undo"), "F8"))
        self._again.setText(keyed(words("Receipt again"), "Shift+F9"))

    def show_banner(self, view: BannerView | None) -> None:
        """Show ``view``; an error is heard as well, each time, and so is a fault beside something."""
        if view is not None and view is not self._shown and (view.tone is Tone.ERROR or view.fault):
            QApplication.beep()
        same, self._shown = view == self._shown, view
        if same:
            return
        self.setVisible(view is not None)
        if view is None:
            return
        self.setAccessibleName(" ".join(filter(None, (view.text, view.big, view.fault, view.more))))
        self.text.setText(view.text)
        self._big.setText(view.big)
        self._big.setVisible(bool(view.big))
        self.fault.setText(view.fault)
        self.fault.setVisible(bool(view.fault))
        self._more.setText(view.more)
        self._more.setVisible(bool(view.more))
        self._undo.setVisible(view.undo)
        self._again.setVisible(view.again)
        if self.property("tone") != view.tone.value:
            set_tone(self, view.tone)
            for label in (self._big, self.text, self.fault, self._more):
                label.style().polish(label)
