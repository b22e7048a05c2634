"""From the day to all figures of it, for who may look at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.rigs.manager_days import STAFF, ManagedShop
from tests.ui.stage import Stage
from ui.format import Format
from ui.look import Look
from ui.presenters.period import PeriodPresenter
from ui.presenters.today import TodayPage, TodayPresenter, TodaySources
from ui.qt import tokens
from ui.qt.back_office import BackOffice, Rooms
from ui.qt.period_pane import PeriodPane
from ui.text import Words

TODAY, YESTERDAY = "2026-11-22", "2026-11-21"


class Office:
    """The pages over a real journal of two days; ``manages`` is who is at the till."""

    def __init__(self, qtbot: QtBot, shop: ManagedShop, *, period: bool = True) -> None:
        self.shop, self.manages = shop, True
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.pages = QStackedWidget(self.parent)
        self.office = BackOffice(
            Rooms(self._refresh, self._period if period else None, may_manage=lambda: self.manages), self.pages, self.parent, lambda: None)
        self.office.dress(Words("en"), Format("en"), tokens.LIGHT)

    def _refresh(self, page: TodayPage) -> None:
        shop = self.shop
        TodayPresenter(TodaySources(shop.journal, shop.rows, lambda: STAFF, shop.packs), shop.clock, page).refresh()

    def _period(self, page: PeriodPane) -> PeriodPresenter:
        return PeriodPresenter(self.shop.sources, self.shop.clock, page, lambda _kind, _number: None)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(YESTERDAY)
    made.day(YESTERDAY, 3)
    made.day(TODAY, 2, close=False)
    yield made
    made.journal.close()


def test_all_figures_of_the_day_are_one_press_away(qtbot: QtBot, shop: ManagedShop) -> None:
    made = Office(qtbot, shop)
    made.office.open_today()
    assert made.office.today
    assert not made.office.today.more.isHidden()
    made.office.today.more.click()
    assert made.office.period
    assert made.pages.currentWidget() is made.office.period
    assert made.office.period.heading.accessibleName() == "Sun 22 Nov 2026"


def test_not_for_who_may_not_manage_nor_where_there_is_no_such_page(qtbot: QtBot, shop: ManagedShop) -> None:
    made = Office(qtbot, shop)
    made.manages = False
    made.office.open_today()
    assert made.office.today
    assert made.office.today.more.isHidden()
    assert made.office.today.cashiers_button.isHidden()
    made.manages = True
    made.office.open_today()
    assert not made.office.today.more.isHidden()
    assert not made.office.today.cashiers_button.isHidden()
    bare = Office(qtbot, shop, period=False)
    bare.office.open_today()
    assert bare.office.today
    assert bare.office.today.more.isHidden()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_by_touch_alone_each_page_is_left_for_the_counter(tmp_path: Path, language: str) -> None:
    stage = Stage(tmp_path, Look(language))
    window = stage.window()
    window.open_today()
    assert window.today
    window.back_office.open_diagnostics()
    assert window.back_office.diagnostics
    window.back_office.open_period()
    assert window.back_office.period
    offices = ((window.open_today, window.today), (window.back_office.open_diagnostics, window.back_office.diagnostics),
               (window.back_office.open_period, window.back_office.period))
    for opens, page in offices:
        opens()
        assert window.pages.currentWidget() is page
        QTest.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
        assert window.pages.currentWidget() is window.page
        assert window.focusWidget() is window.page.scan
    stage.close()
