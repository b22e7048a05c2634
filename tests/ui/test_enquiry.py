"""The price enquiry: its words without Qt, then the dialog offscreen; the basket never changes."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.counter import Counter, Place, World
from station.pack import Pack
from station.product import Scope
from station.promotion import EarningRule, QuantityWindow
from station.rewards import BuyGet, PercentOff
from station.text import Text
from station.weighed import Figure, LabelLayout, ean_check
from tests.fakes import (
    NAME,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    club,
    deal,
    product,
)
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.look import Look
from ui.presenters.enquiry import NOTHING, EnquiryView, PriceEnquiry
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.enquiry_dialog import EnquiryDialog
from ui.qt.services import Services
from ui.qt.tools.enquiry import EnquiryTool
from ui.qt.window import Window
from ui.text import Words
from ui.views import SumView

NBSP, MINUS = "\u00a0", "\u2212"


def rules() -> Pack:
    """Ten per cent for gold, twenty on three pieces of milk, one bun more free; points for what is paid."""
    return replace(club(
        replace(deal("gold", PercentOff("10"), tiers=("gold",)), name=Text("طلایی", "Gold price")),
        replace(deal("three", PercentOff("20"), quantity=QuantityWindow(3), scope=Scope(products=("p1",))),
                name=Text("سه‌تایی", "Three of them")),
        replace(deal("buns", BuyGet(1, 1), scope=Scope(products=("p3",))), name=Text("دوتا", "Two for one"))),
        earning=(EarningRule("base", NAME, 1, 10_000),))


def asked(till: Till, code: str, language: str = "en") -> EnquiryView:
    enquiry = PriceEnquiry(till.counter)
    enquiry.speak(Words(language), Format(language))
    return enquiry.ask(code)


@pytest.fixture
def till() -> Till:
    return Till(rules=rules())


def test_without_a_member_it_is_the_price_of_everybody(till: Till) -> None:
    view = asked(till, MILK.barcode)
    assert (view.name, view.quantity, view.price, view.whose, view.rows) == (
        "Milk", "", f"38,500{NBSP}toman", "Price without membership", ())
    assert view.tells == ("Add 2 pieces of eligible goods and you get “Three of them”.", "“Gold price” is for members of the club.")
    assert till.counter.basket is None


def test_the_member_in_the_basket_sees_the_own_price_and_why(till: Till) -> None:
    till.counter.tap(tap(GOLD_CARD))
    view = asked(till, "۶۲۶" + MILK.barcode[3:])
    assert (view.price, view.whose) == (f"34,650{NBSP}toman", f"Price for {till.members.people['m1'].name}")
    assert view.rows == (
        SumView("Price on the shelf", f"38,500{NBSP}toman"), SumView("Gold price", f"{MINUS}3,850{NBSP}toman"))
    assert view.tells == (f"Earns 34{NBSP}points", "Add 2 pieces of eligible goods and you get “Three of them”.")


def test_a_member_without_a_name(till: Till) -> None:
    till.members.people["m1"] = replace(till.members.people["m1"], name="")
    till.counter.tap(tap(GOLD_CARD))
    assert asked(till, MILK.barcode).whose == "Price for Member without a name"


def test_what_one_more_would_bring(till: Till) -> None:
    assert asked(till, "6260000000003").tells[0] == "One more piece is free: “Two for one”."


def test_an_unknown_code_is_a_problem_and_nothing_typed_is_none(till: Till) -> None:
    assert asked(till, "1234567") == EnquiryView(problem="No item has this code. The basket is unchanged. (E301)")
    assert asked(till, " ") == NOTHING


def test_goods_by_weight_are_told_by_the_kilogram_or_by_their_label() -> None:
    cheese = product(1, 2_500_000, barcode="00123", weighed=True, name=Text("پنیر", "Cheese"))
    counter = Counter(Place("12-1", "12", NAME), World(
        FixedClock(), bytes, MemoryMembers(), MemoryShelf({cheese.barcode: cheese}), MemoryPacks(rules()),
        MemoryJournal(), labels=(LabelLayout("21", 5, Figure.WEIGHT, 5),)))
    enquiry = PriceEnquiry(counter)
    enquiry.speak(Words("en"), Format("en"))
    view = enquiry.ask("00123")
    assert (view.quantity, view.price) == ("the kilogram", f"250,000{NBSP}toman")
    view = enquiry.ask("210012300324" + ean_check("210012300324"))
    assert (view.quantity, view.price) == ("0.324 kilograms", f"81,000{NBSP}toman")


class Shop:
    """A window with the tool."""

    def __init__(self, till: Till, qtbot: QtBot) -> None:
        self.till, self._qtbot = till, qtbot
        services = Services(Rooms(lambda _page: None), lambda: None, lambda _look: None, tools=(EnquiryTool,))
        self.window = Window(till.desk, till.board, services, Look("en", "light"), None)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.open()

    def open(self) -> None:
        with self._qtbot.waitActive(self.window):
            self.window.activateWindow()
        QTest.keyClick(self.window.page.scan, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)

    @property
    def dialog(self) -> EnquiryDialog:
        (tool,) = self.window.tools
        assert isinstance(tool, EnquiryTool)
        assert tool.dialog
        return tool.dialog


@pytest.fixture
def shop(till: Till, qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Shop]:
    fonts.prepare(qapp)
    yield Shop(till, qtbot)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def test_what_is_scanned_is_asked_about_and_not_sold(shop: Shop) -> None:
    shop.window.scanned(MILK.barcode)
    assert shop.dialog.price.text() == f"38,500{NBSP}toman"
    shop.window.scanned(RICE.barcode)
    assert shop.dialog.price.text() == f"1,450,000{NBSP}toman"
    assert shop.till.counter.basket is None


def test_a_code_is_typed_or_touched_in(shop: Shop) -> None:
    QTest.keyClicks(shop.dialog.asked, MILK.barcode[:-1])
    shop.dialog.pad.keys[MILK.barcode[-1]].click()
    QTest.keyClick(shop.dialog.asked, Qt.Key.Key_Return)
    assert (shop.dialog.price.text(), shop.dialog.asked.text()) == (f"38,500{NBSP}toman", "")
    shop.dialog.ask.click()  # nothing typed: the good stays
    assert shop.dialog.price.text() == f"38,500{NBSP}toman"


def test_a_card_shows_that_members_price_of_the_same_good(shop: Shop) -> None:
    shop.window.scanned(MILK.barcode)
    shop.window.tapped(tap(GOLD_CARD))
    assert shop.dialog.isVisible()
    assert shop.dialog.price.text() == f"34,650{NBSP}toman"
    assert shop.till.counter.member
    basket = shop.till.counter.basket
    assert basket
    assert basket.lines == ()


def test_once_closed_a_scan_is_sold_and_a_card_is_taken_as_ever(shop: Shop) -> None:
    QTest.keyClick(shop.dialog, Qt.Key.Key_Escape)
    shop.window.scanned(MILK.barcode)
    shop.window.tapped(tap(GOLD_CARD))
    basket = shop.till.counter.basket
    assert basket
    assert (len(basket.lines), bool(basket.member)) == (1, True)


def test_it_opens_empty_and_follows_a_switch_of_language(shop: Shop) -> None:
    shop.window.scanned(MILK.barcode)
    shop.window.switch_language()
    assert shop.dialog.name.text() == "شیر"
    QTest.keyClick(shop.dialog, Qt.Key.Key_Escape)
    shop.open()
    assert (shop.dialog.name.text(), shop.dialog.price.text()) == ("", "")
