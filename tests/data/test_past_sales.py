"""Sales looked for at the counter, on a real encrypted journal: over restores, after entries were cut off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.compact import compact
from data.past_sales import MOST_FOUND
from data.report_rows import ReportRows
from station.clock import Moment
from station.drawer import Drawer
from station.flags import FlagKind, ReturnMark, flags
from station.journal import Cause, Position
from station.past_sale import PastSale, ReceiptName, Wanted, read_receipt
from station.sale import ReturnedLine
from station.shift import CountReason
from station.span import Span
from tests.fakes import CASHIER, moment
from tests.rigs.return_desk import MANAGER, ReturnTill
from tests.ui.till import BREAD, MILK, RICE

DAY = Span("2026-11-22", "2026-11-22")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path)
    yield made
    made.journal.close()


def places(found: tuple[PastSale, ...]) -> list[int]:
    return [each.row.place for each in found]


def test_a_receipt_of_before_a_restore_finds_its_sale(till: ReturnTill) -> None:
    first = till.sell(BREAD)
    till.journal.begin_anew(Cause.RESTORED, "test", till.clock.now())
    again = till.sell(BREAD)
    for sold in (first, again):
        name = read_receipt(sold.receipt)
        assert name
        assert till.past.places_of(name) == (sold.place,)
        assert till.past.places_of(ReceiptName(name.seq, "", name.incarnation)) == (sold.place,)
    before, now = (each.incarnation for each in till.journal.branches())
    assert (till.past.place_of(Position(before, 3)), till.past.place_of(Position(now, 2))) == (first.place, again.place)
    for nowhere in (Position(before, 4), Position(now, 99), Position("0" * 32, 1)):
        assert till.past.place_of(nowhere) is None
    found = till.past.find(Wanted(DAY))
    assert [(each.row.place, each.name) for each in found] == [
        (again.place, Position(now, 2)), (first.place, Position(before, 3))]


def test_the_middle_of_a_number_alone_may_mean_two_sales_the_latest_first(till: ReturnTill) -> None:
    first = till.sell(BREAD)  # entry 3
    till.journal.begin_anew(Cause.RESTORED, "test", till.clock.now())
    till.sell(BREAD)
    second = till.sell(BREAD)  # entry 3 of the next incarnation
    assert till.past.places_of(ReceiptName(3)) == (second.place, first.place)
    assert till.past.places_of(ReceiptName(1)) == ()  # is no sale


def test_what_went_back_of_a_sale_is_told_over_a_restore(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 2000), who=False)
    till.journal.begin_anew(Cause.RESTORED, "test", till.clock.now())
    till.returning.take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER)
    (found,) = till.past.find(Wanted(DAY))
    assert found.returned == 165_000
    assert till.past.return_at(5).body.money == 165_000
    for place in (0, 3, 99):
        with pytest.raises(KeyError):
            till.past.return_at(place)


def test_everything_that_is_wanted_must_be_right(till: ReturnTill) -> None:
    bread, rice = till.sell(BREAD, who=False), till.sell(RICE, BREAD)
    total = rice.sale.priced.total
    told = [places(till.past.find(wanted)) for wanted in (
        Wanted(DAY, total), Wanted(DAY, total + 1), Wanted(DAY, member_id="m1"), Wanted(DAY, 165_000, "m1"),
        Wanted(DAY, good=BREAD.barcode), Wanted(DAY, good="BREAD"), Wanted(DAY, good="نا"), Wanted(DAY, good="ric bre"),
        Wanted(DAY, good="-"), Wanted(DAY.moved(1)))]
    assert told == [[rice.place], [], [rice.place], [], [rice.place, bread.place], [rice.place, bread.place],
                    [rice.place, bread.place], [], [], []]


def test_the_list_ends_somewhere(till: ReturnTill) -> None:
    for _ in range(MOST_FOUND + 1):
        till.sell(BREAD, who=False)
    assert len(till.past.find(Wanted(DAY))) == MOST_FOUND


def test_what_was_cut_off_is_not_found(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    Drawer(till.world).close(None, CountReason.NONE, CASHIER)
    later = moment("2027-03-21")
    till.clock.moment = Moment(later.utc_us, later.offset, later.date)
    till.counter.open_shift(CASHIER, 0)
    kept = till.sell(MILK)
    branch = till.journal.branches()[0]
    branch.acknowledge(branch.head().seq)
    assert list(compact(till.journal, 90, till.clock.now()))
    name = read_receipt(sold.receipt)
    assert name
    assert till.past.places_of(name) == ()
    assert places(till.past.find(Wanted(DAY))) == []
    assert places(till.past.find(Wanted(Span("2027-03-21", "2027-03-21")))) == [kept.place]


def test_receipts_of_returns_wait_for_the_printer_too(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    till.returning.take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER, MANAGER)
    till.desk.without_sale()
    till.desk.scanned(BREAD.barcode)
    till.desk.set_reason("It was a gift")
    till.desk.finish()
    assert till.journal.waiting_prints() == [3, 4, 5]
    till.journal.printed(4)
    assert till.journal.waiting_prints() == [5]


def test_flags_tell_voids_from_returns(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 5000))
    till.returning.take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER, MANAGER)
    till.sell(BREAD)
    till.returning.book(till.returning.preview_void(), CASHIER, MANAGER)
    till.desk.without_sale()
    till.desk.scanned(BREAD.barcode)
    till.desk.set_reason("It was a gift")
    till.desk.finish()
    marks = ReportRows(till.journal.database).marks(DAY)
    assert marks.returns == (
        ReturnMark(4, DAY.first, "sara", same_shift=True), ReturnMark(6, DAY.first, "sara", same_shift=True, void=True),
        ReturnMark(7, DAY.first, "sara", same_shift=False))
    many = type(marks)(returns=marks.returns * 4)
    assert {each.kind: each.figure for each in flags(many, {})} == {FlagKind.RETURNS: 8, FlagKind.TAKEN_BACK: 8}
