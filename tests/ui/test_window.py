"""The window, offscreen: a sale by keyboard alone, live language and theme, the right-to-left traps."""

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from drivers.pump import ReaderState
from station.errors import ErrorCode, StationError
from station.report import HOURS, DayReport
from station.text import Text
from sync.state import SyncState
from tests.fakes import NOON, member
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.look import Look
from ui.presenters.today import DAYS, TodayPage, business_dates
from ui.qt import fonts, tokens
from ui.qt.back_office import Rooms
from ui.qt.basket import AMOUNT, ITEM
from ui.qt.help_dialog import HelpDialog
from ui.qt.menu import MenuDialog
from ui.qt.services import Services
from ui.qt.simulator import DemoButton, Simulator
from ui.qt.window import Window
from ui.views_report import TodayView

MakeWindow = Callable[..., Window]


class Office:
    """The program around the window."""

    def __init__(self) -> None:
        self.reprints = 0
        self.looks: list[Look] = []
        self.fault: StationError | None = None

    def refresh_today(self, page: TodayPage) -> None:
        days = tuple(
            DayReport(date, 1, 10, 1, 10, 1, 0, 0, 0, (0,) * HOURS) for date in business_dates(NOON.date))
        assert len(days) == DAYS
        page.render(TodayView(NOON, days))

    def reprint(self) -> None:
        if self.fault:
            raise self.fault
        self.reprints += 1


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def make(
    qtbot: QtBot, till: Till, office: Office, qapp: QApplication, caplog: pytest.LogCaptureFixture,
) -> Iterator[MakeWindow]:
    """Make shown windows; no override of a Qt method may have failed inside them."""
    fonts.prepare(qapp)

    def build(language: str = "en", theme: str = "light", simulator: Simulator | None = None) -> Window:
        services = Services(Rooms(office.refresh_today), office.reprint, office.looks.append)
        window = Window(till.desk, till.board, services, Look(language, theme), simulator)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def press(window: Window, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key)


def type_code(window: Window, code: str) -> None:
    QTest.keyClicks(window.page.scan, code)
    press(window, Qt.Key.Key_Return)


def shown(window: Window) -> list[tuple[str, ...]]:
    model = window.page.basket.model()
    return [tuple(model.index(row, column).data() for column in range(model.columnCount()))
            for row in range(model.rowCount())]


def test_a_whole_sale_by_keyboard(make: MakeWindow, till: Till) -> None:
    window = make()
    type_code(window, f"2*{MILK.barcode}")
    type_code(window, RICE.barcode)
    press(window, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Down, Qt.Key.Key_Delete)
    assert shown(window) == [("Milk", "3", "38,500", "115,500")]
    press(window, Qt.Key.Key_F8)
    assert len(shown(window)) == 2
    press(window, Qt.Key.Key_F2)
    QTest.keyClicks(window.find_dialog.asked, "09120000001")
    QTest.keyClick(window.find_dialog.asked, Qt.Key.Key_Return)
    assert window.find_dialog.isHidden()
    press(window, Qt.Key.Key_F12)
    assert window.pay_dialog.isVisible()
    QTest.keyClick(window.pay_dialog.given, Qt.Key.Key_Return)
    assert window.pay_dialog.isHidden()
    sale = till.journal.sales()[0]
    assert (sale.priced.total, sale.change) == (14_089_500, 0)
    assert shown(window) == []
    assert "1,408,950" in window.page.banner.text.text()
    assert window.page.scan.hasFocus()


def test_double_f12_and_double_enter_make_one_sale(make: MakeWindow, till: Till) -> None:
    window = make()
    type_code(window, MILK.barcode)
    press(window, Qt.Key.Key_F12, Qt.Key.Key_F12)
    window.checkout.begin_pay()
    for _ in range(2):
        QTest.keyClick(window.pay_dialog.given, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_F12, Qt.Key.Key_Return)
    assert len(till.journal.sales()) == len(till.closed) == 1
    assert window.pay_dialog.isHidden()


def test_a_double_click_on_pay_and_on_exact_cash_makes_one_sale(
    make: MakeWindow, till: Till,
) -> None:
    window = make()
    window.checkout.scanned(MILK.barcode)
    QTest.mouseDClick(window.page.pay, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.page.pay, Qt.MouseButton.LeftButton)
    exact = next(each for each in window.pay_dialog.findChildren(QPushButton) if each.text() == "Exact cash")
    for _ in range(2):
        exact.click()
    assert len(till.journal.sales()) == 1


def test_a_sale_by_mouse_alone(make: MakeWindow, till: Till) -> None:
    milk = DemoButton(Text("شیر", "Milk"), lambda: window.checkout.scanned(MILK.barcode))
    window = make("en", "light", Simulator((), (milk,)))

    def click(name: str) -> None:
        keys = (*window.findChildren(QPushButton), *window.pay_dialog.findChildren(QPushButton))
        key = next(key for key in keys if key.text().startswith(name) and key.isVisible())
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)

    for name in ("Milk", "+", "+", "−", "Remove", "Undo", "Pay"):
        click(name)
    assert till.journal.sales() == []
    click("100,000")
    assert till.journal.sales()[0].change == 230_000


def test_an_unknown_code_shows_a_red_band_and_escape_puts_it_away(make: MakeWindow) -> None:
    window = make()
    type_code(window, MILK.barcode)
    type_code(window, "000111222")
    band = window.page.banner
    assert band.isVisible()
    assert "E301" in band.text.text()
    assert pixel(band, QPoint(band.width() // 2, 4)) == tokens.LIGHT.error_bg
    QTest.keyClicks(window.page.scan, "12")
    press(window, Qt.Key.Key_Escape)
    assert window.page.scan.text() == ""
    assert band.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert band.isHidden()
    assert len(shown(window)) == 1


def test_language_changes_live_and_keeps_everything(make: MakeWindow, office: Office) -> None:
    window = make("en")
    window.tapped(tap(GOLD_CARD))
    window.checkout.scanned(MILK.barcode)
    window.checkout.scanned(RICE.barcode)
    window.page.scan.setText("62")
    window.open_today()
    window.switch_language()
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert [row[0] for row in shown(window)] == ["شیر", "برنج"]
    assert shown(window)[0][AMOUNT] == "۳۸٬۵۰۰"
    assert window.page.pay.text() == "پرداخت  F12"
    assert window.today is not None
    assert window.today.accessibleName() == "امروز"
    assert window.page.scan.text() == "62"
    window.open_checkout()
    QApplication.processEvents()
    assert window.page.pay.mapTo(window, QPoint(0, 0)).x() < window.page.basket.mapTo(window, QPoint(0, 0)).x()
    window.switch_language()
    assert shown(window)[0][0] == "Milk"
    assert [look.language for look in office.looks] == ["fa", "en"]


def test_theme_changes_live(make: MakeWindow, office: Office) -> None:
    window = make("fa", "light")
    window.checkout.scanned(MILK.barcode)
    window.open_today()
    window.open_checkout()
    corner = QPoint(2, 2)
    assert pixel(window, corner) == tokens.LIGHT.bg
    window.switch_look(theme="dark")
    assert pixel(window, corner) == tokens.DARK.bg
    assert len(shown(window)) == 1
    window.switch_look(theme="light")
    assert pixel(window, corner) == tokens.LIGHT.bg
    assert [look.theme for look in office.looks] == ["dark", "light"]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_selected_line_is_marked_in_both_directions(make: MakeWindow, language: str) -> None:
    window = make(language)
    window.checkout.scanned(MILK.barcode)
    window.checkout.scanned(RICE.barcode)
    table = window.page.basket
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    window.checkout.step(1)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().setCurrentIndex(table.model().index(0, ITEM), rows)
    window.checkout.remove()
    assert len(shown(window)) == 1


def test_digits_are_of_one_width(make: MakeWindow) -> None:
    window = make("fa")
    metrics = window.page.totals.total.fontMetrics()
    assert len({metrics.horizontalAdvance(digit) for digit in "۰۱۲۳۴۵۶۷۸۹"}) == 1


def test_typing_over_the_basket_arrives_in_the_scan_field(make: MakeWindow) -> None:
    window = make()
    window.checkout.scanned(MILK.barcode)
    window.checkout.scanned(RICE.barcode)
    window.page.basket.setFocus()
    QTest.keyClick(window.page.basket, Qt.Key.Key_Up)
    QTest.keyClick(window.page.basket, Qt.Key.Key_Plus)
    assert [row[1] for row in shown(window)] == ["2", "1"]
    window.page.basket.setFocus()
    QTest.keyClick(window.page.basket, Qt.Key.Key_7)
    assert window.page.scan.text() == "7"
    assert window.page.scan.hasFocus()


def test_persian_digits_typed_into_the_scan_field_are_a_code(make: MakeWindow) -> None:
    window = make("fa")
    for letter in "۶۲۶۰۰۰۰۰۰۰۰۰۱":
        event = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(window.page.scan, event)
    window.page.scan.keyPressEvent(
        QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "\r"))
    assert [row[0] for row in shown(window)] == ["شیر"]


def test_several_members_of_one_phone_are_offered(make: MakeWindow, till: Till) -> None:
    first = member(1)
    till.members.people["m3"] = type(first)("m3", "زهرا", first.phone, "silver", 7)
    window = make()
    window.find_dialog.start()
    QTest.keyClicks(window.find_dialog.asked, "0912")
    QTest.keyClick(window.find_dialog.asked, Qt.Key.Key_Return)
    assert window.find_dialog.problem.text() == "No member was found."
    window.find_dialog.asked.setText(first.phone)
    QTest.keyClick(window.find_dialog.asked, Qt.Key.Key_Return)
    assert window.find_dialog.answers.count() == 2
    QTest.keyClick(window.find_dialog.answers, Qt.Key.Key_Down)
    QTest.keyClick(window.find_dialog.answers, Qt.Key.Key_Return)
    assert till.counter.member is not None
    assert till.counter.member.member_id == "m3"


def test_a_card_tapped_on_the_managers_page_shows_the_member_at_the_counter(
    make: MakeWindow, till: Till,
) -> None:
    window = make()
    window.open_today()
    assert window.pages.currentWidget() is window.today
    window.tapped(tap(GOLD_CARD))
    assert window.pages.currentWidget() is window.page
    window.open_today()
    press(window, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.page
    assert till.counter.member is not None


def test_an_unreadable_card_is_told_and_the_reader_stays_ready(make: MakeWindow) -> None:
    window = make()
    window.reader_state(ReaderState("pcsc:a", "ACR122U", ready=True, error=ErrorCode.CARD_UNREADABLE))
    assert "E111" in window.page.banner.text.text()
    assert window.top.readers.text() == "● Reader ready"
    window.status.sync_state(SyncState(unsent=3))
    assert window.top.sync.text() == "● Offline · 3 waiting"


def test_the_last_receipt_again_and_a_printer_that_is_gone(make: MakeWindow, office: Office) -> None:
    window = make()
    QTest.keyClick(window.page.scan, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert office.reprints == 1
    office.fault = StationError(ErrorCode.PRINTER_UNAVAILABLE)
    QTest.keyClick(window.page.scan, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert "E601" in window.page.banner.text.text()


def open_menu(window: Window) -> MenuDialog:
    """Press F10 and return the menu that came; the one before it may still wait to be deleted."""
    press(window, Qt.Key.Key_F10)
    return next(each for each in window.findChildren(MenuDialog) if each.isVisible())


def test_the_menu_leads_everywhere_and_a_basket_it_drops_can_be_had_back(make: MakeWindow, till: Till) -> None:
    window = make()
    window.checkout.scanned(MILK.barcode)
    menu = open_menu(window)
    assert [column[0].text() for column in menu.columns] == [
        "Undo  F8", "Find member  F2", "Today's member sales", "Send now"]
    assert menu.key("Drop this basket").text() == "Drop this basket"
    menu.key("Drop this basket").click()
    assert till.counter.basket is None
    window.activateWindow()
    press(window, Qt.Key.Key_F8)
    assert shown(window) == [("Milk", "1", "38,500", "38,500")]
    open_menu(window).key("Drop this basket").click()
    assert till.counter.basket is None
    window.activateWindow()
    menu = open_menu(window)
    assert not menu.key("Drop this basket").isEnabled()
    menu.key("Today's member sales").click()
    assert window.pages.currentWidget() is window.today


def test_help_lists_every_key(make: MakeWindow) -> None:
    window = make()
    press(window, Qt.Key.Key_F1)
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    assert dialog.isVisible()
    dialog.close()


def test_full_screen_and_back(make: MakeWindow) -> None:
    window = make()
    press(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    press(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_smallest_screen_clips_nothing(make: MakeWindow, language: str) -> None:
    window = make(language)
    window.tapped(tap(GOLD_CARD))
    window.checkout.scanned(f"9*{RICE.barcode}")
    window.resize(1024, 600)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1024, 600)
    for key in window.findChildren(QPushButton):
        if key.isVisible():
            assert key.width() >= key.sizeHint().width() - 1, key.text()
            assert key.height() >= 48, key.text()
    total = window.page.totals.total
    assert total.fontMetrics().horizontalAdvance(total.text()) <= total.width()


def test_the_simulated_reader_does_what_its_buttons_say(make: MakeWindow) -> None:
    done: list[str] = []
    simulator = Simulator(
        (DemoButton(Text("سارا", "Sara"), lambda: done.append("tap")),),
        (DemoButton(Text("شیر", "Milk"), lambda: done.append("scan")),))
    window = make("en", "light", simulator)
    for key in window.findChildren(QPushButton, "demoKey"):
        key.click()
    assert done == ["tap", "scan"]
    window.switch_language()
    assert {key.text() for key in window.findChildren(QPushButton, "demoKey")} == {"سارا", "شیر"}


def pixel(widget: QWidget, at: QPoint) -> str:
    """The colour at a point as #RRGGBB."""
    return str(QColor(widget.grab().toImage().pixel(at)).name().upper())
