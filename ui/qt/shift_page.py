"""The page of a shift: its float or its count is typed, a difference is explained, and the report is shown."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.errors import StationError
from station.shift import CountReason
from ui.format import Format
from ui.presenters.shift_desk import ShiftDesk
from ui.qt import tokens
from ui.qt.cash_count import CashCount
from ui.qt.labels import NumberLabel, Side, button, keyed, on_click, set_tone
from ui.qt.number_pad import NumberPad
from ui.qt.report_paper import ReportPaper
from ui.text import Words
from ui.views_shift import Counted, CountView, ReasonView, ReportScreen

SIDE_WIDTH = 300
REASON_WIDTH = 560


class ShiftPage(QWidget):
    """Implements ``ShiftScreen``; ``leave`` goes back to the counter. What cannot be done is said on the page."""

    def __init__(self, parent: QWidget, leave: Callable[[], None]) -> None:
        """Build the page, empty."""
        super().__init__(parent)
        self.setObjectName("page")
        self._leave = leave
        self._desk: ShiftDesk | None = None
        self._words, self._style = Words("en"), Format("en")
        self.faces = QStackedWidget(self)
        self.counting = CountFace(self, self.act)
        self.reasons = ReasonFace(self, self.act)
        self.report = ReportFace(self, self.act)
        for face in (self.counting, self.reasons, self.report):
            self.faces.addWidget(face)
        for back in (self.counting.later, self.reasons.later):
            on_click(back, self._go_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.faces)

    def connect_to(self, desk: ShiftDesk) -> None:
        """Send what is done here to ``desk``."""
        self._desk = desk

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language; the rest comes with the next view."""
        self._words, self._style = words, style
        self.setAccessibleName(words("Shift"))
        for face in (self.counting, self.reasons, self.report):
            face.set_words(words)

    def show_count(self, view: CountView) -> None:
        """Show the cash being counted."""
        was = self.faces.currentWidget() is self.counting and self.counting.purpose is view.purpose
        self.counting.show_count(view, self._words, self._style)
        self.faces.setCurrentWidget(self.counting)
        if not was:
            self.counting.begin()

    def show_reasons(self, view: ReasonView) -> None:
        """Ask why the count is not what is expected."""
        self.reasons.show_reasons(view)
        self.faces.setCurrentWidget(self.reasons)
        self.reasons.begin()

    def show_report(self, view: ReportScreen) -> None:
        """Show a report."""
        self.report.show_report(view, self._words)
        self.faces.setCurrentWidget(self.report)
        self.report.paper.setFocus()

    def begin(self) -> None:
        """Let what is shown be typed into, or chosen from."""
        match self.faces.currentWidget():
            case CountFace() as face:
                face.begin()
            case ReasonFace() as face:
                face.begin()
            case _:
                self.report.paper.setFocus()

    def leave(self) -> None:
        """Go back to the counter."""
        self._leave()

    def back(self) -> bool:
        """Go one step back inside the page, or on from a closed shift; return whether there was one."""
        desk = self._desk
        if desk is None:
            return False
        if self.faces.currentWidget() is self.report and self.report.closed:
            self.act(lambda each: each.go_on())
            return True
        if desk.back():
            return True
        desk.away()
        return False

    def act(self, act: Callable[[ShiftDesk], object]) -> None:
        """Do ``act``; what it could not do is said here."""
        if self._desk is None:
            return
        try:
            act(self._desk)
        except StationError as fault:
            self.tell(fault)

    def tell(self, fault: StationError) -> None:
        """Say what could not be done, on what is shown now."""
        face = self.faces.currentWidget()
        if isinstance(face, CountFace | ReasonFace | ReportFace):
            face.problem.setText(self._words.error(fault))

    def _go_back(self) -> None:
        if not self.back():
            self._leave()


Act = Callable[[Callable[[ShiftDesk], object]], None]


class CountFace(QWidget):
    """The denominations at one side, what they come to and a pad at the other."""

    def __init__(self, parent: QWidget, act: Act) -> None:
        """Build the face."""
        super().__init__(parent)
        self._act = act
        self.purpose = Counted.OPENING
        self._uncounted: tuple[tuple[CountReason, str], ...] = ()
        self.title, self.hint, self.problem, self.sum_label = (QLabel(self) for _ in range(4))
        for label, name in (
                (self.title, "heading"), (self.hint, "caption"), (self.problem, "problem"), (self.sum_label, "caption")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.cash = CashCount(self, self._hand_in, self)
        self.total = NumberLabel(Side.END, "total", self)
        self.pad = NumberPad(self)
        self.done, self.drawer, self.leave_it = button("primary", self), button("secondary", self), button("secondary", self)
        self.later = button("plain", self)
        for each in (self.done, self.drawer, self.leave_it):
            each.setAutoDefault(True)
        on_click(self.done, self._hand_in)
        on_click(self.drawer, lambda: act(lambda desk: desk.open_drawer()))
        on_click(self.leave_it, self._offer)
        self._arrange()

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.sum_label.setText(words("Counted"))
        self.total.setAccessibleDescription(words("Counted"))
        self.drawer.setText(words("Open the drawer"))
        self.leave_it.setText(words("Leave it uncounted"))
        self.later.setText(keyed(words("Later"), "Esc"))
        self.pad.set_words(words)

    def show_count(self, view: CountView, words: Words, style: Format) -> None:
        """Show ``view``."""
        self.purpose, self._uncounted = view.purpose, view.uncounted
        self.title.setText(view.title)
        self.hint.setText(view.hint)
        self.total.setText(view.total)
        self.problem.setText(view.problem)
        self.cash.show_count(view, words, style)
        self.pad.serve(*self.cash.order)
        opening = view.purpose is Counted.OPENING
        self.done.setText(words("Open the shift") if opening else words("Hand the count in"))
        self.drawer.setVisible(not opening)
        self.leave_it.setVisible(bool(view.uncounted))

    def begin(self) -> None:
        """Let the first field be typed into."""
        self.cash.go_to(self.cash.order[0])

    def count(self, denomination: int, text: str) -> None:
        """Hand a number of pieces on."""
        self._act(lambda desk: desk.count(denomination, text))

    def count_rest(self, text: str) -> None:
        """Hand a sum on."""
        self._act(lambda desk: desk.count_rest(text))

    def _hand_in(self) -> None:
        self._act(lambda desk: desk.hand_in())

    def _offer(self) -> None:
        offered = QMenu(self)
        for reason, text in self._uncounted:
            action = QAction(text, offered)
            action.triggered.connect(partial(self._leave_uncounted, reason))
            offered.addAction(action)
        offered.popup(self.leave_it.mapToGlobal(QPoint(0, -offered.sizeHint().height())))

    def _leave_uncounted(self, reason: CountReason) -> None:
        self._act(lambda desk: desk.leave_uncounted(reason))

    def _arrange(self) -> None:
        left, right = QFrame(self), QFrame(self)
        for card in (left, right):
            card.setObjectName("card")
        right.setFixedWidth(tokens.px(SIDE_WIDTH))
        column = QVBoxLayout(left)
        column.setContentsMargins(tokens.L, tokens.S, tokens.L, tokens.S)
        column.setSpacing(tokens.XS)
        head, said = QHBoxLayout(), QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.title)
        said.addWidget(self.hint)
        head.addLayout(said, 1)
        head.addWidget(self.later, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for widget in (self.cash, self.problem):
            column.addWidget(widget)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.S)
        foot.addWidget(self.drawer)
        foot.addWidget(self.leave_it)
        foot.addStretch(1)
        column.addLayout(foot)
        side = QVBoxLayout(right)
        side.setContentsMargins(tokens.M, tokens.S, tokens.M, tokens.M)
        side.setSpacing(tokens.S)
        for each in (self.sum_label, self.total, self.pad):
            side.addWidget(each)
        side.addStretch(1)
        side.addWidget(self.done)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.M)
        row.addWidget(left, 1)
        row.addWidget(right)


class ReasonFace(QWidget):
    """Reasons to choose from; none has the focus, so that one Enter too many explains nothing."""

    def __init__(self, parent: QWidget, act: Act) -> None:
        """Build the face."""
        super().__init__(parent)
        self._act = act
        self._made: list[QPushButton] = []
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(tokens.px(REASON_WIDTH))
        self.title, self.hint, self.problem = (QLabel(card) for _ in range(3))
        for label, name in ((self.title, "heading"), (self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.again, self.later = button("secondary", card), button("plain", card)
        self.again.setAutoDefault(True)
        on_click(self.again, lambda: act(lambda desk: desk.count_again()))
        self._list = QVBoxLayout()
        self._list.setSpacing(tokens.S)
        column = QVBoxLayout(card)
        column.setContentsMargins(tokens.XL, tokens.XL, tokens.XL, tokens.XL)
        column.setSpacing(tokens.M)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addLayout(self._list)
        for widget in (self.again, self.later, self.problem):
            column.addWidget(widget)
        self._card = card
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(card, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)

    @property
    def buttons(self) -> list[QPushButton]:
        """The reasons."""
        return self._made

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.again.setText(keyed(words("Count once more"), "Esc"))
        self.later.setText(keyed(words("Later"), "Esc"))

    def show_reasons(self, view: ReasonView) -> None:
        """Show ``view``."""
        self.title.setText(view.title)
        self.hint.setText(view.hint)
        self.problem.setText("")
        for old in self._made:
            old.deleteLater()
        self._made = []
        for reason, text in view.reasons:
            made = button("person", self._card)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setAutoDefault(True)
            made.setText(text)
            on_click(made, partial(self._choose, reason))
            self._list.addWidget(made)
            self._made.append(made)
        self.again.setVisible(view.again)
        self.later.setVisible(not view.again)

    def begin(self) -> None:
        """Wait for a choice."""
        (self.again if self.again.isVisibleTo(self) else self).setFocus()

    def _choose(self, reason: CountReason) -> None:
        self._act(lambda desk: desk.choose(reason))


class ReportFace(QWidget):
    """The report as it is on paper, and beside it what matters most of it."""

    def __init__(self, parent: QWidget, act: Act) -> None:
        """Build the face."""
        super().__init__(parent)
        self.closed = False
        left, right = QFrame(self), QFrame(self)
        for card in (left, right):
            card.setObjectName("card")
        right.setFixedWidth(tokens.px(SIDE_WIDTH))
        self.paper = ReportPaper(left)
        self.title, self.hint, self.problem = (QLabel(right) for _ in range(3))
        self.told = QLabel(right)
        for label, name in (
                (self.title, "heading"), (self.told, "told"), (self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.again, self.go_on = button("secondary", right), button("primary", right)
        for each in (self.again, self.go_on):
            each.setAutoDefault(True)
        on_click(self.again, lambda: act(lambda desk: desk.print_again()))
        on_click(self.go_on, lambda: act(lambda desk: desk.go_on()))
        paper = QVBoxLayout(left)
        paper.setContentsMargins(tokens.S, tokens.M, tokens.S, tokens.M)
        paper.addWidget(self.paper)
        side = QVBoxLayout(right)
        side.setContentsMargins(tokens.L, tokens.L, tokens.L, tokens.L)
        side.setSpacing(tokens.M)
        for widget in (self.title, self.told, self.hint, self.problem):
            side.addWidget(widget)
        side.addStretch(1)
        side.addWidget(self.again)
        side.addWidget(self.go_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.M)
        row.addWidget(left, 1)
        row.addWidget(right)

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.hint.setText(words("It is in the journal and on its way to the printer."))
        self.again.setText(words("Print once more"))

    def show_report(self, view: ReportScreen, words: Words) -> None:
        """Show ``view``."""
        self.closed = view.closed
        self.title.setText(view.title)
        self.told.setText(view.told)
        set_tone(self.told, view.tone)
        self.problem.setText("")
        self.paper.show_paper(view.paper)
        self.go_on.setText(words("Continue") if view.closed else keyed(words("Back"), "Esc"))
