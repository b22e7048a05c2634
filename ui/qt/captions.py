"""The fields of a form with their captions, and a form as high as what it shows."""

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.labels import ElidedLabel, Field


class Captions:
    """A caption above each of ``fields``, which a screen reader reads as its name."""

    def __init__(self, fields: Iterable[Field], parent: QWidget) -> None:
        """Make them, empty, on ``parent``."""
        self._of = {field: QLabel(parent) for field in fields}
        for field, caption in self._of.items():
            caption.setObjectName("caption")
            caption.setBuddy(field)

    def say(self, field: Field, text: str) -> None:
        """Call ``field`` ``text``."""
        self._of[field].setText(text)
        field.setAccessibleName(text)

    def show(self, field: Field, *, shown: bool) -> None:
        """Show or hide ``field`` with its caption."""
        for each in (field, self._of[field]):
            each.setVisible(shown)

    def lay(self, column: QVBoxLayout, field: Field, *beside: QWidget) -> None:
        """Put ``field`` under its caption into ``column``, and after it what stands ``beside``; a name there gets room."""
        column.addWidget(self._of[field])
        row = QHBoxLayout()
        row.setSpacing(tokens.S)
        row.addWidget(field, 1)
        for each in beside:
            row.addWidget(each, 1 if isinstance(each, ElidedLabel) else 0)
        column.addLayout(row)

    def empty(self) -> None:
        """Forget what was typed, with the undo history; nobody is told of it."""
        for field in self._of:
            field.blockSignals(True)
            field.empty()
            field.blockSignals(False)


def fit_height(form: QWidget) -> None:
    """Make ``form`` as high as what it shows; ``adjustSize`` stops at two thirds of the screen."""
    layout = form.layout()
    if layout:
        layout.activate()
        form.resize(form.width(), layout.totalHeightForWidth(form.width()))
