"""Hold and recall in the window, offscreen: by the keys alone, by the mouse alone, and what a scan does meanwhile."""

import logging
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.parked import Parking
from tests.fakes import MemoryParked
from tests.rigs.tool_window import ToolWindow
from tests.ui.till import MILK, RICE, Till
from ui.qt import fonts
from ui.qt.holding_dialog import TOTAL, WHO, HoldingDialog
from ui.qt.tools.holding import HoldingTool


class Shop(ToolWindow):
    """A window with the tool; two baskets wait, the milk first."""

    def __init__(self, qtbot: QtBot, language: str = "en") -> None:
        till = Till()
        parking = Parking(till.counter, MemoryParked(till.journal), till.clock)
        super().__init__(qtbot, till, lambda of_window: HoldingTool(of_window, parking), language)
        for good in (MILK, RICE):
            self.window.scanned(good.barcode)
            self.press(Qt.Key.Key_F5)
            till.clock.forward(1)

    @property
    def dialog(self) -> HoldingDialog:
        (tool,) = self.window.tools
        assert isinstance(tool, HoldingTool)
        assert tool.dialog
        return tool.dialog

    def goods(self) -> list[str]:
        basket = self.till.counter.basket
        return [line.product.name.en for line in basket.lines] if basket else []


@pytest.fixture
def shop(qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Shop]:
    fonts.prepare(qapp)
    yield Shop(qtbot)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def test_by_the_keys_alone(shop: Shop) -> None:
    assert shop.goods() == []
    shop.press(Qt.Key.Key_F6)
    cells = [shop.dialog.table.item(0, column) for column in (WHO, TOTAL)]
    assert [cell.text() for cell in cells if cell] == ["Without a member", "38,500\u00a0toman"]
    shop.press(Qt.Key.Key_Down)
    shop.press(Qt.Key.Key_Return)
    assert shop.goods() == ["Rice"]
    assert not shop.dialog.isVisible()


def test_by_the_mouse_alone(shop: Shop) -> None:
    shop.window.bar.buttons["F6"].click()
    table = shop.dialog.table
    place = table.visualRect(table.model().index(1, WHO)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    shop.dialog.take.click()
    assert shop.goods() == ["Rice"]


def test_a_double_click_is_enough(shop: Shop) -> None:
    shop.press(Qt.Key.Key_F6)
    table = shop.dialog.table
    place = table.visualRect(table.model().index(0, WHO)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shop.goods() == ["Milk"]


def test_with_goods_in_hand_nothing_can_be_chosen_and_it_says_why(shop: Shop) -> None:
    shop.window.scanned(MILK.barcode)
    shop.press(Qt.Key.Key_F6)
    assert "E351" in shop.dialog.problem.text()
    assert not shop.dialog.take.isEnabled()
    shop.press(Qt.Key.Key_Return)
    assert shop.dialog.isVisible()
    shop.press(Qt.Key.Key_Escape)
    assert not shop.dialog.isVisible()
    assert shop.goods() == ["Milk"]


def test_a_scan_closes_the_list_and_goes_into_the_basket(shop: Shop) -> None:
    shop.press(Qt.Key.Key_F6)
    shop.window.scanned(RICE.barcode)
    assert not shop.dialog.isVisible()
    assert shop.goods() == ["Rice"]


def test_the_list_speaks_the_other_language_after_a_switch(shop: Shop) -> None:
    shop.press(Qt.Key.Key_F6)
    shop.press(Qt.Key.Key_Escape)
    shop.window.switch_language()
    shop.press(Qt.Key.Key_F6)
    cell = shop.dialog.table.item(0, WHO)
    assert cell
    assert cell.text() != "Without a member"
