"""A card made at the counter: written by the dialog, signed by head office, bound, tapped, and known there."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.printers.file import FilePrinter
from drivers.reading import DEMO_CLUB
from station.card import CardTier
from station.people import Actor, Role
from station.text import Text
from tests.line.conftest import Line
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.writing_hand import WritingHand
from ui.cli import OK, REFUSED, main
from ui.devices import Paper, keyboard, reader_drivers, shop_setup
from ui.look import Look
from ui.making import Making
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.menu import MenuDialog
from ui.qt.opening import application
from ui.settings import Settings
from ui.wiring import keep_pairing, open_memory
from ui.wiring_lines import key_holder, sync_opener
from ui.wiring_writers import writers_of

pytestmark = [pytest.mark.slow, pytest.mark.pcsc, pytest.mark.timeout(180)]
SARA = Person(Actor("sara", Role.CASHIER), Text("سارا محمدی", "Sara Mohammadi"))
LIMIT_MS = 20_000


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[WritingHand]:
    assert pcsc
    wait_until_empty()
    with WritingHand() as started:
        yield started


@pytest.fixture
def counter(qapp: QApplication, line: Line) -> Iterator[App]:
    application([])
    assert qapp
    with closing(key_holder(line.home, line.who)) as keys:
        making = Making(DEMO_CLUB, lambda: writers_of(line.home, line.who, Settings(), keys))
        made = App(
            line.who, line.memory, SARA,
            Hardware(lambda on_code: reader_drivers(shop_setup(Settings(), on_code)), keyboard(Settings()),
                     Paper(FilePrinter(line.home.receipts))),
            Look(language="en"), Threads(
                sync_opener(line.home, line.who), lambda: open_memory(line.home, line.who.enrolment), making=making))
        made.window.show()
        made.start()
        made.open_shift()
        made.window.activateWindow()
        yield made
        made.stop()


def test_a_card_is_made_for_a_member_and_opens_the_account(
    qtbot: QtBot, line: Line, hand: WritingHand, counter: App,
) -> None:
    link = line.memory.members.card(line.card_of("gold").uid)
    assert link is not None
    counter.window.checkout.identify(link.member_id)
    counter.window.open_menu()
    menu = counter.window.findChild(MenuDialog)
    assert isinstance(menu, MenuDialog)
    menu.key("Give a card to this member").click()
    giving = counter._giving
    assert giving is not None
    dialog = giving.dialog
    assert dialog.isVisible()
    number = dialog.number.text()
    hand.blank()
    QTest.keyClick(dialog.number, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.news.text() or dialog.problem.text()), timeout=LIMIT_MS)
    assert dialog.problem.text() == ""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    counter.window.checkout.abandon()

    hand.again()
    qtbot.waitUntil(lambda: counter.counter.member is not None, timeout=LIMIT_MS)
    assert counter.counter.member is not None
    assert counter.counter.member.member_id == link.member_id
    assert counter.counter.card_tier is CardTier.ISSUED

    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    held = line.memory.members.card(number)
    assert held is not None
    assert held.member_id == link.member_id


def test_the_command_line_makes_a_card_and_says_what_it_proves(
    line: Line, hand: WritingHand, capsys: pytest.CaptureFixture[str],
) -> None:
    link = line.memory.members.card(line.card_of("gold").uid)
    assert link is not None
    keep_pairing(line.home, line.who)  # head office has another port since the folder was copied
    hand.blank("type4")
    home = str(line.home.folder)
    assert main(["cards", "issue", "--home", home, "--form", "tag", "--member", link.member_id]) == OK
    given = capsys.readouterr().out.splitlines()
    assert given[-1] == f"given to member {link.member_id}"
    assert main(["cards", "check", "--home", home, "--reader", f"pcsc:{READER}"]) == OK
    assert capsys.readouterr().out.splitlines()[1:] == [
        "status      ACTIVE", "tier        1 Issued card: cannot be invented, can be copied"]
    line.office.stop()
    hand.swap("04A1B2C3D4E5F7", "ntag213")
    assert main(["cards", "issue", "--home", home, "--form", "tag", "--member", link.member_id]) == REFUSED
    assert "(E501)" in capsys.readouterr().err
    assert not any(command[1:2] == b"\xd6" for command in hand.heard())
