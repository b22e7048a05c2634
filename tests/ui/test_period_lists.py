"""The manager's lists where they are long, where they are of drawers, and where what they lead to was cut off."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from data.compact import compact
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.flags import Flag, FlagKind
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.shift_rows import ReportRow, SaleRow
from station.span import Span
from station.staff_event import StaffDeed, StaffEvent
from tests.fakes import moment
from tests.rigs.manager_days import NIMA, SARA, ManagedShop
from tests.ui.test_period import Desk
from ui.format import Format, Unit
from ui.presenters.period import PeriodPresenter
from ui.presenters.period_words import describe_period
from ui.presenters.sale_words import describe_openings, describe_sales
from ui.qt.period_pane import PeriodPane
from ui.qt.tokens import LIGHT
from ui.text import Words
from ui.views_period import MOST_SHOWN, EntryView, OpeningsView, People, PeriodView, SalesView, Section

FIRST, SECOND = "2026-11-21", "2026-11-22"
BOTH = Span(FIRST, SECOND)
EN, FA = (Words("en"), Format("en")), (Words("fa"), Format("fa"))
OMID = Actor("omid", Role.SENIOR)
NBSP = "\u00a0"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(FIRST)
    made.day(FIRST, 3, SARA)
    made.day(SECOND, 2, NIMA, close=False)
    yield made
    made.journal.close()


@pytest.fixture
def page(qtbot: QtBot, shop: ManagedShop) -> PeriodPane:
    """The page of both days, whose reports are printed from the journal itself."""
    made = PeriodPane(*EN, LIGHT)
    qtbot.addWidget(made)

    def again(kind: str, number: int) -> None:
        assert shop.rows.place_of(kind, number)

    presenter = PeriodPresenter(shop.sources, shop.clock, made, again)
    made.connect_to(presenter)
    presenter.choose(BOTH)
    made.show()
    return made


def cut_off(shop: ManagedShop) -> None:
    """Compact what head office has, half a year later: the first day goes."""
    branch = shop.journal.branches()[-1]
    branch.acknowledge(branch.head().seq)
    later = moment("2027-05-22")
    assert list(compact(shop.journal, 90, Moment(later.utc_us, later.offset, later.date)))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_report_that_was_cut_off_says_so_when_it_is_opened_or_printed(
    shop: ManagedShop, page: PeriodPane, language: str,
) -> None:
    cut_off(shop)
    page.set_words(Words(language), Format(language))
    page.overview.sections[Section.SHIFTS].click()
    page.overview.table.table.setCurrentCell(1, 0)
    for press in (page.overview.print_button, page.overview.open_button):
        page.tell("")
        assert press.isVisible()
        press.click()
        assert page.said.text() == Words(language).error(StationError(ErrorCode.ENTRY_CUT_OFF))
        assert page.said.text().endswith("(E418)")
        assert page.said.property("fault") is True
        assert page.stack.currentWidget() is page.overview


def test_a_report_that_never_was_is_a_fault_of_the_program(shop: ManagedShop) -> None:
    cut_off(shop)
    with pytest.raises(StationError) as told:
        shop.rows.place_of("Z", 1)
    assert told.value.code is ErrorCode.ENTRY_CUT_OFF
    with pytest.raises(KeyError):
        shop.rows.place_of("Z", 2)


def test_a_printer_that_refuses_is_told(shop: ManagedShop) -> None:
    desk = Desk(shop, fault=StationError(ErrorCode.PRINTER_OFFLINE))
    desk.presenter.reprint(ReportRow("Z", 1, 9))
    assert desk.page.shown == [desk.fault]


def test_where_nothing_was_approved_that_is_said(shop: ManagedShop) -> None:
    desk = Desk(shop)
    desk.presenter.look_for_approvals()  # nothing is shown yet: nothing is looked for
    desk.period(BOTH)
    desk.presenter.look_for_approvals()
    view = desk.page.shown[-1]
    assert isinstance(view, PeriodView)
    part = describe_period(view, *FA).parts[Section.APPROVALS]
    assert (part.sheet.rows, part.nothing) == ((), "چیزی به تأیید نفر دوم نرسیده است.")


def opened(shop: ManagedShop, count: int) -> list[int]:
    """Let Nima open the drawer so many times, with Omid's approval each second time; return the places."""
    places = []
    for number in range(count):
        shop.clock.forward(1)
        event = StaffEvent(StaffDeed.DRAWER_OPENED, "nima", note="Change is needed")
        places.append(shop.journal.append(Draft(
            EntryKind.STAFF, shop.clock.now(), NIMA, event, OMID if number % 2 else None)).place)
    return places


def test_a_flag_of_drawers_leads_to_all_of_its_openings_and_each_to_its_entry(shop: ManagedShop) -> None:
    places = opened(shop, 4)
    desk = Desk(shop)
    desk.period(BOTH)
    desk.presenter.look_for_flags()
    view = desk.page.shown[-1]
    assert isinstance(view, PeriodView)
    flag = next(each for each in view.flags or () if each.kind is FlagKind.DRAWER)
    assert flag.places == tuple(places)
    desk.presenter.open(flag)
    listed = desk.page.shown[-1]
    assert isinstance(listed, OpeningsView)
    part = describe_openings(listed, *EN)
    assert part.sheet.title == "Drawer often opened without a sale, 22 Nov 2026: 4, shown from 4"
    assert [row[0] for row in part.sheet.rows] == [SECOND] * 4
    assert [row[2:] for row in part.sheet.rows] == [
        ("Nima Rostami", "omid", "Change is needed"), ("Nima Rostami", "", "Change is needed")] * 2
    minutes = [row[1] for row in part.sheet.rows]
    assert minutes == sorted(minutes, key=lambda minute: -int(minute or 0))  # the latest first
    assert describe_openings(listed, *FA).sheet.rows[0][2:] == ("نیما رستمی", "omid", Words("fa")("Change is needed"))
    for target, place in zip(part.targets, reversed(places), strict=True):
        desk.presenter.open(target)
        entry = desk.page.shown[-1]
        assert isinstance(entry, EntryView)
        assert entry.stored.place == place


def test_the_reason_of_a_count_is_told_in_the_language_of_the_screen(shop: ManagedShop) -> None:
    shop.drawer.open_to_count(NIMA)
    place = next(reversed(list(shop.journal.entries(0, 1_000)))).place
    flag = Flag(FlagKind.DRAWER, SECOND, "nima", 1, 1, (place,))
    view = OpeningsView(shop.rows.openings_at((place,)), People(), flag)
    assert [describe_openings(view, *how).sheet.rows[0][4] for how in (EN, FA)] == ["The drawer is counted", "شمارش کشو"]


def test_what_was_cut_off_of_a_flag_is_not_listed(shop: ManagedShop) -> None:
    assert shop.rows.openings_at((*opened(shop, 2), 10_000))[0].reason == "Change is needed"
    assert len(shop.rows.openings_at((10_000,))) == 0


def test_the_openings_are_a_page_one_step_down(shop: ManagedShop, page: PeriodPane) -> None:
    opened(shop, 4)
    page.overview.sections[Section.FLAGS].click()
    kinds = [item.text() for row in range(page.overview.table.table.rowCount()) if (item := page.overview.table.table.item(row, 1))]
    page.overview.table.table.setCurrentCell(kinds.index("Drawer often opened without a sale"), 0)
    page.overview.open_button.click()
    assert page.stack.currentWidget() is page.sales
    assert page.sales.table.table.rowCount() == 4
    assert page.export_button.isEnabled()
    assert page.sheet
    assert page.sheet.name == "drawer"
    page.set_words(*FA)
    assert page.sales.note.text() == Words("fa")("A flag accuses nobody: it shows where to look.")
    page.sales.open_button.click()
    assert page.stack.currentWidget() is page.entry
    assert page.back()
    assert page.stack.currentWidget() is page.sales


def many(count: int, total: int = 10_000) -> tuple[SaleRow, ...]:
    """So many sales of one day, the last of them dearer by an odd rial."""
    row = SaleRow(1, FIRST, 1, "sara", None, total, 0, 0, None, 10)
    return (*(replace(row, place=place) for place in range(count, 1, -1)), replace(row, total=total + 5))


def test_a_list_too_long_to_be_shown_says_so_tells_the_true_sum_and_is_saved_whole() -> None:
    rows = many(MOST_SHOWN + 345)
    part = describe_sales(SalesView(rows, People(), span=Span(FIRST, FIRST)), *EN)
    assert part.sheet.notes == (f"Sales: 2,345 · 23,450,005{NBSP}rial",)
    assert part.more == "The first 2,000 of 2,345 are shown; a saved file has all of them."
    assert (len(part.sheet.rows), part.most) == (2_345, MOST_SHOWN)
    assert part.sheet.style.unit is Unit.RIAL  # for a sale that is not shown
    assert "۲٬۳۴۵" in describe_sales(SalesView(rows, People(), member_id="m1"), *FA).more
    short = describe_sales(SalesView(many(MOST_SHOWN), People(), span=Span(FIRST, FIRST)), *EN)
    assert short.more == ""


def test_no_more_rows_are_shown_than_somebody_waits_for(page: PeriodPane) -> None:
    page.show_sales(SalesView(many(MOST_SHOWN + 1), People(), span=Span(FIRST, FIRST)))
    assert page.sales.table.table.rowCount() == MOST_SHOWN
    assert page.sales.note.text().endswith("The first 2,000 of 2,001 are shown; a saved file has all of them.")
    assert page.sheet
    assert len(page.sheet.rows) == MOST_SHOWN + 1
