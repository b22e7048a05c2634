"""The page for returns, offscreen: by keys alone, by mouse alone, from a scanned receipt, in both languages."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode, StationError
from station.journal import Position
from station.protection import Protection
from station.sale import ReturnCause
from station.tender import Tender, TenderKind
from tests.rigs.return_desk import MANAGER, SENIOR, ReturnTill
from tests.rigs.return_office import Books, MemoryReturns
from tests.ui.till import BREAD, GOLD_CARD, MILK, RICE, SHOP, tap
from ui.look import Look
from ui.presenters.desk import Desk
from ui.presenters.status import Board
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.return_page import ReturnPage
from ui.qt.services import Services
from ui.qt.tools.returning import ReturnTool
from ui.qt.window import Window

MakeWindow = Callable[..., Window]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path)
    made.sign_in(SENIOR)
    yield made
    made.journal.close()


@pytest.fixture
def make(till: ReturnTill, qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[MakeWindow]:
    """Make shown windows with the tool; no override of a Qt method may have failed inside them."""
    fonts.prepare(qapp)

    of_fixture = till

    def build(
        language: str = "en", theme: str = "light", size: tuple[int, int] = (1366, 768), till: ReturnTill = of_fixture,
    ) -> Window:
        shift = till.journal.shift()
        assert shift
        services = Services(
            Rooms(lambda _page: None), lambda: None, lambda _look: None,
            tools=(lambda of_window: ReturnTool(lambda: replace(till.parts, approved=of_window.approved), of_window),))
        window = Window(
            Desk(till.counter, till.members, till.clock, till.at_till, lambda _closed: None),
            Board(SHOP, till.at_till, shift, till.clock, Protection.OS_ACCOUNT), services, Look(language, theme))
        qtbot.addWidget(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def press(*keys: Qt.Key | str) -> None:
    """Press keys one after another, wherever the focus is."""
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)


def page_of(window: Window) -> ReturnPage:
    page = window.pages.currentWidget()
    assert isinstance(page, ReturnPage)
    return page


def cells(page: ReturnPage, column: int) -> list[str]:
    table = page.goods.table
    return [item.text() for row in range(table.rowCount()) if (item := table.item(row, column))]


def click(widget: QWidget) -> None:
    assert isinstance(widget, QPushButton)
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def returns_of(till: ReturnTill, place: int) -> list[tuple[ReturnCause, int]]:
    return [(each.cause, each.money) for each in till.journal.returns_of(Position(till.journal.head().incarnation, place))]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_return_by_keys_alone(till: ReturnTill, make: MakeWindow, language: str) -> None:
    sold = till.sell(RICE, (BREAD, 3000), who=False)
    window = make(language)
    press(Qt.Key.Key_F7, "3", Qt.Key.Key_Return)  # the number on the receipt
    page = page_of(window)
    press(Qt.Key.Key_Down, "2", Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Backspace, "2", Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.goods.act
    press(Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.done
    assert returns_of(till, sold.place) == [(ReturnCause.RETURNED, 330_000)]
    assert till.done == [True]
    press(Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.page


def test_a_receipt_scanned_at_the_counter_opens_its_sale_and_esc_goes_back_step_by_step(till: ReturnTill, make: MakeWindow) -> None:
    sold = till.sell(MILK, who=False)
    window = make()
    window.scanned(MILK.barcode)
    assert window.pages.currentWidget() is window.page
    window.scanned(sold.receipt)
    page = page_of(window)
    assert page.stack.currentWidget() is page.goods
    window.scanned(MILK.barcode)
    assert cells(page, 4) == ["1"]
    press(Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.finding
    press(Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.page
    assert till.counter.basket
    assert [line.product for line in till.counter.basket.lines] == [MILK]  # the open basket was left alone


def test_a_return_by_mouse_alone(till: ReturnTill, make: MakeWindow) -> None:
    sold = till.sell(RICE, who=False, tenders=(Tender(TenderKind.DEBIT, 14_500_000, "55"),))
    window = make()
    click(window.bar.buttons["F7"])
    page = page_of(window)
    click(page.finding.open_button)
    for made, expected in ((page.goods.more, "1"), (page.goods.less, "0"), (page.goods.line, "1"), (page.goods.all, "0"),
                           (page.goods.all, "1")):
        click(made)
        assert cells(page, 4) == [expected]
    click(page.goods.act)
    assert "E334" in page.problem.text()
    page.goods.traces[0].setFocus()
    click(page.pad_button)
    for face in ("4", "7", "0", "⌫", "1"):
        click(page.pad.keys[face])
    page.pad.hide()
    assert page.goods.traces[0].text() == "471"
    click(page.goods.act)
    click(page.done.again_button)
    assert till.printed == [4]
    click(page.done.done_button)
    assert returns_of(till, sold.place) == [(ReturnCause.RETURNED, 14_500_000)]
    assert till.done == [False]
    assert window.pages.currentWidget() is window.page


def test_the_pad_types_numbers_of_receipts_and_quantities(till: ReturnTill, make: MakeWindow) -> None:
    till.sell((BREAD, 5000), who=False)
    window = make()
    click(window.bar.buttons["F7"])
    page = page_of(window)
    click(page.pad_button)
    click(page.pad.keys["3"])
    page.pad.hide()
    click(page.finding.open_number)
    click(page.pad_button)
    click(page.pad.keys["4"])
    assert cells(page, 4) == ["4"]
    click(page.pad.keys["⌫"])
    assert cells(page, 4) == ["0"]
    page.pad.hide()
    click(page.back_button)
    click(page.back_button)
    assert window.pages.currentWidget() is window.page


def test_the_last_sale_is_voided_by_two_keys(till: ReturnTill, make: MakeWindow) -> None:
    window = make()
    window.setFocus()
    press_shift_f7(window)
    assert window.pages.currentWidget() is window.page
    assert window.page.banner.isVisible()  # there is nothing to void
    assert f"E{ErrorCode.VOID_TOO_LATE.value}" in window.page.banner.text.text()
    sold = till.sell(BREAD)
    press_shift_f7(window)
    page = page_of(window)
    for made in (page.goods.less, page.goods.more, page.goods.line, page.goods.all):
        assert not made.isEnabled()
    press("5", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert returns_of(till, sold.place) == [(ReturnCause.VOID, 165_000)]
    press(Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.page


def press_shift_f7(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)


def test_goods_without_their_sale_need_a_second_person_whoever_is_at_the_till(till: ReturnTill, make: MakeWindow) -> None:
    till.sign_in(MANAGER)
    window = make()
    click(window.bar.buttons["F7"])
    page = page_of(window)
    click(page.unknown_button)
    page.goods.code.setFocus()
    press(BREAD.barcode, Qt.Key.Key_Return)
    window.scanned(MILK.barcode)
    assert cells(page, 3) == ["1", "1"]
    assert not page.goods.act.isEnabled()
    click(page.goods.reasons["It was a gift"])
    assert page.goods.reasons["It was a gift"].isChecked()
    assert not page.goods.all.isVisible()
    head = till.journal.head()
    click(page.goods.act)
    # nobody signs in at this window, so nobody can approve
    assert till.journal.head() == head
    assert f"E{ErrorCode.APPROVER_MISSING.value}" in window.page.banner.text.text()


def test_a_card_finds_the_members_sales_and_days_are_chosen(till: ReturnTill, make: MakeWindow) -> None:
    till.sell(BREAD, who=False)
    till.sell(RICE)
    window = make("fa")
    click(window.bar.buttons["F7"])
    page = page_of(window)
    assert page.finding.table.rowCount() == 2
    window.tapped(tap(GOLD_CARD))
    assert page.finding.table.rowCount() == 1
    click(page.finding.days_button)
    assert page.picker
    assert page.picker.isVisible()
    page.picker.reject()
    page.finding.amount.setFocus()
    press("165000", Qt.Key.Key_Return)
    assert page.finding.table.rowCount() == 0
    page.finding.amount.empty()
    press("16500", Qt.Key.Key_Return)  # in toman
    assert page.finding.table.rowCount() == 1
    page.finding.table.setFocus()
    press(Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.goods
    window.tapped(tap(GOLD_CARD))  # somebody comes to the counter
    assert window.pages.currentWidget() is window.page


def test_language_and_theme_change_under_a_return(till: ReturnTill, make: MakeWindow) -> None:
    sold = till.sell((MILK, 2000))
    window = make("en")
    window.scanned(sold.receipt)
    page = page_of(window)
    press("1")
    window.switch_language()
    assert cells(page, 4) == ["۱"]
    assert page.goods.act.text().startswith("پس گرفتن کالا")
    window.switch_look(theme="dark")
    assert page_of(window) is page
    assert cells(page, 0) == ["شیر"]


def test_a_receipt_scanned_while_a_payment_is_open_opens_nothing_under_it(till: ReturnTill, make: MakeWindow) -> None:
    sold = till.sell(MILK, who=False)
    window = make()
    window.scanned(MILK.barcode)
    window.checkout.begin_pay()
    window.scanned(sold.receipt)
    assert window.pages.currentWidget() is window.page
    assert window.pay_dialog.isVisible()
    assert f"E{ErrorCode.PRODUCT_UNKNOWN.value}" in window.pay_dialog.problem.text()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_everything_operable_is_named_and_large_enough_for_a_finger(till: ReturnTill, make: MakeWindow, language: str) -> None:
    sold = till.sell(RICE, MILK, who=False, tenders=(Tender(TenderKind.DEBIT, 14_885_000, "5"),))
    window = make(language, size=(1024, 600))
    window.scanned(sold.receipt)
    page = page_of(window)
    press("*")
    shown: list[QWidget] = []
    steps: tuple[Callable[[], None], ...] = (
        lambda: None, lambda: press(Qt.Key.Key_Escape), lambda: click(page.unknown_button))
    for step in steps:
        step()
        buttons = [each for each in page.findChildren(QPushButton) if each.isVisible()]
        assert all(each.text() or each.accessibleName() for each in buttons)
        assert [each.text() for each in buttons if min(each.width(), each.height()) < 48] == []
        shown += buttons
    assert len(shown) > 12


def test_nothing_is_made_before_it_is_wanted(make: MakeWindow) -> None:
    window = make()
    (tool,) = window.tools
    assert isinstance(tool, ReturnTool)
    assert tool.page is None
    assert not tool.takes(tap(GOLD_CARD))
    assert not tool.takes_code(MILK.barcode)


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[tuple[ReturnTill, MemoryReturns, str]]:
    """The till where goods come back, head office as it asks it, and the number of another till's receipt."""
    folders = [tmp_path / name for name in ("one", "two")]
    for each in folders:
        each.mkdir()
    books = Books()
    office = MemoryReturns("12-2", books)
    ours, made = ReturnTill(folders[0]), ReturnTill(folders[1], station="12-2", office=office)
    sold = ours.sell((BREAD, 2000), who=False)
    books.sales.append(ours.journal.sale(sold.place))
    made.sign_in(SENIOR)
    yield made, office, sold.receipt
    ours.journal.close()
    made.journal.close()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_receipt_of_another_till_by_keys_by_finger_and_by_scanner(
    theirs: tuple[ReturnTill, MemoryReturns, str], make: MakeWindow, language: str,
) -> None:
    till, _, number = theirs
    window = make(language, till=till)
    press(Qt.Key.Key_F7, number, Qt.Key.Key_Return)
    page = page_of(window)
    assert "12-1" in page.caption.text()
    press("1", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.done
    press(Qt.Key.Key_Return)
    window.scanned(number)
    assert page.stack.currentWidget() is page.goods
    assert cells(page, 3) == (["1"] if language == "en" else ["۱"])
    click(page.goods.more)
    click(page.goods.act)
    assert page.stack.currentWidget() is page.done
    assert [till.past.return_at(place).kind for place in (3, 4)] == ["RETURN", "RETURN"]


def test_without_head_office_the_other_way_has_the_receipts_number_and_forgets_it(
    theirs: tuple[ReturnTill, MemoryReturns, str], make: MakeWindow,
) -> None:
    till, office, number = theirs
    office.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    window = make(till=till)
    window.scanned(number)
    page = page_of(window)
    assert "a second person has to approve" in page.problem.text()
    click(page.unknown_button)
    assert page.goods.paper.text() == number
    page.goods.paper.setText("12-1-000077-AB12")
    window.scanned(BREAD.barcode)
    assert page.goods.paper.text() == "12-1-000077-AB12"
    click(page.back_button)
    click(page.unknown_button)
    assert page.goods.paper.text() == ""  # of the customer before
