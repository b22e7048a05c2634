"""People to choose from: one large button for each, by name and role."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.qt import tokens
from ui.qt.labels import button, on_click
from ui.views_staff import PersonView

_COLUMNS = 2


class PeopleList(QWidget):
    """Buttons in two columns; ``chosen`` gets the staff id."""

    def __init__(self, chosen: Callable[[str], None], parent: QWidget) -> None:
        """Build the empty list."""
        super().__init__(parent)
        self._chosen = chosen
        self._people: tuple[PersonView, ...] = ()
        self.buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.S)

    def offer(self, people: tuple[PersonView, ...]) -> None:
        """Show ``people``; the first is ready for Enter."""
        if people != self._people:
            self._people = people
            for old in self.buttons:
                old.deleteLater()
            self.buttons = [self._made(person, place) for place, person in enumerate(people)]
        if self.isVisible():
            self.begin()

    def begin(self) -> None:
        """Let the first be ready for Enter."""
        if self.buttons:
            self.buttons[0].setFocus()

    def _made(self, person: PersonView, place: int) -> QPushButton:
        made = button("person", self)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setAutoDefault(True)
        made.setText(f"{person.name}\n{person.role}")
        made.setAccessibleName(f"{person.name}, {person.role}")
        on_click(made, partial(self._chosen, person.staff_id))
        self._grid.addWidget(made, place // _COLUMNS, place % _COLUMNS)
        return made
