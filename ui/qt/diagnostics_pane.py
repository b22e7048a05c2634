"""The diagnostics screen: devices with a test pad, head office, what is kept here, and this computer."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.diagnostics import Diagnostics
from ui.qt import style, tokens
from ui.qt.banner import Banner
from ui.qt.check_card import CheckCard
from ui.qt.fact_card import FactCard
from ui.qt.guard import guarded
from ui.qt.labels import button, keyed, keys_follow, on_click
from ui.qt.place_dialog import Ask, Wish, ask_for_place
from ui.qt.tokens import Theme
from ui.text import Words, mark
from ui.views import BannerView
from ui.views_diagnostics import AsideView, DiagnosticsView

REFRESH_MS = 5000
PAGES = (mark("Devices"), mark("Head office"), mark("Kept here"), mark("This computer"))
ENTRY, REASON = range(2)


class DiagnosticsPane(QWidget):
    """Shows ``DiagnosticsView`` values. While it is shown, and only then, cards go to its test pad.

    ``left`` is emitted by Back.
    """

    left = Signal()

    def __init__(
        self, words: Words, theme: Theme, parent: QWidget | None = None,
        choose: Ask = ask_for_place,
    ) -> None:
        """Build the empty screen; ``serve`` gives it its presenter. ``choose`` asks for the report's folder."""
        super().__init__(parent)
        self.setObjectName("diagnosticsPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._choose = choose
        self._presenter: Diagnostics | None = None
        self._words = words
        self._aside: tuple[AsideView, ...] = ()
        self.back_button = button("act", self)
        self.banner = Banner(self)
        self.toggles = [self._toggle() for _ in PAGES]
        self.stack = QStackedWidget(self)
        self.readers, self.pad, self.printer, self.queue, self.stocks, self.machine, self.report = (
            FactCard(self) for _ in range(7))
        self.check = CheckCard(self)
        self.print_test, self.send_now, self.retry, self.save = (button(name, self) for name in (
            "printTest", "sendNow", "retry", "saveReport"))
        self.aside_title, self.report_text = _plain(self), _plain(self)
        self.aside = _table(self)
        self._arrange()
        self._connect()
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._retrying = False
        self._offer_retry()
        self.toggles[0].setChecked(True)
        self.set_theme(theme)
        self.set_words(words)

    def serve(self, presenter: Diagnostics) -> None:
        """Send what is pressed to ``presenter``, and tell it when the screen is looked at; to be called once."""
        self._presenter = presenter
        self.retry.setVisible(presenter.can_retry)
        on_click(self.print_test, presenter.test_print)
        on_click(self.send_now, presenter.send_now)
        on_click(self.retry, lambda: self._retry(presenter))

    def set_words(self, words: Words) -> None:
        """Speak another language; the presenter's words follow when it shows itself again."""
        self._words = words
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(words("Diagnostics"))
        self.back_button.setText(keyed(words("Back"), "Esc"))
        for toggle, name in zip(self.toggles, PAGES, strict=True):
            toggle.setText(words(name))
        self.readers.title.setText(words("Readers"))
        self.printer.title.setText(words("Printer"))
        self.queue.title.setText(words("Exchange with head office"))
        self.stocks.title.setText(words("From head office"))
        self.machine.title.setText(words("This computer"))
        self.report.title.setText(words("Report for support"))
        self.report_text.setText(words(
            "A file with the log, versions, settings and the state of all devices. Numbers, names and keys are removed."))
        self.print_test.setText(words("Print a test page"))
        self.send_now.setText(words("Send now"))
        self.retry.setText(words("Try again"))
        self.save.setText(words("Write the report"))
        self.aside_title.setText(words("Put aside by head office"))
        self.aside.setHorizontalHeaderLabels([words("Entry"), words("Reason")])
        self.aside.setAccessibleName(words("Put aside by head office"))
        self.check.set_words(words)
        self.banner.set_words(words)

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self.setStyleSheet(style.sheet(theme) + _sheet(theme))

    def start(self) -> None:
        """Let the keys go where the pages are chosen."""
        self.toggles[self.stack.currentIndex()].setFocus()

    def show_diagnostics(self, view: DiagnosticsView) -> None:
        """Show ``view``."""
        self.readers.show_facts(view.readers)
        self.pad.title.setText(view.pad.title)
        self.pad.title.setAccessibleName(view.pad.title)
        self.pad.show_facts(view.pad.facts)
        self.pad.setProperty("tone", view.pad.tone.value)
        self.pad.style().polish(self.pad)
        self.printer.show_facts(view.printer)
        self.queue.show_facts(view.queue)
        self.stocks.show_facts(view.stocks)
        self.machine.show_facts(view.machine)
        self.check.show_check(view.check)
        self._show_aside(view.aside)
        self._retrying = view.retrying
        self._offer_retry()
        self.retry.setText(self._words("Being tried again") if view.retrying else self._words("Try again"))
        self._see()
        self.banner.show_banner(BannerView(view.news_tone, view.news) if view.news else None)

    @guarded(None)
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Begin: the test pad takes cards from now on."""
        super().showEvent(event)
        if self._presenter:
            self._presenter.open()
        self._timer.start()

    @guarded(None)
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """End: cards are the counter's again, and what was read is gone."""
        super().hideEvent(event)
        self._timer.stop()
        if self._presenter:
            self._presenter.close()
        self.pad.show_facts(())

    def _refresh(self) -> None:
        if self._presenter:
            self._presenter.refresh()

    def _turn_to(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self._see()

    def _see(self) -> None:
        """Tell that what was put aside is on the screen, so somebody has looked at it."""
        if self._presenter and self.aside.isVisible():
            self._presenter.saw_aside()

    def _show_aside(self, aside: tuple[AsideView, ...]) -> None:
        if aside == self._aside:
            return
        kept = self._chosen()
        self._aside = aside
        self.aside.setRowCount(len(aside))
        for row, each in enumerate(aside):
            self.aside.setItem(row, ENTRY, QTableWidgetItem(each.entry))
            self.aside.setItem(row, REASON, QTableWidgetItem(each.reason))
        same = (row for row, each in enumerate(aside) if kept and (each.incarnation, each.seq) == (kept.incarnation, kept.seq))
        self.aside.setCurrentCell(next(same, 0), ENTRY)
        self._offer_retry()

    def _connect(self) -> None:
        on_click(self.back_button, self.left.emit)
        self.aside.itemSelectionChanged.connect(self._offer_retry)
        on_click(self.save, self._save)
        self.check.asked.connect(self._check)

    def _chosen(self) -> AsideView | None:
        """Return the entry that is chosen; None without one, and for the line that says why none can be read."""
        row = self.aside.currentRow()
        each = self._aside[row] if 0 <= row < len(self._aside) else None
        return each if each and each.seq else None

    def _offer_retry(self) -> None:
        self.retry.setEnabled(self._chosen() is not None and not self._retrying)

    def _retry(self, presenter: Diagnostics) -> None:
        """Have the chosen entry tried again: without one the button cannot be pressed."""
        chosen = self._aside[self.aside.currentRow()]
        presenter.retry(chosen.incarnation, chosen.seq)

    def _check(self, begins: bool) -> None:  # noqa: FBT001 - a slot
        if self._presenter:
            (self._presenter.start_check if begins else self._presenter.cancel_check)()

    def _save(self) -> None:
        if self._presenter:
            self._choose(self, Wish(self._words("Folder for the report"), self._words), self._presenter.save_report)

    def _toggle(self) -> QPushButton:
        toggle = button("toggle", self)
        toggle.setCheckable(True)
        toggle.setMinimumHeight(tokens.BUTTON)
        return toggle

    def _arrange(self) -> None:
        group, row = QButtonGroup(self), QHBoxLayout()
        row.setSpacing(tokens.S)
        row.addWidget(self.back_button)
        for place, toggle in enumerate(self.toggles):
            group.addButton(toggle, place)
            row.addWidget(toggle)
        row.addStretch(1)
        keys_follow(group)
        group.idToggled.connect(lambda place, on: self._turn_to(place) if on else None)
        self.printer.column.addWidget(self.print_test)
        self.queue.column.addWidget(self.send_now)
        self.report.column.addWidget(self.report_text)
        self.report.column.addWidget(self.save)
        self.stack.addWidget(_page((self.readers, self.printer), (self.pad,)))
        self.stack.addWidget(_page((self.queue,), (self._aside_card(),)))
        self.stack.addWidget(_page((self.stocks,), (self.check,)))
        self.stack.addWidget(_page((self.machine,), (self.report,)))
        for card in (self.readers, self.printer, self.queue, self.stocks, self.machine, self.report, self.pad):
            card.column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.M, tokens.M, tokens.M, tokens.M)
        page.setSpacing(tokens.M)
        page.addLayout(row)
        page.addWidget(self.banner)
        page.addWidget(self.stack, 1)

    def _aside_card(self) -> FactCard:
        card = FactCard(self)
        card.title.hide()
        self.aside_title.setObjectName("heading")
        for widget in (self.aside_title, self.aside, self.retry):
            card.column.addWidget(widget)
        self.setTabOrder(self.aside, self.retry)
        return card


def _page(*columns: tuple[QWidget, ...]) -> QScrollArea:
    """Return a page of two columns of cards that scrolls where the screen is too low for it."""
    area, ground = QScrollArea(), QWidget()
    ground.setObjectName("clear")
    row = QHBoxLayout(ground)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(tokens.M)
    for cards in columns:
        column = QVBoxLayout()
        column.setSpacing(tokens.M)
        for card in cards:
            column.addWidget(card, 1)
        row.addLayout(column, 1)
    area.setWidget(ground)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _plain(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, 2, parent)
    table.setObjectName("aside")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(True)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(tokens.ROW_COMPACT)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(ENTRY, QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setHighlightSections(False)
    table.setMinimumHeight(3 * tokens.ROW)
    return table


def _sheet(theme: Theme) -> str:
    tones = (("ok", theme.ok), ("warn", theme.warn), ("error", theme.error), ("neutral", theme.text))
    told = "\n".join(f'#fact[tone="{name}"] {{ color: {colour}; }}' for name, colour in tones)
    edges = "\n".join(f'#card[tone="{name}"] {{ border: 2px solid {colour}; }}' for name, colour in tones[:3])
    return f"""
#diagnosticsPane {{ background: {theme.bg}; }}
#factName {{ color: {theme.muted}; }}
#fact {{ font-weight: {tokens.MEDIUM}; }}
{told}
{edges}
QPushButton#act {{ border: 1px solid {theme.border}; }}
QPushButton#act:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; }}
QPushButton#toggle {{ border: 1px solid {theme.border}; padding: 0 {tokens.L}px; }}
QPushButton#toggle:checked {{ background: {theme.selection}; border-color: {theme.primary}; }}
QPushButton#toggle:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; padding: 0 {tokens.L + 1 - tokens.FOCUS_RING}px; }}
#aside {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.line};
    border-radius: {tokens.CONTROL_RADIUS}px; selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
#aside::item {{ border-bottom: 1px solid {theme.line}; padding: {tokens.S}px; }}
#aside QHeaderView::section {{ background: {theme.surface_2}; color: {theme.muted}; border: none;
    padding: {tokens.S}px; font-size: {tokens.CAPTION}px; font-weight: {tokens.SEMIBOLD}; }}
"""
