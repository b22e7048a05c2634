"""The demo's counter: the real program with a simulated reader, for hands or for the script."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtWidgets import QApplication

from drivers.printers.file import FilePrinter
from drivers.readers.simulated import DRIVER, SimulatedDevice
from station.product import Product
from station.text import Text
from station.weighed import Figure, LabelLayout, ean_check
from ui.demo.shop import CASHIER, CASHIER_NAME, READER, STAFF, UNKNOWN_CARD, DemoCard, DemoPerson
from ui.devices import Paper, keyboard
from ui.late import LateClaims, LateCoupons, LatePhones, LateSpending, late_sync
from ui.look import Look, LookFile
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.opening import application
from ui.qt.rounds import Start, run
from ui.qt.simulator import DemoButton, Simulator
from ui.settings import Settings
from ui.wiring import Home, Memory, Paired, open_memory

SHOWN_GOODS, ALL_GOODS = 12, 500
LABEL, LABEL_GRAMS = LabelLayout("21", 5, Figure.WEIGHT, 5), 742
"""What the demo's scales print, and what they weighed."""

STATUS = {"BLOCKED": Text("کارت مسدود", "Blocked card"), "LOST": Text("کارت گم‌شده", "Lost card")}


def hands_on(home: Home, who: Paired, cards: Sequence[DemoCard], receipts: Path) -> int:
    """Run the counter for people until its window is closed, with training as the station has it; return the status."""
    def real(_start: Start, look: Look, _used: ExitStack) -> App:
        return build(home, who, open_memory(home, who.enrolment), cards, receipts, look)[1]

    start = Start(home, Person(CASHIER, CASHIER_NAME), LookFile(home.folder))
    return run(application(sys.argv[:1]), start, Look(), None, training=False, real=real)


def build(
    home: Home, who: Paired, memory: Memory, cards: Sequence[DemoCard], receipts: Path, look: Look = Look(),  # noqa: B008 - frozen
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

    def label(good: Product) -> DemoButton:
        digits = f"{LABEL.prefix}{int(good.product_id[1:]):05}{LABEL_GRAMS:05}"
        name = Text(f"برچسب ترازو: {good.name.fa}", f"Scale label: {good.name.en}")
        return scan(digits + ean_check(digits), name)

    goods = list(memory.shelf.products(ALL_GOODS))
    panel = Simulator(
        (*map(show_badge, STAFF), *map(tap, cards), DemoButton(Text("کارت ناشناس", "Unknown card"), lambda: reader.present(UNKNOWN_CARD))),
        (*(scan(each.barcode, each.name) for each in goods[:SHOWN_GOODS]),
         *(label(each) for each in [good for good in goods if good.weighed][:1])))
    counter = App(
        who, memory, Person(CASHIER, CASHIER_NAME),
        Hardware(lambda _on_code: [DRIVER], keyboard(Settings()), Paper(FilePrinter(receipts)), simulator=panel, labels=(LABEL,)),
        look,
        Threads(late_sync(home, who), lambda: open_memory(home, who.enrolment), LateSpending(home, who),
                claims=LateClaims(home, who), phones=LatePhones(home, who), home=home, training=False,
                coupons=LateCoupons(home, who)))
    holder.append(counter)
    return app, counter, reader
