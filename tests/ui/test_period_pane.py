"""The manager's pages as painted, by keyboard, in both languages: nothing cut, figures at the right, and the way back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode, StationError
from station.span import Span
from tests.rigs.manager_days import NIMA, SARA, ManagedShop
from ui.format import Format
from ui.presenters.period import PeriodPresenter
from ui.qt.exporting import Form
from ui.qt.fonts import figures
from ui.qt.period_pane import PeriodPane
from ui.qt.place_dialog import Wish
from ui.qt.sheet_table import SheetTable
from ui.qt.tokens import DARK, LIGHT, Theme
from ui.text import Words
from ui.views_period import Section

FIRST, SECOND = "2026-11-21", "2026-11-22"
BOTH = Span(FIRST, SECOND)
Key = Qt.Key


class Desk:
    """The pages with their presenter over a real journal; ``target`` is where the next file goes."""

    def __init__(self, qtbot: QtBot, shop: ManagedShop, language: str = "fa", theme: Theme = LIGHT) -> None:
        self.shop, self.qtbot = shop, qtbot
        self.target = ""
        self.asked: list[str] = []
        self.printed: list[tuple[str, int]] = []
        self.left = 0
        self.pane = PeriodPane(Words(language), Format(language), theme, ask=self._ask)
        qtbot.addWidget(self.pane)
        self.pane.left.connect(self._leave)
        self.presenter = PeriodPresenter(
            shop.sources, shop.clock, self.pane, lambda kind, number: self.printed.append((kind, number)))
        self.pane.connect_to(self.presenter)
        self.presenter.choose(BOTH)
        self.pane.resize(1024, 600)
        self.pane.show()
        QApplication.processEvents()

    def _ask(self, parent: QWidget, wish: Wish, then: Callable[[Path], None]) -> None:
        assert parent is self.pane
        assert wish.title
        self.asked.append(f"{wish.name}.{wish.end}")
        if self.target:
            then(Path(self.target))

    def save(self, form: Form) -> None:
        """Save the table, and wait until it is said what became of it."""
        self.pane.tell("")
        self.pane.export(form)
        self.qtbot.waitUntil(lambda: bool(self.pane.said.text()))

    def _leave(self) -> None:
        self.left += 1

    def look(self, section: Section, *, table: bool = False) -> SheetTable:
        overview = self.pane.overview
        overview.sections[section].click()
        if overview.table_button.isChecked() != table:
            overview.table_button.click()
        QApplication.processEvents()
        return overview.table

    def open_day(self) -> None:
        table = self.look(Section.DAYS, table=True)
        QTest.keyClick(table.table, Key.Key_Down)
        QTest.keyClick(table.table, Key.Key_Return)
        QApplication.processEvents()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(FIRST)
    made.day(FIRST, 12, SARA, -250_000)
    made.day(SECOND, 12, NIMA, close=False)
    yield made
    made.journal.close()


@pytest.fixture
def desk(qtbot: QtBot, shop: ManagedShop) -> Desk:
    return Desk(qtbot, shop)


def cut(page: QWidget) -> list[str]:
    """Return the texts of visible buttons and labels that do not fit where they stand."""
    found = []
    texts: list[QPushButton | QLabel] = [*page.findChildren(QPushButton), *page.findChildren(QLabel)]
    for each in texts:
        if not each.isVisible() or not each.text() or (isinstance(each, QLabel) and each.wordWrap()):
            continue
        if each.fontMetrics().horizontalAdvance(each.text()) > each.contentsRect().width() or "…" in each.text():
            found.append(each.text())
    return found


def cut_cells(table: SheetTable) -> list[str]:
    """Return the texts of cells that are wider than their column."""
    metrics, view = QFontMetrics(figures(table.table.font())), table.table
    return [
        item.text() for row in range(view.rowCount()) for column in range(view.columnCount())
        if (item := view.item(row, column)) and metrics.horizontalAdvance(item.text()) > view.columnWidth(column) - 16]


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)], ids=["1024", "1366"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_nothing_is_cut_on_any_part_of_the_page(qtbot: QtBot, shop: ManagedShop, language: str, size: tuple[int, int]) -> None:
    desk = Desk(qtbot, shop, language)
    desk.pane.resize(*size)
    for section in Section:
        for as_table in (False, True):
            table = desk.look(section, table=as_table)
            assert cut(desk.pane) == [], section
            if desk.pane.overview.stack.currentWidget() is table:
                assert cut_cells(table) == [], section
                assert not table.table.horizontalScrollBar().isVisible(), section
    assert desk.pane.minimumSizeHint().width() <= 1024
    assert desk.pane.minimumSizeHint().height() <= 480


@pytest.mark.parametrize("language", ["fa", "en"])
def test_nothing_is_cut_on_the_way_down(qtbot: QtBot, shop: ManagedShop, language: str) -> None:
    desk = Desk(qtbot, shop, language)
    desk.open_day()
    assert cut(desk.pane) == []
    assert cut_cells(desk.pane.sales.table) == []
    desk.pane.sales.table.open_current()
    for side in desk.pane.sale.sides:
        side.click()
        QApplication.processEvents()
        assert cut(desk.pane) == []
    for table in (desk.pane.sale.lines, desk.pane.sale.paid):
        assert cut_cells(table) == []


def test_figures_stand_at_the_right_and_words_where_reading_begins(desk: Desk) -> None:
    table = desk.look(Section.DAYS, table=True).table
    day, total = table.item(0, 0), table.item(0, 3)
    assert day
    assert total
    for item in (day, total):
        assert item.textAlignment() & Qt.AlignmentFlag.AlignRight
    desk.pane.set_words(Words("en"), Format("en"))
    day, total = table.item(0, 0), table.item(0, 3)
    assert day
    assert total
    assert day.textAlignment() & Qt.AlignmentFlag.AlignLeft
    assert total.textAlignment() & Qt.AlignmentFlag.AlignRight


def test_the_whole_way_down_and_back_by_keyboard(desk: Desk) -> None:
    pane = desk.pane
    desk.open_day()
    assert pane.stack.currentWidget() is pane.sales
    assert pane.sales.title.text() == "فروش‌های شنبه ۳۰ آبان ۱۴۰۵"
    QTest.keyClick(pane.sales.table.table, Key.Key_Down)
    QTest.keyClick(pane.sales.table.table, Key.Key_Return)
    assert pane.stack.currentWidget() is pane.sale
    QTest.keyClick(pane.sale.sides[3], Key.Key_Space)
    assert pane.sale.stack.currentWidget() is pane.sale.entry
    assert pane.sale.entry.document.isReadOnly()
    assert '"kind": "SALE"' in pane.sale.entry.document.toPlainText()
    QTest.keyClick(pane.sale.entry.document, Key.Key_Escape)
    assert pane.stack.currentWidget() is pane.sales
    assert pane.sales.table.table.currentRow() == 1
    QTest.keyClick(pane.sales.table.table, Key.Key_Escape)
    assert pane.stack.currentWidget() is pane.overview
    assert pane.overview.table.table.currentRow() == 1
    assert desk.left == 0
    QTest.keyClick(pane.overview.table.table, Key.Key_Escape)
    assert desk.left == 1


def test_the_keys_go_where_the_next_step_is_chosen(desk: Desk) -> None:
    pane = desk.pane
    pane.activateWindow()
    desk.open_day()
    assert pane.focusWidget() is pane.sales.table.table
    pane.sales.table.open_current()
    assert pane.focusWidget() is pane.sale.sides[0]
    pane.back()
    assert pane.focusWidget() is pane.sales.table.table
    pane.back()
    assert pane.focusWidget() is pane.overview.table.table
    pane.earlier.setFocus()
    pane.earlier.click()
    assert pane.focusWidget() is pane.earlier


def test_a_member_is_reached_from_the_sale(desk: Desk) -> None:
    place = desk.shop.sell(1, who=5, cashier=NIMA)
    desk.presenter.open(desk.shop.rows.sales_at((place,))[0])
    assert desk.pane.sale.member_button.isVisible()
    desk.pane.sale.member_button.click()
    assert desk.pane.stack.currentWidget() is desk.pane.sales
    assert desk.pane.sales.title.text() == "خریدهای این عضو: گلناز فرهادی"
    assert desk.pane.sales.note.text().startswith("فقط همین ایستگاه")
    assert "گلناز" not in str(desk.pane.sheet)
    plain = desk.shop.sell(1, cashier=NIMA)
    desk.presenter.open(desk.shop.rows.sales_at((plain,))[0])
    assert not desk.pane.sale.member_button.isVisible()


def test_a_report_is_printed_again_and_only_where_there_is_one(desk: Desk) -> None:
    table = desk.look(Section.SHIFTS)
    assert not desk.pane.overview.print_button.isVisible()  # the open shift has none
    QTest.keyClick(table.table, Key.Key_Down)
    assert desk.pane.overview.print_button.isVisible()
    desk.pane.overview.print_button.click()
    assert desk.printed == [("Z", 1)]
    QTest.keyClick(table.table, Key.Key_Return)
    assert desk.pane.stack.currentWidget() is desk.pane.entry
    assert '"kind": "SHIFT_CLOSED"' in desk.pane.entry.document.toPlainText()


def test_flags_appear_when_they_are_looked_at(desk: Desk) -> None:
    for _ in range(4):
        desk.shop.sell(3, who=6, cashier=NIMA)
    desk.presenter.choose(BOTH)
    table = desk.look(Section.FLAGS)
    kinds = [item.text() for row in range(table.table.rowCount()) if (item := table.table.item(row, 1))]
    assert "یک عضو، چند بار در یک روز" in kinds
    table.open_current()
    assert desk.pane.stack.currentWidget() is desk.pane.sales


@pytest.mark.parametrize(("place", "day"), [(0, "شنبه ۳۰ آبان ۱۴۰۵"), (1, "یکشنبه ۱ آذر ۱۴۰۵")])
def test_a_bar_leads_to_the_sales_of_its_day(desk: Desk, place: int, day: str) -> None:
    chart = desk.pane.overview.chart
    spot = chart.bar_rects()[place].center().toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot)
    assert desk.pane.stack.currentWidget() is desk.pane.sales
    assert desk.pane.sales.title.text() == f"فروش‌های {day}"


def test_a_bar_of_an_hour_leads_nowhere(desk: Desk) -> None:
    desk.look(Section.HOURS)
    chart = desk.pane.overview.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.bar_rects()[2].center().toPoint())
    assert desk.pane.stack.currentWidget() is desk.pane.overview


def test_an_empty_part_says_so_in_words(desk: Desk) -> None:
    desk.presenter.choose(Span("2020-01-01", "2020-01-02"))
    table = desk.look(Section.PROMOTIONS)
    assert table.currentWidget() is table.nothing
    assert table.nothing.text() == "تخفیفی داده نشد."
    assert not desk.pane.export_button.isEnabled()


def test_periods_are_turned_and_picked(desk: Desk) -> None:
    desk.pane.earlier.click()
    assert desk.pane.heading.text() == "۲۸ آبان ۱۴۰۵ تا ۲۹ آبان ۱۴۰۵"
    desk.pane.later.click()
    desk.pane.range_button.click()
    assert desk.pane.picker.isVisible()
    desk.pane.picker.picked.emit(Span(SECOND, SECOND))
    desk.pane.picker.reject()
    assert desk.pane.heading.text() == "یکشنبه ۱ آذر ۱۴۰۵"


def test_a_fault_is_shown_and_goes_with_the_next_step(desk: Desk) -> None:
    desk.pane.show_fault(StationError(ErrorCode.DATABASE_LOCKED))
    assert desk.pane.said.isVisible()
    assert desk.pane.said.text().endswith("(E403)")
    desk.presenter.choose(BOTH)
    assert not desk.pane.said.isVisible()
    desk.pane.tell("چاپ شد")
    assert desk.pane.said.text() == "چاپ شد"


def test_language_and_theme_change_live_on_every_page(desk: Desk) -> None:
    desk.open_day()
    desk.pane.sales.table.open_current()
    desk.pane.set_words(Words("en"), Format("en"))
    desk.pane.set_theme(DARK)
    assert desk.pane.stack.currentWidget() is desk.pane.sale
    assert desk.pane.sale.title.text().startswith("Sale ")
    assert desk.pane.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert desk.pane.grab().toImage().pixelColor(2, 2) == QColor(DARK.bg)
    assert desk.pane.back()
    assert desk.pane.sales.title.text() == "Sales of Sat 21 Nov 2026"
    assert desk.pane.back()
    assert not desk.pane.back()


def test_every_button_is_large_enough_to_be_tapped(desk: Desk) -> None:
    desk.look(Section.SHIFTS)
    small = [(each.text(), each.size()) for each in desk.pane.findChildren(QPushButton)
             if each.isVisible() and min(each.width(), each.height()) < 48]
    assert small == []


def test_those_who_do_not_see_the_page_are_told(desk: Desk) -> None:
    desk.pane.set_words(Words("en"), Format("en"))
    overview = desk.pane.overview
    assert desk.pane.accessibleName() == "Reports"
    assert overview.cards[1].accessibleName().startswith("Members' share: ")
    assert overview.chart.accessibleDescription().startswith("Member sales by day: ")
    assert desk.look(Section.SHIFTS).table.accessibleName() == "Shifts with their X and Z reports"
