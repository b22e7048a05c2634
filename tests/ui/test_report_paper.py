"""X and Z reports on paper, and the test page."""

from pathlib import Path

import pytest

from data.journal import JournalStore
from data.report_rows import ReportRows
from station.clock import Moment
from station.journal import Draft, Entry, EntryKind
from station.people import Actor, Role
from station.shift import X_REPORT, Z_REPORT, CountReason, Reading, Shift, ShiftClosed
from station.tender import TenderKind
from station.totals import Tally, Total
from tests.fakes import NOON
from ui.format import Format, Unit
from ui.presenters import report_paper
from ui.presenters.report_paper import report_view
from ui.text import Words
from ui.views_report import Row

SARA = Actor("sara", Role.CASHIER)
TOTALS = (
    Total(Tally.SALES, "", 3), Total(Tally.LISTED, "", 1_000_000), Total(Tally.DISCOUNT, "", 50_000),
    Total(Tally.TOTAL, "", 950_000), Total(Tally.TAX, "", 78_440), Total(Tally.RETURNS, "", 1),
    Total(Tally.RETURNED, "", 100_000), Total(Tally.TENDER, TenderKind.CASH.value, 600_000),
    Total(Tally.TENDER, TenderKind.DEBIT.value, 250_000), Total(Tally.CASH_MOVED, "", -200_000),
    Total(Tally.MEMBER_SALES, "", 2), Total(Tally.EARNED, "", 95))


def entry(body: ShiftClosed | Reading) -> Entry[ShiftClosed] | Entry[Reading]:
    kind = EntryKind.SHIFT_CLOSED if isinstance(body, ShiftClosed) else EntryKind.READING
    return Entry(1, "12-1", "a3" * 16, 57, kind, NOON, SARA, None, body)  # type: ignore[return-value]


def said(rows: tuple[Row, ...]) -> dict[str, str]:
    return {row.label: row.value for row in rows}


def test_a_z_report_says_what_was_sold_how_it_was_paid_and_what_was_counted() -> None:
    closed = ShiftClosed(7, 12, 890_000, 900_000, CountReason.CHANGE_GIVEN, TOTALS)
    view = report_view(entry(closed), "Vanak", "Sara", Words("en"), Format("en", Unit.RIAL), copy=True)
    assert said(view.head)["Report"] == "Z report 12"
    assert said(view.head)["Shift"] == "7"
    assert view.copy == "COPY"
    assert said(view.sums) == {
        "Sales": "3", "Subtotal": "1,000,000", "Discounts": "−50,000", "Sold": "950,000", "Tax contained": "78,440",
        "Returns": "1", "Given back": "−100,000", "Cash": "600,000", "Bank terminal": "250,000",
        "Moved in or out of the drawer": "−200,000"}
    assert view.total == Row("Expected in the drawer", "900,000\u00a0rial")
    assert said(view.paid) == {"Counted": "890,000", "Difference": "−10,000", "Reason": "Wrong change given"}
    assert said(view.member) == {"Sales to members": "2", "Points earned": "95", "Points spent": "0"}


def test_an_x_report_counts_nothing_and_an_uncounted_z_says_so() -> None:
    reading = report_view(
        entry(Reading(7, 2, 900_000, TOTALS)), "Vanak", "Sara", Words("en"), Format("en"), copy=False)
    assert said(reading.head)["Report"] == "X report 2"
    assert (reading.paid, reading.copy) == ((), "")
    uncounted = report_view(
        entry(ShiftClosed(7, 1, None, 0, CountReason.NOT_COUNTED, ())), "ونک", "سارا", Words("fa"), Format("fa"), copy=False)
    assert [row.value for row in uncounted.paid] == [Words("fa")("Not counted")]
    assert uncounted.rtl


def test_a_report_is_found_by_kind_and_number(tmp_path: Path) -> None:
    journal = JournalStore(tmp_path / "journal.db", bytes(32))
    journal.found("12-1", "test", NOON)
    at = Moment(NOON.utc_us, NOON.offset, NOON.date)
    journal.append(Draft(EntryKind.SHIFT_OPENED, at, SARA, Shift(1, "sara", NOON.date, 0)))
    journal.append(Draft(EntryKind.READING, at, SARA, Reading(1, 1, 0, ())))
    journal.append(Draft(EntryKind.SHIFT_CLOSED, at, SARA, ShiftClosed(1, 1, 0, 0, CountReason.NONE, ())))
    rows = ReportRows(journal.database)
    assert isinstance(rows.report_at(rows.place_of(X_REPORT, 1)).body, Reading)
    assert isinstance(rows.report_at(rows.place_of(Z_REPORT, 1)).body, ShiftClosed)
    with pytest.raises(KeyError):
        rows.place_of(Z_REPORT, 2)
    for place in (1, 2, 99):
        with pytest.raises(KeyError):
            rows.report_at(place)
    journal.close()


def test_the_test_page_says_that_it_is_one() -> None:
    page = report_paper.test_page("Vanak", Words("en"))
    assert page.total.label == "Printer test"
    assert page.footer == ("If you can read this, the printer works.",)
