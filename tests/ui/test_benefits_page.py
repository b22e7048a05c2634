"""The page of a member's own report: its parts by keys and by clicks, both languages, and nothing left of who it was."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from station.span import Span
from tests.rigs.manager_days import ManagedShop, card
from tests.ui.test_benefits import DAY, EN, FA, Desk, Waiting
from ui.presenters.benefits import BenefitsPresenter
from ui.presenters.benefits_words import benefits_paper
from ui.qt import tokens
from ui.qt.benefits_page import BenefitsPane
from ui.qt.receipt import receipt_raster
from ui.views_benefits import BenefitPart


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    shop = ManagedShop(tmp_path)
    shop.found(DAY)
    shop.open(DAY)
    shop.sell(1, who=1, at=(11, 5))
    shop.counter.tap(Tap("reader", Medium.NFC_UID, card(1)))
    yield Desk(shop)
    shop.journal.close()


@pytest.fixture
def pane(qtbot: QtBot, desk: Desk) -> BenefitsPane:
    made = BenefitsPane(*EN, tokens.LIGHT)
    qtbot.addWidget(made)
    made.connect_to(BenefitsPresenter(desk.shop.counter, desk.sources, desk.shop.clock, made))
    made.resize(992, 450)
    made.show()
    return made


def cells(pane: BenefitsPane) -> list[str]:
    table = pane.table.table
    return [item.text() for column in range(table.columnCount()) if (item := table.item(0, column))]


def test_the_stations_figures_stand_first_then_head_offices(pane: BenefitsPane, desk: Desk) -> None:
    pane.start()
    assert (pane.here.isChecked(), desk.office.asked) == (True, [])
    assert pane.cards[0].value.text() == "346,500"
    QApplication.processEvents()
    assert (pane.everywhere.isChecked(), len(desk.office.asked)) == (True, 1)
    assert pane.cards[0].value.text() == "900,000"
    pane.here.click()
    assert (pane.here.isChecked(), pane.cards[0].value.text()) == (True, "346,500")


def test_offline_all_shops_cannot_be_chosen(pane: BenefitsPane, desk: Desk) -> None:
    desk.online = False
    pane.start()
    QApplication.processEvents()
    assert not pane.everywhere.isEnabled()
    assert pane.source.accessibleName().endswith("This station only.")


def test_a_fault_is_said_and_the_figures_stay(pane: BenefitsPane, desk: Desk) -> None:
    desk.office.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    pane.start()
    QApplication.processEvents()
    assert (pane.here.isChecked(), "(E501)" in pane.said.text()) == (True, True)


def test_every_part_is_one_press_away(pane: BenefitsPane) -> None:
    pane.start()
    QApplication.processEvents()
    first = {}
    for part in BenefitPart:
        pane.parts[part].click()
        first[part] = cells(pane)
    assert first[BenefitPart.DISCOUNTS] == ["Ten percent for gold", "1", "100,000"]
    assert first[BenefitPart.EXPIRING] == ["2026-12-20", "5"]
    assert len({tuple(each) for each in first.values()}) == len(BenefitPart)


def test_other_days_are_chosen_and_printed(pane: BenefitsPane, qtbot: QtBot) -> None:
    pane.start()
    with qtbot.waitSignal(pane.printed):
        pane.print_button.click()
    pane.range_button.click()
    assert pane.picker.isVisible()
    pane.picker.picked.emit(Span("2026-01-01", "2026-01-31"))
    pane.picker.close()
    assert pane.source.accessibleName().startswith("1 Jan 2026 to 31 Jan 2026")
    pane.tell("on its way")
    assert pane.said.text() == "on its way"


def test_it_is_persian_at_once(pane: BenefitsPane) -> None:
    pane.start()
    pane.set_words(*FA)
    pane.set_theme(tokens.DARK)
    assert pane.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert pane.cards[0].value.text() == "۳۴۶٬۵۰۰"


def test_esc_leaves_and_nothing_is_left_of_the_member(pane: BenefitsPane, qtbot: QtBot) -> None:
    pane.start()
    with qtbot.waitSignal(pane.left):
        QTest.keyClick(pane, Qt.Key.Key_Escape)
    pane.set_words(*FA)
    QApplication.processEvents()
    assert pane.heading.accessibleName() == ""
    assert pane.back() is False


def test_nobody_is_shown_who_was_only_looked_up(pane: BenefitsPane, desk: Desk) -> None:
    desk.shop.counter.identify("m2")
    with pytest.raises(StationError) as found:
        pane.start()
    assert found.value.code is ErrorCode.MEMBER_NOT_SHOWN


def test_the_strip_is_drawn_in_both_languages(desk: Desk, qtbot: QtBot) -> None:
    assert qtbot
    desk.presenter.start(EN[1])
    desk.presenter.ask_office()
    for words, style in (EN, FA):
        raster = receipt_raster(benefits_paper(desk.view, "Vanak", words, style))
        assert raster.height > 400


def test_an_answer_counts_as_shown_when_its_part_is_on_the_screen_and_not_before(
        desk: Desk, qtbot: QtBot) -> None:
    noted: list[str] = []
    made = BenefitsPane(*EN, tokens.LIGHT)
    qtbot.addWidget(made)
    sources = replace(desk.sources, office=Waiting(), shown=lambda member_id, _matters: noted.append(member_id))
    made.connect_to(BenefitsPresenter(desk.shop.counter, sources, desk.shop.clock, made))
    made.start(BenefitPart.MATTERS)
    QApplication.processEvents()
    assert noted == []  # it is not shown yet
    made.show()
    made.start()
    QApplication.processEvents()
    assert noted == []
    made.parts[BenefitPart.MATTERS].click()
    assert (noted, cells(made)[-1]) == (["m1"], "فردا می‌رسد.")
    made.parts[BenefitPart.POINTS].click()
    made.parts[BenefitPart.MATTERS].click()
    assert noted == ["m1"]
