"""Goods come back at another till than they were bought at: one till at a time, at the price paid, posted and gone over like at home."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from headoffice import demo
from headoffice.api import returns as api
from headoffice.api.middleware import office_key
from headoffice.api.pace import Pace
from headoffice.audit.models import Difference
from headoffice.clock import now_us
from headoffice.intake.models import Quarantine
from headoffice.ledger import own
from headoffice.ledger.books import VALUE
from headoffice.ledger.models import PointsEntry, ReturnTender, SaleReturn, ValueAccount, ValueEntry
from headoffice.projector.rebuild import rebuild
from headoffice.projector.verify import differences as wrong
from headoffice.refusal import RefusalError
from headoffice.register.packs import publish
from headoffice.returns import turns
from headoffice.returns.models import Turn
from headoffice.stations.models import Station
from station import counter as station_counter
from station.counter import Place
from station.elsewhere import SaleAsked, SaleTold
from station.errors import ErrorCode, StationError
from station.journal import EntryKind, Position, receipt_number
from station.past_sale import ReceiptName, read_receipt
from station.returning import Preview, Returning
from station.sale import Elsewhere, ReturnedLine
from station.tender import Tender, TenderKind
from sync.ed25519 import Ed25519Verifier
from sync.returns import OnlineReturns
from sync.wire import ProblemCode
from sync.wire_feeds import SignedPack
from sync.wire_returns import (
    ASK_PATH,
    DROP_PATH,
    RULES_PATH,
    ReturnAsked,
    ReturnDropped,
    ReturnTold,
    RulesAsked,
    TurnOver,
)
from tests.fakes import CASHIER, NAME
from tests.headoffice.shop import Answer, Till, sale
from tests.headoffice.test_at_the_counter import WHO
from tests.headoffice.test_rebuild import given
from tests.headoffice.test_returns import RULES, Shop, balance
from tests.headoffice.test_spending_races import at_once
from tests.rigs.random_club import chance

ID, OTHER = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


@dataclass
class Client:
    """The line of ``till`` for questions about returns; nobody answers while it is ``cut``."""

    till: Till
    cut: bool = False

    def ask_return(self, asked: ReturnAsked) -> ReturnTold | None:
        answer = self._posted(ASK_PATH, asked)
        if answer.status == 409:
            raise StationError(ErrorCode.RETURN_UNDER_WAY)
        return None if answer.status == 404 else answer.read(ReturnTold)

    def drop_return(self, dropped: ReturnDropped) -> TurnOver:
        return self._posted(DROP_PATH, dropped).read(TurnOver)

    def rules(self, asked: RulesAsked) -> SignedPack | None:
        answer = self.till.ask("GET", RULES_PATH, query=msgspec.to_builtins(asked))
        return None if answer.status == 404 else answer.read(SignedPack)

    def close(self) -> None:
        """There is nothing to close."""

    def _posted(self, path: str, message: Any) -> Answer:
        if self.cut:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        return self.till.ask("POST", path, body=msgspec.json.encode(message))


class Counter(Shop):
    """A shop's counter that asks head office about returns."""

    def __init__(self, folder: Path, station: str) -> None:
        till = Till()
        till.journal.station = station
        Station.objects.create(id=station, shop="12", public_key=till.public, paired_us=0)
        super().__init__(folder, till, station)
        # two stations never draw the same ids
        self.world = replace(self.world, random=chance(int(station[-1])).randbytes)
        self.counter = station_counter.Counter(Place(station, "12", NAME), self.world)
        self.line = Client(till)
        self.returning = Returning(self.world, OnlineReturns(self.line, Ed25519Verifier(office_key()), lambda: 0.0))

    def receipt(self, place: int) -> ReceiptName:
        found = read_receipt(receipt_number(self.till.journal.station, Position(self.journal.head().incarnation, place)))
        assert found
        return found

    def found(self, receipt: ReceiptName, pieces: int = 0) -> Preview:
        """What is told of a receipt of another till, with so many pieces of its first line chosen."""
        found = self.returning.open_elsewhere(receipt)
        return self.returning.choose(found, (ReturnedLine(1, pieces * 1000),)) if pieces else found


@pytest.fixture
def club(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Counter, Counter]]:
    """Two tills of one club under ``RULES``: the one that sells, and the one where goods come back."""
    assert office.exists()
    monkeypatch.setattr(api, "SALES", Pace(60, 1))
    publish(RULES, 0)
    made = Counter(tmp_path / "one", "12-1"), Counter(tmp_path / "two", "12-2")
    yield made
    for each in made:
        each.journal.close()
        each.members.close()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def asked(till: Till, receipt: ReceiptName, return_id: str = ID, **more: Any) -> Answer:
    return till.ask("POST", ASK_PATH, body=msgspec.json.encode({
        "return_id": return_id, "station": receipt.station, "incarnation": receipt.incarnation.lower(),
        "seq": receipt.seq, **more}))


def test_goods_come_back_at_another_till_at_the_price_paid_and_are_posted_like_at_home(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    points, purchases = balance()
    sold = ours.sell_pieces(3)
    ours.send()
    found = theirs.found(ours.receipt(sold.place), 2)
    at_home = Returning(ours.world).preview(sold.place, (ReturnedLine(1, 2000),))
    assert (found.returned, found.entry) == (at_home.returned, at_home.entry)
    back = theirs.returning.book(found, CASHIER).back
    assert back.money == 2 * 208_000
    assert back.elsewhere == Elsewhere("12-1", sold.receipt, sold.sale)
    assert theirs.send().quarantined == ()
    row = SaleReturn.objects.get()
    assert (row.station, row.sale_station, row.sale_incarnation, row.sale_seq, row.sale_id, row.number) == (
        "12-2", "12-1", found.entry.incarnation, sold.place, sold.sale.sale_id, 1)
    # of 624 000, paid for with 100 000 on the terminal and the rest in cash, 416 000: 66 666.7 and 349 333.3
    assert list(ReturnTender.objects.order_by("number").values_list("kind", "amount")) == [("DEBIT", 66_667), ("CASH", 349_333)]
    # 62 points for 624 000, 20 for 208 000
    assert [(each.member, each.points) for each in PointsEntry.objects.filter(kind="REVERSE")] == [(WHO, -42)]
    assert balance() == (points + 20, purchases + 1)
    assert (Difference.objects.count(), Quarantine.objects.count(), Turn.objects.count()) == (0, 0, 0)
    assert theirs.till.put(1, theirs.sent).status == 200
    assert (SaleReturn.objects.count(), balance()) == (1, (points + 20, purchases + 1))
    with connection.cursor() as cursor:
        assert list(wrong(cursor)) == []
    assert rebuild().differing == ()


def test_what_came_back_elsewhere_counts_at_every_till(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(3)
    ours.send()
    theirs.returning.book(theirs.found(ours.receipt(sold.place), 2), CASHIER)
    theirs.send()
    at_home = ours.returning.open(sold.place)
    assert [each.quantity for each in at_home.before.lines] == [2000]
    with refused(ErrorCode.RETURN_TOO_MUCH) as caught:
        ours.returning.choose(at_home, (ReturnedLine(1, 2000),))
    assert caught.value.detail == {"line": 1, "left": 1000}
    last = ours.returning.book(ours.returning.choose(at_home, (ReturnedLine(1, 1000),)), CASHIER).back
    ours.send()
    assert last.money == 208_000
    assert list(SaleReturn.objects.order_by("number").values_list("station", "money")) == [("12-2", 416_000), ("12-1", 208_000)]
    assert list(Difference.objects.all()) == []
    again = theirs.found(ours.receipt(sold.place))
    assert sum(each.money for each in again.earlier) == sold.sale.priced.total
    assert rebuild().differing == ()


def test_one_till_at_a_time(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(2)
    ours.send()
    found = theirs.found(ours.receipt(sold.place), 1)
    with refused(ErrorCode.RETURN_UNDER_WAY):
        ours.returning.open(sold.place)
    theirs.returning.drop(found)
    at_home = ours.returning.choose(ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    with refused(ErrorCode.RETURN_UNDER_WAY):
        theirs.returning.book(found, CASHIER)
    ours.returning.book(at_home, CASHIER)
    with refused(ErrorCode.RETURN_UNDER_WAY):
        theirs.found(ours.receipt(sold.place))
    ours.send()
    with refused(ErrorCode.RETURN_CHANGED):
        theirs.returning.book(theirs.returning.choose(found, (ReturnedLine(1, 1000),)), CASHIER)
    assert not Turn.objects.exists()
    assert theirs.returning.book(theirs.found(ours.receipt(sold.place), 1), CASHIER).back.money == 208_000


def test_a_turn_ends_by_itself_sooner_while_goods_are_chosen(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(2)
    ours.send()
    now, one, two = now_us(), Station.objects.get(id="12-1"), Station.objects.get(id="12-2")
    receipt = ours.receipt(sold.place)

    def ask(station: Station, after_s: int, return_id: str, *, settle: bool = False) -> int:
        return turns.ask(station, ReturnAsked(
            return_id=return_id, station="12-1", incarnation=receipt.incarnation.lower(), seq=receipt.seq, settle=settle),
            now + after_s * 1_000_000).seconds

    assert ask(two, 0, ID) == 600
    with pytest.raises(RefusalError):
        ask(one, 599, OTHER)
    assert ask(one, 600, OTHER) == 600
    # the same station looks again: its own turn is another one now
    assert ask(one, 700, ID) == 600
    assert [each.return_id for each in Turn.objects.all()] == [ID]
    assert ask(one, 800, ID, settle=True) == 86_400
    assert ask(one, 900, ID) == 86_400
    assert ask(one, 901, OTHER) == 600
    assert Turn.objects.count() == 2
    with pytest.raises(RefusalError):
        ask(two, 800 + 86_399, OTHER)
    assert ask(two, 800 + 86_400, OTHER) == 600
    assert theirs.till.ask("POST", DROP_PATH, body=msgspec.json.encode(ReturnDropped(
        return_id=ID, station="12-1", seq=receipt.seq))).read(TurnOver) == TurnOver(dropped=False)


def test_of_many_tills_at_once_one_has_the_turn(club: tuple[Counter, Counter]) -> None:
    ours, _ = club
    sold = ours.sell_pieces(2)
    ours.send()
    receipt, now = ours.receipt(sold.place), now_us()
    askers = [Station.objects.create(id=f"13-{i}", shop="12", public_key=bytes(32), paired_us=0) for i in range(8)]
    results = at_once([lambda who=who, i=i: turns.ask(who, ReturnAsked(  # type: ignore[misc] # bound now
        return_id=f"{ID[:-1]}{i}", station="12-1", incarnation=receipt.incarnation.lower(), seq=receipt.seq), now)
        for i, who in enumerate(askers)])
    assert sorted(type(each).__name__ for each in results) == [*["RefusalError"] * 7, "ReturnTold"]
    assert Turn.objects.count() == 1


def test_a_receipt_is_printed_in_capitals_and_its_sale_is_found_by_an_index(club: tuple[Counter, Counter]) -> None:
    """Of millions: the name of its station in any case is looked for among the stations alone."""
    _, theirs = club
    Station.objects.create(id="kish-1", shop="12", public_key=theirs.till.public, paired_us=0)
    selling = Till("kish-1", theirs.till.key)
    seq = selling.journal.append(sale())
    selling.put(1, seq)
    receipt = read_receipt(receipt_number("kish-1", Position(selling.journal.incarnation, seq)))
    assert receipt
    assert receipt.station == "KISH-1"
    with CaptureQueriesContext(connection) as asked_for:
        assert asked(theirs.till, receipt).status == 200
    of_books = [each["sql"] for each in asked_for if "ledger_" in each["sql"] or "intake_" in each["sql"]]
    assert of_books
    assert not [sql for sql in of_books if "LIKE" in sql or "UPPER" in sql]
    assert theirs.till.ask("POST", DROP_PATH, body=msgspec.json.encode(ReturnDropped(
        return_id=ID, station="KISH-1", seq=seq))).read(TurnOver) == TurnOver(dropped=True)


@pytest.mark.parametrize("change", [
    {"station": "12-2"}, {"station": "99-1"}, {"incarnation": "0000"}, {"seq": 2}, {"seq": 99}, {"sale_id": OTHER}])
def test_a_receipt_of_no_posted_sale_is_not_known(club: tuple[Counter, Counter], change: dict[str, Any]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(1)
    receipt = ours.receipt(sold.place)
    with refused(ErrorCode.SALE_NOT_YET):
        theirs.found(receipt)
    ours.send()
    assert asked(theirs.till, receipt, **change).problem() == (404, ProblemCode.INVALID)
    told = asked(theirs.till, receipt, sale_id=sold.sale.sale_id).read(ReturnTold)
    assert base64.b64decode(told.entry) == next(ours.journal.entries(sold.place - 1, 1)).raw
    assert str(sold.sale.priced.total) not in repr(told)
    assert not Turn.objects.exclude(return_id=ID).exists()


def test_without_a_line_the_own_sale_comes_back_and_too_much_is_flagged(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(1)
    ours.send()
    theirs.returning.book(theirs.found(ours.receipt(sold.place), 1), CASHIER)
    theirs.send()
    ours.line.cut = True
    found = ours.returning.choose(ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    assert ours.returning.book(found, CASHIER).back.money == 208_000
    ours.send()
    (flagged,) = Difference.objects.all()
    assert (flagged.station, flagged.breach, flagged.detail) == (
        "12-1", "RETURN", "cannot come back: E309 RETURN_TOO_MUCH left=0 line=1")
    with connection.cursor() as cursor:
        assert list(wrong(cursor)) == []
    theirs.line.cut = True
    with refused(ErrorCode.SALE_OUT_OF_REACH):
        theirs.found(ours.receipt(sold.place))


def test_a_sale_that_was_cut_off_here_is_at_head_office(club: tuple[Counter, Counter]) -> None:
    """As after a journal was lost: this station's own receipt is told like another's."""
    ours, _ = club
    sold = ours.sell_pieces(2)
    ours.send()
    receipt = ours.receipt(sold.place)
    found = ours.found(receipt, 1)
    back = ours.returning.book(found, CASHIER).back
    assert back.elsewhere is not None
    ours.send()
    assert SaleReturn.objects.get().sale_station == "12-1"
    assert list(Difference.objects.all()) == []
    # what this journal has of it counts once, posted or not
    assert [each.quantity for each in ours.returning.open(sold.place).before.lines] == [1000]


def test_rules_that_are_not_here_are_fetched_and_proven(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(1)
    ours.send()
    newer = replace(RULES, number=RULES.number + 1)
    publish(newer, 0)
    theirs.packs.held = newer
    found = theirs.found(ours.receipt(sold.place), 1)
    assert found.pack == RULES
    assert theirs.line.rules(RulesAsked(number=99)) is None
    theirs.returning.book(found, CASHIER)
    theirs.send()
    assert list(Difference.objects.all()) == []


def test_money_from_a_wallet_goes_back_into_it(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, VALUE, [given("voucher/1", "w1", 500_000)], 1)
    ours.tap()
    ours.counter.scan(demo.barcode(1), 2000)
    ours.counter.pay_by([TenderKind.WALLET])
    sold = ours.counter.settle([Tender(TenderKind.WALLET, 416_000, account="w1")], CASHIER)
    ours.send()
    theirs.returning.book(theirs.found(ours.receipt(sold.place), 1), CASHIER)
    theirs.send()
    assert list(ValueEntry.objects.filter(account="w1").order_by("posted").values_list("kind", "amount", "origin")) == [
        ("ADJUST", 500_000, ""), ("REDEEM", -416_000, ""), ("REVERSE", 208_000, f"{sold.sale.sale_id}/tender/1")]
    assert ValueAccount.objects.get(account="w1").amount == 292_000
    assert list(Difference.objects.all()) == []


def test_a_station_that_asks_too_often_is_told_to_wait(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    receipt = ours.receipt(ours.sell_pieces(1).place)
    statuses = [asked(theirs.till, receipt).status for _ in range(70)]
    assert statuses[:60] == [404] * 60
    assert 429 in statuses[60:]


def test_a_station_reads_what_it_was_told(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(1)
    ours.send()
    office = OnlineReturns(theirs.line, Ed25519Verifier(bytes(32)), lambda: 0.0)
    name = ours.receipt(sold.place)
    told = office.ask(SaleAsked(ID, name.station, name.incarnation, name.seq), settle=False)
    assert isinstance(told, SaleTold)
    assert (told.entry.kind, told.returns) == (EntryKind.SALE, ())
