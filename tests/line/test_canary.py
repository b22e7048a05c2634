"""500 bank cards through every input of the counter; then everything the run left is searched for them."""

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from drivers.hid_line import HidPorts
from drivers.port import Driver
from drivers.printers.file import FilePrinter
from drivers.readers.hid_stripe import READERS, HidStripeDriver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.readers.simulated import SimulatedDevice, SimulatedDriver
from drivers.reading import DEMO_CLUB
from drivers.scan_codes import CHARACTERS
from drivers.serial_line import SerialPorts
from station.card import Medium
from station.card_record import to_text
from tests.line import canaries
from tests.line.conftest import Line
from tests.line.test_line import SARA, ring_up, unsent
from tests.rigs.chip_hand import ChipDriver
from tests.rigs.hid_hand import MAGTEK, HidHand, HidLibrary, magtek_report
from tests.rigs.proven_cards import signed
from tests.rigs.serial_hand import SerialHand
from ui.devices import Paper, keyboard
from ui.look import Look
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.labels import Field
from ui.qt.opening import application
from ui.settings import Settings
from ui.wiring import make_counter, open_memory
from ui.wiring_lines import sync_opener

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LIMIT_MS = 20_000
SERIAL = 40
KEYS = {character: key for key, character in reversed(CHARACTERS.items())}


class Till:
    """The counter with every kind of reader on it, and its log."""

    def __init__(self, line: Line, folder: Path) -> None:
        self.line = line
        self.simulated = SimulatedDriver()
        self.reader: SimulatedDevice = self.simulated.plug("canary")
        (folder / "stripe").mkdir()
        (folder / "scanner").mkdir()
        self.stripe, self.scanner = SerialHand(folder / "stripe"), SerialHand(folder / "scanner")
        self.heard: list[str] = []
        self.hid = HidHand("/dev/hidraw3", MAGTEK)
        self.chips = ChipDriver()
        self.app = App(
            line.who, line.memory, SARA,
            Hardware(self._drivers, keyboard(Settings()), Paper(FilePrinter(line.home.receipts))), Look(),
            Threads(sync_opener(line.home, line.who), lambda: open_memory(line.home, line.who.enrolment)))
        self._now_ms = 1000

    def _drivers(self, on_code: Callable[[str], None]) -> list[Driver]:
        return [
            self.simulated, self.chips, SerialStripeDriver(DEMO_CLUB, SerialPorts((self.stripe.path,))),
            HidStripeDriver(DEMO_CLUB, HidPorts(READERS, load=lambda: HidLibrary(self.hid))),
            QrDriver(DEMO_CLUB, SerialPorts((self.scanner.path,)), on_code=on_code)]

    def type_fast(self, text: str) -> None:
        """Type as a keyboard reader does, with scan codes and times; then nothing for a while."""
        target = self.app.window.windowHandle()
        for character in text:
            self._now_ms += 5
            code, shift = KEYS[character]
            held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
            key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, held, code + 8, 0, 0, character)
                event.setTimestamp(self._now_ms)
                QCoreApplication.sendEvent(target, event)
        self._now_ms += 5000

    def close(self) -> None:
        self.app.stop()
        self.stripe.close()
        self.scanner.close()


@pytest.fixture
def till(qapp: QApplication, line: Line, tmp_path: Path) -> Iterator[Till]:
    application([])
    assert qapp
    log = logging.FileHandler(line.home.folder / "station.log", encoding="utf-8")
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    made = Till(line, tmp_path)
    made.app.window.show()
    made.app.start()
    made.app.open_shift()
    made.app.window.activateWindow()
    yield made
    made.close()
    root.removeHandler(log)
    root.setLevel(level)
    log.close()


def feed(till: Till, qtbot: QtBot, made: list[str]) -> None:
    """Every canary into every input that takes text, keys or cards."""
    checkout = till.app.window.checkout
    for place, number in enumerate(made):
        text = canaries.typed(number, place)
        till.type_fast(canaries.swiped(number, place))
        till.type_fast(f"CS1{'RP'[place % 2]}{number}" + "\r" * (place % 3 > 0))
        till.hid.send(magtek_report(f"%B{number}^SHAH/RIAR^2812101?", f";{number}=28121010000083100000?"))
        till.chips.reader.show("ntag", "04A1B2C3D4E5F6", canaries.on_chip(number, place))
        till.reader.present(number, Medium.STRIPE)
        checkout.scanned(text)
        checkout.find(text)
        for field in till.app.window.findChildren(Field):
            field.insert(text)
            if field is till.app.window.page.scan:
                # 13 or 14 digits may be a trade item's number; nothing of it stays after Enter.
                QTest.keyClick(field, Qt.Key.Key_Return)
            assert field.text() == "", "a bank card's number stays in a field"
    for number in made[:20]:
        QTest.keyClicks(till.app.window.page.scan, number)
        QTest.keyClick(till.app.window.page.scan, Qt.Key.Key_Return)
    for place, number in enumerate(made[:SERIAL]):
        till.stripe.send(canaries.swiped(number, place))
        till.scanner.send(number + "\r\n")
        till.scanner.send(f"CS1R{number}\r\n")
        till.scanner.send(to_text(signed(number)) + "\r\n")
        qtbot.wait(5)
    qtbot.waitUntil(lambda: till.hid.waiting == till.chips.reader.waiting == 0, timeout=LIMIT_MS)
    qtbot.wait(1000)


def left_on_screen(till: Till) -> bytes:
    """All text in widgets, in their undo histories, in tool tips, window titles and the clipboard."""
    shown = [QGuiApplication.clipboard().text(), till.app.window.windowTitle()]
    for label in till.app.window.findChildren(QLabel):
        shown += [label.text(), label.toolTip(), label.accessibleName()]
    for field in till.app.window.findChildren(QLineEdit):
        shown += [field.text(), field.toolTip()]
        while field.isUndoAvailable():
            field.undo()
            shown.append(field.text())
    return "\n".join(shown).encode()


def test_no_digit_of_a_bank_card_is_left_anywhere(
    till: Till, qtbot: QtBot, caplog: pytest.LogCaptureFixture,
) -> None:
    made = canaries.numbers()
    assert len(set(made)) == canaries.COUNT
    feed(till, qtbot, made)
    # The counter still works: a sale to a club member, uploaded.
    counter = make_counter(till.line.who.enrolment, till.line.memory)
    ring_up(counter, till.line.memory)
    till.app.worker.wake()
    qtbot.waitUntil(lambda: unsent(till.line) == 0, timeout=LIMIT_MS)
    search = canaries.Search(made)
    key = till.line.home.keys.held().key
    places = [("screen", left_on_screen(till)), ("log records", caplog.text.encode())]
    places += canaries.contents(till.line.home.folder, key)
    places += canaries.contents(till.line.office.home, key)
    assert {name: search.hits(content) for name, content in places if search.hits(content)} == {}
    assert sum(len(content) for _, content in places) > 500_000


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    made = canaries.numbers()
    search = canaries.Search(made)
    number = made[7]
    for place in range(4):
        assert search.hits(canaries.typed(number, place).encode())
    assert search.hits(number.encode("utf-16-le"))
    assert search.hits(number.encode().hex().encode())
    assert search.hits(base64.b64encode(f"card {number}".encode()))
    assert not search.hits(b"9364000000000017 09123456789 6260000000017")
    (tmp_path / "note.txt").write_text(f"x{number}", encoding="utf-8")
    assert [name for name, content in canaries.contents(tmp_path, b"") if search.hits(content)] == ["note.txt"]
