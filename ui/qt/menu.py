"""The menu behind F10: all that can be done, by section, as keys for finger, mouse and arrows."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import keyed, on_click
from ui.qt.tool import Entry, Section
from ui.text import Words

_STEP = {Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0)}


class MenuDialog(QDialog):
    """One column of keys for each section; chosen with arrows and Enter, or touched. Esc closes it."""

    def __init__(self, entries: Sequence[Entry], words: Words, parent: QWidget, run: Callable[[Entry], None]) -> None:
        """Build the menu of ``entries``; the one that is chosen goes to ``run`` once the menu is closed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(words("Menu"))
        self._words, self._run = words, run
        self.columns: list[list[QPushButton]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.L, tokens.S, tokens.L, tokens.M)
        row.setSpacing(tokens.M)
        for section in Section:
            if found := [each for each in entries if each.section is section and each.in_menu]:
                row.addLayout(self._column(section, found))
        if first := next((each for column in self.columns for each in column if each.isEnabled()), None):
            first.setFocus()

    def texts(self) -> list[str]:
        """Return what stands on the keys, column by column."""
        return [each.text() for column in self.columns for each in column]

    def key(self, text: str) -> QPushButton:
        """Return the key that begins with ``text``. Raises ``StopIteration`` when there is none."""
        return next(each for column in self.columns for each in column if each.text().startswith(text))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Go through the keys with the arrows; Enter chooses."""
        held = self.focusWidget()
        step = _STEP.get(Qt.Key(event.key()))
        if step and isinstance(held, QPushButton):
            self._go(held, *step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(held, QPushButton):
            held.click()
        else:
            super().keyPressEvent(event)

    def _go(self, held: QPushButton, across: int, down: int) -> None:
        """Go to the next key that can be chosen: down its column and round, or across to the nearest of the next column."""
        at, place = next((number, column.index(held)) for number, column in enumerate(self.columns) if held in column)
        if down:
            column = self.columns[at]
            ahead = (column[(place + down * step) % len(column)] for step in range(1, len(column) + 1))
        else:
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            step = -across if rtl else across
            ahead = (key for far in range(1, len(self.columns) + 1)
                     for key in _nearest(self.columns[(at + far * step) % len(self.columns)], place))
        next(each for each in ahead if each.isEnabled()).setFocus()

    def _column(self, section: Section, entries: Sequence[Entry]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(tokens.XS)
        heading = QLabel(self._words(section.value), self)
        heading.setObjectName("heading")
        column.addWidget(heading)
        keys: list[QPushButton] = []
        for entry in entries:
            made = _MenuKey("menuKey", self)
            text = self._words(entry.meaning)
            made.setText(keyed(text, entry.key) if entry.key else f"{text} …" if entry.sub else text)
            made.setEnabled(entry.ready())
            on_click(made, partial(self._offer, entry, made) if entry.sub else partial(self._choose, entry))
            column.addWidget(made)
            keys.append(made)
        column.addStretch(1)
        self.columns.append(keys)
        return column

    def _choose(self, entry: Entry) -> None:
        self.accept()
        self._run(entry)

    def _offer(self, entry: Entry, under: QPushButton) -> None:
        offered = QMenu(self)
        for each in entry.sub:
            action = QAction(self._words(each.meaning), offered)
            action.setEnabled(each.ready())
            if each.is_on:
                action.setCheckable(True)
                action.setChecked(each.is_on())
            action.triggered.connect(lambda _checked, chosen=each: self._choose(chosen))
            offered.addAction(action)
        offered.popup(under.mapToGlobal(QPoint(0, under.height())))
        if offered.actions():
            offered.setActiveAction(offered.actions()[0])


def _nearest(column: Sequence[QPushButton], place: int) -> list[QPushButton]:
    """Return the keys of ``column``, those nearest to the height of ``place`` first."""
    return [column[number] for number in sorted(range(len(column)), key=lambda number: abs(number - place))]


class _MenuKey(QPushButton):
    """A key that leaves the arrows to the menu."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAutoDefault(False)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Hand arrows and Enter to the menu."""
        if event.key() in _STEP or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
