"""Finding a member by phone, when there is no card at hand."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.presenters.checkout import Checkout
from ui.qt import tokens
from ui.qt.labels import Field
from ui.text import Words
from ui.views import FoundMember

_WIDTH = 460


class FindDialog(QDialog):
    """One answer is taken at once; of several one is chosen from the list."""

    def __init__(self, checkout: Checkout, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._checkout = checkout
        self._nobody = ""
        self.setModal(True)
        self.setMinimumWidth(_WIDTH)
        self._label = QLabel(self)
        self.phone = Field(self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.answers = QListWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.S)
        for widget in (self._label, self.phone, self.problem, self.answers):
            column.addWidget(widget)
        self.phone.returnPressed.connect(self._search)
        self.phone.textChanged.connect(self.problem.clear)
        self.answers.itemActivated.connect(self._take)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setWindowTitle(words("Find a member"))
        self._label.setText(words("Mobile number, then Enter"))
        self.phone.setAccessibleName(words("Mobile number"))
        self._nobody = words("No member has this number.")

    def start(self) -> None:
        """Open, empty."""
        self.phone.empty()
        self._show(())
        self.phone.setFocus()
        self.open()

    def _search(self) -> None:
        found = self._checkout.find(self.phone.text())
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
            item = QListWidgetItem(f"{each.name} · {each.phone}", self.answers)
            item.setData(Qt.ItemDataRole.UserRole, each.member_id)
        self.adjustSize()

    def _take(self, item: QListWidgetItem) -> None:
        self.accept()
        self._checkout.identify(item.data(Qt.ItemDataRole.UserRole))
