"""Coupons for a later visit on real widgets: used by keyboard, by touch and by scanner, and read from the paper."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from station.coupons import coupon_number, grouped
from station.errors import ErrorCode
from tests.fakes import pack
from tests.ui.purses import Purses
from tests.ui.test_coupons import GIVES, MINE, NUMBER, TEN
from tests.ui.test_pay_dialog import Make, click, fits, focused, key, make, purses, reprints, type_text, using
from tests.ui.test_return_paper import read
from tests.ui.till import GOLD_CARD, Till, tap
from ui.format import Format
from ui.presenters.receipt import Issue, receipt_view
from ui.qt.receipt import receipt_raster
from ui.qt.using_dialog import UsingDialog
from ui.qt.window import Window
from ui.text import Words
from ui.views_using import CouponView, PointsView, RewardView, UsingView

__all__ = ["make", "purses", "reprints"]
"""Fixtures."""

TEN_OFF = "34,650\u00a0toman"


@pytest.fixture
def till(purses: Purses) -> Till:
    made = Till(rules=pack(promotions=(GIVES, TEN)), spending=purses.spending())
    made.members.given = [MINE]
    return made


def opened(window: Window) -> UsingDialog:
    """The dialog of F9, over the basket of a member with one coupon."""
    window.tapped(tap(GOLD_CARD))
    key(window, Qt.Key.Key_F9)
    dialog = using(window).dialog
    assert dialog is not None
    return dialog


def test_one_press_uses_a_members_coupon_and_another_takes_it_out(make: Make) -> None:
    window = make()
    dialog = opened(window)
    [use] = [each for each in dialog.coupons.findChildren(QPushButton) if each.text() == "Use"]
    assert use.accessibleName() == "Use: Next visit (10%)"
    click(dialog.coupons, "Use")
    assert (dialog.news.text(), window.page.totals.total.text()) == ("Coupon taken: Next visit", TEN_OFF)
    click(dialog.coupons, "Take out")
    assert window.page.totals.total.text() == "38,500\u00a0toman"
    click(dialog.coupons, "Use")
    key(window, Qt.Key.Key_Escape)
    window.checkout.undo()
    assert window.page.totals.total.text() == "38,500\u00a0toman"


def test_by_keyboard_alone_it_is_reached_or_its_number_is_typed(make: Make) -> None:
    window = make()
    dialog = opened(window)
    for _ in range(12):
        key(window, Qt.Key.Key_Tab)
        front = focused(window)
        if isinstance(front, QPushButton) and front.accessibleName() == "Use: Next visit (10%)":
            break
    key(window, Qt.Key.Key_Space)
    assert dialog.news.text() == "Coupon taken: Next visit"
    click(dialog.coupons, "Take out")
    dialog.code.setFocus()
    type_text(window, grouped(NUMBER)[2:])
    key(window, Qt.Key.Key_Return)
    assert (dialog.news.text(), window.page.totals.total.text()) == ("Coupon taken: Next visit", TEN_OFF)


def test_by_touch_alone_its_digits_are_typed_on_the_pad(make: Make) -> None:
    window = make()
    dialog = opened(window)
    dialog.code.setFocus()
    for digit in NUMBER[1:]:
        click(dialog.pad, digit)
    click(dialog, "Show")
    assert dialog.news.text() == "Coupon taken: Next visit"


def test_the_scanner_serves_the_open_dialog_which_says_what_came_of_it(make: Make, till: Till) -> None:
    window = make()
    dialog = opened(window)
    window.scanned(NUMBER)
    assert dialog.news.text() == "Coupon taken: Next visit"
    click(dialog.coupons, "Take out")
    till.members.given = []
    window.scanned(NUMBER)
    assert f"(E{ErrorCode.COUPON_ELSEWHERE.value})" in dialog.problem.text()
    assert not dialog.news.isVisible()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_smallest_screen_holds_it(make: Make, language: str) -> None:
    window = make(language, (1024, 600))
    dialog = opened(window)
    window.scanned(NUMBER)
    QApplication.processEvents()
    fits(dialog)


def test_the_members_pane_tells_of_it_without_cutting_it_off(make: Make) -> None:
    window = make("fa", (1024, 600))
    window.tapped(tap(GOLD_CARD))
    QApplication.processEvents()
    [said] = [each for each in window.findChildren(QLabel) if each.text() == "۱ کوپن برای استفاده (F9)"]
    assert said.isVisible()
    assert said.height() >= said.sizeHint().height()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_scanner_reads_the_coupon_from_the_receipt(make: Make, till: Till, language: str) -> None:
    window = make(language)
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    [closed] = till.closed
    sale, receipt = closed.settled.sale, closed.settled.receipt
    view = receipt_view(sale, Issue(receipt, closed.at, "Vanak", "Sara"), closed.pack, Words(language), Format(language))
    assert read(receipt_raster(view)) == [coupon_number(f"{sale.sale_id}/gives"), receipt]


def test_a_dialog_that_nobody_serves_offers_no_keys(make: Make) -> None:
    dialog = UsingDialog(make())
    dialog.set_words(Words("en"))
    dialog.show_using(UsingView(
        "m", PointsView("", "", "", "", ""), (RewardView("tea", "Tea", "", can=True, taken=False),),
        (CouponView(MINE.code, "Next visit", "", taken=False),), can_pay=False, wallet=False))
    for offers in (dialog.rewards, dialog.coupons):
        assert offers.findChildren(QPushButton) == []
