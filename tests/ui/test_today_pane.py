"""The manager's page as painted: order, heights, colours, and live changes of language and theme."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from station.report import DayReport
from tests.fakes import NOON
from ui.format import Format
from ui.presenters.today import business_dates
from ui.qt.today import TodayPane
from ui.qt.tokens import DARK, LIGHT, Theme
from ui.text import Words
from ui.views_report import TodayView

MILLIONS = (23, 14, 33, 17, 12, 33, 26, 11, 41, 31, 19, 14, 21, 24)
HOURS = (0,) * 10 + (150_000_000, 90_000_000) + (0,) * 12
VIEW = TodayView(NOON, tuple(
    DayReport(date, 9, total * 10_000_000, 5, total * 10_000_000, 4, 1_000, 0, 24, HOURS)
    for date, total in zip(business_dates("2026-11-22"), MILLIONS, strict=True)))


def pane(qtbot: QtBot, language: str = "fa", theme: Theme = LIGHT) -> TodayPane:
    """Return the page at the size of the manager's picture, shown and filled."""
    made = TodayPane(Words(language), Format(language), theme)
    qtbot.addWidget(made)
    made.resize(1100, 560)
    made.render(VIEW)
    made.show()
    QApplication.processEvents()
    return made


def picture(page: TodayPane) -> QImage:
    return page.chart.grab().toImage()


def run_down(image: QImage, x: int, colour: str) -> int:
    """Return how many pixels of column ``x`` have ``colour``."""
    wanted = QColor(colour)
    return sum(image.pixelColor(x, y) == wanted for y in range(image.height()))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_painted_bars_are_as_high_as_their_values(qtbot: QtBot, language: str, theme: Theme) -> None:
    page = pane(qtbot, language, theme)
    image = picture(page)
    unit = None
    for bar, rect, value in zip(VIEW.days, page.chart.bar_rects(), MILLIONS, strict=True):
        colour = theme.primary if bar is VIEW.today else theme.bar
        height = run_down(image, round(rect.center().x()), colour)
        unit = unit or height / value
        assert height == pytest.approx(unit * value, abs=2)
        assert height > 20


def test_time_runs_in_reading_order(qtbot: QtBot) -> None:
    page = pane(qtbot, "fa")
    assert all(older.left() > newer.left() for older, newer in pairwise(page.chart.bar_rects()))
    page.set_words(Words("en"), Format("en"))
    assert all(older.left() < newer.left() for older, newer in pairwise(page.chart.bar_rects()))


def test_bars_stay_inside_and_apart_on_a_small_screen(qtbot: QtBot) -> None:
    page = pane(qtbot)
    page.resize(1000, 480)
    QApplication.processEvents()
    rects = sorted(page.chart.bar_rects(), key=lambda rect: rect.left())
    assert rects[0].left() > 0
    assert rects[-1].right() < page.chart.width()
    assert all(left.right() < right.left() for left, right in pairwise(rects))


def test_figures_stand_at_the_right_in_persian(qtbot: QtBot) -> None:
    page = pane(qtbot, "fa")
    for card in page.cards:
        for label in (card.title, card.value, card.note):
            assert label.alignment() & Qt.AlignmentFlag.AlignAbsolute
            assert label.alignment() & Qt.AlignmentFlag.AlignRight
        image = card.value.grab().toImage()
        inked = [x for x in range(image.width()) if run_down(image, x, LIGHT.text)]
        assert inked[-1] > image.width() - 12
    page.set_words(Words("en"), Format("en"))
    assert not page.cards[0].value.alignment() & Qt.AlignmentFlag.AlignRight


def test_language_and_theme_change_live_and_keep_what_is_chosen(qtbot: QtBot) -> None:
    page = pane(qtbot, "en")
    page.hours_button.click()
    page.table_button.click()
    before = page.table.rowCount()
    page.set_words(Words("fa"), Format("fa"))
    page.set_theme(DARK)
    assert page.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert page.cards[0].title.text() == "فروش اعضا، امروز"
    assert (page.hours_button.isChecked(), page.stack.currentWidget()) == (True, page.table)
    assert page.table.rowCount() == before == 14
    assert page.grab().toImage().pixelColor(2, 2) == QColor(DARK.bg)


def test_the_table_says_the_same_and_keeps_figures_at_the_right(qtbot: QtBot) -> None:
    page = pane(qtbot, "fa")
    page.table_button.click()
    assert page.stack.currentWidget() is page.table
    item = page.table.item(0, 3)
    assert item is not None
    assert item.text() == "۲۴٬۰۰۰٬۰۰۰"
    assert item.textAlignment() & Qt.AlignmentFlag.AlignAbsolute
    assert item.textAlignment() & Qt.AlignmentFlag.AlignRight
    page.table_button.click()
    assert page.stack.currentWidget() is page.chart


def test_promotions_and_cashiers_are_tables(qtbot: QtBot) -> None:
    page = pane(qtbot, "en")
    page.promotions_button.click()
    assert page.stack.currentWidget() is page.table
    head = page.table.horizontalHeaderItem(0)
    assert head
    assert (page.caption.text(), head.text()) == ("No promotion was given.", "Promotion")
    assert not page.table_button.isVisible()
    page.cashiers_button.click()
    assert (page.caption.text(), page.table.accessibleName()) == ("No shift was closed.", "No shift was closed.")
    page.days_button.click()
    assert page.stack.currentWidget() is page.chart
    assert page.table_button.isVisible()


def test_how_the_cash_came_out_is_hidden_from_who_does_not_manage(qtbot: QtBot) -> None:
    page = pane(qtbot, "en")
    page.allow(cashiers=True, period=True)
    page.cashiers_button.click()
    page.allow(cashiers=False, period=False)
    assert page.days_button.isChecked()
    assert page.stack.currentWidget() is page.chart
    assert not page.cashiers_button.isVisible()
    assert not page.more.isVisible()
    assert page.promotions_button.isVisible()


@pytest.mark.parametrize(("language", "text"), [("en", "Back  Esc"), ("fa", "بازگشت  Esc")])
def test_back_leaves(qtbot: QtBot, language: str, text: str) -> None:
    page = pane(qtbot, language)
    assert page.back_button.text() == text
    with qtbot.waitSignal(page.left):
        QTest.mouseClick(page.back_button, Qt.MouseButton.LeftButton)


def test_the_keys_go_where_the_parts_are_chosen(qtbot: QtBot) -> None:
    page = pane(qtbot)
    page.activateWindow()
    page.hours_button.click()
    page.start()
    assert page.focusWidget() is page.hours_button
    QTest.mouseClick(page.promotions_button, Qt.MouseButton.LeftButton)
    assert page.focusWidget() is page.promotions_button
    page.more.setFocus()
    QTest.mouseClick(page.days_button, Qt.MouseButton.LeftButton)
    assert page.focusWidget() is page.more


def test_those_who_do_not_see_the_chart_are_told(qtbot: QtBot) -> None:
    page = pane(qtbot, "en")
    assert page.chart.accessibleName() == "Member sales, 14 days"
    assert "the best day was 17 Nov 2026 with 41,000,000" in page.chart.accessibleDescription()
    assert page.cards[1].accessibleName().startswith("Members' share: 100%")
    for toggle in (page.days_button, page.hours_button, page.table_button):
        assert toggle.minimumHeight() >= 48


def test_the_bar_under_the_pointer_tells_its_amount(qtbot: QtBot) -> None:
    page = pane(qtbot, "en")
    spot = page.chart.bar_rects()[-1].center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, spot, page.chart.mapToGlobal(QPoint(spot)))
    assert page.chart.event(event)
    assert QToolTip.text() == "Sun 22 Nov 2026: 24,000,000\u00a0toman"


def test_an_empty_page_paints(qtbot: QtBot) -> None:
    page = TodayPane(Words("en"), Format("en"), LIGHT)
    qtbot.addWidget(page)
    assert page.chart.bar_rects() == []
    assert not page.grab().isNull()
