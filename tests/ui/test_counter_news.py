"""What the whole program says at the counter where it would otherwise do nothing, and what it ends with the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from data.member_file import CurrentMembers
from drivers.printers.file import FilePrinter
from drivers.reading import DEMO_CLUB
from drivers.writer_port import WriterSetup
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from tests.fakes import member
from tests.rigs.shift_till import MILK, Station, sign_in
from ui.devices import Paper, keyboard
from ui.look import Look
from ui.making import Making
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.settings import Settings
from ui.views import Tone
from ui.wiring_lines import sync_opener

pytestmark = pytest.mark.usefixtures("qtbot")


@pytest.mark.parametrize(("language", "said"), [
    ("en", "Nothing was sold here yet, so there is no receipt."),
    ("fa", "هنوز اینجا چیزی فروخته نشده است؛ پس رسیدی نیست.")])
def test_without_a_sale_there_is_no_last_receipt_and_it_is_said(
        tmp_path: Path, qapp: QApplication, language: str, said: str) -> None:
    counter = Station(tmp_path / "station", signs_in=False).start(Look(language))
    counter.open_shift()
    window = counter.window
    QTest.keyClick(window.page.scan, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    banner = window.page.banner
    first = (banner.isVisible(), banner.text.text(), banner.property("tone"))
    window.scanned(MILK.barcode)
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    window.checkout.dismiss()
    QTest.keyClick(window.page.scan, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    after = banner.isVisible()
    counter.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert (first, after) == ((True, said, Tone.NEUTRAL.value), False)


@contextmanager
def no_writers() -> Iterator[WriterSetup]:
    raise AssertionError
    yield


def test_the_giving_of_a_card_ends_with_the_lock(tmp_path: Path, qtbot: QtBot) -> None:
    assert qtbot
    station = Station(tmp_path / "station")
    assert isinstance(station.memory.members, CurrentMembers)
    station.memory.members.apply(MemberPage(
        "c", Position(station.memory.journal.head().incarnation, 0), (MemberRecord(member(1), ()),), (), Stamp(1, 1), last=True))
    counter = App(
        station.who, station.memory, Person(Actor("sara", Role.CASHIER), station.who.enrolment.shop_name),
        Hardware(lambda _on_code: [], keyboard(Settings()), Paper(FilePrinter(station.home.receipts))), Look("en"),
        Threads(sync_opener(station.home, station.who), station._open, making=Making(DEMO_CLUB, no_writers)))
    counter.window.show()
    counter.start()
    sign_in(counter, "sara")
    counter.window.lock()  # nothing was given yet
    sign_in(counter, "sara")
    counter.counter.identify("m1")
    counter.window.give_card()
    assert counter._giving
    dialog = counter._giving.dialog
    opened = dialog.isVisible()
    counter.window.lock()
    ended = dialog.isVisible()
    sign_in(counter, "sara")
    again = dialog.isVisible()
    counter.stop()
    assert (opened, ended, again) == (True, False, False)
