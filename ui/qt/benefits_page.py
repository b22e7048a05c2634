"""The page of a member's own report: five figures, a table for each part, days to choose, a strip to print."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.span import Span
from ui.format import Format
from ui.presenters.benefits import BenefitsPresenter
from ui.presenters.benefits_words import describe_benefits
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.jalali_picker import RangePicker
from ui.qt.labels import ElidedLabel, button, keyed, on_click
from ui.qt.period_style import CARD_HEIGHT, period_sheet
from ui.qt.sheet_table import SheetTable
from ui.qt.today import FigureCard
from ui.qt.tokens import Theme
from ui.text import Words, mark
from ui.views_benefits import BenefitPart, BenefitsView

_NAMES = {
    BenefitPart.PURCHASES: mark("Purchases"), BenefitPart.DISCOUNTS: mark("Discounts"), BenefitPart.POINTS: mark("Points"),
    BenefitPart.EXPIRING: mark("Points that end"), BenefitPart.MATTERS: mark("Questions and answers"),
}
_CARDS = 5


class BenefitsPane(QWidget):
    """Implements ``BenefitsPage``. ``left`` asks to go back to the counter, ``printed`` for the strip of what is shown.

    Head office is asked once the station's own figures are on the screen.
    """

    left = Signal()
    printed = Signal()

    def __init__(self, words: Words, fmt: Format, theme: Theme, parent: QWidget | None = None) -> None:
        """Build the page, empty; ``connect_to`` gives it its presenter."""
        super().__init__(parent)
        self._words, self._fmt = words, fmt
        self._desk: BenefitsPresenter | None = None
        self._view: BenefitsView | None = None
        self.setObjectName("periodPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading, self.source = ElidedLabel("heading", self), ElidedLabel("caption", self)
        self.said = QLabel(self)
        self.said.setObjectName("said")
        self.said.setWordWrap(True)
        self.back_button, self.range_button, self.print_button = (button("act", self) for _ in range(3))
        self.here, self.everywhere = self._toggle(), self._toggle()
        self.parts: dict[BenefitPart, QPushButton] = {each: self._toggle() for each in BenefitPart}
        self.cards = [FigureCard(self) for _ in range(_CARDS)]
        self.table = SheetTable(self)
        self.picker = RangePicker(words, fmt, theme, self)
        self._arrange()
        self.parts[BenefitPart.PURCHASES].setChecked(True)
        self.here.setChecked(True)
        self._connect()
        self.set_theme(theme)
        self.set_words(words, fmt)

    def connect_to(self, desk: BenefitsPresenter) -> None:
        """Let ``desk`` do what is asked for."""
        self._desk = desk

    def start(self, part: BenefitPart = BenefitPart.PURCHASES) -> None:
        """Show ``part`` of the member of the basket in hand, then ask head office. Raises ``StationError`` MEMBER_NOT_SHOWN or 4xx."""
        if self._desk:
            self.parts[part].setChecked(True)
            self._desk.start(self._fmt)
            self.table.setFocus()
            QTimer.singleShot(0, self, self._ask_office)

    def show_benefits(self, view: BenefitsView) -> None:
        """Show ``view``."""
        self._view = view
        self._refresh()

    def tell(self, text: str) -> None:
        """Say that something went well."""
        self._say(text, fault=False)

    def back(self) -> bool:
        """Forget who it was about: the page has no step of its own to go back by."""
        self._forget()
        return False

    def set_words(self, words: Words, fmt: Format) -> None:
        """Speak another language or write in another unit."""
        self._words, self._fmt = words, fmt
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(words("The member's own report"))
        self.back_button.setText(keyed(words("Back"), "Esc"))
        self.range_button.setText(words("Choose the days"))
        self.print_button.setText(words("Print"))
        self.here.setText(words("This station"))
        self.everywhere.setText(words("All shops"))
        for each, toggle in self.parts.items():
            toggle.setText(words(_NAMES[each]))
        self.picker.set_words(words, fmt)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self.setStyleSheet(period_sheet(theme))
        self.picker.set_theme(theme)
        self._refresh()

    @property
    def part(self) -> BenefitPart:
        """The part that is looked at."""
        return next(each for each, toggle in self.parts.items() if toggle.isChecked())

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc leaves the page."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> QPushButton:
        made = button("toggle", self)
        made.setCheckable(True)
        return made

    def _arrange(self) -> None:
        top, figures, bar = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for layout in (top, figures, bar):
            layout.setSpacing(tokens.S)
        top.addWidget(self.back_button)
        top.addWidget(self.heading, 1)
        for widget in (self.range_button, self.print_button):
            top.addWidget(widget)
        for card in self.cards:
            card.setFixedHeight(tokens.px(CARD_HEIGHT))
            figures.addWidget(card, 1)
        for toggles in (self.parts.values(), (self.here, self.everywhere)):
            group = QButtonGroup(self)
            for toggle in toggles:
                group.addButton(toggle)
                bar.addWidget(toggle)
            if toggle in self.parts.values():
                bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.M, tokens.M, tokens.M, tokens.M)
        column.setSpacing(tokens.S)
        column.addLayout(top)
        column.addLayout(figures)
        column.addLayout(bar)
        column.addWidget(self.source)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)

    def _connect(self) -> None:
        on_click(self.back_button, self._leave)
        on_click(self.range_button, self._ask_span)
        on_click(self.print_button, self.printed.emit)
        on_click(self.here, self._ask_here)
        on_click(self.everywhere, self._ask_office)
        self.picker.picked.connect(self._choose)
        for toggle in self.parts.values():
            toggle.toggled.connect(self._refresh)

    def _leave(self) -> None:
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        """Leave nothing of the member on a page that may be shown again."""
        self._view = None
        self.heading.say("")
        self.source.say("")
        if self._desk:
            self._desk.leave()

    def _ask_span(self) -> None:
        if self._view:
            self.picker.start(self._view.told.span, self._view.now.date)

    def _choose(self, span: Span) -> None:
        if self._desk:
            self._desk.choose(span)

    def _ask_office(self) -> None:
        if self._desk and self._view:
            self._desk.ask_office()
            self._refresh()

    def _ask_here(self) -> None:
        if self._desk:
            self._desk.ask_here()

    def _refresh(self) -> None:
        """Show what is known once more, in the language of now."""
        view = self._view
        if view is None:
            return
        screen, rtl = describe_benefits(view, self._words, self._fmt), self._words.rtl
        self.heading.say(screen.heading)
        self.source.say(screen.source)
        for card, figure in zip(self.cards, screen.cards, strict=True):
            card.show_card(figure, rtl=rtl)
        self.table.show_part(screen.parts[self.part])
        (self.everywhere if view.told.as_of_us is not None else self.here).setChecked(True)
        self.everywhere.setEnabled(view.can_ask)
        self._say(screen.said, fault=True)
        if self._desk and self.part is BenefitPart.MATTERS and self.isVisible():
            self._desk.matters_seen()

    def _say(self, text: str, *, fault: bool) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("fault", fault)
        self.said.style().polish(self.said)
