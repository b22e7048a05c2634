"""A discount beyond the cashier's own, in the window: shown to the manager, given in both names, and kept in the sale."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.hand import ByHand
from station.pack import HandLimit
from station.people import Actor, Role
from station.tender import TenderKind
from tests.fakes import pack
from tests.ui.test_staff_gate import Shop, badge, sign_in
from tests.ui.till import MILK, Till
from ui.look import Look
from ui.presenters.desk import Desk
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.hand_dialog import HandDialog
from ui.qt.services import Services
from ui.qt.tools.hand import HandTool
from ui.qt.window import Window

LIMITS = (HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50"))


@pytest.fixture
def shop() -> Shop:
    return Shop(Till(rules=replace(pack(promotions=()), by_hand=LIMITS)))


@pytest.fixture
def window(shop: Shop, qtbot: QtBot, qapp: QApplication) -> Window:
    """Sara is at the till, with milk in the basket and the dialog open at ten per cent."""
    fonts.prepare(qapp)
    till = shop.till
    made = Window(
        Desk(till.counter, till.members, till.clock, shop.at_till, till.closed.append),
        replace(till.board, at_till=shop.at_till),
        Services(Rooms(shop.refresh), lambda: None, lambda _look: None, staff=shop.parts, tools=(HandTool,)),
        Look("en", "light"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    sign_in(made)
    made.scanned(MILK.barcode)
    QTest.keyClick(made.page.scan, Qt.Key.Key_F4)
    dialog_of(made).reasons["Damaged"].click()
    QTest.keyClicks(dialog_of(made).field, "10")
    QTest.keyClick(dialog_of(made).field, Qt.Key.Key_Return)
    return made


def dialog_of(window: Window) -> HandDialog:
    (tool,) = window.tools
    assert isinstance(tool, HandTool)
    assert tool.dialog
    return tool.dialog


def given(shop: Shop) -> list[ByHand]:
    basket = shop.till.counter.basket
    return list(basket.by_hand) if basket else []


def approve(window: Window, pin: str) -> None:
    assert window.gate
    window.tapped(badge("badge-omid"))
    QTest.keyClicks(window.gate.dialog.pin.field, pin)
    QTest.keyClick(window.gate.dialog.pin.field, Qt.Key.Key_Return)


def test_the_manager_sees_what_and_how_much_and_both_stand_in_the_sale(window: Window, shop: Shop) -> None:
    assert window.gate
    assert window.gate.dialog.isVisible()
    assert window.gate.dialog.what.text() == "Milk: 3,850\u00a0toman off, Damaged"
    assert not given(shop)
    approve(window, "480216")
    sara, omid = Actor("sara", Role.CASHIER), Actor("omid", Role.MANAGER)
    assert given(shop) == [ByHand(sara, "Damaged", 1, percent="10", approver=omid, most=38_500)]
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    (sale,) = shop.till.journal.sales()
    assert (sale.priced.total, [each.kind for each in sale.tenders]) == (346_500, [TenderKind.CASH])
    assert sale.basket.by_hand[0].approver == omid


def test_thirty_more_pieces_are_paid_in_full(window: Window, shop: Shop) -> None:
    approve(window, "480216")
    for _ in range(30):
        window.scanned(MILK.barcode)
    assert "stays at 3,850" in window.page.banner.text.text()
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    (sale,) = shop.till.journal.sales()
    assert sale.priced.total == 31 * 385_000 - 38_500


def test_whoever_says_no_gives_nothing(window: Window, shop: Shop) -> None:
    assert window.gate
    QTest.keyClick(window.gate.dialog, Qt.Key.Key_Escape)
    assert not window.gate.approving.asking
    assert not given(shop)


def test_a_wrong_pin_gives_nothing(window: Window, shop: Shop) -> None:
    approve(window, "1111")
    assert window.gate
    assert window.gate.dialog.isVisible()
    assert not given(shop)
