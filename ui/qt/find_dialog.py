"""Finding a member by what can be typed, when there is no card to be read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.search import MOST_FOUND
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.keyed import keyed_card
from ui.qt import tokens
from ui.qt.labels import Field, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.text import Words
from ui.views import FoundMember

_WIDTH = 720


class FindDialog(QDialog):
    """A card's number counts as the card; one answer is taken at once, of several one is chosen from the list.

    Where nobody is found who was looked for, F3 enrols them with what was typed.
    """

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._checkout = checkout
        self._nobody = self._nameless = self._more = self._ask = self._choose = ""
        self.setModal(True)
        self.setMinimumWidth(tokens.px(_WIDTH))
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.asked = Field(self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.answers = QListWidget(self)
        self.more = QLabel(self)
        self.more.setObjectName("doubt")
        self.more.setWordWrap(True)
        self.pad = NumberPad(self)
        self.pad.serve(self.asked)
        self.back, self.join, self.take = button("plain", self), button("secondary", self), button("primary", self)
        on_click(self.back, self.reject)
        on_click(self.take, self._go_on)
        on_click(self.join, self._enrol)
        QShortcut(QKeySequence("F3"), self).activated.connect(self.join.click)
        self._arrange()
        self.asked.returnPressed.connect(self._search)
        self.asked.textChanged.connect(self._typed)
        self.answers.itemActivated.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setWindowTitle(words("Find a member"))
        self.hint.setText(words("Card number, phone, its last four digits, or a name; then Enter"))
        self.asked.setAccessibleName(words("Whom to look for"))
        self.answers.setAccessibleName(words("Find a member"))
        self.pad.set_words(words)
        self.back.setText(keyed(words("Back"), "Esc"))
        self.join.setText(keyed(words("New member"), "F3"))
        self._ask, self._choose = keyed(words("Look for"), "Enter"), keyed(words("Serve this member"), "Enter")
        self._nobody = words("No member was found.")
        self._nameless = words("Member without a name")
        most = Format(words.language).number(MOST_FOUND)
        self._more = words("Only the first {count} are shown. If it is none of them, type more.", count=most)

    def start(self) -> None:
        """Open, empty."""
        self.asked.empty()
        self._show(())
        self.asked.setFocus()
        self.open()

    def _go_on(self) -> None:
        """Do what Enter does: take who is chosen, or look."""
        chosen = self.answers.currentItem()
        if self.answers.isVisible() and chosen is not None:
            self._take(chosen)
        else:
            self._search()

    def _search(self) -> None:
        card = keyed_card(self.asked.text())
        if card:
            self.accept()
            self._checkout.tapped(card)
            return
        found = self._checkout.find(self.asked.text())
        if len(found) == 1:
            self.accept()
            self._checkout.identify(found[0].member_id)
            return
        self._show(found)
        if found:
            self.answers.setCurrentRow(0)
            self.answers.setFocus()
        else:
            self.problem.setText(self._nobody)
            self.join.setVisible(self._checkout.newcomer is not None)

    def _enrol(self) -> None:
        if self._checkout.newcomer:
            text = self.asked.text()
            self.accept()
            self._checkout.newcomer(text)

    def _show(self, found: Sequence[FoundMember]) -> None:
        self.answers.clear()
        self.answers.setVisible(bool(found))
        self.more.setText(self._more)
        self.more.setVisible(len(found) >= MOST_FOUND)
        for each in found:
            item = QListWidgetItem(" · ".join(filter(None, (each.name or self._nameless, each.phone))), self.answers)
            item.setData(Qt.ItemDataRole.UserRole, each.member_id)
        self.take.setText(self._choose if found else self._ask)
        self.join.hide()
        self.adjustSize()

    def _take(self, item: QListWidgetItem) -> None:
        self.accept()
        self._checkout.identify(item.data(Qt.ItemDataRole.UserRole))

    def _typed(self) -> None:
        """Forget what was found for another text: the button looks again."""
        self.problem.clear()
        self._show(())

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(tokens.S)
        for widget in (self.hint, self.asked, self.problem, self.answers, self.more):
            left.addWidget(widget)
        left.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(tokens.XL)
        columns.addLayout(left, 3)
        columns.addWidget(self.pad, 2, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.join)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        column.addLayout(columns)
        column.addLayout(foot)
