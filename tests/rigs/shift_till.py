"""The whole counter over a station's real files, with people who sign in, goods and a pack; head office is away."""

from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from data.pins import HASHER
from drivers.printers.file import FilePrinter
from station.feed import ShelfPage, ShelfRecord, StaffPage
from station.people import Actor, Role, StaffRecord
from station.text import Text
from tests.fakes import pack, product
from tests.rigs.paired import paired_station
from ui.devices import Paper, keyboard
from ui.look import Look
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.opening import application
from ui.settings import Settings
from ui.wiring import Home, Memory, Paired, open_memory
from ui.wiring_lines import sync_opener

PINS = {"sara": "7294", "nima": "582916", "omid": "480216"}
SARA = StaffRecord("sara", Text("سارا محمدی", "Sara Mohammadi"), Role.CASHIER, 77, HASHER.hash(PINS["sara"]))
NIMA = StaffRecord("nima", Text("نیما راد", "Nima Rad"), Role.SENIOR, 78, HASHER.hash(PINS["nima"]))
OMID = StaffRecord("omid", Text("امید رضایی", "Omid Rezaei"), Role.MANAGER, 79, HASHER.hash(PINS["omid"]))
MILK = product(1, 400_000, name=Text("شیر", "Milk"))


class Station:
    """A folder as a shop has it; ``start`` runs the counter on it."""

    def __init__(self, folder: Path, *, signs_in: bool = True) -> None:
        self.home: Home
        self.who: Paired
        folder.mkdir(exist_ok=True)
        self.home, self.who = paired_station(folder)
        self.memory = self._open()
        rules = replace(pack(), effective_us=1)
        self.memory.packs.install(rules, msgspec.json.encode(rules), b"signature")
        self.memory.shelf.apply(ShelfPage("1", 1, (ShelfRecord(MILK),), ()))
        if signs_in:
            self.memory.staff.apply(StaffPage("1", 1, (SARA, NIMA, OMID), ()))

    def start(self, look: Look) -> App:
        """Run the counter offscreen; it closes the files when it is stopped."""
        app = application([])
        counter = App(
            self.who, self.memory, Person(Actor("sara", Role.CASHIER), SARA.name),
            Hardware(lambda _on_code: [], keyboard(Settings()), Paper(FilePrinter(self.home.receipts))), look,
            Threads(sync_opener(self.home, self.who), self._open))
        counter.window.resize(1024, 600)
        counter.window.show()
        counter.start()
        counter.window.activateWindow()
        app.processEvents()
        return counter

    def _open(self) -> Memory:
        return open_memory(self.home, self.who.enrolment)


def sign_in(counter: App, staff_id: str) -> None:
    """Choose a name and type the PIN."""
    gate = counter.window.gate
    assert gate is not None
    gate.sign_in.choose(staff_id)
    type_pin(gate.page.pin.field, PINS[staff_id])


def approve(counter: App, staff_id: str) -> None:
    """Answer the question for a second person."""
    gate = counter.window.gate
    assert gate is not None
    assert gate.dialog.isVisible()
    gate.approving.choose(staff_id)
    type_pin(gate.dialog.pin.field, PINS[staff_id])


def type_pin(field: QWidget, pin: str) -> None:
    """Type ``pin`` and Enter."""
    QTest.keyClicks(field, pin)
    QTest.keyClick(field, Qt.Key.Key_Return)
