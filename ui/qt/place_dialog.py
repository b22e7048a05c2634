"""Asking where a file goes, in the counter's words and for a finger: its name, and one of the places people know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.export.file_name import file_name
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ElidedLabel, Field, button, keyed, on_click
from ui.qt.places import Place, places
from ui.text import Words

LOOK_MS = 1000
"""How often a stick that was just put in is looked for."""
_WIDTH, _COLUMNS = 640, 2
_LRM = "\u200e"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be saved: ``title`` says what, ``name`` is suggested, ``end`` is the file's own; without ``name`` a folder is wanted."""

    title: str
    words: Words
    name: str = ""
    end: str = ""


Then = Callable[[Path], None]
Ask = Callable[[QWidget, Wish, Then], None]
"""Asks over a widget and tells the place that was chosen, if one was."""


def ask_for_place(parent: QWidget, wish: Wish, then: Then) -> None:
    """Ask with a dialog over the window of ``parent``."""
    PlaceDialog(wish, then, parent.window()).open()


class PlaceDialog(QDialog):
    """One question, asked once. Nothing that is there is replaced unless it was said and pressed again."""

    def __init__(
        self, wish: Wish, then: Then, parent: QWidget, look: Callable[[Words], Sequence[Place]] | None = None,
    ) -> None:
        """Build the dialog, closed; ``look`` tells which places there are, again and again: ``places`` unless told otherwise."""
        super().__init__(parent)
        self._wish, self._then, self._look = wish, then, look or places
        self._places: Sequence[Place] = ()
        self._replaces: Path | None = None
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(tokens.px(_WIDTH))
        self.setWindowTitle(wish.title)
        self.heading, self.end, self.problem = QLabel(wish.title, self), QLabel(f"{_LRM}.{wish.end}", self), QLabel(self)
        self.heading.setObjectName("heading")
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.name = Field(self)
        self.name.setText(wish.name)
        self.name.setAccessibleName(wish.words("Name of the file"))
        self.folder = ElidedLabel("caption", self)
        self.keys: list[QPushButton] = []
        self._group, self._grid = QButtonGroup(self), QGridLayout()
        self._grid.setSpacing(tokens.S)
        self.save, self.back = button("primary", self), button("plain", self)
        self._arrange()
        on_click(self.save, self._save)
        on_click(self.back, self.reject)
        self.name.textChanged.connect(self._changed)
        self._group.idToggled.connect(lambda _place, on: self._changed() if on else None)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look_around)
        self._timer.start()
        self._look_around()
        self._changed()
        (self.name if wish.name else self.save).setFocus()
        self.name.selectAll()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Save at Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        name = QHBoxLayout()
        name.setSpacing(tokens.S)
        for each in (self.name, self.end):
            name.addWidget(each)
            each.setVisible(bool(self._wish.name))
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        column.addWidget(self.heading)
        column.addLayout(name)
        column.addLayout(self._grid)
        for widget in (self.folder, self.problem):
            column.addWidget(widget)
        column.addLayout(foot)
        self.back.setText(keyed(self._wish.words("Back"), "Esc"))

    def _look_around(self) -> None:
        """Offer the places there are now; the one that was chosen stays chosen."""
        found = self._look(self._wish.words)
        if list(found) == list(self._places) and self.keys:
            return
        chosen = self._chosen
        for key in self.keys:
            self._group.removeButton(key)
            key.deleteLater()
        self._places, self.keys = found, []
        for place, each in enumerate(found):
            key = button("choice", self)
            key.setCheckable(True)
            key.setText(each.name)
            key.setToolTip(str(each.folder))
            self._group.addButton(key, place)
            self._grid.addWidget(key, place // _COLUMNS, place % _COLUMNS)
            self.keys.append(key)
        if found:
            self.keys[next((place for place, each in enumerate(found) if each == chosen), 0)].setChecked(True)

    @property
    def _chosen(self) -> Place | None:
        place = self._group.checkedId()
        return self._places[place] if 0 <= place < len(self._places) else None

    def _target(self) -> Path | None:
        """Return where it would go: a whole path may be typed as well. None without a name or a place."""
        wish, chosen, typed = self._wish, self._chosen, self.name.text().strip()
        whole = Path(typed)
        folder = whole.parent if whole.is_absolute() else chosen.folder if chosen else None
        if folder is None or not wish.name:
            return folder
        name = file_name((whole.name if whole.is_absolute() else typed).removesuffix(f".{wish.end}"))
        return folder / f"{name}.{wish.end}" if name else None

    def _changed(self) -> None:
        """Show where it would go; what was said of another place is no longer true."""
        target = self._target()
        folder = (target.parent if self._wish.name else target) if target else None
        self.folder.say(f"{_LRM}{folder or ''}{_LRM}")
        self._replaces = None
        self._say("", self._wish.words("Save"))

    def _say(self, problem: str, key: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save.setText(keyed(key, "Enter"))

    def _save(self) -> None:
        target, words = self._target(), self._wish.words
        if target is None:
            self._say(words("Type a name, and choose where."), words("Save"))
        elif self._wish.name and target != self._replaces and _is_there(target):
            self._replaces = target
            self._say(words("{name} is there already. Press once more to replace it.", name=f"{_LRM}{target.name}{_LRM}"),
                      words("Replace it"))
        else:
            self.accept()
            self._then(target)


def _is_there(path: Path) -> bool:
    """Return whether something is at ``path``; where nobody may look, saving says what is wrong."""
    try:
        return path.exists()
    except OSError:
        return False
