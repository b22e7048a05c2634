"""A sale just made is voided whole, goods come back without their sale: told apart from other returns in the shift's sums."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from data.derived import decode
from data.verify import verify
from station.basket import BasketLine
from station.errors import ErrorCode, StationError
from station.journal import EntryKind
from station.points import PointsKind
from station.priced import TaxTotal
from station.sale import ReturnCause, ReturnedLine, SaleReturn
from station.shift import CountReason
from station.tender import Tender, TenderKind
from station.totals import Tally, expected_cash, figure
from station.unknown_return import UnknownReturn
from tests.fakes import CASHIER
from tests.station.test_returning import CARD, MANAGER, MILK, TAP, TEA, Till, refused

BROUGHT = (BasketLine(1, TEA, 1000), BasketLine(2, MILK, 2000))


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    till = Till(tmp_path)
    yield till
    till.journal.close()


def test_a_void_takes_the_whole_sale_back_and_it_earned_nothing(till: Till) -> None:
    sold = till.sell(1, 1, redeem=100)
    found = till.returning.preview_void()
    assert (found.place, found.lines, found.cause) == (
        sold.place, (ReturnedLine(1, 1000), ReturnedLine(2, 1000)), ReturnCause.VOID)
    done = till.returning.book(found, CASHIER, MANAGER)
    assert (done.back.cause, done.back.money, done.back.sale_id) == (ReturnCause.VOID, 31_000, sold.sale.sale_id)
    assert [(each.kind, each.points) for each in done.back.points] == [(PointsKind.REVERSE, 100), (PointsKind.REVERSE, -31)]
    assert till.counter.tap(TAP).points == 500
    entry = decode(done.stored.raw, EntryKind.RETURN)
    assert (entry.body, entry.approver) == (done.back, MANAGER)
    assert list(verify(till.journal)) == []


def test_only_the_sale_just_made_is_voided_once_and_in_its_shift(till: Till) -> None:
    with refused(ErrorCode.VOID_TOO_LATE):
        till.returning.preview_void()
    till.sell(1, 0)
    second = till.sell(0, 1)
    found = till.returning.preview_void()
    assert found.place == second.place
    till.returning.book(found, CASHIER)
    for again in (till.returning.preview_void, lambda: till.returning.book(found, CASHIER)):
        with refused(ErrorCode.VOID_TOO_LATE):
            again()
    till.sell(1, 0)
    till.drawer.close(None, CountReason.NONE, CASHIER)
    with refused(ErrorCode.SHIFT_CLOSED):
        till.returning.preview_void()
    till.counter.open_shift(CASHIER, 0)
    with refused(ErrorCode.VOID_TOO_LATE):
        till.returning.preview_void()


def test_a_card_sold_just_now_was_not_used_yet(till: Till) -> None:
    till.counter.scan(CARD.barcode, account="g1")
    till.counter.settle((Tender(TenderKind.CASH, 40_000),), CASHIER)
    assert till.returning.book(till.returning.preview_void(), CASHIER).back.money == 40_000


def test_the_refund_on_the_banks_terminal_has_its_own_trace_number(till: Till) -> None:
    sold = till.sell(0, 3, Tender(TenderKind.CASH, 11_000), Tender(TenderKind.DEBIT, 22_000, trace="123"))
    found = till.returning.preview(sold.place, (ReturnedLine(1, 1000),))
    assert till.returning.book(found, CASHIER, traces=("", "777")).back.tenders == (
        Tender(TenderKind.CASH, 3_667), Tender(TenderKind.DEBIT, 7_333, trace="777"))
    # a number typed for what did not go back there is nobody's
    assert till.returning.book(found, CASHIER, traces=("888", "")).back.tenders == (
        Tender(TenderKind.CASH, 3_667), Tender(TenderKind.DEBIT, 7_333))


def test_what_was_previewed_is_reckoned_once_more(till: Till) -> None:
    sold = till.sell(0, 1)
    found = till.returning.preview(sold.place, (ReturnedLine(1, 1000),))
    till.returning.book(found, CASHIER)
    with refused(ErrorCode.RETURN_TOO_MUCH):
        till.returning.book(found, CASHIER)


def test_a_return_written_before_there_were_causes_is_no_void(till: Till) -> None:
    back = till.back(till.sell(1, 0).place, 1, 1)
    document = msgspec.json.decode(msgspec.json.encode(back))
    del document["cause"]
    assert msgspec.convert(document, SaleReturn) == back
    assert back.cause is ReturnCause.RETURNED


def test_without_a_sale_the_shelfs_price_of_now_goes_back_in_cash(till: Till) -> None:
    stored = till.returning.take_unknown(BROUGHT, "12-2-000007-AB12", "The receipt is lost", CASHIER, MANAGER)
    entry = decode(stored.raw, EntryKind.RETURN_UNKNOWN)
    back = entry.body
    assert isinstance(back, UnknownReturn)
    assert (back.lines, back.money, back.pack, back.shift, back.business_date) == (BROUGHT, 52_000, 1, 1, "2026-11-22")
    assert back.taxes == (TaxTotal("0", 30_000, 0), TaxTotal("10", 22_000, 2_000))
    assert (back.receipt, back.reason, entry.actor, entry.approver) == (
        "12-2-000007-AB12", "The receipt is lost", CASHIER, MANAGER)
    assert list(verify(till.journal)) == []


def test_without_a_sale_it_takes_two_people_goods_and_a_shift(till: Till) -> None:
    head = till.journal.head()
    gift_card = (BasketLine(1, CARD, 1000, "g1"),)
    for lines, approver in ((BROUGHT, None), (BROUGHT, CASHIER), (gift_card, MANAGER)):
        with refused(ErrorCode.RETURN_NOT_ALLOWED):
            till.returning.take_unknown(lines, "", "x", CASHIER, approver)
    till.drawer.close(None, CountReason.NONE, CASHIER)
    with refused(ErrorCode.SHIFT_CLOSED):
        till.returning.take_unknown(BROUGHT, "", "x", CASHIER, MANAGER)
    assert till.journal.head().seq == head.seq + 1


@pytest.mark.parametrize(("lines", "reason"), [((), "x"), (BROUGHT, " ")])
def test_a_return_without_goods_or_reason_is_none(lines: tuple[BasketLine, ...], reason: str) -> None:
    with pytest.raises(ValueError, match="without a sale"):
        UnknownReturn("r", "2026-11-22", 1, 1, lines, 0, (), "", reason)


def test_the_sums_of_the_shift_tell_voids_returns_and_goods_without_a_sale_apart(till: Till) -> None:
    till.back(till.sell(1, 1).place, 2, 1)  # 41 000, of which 11 000 come back
    till.sell(0, 2)
    till.returning.book(till.returning.preview_void(), CASHIER)  # 22 000
    till.returning.take_unknown(BROUGHT[:1], "", "The receipt is lost", CASHIER, MANAGER)  # 30 000
    totals = till.journal.totals(1)
    told = {tally: figure(totals, tally) for tally in (
        Tally.SALES, Tally.TOTAL, Tally.RETURNS, Tally.RETURNED, Tally.VOIDS, Tally.VOIDED, Tally.NO_SALE, Tally.NO_SALE_MONEY)}
    assert list(told.values()) == [2, 63_000, 3, 63_000, 1, 22_000, 1, 30_000]
    assert expected_cash(0, totals) == 0
    closed = till.drawer.close(0, CountReason.NONE, CASHIER)
    assert (closed.totals, closed.difference) == (totals, 0)


def test_a_disk_that_refuses_records_no_void(till: Till) -> None:
    till.sell(1, 0)
    found = till.returning.preview_void()
    till.journal.database.execute("PRAGMA query_only = 1")
    with pytest.raises(StationError):
        till.returning.book(found, CASHIER)
    till.journal.database.execute("PRAGMA query_only = 0")
    assert till.returning.book(found, CASHIER).back.money == 30_000
