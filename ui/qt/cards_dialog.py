"""The cards of the member in the basket, each with what may be done with it."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from station.card_life import CardReason
from ui.format import Format
from ui.presenters.member_cards import CardRow, CardsView, MemberCards
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ChipLabel, ElidedLabel, button, keyed, on_click, set_tone
from ui.qt.new_person import NewPerson
from ui.text import Words
from ui.views import Chip, Tone

_WIDTH = 720


class CardsDialog(QDialog):
    """One row a card. Blocking works at once and is undone by putting the card back to use.

    A card that takes the place of another, or a further one, is said first and shown then; one for
    somebody who is new in the family once the name is taken.
    """

    def __init__(self, parent: QWidget) -> None:
        """Build the dialog, closed; ``connect_to`` gives it its presenter."""
        super().__init__(parent)
        self._words = Words("en")
        self._page: MemberCards | None = None
        self.pressed: dict[tuple[str, int], QPushButton] = {}
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self._member = ElidedLabel("heading", self)
        self.nothing = QLabel(self)
        self.nothing.setObjectName("caption")
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.told = QLabel(self)
        self.told.setObjectName("told")
        self.told.setWordWrap(True)
        self.person = NewPerson(self)
        self.further, self.take_in, self._back = button("secondary", self), button("primary", self), button("plain", self)
        self._carriers: tuple[tuple[str, str], ...] = ()
        self._name = ""
        on_click(self.further, self._another)
        on_click(self.take_in, self._take_in)
        on_click(self._back, self.reject)
        self.person.name.returnPressed.connect(self._take_in)
        self.person.name.bank_card.connect(self._refuse_bank_card)
        self.finished.connect(self.person.forget)
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.S)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.S)
        for widget in (self._member, self.nothing, self._rows, self.told, self.person, self.problem):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.further)
        foot.addWidget(self.take_in)
        foot.addStretch(1)
        foot.addWidget(self._back)
        column.addLayout(foot)
        for before, after in pairwise((self.person.name, self.person.letters, self.take_in, self.further, self._back)):
            QWidget.setTabOrder(before, after)

    def connect_to(self, page: MemberCards) -> None:
        """Let ``page`` do what is pressed."""
        self._page = page

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language."""
        self._words = words
        if self._page:
            self._page.speak(words, style)
        self.setWindowTitle(words("Cards of the member"))
        self.nothing.setText(words("There is no card."))
        self.further.setText(words("A further card"))
        self.take_in.setText(keyed(words("Add to the family"), "Enter"))
        self.person.set_words(words)
        self._back.setText(keyed(words("Back"), "Esc"))

    def start(self) -> None:
        """Open with the cards as they are now."""
        if self._page:
            self._page.begin()
            self.open()

    @guarded(None)
    def reject(self) -> None:
        """Wait for no card and no name any more; close where none was waited for."""
        if self._page is None or not self._page.stop_waiting():
            super().reject()

    def keeps(self) -> bool:
        """Return that no goods go into the basket behind: what is scanned here is a card."""
        return True

    def refuse(self, said: str) -> None:
        """Say why goods were not taken; a name that is being typed stays."""
        self.problem.setText(said)
        self.problem.show()
        self.adjustSize()

    def show_cards(self, view: CardsView) -> None:
        """Show ``view``."""
        self._member.say(view.member)
        self.nothing.setVisible(not view.rows)
        self._carriers, self._name = view.carriers, view.member
        self.told.setText(view.waiting or view.news)
        self.told.setVisible(bool(self.told.text()))
        set_tone(self.told, Tone.WARN if view.waiting else Tone.OK)
        self.problem.setText(view.problem)
        self.problem.setVisible(bool(view.problem))
        while item := self._grid.takeAt(0):
            if made := item.widget():
                made.deleteLater()
        self.pressed = {}
        for place, row in enumerate(view.rows):
            self._put(place, row)
        self.person.ask(view.naming)
        self.take_in.setVisible(bool(view.naming))
        self.further.setVisible(not view.naming)
        self.adjustSize()
        (self.person.name if view.naming else self).setFocus()

    def _put(self, place: int, row: CardRow) -> None:
        title, status = ElidedLabel("rowTitle", self._rows), ChipLabel(self._rows)
        title.say(row.title)
        status.say(Chip(row.status, row.tone))
        self._grid.addWidget(title, place, 0)
        self._grid.addWidget(status, place, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.setColumnStretch(0, 1)
        page, words = self._page, self._words
        if page and row.can_block:
            self._press(place, 2, row.card, words("Lost"), lambda: page.block(row.card, CardReason.LOST))
            self._press(place, 3, row.card, words("Block"), lambda: page.block(row.card, CardReason.MISUSED))
        if page and row.can_return:
            self._press(place, 2, row.card, words("Back to use"), lambda: page.return_to_use(row.card))
        if page and row.can_replace:
            self._press(place, 4, row.card, words("Replace"), lambda: page.replace(row.card))

    def _another(self) -> None:
        """Wait for a further card, once it is said whose it becomes; or ask for the name of a new person."""
        if self._page is None:
            return
        offered = QMenu(self)
        for holder, name in (("", self._name), *self._carriers):
            action = QAction(name or self._words("Member without a name"), offered)
            action.triggered.connect(partial(self._page.another, holder))
            offered.addAction(action)
        offered.addAction(self._words("A new person…")).triggered.connect(self._page.new_person)
        offered.popup(self.further.mapToGlobal(QPoint(0, -offered.sizeHint().height())))

    def _take_in(self) -> None:
        if self._page:
            self._page.take_in(self.person.name.text())

    def _refuse_bank_card(self) -> None:
        if self._page:
            self._page.refuse_bank_card()

    def _press(self, place: int, column: int, card: int, text: str, act: Callable[[], None]) -> None:
        made = self.pressed[text, card] = button("secondary", self._rows)
        made.setText(text)
        on_click(made, act)
        self._grid.addWidget(made, place, column)
