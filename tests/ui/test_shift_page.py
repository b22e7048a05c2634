"""The whole counter's shift, offscreen over real files: from the first sign-in to the report on paper."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from station.clock import Moment
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.shift import CountReason, Shift, ShiftClosed
from station.tender import Tender, TenderKind
from tests.rigs.shift_till import MILK, Station, approve, sign_in
from ui.clock import SystemClock
from ui.look import Look
from ui.presenters.shift_desk import ShiftDesk
from ui.qt.app import App
from ui.qt.menu import MenuDialog
from ui.qt.shift_page import ShiftPage
from ui.qt.tools.shift import ShiftTool

LONG_AGO = Moment(SystemClock().now().utc_us - 5 * 86_400_000_000, 210, "2026-01-02")


FIGURES = "Today's member sales", "Sales of a period"
"""What tells, hour by hour, what was sold: where most is paid in cash, that is what the drawer should hold."""


@pytest.fixture
def run(qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., App]]:
    """Start counters over one folder; no override of a Qt method may have failed inside them."""
    started: list[App] = []

    def start(language: str = "en", *, signs_in: bool = True, left_open: bool = False) -> App:
        station = Station(tmp_path / "station", signs_in=signs_in)
        if left_open:
            shift = Shift(1, "nima", LONG_AGO.date, 100_000)
            station.memory.journal.append(Draft(EntryKind.SHIFT_OPENED, LONG_AGO, Actor("nima", Role.SENIOR), shift))
        started.append(station.start(Look(language)))
        return started[-1]

    yield start
    for each in started:
        each.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR and each.name.startswith("ui")] == []


def tool(counter: App) -> ShiftTool:
    return counter.shift


def page(counter: App) -> ShiftPage:
    made = tool(counter).page
    assert made is not None
    return made


def is_shown(counter: App) -> bool:
    return tool(counter).page is not None and counter.window.pages.currentWidget() is tool(counter).page


def choose(counter: App, text: str) -> None:
    """Choose an entry of the F10 menu."""
    counter.window.open_menu()
    menu = next(each for each in counter.window.findChildren(MenuDialog) if each.isVisible())
    menu.key(text).click()
    # Offscreen there is no window manager to hand the focus back after a dialog.
    counter.window.activateWindow()


def sell(counter: App) -> None:
    counter.counter.scan(MILK.barcode)
    counter.counter.settle((Tender(TenderKind.CASH, 400_000),), counter.at_till.actor)


def type_count(counter: App, *pieces: str) -> None:
    """Type the pieces from the largest denomination on, with Enter after each."""
    for text in pieces:
        field = QApplication.focusWidget()
        assert field is not None
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert is_shown(counter)


def shift_of(counter: App) -> Shift | None:
    return counter._memory.journal.shift()


def receipts(counter: App) -> Path:
    """Where the printer puts its paper."""
    return Path(counter._memory.journal.database.path).parent / "receipts"


def said(counter: App) -> str:
    """All that stands on the window."""
    return " ".join(each.text() for each in counter.window.findChildren(QLabel) if each.isVisible())


@pytest.mark.parametrize("language", ["en", "fa"])
def test_who_signs_in_first_types_the_float_by_keyboard_alone(run: Callable[..., App], language: str) -> None:
    counter = run(language)
    assert shift_of(counter) is None
    sign_in(counter, "sara")
    assert is_shown(counter)
    type_count(counter, "", "2", "", "5")
    rest = page(counter).counting.cash.rest
    rest.setFocus()
    QTest.keyClicks(rest, "2500")
    QTest.keyClick(rest, Qt.Key.Key_Return)
    shift = shift_of(counter)
    # 2 × 1 000 000 + 5 × 100 000 + 2 500 toman, in rial
    assert shift is not None
    assert (shift.cashier, shift.opening_float) == ("sara", 2_525_000)
    assert counter.window.pages.currentWidget() is counter.window.page


def test_fingers_do_it_without_a_keyboard(run: Callable[..., App]) -> None:
    counter = run()
    sign_in(counter, "sara")
    face = page(counter).counting
    face.cash.go_to(face.cash.fields[500_000])
    for key in ("1", "2", "⌫", "0"):
        face.pad.keys[key].click()
    face.done.click()
    shift = shift_of(counter)
    assert shift is not None
    assert shift.opening_float == 5_000_000


def test_esc_leaves_for_the_counter_and_the_menu_leads_back(run: Callable[..., App]) -> None:
    counter = run()
    sign_in(counter, "sara")
    face = page(counter).counting
    face.cash.fields[500_000].setText("3")
    QTest.keyClick(counter.window, Qt.Key.Key_Escape)
    assert counter.window.pages.currentWidget() is counter.window.page
    assert shift_of(counter) is None
    choose(counter, "Open the shift")
    assert is_shown(counter)
    assert face.total.text() == "150,000\u00a0toman"
    face.later.click()
    assert counter.window.pages.currentWidget() is counter.window.page


def test_a_lock_in_the_middle_of_a_count_loses_nothing(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift(150)
    sign_in(counter, "sara")
    assert not is_shown(counter)
    choose(counter, "Count and close the shift")
    page(counter).counting.cash.fields[100_000].setText("7")
    counter.window.lock()
    sign_in(counter, "sara")
    choose(counter, "Count and close the shift")
    assert page(counter).counting.cash.fields[100_000].text() == "7"
    assert page(counter).counting.total.text() == "70,000\u00a0toman"


def test_the_shift_is_closed_blind_and_the_report_shown_and_printed(run: Callable[..., App], qtbot: QtBot) -> None:
    counter = run()
    counter.open_shift(1_000_000)
    sign_in(counter, "sara")
    sell(counter)
    choose(counter, "Count and close the shift")
    # 140 000 toman are expected, 30 000 counted: 110 000 short, and no word of either
    assert "140,000" not in said(counter)
    page(counter).counting.cash.fields[100_000].setText("3")
    page(counter).counting.done.click()
    assert page(counter).faces.currentWidget() is page(counter).reasons
    assert not {"140,000", "110,000"} & set(said(counter).replace("\u00a0", " ").split())
    next(each for each in page(counter).reasons.buttons if each.text() == "Nobody knows why").click()
    gate = counter.window.gate
    assert gate is not None
    assert gate.dialog.what.text() == "Shift 1 is closed with a difference of \u2212110,000\u00a0toman: Nobody knows why"
    approve(counter, "omid")
    assert shift_of(counter) is None
    report = page(counter).report
    assert report.told.text() == "Difference: \u2212110,000\u00a0toman"
    assert ("Expected in the drawer", "140,000\u00a0toman") in report.paper.rows
    assert "No shift open" in said(counter)
    entry = counter._memory.journal.report("Z", 1)
    assert isinstance(entry.body, ShiftClosed)
    assert (entry.body.reason, entry.approver) == (CountReason.UNEXPLAINED, Actor("omid", Role.MANAGER))
    qtbot.waitUntil(lambda: not counter._memory.journal.waiting_prints(), timeout=15_000)
    assert len(list(receipts(counter).glob("*.png"))) == 2  # the sale's and the report
    report.again.click()
    report.go_on.click()
    assert page(counter).counting.title.text() == "Open the shift"


def test_a_shift_left_open_is_counted_by_who_comes_and_never_silently(run: Callable[..., App]) -> None:
    counter = run(left_open=True)
    assert "Shift 1 open since 2 Jan 2026" in said(counter)
    sign_in(counter, "sara")
    assert is_shown(counter)
    assert page(counter).counting.title.text() == "Shift 1 of 2 Jan 2026 was left open"
    QTest.keyClick(counter.window, Qt.Key.Key_Escape)
    assert shift_of(counter) is not None
    counter.window.lock()
    sign_in(counter, "omid")
    assert is_shown(counter)
    page(counter).act(lambda desk: desk.leave_uncounted(CountReason.NOT_COUNTED))
    assert shift_of(counter) is None
    entry = counter._memory.journal.report("Z", 1)
    assert isinstance(entry.body, ShiftClosed)
    assert (entry.body.counted, entry.actor.person) == (None, "omid")


def test_where_nobody_signs_in_the_float_is_asked_for_at_the_start(run: Callable[..., App]) -> None:
    counter = run(signs_in=False)
    assert is_shown(counter)
    counter.open_shift()
    assert counter.window.pages.currentWidget() is counter.window.page
    choose(counter, "Cash out of the drawer")
    dialog = tool(counter).cash
    assert dialog is not None
    QTest.keyClicks(dialog.amount, "5000")
    QTest.keyClick(dialog.amount, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert "Taken out of the drawer: 5,000" in said(counter)


def test_a_cashier_is_not_offered_what_the_drawer_should_hold(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift()
    sign_in(counter, "sara")
    counter.window.open_menu()
    menu = next(each for each in counter.window.findChildren(MenuDialog) if each.isVisible())
    assert "Count and close the shift" in menu.texts()
    assert not {"Read the shift (X)", "Correct a closed shift", *FIGURES} & set(menu.texts())
    menu.reject()


@pytest.mark.parametrize(("person", "figures"), [("nima", FIGURES[:1]), ("omid", FIGURES)])
def test_the_days_figures_are_for_those_who_do_not_count_blind(run: Callable[..., App], person: str, figures: tuple[str, ...]) -> None:
    counter = run()
    counter.open_shift()
    sign_in(counter, person)
    counter.window.open_menu()
    menu = next(each for each in counter.window.findChildren(MenuDialog) if each.isVisible())
    assert [each for each in FIGURES if each in menu.texts()] == list(figures)
    menu.key(FIGURES[0]).click()
    today = counter.window.today
    assert today is not None
    assert counter.window.pages.currentWidget() is today
    assert today.cashiers_button.isVisible() == (person == "omid")


def test_where_nobody_signs_in_the_one_person_sees_them(run: Callable[..., App]) -> None:
    counter = run(signs_in=False)
    counter.open_shift()
    for entry, page_of in zip(FIGURES, ("today", "period"), strict=True):
        choose(counter, entry)
        assert counter.window.pages.currentWidget() is getattr(counter.window.back_office, page_of)


def test_the_own_receipts_tell_no_cashier_what_the_drawer_should_hold(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift(130_000)
    sign_in(counter, "sara")
    for _ in range(2):
        sell(counter)
    choose(counter, "My sales today")
    sales = tool(counter).sales
    assert sales is not None
    table = sales.table
    cells = [item.text() for row in range(table.rowCount()) for column in range(table.columnCount()) if (item := table.item(row, column))]
    # 2 × 400 000, and with the float 130 000 more, in rial; it is not told either how each was paid
    for figure in ("80,000", "93,000", "Cash"):
        assert figure not in f"{said(counter)} {cells}"


def test_a_senior_reads_the_shift_and_a_manager_corrects_a_closed_one(run: Callable[..., App]) -> None:
    counter = run(left_open=True)
    sign_in(counter, "omid")
    page(counter).act(lambda desk: desk.leave_uncounted(CountReason.TILL_FAILED))
    counter.open_shift()
    counter.window.lock()
    sign_in(counter, "nima")
    choose(counter, "Read the shift (X)")
    assert page(counter).report.title.text() == "X report 1"
    QTest.keyClick(counter.window, Qt.Key.Key_Escape)
    assert counter.window.pages.currentWidget() is counter.window.page
    counter.window.lock()
    sign_in(counter, "omid")
    choose(counter, "Correct a closed shift")
    dialog = tool(counter).correction
    assert dialog is not None
    assert dialog.isVisible()


def test_cash_goes_out_with_a_reason_and_a_second_person(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift()
    sign_in(counter, "sara")
    choose(counter, "Cash out of the drawer")
    dialog = tool(counter).cash
    assert dialog is not None
    dialog.act.click()
    assert dialog.problem.text() == "Type an amount above 0."
    for key in ("5", "000"):
        dialog.pad.keys[key].click()
    dialog.reasons.setCurrentRow(1)
    dialog.act.click()
    approve(counter, "nima")
    assert not dialog.isVisible()
    assert "Taken out of the drawer: 5,000\u00a0toman (An expense is paid)" in said(counter)
    totals = {(each.tally.value, each.name): each.amount for each in counter._memory.journal.totals(1)}
    assert totals == {("CASH_MOVED", ""): -50_000, ("CASH_MOVED", "EXPENSE"): -50_000}


def test_the_own_receipts_are_listed_and_printed_again(run: Callable[..., App], qtbot: QtBot) -> None:
    counter = run()
    counter.open_shift()
    sign_in(counter, "sara")
    choose(counter, "My sales today")
    sales = tool(counter).sales
    assert sales is not None
    assert sales.nothing.isVisible()
    sell(counter)
    choose(counter, "My sales today")
    assert sales.table.rowCount() == 1
    QTest.keyClick(sales.table, Qt.Key.Key_Return)
    assert sales.said.text() == "The receipt is on its way to the printer."
    qtbot.waitUntil(lambda: bool(list(receipts(counter).glob("*copy*.png"))), timeout=15_000)
    QTest.keyClick(counter.window, Qt.Key.Key_Escape)
    assert counter.window.pages.currentWidget() is counter.window.page


def test_the_language_changes_under_a_count(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift()
    sign_in(counter, "sara")
    choose(counter, "Count and close the shift")
    page(counter).counting.cash.fields[100_000].setText("7")
    counter.window.switch_language()
    assert page(counter).counting.title.text() == "بستن شیفت ۱"
    assert page(counter).counting.total.text() == "۷۰٬۰۰۰\u00a0تومان"
    assert is_shown(counter)


def test_one_enter_too_many_explains_no_difference(run: Callable[..., App]) -> None:
    counter = run()
    counter.open_shift(100_000)
    sign_in(counter, "sara")
    tool(counter).show(ShiftDesk.close)
    rest = page(counter).counting.cash.rest
    rest.setText("1")
    QTest.keyClick(rest, Qt.Key.Key_Return)
    held = QApplication.focusWidget()
    assert held is page(counter).reasons.again
    QTest.keyClick(held, Qt.Key.Key_Return)
    assert shift_of(counter) is not None
    assert page(counter).faces.currentWidget() is page(counter).counting
