"""A shop without people: whoever is there does what needs a second person elsewhere, and the journal says so."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from data.derived import decode
from station.errors import ErrorCode
from station.journal import Body, Entry, EntryKind
from station.pack import HandLimit
from station.people import Actor, Role
from station.shift import CountReason
from station.staff_event import StaffDeed, StaffEvent
from station.tender import Tender, TenderKind
from tests.fakes import pack
from tests.rigs.shift_till import MILK, Station
from ui.look import Look
from ui.qt.app import App
from ui.qt.menu import MenuDialog
from ui.qt.return_page import ReturnPage
from ui.qt.tool import Tool
from ui.qt.tools.hand import HandTool
from ui.qt.tools.returning import ReturnTool
from ui.text import Words

ALONE = Actor("sara", Role.ALONE)
LIMITS = HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50")


@pytest.fixture
def run(qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., App]]:
    """Start a counter where nobody is set up, its shift open; no override of a Qt method may have failed inside it."""
    started: list[App] = []

    def start(language: str = "en") -> App:
        station = Station(tmp_path / "station", signs_in=False)
        rules = replace(pack(2), effective_us=2, by_hand=LIMITS)
        station.memory.packs.install(rules, msgspec.json.encode(rules), b"signature")
        made = station.start(Look(language))
        started.append(made)
        made.shift.opened(made.counter.open_shift(made.at_till.actor, 1_000_000))
        return made

    yield start
    for each in started:
        each.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR and each.name.startswith("ui")] == []


def entries(counter: App) -> list[Entry[Body]]:
    journal = counter._memory.journal
    return [decode(each.raw, each.kind) for each in journal.entries(0, 100)]


def who(counter: App, kind: EntryKind) -> tuple[Actor, Actor | None]:
    """Return who did the last of ``kind``, and who approved it."""
    last = [each for each in entries(counter) if each.kind is kind][-1]
    return last.actor, last.approver


def sell(counter: App) -> None:
    counter.counter.scan(MILK.barcode)
    counter.counter.settle((Tender(TenderKind.CASH, 400_000),), counter.at_till.actor)


def choose(counter: App, text: str) -> None:
    """Choose an entry of the F10 menu."""
    counter.window.open_menu()
    menu = next(each for each in counter.window.findChildren(MenuDialog) if each.isVisible())
    menu.key(text).click()
    counter.window.activateWindow()


def tool(counter: App, kind: type[Tool]) -> Tool:
    return next(each for each in counter.window.tools if isinstance(each, kind))


def returning(counter: App) -> ReturnPage:
    found = tool(counter, ReturnTool)
    assert isinstance(found, ReturnTool)
    assert found.page
    return found.page


def test_the_journal_says_of_everything_that_nobody_signed_in(run: Callable[..., App]) -> None:
    counter = run()
    sell(counter)
    assert [who(counter, kind) for kind in (EntryKind.SHIFT_OPENED, EntryKind.SALE)] == [(ALONE, None)] * 2


def test_the_last_sale_is_made_void(run: Callable[..., App]) -> None:
    counter = run()
    sell(counter)
    QTest.keyClick(counter.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    returning(counter).goods.act.click()
    assert who(counter, EntryKind.RETURN) == (ALONE, None)


def test_goods_come_back(run: Callable[..., App]) -> None:
    counter = run()
    sell(counter)
    QTest.keyClick(counter.window, Qt.Key.Key_F7)
    page = returning(counter)
    page.finding.table.open_current()
    page.goods.all.click()
    page.goods.act.click()
    assert who(counter, EntryKind.RETURN) == (ALONE, None)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_goods_without_their_sale_need_somebody_else_and_that_is_said_before_they_are_scanned(
        run: Callable[..., App], language: str) -> None:
    counter = run(language)
    QTest.keyClick(counter.window, Qt.Key.Key_F7)
    page = returning(counter)
    page.unknown_button.click()
    assert page.problem.isVisible()
    assert page.problem.text().endswith(f"(E{ErrorCode.APPROVER_MISSING.value})")
    assert Words(language)("Nobody signs in at this till, and this needs a second person. Do it where people sign in, "
                           "or have head office set up people for this shop.") in page.problem.text()
    assert page.stack.currentWidget() is page.finding


def test_as_much_is_given_by_hand_as_anybody_may_give(run: Callable[..., App]) -> None:
    counter = run()
    counter.window.scanned(MILK.barcode)
    QTest.keyClick(counter.window, Qt.Key.Key_F4)
    hand = tool(counter, HandTool)
    assert isinstance(hand, HandTool)
    dialog = hand.dialog
    assert dialog
    dialog.reasons["Damaged"].click()
    dialog.field.setText("51")
    assert not dialog.give.isEnabled()
    dialog.field.setText("50")
    assert not dialog.needs.text()
    dialog.give.click()
    priced = counter.counter.priced()
    assert priced
    assert priced.total == 200_000
    counter.counter.settle((Tender(TenderKind.CASH, 200_000),), counter.at_till.actor)
    assert who(counter, EntryKind.SALE) == (ALONE, None)


def test_the_drawer_is_opened_for_a_reason(run: Callable[..., App]) -> None:
    counter = run()
    [drawer] = [each for each in counter.window.entries if each.meaning == "Open the drawer"]
    counter.window.attempt(drawer.sub[0].act)
    event = entries(counter)[-1].body
    assert isinstance(event, StaffEvent)
    assert (event.deed, event.note) == (StaffDeed.DRAWER_OPENED, "Change is needed")
    assert who(counter, EntryKind.STAFF) == (ALONE, None)


def test_a_closed_shift_is_corrected_and_a_large_difference_closes_one(run: Callable[..., App]) -> None:
    counter = run()
    counter.shift.show(lambda desk: desk.close())
    page = counter.shift.page
    assert page
    page.act(lambda desk: desk.leave_uncounted(CountReason.TILL_FAILED))
    assert who(counter, EntryKind.SHIFT_CLOSED) == (ALONE, None)
    counter.shift.opened(counter.counter.open_shift(counter.at_till.actor, 0))
    choose(counter, "Correct a closed shift")
    dialog = counter.shift.correction
    assert dialog
    QTest.keyClicks(dialog.amount, "100")
    dialog.more.click()
    assert who(counter, EntryKind.CORRECTION) == (ALONE, None)
