"""The page for goods that come back: find the sale, choose what comes back, and what was given back."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from station.span import Span
from ui.format import Format
from ui.presenters.return_choice import Choice
from ui.presenters.returning import ReturnDesk
from ui.qt import tokens
from ui.qt.digit_pad import DigitPad
from ui.qt.guard import guarded
from ui.qt.jalali_picker import RangePicker
from ui.qt.labels import ElidedLabel, Field, button, keyed, on_click
from ui.qt.return_done import DonePane
from ui.qt.return_find import FindPane
from ui.qt.return_goods import GoodsPane, GoodsTable
from ui.qt.tokens import Theme
from ui.text import Words
from ui.views_return import DoneView, FindView, GoodsView, ReturnView

_ACTS: dict[str, Callable[[Choice], None]] = {
    "+": lambda choice: choice.step(1), "-": lambda choice: choice.step(-1), "line": Choice.whole_line,
    "*": Choice.everything, "x": lambda choice: choice.step(-10_000)}


class ReturnPage(QWidget):
    """Shows ``ReturnView`` values; what people do goes to the desk given to ``connect_to``. ``leave`` goes back to the counter."""

    def __init__(self, leave: Callable[[], None], parent: QWidget) -> None:
        """Build the page, empty."""
        super().__init__(parent)
        self._leave = leave
        self._desk: ReturnDesk | None = None
        self._words: Words | None = None
        self._last: QWidget | None = None
        self._today = ""
        self.setObjectName("page")
        self.heading, self.caption = ElidedLabel("heading", self), ElidedLabel("caption", self)
        self.unknown_button, self.pad_button, self.back_button = (button("plain", self) for _ in range(3))
        self.finding, self.goods, self.done = FindPane(self), GoodsPane(self), DonePane(self)
        self.stack = QStackedWidget(self)
        for pane in (self.finding, self.goods, self.done):
            self.stack.addWidget(pane)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.pad = DigitPad(self._typed, self)
        self.picker: RangePicker | None = None
        self._arrange()
        on_click(self.pad_button, lambda: self.pad.open_over(self.pad_button))
        on_click(self.back_button, self._go_back)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focused)

    def connect_to(self, desk: ReturnDesk) -> None:
        """Send what people do here to ``desk``."""
        self._desk = desk
        finding, goods = self.finding, self.goods
        finding.receipt.connect(desk.open_receipt)
        finding.wanted.connect(desk.look_for)
        finding.table.opened.connect(desk.open)
        finding.days.connect(self._ask_days)
        goods.chosen.connect(lambda line: desk.choose(lambda choice: choice.select(line)))
        goods.pressed.connect(self._press)
        goods.traced.connect(desk.set_trace)
        goods.reasoned.connect(desk.set_reason)
        goods.papered.connect(desk.set_receipt)
        goods.coded.connect(desk.scanned)
        goods.finished.connect(desk.finish)
        self.done.again.connect(desk.print_again)
        self.done.left.connect(self._leave)
        on_click(self.unknown_button, desk.without_sale)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, in another theme."""
        self._words = words
        self.setStyleSheet(
            f"QPushButton#choice {{ text-align: center; }} QPushButton#choice:checked {{ background: {theme.selection};"
            f" border: 2px solid {theme.primary}; }}")
        self.unknown_button.setText(words("Without the receipt"))
        self.pad_button.setText(Format(words.language).digits("123"))
        self.pad_button.setAccessibleName(words("Digits"))
        self.back_button.setText(keyed(words("Back"), "Esc"))
        self.finding.set_words(words, style.unit_name)
        self.goods.set_words(words)
        self.done.set_words(words)
        self.pad.set_words(words)
        self.setAccessibleName(words("Returns"))
        if self.picker:
            self.picker.deleteLater()
        self.picker = RangePicker(words, style, theme, self)
        self.picker.picked.connect(self._choose_days)

    def start(self, today: str) -> None:
        """Begin to look for a sale; ``today`` is the business date now."""
        self._today = today
        self.finding.start()

    def show_return(self, view: ReturnView) -> None:
        """Show ``view``."""
        words = self._words
        if words is None:
            return
        pane_before = self.stack.currentWidget()
        self.unknown_button.setVisible(isinstance(view, FindView))
        self.pad_button.setVisible(not isinstance(view, DoneView))
        if isinstance(view, FindView):
            self._say(words("Return: find the sale"), "", view.problem)
            self.finding.show_find(view, words)
            self.stack.setCurrentWidget(self.finding)
        elif isinstance(view, GoodsView):
            self._say(view.heading, view.caption, view.problem)
            self.goods.show_goods(view, words)
            self.stack.setCurrentWidget(self.goods)
        else:
            self._say(words("Return"), "", "")
            self.done.show_done(view)
            self.stack.setCurrentWidget(self.done)
        if self.stack.currentWidget() is not pane_before:
            self._focus(view)

    def back(self) -> bool:
        """Go one step back inside the page; return whether there was one."""
        return self._desk is not None and self._desk.back()

    @guarded(None)
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the keys go where the next step is."""
        super().showEvent(event)
        self._focus(None)

    def _focus(self, view: ReturnView | None) -> None:
        if self.stack.currentWidget() is self.finding:
            self.finding.number.setFocus()
        elif self.stack.currentWidget() is self.done:
            self.done.done_button.setFocus()
        elif isinstance(view, GoodsView) and view.receipt_asked:
            self.goods.code.setFocus()
        else:
            self.goods.table.setFocus()

    def _say(self, heading: str, caption: str, problem: str) -> None:
        self.heading.say(heading)
        self.caption.say(caption)
        self.caption.setVisible(bool(caption))
        if problem and problem != self.problem.text():
            QApplication.beep()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _go_back(self) -> None:
        if not self.back():
            self._leave()

    def _press(self, key: str) -> None:
        act = _ACTS.get(key) or partial(_type, key)
        if self._desk:
            self._desk.choose(act)

    def _focused(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Remember what the pad types into."""
        if isinstance(now, Field | GoodsTable) and self.isAncestorOf(now):
            self._last = now

    def _typed(self, face: str) -> None:
        """Type a digit of the pad into what was typed into last."""
        target = self._last if self._last and self._last.isVisible() else None
        if self.stack.currentWidget() is self.finding and not isinstance(target, Field):
            target = self.finding.number
        if isinstance(target, Field):
            target.backspace() if face == "⌫" else target.insert(face)
        else:
            self._press(face)

    def _ask_days(self) -> None:
        if self.picker and self._desk:
            self.picker.start(self._desk.span, self._today or self._desk.span.last)

    def _choose_days(self, span: Span) -> None:
        if self._desk:
            self._desk.choose_span(span)

    def _arrange(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.heading)
        texts.addWidget(self.caption)
        top = QHBoxLayout()
        top.setSpacing(tokens.S)
        top.addLayout(texts, 1)
        for made in (self.unknown_button, self.pad_button, self.back_button):
            top.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.S)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(self.stack, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def _type(key: str, choice: Choice) -> None:
    choice.type(key)
