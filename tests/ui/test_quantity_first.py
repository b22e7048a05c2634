"""A quantity typed with its asterisk, and then the scanner: so many are taken, whatever the layout typed."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.till import MILK, RICE, Till
from ui.look import Look
from ui.presenters.today import TodayPage
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.window import Window


def refresh(page: TodayPage) -> None:
    raise AssertionError(page)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, till: Till) -> Window:
    fonts.prepare(qapp)
    made = Window(till.desk, till.board, Services(Rooms(refresh), lambda: None, lambda _look: None), Look("en"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def taken(till: Till) -> list[tuple[str, int]]:
    basket = till.counter.basket
    return [(line.product.product_id, line.quantity) for line in basket.lines] if basket else []


@pytest.mark.parametrize("typed", ["3*", "3 *", "۳*", "3×"])
def test_the_next_scan_has_the_quantity_that_was_typed(window: Window, till: Till, typed: str) -> None:
    window.page.scan.insert(typed)
    window.scanned(MILK.barcode)
    window.scanned(RICE.barcode)
    assert taken(till) == [("p1", 3000), ("p2", 1000)]
    assert window.page.scan.text() == ""


def test_what_else_was_typed_stays_where_it_is(window: Window, till: Till) -> None:
    window.page.scan.insert("626")
    window.scanned(MILK.barcode)
    assert taken(till) == [("p1", 1000)]
    assert window.page.scan.text() == "626"


def test_a_scan_over_a_look_up_closes_it_and_has_the_quantity_that_was_typed_before(window: Window, till: Till) -> None:
    window.page.scan.insert("3*")
    window.find_dialog.start()
    window.scanned(MILK.barcode)
    assert taken(till) == [("p1", 3000)]
    assert not window.find_dialog.isVisible()
    assert window.page.scan.text() == ""
