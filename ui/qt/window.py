"""The counter's window: top bar, checkout and manager's page, key bar; language and theme live."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from drivers.pump import ReaderState
from station.approval import Operation, OperationKind
from station.card import Tap
from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.sign_in import reaches
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.presenters.phone_link import PhoneLink
from ui.presenters.status import Board, Status
from ui.qt import style, tokens
from ui.qt.back_office import BackOffice
from ui.qt.checkout import CheckoutPage
from ui.qt.find_dialog import FindDialog
from ui.qt.guard import guarded
from ui.qt.help_dialog import HelpDialog
from ui.qt.labels import Field, button, keyed, on_click
from ui.qt.member_desk import MemberDesk
from ui.qt.menu import MenuActs, menu
from ui.qt.pay_dialog import PayDialog
from ui.qt.phone_dialog import PhoneDialog
from ui.qt.services import Look, Services
from ui.qt.simulator import Simulator, SimulatorStrip
from ui.qt.staff_gate import StaffGate
from ui.qt.tokens import Theme
from ui.qt.topbar import TopBar
from ui.text import Words, mark
from ui.views import CheckoutView, StatusView

if TYPE_CHECKING:
    from ui.qt.today import TodayPane

ICON = Path(__file__).parent / "assets" / "icon.svg"
TICK_MS = 1000
LOW_SCREEN = 700
SMALLEST = 1024, 600


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the window: its name, what it means, what it does; whether the bar shows it, and it works while locked."""

    name: str
    meaning: str
    act: Callable[[], None]
    on_bar: bool = True
    always: bool = False


class Window(QMainWindow):
    """Puts presenters and panes together. ``checkout`` and ``status`` are where news arrives.

    ``ticked`` is emitted every second.
    """

    ticked = Signal()

    def __init__(
        self, desk: Desk, board: Board, services: Services, look: Look, simulator: Simulator | None = None,
    ) -> None:
        """Build the window and show the state the desk is in; ``show`` is left to the caller."""
        super().__init__()
        self._services, self._look, self._desk = services, look, desk
        self._words, self._style = Words(look.language), Format(look.language, look.unit)
        self.setWindowIcon(QIcon(str(ICON)))
        self.setMinimumSize(*SMALLEST)
        self.checkout = Checkout(desk, self._words, self._style, self)
        self.status = Status(board, self._words, self._style, self)
        self.top = TopBar(self)
        self.page = CheckoutPage(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.page)
        self.back_office = BackOffice(services.rooms, self.pages, self, self.open_checkout)
        self.pay_dialog = PayDialog(self.checkout, self._words, self)
        self.find_dialog = FindDialog(self.checkout, self)
        self.member_desk = MemberDesk(services.members, desk, self.checkout, self) if services.members else None
        self.gate = StaffGate(services.staff, self._words, self._style, self, self._door) if services.staff else None
        self.phone_dialog = PhoneDialog(self) if services.phone_link else None
        if self.phone_dialog and services.phone_link:
            self.phone_dialog.connect_to(PhoneLink(services.phone_link, self._words, self.phone_dialog))
        if self.gate:
            self.pages.addWidget(self.gate.page)
        if self.gate and self.member_desk:
            self.member_desk.cards.ask_approval = self._approve_card
        self._simulator = SimulatorStrip(simulator, self) if simulator else None
        self._menu: QMenu | None = None
        self._has_member = False
        self._bar: dict[str, QPushButton] = {}
        self._arrange()
        self.page.connect_to(self.checkout)
        for field in self.findChildren(Field):
            field.bank_card.connect(self._refuse_bank_card)
        self._bind_keys()
        self._dress()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.page.scan.setFocus()
        if self.gate:
            self._door()
            self.gate.begin()

    @property
    def look(self) -> Look:
        """The present look."""
        return self._look

    @property
    def locked(self) -> bool:
        """Whether somebody has to sign in first."""
        return self.gate is not None and self.gate.locked

    def render(self, view: CheckoutView) -> None:  # type: ignore[override]
        """Show ``view`` (``QWidget.render``, which paints into a device, is not used here)."""
        self._has_member = view.member is not None
        self.page.show_view(view)
        self._services.shown(view)
        paying = self.pay_dialog.isVisible()
        self.pay_dialog.show_pay(view.pay)
        if paying and view.pay is None:
            self.activateWindow()
            self.page.scan.setFocus()

    def show_status(self, view: StatusView) -> None:
        """Show ``view`` in the top bar."""
        self.top.show_status(view)

    def reader_state(self, state: ReaderState) -> None:
        """Take news of a reader; a card it could not take is told where the cashier looks."""
        self.status.reader_state(state)
        self.back_office.reader_state(state)
        if state.ready and state.error is not None and not self.locked:
            self.checkout.card_fault(state.path, StationError(state.error))

    def _refuse_bank_card(self) -> None:
        self.checkout.tell(StationError(ErrorCode.CARD_IS_BANK_CARD))

    def change_look(self, look: Look) -> None:
        """Change language, theme or unit under the open basket; nothing is lost."""
        self._look = look
        self._words, self._style = Words(look.language), Format(look.language, look.unit)
        self._dress()
        self._services.look_changed(look)

    def switch_language(self) -> None:
        """Go to the other language."""
        self.change_look(replace(self._look, language="en" if self._look.language == "fa" else "fa"))

    def switch_theme(self) -> None:
        """Go to the other theme."""
        other = tokens.LIGHT if self._theme is tokens.DARK else tokens.DARK
        self.change_look(replace(self._look, theme=other.name))

    def tapped(self, tap: Tap) -> None:
        """Take a card from any page: it opens the till, approves, or its member shows at the counter."""
        if (self.gate and self.gate.tapped(tap)) or self.back_office.takes(tap):
            return
        self.open_checkout()
        self.checkout.tapped(tap)

    def scanned(self, code: str) -> None:
        """Take a code from any page; a locked till takes none."""
        if not self.locked and not self.back_office.takes_code(code):
            self.checkout.scanned(code)

    def lock(self) -> None:
        """Lock the till; the basket in hand stays."""
        if self.gate:
            self._try(self.gate.lock)

    def _open_drawer(self, reason: str) -> None:
        if self.gate and self._services.drawer:
            self._services.drawer.open(reason, self._words, self.gate.ask)

    def show_phone_link(self) -> None:
        """Show the code by which the member's phone becomes a card."""
        member = self._desk.counter.member
        if self.phone_dialog and member:
            self.phone_dialog.start(member.member_id, member.name)

    @property
    def today(self) -> "TodayPane | None":
        """The page of the day, once it was opened."""
        return self.back_office.today

    def open_today(self) -> None:
        """Show the day's figures."""
        self._try(self.back_office.open_today)

    def open_checkout(self) -> None:
        """Go back to the counter."""
        if not self.locked:
            self.pages.setCurrentWidget(self.page)
            self.page.scan.setFocus()

    def open_menu(self) -> None:
        """Pop the menu up over its key."""
        give, members = self._services.give_card, self.member_desk
        acts = MenuActs(self.open_today, self._services.send_now, (lambda: give(self._words)) if give else None,
                        self.switch_language, self.switch_theme, self.switch_full_screen, self.checkout.abandon,
                        self._at_counter(members.prove) if members else None,
                        self._at_counter(members.show_cards) if members and members.has_member else None,
                        self.show_phone_link if self.phone_dialog else None, self.lock if self.gate else None,
                        self._open_drawer if self.gate and self._services.drawer else None,
                        self.back_office.open_period if self._may_manage and self._services.rooms.period else None,
                        self.back_office.open_diagnostics if self._services.rooms.diagnostics else None)
        if self._menu:
            self._menu.deleteLater()
        self._menu = menu(acts, self._words, self, dark=self._theme is tokens.DARK,
                          basket=self.page.pay.isEnabled(), member=self._has_member)
        above = self._bar["F10"].mapToGlobal(QPoint(0, -self._menu.sizeHint().height() - tokens.XS))
        self._menu.popup(above)

    def switch_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def step_back(self) -> None:
        """Go one step back: from the manager's page, what is typed, the news. Never drops a basket."""
        if self.back_office.back():
            return
        if self.pages.currentWidget() is not self.page:
            self.open_checkout()
        elif self.page.scan.text():
            self.page.scan.empty()
        else:
            self.checkout.dismiss()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Use lower rows on a low screen."""
        super().resizeEvent(event)
        low = event.size().height() < LOW_SCREEN
        self.page.set_compact(compact=low)
        around = tokens.XS if low else tokens.M
        self._ground.setContentsMargins(tokens.L, around, tokens.L, around)
        for layout in (self._ground, self._column):
            layout.setSpacing(tokens.S if low else tokens.M)

    @property
    def _theme(self) -> Theme:
        return tokens.THEMES[self._look.theme]

    def _keys(self) -> tuple[_Key, ...]:
        """Return every key that works, in the order of the keyboard."""
        return (
            _Key("F1", mark("Help"), self._help, always=True),
            _Key("F2", mark("Find member"), self._at_counter(self.find_dialog.start)),
            *((_Key("F3", mark("Without the card"), self._at_counter(self.member_desk.prove), on_bar=False),)
              if self.member_desk else ()),
            _Key("F8", mark("Undo"), self._at_counter(self.checkout.undo)),
            _Key("F9", mark("Last receipt"), lambda: self._try(self._services.reprint)),
            _Key("F10", mark("Menu"), self.open_menu),
            _Key("F11", mark("Full screen"), self.switch_full_screen, always=True),
            _Key("F12", mark("Pay"), self._at_counter(self.checkout.begin_pay), on_bar=False),
            *((_Key("Shift+Esc", mark("Lock the till"), self.lock, on_bar=False),) if self.gate else ()),
            _Key("Esc", mark("One step back"), self.step_back, on_bar=False))

    def _at_counter(self, act: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            self.open_checkout()
            act()

        return run

    @property
    def _may_manage(self) -> bool:
        """Whether who is at the till may see what all sold; where nobody signs in, everybody may."""
        return self.gate is None or reaches(self._desk.at_till.actor.role, Role.MANAGER)

    def _unlocked(self, act: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if not self.locked:
                act()

        return run

    def _door(self) -> None:
        """Show what a locked till may show, or the counter again; no dialog stays open over the lock."""
        if self.locked and self.gate:
            for dialog in self.findChildren(QDialog):
                if dialog.isVisible():
                    dialog.reject()
            self.pages.setCurrentWidget(self.gate.page)
        else:
            self.open_checkout()
        for key in self._keys():
            if key.on_bar and not key.always:
                self._bar[key.name].setEnabled(not self.locked)
        self.status.tick()
        self._services.door(self.locked)

    def _approve_card(self, card: int, what: str, then: Callable[[Actor], None]) -> None:
        """Have somebody approve that a card is put back to use."""
        desk = self._desk
        operation = Operation(OperationKind.CARD_BACK_IN_USE, desk.at_till.actor, str(card), needs=Role.SENIOR)
        if self.gate:
            self.gate.ask(operation, what, lambda approval: self._try(
                lambda: then(approval.use(operation, desk.clock.now().utc_us))))

    def _bind_keys(self) -> None:
        for key in self._keys():
            shortcut = QShortcut(QKeySequence(key.name), self)
            shortcut.setAutoRepeat(False)
            act = key.act if key.always else self._unlocked(key.act)
            shortcut.activated.connect(act)
            if key.on_bar:
                made = self._bar[key.name] = button("key", self)
                on_click(made, act)
                self._bar_row.addWidget(made, 1)

    def _arrange(self) -> None:
        ground = QWidget(self)
        ground.setObjectName("page")
        self._ground = QVBoxLayout(ground)
        self._column = QVBoxLayout()
        self._column.addWidget(self.pages, 1)
        self._bar_row = QHBoxLayout()
        self._bar_row.setSpacing(tokens.S)
        self._column.addLayout(self._bar_row)
        row = QHBoxLayout()
        row.setSpacing(tokens.L)
        row.addLayout(self._column, 1)
        if self._simulator:
            row.addWidget(self._simulator)
        self._ground.addWidget(self.top)
        self._ground.addLayout(row, 1)
        self.setCentralWidget(ground)

    def _dress(self) -> None:
        """Put the present look on everything, then show the state again in it."""
        words = self._words
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setStyleSheet(style.sheet(self._theme))
        self.setWindowTitle(words("Counter"))
        for part in (self.page, self.pay_dialog, self.find_dialog, self._simulator):
            if part:
                part.set_words(words)
        if self.member_desk:
            self.member_desk.set_words(words, self._style)
        if self.gate:
            self.gate.set_words(words, self._style)
        if self.phone_dialog:
            self.phone_dialog.set_words(words)
        for key in self._keys():
            if key.on_bar:
                self._bar[key.name].setText(keyed(words(key.meaning), key.name))
        self.back_office.dress(words, self._style, self._theme)
        self.checkout.speak(words, self._style)
        self.status.speak(words, self._style)

    def _help(self) -> None:
        words = self._words
        rows = [(key.name, words(key.meaning)) for key in self._keys()]
        rows += [
            ("+  −", words("One more or one less of the selected line")),
            ("Del", words("Remove the selected line")), ("↑  ↓", words("Select a line")),
            ("3 *", words("Quantity of the next scan")), ("Enter", words("In payment: exact cash"))]
        dialog = HelpDialog(words("Keys"), rows, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            self.checkout.tell(fault)

    def _tick(self) -> None:
        if self.gate:
            self._try(self.gate.tick)
        self.status.tick()
        self.checkout.tick()
        self.ticked.emit()
