"""The discount dialog in the window, offscreen: by keys alone, by touch alone, with a second person, and its limits."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from station.hand import ByHand
from station.pack import HandLimit
from station.people import Role
from tests.fakes import CASHIER, pack
from tests.rigs.tool_window import ToolWindow
from tests.ui.till import MILK, RICE, Till
from ui.presenters.hand import How
from ui.qt import fonts
from ui.qt.hand_dialog import HandDialog
from ui.qt.tools.hand import HandTool

LIMITS = (HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50"))


class Shop(ToolWindow):
    """A window with the tool; milk (line 1) and rice (line 2) are in the basket."""

    def __init__(self, qtbot: QtBot, language: str = "en") -> None:
        super().__init__(qtbot, Till(rules=replace(pack(promotions=()), by_hand=LIMITS)), HandTool, language)
        for good in (MILK, RICE):
            self.window.scanned(good.barcode)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.dialog.field, text)

    @property
    def dialog(self) -> HandDialog:
        (tool,) = self.window.tools
        assert isinstance(tool, HandTool)
        assert tool.dialog
        return tool.dialog

    def given(self) -> list[ByHand]:
        basket = self.till.counter.basket
        return list(basket.by_hand) if basket else []


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., Shop]]:
    fonts.prepare(qapp)
    yield lambda language="en": Shop(qtbot, language)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_by_the_keys_alone(make: Callable[..., Shop], language: str) -> None:
    shop = make(language)
    shop.press(Qt.Key.Key_F4)
    shop.type("4")
    assert not shop.dialog.give.isEnabled()
    shop.press(Qt.Key.Key_Return)  # a reason is missing: the first is chosen
    shop.press(Qt.Key.Key_Down)
    assert "1,430,500" in shop.dialog.outcome.text() or language == "fa"
    assert not shop.given()
    shop.press(Qt.Key.Key_Return)
    assert shop.given() == [ByHand(CASHIER, "Near its last day", 2, percent="4")]
    assert not shop.dialog.isVisible()


def test_by_touch_alone(make: Callable[..., Shop]) -> None:
    shop = make()
    entry = next(each for each in shop.window.entries if each.key == "F4")
    entry.act()
    dialog = shop.dialog
    dialog.on_basket.click()
    dialog.how[How.AMOUNT].click()
    for face in ("5", "0", "000"):
        dialog.pad.keys[face].click()
    dialog.reasons["Damaged"].click()
    dialog.give.click()
    assert shop.given() == [ByHand(CASHIER, "Damaged", None, amount=500_000)]


def test_a_price_is_of_a_line_only(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.press(Qt.Key.Key_F4)
    dialog = shop.dialog
    dialog.how[How.PRICE].click()
    dialog.on_basket.click()
    assert dialog.how[How.PERCENT].isChecked()
    assert not dialog.how[How.PRICE].isEnabled()
    dialog.on_line.click()
    assert dialog.how[How.PRICE].isEnabled()


def test_more_than_anybody_may_give_cannot_be_given_and_says_so(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.press(Qt.Key.Key_F4)
    shop.dialog.reasons["Damaged"].click()
    shop.type("60")
    assert shop.dialog.problem.text() == "Nobody may give this by hand."
    shop.press(Qt.Key.Key_Return)
    assert shop.dialog.isVisible()
    shop.press(Qt.Key.Key_Escape)
    assert not shop.dialog.isVisible()
    assert not shop.given()


def test_where_nobody_can_be_asked_it_is_refused(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.press(Qt.Key.Key_F4)
    shop.dialog.reasons["Damaged"].click()
    shop.type("10")
    assert shop.dialog.needs.text() == "A manager has to agree."
    shop.press(Qt.Key.Key_Return)
    assert not shop.given()
    assert "E356" in shop.window.page.banner.text.text()


def test_what_was_given_is_listed_and_taken_back(make: Callable[..., Shop]) -> None:
    shop = make()
    for _ in range(2):
        shop.press(Qt.Key.Key_F4)
        shop.type("2")
        shop.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert len(shop.given()) == 2
    shop.press(Qt.Key.Key_F4)
    backs = [each for each in shop.dialog.findChildren(QPushButton) if each.text() == "Take back" and each.isVisible()]
    assert len(backs) == 2
    backs[0].click()
    assert len(shop.given()) == 1
    assert shop.dialog.isVisible()


def test_it_opens_empty_again(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.press(Qt.Key.Key_F4)
    shop.dialog.reasons["Damaged"].click()
    shop.dialog.instead.setChecked(True)
    shop.dialog.how[How.AMOUNT].click()
    shop.type("7")
    shop.press(Qt.Key.Key_Escape, Qt.Key.Key_F4)
    form = shop.dialog.form
    assert (form.line, form.how, form.typed, form.reason, form.instead) == (2, How.PERCENT, "", "", False)


def test_without_goods_it_does_not_open(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.window.checkout.abandon()
    shop.press(Qt.Key.Key_F4)
    assert QApplication.activeModalWidget() is None


def test_a_scan_closes_it_and_goes_into_the_basket(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.press(Qt.Key.Key_F4)
    shop.window.scanned(MILK.barcode)
    assert not shop.dialog.isVisible()
    basket = shop.till.counter.basket
    assert basket
    assert basket.lines[0].quantity == 2_000


def test_it_fits_the_smallest_screen(make: Callable[..., Shop]) -> None:
    shop = make("fa")
    shop.press(Qt.Key.Key_F4)
    shop.type("10")
    assert shop.dialog.width() <= 1024
    assert shop.dialog.height() <= 568  # 600 less a title bar
