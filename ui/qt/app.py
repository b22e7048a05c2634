"""The running counter: window, readers, keys, sync and printer put together, started and stopped."""

import logging
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from data.aside import AsideStore
from data.no_members import NoMembers
from drivers.printers.display import DisplayWorker
from drivers.printers.queue import PrinterState, PrintQueue
from drivers.roster import Roster
from station.card import Tap
from station.card_hash import CardHasher
from station.errors import ErrorCode, StationError
from station.people import Role
from station.shift import Shift
from station.sign_in import reaches
from station.stored_value import gift_card_of
from sync.state import NoWorker, SyncState
from ui.clock import SystemClock
from ui.format import Format
from ui.look import Look
from ui.presenters.at_till import AtTill, Person
from ui.presenters.desk import Closed, Desk
from ui.presenters.drawer_key import DrawerKey
from ui.presenters.standing import Rules
from ui.presenters.status import Board
from ui.qt.around import Hardware, Threads
from ui.qt.back_office import Rooms
from ui.qt.bridge import Arrivals, Bridge
from ui.qt.keys import KeyFilter
from ui.qt.opening import application
from ui.qt.papers import Papers
from ui.qt.services import Services
from ui.qt.tidying import Tidying
from ui.qt.toolbox import Parts, toolbox
from ui.qt.tools.shift import ShiftTool
from ui.qt.window import Window
from ui.text import Words, mark
from ui.views import BannerView, CheckoutView, Tone
from ui.wiring import Memory, Paired, make_counter, make_world
from ui.wiring_members import member_parts
from ui.wiring_staff import alone, staff_desk, staff_parts

if TYPE_CHECKING:
    from sync.worker import Worker
    from ui.checking import DatabaseCheck
    from ui.presenters.diagnostics import Diagnostics
    from ui.presenters.period import PeriodPresenter
    from ui.presenters.today import TodayPage
    from ui.qt.beside_customer import BesideCustomer
    from ui.qt.diagnostics_pane import DiagnosticsPane
    from ui.qt.giving import Giving
    from ui.qt.period_pane import PeriodPane
    from ui.qt.printing import ReceiptJobs

STOP_S = 5.0
SCREENS_FOR_TWO = 2
SETTLE_MS = 200
"""After the window was shown; it is painted meanwhile."""


class App:
    """One counter. Made, started and stopped on the screen's thread."""

    def __init__(
        self, paired: Paired, memory: Memory, cashier: Person, hardware: Hardware, look: Look, threads: Threads,
    ) -> None:
        """Build everything. A shift that is due to be counted or opened is asked for when somebody came.

        Where people are set up, the till begins locked; elsewhere ``cashier`` sells, alone.
        Raises ``StationError`` 4xx when the journal cannot be read or written.
        """
        self._app = application([])
        clock, who, phones, papers = SystemClock(), paired.enrolment, threads.phones, Papers()
        signs_in = not isinstance(memory.members, NoMembers) and any(each.pin for each in memory.staff.people())
        self.at_till = at_till = AtTill() if signs_in else AtTill(alone(cashier))
        counter = make_counter(who, memory, threads.spending, hardware.labels, at_till.own, threads.coupons)
        shift = memory.journal.shift()
        self._memory = memory
        self._paired, self._home = paired, threads.home
        self._check: DatabaseCheck | None = None
        self._customer: BesideCustomer | None = None
        self._giving: Giving | None = None
        self._clock = clock
        self._sync = SyncState()
        self.worker: Worker | NoWorker = NoWorker()
        self.counter = counter
        self._display = DisplayWorker(hardware.display, self._display_state) if hardware.display else None
        staff = staff_desk(memory)
        people = staff_parts(staff, memory, at_till, clock, self._came) if signs_in else None
        self.window = Window(
            Desk(counter, memory.members, clock, at_till, self._closed,
                 partial(gift_card_of, CardHasher(who.card_key)),
                 lambda number: people is not None and people.desk.wearing(people.badge(number)) is not None),
            Board(who.shop_name, at_till, shift, clock, memory.protection, memory.alarm,
                  AsideStore(memory.journal.database).count,
                  lambda: None if threads.training else Rules(memory.packs.number(), memory.packs.confirmed_us()),
                  lambda: self.worker.ahead_us),
            Services(Rooms(self._refresh_today, self._period, self._diagnostics if threads.home else None,
                           lambda: reaches(at_till.actor.role, Role.MANAGER)),
                     self._reprint, self._look_changed, self._shown, self._send_now,
                     self._give_card if threads.making else None, member_parts(counter, memory, clock, threads.claims, who.card_key),
                     people,
                     (lambda member_id: phones.link(member_id).address) if phones else None, self._door,
                     DrawerKey(staff, at_till, self._kick, self._tell),
                     toolbox(Parts(counter, make_world(memory), memory, at_till, paired, threads.home,
                                   lambda: self.printer, self._wake, self._speak, lambda: self._sync.online, papers, self._shift_is,
                                   None if threads.training is None else self._turn, threads.training is True)),
                     mark("TRAINING: nothing here is real, and nothing is sent") if threads.training else ""),
            look, hardware.simulator)
        self.shift = next(each for each in self.window.tools if isinstance(each, ShiftTool))
        self._cashier = cashier
        self.goes_to: bool | None = None
        self._keep_look = threads.keep_look
        self._tidying = Tidying(lambda: counter.basket is None)
        self.window.ticked.connect(self._tidying.tick)
        self.window.checkout.recover()
        self._making = threads.making
        self.bridge = Bridge(Arrivals(
            self._tapped, self.window.scanned, self.window.reader_state,
            self._sync_state, self._printer_state), self.window)
        self._opens_sync = threads.sync
        self.printer = PrintQueue(
            hardware.paper.printer, partial(self._open_jobs, hardware, threads, papers), self.bridge.printer_state, hardware.paper.drawer)
        self._roster = Roster(
            lambda: hardware.drivers(self.bridge.code), self.bridge.tap, self.bridge.reader_state)
        self._starting = QTimer(self.window, interval=SETTLE_MS, singleShot=True)
        self._starting.timeout.connect(self._set_to_work)
        self._keys = KeyFilter(
            hardware.keyboard, self._tapped, self.window.scanned, self.window.checkout.tell,
            self.window)

    def start(self) -> None:
        """Show the window, if it is not yet shown; once it is painted set the threads to work, and print what waits."""
        if not self.window.isVisible():
            self.window.showMaximized()
        self._app.installEventFilter(self._keys)
        if self.window.gate:
            self._app.installEventFilter(self.window.gate)
        if not self.window.locked:
            self.window.attempt(self.shift.begin)
        # What the threads load and open first would hold up the paint.
        self._starting.start()

    def _set_to_work(self) -> None:
        self._serve_customer()
        self._app.screenAdded.connect(self._serve_customer)
        self._roster.start()
        if self._opens_sync:
            from sync.worker import Worker

            self.worker = Worker(self._opens_sync, self.bridge.sync_state)
        self.worker.start()
        self.printer.start()
        if self._display:
            self._display.start()

    def open_shift(self, opening_float: int = 0) -> None:
        """Open a shift without asking, for programs that drive the counter; as ``Counter.open_shift``."""
        self.shift.opened(self.counter.open_shift(self._cashier.actor, opening_float))

    def stop(self) -> None:
        """End the threads, then close window and files."""
        works = not self._starting.isActive()
        self._starting.stop()
        self._app.removeEventFilter(self._keys)
        if self.window.gate:
            self._app.removeEventFilter(self.window.gate)
        if self._giving:
            self._giving.close()
        if works:
            self._app.screenAdded.disconnect(self._serve_customer)
            self._roster.stop()
            self.worker.stop(STOP_S)
            self.printer.stop(STOP_S)
            if self._display:
                self._display.stop(STOP_S)
        if self._check:
            self._check.close(STOP_S)
        if self._customer:
            self._customer.close()
        self.bridge.close()
        self.window.rest()
        self.window.close()
        self._memory.close()
        self._tidying.close()

    def idle(self) -> bool:
        """Return whether head office was reached last and nothing is being exchanged now."""
        return self._sync.online and not self._sync.working

    def cut_off(self) -> bool:
        """Return whether head office was not reached last, and nothing is being tried now."""
        return not self._sync.online and not self._sync.working

    def _open_jobs(self, hardware: Hardware, threads: Threads, papers: Papers) -> "ReceiptJobs":
        """Return what draws receipts, on the printing thread."""
        from ui.qt.printing import Letterhead, ReceiptJobs

        hardware.paper.warm_up()
        return ReceiptJobs(
            threads.memory(), Letterhead(self._paired.enrolment.shop_name, self._cashier.name, self._speak), papers)

    def _serve_customer(self) -> None:
        """Have the customer follow the sale, once there is a second screen."""
        if self._customer is not None or len(QGuiApplication.screens()) < SCREENS_FOR_TWO:
            return
        from ui.qt.beside_customer import BesideCustomer

        counter = self.counter
        self._customer = BesideCustomer(self._paired.enrolment.shop_name, self._clock, self.window, lambda: counter.member)
        self.window.ticked.connect(self._customer.tick)
        self.window.checkout.show()

    def _period(self, page: "PeriodPane") -> "PeriodPresenter":
        from data.report_rows import ReportRows
        from ui.presenters.period import PeriodPresenter, Sources

        memory = self._memory
        rows, members = ReportRows(memory.journal.database), memory.members
        sources = Sources(rows, memory.journal, memory.packs, members.member, memory.staff.people)

        def again(kind: str, number: int) -> None:
            self.printer.reprint(rows.place_of(kind, number))
            words, _ = self._speak()
            page.tell(words("The report is on its way to the printer."))

        return PeriodPresenter(sources, self._clock, page, again)

    def _diagnostics(self, page: "DiagnosticsPane", words: Words, style: Format) -> "Diagnostics":
        from ui.qt.diagnosing import Diagnosing
        from ui.qt.printing import TEST_PAGE
        from ui.wiring_diagnostics import Told, put_aside

        def office_us() -> int | None:
            ahead = self.worker.ahead_us
            return None if ahead is None else self._clock.now().utc_us + ahead

        assert self._home  # noqa: S101 - without a folder there is no such page
        made, self._check = Diagnosing(
            self._home, self._paired.enrolment, self._memory, Told(lambda: self._sync, office_us, lambda: put_aside(self._memory)),
            self._send_now, lambda: self.printer.reprint(TEST_PAGE), self._paired).at(page, words, style)
        return made

    def _sync_state(self, state: SyncState) -> None:
        self._sync = state
        self.window.back_office.sync_state(state)
        self.window.status.sync_state(state)

    def _printer_state(self, state: PrinterState) -> None:
        self.window.back_office.printer_state(state)
        self.window.status.printer_state(state)
        if state.error is not None:
            self.window.checkout.tell(StationError(state.error))

    def _shown(self, view: CheckoutView) -> None:
        """Let the customer see it; the two-line display has no Persian letters, only the total's figures."""
        if self._customer:
            self._customer.shown(view)
        if self._display:
            self._display.show("TOTAL" if view.lines else "", view.totals.total if view.lines else "")

    def _display_state(self, error: ErrorCode | None) -> None:
        """Take news of the display, on its thread: a dark display is a note in the log, no more."""
        if error is not None:
            logging.getLogger(__name__).warning("customer display: %s", StationError(error))

    def _kick(self) -> None:
        self.printer.kick()

    def _tell(self, fault: StationError) -> None:
        self.window.checkout.tell(fault)

    def _turn(self, training: bool) -> None:  # noqa: FBT001 - as the tool calls it
        self.goes_to = training
        self._app.exit(0)

    def _look_changed(self, look: Look) -> None:
        self.window.attempt(partial(self._keep_look, look))
        if self._customer:
            self._customer.dress(look)
            self.window.checkout.show()

    def _door(self, locked: bool) -> None:  # noqa: FBT001 - as the window calls it
        if self._customer:
            self._customer.lock(locked=locked)
        if not locked:
            self.window.attempt(self.shift.begin)
        elif self._giving:
            self._giving.stop()

    def _speak(self) -> tuple[Words, Format]:
        """Return the present language; the look is one frozen value, so any thread may ask."""
        look = self.window.look
        return Words(look.language), Format(look.language, look.unit)

    def _closed(self, closed: Closed) -> None:
        """Take a durable sale: wake sync and printer, and open the drawer when cash changes hands."""
        if self._customer:
            self._customer.closed(closed)
        self.worker.wake()
        self.printer.wake()
        if closed.settled.sale.pays_cash:
            self.printer.kick()

    def _came(self, person: Person) -> None:  # noqa: ARG002 - as the door calls it
        """Exchange news: a PIN may have been chosen."""
        self.worker.send_now()

    def _shift_is(self, shift: Shift | None) -> None:
        self.window.status.shift_is(shift)

    def _wake(self) -> None:
        self.worker.wake()

    def _send_now(self) -> None:
        self.worker.send_now()

    def _give_card(self, words: Words) -> None:
        from ui.qt.giving import Giving

        if self._making and self._giving is None:
            self._giving = Giving(
                self.counter, self._memory, lambda: self.at_till.actor, self._making, self._lend, self.window)
        if self._giving:
            self._giving.start(words)

    def _tapped(self, tap: Tap) -> None:
        if not (self._giving and self._giving.takes(tap)):
            self.window.tapped(tap)

    def _lend(self, path: str) -> AbstractContextManager[None]:
        return self._roster.lend(path)

    def _reprint(self) -> None:
        seq = self._memory.journal.last_sale()
        if seq is None:
            words, _ = self._speak()
            self.window.checkout.say(BannerView(Tone.NEUTRAL, words("Nothing was sold here yet, so there is no receipt.")))
        else:
            self.printer.reprint(seq)

    def _refresh_today(self, page: "TodayPage") -> None:
        from data.report_rows import ReportRows
        from ui.presenters.today import TodayPresenter, TodaySources

        memory = self._memory
        sources = TodaySources(memory.journal, ReportRows(memory.journal.database), memory.staff.people, memory.packs)
        TodayPresenter(sources, self._clock, page).refresh()
