"""Somebody who presses everything: seeded hands at a whole counter on real files, and what must hold whatever they do.

Time goes by a second a step, and in leaps; so a seed does the same each time, but for the threads beside the
screen.
"""

import random
from collections import Counter as Count
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit

from data.member_file import CurrentMembers
from drivers.printers.file import FilePrinter
from drivers.printers.port import Raster
from drivers.pump import ReaderState
from drivers.scan_codes import CHARACTERS
from station.card import CardLink, CardStatus, Medium, Tap
from station.card_hash import card_hash
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, ShelfPage, ShelfRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from station.sign_in import Tries, reaches
from tests.fakes import NOON, member, product
from tests.line import canaries
from tests.rigs.paired import CARD_KEY
from tests.rigs.shift_till import PINS, SARA, Station, approve, sign_in
from ui.devices import Paper, keyboard
from ui.look import Look
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.opening import application
from ui.qt.tool import Entry
from ui.settings import Settings
from ui.wiring import open_memory
from ui.wiring_lines import sync_opener

GOODS = [product(number, 50_000 * number) for number in range(1, 9)]
CARDS = ("9364000000000017", "9364000000000025")
STRANGE, STOLEN = "9364000000000033", "9364000000000041"
GARBAGE = ("", "0", "626000000001", "2100001012345", "CS1R", "CS1P:AAAA", "]C1", "شیر", "\x00", "9" * 300, "https://club.example/c/1")
STATES = (
    (True, None), (False, ErrorCode.READER_GONE), (False, ErrorCode.READER_SERVICE_DOWN), (False, ErrorCode.READER_BUSY),
    (True, ErrorCode.CARD_UNREADABLE), (True, ErrorCode.CARD_IS_BANK_CARD), (True, ErrorCode.CARD_FORGED))
SPOKEN = {
    Qt.Key.Key_Return: 9, Qt.Key.Key_Escape: 4, Qt.Key.Key_Tab: 3, Qt.Key.Key_Up: 2, Qt.Key.Key_Down: 3, Qt.Key.Key_Left: 1,
    Qt.Key.Key_Right: 1, Qt.Key.Key_Delete: 1, Qt.Key.Key_Backspace: 2, Qt.Key.Key_Plus: 2, Qt.Key.Key_Minus: 1,
    Qt.Key.Key_Asterisk: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_A: 1,
    **{Qt.Key(Qt.Key.Key_0.value + digit): 1 for digit in range(10)},
    **{Qt.Key(Qt.Key.Key_F1.value + place): 1 for place in range(11)}, Qt.Key.Key_F12: 6}
HELD = {Qt.KeyboardModifier.NoModifier: 20, Qt.KeyboardModifier.ShiftModifier: 2, Qt.KeyboardModifier.AltModifier: 1,
        Qt.KeyboardModifier.ControlModifier: 1}
CODES = {character: key for key, character in reversed(CHARACTERS.items())}
SECOND_US = 1_000_000
LEAPS_S = (40, 600, 3 * 3600, 26 * 3600, -300, -3 * 3600)
KEPT = 25
MANAGER = "omid"
BACK = 12
"""So many times Escape leads from anywhere to the counter."""


class Timepiece:
    """The counter's clock, to be set by hand: ``now`` takes the place of the machine's."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.utc_us = NOON.utc_us

    def now(self, _clock: object = None) -> Moment:
        """Return the present moment, in Tehran."""
        days = (self.utc_us - NOON.utc_us) // (86_400 * SECOND_US)
        return Moment(self.utc_us, NOON.offset, str(date.fromisoformat(NOON.date) + timedelta(days=days)))


class Monkey:
    """One seed's hands at one counter in ``folder``; ``time`` is the clock the counter was given."""

    def __init__(self, folder: Path, seed: int, time: Timepiece) -> None:
        """Start the counter, its till locked."""
        self.chance = random.Random(seed)  # noqa: S311 - made to be the same each time
        self._time, self.station = time, Station(folder)
        self.canaries = canaries.numbers()
        self._stock()
        self.printer = FicklePrinter(self.station.home.receipts)
        self.app = self._start()
        self.window = self.app.window
        self.key = self.station.home.keys.held().key
        self.done: deque[str] = deque(maxlen=KEPT)
        self.counted: Count[str] = Count()
        self.stuck: list[str] = []
        self._deeds: dict[Callable[[], str], int] = {
            self._key: 30, self._click: 22, self._scan: 14, self._entry: 8, self._tap: 6, self._pay: 5, self.serve: 4, self._type: 4,
            self.bank_card: 3, self._garbage: 2, self._reader: 2, self._paper: 2, self._leap: 2, self._look: 1}

    def _start(self) -> App:
        station, look = self.station, Look(self.chance.choice(("fa", "en")), motion=False)
        application([])
        app = App(
            station.who, station.memory, Person(Actor("sara", Role.CASHIER), SARA.name),
            Hardware(lambda _on_code: [], keyboard(Settings()), Paper(self.printer)), look,
            Threads(sync_opener(station.home, station.who), lambda: open_memory(station.home, station.who.enrolment), home=station.home))
        app.window.resize(1024, 600)
        app.window.show()
        app.start()
        app.window.activateWindow()
        settle()
        return app

    def _stock(self) -> None:
        memory = self.station.memory
        memory.shelf.apply(ShelfPage("2", 2, tuple(map(ShelfRecord, GOODS)), ()))
        links = [CardLink(card_hash(CARD_KEY, number), CardStatus.ACTIVE) for number in CARDS]
        stolen = CardLink(card_hash(CARD_KEY, STOLEN), CardStatus.BLOCKED)
        assert isinstance(memory.members, CurrentMembers)
        memory.members.apply(MemberPage("c", Position(memory.journal.head().incarnation, 0), (
            MemberRecord(member(1), (links[0], stolen)), MemberRecord(member(2, "silver"), (links[1],))), (), Stamp(1, 1), last=True))

    def run(self, steps: int, told: Callable[[str], None] = lambda _line: None) -> None:
        """Do ``steps`` things; every 50 steps find back to the counter."""
        for step in range(steps):
            if self.window.locked and self.chance.random() < 0.4:
                line = self._come()
            else:
                deed = self.chance.choices(tuple(self._deeds), tuple(self._deeds.values()))[0]
                line = f"{deed.__name__.strip('_')} {deed()}"
            self.counted[line.partition(" ")[0]] += 1
            self.done.append(f"{step} {line}")
            told(self.done[-1])
            self._time.utc_us += SECOND_US
            settle()
            if step % 50 == 49:
                self.find_back()

    def find_back(self) -> None:
        """Press Escape until the counter is there again, with nothing open over it; note where it is not reached."""
        for _ in range(BACK):
            # The till may lock itself at any second. After a clock was set back everybody's pause begins anew:
            # then the second time counts.
            for who in (*PINS, *PINS):
                if self.window.locked:
                    self._come(who)
            if self.at_counter():
                return
            press(Qt.Key.Key_Escape)
            settle()
        if not self.at_counter():
            shown = [type(each).__name__ for each in QApplication.topLevelWidgets() if each.isVisible()]
            page = type(self.window.pages.currentWidget()).__name__
            self.stuck.append(f"{page}, {shown}, locked: {self.window.locked}, after {list(self.done)}")

    def at_counter(self) -> bool:
        """Return whether the counter is there with nothing open over it, and its field takes what is typed."""
        open_dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
        return not self.window.locked and not open_dialogs and self.window.pages.currentWidget() is self.window.page

    def finish(self) -> None:
        """Find back and end the program."""
        self.find_back()
        self.app.stop()
        settle()

    def _come(self, staff_id: str = "") -> str:
        # Whoever typed too many wrong PINs may come later, or be let in by the manager.
        self._time.utc_us += 3600 * SECOND_US
        who = staff_id or self.chance.choice(tuple(PINS))
        sign_in(self.app, who)
        settle()
        if self.window.gate and self.window.gate.dialog.isVisible():
            # Whom nobody else can let in, head office does.
            self.station.memory.staff.keep_tries(MANAGER, Tries())
            if who != MANAGER:
                approve(self.app, MANAGER)
            sign_in(self.app, who)
            settle()
        return f"come {who}"

    def _key(self) -> str:
        key = self.chance.choices(tuple(SPOKEN), tuple(SPOKEN.values()))[0]
        held = self.chance.choices(tuple(HELD), tuple(HELD.values()))[0]
        press(key, held)
        return f"{held.name} {key.name}"

    def _click(self) -> str:
        top = QApplication.activeModalWidget() or QApplication.activePopupWidget() or self.window
        buttons = [each for each in top.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled() and each.window() is top]
        if not buttons:
            press(Qt.Key.Key_Escape)
            return "nothing"
        button = self.chance.choice(buttons)
        said = f"{type(top).__name__} {button.text() or button.accessibleName()!r}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        return said

    def _entry(self) -> str:
        """Do what the menu offers, as the menu does it."""
        role = self.app.at_till.actor.role
        mine = [entry for each in self.window.entries for entry in (each.sub or (each,)) if may(entry, role)]
        if self.window.locked or QApplication.activeModalWidget() or not mine:
            return ""
        entry = self.chance.choice(mine)
        self.window.attempt(entry.act)
        return entry.meaning

    def _scan(self) -> str:
        good = self.chance.choice(GOODS)
        self.app.bridge.code(good.barcode)
        return good.product_id

    def _garbage(self) -> str:
        code = self.chance.choice(GARBAGE)
        self.app.bridge.code(code)
        return repr(code[:20])

    def _tap(self) -> str:
        number = self.chance.choice((*CARDS, *CARDS, STRANGE, STOLEN))
        medium = self.chance.choice((Medium.NFC_UID, Medium.STRIPE, Medium.QR))
        self.app.bridge.tap(Tap("pcsc:reader", medium, number))
        return f"{medium} {number}"

    def serve(self) -> str:
        """Do a cashier's work for once: a shift, some goods, cash."""
        self.find_back()
        if not self.at_counter():
            return "nobody"
        if self.station.memory.journal.shift() is None:
            self.app.open_shift(self.chance.choice((0, 500_000)))
        for _ in range(self.chance.randint(1, 4)):
            self._scan()
        settle()
        for key in (Qt.Key.Key_F12, Qt.Key.Key_Return):
            press(key)
            settle()
        return "somebody"

    def _pay(self) -> str:
        if self.at_counter():
            press(Qt.Key.Key_F12)
            settle()
            if self.chance.random() < 0.7:
                press(Qt.Key.Key_Return)
        return ""

    def _type(self) -> str:
        field = QApplication.focusWidget()
        text = self.chance.choice(("1", "25", "3*", "0912", "۱۲۳۴۵", "1404/01/01", "-5", "10%", "99999999999999999999", "می", "7294"))
        if isinstance(field, QLineEdit):
            field.insert(text)
        return text

    def bank_card(self) -> str:
        place = self.chance.randrange(len(self.canaries))
        number = self.canaries[place]
        way = self.chance.choice(("swipe", "typed", "scan"))
        if way == "swipe":
            wedge(canaries.swiped(number, place))
        elif way == "typed":
            wedge(number + "\r", gap_ms=200)
        else:
            self.app.bridge.code(number)
        return way

    def _reader(self) -> str:
        state = ReaderState("pcsc:reader", "Counter", *self.chance.choice(STATES))
        self.app.bridge.reader_state(state)
        return str(state)

    def _paper(self) -> str:
        self.printer.fault = self.chance.choice((None, None, ErrorCode.PRINTER_PAPER_OUT, ErrorCode.PRINTER_OFFLINE))
        return str(self.printer.fault)

    def _leap(self) -> str:
        leap = self.chance.choice(LEAPS_S)
        self._time.utc_us += leap * SECOND_US
        return str(leap)

    def _look(self) -> str:
        part, value = self.chance.choice((
            ("language", "fa"), ("language", "en"), ("theme", "light"), ("theme", "dark"), ("theme", "high"),
            ("size", 100), ("size", 125)))
        self.window.switch_look(**{part: value})
        return f"{part} {value}"


class FicklePrinter(FilePrinter):
    """A printer whose paper is a folder, and which fails with ``fault`` while it has one."""

    fault: ErrorCode | None = None

    def print(self, raster: Raster, job: str) -> None:
        """Write the file of ``job``. Raises ``StationError``, the present fault."""
        if self.fault:
            raise StationError(self.fault)
        super().print(raster, job)


def settle() -> None:
    """Let the program do all that is due."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # There is no window manager here to give the focus to the window behind one that was closed.
    heard, active = QGuiApplication.focusWindow(), QApplication.activeWindow()
    if heard is None or not heard.isVisible() or active is None or not active.isVisible():
        shown = (each for each in QApplication.topLevelWidgets() if each.isVisible() and each.isWindow())
        if behind := QApplication.activeModalWidget() or next(shown, None):
            behind.activateWindow()
            QApplication.processEvents()


def may(entry: Entry, role: Role) -> bool:
    """Return whether the menu offers ``entry``."""
    return entry.ready() and reaches(role, entry.needs)


def focused() -> QWindow | None:
    """Return the window that hears the keys: after a popup no window manager is here to say so, and the dialog under it does."""
    modal, heard = QApplication.activeModalWidget(), QGuiApplication.focusWindow()
    if heard and heard.isVisible():
        return heard
    if modal:
        return modal.windowHandle()
    return next((each for each in QGuiApplication.topLevelWindows() if each.isVisible()), None)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key as a person does."""
    heard = focused()
    if heard is not None:
        QTest.keyClick(heard, key, held)


def wedge(text: str, gap_ms: int = 5) -> None:
    """Type ``text`` with the scan codes of a US keyboard, as a reader does."""
    stamp = 1000
    for character in text:
        if character not in CODES:
            continue
        stamp += gap_ms
        code, shift = CODES[character]
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, held, code + 8, 0, 0, character)
            event.setTimestamp(stamp)
            if heard := focused():
                QCoreApplication.sendEvent(heard, event)
    settle()
