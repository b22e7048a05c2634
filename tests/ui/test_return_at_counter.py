"""The whole counter over real files: sold, printed, the receipt's bar code scanned, taken back with a second person, printed."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from data.past_sales import PastSales
from station.journal import Draft, EntryKind, Position, receipt_number
from station.people import Actor, Role
from station.sale import Elsewhere, ReturnCause, ReturnedLine, SaleReturn
from station.tender import Tender, TenderKind
from station.text import Text
from station.unknown_return import UnknownReturn
from tests.rigs.shift_till import MILK, Station, approve, sign_in
from ui.clock import SystemClock
from ui.format import Format
from ui.look import Look
from ui.qt.app import App
from ui.qt.printing import Letterhead, ReceiptJobs
from ui.qt.return_page import ReturnPage
from ui.text import Words


@pytest.fixture
def counter(qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[App]:
    """Sara at the till with a shift open; no override of a Qt method may have failed inside it."""
    made = Station(tmp_path / "station").start(Look("en"))
    sign_in(made, "sara")
    made.counter.open_shift(made.at_till.actor, 0)
    made.window.open_checkout()
    yield made
    made.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR and each.name.startswith("ui")] == []


def papers(counter: App, qtbot: QtBot, count: int) -> list[Path]:
    """The paper so far, oldest first, once there are ``count`` strips."""
    folder = Path(counter._memory.journal.database.path).parent / "receipts"
    qtbot.waitUntil(lambda: len(list(folder.glob("*.png"))) == count and not counter._memory.journal.waiting_prints(), timeout=20_000)
    return sorted(folder.glob("*.png"), key=lambda each: each.stat().st_mtime_ns)


def read(paper: Path) -> str:
    [found] = zxingcpp.read_barcodes(Image.open(paper).convert("L"))
    return str(found.text)


def sell(counter: App, pieces: int) -> None:
    counter.counter.scan(MILK.barcode, pieces * 1000)
    counter.counter.settle((Tender(TenderKind.CASH, pieces * 400_000),), counter.at_till.actor)
    counter.printer.wake()


def shown(counter: App) -> ReturnPage:
    page = counter.window.pages.currentWidget()
    assert isinstance(page, ReturnPage)
    return page


def test_what_was_printed_is_scanned_and_comes_back_and_that_is_printed(counter: App, qtbot: QtBot) -> None:
    sell(counter, 3)
    [sold] = papers(counter, qtbot, 1)
    counter.window.scanned(read(sold))
    page = shown(counter)
    QTest.keyClicks(page.goods.table, "2")
    page.goods.act.click()
    gate = counter.window.gate
    assert gate
    assert "800,000" in gate.dialog.what.text() or "80,000" in gate.dialog.what.text()
    approve(counter, "nima")
    assert page.stack.currentWidget() is page.done
    journal = counter._memory.journal
    (entry,) = (PastSales(journal.database).return_at(journal.head().seq),)
    assert isinstance(entry.body, SaleReturn)
    assert (entry.body.money, entry.actor.person, entry.approver) == (800_000, "sara", Actor("nima", Role.SENIOR))
    back = papers(counter, qtbot, 2)[-1]
    assert read(back) in page.done.said.text()
    page.done.again_button.click()
    assert len(papers(counter, qtbot, 3)) == 3


def test_a_return_of_a_sale_made_elsewhere_is_printed_from_its_own_entry(counter: App, qtbot: QtBot) -> None:
    """Neither the sale nor its rules are in this station's files."""
    sell(counter, 2)
    memory = counter._memory
    place = memory.journal.last_sale()
    assert place
    sale = memory.journal.sale(place).body
    elsewhere = replace(sale, basket=replace(sale.basket, pack=sale.basket.pack + 7))
    back = SaleReturn(
        "01900000-0000-7000-8000-000000000001", sale.sale_id, "b" * 32, 7, sale.business_date, 1, None, (ReturnedLine(1, 1000),),
        400_000, (Tender(TenderKind.CASH, 400_000),), (), (), (), elsewhere=Elsewhere("12-9", "12-9-000007-BBBB", elsewhere))
    stored = memory.journal.append(Draft(EntryKind.RETURN, SystemClock().now(), counter.at_till.actor, back))
    counter.printer.wake()
    paper = papers(counter, qtbot, 2)[-1]
    assert read(paper) == receipt_number("12-1", Position(stored.incarnation, stored.seq))
    head = Letterhead(Text("ونک", "Vanak"), Text("سارا", "Sara"), lambda: (Words("en"), Format("en")))
    view = ReceiptJobs(memory, head).describe(stored.place, copy=True)
    assert [row.value.strip("\u200e") for row in view.head if row.label == "Of receipt"] == ["12-9-000007-BBBB"]
    assert [line.name for line in view.lines] == [MILK.name.en]


def test_a_void_and_goods_without_their_sale_are_approved_and_printed(counter: App, qtbot: QtBot) -> None:
    sell(counter, 1)
    QTest.keyClick(counter.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    shown(counter).goods.act.click()
    approve(counter, "nima")
    journal = counter._memory.journal
    past = PastSales(journal.database)
    voided = past.return_at(journal.head().seq).body
    assert isinstance(voided, SaleReturn)
    assert (voided.cause, voided.money) == (ReturnCause.VOID, 400_000)
    QTest.keyClick(counter.window, Qt.Key.Key_F7)
    page = shown(counter)
    page.unknown_button.click()
    counter.window.scanned(MILK.barcode)
    page.goods.reasons["The receipt is lost"].click()
    page.goods.act.click()
    approve(counter, "omid")
    entry = past.return_at(journal.head().seq)
    assert isinstance(entry.body, UnknownReturn)
    assert (entry.body.money, entry.approver) == (400_000, Actor("omid", Role.MANAGER))
    assert len(papers(counter, qtbot, 3)) == 3
