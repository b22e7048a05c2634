"""Goods come back at the till where the customer stands: whose turn it is is asked first, and nothing comes back twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from station.counter import Settled
from station.elsewhere import SaleTold
from station.errors import ErrorCode, StationError
from station.journal import Entry, Position
from station.past_sale import ReceiptName, read_receipt
from station.points import PointsEntry, PointsKind
from station.returning import ELSEWHERE, Preview, Returning
from station.sale import Elsewhere, ReturnCause, ReturnedLine, SaleReturn
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER
from tests.rigs.return_office import Books, MemoryReturns
from tests.station.test_returning import MANAGER, Till, off, refused, rules


class Other(Till):
    """A till that asks head office; two tills draw other ids."""

    def __init__(self, folder: Path, station: str, books: Books) -> None:
        folder.mkdir()
        self.station = station
        self.office = MemoryReturns(station, books)
        super().__init__(folder, off("10"))
        self.chance.seed(station)

    def start(self) -> None:
        super().start()
        self.online = True
        self.returning = Returning(self.returning._world, self.office, lambda: self.online)

    def post(self, sold: Settled) -> ReceiptName:
        """Have head office know the sale; return its receipt's name."""
        self.office.books.sales.append(self.journal.sale(sold.place))
        name = read_receipt(sold.receipt)
        assert name
        return name


@dataclass
class Club:
    """Two tills and the books of head office."""

    books: Books
    ours: Other
    theirs: Other

    def found(self, name: ReceiptName, line: int = 1, pieces: int = 1) -> Preview:
        """What the other till is told, with so many pieces chosen."""
        return self.theirs.returning.choose(self.theirs.returning.open_elsewhere(name), (ReturnedLine(line, pieces * 1000),))


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    books = Books()
    made = Club(books, Other(tmp_path / "one", "12-1", books), Other(tmp_path / "two", "12-2", books))
    yield made
    made.ours.journal.close()
    made.theirs.journal.close()


def test_goods_of_another_till_come_back_at_the_price_paid(club: Club) -> None:
    sold = club.ours.sell(1, 2, Tender(TenderKind.DEBIT, 20_000, trace="123"), Tender(TenderKind.CASH, 26_800))
    name = club.ours.post(sold)
    found = club.found(name, line=2)
    assert (found.place, found.receipt) == (ELSEWHERE, sold.receipt)
    back = club.theirs.returning.book(found, CASHIER, MANAGER, ("77", "")).back
    # 30 000 + 2 × 11 000 less 10 % is 46 800, for 46 points; 36 900 remain, for 36 points
    assert (back.money, back.member_id, back.points) == (
        9_900, "m1", (PointsEntry(f"{back.return_id}/base", "m1", PointsKind.REVERSE, -10, "base"),))
    # of 46 800, 20 000 were paid on the terminal: of 9 900 that is 4 230.8
    assert back.tenders == (Tender(TenderKind.DEBIT, 4_231, "77"), Tender(TenderKind.CASH, 5_669))
    assert (back.sale_id, back.incarnation, back.seq) == (sold.sale.sale_id, club.ours.journal.head().incarnation, sold.place)
    assert back.elsewhere == Elsewhere("12-1", sold.receipt, sold.sale)
    (stored,) = club.theirs.journal.entries(2, 9)
    assert msgspec.json.decode(stored.raw, type=Entry[SaleReturn]).body == back
    assert club.theirs.office.asked == ["ask", "settle"]
    assert club.books.turns == {sold.sale.sale_id: ("12-2", back.return_id, True)}
    club.books.post("12-2", back)
    assert club.books.turns == {}


def test_what_came_back_anywhere_counts_sent_or_not(club: Club) -> None:
    sold = club.ours.sell(3, 0)
    name = club.ours.post(sold)
    first = club.theirs.returning.book(club.found(name), CASHIER).back
    # not at head office yet: this till knows it from its own journal, another has to wait
    assert [each.quantity for each in club.theirs.returning.open_elsewhere(name).before.lines] == [1000]
    with refused(ErrorCode.RETURN_UNDER_WAY):
        club.ours.returning.open(sold.place)
    club.theirs.returning.drop(club.theirs.returning.open_elsewhere(name))
    club.books.post("12-2", first)
    at_home = club.ours.returning.open(sold.place)
    assert (at_home.earlier, at_home.place) == ((first,), sold.place)
    assert [each.quantity for each in club.ours.returning.choose(at_home, ()).before.lines] == [1000]
    second = club.ours.returning.book(club.ours.returning.choose(at_home, (ReturnedLine(1, 2000),)), CASHIER).back
    assert (second.elsewhere, first.money + second.money) == (None, sold.sale.priced.total)
    club.books.post("12-1", second)
    done = club.ours.returning.open(sold.place)
    assert sum(each.money for each in done.earlier) == sold.sale.priced.total
    club.ours.returning.drop(done)
    with refused(ErrorCode.RETURN_TOO_MUCH):
        club.found(name)


def test_while_goods_are_chosen_nobody_else_takes_them(club: Club) -> None:
    sold = club.ours.sell(2, 0)
    name = club.ours.post(sold)
    found = club.found(name)
    with refused(ErrorCode.RETURN_UNDER_WAY):
        club.ours.returning.open(sold.place)
    with refused(ErrorCode.RETURN_UNDER_WAY):
        club.ours.returning.open_void()
    club.theirs.returning.drop(found)
    assert club.ours.returning.open(sold.place).told is not None
    with refused(ErrorCode.RETURN_UNDER_WAY):
        club.theirs.returning.book(found, CASHIER)
    assert club.theirs.journal.head().seq == 2


def test_a_return_posted_meanwhile_changes_what_was_agreed_to_and_nothing_is_done(club: Club) -> None:
    sold = club.ours.sell(2, 0)
    name = club.ours.post(sold)
    found = club.found(name)
    club.theirs.returning.drop(found)
    at_home = club.ours.returning.choose(club.ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    club.books.post("12-1", club.ours.returning.book(at_home, CASHIER).back)
    head = club.theirs.journal.head()
    with refused(ErrorCode.RETURN_CHANGED):
        club.theirs.returning.book(found, CASHIER)
    assert (club.theirs.journal.head(), club.books.turns) == (head, {})


def test_a_home_sale_is_settled_with_head_office_even_if_it_was_silent_when_it_was_opened(club: Club) -> None:
    sold = club.ours.sell(2, 0)
    name = club.ours.post(sold)
    club.ours.office.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    at_home = club.ours.returning.choose(club.ours.returning.open(sold.place), (ReturnedLine(1, 2000),))
    assert at_home.told is None
    club.books.post("12-2", club.theirs.returning.book(club.found(name), CASHIER).back)
    club.ours.office.fault = None
    with refused(ErrorCode.RETURN_TOO_MUCH):
        club.ours.returning.book(at_home, CASHIER)
    assert club.books.turns == {}


@pytest.mark.parametrize("fault", [
    ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY, ErrorCode.HEAD_OFFICE_REFUSED, ErrorCode.ANSWER_INVALID])
def test_without_head_office_the_own_sales_come_back_as_ever(club: Club, fault: ErrorCode) -> None:
    sold = club.ours.sell(1, 0)
    club.ours.post(sold)
    club.ours.office.fault = StationError(fault)
    at_home = club.ours.returning.choose(club.ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    assert club.ours.returning.book(at_home, CASHIER).back.money == 27_000
    club.ours.returning.drop(at_home)
    assert club.ours.office.asked == ["ask", "settle"]


def test_offline_nobody_is_asked_about_the_own_sales(club: Club) -> None:
    sold = club.ours.sell(1, 0)
    club.ours.post(sold)
    club.ours.online = False
    at_home = club.ours.returning.choose(club.ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    club.ours.returning.book(at_home, CASHIER)
    assert club.ours.office.asked == []


def test_a_sale_head_office_has_not_heard_of_comes_back_at_home_only(club: Club) -> None:
    sold = club.ours.sell(1, 0)
    name = read_receipt(sold.receipt)
    assert name
    with refused(ErrorCode.SALE_NOT_YET):
        club.theirs.returning.open_elsewhere(name)
    at_home = club.ours.returning.open(sold.place)
    assert at_home.told is None
    club.ours.returning.book(club.ours.returning.choose(at_home, (ReturnedLine(1, 1000),)), CASHIER)


@pytest.mark.parametrize(("fault", "code"), [
    (ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.SALE_OUT_OF_REACH), (ErrorCode.HEAD_OFFICE_BUSY, ErrorCode.SALE_OUT_OF_REACH),
    (ErrorCode.ANSWER_INVALID, ErrorCode.ANSWER_INVALID)])
def test_the_sale_of_another_till_needs_head_office(club: Club, fault: ErrorCode, code: ErrorCode) -> None:
    name = club.ours.post(club.ours.sell(1, 0))
    found = club.found(name)
    club.theirs.office.fault = StationError(fault)
    head = club.theirs.journal.head()
    with refused(code):
        club.theirs.returning.open_elsewhere(name)
    with refused(code):
        club.theirs.returning.book(found, CASHIER)
    assert club.theirs.journal.head() == head
    club.theirs.office.fault = None
    club.theirs.returning.book(found, CASHIER)


def test_without_an_office_there_is_only_this_journal(club: Club) -> None:
    sold = club.ours.sell(1, 0)
    name = club.ours.post(sold)
    alone = Returning(club.ours.returning._world)
    with refused(ErrorCode.SALE_ELSEWHERE):
        alone.open_elsewhere(name)
    found = alone.open(sold.place)
    alone.drop(found)
    assert alone.book(alone.choose(found, (ReturnedLine(1, 1000),)), CASHIER).back.money == 27_000


def test_rules_that_are_not_here_come_from_head_office(club: Club) -> None:
    name = club.ours.post(club.ours.sell(1, 1))
    mine = club.ours.packs.held
    club.theirs.packs.held = rules(7)
    with refused(ErrorCode.PACK_MISSING):
        club.theirs.returning.open_elsewhere(name)
    assert club.books.turns == {}
    club.books.packs[1] = mine
    found = club.found(name)
    assert (found.pack, found.returned.money) == (mine, 27_000)
    assert club.theirs.returning.book(found, CASHIER).back.money == 27_000
    club.theirs.office.asked.clear()
    broken = StationError(ErrorCode.DATABASE_CORRUPT)

    def fails(number: int) -> None:
        assert number == 1
        raise broken

    club.theirs.packs.pack = fails  # type: ignore[assignment,method-assign] # a disk that fails
    with pytest.raises(StationError) as caught:
        club.theirs.returning.open_elsewhere(name)
    assert caught.value is broken


def test_a_sale_of_a_copied_journal_is_named_as_head_office_has_it(club: Club) -> None:
    name = club.ours.post(club.ours.sell(2, 0))
    club.theirs.office.branch = "b" * 32
    back = club.theirs.returning.book(club.found(name), CASHIER).back
    assert back.incarnation == "b" * 32
    assert back.elsewhere
    assert read_receipt(back.elsewhere.receipt) == name
    assert club.theirs.journal.returns_of(Position("b" * 32, back.seq)) == (back,)
    assert [each.quantity for each in club.theirs.returning.open_elsewhere(name).before.lines] == [1000]


def test_from_a_return_that_was_tampered_with_nothing_is_reckoned(club: Club) -> None:
    sold = club.ours.sell(2, 0)
    name = club.ours.post(sold)
    honest = club.theirs.returning.book(club.found(name), CASHIER).back
    club.books.post("12-2", replace(honest, tenders=()))
    with refused(ErrorCode.ANSWER_INVALID):
        club.ours.returning.open(sold.place)
    assert club.books.turns == {}
    with pytest.raises(ValueError, match="line 9"):
        Returning(club.ours.returning._world).preview(sold.place, (ReturnedLine(9, 1000),))


def test_a_void_waits_for_its_turn_too(club: Club) -> None:
    sold = club.ours.sell(2, 0)
    name = club.ours.post(sold)
    found = club.ours.returning.open_void()
    assert (found.cause, isinstance(found.told, SaleTold)) == (ReturnCause.VOID, True)
    back = club.ours.returning.book(found, CASHIER).back
    assert (back.cause, back.money) == (ReturnCause.VOID, sold.sale.priced.total)
    club.books.post("12-1", back)
    again = club.ours.sell(2, 0)
    name = club.ours.post(again)
    club.books.post("12-2", club.theirs.returning.book(club.found(name), CASHIER).back)
    with refused(ErrorCode.VOID_TOO_LATE):
        club.ours.returning.open_void()
    assert club.books.turns == {}


def test_only_the_last_sale_is_voided_whatever_was_sold_meanwhile(club: Club) -> None:
    club.ours.sell(2, 0)
    found = club.ours.returning.open_void()
    club.ours.sell(1, 0)
    with refused(ErrorCode.VOID_TOO_LATE):
        club.ours.returning.book(found, CASHIER)


def test_a_full_disk_gives_the_turn_back_and_the_same_return_is_tried_again(club: Club) -> None:
    name = club.ours.post(club.ours.sell(1, 0))
    found = club.found(name)
    club.theirs.journal.database.execute("PRAGMA query_only = 1")
    with pytest.raises(StationError):
        club.theirs.returning.book(found, CASHIER)
    assert club.books.turns == {}
    club.theirs.journal.database.execute("PRAGMA query_only = 0")
    back = club.theirs.returning.book(found, CASHIER).back
    assert found.told
    assert back.return_id == found.told.asked.return_id


def test_a_turn_that_cannot_be_given_back_ends_by_itself(club: Club) -> None:
    found = club.found(club.ours.post(club.ours.sell(1, 0)))
    club.theirs.office.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    club.theirs.returning.drop(found)
    assert club.theirs.office.asked[-1] == "drop"
