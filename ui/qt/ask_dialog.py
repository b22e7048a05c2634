"""Taking down what a member says: of what kind it is, about what, in which words, and how it is to be answered."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from drivers.bank_cards import Lane, is_bank_card
from station.errors import StationError
from station.matter import AnswerBy, AskKind, Subject
from ui.presenters.ask_words import ANSWERS, KINDS, SUBJECTS
from ui.presenters.asking import AskForm, AskPresenter
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import button, keyed, on_click
from ui.qt.touch_keys import Keys, released
from ui.text import Words

_WIDTH, _COLUMNS, _LINES = 760, 4, 104
ChoiceT = TypeVar("ChoiceT", AskKind, Subject, AnswerBy)


class Choice(QWidget, Generic[ChoiceT]):
    """One of several, as toggles in rows of ``_COLUMNS``."""

    def __init__(self, names: dict[ChoiceT, str], columns: int, parent: QWidget) -> None:
        """Offer ``names``, sentences to be translated; the first is chosen."""
        super().__init__(parent)
        self._names: dict[ChoiceT, str] = names
        self.toggles: dict[ChoiceT, QPushButton] = {}
        group, grid = QButtonGroup(self), QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.S)
        for place, each in enumerate(names):
            made = self.toggles[each] = button("toggle", self)
            made.setCheckable(True)
            group.addButton(made)
            grid.addWidget(made, place // columns, place % columns)
        self.choose(next(iter(names)))

    @property
    def chosen(self) -> ChoiceT:
        """What is chosen."""
        return next(each for each, toggle in self.toggles.items() if toggle.isChecked())

    def choose(self, which: ChoiceT) -> None:
        """Choose ``which``."""
        self.toggles[which].setChecked(True)

    def allow(self, these: Iterable[ChoiceT]) -> None:
        """Let only ``these`` be chosen."""
        allowed = set(these)
        for each, toggle in self.toggles.items():
            toggle.setEnabled(each in allowed)

    def set_words(self, words: Words, about: str) -> None:
        """Speak another language; ``about`` says what is chosen."""
        self.setAccessibleName(about)
        for each, toggle in self.toggles.items():
            toggle.setText(words(self._names[each]))
            toggle.setAccessibleName(f"{about}: {words(self._names[each])}")


class SaidField(QPlainTextEdit):
    """What was said, in some lines. Enter is done, with Shift a new line; a bank card's number does not stay in it."""

    entered = Signal()
    bank_card = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Build it, empty."""
        super().__init__(parent)
        self.typed_with = Keys.WORDS
        self.setTabChangesFocus(True)
        self.setFixedHeight(tokens.px(_LINES))
        self.textChanged.connect(self._guard)
        self._align()

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow a change of direction: left to itself Qt puts a text where its own letters begin, from the left."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Be done at Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Have keys for fingers where one touched the field."""
        super().mouseReleaseEvent(event)
        released(self, event)

    def _align(self) -> None:
        option = self.document().defaultTextOption()
        option.setTextDirection(self.layoutDirection())
        option.setAlignment(Qt.AlignmentFlag.AlignAbsolute | (
            Qt.AlignmentFlag.AlignRight if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else Qt.AlignmentFlag.AlignLeft))
        self.document().setDefaultTextOption(option)

    def _guard(self) -> None:
        if is_bank_card(self.toPlainText(), Lane.TEXT):
            self.setPlainText("")  # with its undo history
            self.bank_card.emit()


class AskDialog(QDialog):
    """``taken`` tells that it is durable."""

    taken = Signal()

    def __init__(self, page: AskPresenter, tell: Callable[[StationError], None], parent: QWidget) -> None:
        """Build the dialog, closed; ``tell`` shows what could not be written."""
        super().__init__(parent)
        self._page, self._tell = page, tell
        self._words = Words("en")
        self.setObjectName("askDialog")
        self.setModal(True)
        self.setFixedWidth(tokens.px(_WIDTH))
        self.whose, self.problem = QLabel(self), QLabel(self)
        self.about, self.wish = QLabel(self), QLabel(self)
        for label, name in ((self.whose, "caption"), (self.problem, "problem"), (self.about, "caption"), (self.wish, "caption")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.kind, self.subject = Choice(KINDS, _COLUMNS, self), Choice(SUBJECTS, _COLUMNS, self)
        self.answer = Choice(ANSWERS, len(ANSWERS), self)
        self.said = SaidField(self)
        self.confirm, self.back = button("primary", self), button("plain", self)
        self._arrange()
        self.said.entered.connect(self._take_down)
        on_click(self.confirm, self._take_down)
        on_click(self.back, self.reject)
        self.finished.connect(lambda _result: self.said.setPlainText(""))

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self._words = words
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setWindowTitle(words("The member says"))
        self.about.setText(words("About"))
        self.wish.setText(words("Answer"))
        self.kind.set_words(words, words("Kind"))
        self.subject.set_words(words, words("About"))
        self.answer.set_words(words, words("Answer"))
        self.said.setAccessibleName(words("In the member's words"))
        self.said.setPlaceholderText(words("In the member's words"))
        self.confirm.setText(keyed(words("Take down"), "Enter"))
        self.back.setText(keyed(words("Back"), "Esc"))
        self.whose.setText(self._page.whose(words))

    def start(self) -> None:
        """Open, empty, for who is in the basket now."""
        self.kind.choose(AskKind.QUESTION)
        self.subject.choose(Subject.GOODS)
        self.answer.choose(AnswerBy.NONE)
        self._allow()
        self.said.setPlainText("")
        self._say("")
        self.said.setFocus()
        self.open()

    def follow(self) -> None:
        """Go on for who is in the basket now; what was chosen and written stays."""
        if not self._page.has_member:
            self.answer.choose(AnswerBy.NONE)
        self._allow()

    def keeps(self) -> bool:
        """Return whether anything was written."""
        return bool(self.said.toPlainText().strip())

    def refuse(self, said: str) -> None:
        """Say why goods were not taken."""
        self._say(said)

    def _allow(self) -> None:
        """Name who is in the basket; only somebody can be answered."""
        self.answer.allow(AnswerBy if self._page.has_member else (AnswerBy.NONE,))
        self.whose.setText(self._page.whose(self._words))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(tokens.S)
        row.addWidget(self.confirm, 1)
        row.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        column.setSpacing(tokens.S)
        for widget in (self.whose, self.kind, self.about, self.subject, self.said, self.wish, self.answer, self.problem):
            column.addWidget(widget)
        column.addLayout(row)

    def _take_down(self) -> None:
        form = AskForm(self.kind.chosen, self.subject.chosen, self.said.toPlainText(), self.answer.chosen)
        try:
            problem = self._page.take_down(form, self._words)
        except StationError as fault:
            self._say(self._words.error(fault))
            self._tell(fault)
            return
        self._say(problem)
        if not problem:
            self.accept()
            self.taken.emit()

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.adjustSize()
