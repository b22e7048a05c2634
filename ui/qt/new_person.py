"""Asks what somebody is called who is new in a member's family."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import Field, button, on_click
from ui.qt.touch_keys import open_keys
from ui.text import Words


class NewPerson(QWidget):
    """A field for the name, letters for fingers, and what the person may do; hidden while nobody is asked for.

    The name stays in it only while it is asked for. A bank card's number does not stay in it at all.
    """

    def __init__(self, parent: QWidget) -> None:
        """Build it, hidden."""
        super().__init__(parent)
        self._caption, self.hint = QLabel(self), QLabel(self)
        self.name = Field(self)
        self.letters = button("plain", self)
        self._caption.setBuddy(self.name)
        for label in (self._caption, self.hint):
            label.setObjectName("caption")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        on_click(self.letters, lambda: open_keys(self.name))
        row = QHBoxLayout()
        row.setSpacing(tokens.S)
        row.addWidget(self.name, 1)
        row.addWidget(self.letters)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        column.addWidget(self._caption)
        column.addLayout(row)
        column.addWidget(self.hint)
        self.hide()

    def set_words(self, words: Words) -> None:
        """Speak another language; what is typed stays."""
        caption = words("Name of the new person")
        self._caption.setText(caption)
        self.name.setAccessibleName(caption)
        self.letters.setText("ا ب پ" if words.rtl else "ABC")
        self.letters.setAccessibleName(words("Letters"))

    def ask(self, hint: str) -> None:
        """Ask for the name and say ``hint`` below it; "": ask no more, and forget what was typed."""
        self.hint.setText(hint)
        self.setVisible(bool(hint))
        if not hint:
            self.forget()

    def forget(self) -> None:
        """Forget what was typed, with the undo history."""
        self.name.empty()
