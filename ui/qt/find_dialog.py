"""Finding a member by what can be typed, when there is no card to be read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.presenters.checkout import Checkout
from ui.presenters.keyed import keyed_card
from ui.qt import tokens
from ui.qt.labels import Field
from ui.text import Words
from ui.views import FoundMember

_WIDTH = 460


class FindDialog(QDialog):
    """A card's number counts as the card; one answer is taken at once, of several one is chosen from the list."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._checkout = checkout
        self._nobody = self._nameless = ""
        self.setModal(True)
        self.setMinimumWidth(_WIDTH)
        self.hint = QLabel(self)
        self.asked = Field(self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.answers = QListWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.S)
        for widget in (self.hint, self.asked, self.problem, self.answers):
            column.addWidget(widget)
        self.asked.returnPressed.connect(self._search)
        self.asked.textChanged.connect(self.problem.clear)
        self.answers.itemActivated.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setWindowTitle(words("Find a member"))
        self.hint.setText(words("Card number, phone, its last four digits, or a name; then Enter"))
        self.asked.setAccessibleName(words("Whom to look for"))
        self._nobody = words("No member was found.")
        self._nameless = words("Member without a name")

    def start(self) -> None:
        """Open, empty."""
        self.asked.empty()
        self._show(())
        self.asked.setFocus()
        self.open()

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

    def _show(self, found: Sequence[FoundMember]) -> None:
        self.answers.clear()
        self.answers.setVisible(bool(found))
        for each in found:
            item = QListWidgetItem(" · ".join(filter(None, (each.name or self._nameless, each.phone))), self.answers)
            item.setData(Qt.ItemDataRole.UserRole, each.member_id)
        self.adjustSize()

    def _take(self, item: QListWidgetItem) -> None:
        self.accept()
        self._checkout.identify(item.data(Qt.ItemDataRole.UserRole))
