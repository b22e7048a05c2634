"""The window of the first run: one step at a time, for keyboard, mouse and finger."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from station.errors import ErrorCode, StationError
from ui.look import Look
from ui.presenters.wizard import FirstRun
from ui.qt import style, tokens
from ui.qt.fact_card import FactCard
from ui.qt.guard import guarded
from ui.qt.labels import LEFT, Field, button, on_click, set_tone
from ui.qt.opening import ICON
from ui.qt.scaling import SMALLEST, wear
from ui.qt.tokens import Theme
from ui.qt.wizard_keys import DELETE, WizardKeys
from ui.text import Words
from ui.views_setup import Blank, Choices, SetupView

_WIDTH = 940
_TITLES = 130


class WizardWindow(QMainWindow):
    """Shows ``SetupView`` values; what people do goes to the presenter given to ``connect_to``. ``closed`` hears that it was closed."""

    def __init__(self, look: Look, closed: Callable[[], None]) -> None:
        """Build the window without a step."""
        wear(look, [])  # before the window: what is made takes its font from the application as it is then
        super().__init__()
        self._closed = closed
        self._run: FirstRun | None = None
        self._shape: object = None
        self._blanks: dict[str, Field] = {}
        self.ways: dict[str, QPushButton] = {}
        self.acts: dict[str, QPushButton] = {}
        self._last: Field | None = None
        self._words = Words(look.language)
        self.setWindowIcon(QIcon(str(ICON)))
        self.progress, self.title, self.text, self.news = (QLabel(self) for _ in range(4))
        for label, name in ((self.progress, "caption"), (self.title, "heading"), (self.text, "setupText"), (self.news, "fact")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label in (self.text, self.news))
        self.facts = FactCard(self)
        self.facts.title.hide()
        self.back, self.forward = button("plain", self), button("primary", self)
        self._arrange()
        self.dress(look)

    @property
    def blanks(self) -> dict[str, Field]:
        """The fields of the present step, by key."""
        return self._blanks

    def connect_to(self, run: FirstRun) -> None:
        """Send what people do here to ``run``."""
        self._run = run
        on_click(self.back, run.back)
        on_click(self.forward, run.forward)

    def dress(self, look: Look) -> None:
        """Put a look on, live."""
        wear(look, [self])
        self._words = Words(look.language)
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if self._words.rtl else Qt.LayoutDirection.LeftToRight)
        for label in (self.text, self.news):
            # From the right Qt lets a broken line begin with the blank it was broken at, and cuts the line's end off.
            label.setContentsMargins(tokens.S if self._words.rtl else 0, 0, 0, 0)
        theme = tokens.THEMES[look.theme]
        self.setStyleSheet(style.sheet(theme) + _own(theme))
        self.setWindowTitle(self._words("Setting up the station"))
        self.setMinimumSize(*(tokens.px(each) for each in SMALLEST))
        self._shape = None

    def show_setup(self, view: SetupView) -> None:
        """Show ``view``."""
        shape = (view.step, tuple(each.label for each in view.choices), tuple((each.key, each.label) for each in view.blanks),
                 tuple(each.key for each in view.acts))
        is_new = shape != self._shape
        if is_new:
            self._shape = shape
            self._build(view)
        self.progress.setText(view.progress)
        self.title.setText(view.title)
        self.text.setText(view.text)
        self.news.setText(view.news)
        set_tone(self.news, view.tone)
        self.facts.setVisible(bool(view.facts))
        self.facts.show_facts(view.facts)
        for choices in view.choices:
            for way in choices.ways:
                self.ways[way.key].setText(way.text)
                self.ways[way.key].setChecked(way.is_on)
                self.ways[way.key].setEnabled(way.ready)
        for blank in view.blanks:
            if self._blanks[blank.key].text() != blank.text:
                self._blanks[blank.key].setText(blank.text)
        for act in view.acts:
            self.acts[act.key].setText(act.text)
            self.acts[act.key].setEnabled(act.ready and not view.busy)
        self.back.setText(view.back)
        self.back.setVisible(bool(view.back))
        self.forward.setText(view.forward)
        self.forward.setEnabled(view.can_go)
        if is_new or self.focusWidget() is None or not self.focusWidget().isEnabled():
            self._focus(view)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Go back with Escape; Enter presses what has the focus."""
        held = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and self._run:
            self._run.back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(held, QPushButton):
            held.click()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Say that it was closed."""
        event.accept()
        self._closed()

    def _focus(self, view: SetupView) -> None:
        chosen = [way.key for choices in view.choices for way in choices.ways if way.is_on]
        if view.blanks and not view.choices:
            self._blanks[view.blanks[0].key].setFocus()
        elif chosen:
            self.ways[chosen[0]].setFocus()
        else:
            ready = [self.acts[act.key] for act in view.acts if act.ready and not view.busy]
            (ready[0] if ready else self.forward).setFocus()

    def _build(self, view: SetupView) -> None:
        """Make the widgets of a step anew."""
        held = self._body.takeWidget()
        if held:
            held.deleteLater()
        self._blanks, self.ways, self.acts, self._last = {}, {}, {}, None
        body = QWidget(self)
        body.setObjectName("clear")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.S)
        for choices in view.choices:
            column.addLayout(self._choices(choices, body))
        row = QHBoxLayout()
        row.setSpacing(tokens.M)
        for blank in view.blanks:
            row.addLayout(self._blank(blank, body), 1)
        for act in view.acts:
            made = self.acts[act.key] = button("secondary", body)
            on_click(made, partial(self._act, act.key))
            row.addWidget(made, alignment=Qt.AlignmentFlag.AlignBottom)
        if not view.blanks:
            row.addStretch(1)
        column.addLayout(row)
        if view.blanks:
            keys = WizardKeys(self._type, body)
            keys.set_words(self._words)
            column.addWidget(keys)
        column.addStretch(1)
        self._body.setWidget(body)

    def _choices(self, choices: Choices, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.S)
        label = QLabel(choices.label, parent)
        label.setObjectName("caption")
        label.setFixedWidth(tokens.px(_TITLES))
        row.addWidget(label)
        for way in choices.ways:
            made = self.ways[way.key] = button("choice", parent)
            made.setCheckable(True)
            made.setText(way.text)
            on_click(made, partial(self._choose, way.key))
            row.addWidget(made, 1)
        return row

    def _blank(self, blank: Blank, parent: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(tokens.XS)
        label = QLabel(blank.label, parent)
        label.setObjectName("caption")
        field = self._blanks[blank.key] = Field(parent)
        # Addresses and codes read from the left in every language.
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        field.setAlignment(LEFT)
        field.setPlaceholderText(blank.example)
        field.setAccessibleName(blank.label)
        field.textChanged.connect(partial(self._typed, blank.key))
        field.returnPressed.connect(self._enter)
        field.bank_card.connect(self._bank_card)
        label.setBuddy(field)
        column.addWidget(label)
        column.addWidget(field)
        return column

    def _enter(self) -> None:
        """Go to the next field, and do what the step is about after the last one."""
        fields = list(self._blanks.values())
        place = next((place for place, each in enumerate(fields) if each.hasFocus()), len(fields) - 1)
        if place + 1 < len(fields):
            fields[place + 1].setFocus()
        elif self.acts:
            next(iter(self.acts.values())).click()

    def _type(self, face: str) -> None:
        held = self.focusWidget()
        field = held if isinstance(held, Field) else self._last or next(iter(self._blanks.values()))
        field.setFocus()
        self._last = field
        if face == DELETE:
            field.backspace()
        else:
            field.insert(face)

    def _typed(self, key: str, text: str) -> None:
        if self._run:
            self._run.typed(key, text)

    def _bank_card(self) -> None:
        if self._run:
            self._run.tell(StationError(ErrorCode.CARD_IS_BANK_CARD))

    def _choose(self, key: str) -> None:
        if self._run:
            self._run.choose(key)

    def _act(self, key: str) -> None:
        if self._run:
            self._run.act(key)

    def _arrange(self) -> None:
        ground = QWidget(self)
        ground.setObjectName("page")
        self._body = QScrollArea(ground)
        self._body.setWidgetResizable(True)
        self._body.setFrameShape(QFrame.Shape.NoFrame)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout()
        column.setSpacing(tokens.S)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.progress)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.facts)
        column.addWidget(self._body, 1)
        column.addWidget(self.news)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.forward)
        column.addLayout(foot)
        holder = QFrame(ground)
        holder.setMaximumWidth(tokens.px(_WIDTH))
        holder.setLayout(column)
        row = QHBoxLayout(ground)
        row.setContentsMargins(tokens.L, tokens.M, tokens.L, tokens.M)
        row.addStretch(1)
        row.addWidget(holder, 100)
        row.addStretch(1)
        self.setCentralWidget(ground)


def _own(theme: Theme) -> str:
    tones = (("ok", theme.ok), ("warn", theme.warn), ("error", theme.error), ("neutral", theme.text))
    told = "\n".join(f'#fact[tone="{name}"] {{ color: {colour}; }}' for name, colour in tones)
    return f"""
#setupText {{ color: {theme.text}; }}
#factName {{ color: {theme.muted}; }}
#fact {{ font-weight: {tokens.MEDIUM}; }}
{told}
"""
