"""The list of keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from ui.qt import tokens
from ui.qt.tool import Entry
from ui.text import Words


class HelpDialog(QDialog):
    """Each key with what it does, in two columns; Escape closes."""

    def __init__(self, title: str, keys: Sequence[tuple[str, str]], parent: QWidget) -> None:
        """List ``keys``: pairs of a key's name and its meaning."""
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(title)
        grid = QGridLayout(self)
        grid.setContentsMargins(tokens.XL, tokens.XL, tokens.XL, tokens.XL)
        grid.setHorizontalSpacing(tokens.XL)
        grid.setVerticalSpacing(tokens.S)
        heading = QLabel(title, self)
        heading.setObjectName("heading")
        grid.addWidget(heading, 0, 0, 1, 4)
        rows = (len(keys) + 1) // 2
        for place, (key, meaning) in enumerate(keys):
            column, row = divmod(place, rows)
            name = QLabel(key, self)
            name.setObjectName("chip")
            name.setProperty("tone", "neutral")
            grid.addWidget(name, row + 1, 2 * column)
            grid.addWidget(QLabel(meaning, self), row + 1, 2 * column + 1)


def help_on(entries: Sequence[Entry], words: Words, parent: QWidget) -> HelpDialog:
    """Return the list of the keys of ``entries`` and of the basket, which is gone once it is closed."""
    keys = sorted((each for each in entries if each.key), key=lambda each: (len(each.key), each.key))
    rows = [(each.key, words(each.meaning)) for each in keys]
    rows += [
        ("+  −", words("One more or one less of the selected line")),
        ("Del", words("Remove the selected line")), ("↑  ↓", words("Select a line")),
        ("3 *", words("Quantity of the next scan")), ("Enter", words("In payment: exact cash"))]
    made = HelpDialog(words("Keys"), rows, parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made
