"""The counter's window: top bar, checkout and manager's page, key bar; language and theme live."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from drivers.pump import ReaderState
from station.approval import Operation
from station.card import Tap
from station.errors import ErrorCode, StationError
from station.people import Actor
from station.sign_in import reaches
from ui.format import Format
from ui.look import Look
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.presenters.phone_link import PhoneLink
from ui.presenters.status import Board, Status
from ui.qt import style, tokens
from ui.qt.back_office import BackOffice
from ui.qt.checkout import CheckoutPage
from ui.qt.coming import Coming
from ui.qt.find_dialog import FindDialog
from ui.qt.guard import guarded
from ui.qt.help_dialog import help_on
from ui.qt.key_bar import KeyBar
from ui.qt.labels import Field
from ui.qt.member_desk import MemberDesk
from ui.qt.menu import MenuDialog
from ui.qt.over import Over
from ui.qt.own_entries import own_entries
from ui.qt.pay_dialog import PayDialog
from ui.qt.phone_dialog import PhoneDialog
from ui.qt.scaling import SMALLEST, wear
from ui.qt.services import Services
from ui.qt.simulator import Simulator, SimulatorStrip
from ui.qt.staff_gate import StaffGate
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Stepping, Till, Tool
from ui.qt.topbar import TopBar
from ui.qt.touch_keys import TouchKeys
from ui.text import Words
from ui.views import CheckoutView, StatusView

if TYPE_CHECKING:
    from ui.qt.today import TodayPane

ICON = Path(__file__).parent / "assets" / "icon.svg"
TICK_MS = 1000
LOW_SCREEN = 700


class Window(QMainWindow):
    """Puts presenters and panes together. ``checkout`` and ``status`` are where news arrives.

    ``ticked`` is emitted every second.
    """

    ticked = Signal()

    def __init__(
        self, desk: Desk, board: Board, services: Services, look: Look, simulator: Simulator | None = None,
    ) -> None:
        """Build the window and show the state the desk is in; ``show`` is left to the caller."""
        wear(look, [])  # before the window: what is made takes its font from the application as it is then
        super().__init__()
        self.services, self._look, self._desk = services, look, desk
        self._words, self._style = Words(look.language), Format(look.language, look.unit)
        self.setWindowIcon(QIcon(str(ICON)))
        self.setMinimumSize(*(tokens.px(each) for each in SMALLEST))
        self.checkout = Checkout(desk, self._words, self._style, self)
        self.status = Status(board, self._words, self._style, self)
        self.touch_keys = TouchKeys(self)
        self.top = TopBar(self, services.band)
        self.page = CheckoutPage(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.page)
        self.back_office = BackOffice(services.rooms, self.pages, self, self.open_checkout)
        self.pay_dialog = PayDialog(self.checkout, self._words, self)
        self.over, self._coming = Over(self, self.pages, self.pay_dialog), Coming(self)
        self.find_dialog = FindDialog(self.checkout, self)
        self.member_desk = MemberDesk(services.members, desk, self.checkout, self) if services.members else None
        self.gate = StaffGate(services.staff, self._words, self._style, self, self._door) if services.staff else None
        self.phone_dialog = PhoneDialog(self) if services.phone_link else None
        if self.phone_dialog and services.phone_link:
            self.phone_dialog.connect_to(PhoneLink(services.phone_link, self._words, self.phone_dialog))
        if self.gate:
            self.pages.addWidget(self.gate.page)
        if self.gate and self.member_desk:
            self.member_desk.approve_by(self.approved)
        self._simulator = SimulatorStrip(simulator, self) if simulator else None
        self.bar = KeyBar(self)
        self._arrange()
        self.page.connect_to(self.checkout)
        self.page.banner.again.connect(lambda: self.attempt(services.reprint))
        self._guard_fields(self)
        till = Till(self, desk, self.checkout, self.checkout.tell, self.attempt, self.approved, self._open_page,
                    self.open_checkout, self._guard_fields)
        self.tools: tuple[Tool, ...] = tuple(make(till) for make in services.tools)
        self.entries: tuple[Entry, ...] = (
            *own_entries(self), *(entry for tool in self.tools for entry in tool.entries()))
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
        self.page.show_view(view)
        self.services.shown(view)
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

    def _guard_fields(self, widget: QWidget) -> None:
        """Have a bank card that was swiped into a field of ``widget`` refused aloud."""
        for field in widget.findChildren(Field):
            field.bank_card.connect(self._refuse_bank_card)

    def _open_page(self, page: QWidget) -> None:
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
            self._guard_fields(page)
        self.pages.setCurrentWidget(page)

    def change_look(self, look: Look) -> None:
        """Change language, theme, unit or size under the open basket; nothing is lost."""
        self._look = look
        self._words, self._style = Words(look.language), Format(look.language, look.unit)
        if wear(look, [self]):
            self._use_height(self.height())
        self._dress()
        self.services.look_changed(look)

    def rest(self) -> None:
        """Tick no more: what a tick reads is about to be closed."""
        self._timer.stop()

    def switch_language(self) -> None:
        """Go to the other language."""
        self.change_look(replace(self._look, language="en" if self._look.language == "fa" else "fa"))

    def switch_look(self, **changes: Any) -> None:
        """Change a part of the look."""
        self.change_look(replace(self._look, **changes))

    def tapped(self, tap: Tap) -> None:
        """Take a card from any page: it opens the till, approves, or its member shows at the counter."""
        self._coming.tapped(tap)

    def scanned(self, code: str) -> None:
        """Take a code from any page; a locked till takes none, and says so."""
        self._coming.scanned(code)

    def lock(self) -> None:
        """Lock the till; the basket in hand stays."""
        if self.gate:
            self.attempt(self.gate.lock)

    def has_member(self) -> bool:
        """Return whether the basket is a member's."""
        return self._desk.counter.member is not None

    def give_card(self) -> None:
        """Give a new card to the member in the basket."""
        if self.services.give_card:
            self.services.give_card(self._words)

    def open_drawer(self, reason: str) -> None:
        """Open the drawer without a sale."""
        if self.services.drawer:
            self.services.drawer.open(reason, self._words, self.approved)

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
        self.attempt(self.back_office.open_today)

    def open_checkout(self) -> None:
        """Go back to the counter."""
        if not self.locked:
            self.pages.setCurrentWidget(self.page)
            self.page.scan.setFocus()

    def open_menu(self) -> None:
        """Open the menu of all that whoever is at the till may do."""
        role = self._desk.at_till.actor.role
        mine = [each for each in self.entries if self.gate is None or reaches(role, each.needs)]
        MenuDialog(mine, self._words, self, lambda entry: self.attempt(entry.act)).open()

    def switch_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def step_back(self) -> None:
        """Go one step back: from the manager's page, what is typed, the news. Never drops a basket."""
        page = self.pages.currentWidget()
        if self.back_office.back() or (isinstance(page, Stepping) and page.back()):
            return
        if page is not self.page:
            self.open_checkout()
        elif self.page.scan.text():
            self.page.scan.empty()
        else:
            self.checkout.dismiss()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Use lower rows on a low screen."""
        super().resizeEvent(event)
        self._use_height(event.size().height())

    def _use_height(self, height: int) -> None:
        low = height < tokens.px(LOW_SCREEN)
        self.page.set_compact(compact=low)
        around = tokens.XS if low else tokens.M
        self._ground.setContentsMargins(tokens.L, around, tokens.L, around)
        for layout in (self._ground, self._column):
            layout.setSpacing(tokens.S if low else tokens.M)

    @property
    def _theme(self) -> Theme:
        return tokens.THEMES[self._look.theme]

    def at_counter(self, act: Callable[[], None]) -> Callable[[], None]:
        """Return what goes back to the counter and does ``act``."""
        def run() -> None:
            self.open_checkout()
            act()

        return run

    def _run(self, entry: Entry) -> Callable[[], None]:
        """Return what a key does: ``entry``, when it can be done now by who is at the till."""
        def run() -> None:
            may = self.gate is None or reaches(self._desk.at_till.actor.role, entry.needs)
            if (entry.locked or (may and not self.locked)) and entry.ready():
                self.attempt(entry.act)

        return run

    def _door(self) -> None:
        """Show what a locked till may show, or the counter again; nothing stays over the lock."""
        if self.locked and self.gate:
            self.over.lock()
            self.pages.setCurrentWidget(self.gate.page)
        else:
            self.over.unlock(self._desk.at_till.actor.person, self.open_checkout)
            self.attempt(self._desk.counter.leave_out_own)
        if self.top.lock:
            self.top.lock.setVisible(not self.locked)
        for entry in self.entries:
            if entry.on_bar:
                self.bar.buttons[entry.key].setEnabled(entry.locked or not self.locked)
        self.top.key.setEnabled(not self.locked)
        self.status.tick()
        self.services.door(self.locked)

    def approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        """Do the rest with None where who asks reaches far enough, else with the second person who approves."""
        if not operation.second and reaches(operation.asked_by.role, operation.needs):
            self.attempt(lambda: then(None))
        elif self.gate:
            self.gate.ask(operation, what, lambda approval: self.attempt(
                lambda: then(approval.use(operation, self._desk.clock.now().utc_us))))
        else:
            self.checkout.tell(StationError(ErrorCode.APPROVER_MISSING))

    def _bind_keys(self) -> None:
        for entry in self.entries:
            if entry.act == self.back_office.open_diagnostics:
                self.top.opens(self._run(entry))
        for entry in sorted((each for each in self.entries if each.key), key=lambda each: (len(each.key), each.key)):
            shortcut = QShortcut(QKeySequence(entry.key), self)
            shortcut.setAutoRepeat(False)
            act = self._run(entry)
            shortcut.activated.connect(act)
            if entry.on_bar:
                self.bar.add(entry.key, entry.meaning, act)

    def _arrange(self) -> None:
        ground = QWidget(self)
        ground.setObjectName("page")
        self._ground = QVBoxLayout(ground)
        self._column = QVBoxLayout()
        self._column.addWidget(self.pages, 1)
        self._column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(tokens.L)
        row.addLayout(self._column, 1)
        if self._simulator:
            row.addWidget(self._simulator)
        self._ground.addWidget(self.top)
        self._ground.addLayout(row, 1)
        self.setCentralWidget(ground)
        if self.gate:
            self.top.let_lock(ground, self.pages, self.lock)

    def _dress(self) -> None:
        """Put the present look on everything, then show the state again in it."""
        words = self._words
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setStyleSheet(style.sheet(self._theme))
        self.setWindowTitle(words("Counter"))
        for part in (self.touch_keys, self.top, self.page, self.pay_dialog, self.find_dialog, self.phone_dialog, self._simulator):
            if part:
                part.set_words(words)
        for one in (self.member_desk, self.gate):
            if one:
                one.set_words(words, self._style)
        self.bar.set_words(words)
        for tool in self.tools:
            tool.set_words(words, self._style, self._theme)
        self.back_office.dress(words, self._style, self._theme)
        self.checkout.speak(words, self._style)
        self.status.speak(words, self._style)

    def show_help(self) -> None:
        """Show every key and what it does."""
        help_on(self.entries, self._words, self).open()

    def attempt(self, act: Callable[[], None]) -> None:
        """Do ``act``; what it could not do is told."""
        try:
            act()
        except StationError as fault:
            self.checkout.tell(fault)

    def _tick(self) -> None:
        if self.gate:
            self.attempt(self.gate.tick)
        self.status.tick()
        self.checkout.tick()
        self.ticked.emit()
