"""The demo's counter: the real program with a simulated reader, for hands or for the script."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from drivers.printers.file import FilePrinter
from drivers.readers.simulated import DRIVER, SimulatedDevice
from station.text import Text
from ui.demo.shop import CASHIER, CASHIER_NAME, READER, STAFF, UNKNOWN_CARD, DemoCard, DemoPerson
from ui.devices import Paper, keyboard
from ui.presenters.at_till import Person
from ui.qt.app import App, Hardware, Threads, application
from ui.qt.services import Look
from ui.qt.simulator import DemoButton, Simulator
from ui.settings import Settings
from ui.wiring import Home, Memory, Paired, claims_office, open_memory, spending_office, sync_opener
from ui.wiring_members import phone_links

SHOWN_GOODS = 12
STATUS = {"BLOCKED": Text("کارت مسدود", "Blocked card"), "LOST": Text("کارت گم‌شده", "Lost card")}


def build(
    home: Home, who: Paired, memory: Memory, cards: Sequence[DemoCard], receipts: Path,
) -> tuple[QApplication, App, SimulatedDevice]:
    """Return the application, the counter (not yet started) and its simulated reader."""
    app = application(sys.argv[:1])
    reader = DRIVER.plug(READER)
    holder: list[App] = []

    def tap(card: DemoCard) -> DemoButton:
        title = STATUS.get(card.status, Text(card.name, card.name))
        return DemoButton(title, lambda: reader.present(card.uid))

    def scan(barcode: str, name: Text) -> DemoButton:
        return DemoButton(name, lambda: holder[0].window.checkout.scanned(barcode))

    def show_badge(person: DemoPerson) -> DemoButton:
        return DemoButton(
            Text(f"نشان {person.name.fa}", f"Badge of {person.name.en}"), lambda: reader.present(person.badge))

    panel = Simulator(
        (*map(show_badge, STAFF), *map(tap, cards), DemoButton(Text("کارت ناشناس", "Unknown card"), lambda: reader.present(UNKNOWN_CARD))),
        tuple(scan(each.barcode, each.name) for each in memory.shelf.products(SHOWN_GOODS)))
    counter = App(
        who, memory, Person(CASHIER, CASHIER_NAME),
        Hardware(lambda _on_code: [DRIVER], keyboard(Settings()), Paper(FilePrinter(receipts)), simulator=panel), Look(),
        Threads(sync_opener(home, who), lambda: open_memory(home, who.enrolment), spending_office(home, who),
                claims=claims_office(home, who), phones=phone_links(home, who), home=home))
    holder.append(counter)
    return app, counter, reader
