"""The payment and the use of points on the screen: every means by keyboard alone, by mouse alone, in both languages."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.tender import TenderKind
from tests.fakes import pack
from tests.ui.purses import Purses
from tests.ui.test_paying import GIFT, PRINTED
from tests.ui.test_using import RULES, TEA, YALDA
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.look import Look
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.tools.using import UsingTool
from ui.qt.window import Window

Make = Callable[..., Window]


@pytest.fixture
def purses() -> Purses:
    return Purses({"m1": 200_000, GIFT: 100_000})


@pytest.fixture
def till(purses: Purses) -> Till:
    return Till(rules=replace(pack(promotions=(TEA, YALDA)), redemption=RULES), spending=purses.spending())


@pytest.fixture
def reprints() -> list[str]:
    return []


@pytest.fixture
def make(
    qtbot: QtBot, till: Till, qapp: QApplication, reprints: list[str], caplog: pytest.LogCaptureFixture,
) -> Iterator[Make]:
    """Make shown windows with a milk of 38 500 toman; no override of a Qt method may have failed inside them."""
    fonts.prepare(qapp)

    def build(language: str = "en", size: tuple[int, int] = (1366, 768)) -> Window:
        services = Services(Rooms(lambda _page: None), lambda: reprints.append("again"), lambda _look: None, tools=(UsingTool,))
        window = Window(till.desk, till.board, services, Look(language))
        qtbot.addWidget(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        window.checkout.scanned(MILK.barcode)
        return window

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def focused(window: Window) -> QWidget:
    """What the keys go to: offscreen no window manager hands the focus to a dialog."""
    QApplication.processEvents()
    front = next((each for each in window.findChildren(QDialog) if each.isVisible()), window)
    return front.focusWidget() or front


def key(window: Window, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(window), key, modifier)


def type_text(window: Window, text: str) -> None:
    QTest.keyClicks(focused(window), text)


def click(where: QWidget, name: str) -> None:
    QApplication.processEvents()
    found = next(each for each in where.findChildren(QPushButton)
                 if each.isVisible() and each.text().partition("  ")[0] == name)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def using(window: Window) -> UsingTool:
    tool = window.tools[0]
    assert isinstance(tool, UsingTool)
    return tool


def test_cash_bank_terminal_and_gift_card_on_one_sale_by_keyboard_alone(make: Make, till: Till) -> None:
    window, alt = make(), Qt.KeyboardModifier.AltModifier
    key(window, Qt.Key.Key_F12)
    type_text(window, "5000")
    key(window, Qt.Key.Key_Return)
    assert window.pay_dialog.rest.text() == "33,500\u00a0toman"
    key(window, Qt.Key.Key_2, alt)
    assert window.pay_dialog.bank_page.amount.text() == "33,500"
    assert focused(window) is window.pay_dialog.trace
    key(window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert focused(window) is window.pay_dialog.bank_page.amount
    type_text(window, "3500")
    key(window, Qt.Key.Key_Return)
    assert focused(window) is window.pay_dialog.trace
    type_text(window, "004711")
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_4, alt)
    type_text(window, PRINTED)
    key(window, Qt.Key.Key_Return)
    assert window.pay_dialog.purse_page.amount.text() == "10,000"
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_1, alt)
    key(window, Qt.Key.Key_Return)
    [sale] = till.journal.sales()
    assert [(each.kind, each.amount, each.trace) for each in sale.tenders] == [
        (TenderKind.CASH, 50_000, ""), (TenderKind.DEBIT, 35_000, "004711"), (TenderKind.GIFT_CARD, 100_000, ""),
        (TenderKind.CASH, 200_000, "")]
    assert window.pay_dialog.isHidden()


def test_the_same_by_mouse_alone(make: Make, till: Till) -> None:
    window = make()
    window.tapped(tap(GOLD_CARD))
    pay = window.pay_dialog
    click(window, "Pay")
    for digit in ("5", "000"):
        click(pay, digit)
    click(pay, "Pay in cash")
    click(pay, "Take out")
    assert pay.taken.isHidden()
    click(pay, "Wallet")
    click(pay, "⌫")
    assert pay.purse_page.amount.text() == ""
    click(pay, "Take this amount")
    click(pay, "Bank terminal")
    click(pay, "Paid on the bank terminal")
    assert "E341" in pay.problem.text()
    for digit in "12":
        click(pay, digit)
    click(pay, "Paid on the bank terminal")
    [sale] = till.journal.sales()
    assert [(each.kind, each.amount) for each in sale.tenders] == [
        (TenderKind.WALLET, 200_000), (TenderKind.DEBIT, 185_000)]


def test_what_was_refused_is_gone_when_the_payment_is_opened_again(make: Make) -> None:
    window = make()
    pay = window.pay_dialog
    key(window, Qt.Key.Key_F12)
    type_text(window, "ten")
    key(window, Qt.Key.Key_Return)
    assert "E304" in pay.problem.text()
    key(window, Qt.Key.Key_Escape)
    assert pay.isHidden()
    window.checkout.begin_pay()
    assert pay.isVisible()
    assert (pay.given.text(), pay.problem.text()) == ("", "")


def test_escape_steps_back_to_cash_then_to_the_basket(make: Make, till: Till) -> None:
    window = make()
    key(window, Qt.Key.Key_F12)
    key(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    key(window, Qt.Key.Key_Escape)
    assert window.pay_dialog.isVisible()
    assert focused(window) is window.pay_dialog.given
    key(window, Qt.Key.Key_Escape)
    assert window.pay_dialog.isHidden()
    assert till.counter.basket is not None


def test_a_till_that_locks_closes_the_payment_whatever_page_is_open(make: Make, till: Till) -> None:
    window = make()
    key(window, Qt.Key.Key_F12)
    type_text(window, "1000")
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    window.pay_dialog.reject()  # as the window's door does
    assert window.pay_dialog.isHidden()
    assert till.counter.basket is not None
    window.checkout.begin_pay()
    assert window.pay_dialog.isVisible()
    assert window.pay_dialog.rest.text() == "37,500\u00a0toman"


def test_a_member_tapped_and_goods_scanned_while_paying_count(make: Make, till: Till) -> None:
    window = make()
    key(window, Qt.Key.Key_F12)
    window.tapped(tap(GOLD_CARD))
    window.scanned(RICE.barcode)
    assert window.pay_dialog.isVisible()
    assert till.counter.member is not None
    assert window.pay_dialog.means[TenderKind.WALLET].isEnabled()
    window.scanned("6269999999999")
    assert "E301" in window.pay_dialog.problem.text()
    key(window, Qt.Key.Key_Return)
    assert len(till.journal.sales()[0].basket.lines) == 2


def test_every_way_of_asking_twice_is_one_sale(make: Make, till: Till) -> None:
    window = make()
    for _ in range(2):
        QTest.mouseClick(window.page.pay, Qt.MouseButton.LeftButton)
    key(window, Qt.Key.Key_F12)
    key(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    type_text(window, "77")
    for _ in range(2):
        QTest.keyClick(window.pay_dialog.trace, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_F12)
    window.pay_dialog.bank_page.take.click()
    window.pay_dialog.cash_page.take.click()
    assert len(till.journal.sales()) == len(till.closed) == 1


def test_the_done_sale_is_told_large_and_printed_again_until_the_next_scan(make: Make, reprints: list[str]) -> None:
    window = make()
    window.tapped(tap(GOLD_CARD))
    key(window, Qt.Key.Key_F12)
    type_text(window, "40000")
    key(window, Qt.Key.Key_Return)
    band = window.page.banner
    assert band.accessibleName() == (
        "Done: 38,500\u00a0toman · receipt \u200eS1-000002-A3F9\u200e Change 1,500\u00a0toman Points got: 38 · Points balance: 538")
    click(band, "Receipt again")
    key(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert reprints == ["again", "again"]
    assert band.isVisible()
    window.scanned(MILK.barcode)
    assert band.isHidden()


def test_points_rewards_and_coupons_by_keyboard_alone(make: Make, purses: Purses) -> None:
    purses.balances = {"m1": 450}
    window = make()
    window.tapped(tap(GOLD_CARD))
    key(window, Qt.Key.Key_F9)
    dialog = using(window).dialog
    assert dialog is not None
    assert focused(window) is dialog.amount
    assert dialog.amount.text() == "400"
    type_text(window, "100")
    key(window, Qt.Key.Key_Return)
    assert dialog.used.text() == "100\u00a0points pay 5,000\u00a0toman now."
    dialog.code.setFocus()
    type_text(window, "YALDA")
    key(window, Qt.Key.Key_Return)
    assert dialog.news.text() == "Coupon taken: Yalda"
    key(window, Qt.Key.Key_Escape)
    assert dialog.isHidden()
    assert window.page.totals.total.text() == "29,650\u00a0toman"


def test_points_rewards_and_coupons_by_mouse_alone(make: Make, till: Till, purses: Purses) -> None:
    purses.balances = {"m1": 450}
    window = make()
    QTest.mouseClick(window.bar.buttons["F9"], Qt.MouseButton.LeftButton)
    dialog = using(window).dialog
    assert dialog is not None
    assert dialog.source.text() == "Show the member's card first."
    window.tapped(tap(GOLD_CARD))
    click(dialog, "Use")
    click(dialog, "Take")
    assert dialog.used.text() == "300\u00a0points pay 15,000\u00a0toman now."
    click(dialog, "Give back")
    click(dialog, "One more")
    window.scanned("YALDA")
    click(dialog, "Take out")
    click(dialog, "Pay from the wallet")
    assert window.pay_dialog.isVisible()
    assert till.counter.basket is not None
    assert (till.counter.basket.redeem, till.counter.basket.coupons) == (0, ())
    assert [each.times for each in till.counter.basket.chosen] == [2]


def test_an_open_dialog_follows_the_language(make: Make) -> None:
    window = make("en")
    key(window, Qt.Key.Key_F9)
    dialog = using(window).dialog
    assert dialog is not None
    window.switch_language()
    assert dialog.windowTitle() == "امتیاز، جایزه، کوپن"
    assert dialog.source.text() == "ابتدا کارت عضو را نشان دهید."


def test_a_card_or_code_is_left_to_the_counter_while_nothing_is_open(make: Make) -> None:
    window = make()
    assert not using(window).takes(tap(GOLD_CARD))
    assert not using(window).takes_code("YALDA")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_smallest_screen_holds_the_payment_with_everything_on_it(make: Make, language: str) -> None:
    window = make(language, (1024, 600))
    window.tapped(tap(GOLD_CARD))
    window.checkout.begin_pay()
    for amount in (10_000, 20_000, 30_000):
        window.checkout.pay_cash_amount(amount)
    for means in TenderKind:
        window.checkout.paying.choose(means)
        window.checkout.paying.tell("x" * 60)
        window.checkout.show()
        QApplication.processEvents()
        fits(window.pay_dialog)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_smallest_screen_holds_the_points_dialog(make: Make, language: str) -> None:
    window = make(language, (1024, 600))
    window.tapped(tap(GOLD_CARD))
    window.attempt(using(window).open)
    dialog = using(window).dialog
    assert dialog is not None
    window.scanned("YALDA")
    QApplication.processEvents()
    fits(dialog)


def fits(dialog: QDialog) -> None:
    """Whatever is shown is inside the dialog, buttons are large enough, and the dialog is inside the screen."""
    assert dialog.width() <= 1024
    assert dialog.height() <= 600
    inside = QRect(QPoint(0, 0), dialog.size())
    for each in dialog.findChildren(QPushButton):
        if each.isVisible() and each.parentWidget() is dialog:
            assert inside.contains(QRect(each.mapTo(dialog, QPoint(0, 0)), each.size())), each.text()
            assert each.height() >= 48, each.text()
            assert each.width() >= each.sizeHint().width() - 1, each.text()
            assert each.text()
