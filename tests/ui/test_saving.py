"""A table of the period's pages as a file: where it goes, what its name tells, how far it is, and what became of it."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station.span import Span
from tests.rigs.manager_days import NIMA, SARA, ManagedShop
from tests.ui.test_period_pane import BOTH, FIRST, SECOND, Desk
from ui.format import Format
from ui.presenters.sale_words import describe_sales
from ui.qt.exporting import Form, export_menu
from ui.qt.period_pane import PeriodPane
from ui.qt.place_dialog import PlaceDialog
from ui.qt.tokens import LIGHT
from ui.text import Words
from ui.views_period import People, PeriodView, SalesView, Section


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    shop = ManagedShop(tmp_path)
    shop.found(FIRST)
    shop.day(FIRST, 12, SARA, -250_000)
    shop.day(SECOND, 12, NIMA, close=False)
    yield Desk(qtbot, shop)
    shop.journal.close()


@pytest.mark.parametrize("form", Form)
def test_what_is_on_the_screen_is_saved_and_nothing_else(desk: Desk, tmp_path: Path, form: Form) -> None:
    desk.target = str(tmp_path / f"out.{form.value}")
    desk.look(Section.SHIFTS)
    desk.save(form)
    assert desk.asked == [f"shifts-1405-08-30-1405-09-01.{form.value}"]
    saved = tmp_path / f"out.{form.value}"
    assert saved.read_bytes()[:4] in (b"\xef\xbb\xbf\xd8", b"PK\x03\x04", b"%PDF")
    assert desk.pane.said.text() == f"ذخیره شد: out.{form.value}"
    if form is Form.CSV:
        rows = list(csv.reader(io.StringIO(saved.read_text("utf-8-sig"), newline="")))
        shown = desk.pane.overview.table.table
        assert len(rows) == shown.rowCount() + 1
        head = shown.horizontalHeaderItem(2)
        assert head
        assert rows[0][2] == head.text() == "صندوقدار"


def test_nothing_is_saved_without_a_place_and_texts_are_no_tables(desk: Desk) -> None:
    desk.pane.export(Form.CSV)
    assert not desk.pane.said.isVisible()
    desk.presenter.open(desk.shop.rows.sales(BOTH)[0])
    desk.pane.sale.sides[1].click()
    assert desk.pane.sheet is None
    assert not desk.pane.export_button.isEnabled()
    desk.asked.clear()
    desk.pane.export(Form.CSV)
    assert desk.asked == []


def test_a_place_that_cannot_be_written_is_told_by_number(desk: Desk, tmp_path: Path) -> None:
    desk.target = str(tmp_path / "gone" / "out.csv")
    desk.save(Form.CSV)
    assert desk.pane.said.text().endswith("(E417)")
    assert desk.pane.said.property("fault") is True


def test_a_files_name_tells_the_days_it_is_about(desk: Desk) -> None:
    desk.presenter.open(Span(SECOND, SECOND))
    desk.pane.export(Form.PDF)
    desk.presenter.open(desk.shop.rows.sales(Span(FIRST, FIRST))[0])
    desk.pane.export(Form.PDF)
    desk.pane.set_words(Words("en"), Format("en"))
    desk.pane.export(Form.PDF)
    assert desk.asked == ["sales-1405-09-01.pdf", "sale-lines-1405-08-30.pdf", "sale-lines-2026-11-21.pdf"]


def test_what_takes_long_shows_how_far_it_is_and_can_be_ended(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    part = describe_sales(SalesView(desk.shop.rows.sales(BOTH), People(), BOTH), Words("en"), Format("en"))
    long = replace(part, sheet=replace(part.sheet, rows=part.sheet.rows * 300), targets=())
    desk.pane.set_words(Words("en"), Format("en"))
    desk.pane.sales.show_part(long)
    desk.pane.stack.setCurrentWidget(desk.pane.sales)
    desk.target, key = str(tmp_path / "out.pdf"), desk.pane.export_button
    desk.pane.export(Form.PDF)
    qtbot.waitUntil(lambda: key.text() == "End saving", timeout=30_000)
    assert re.fullmatch(r"Being saved: \d+%", desk.pane.said.text())
    assert key.isEnabled()
    desk.pane.export(Form.CSV)  # one at a time
    key.click()
    qtbot.waitUntil(lambda: desk.pane.said.text() == "Ended: nothing was saved.", timeout=30_000)
    assert (key.text(), list(tmp_path.glob("*out*"))) == ("Save table", [])
    desk.target = str(tmp_path / "out.csv")
    desk.save(Form.CSV)
    qtbot.waitUntil(lambda: desk.pane.said.text() == "Saved: out.csv", timeout=30_000)
    assert len((tmp_path / "out.csv").read_bytes().splitlines()) == 1 + len(long.sheet.rows)


def test_the_window_asks_where_in_its_own_words(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    pane = PeriodPane(Words("fa"), Format("fa"), LIGHT)
    qtbot.addWidget(pane)
    pane.show_period(PeriodView(BOTH, SECOND, (), (), ()))
    pane.show()
    pane.export(Form.CSV)
    dialog = pane.findChild(PlaceDialog)
    assert isinstance(dialog, PlaceDialog)
    assert dialog.isVisible()
    assert dialog.windowTitle() == "ذخیرهٔ جدول"
    dialog.name.setText(str(tmp_path / "days"))
    dialog.save.click()
    qtbot.waitUntil(lambda: pane.said.text() == "ذخیره شد: days.csv")
    assert (tmp_path / "days.csv").exists()
    assert desk.asked == []


def test_the_menu_offers_each_form(desk: Desk) -> None:
    chosen: list[Form] = []
    made = export_menu(Words("en"), desk.pane, chosen.append)
    for action in made.actions():
        action.trigger()
    assert chosen == list(Form)
