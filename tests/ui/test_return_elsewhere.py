"""The desk for returns and the receipts of other tills: opened over the line at the price paid, told in words when they cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.counter import Settled
from station.errors import ErrorCode, StationError
from station.sale import SaleReturn
from station.tender import Tender, TenderKind
from station.unknown_return import UnknownReturn
from tests.rigs.return_desk import CARD, MANAGER, SENIOR, ReturnTill, finding, goods, rules
from tests.rigs.return_office import Books, MemoryReturns
from tests.ui.till import BREAD, MILK, RICE
from ui.presenters.return_choice import Choice
from ui.views_return import DoneView, FindView, GoodsView


@dataclass
class Club:
    """The till that sold, the till where goods come back, and head office as that one asks it."""

    ours: ReturnTill
    theirs: ReturnTill
    books: Books
    office: MemoryReturns

    def posted(self, sold: Settled) -> str:
        """Have head office know the sale; return its receipt's number."""
        self.books.sales.append(self.ours.journal.sale(sold.place))
        return sold.receipt

    def back(self, place: int) -> SaleReturn:
        body = self.theirs.past.return_at(place).body
        assert isinstance(body, SaleReturn)
        return body


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    books = Books()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    office = MemoryReturns("12-2", books)
    made = Club(ReturnTill(tmp_path / "one", office=MemoryReturns("12-1", books)),
                ReturnTill(tmp_path / "two", station="12-2", office=office), books, office)
    yield made
    made.ours.journal.close()
    made.theirs.journal.close()


def plain(text: str) -> str:
    """The text without the marks that keep its order."""
    return text.translate(dict.fromkeys((0x200e, 0x200f, 0x2066, 0x2067, 0x2068, 0x2069)))


def test_a_scanned_receipt_of_another_till_opens_its_sale_at_the_price_paid(club: Club) -> None:
    number = club.posted(club.ours.sell(MILK, (MILK, 2000), RICE))
    club.theirs.world.shelf.goods[MILK.barcode] = replace(MILK, price=1)  # type: ignore[attr-defined] # a MemoryShelf
    assert club.theirs.desk.scanned(number)
    view = goods(club.theirs)
    assert number in plain(view.heading)
    assert "Bought at till 12-1" in plain(view.caption)
    assert "Member: مهرداد کاظمی‌نژاد" in plain(view.caption)
    # 3 × 385 000 less 10 %, and 14 500 000 less 10 %
    assert [(line.name, line.cells) for line in view.lines] == [
        ("Milk", ("3", "1,039,500", "3", "0")), ("Rice", ("1", "13,050,000", "1", "0"))]
    club.theirs.desk.choose(lambda choice: choice.type("2"))
    assert goods(club.theirs).money == "693,000\u00a0rial"
    club.theirs.approver = SENIOR
    club.theirs.desk.finish()
    ((operation, what),) = club.theirs.asked
    assert (operation.amount, number in plain(what)) == (693_000, True)
    view = club.theirs.view  # type: ignore[assignment] # another kind
    assert isinstance(view, DoneView)
    assert number in plain(view.heading)
    assert "12-2-000003-" in plain(view.said)
    back = club.back(3)
    assert (back.money, sum(each.points for each in back.points)) == (693_000, -69)
    assert back.elsewhere
    assert (back.elsewhere.station, back.elsewhere.receipt) == ("12-1", number)
    # the turn stays until head office has the return
    assert club.office.asked == ["ask", "settle"]


def test_a_member_who_is_not_known_here_is_not_named(club: Club) -> None:
    number = club.posted(club.ours.sell(BREAD))
    club.theirs.members.people.clear()
    club.theirs.desk.scanned(number)
    assert "Member" not in goods(club.theirs).caption
    assert club.theirs.desk.back()
    club.ours.desk.open_receipt(number)
    assert "Bought at till" not in goods(club.ours).caption


@pytest.mark.parametrize(("fault", "problem"), [
    (ErrorCode.HEAD_OFFICE_UNREACHABLE, "E361"), (ErrorCode.HEAD_OFFICE_BUSY, "E361"), (ErrorCode.RETURN_UNDER_WAY, "E363"),
    (ErrorCode.STATION_REVOKED, "E522")])
def test_why_it_cannot_be_opened_is_said_and_the_way_without_it_takes_its_number(
    club: Club, fault: ErrorCode, problem: str,
) -> None:
    number = club.posted(club.ours.sell(BREAD))
    club.office.fault = StationError(fault)
    club.theirs.desk.start()
    club.theirs.desk.open_receipt(f" {number.lower()} ")
    assert problem in finding(club.theirs).problem
    club.theirs.desk.without_sale()
    assert goods(club.theirs).receipt == number.lower()
    club.theirs.desk.scanned(BREAD.barcode)
    club.theirs.desk.set_reason("The receipt is of another till or shop")
    club.theirs.approver = None
    club.theirs.desk.finish()
    assert isinstance(club.theirs.view, GoodsView)  # nobody agreed
    ((operation, _),) = club.theirs.asked
    assert operation.second
    club.theirs.approver = MANAGER
    club.theirs.desk.finish()
    body = club.theirs.past.return_at(3).body
    assert isinstance(body, UnknownReturn)
    assert body.receipt == number.lower()
    club.theirs.desk.start()
    club.theirs.desk.without_sale()
    assert goods(club.theirs).receipt == ""


def test_a_receipt_head_office_does_not_know_is_not_known_yet(club: Club) -> None:
    sold = club.ours.sell(BREAD)
    club.theirs.desk.start()
    club.theirs.desk.open_receipt(sold.receipt)
    assert "E362" in finding(club.theirs).problem
    # of this till's own, which its journal does not hold (any more), head office may know
    club.theirs.desk.open_receipt("12-2-000099-AB12")
    assert "E362" in finding(club.theirs).problem
    club.theirs.desk.open_receipt("99")
    assert "E315" in finding(club.theirs).problem
    assert club.office.asked == ["ask", "ask"]
    number = club.posted(sold)
    club.theirs.desk.open_receipt(number)
    club.theirs.desk.without_sale()
    assert goods(club.theirs).receipt == ""  # it could be opened


def test_leaving_the_sale_lets_other_tills_have_it(club: Club) -> None:
    number = club.posted(club.ours.sell((BREAD, 2000)))
    for leave in (club.theirs.desk.back, club.theirs.desk.start, club.theirs.desk.without_sale,
                  lambda: club.theirs.desk.scanned(number)):
        club.theirs.desk.open_receipt(number)
        club.ours.desk.start()
        club.ours.desk.open_receipt(number)
        assert "E363" in finding(club.ours).problem
        leave()
    assert len(club.books.turns) == 1  # scanned again: it is open again
    assert club.theirs.desk.back()
    assert club.books.turns == {}
    club.ours.desk.open_receipt(number)
    assert isinstance(club.ours.view, GoodsView)


def test_what_came_back_meanwhile_is_shown_and_nothing_is_done(club: Club) -> None:
    """The till's turn ran out while the page stood open, and the other till took one piece back."""
    number = club.posted(club.ours.sell((BREAD, 2000)))
    club.theirs.sign_in(SENIOR)
    club.theirs.desk.open_receipt(number)
    club.theirs.desk.choose(Choice.everything)
    club.books.turns.clear()
    club.ours.sign_in(SENIOR)
    club.ours.desk.open_receipt(number)
    club.ours.desk.choose(lambda choice: choice.step(1))
    club.ours.desk.finish()
    place = club.ours.journal.head().seq
    posted = club.ours.past.return_at(place).body
    assert isinstance(posted, SaleReturn)
    club.books.post("12-1", posted)
    head = club.theirs.journal.head()
    club.theirs.desk.finish()
    assert "E309" in goods(club.theirs).problem  # two pieces, of which one is left
    club.theirs.desk.choose(lambda choice: choice.step(-1))
    club.theirs.desk.finish()
    view = goods(club.theirs)
    assert "E364" in view.problem
    assert [line.cells[2:] for line in view.lines] == [("1", "0")]
    assert club.theirs.journal.head() == head
    club.theirs.desk.choose(Choice.everything)
    club.theirs.desk.finish()
    assert club.back(head.seq + 1).money == 165_000


def test_the_own_sale_that_changed_meanwhile_is_shown_anew_too(club: Club) -> None:
    number = club.posted(club.ours.sell((BREAD, 3000), who=False))
    club.ours.sign_in(SENIOR)
    club.ours.desk.open_receipt(number)
    club.ours.desk.choose(lambda choice: choice.step(1))
    club.books.turns.clear()
    club.theirs.sign_in(SENIOR)
    club.theirs.desk.open_receipt(number)
    club.theirs.desk.choose(lambda choice: choice.step(1))
    club.theirs.desk.finish()
    club.books.post("12-2", club.back(3))
    club.ours.desk.finish()
    view = goods(club.ours)
    assert "E364" in view.problem
    assert [line.cells[2:] for line in view.lines] == [("2", "0")]


def test_nobody_takes_the_own_purchase_back_at_another_till_either(club: Club) -> None:
    number = club.posted(club.ours.sell(BREAD))
    club.theirs.sign_in(SENIOR, "m1")
    club.theirs.desk.start()
    club.theirs.desk.open_receipt(number)
    assert "E331" in finding(club.theirs).problem
    assert club.books.turns == {}


def test_money_on_accounts_goes_back_as_at_home(club: Club) -> None:
    sold = club.ours.sell(CARD, RICE, tenders=(
        Tender(TenderKind.WALLET, 10_000_000, account="w1"), Tender(TenderKind.CASH, 5_050_000)))
    number = club.posted(sold)
    club.theirs.on_cards = 500_000
    club.theirs.sign_in(SENIOR)
    club.theirs.desk.open_receipt(number)
    assert goods(club.theirs).lines[0].note == "500,000\u00a0rial is left on it: no more comes back."
    club.theirs.desk.choose(Choice.everything)
    said = [(each.label, each.note) for each in goods(club.theirs).facts]
    assert ("Wallet", "goes back into the wallet") in said
    assert ("Coupon: Good", "ends, if it was not used yet") in said
    club.theirs.desk.finish()
    back = club.back(3)
    # of 15 050 000, 500 000 of the card and 13 050 000 of the rice come back
    assert (back.money, back.tenders[0].account, back.coupons) == (
        13_550_000, "w1", tuple(each.code for each in sold.sale.priced.coupons))


def test_by_rules_that_are_not_here_it_is_told_by_their_names(club: Club) -> None:
    number = club.posted(club.ours.sell(RICE))
    club.books.packs[1] = rules()
    club.theirs.packs.held = replace(rules(2), earning=(), promotions=())
    club.theirs.sign_in(SENIOR)
    club.theirs.desk.open_receipt(number)
    club.theirs.desk.choose(Choice.everything)
    assert ("Points taken back", "Base") in [(each.label, each.note) for each in goods(club.theirs).facts]
    club.theirs.desk.finish()
    view = club.theirs.view
    assert isinstance(view, DoneView)
    assert "Base" in [each.note for each in view.facts]


def test_without_a_line_the_page_says_where_it_can_come_back(tmp_path: Path) -> None:
    """As in training, where nobody is asked."""
    till = ReturnTill(tmp_path)
    till.desk.start()
    till.desk.open_receipt("12-2-000003-AB12")
    assert "E333" in finding(till).problem
    assert isinstance(till.view, FindView)
    till.journal.close()
