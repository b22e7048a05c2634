"""Cash without a sale, corrections, the own sales, over a real journal: approved where that is asked, and no sums told."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from data.report_rows import ReportRows
from station.approval import OperationKind
from station.errors import ErrorCode, StationError
from station.journal import Entry, EntryKind
from station.people import Role
from station.shift import CashMoved, CashReason, Correction, CountReason
from station.tender import TenderKind
from tests.rigs.counted_till import NAMES, OMID, SARA, Till
from ui.format import Format
from ui.presenters.at_till import Person
from ui.presenters.own_sales import OwnSales
from ui.text import Words


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    made.journal.close()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def moved(till: Till) -> list[tuple[CashMoved, str | None]]:
    entries = [msgspec.json.decode(each.raw, type=Entry[CashMoved]) for each in till.journal.entries(0, 99)
               if each.kind is EntryKind.CASH_MOVED]
    return [(each.body, each.approver.person if each.approver else None) for each in entries]


def test_little_cash_goes_out_alone_and_more_with_a_second_person(till: Till) -> None:
    till.begin()
    assert till.cash.move("10000", CashReason.EXPENSE, out=True) == ""
    assert till.cash.move("10001", CashReason.BANK, out=True) == ""  # nobody approves
    till.second = OMID
    assert till.cash.move("۱۰٬۰۰۱", CashReason.BANK, out=True) == ""
    assert moved(till) == [
        (CashMoved(1, -100_000, CashReason.EXPENSE), None), (CashMoved(1, -100_010, CashReason.BANK), "omid")]
    operation, what = till.asked[-1]
    assert (operation.kind, operation.amount, operation.needs) == (OperationKind.CASH_MOVED, -100_010, Role.SENIOR)
    assert what == "Taken out of the drawer: 10,001\u00a0toman (To the bank or the safe)"
    assert till.said[-1] == what
    assert till.events == ["changed", "kick", "changed", "kick"]


def test_cash_goes_in(till: Till) -> None:
    till.begin()
    assert till.cash.move("500", CashReason.FLOAT, out=False) == ""
    assert moved(till) == [(CashMoved(1, 5_000, CashReason.FLOAT), None)]
    assert till.said == ["Put into the drawer: 500\u00a0toman (Change is needed)"]


@pytest.mark.parametrize("typed", ["", "0", "x"])
def test_no_amount_moves_and_corrects_nothing(till: Till, typed: str) -> None:
    till.begin()
    assert till.cash.move(typed, CashReason.BANK, out=True) == "Type an amount above 0."
    assert till.cash.correct(1, TenderKind.CASH, typed, CountReason.UNEXPLAINED, less=True) == "Type an amount above 0."
    assert moved(till) == []


def test_without_a_shift_no_cash_moves(till: Till) -> None:
    with refused(ErrorCode.SHIFT_CLOSED):
        till.cash.move("1", CashReason.FLOAT, out=False)


def test_a_manager_corrects_a_closed_shift(till: Till) -> None:
    till.begin(100_000)
    till.parts.drawer.close(None, CountReason.NOT_COUNTED, SARA)
    till.begin()
    till.cash.speak(Words("fa"), Format("fa"))
    till.cash.speak(Words("en"), Format("en"))
    view = till.cash.corrections()
    assert [each.title for each in view.shifts] == ["Shift 1 of 22 Nov 2026, Sara"]
    till.at_till.person = Person(OMID, NAMES["omid"])
    assert till.cash.correct(1, TenderKind.DEBIT, "30", CountReason.NOT_RUNG_UP, less=True) == ""
    assert till.cash.correct(1, TenderKind.CASH, "5", CountReason.CHANGE_GIVEN, less=False) == ""
    assert till.said == ["Shift 1 is corrected: Bank terminal \u221230\u00a0toman (Sold and not rung up)",
                         "Shift 1 is corrected: Cash 5\u00a0toman (Wrong change given)"]
    assert [each.kind for each in till.journal.entries(0, 99)].count(EntryKind.CORRECTION) == 2
    totals = {each.name: each.amount for each in till.journal.totals(2)}
    assert totals == {"1/DEBIT": -300, "1/CASH": 50}
    assert Correction(2, 1, TenderKind.CASH, 50, CountReason.CHANGE_GIVEN).amount == 50


def test_a_cashier_sees_the_own_receipts_and_no_sums(till: Till) -> None:
    till.begin()
    till.sell()
    till.at_till.person = Person(OMID, NAMES["omid"])
    till.sell()
    till.at_till.person = Person(SARA, NAMES["sara"])
    till.clock.forward(5)
    till.sell()
    own = OwnSales(ReportRows(till.journal.database), till.journal.shift, till.clock, till.at_till, "12-1")
    view = own.describe(Words("en"), Format("en"))
    assert view.title == "Sales of Sara, 22 Nov 2026"
    assert [(each.time, each.total) for each in view.sales] == [("14:10", "40,000"), ("14:05", "40,000")]
    assert [each.receipt.split("-")[2] for each in view.sales] == ["000005", "000003"]
    # 400 000 + 400 000 rial
    assert "80,000" not in repr(view)
