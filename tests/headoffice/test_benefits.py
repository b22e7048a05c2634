"""What a member had of the club, told to the counter: from all stations, with receipts, rules, points and their ends."""

from pathlib import Path

import pytest
from django.db import connection

from headoffice import demo
from headoffice.api import benefits as api
from headoffice.api.pace import Pace
from headoffice.ledger.benefits import benefits
from headoffice.ledger.models import PointsEntry, PointsLot
from headoffice.stations.models import Station
from station.benefits import Expiring
from station.journal import EntryKind, Position, receipt_number
from station.sale import SaleReturn
from station.span import Span
from sync.wire import ProblemCode
from sync.wire_benefits import HISTORY_PATH, MemberHistory
from tests.headoffice.shop import NOON, Till, member, sale

DAY = NOON.date
SPAN = Span(DAY, DAY)
NOVEMBER = {"first": "2026-11-01", "last": "2026-11-30"}
WHO = member(0)


@pytest.fixture(autouse=True)
def paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with a full purse."""
    monkeypatch.setattr(api, "HISTORIES", Pace(30, 0.5))


def told(till: Till, who: str = "", **query: str) -> MemberHistory:
    answer = till.ask("GET", HISTORY_PATH, query={"member_id": who or WHO.member_id, **NOVEMBER, **query})
    assert answer.status == 200
    return answer.read(MemberHistory)


def test_a_purchase_comes_with_its_receipt_its_discounts_and_its_points(till: Till) -> None:
    bought = sale(WHO)
    seq = till.journal.append(bought)
    till.journal.append(sale(member(1)))
    till.journal.append(sale())
    till.put(1, seq + 2)
    said = told(till)
    (row,) = said.purchases
    assert (row.day, row.minute, row.receipt, row.shop) == (
        DAY, NOON.minute_of_day, receipt_number("12-1", Position(till.journal.incarnation, seq)), "12")
    assert (row.total, row.discount, row.points, row.is_back) == (
        bought.priced.total, bought.priced.discount, bought.priced.points, False)
    assert bought.priced.discount > 0
    assert sum(each.amount for each in said.given) == bought.priced.discount
    assert {each.rule: each.amount for each in said.given} == {each.rule: each.amount for each in bought.priced.discounts}
    earned = [(each.points, each.rule) for each in said.moves if each.rule != "opening"]
    assert earned == [(each.points, each.rule) for each in bought.points]
    assert said.balance == demo_points() + bought.priced.points
    assert (said.more, said.untold) == (False, 0)


def demo_points() -> int:
    """What the demo club gave its first member to begin with."""
    first = demo.member_id(0)
    return sum(PointsEntry.objects.filter(member=first, station="").values_list("points", flat=True))


def test_it_is_told_from_all_stations_the_latest_first(till: Till) -> None:
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    for each in (till, other):
        seq = each.journal.append(sale(WHO))
        each.put(1, seq)
    assert {row.receipt[:4] for row in told(other).purchases} == {"12-1", "12-2"}
    assert told(other).given[0].times == 2


def test_goods_brought_back_are_a_row_of_their_own(till: Till) -> None:
    bought = sale(WHO)
    seq = till.journal.append(bought)
    back = SaleReturn(
        "018bcfe5-6800-7525-8bdf-583a9326febd", bought.sale_id, till.journal.incarnation, seq, DAY, 1, WHO.member_id, (),
        bought.priced.total, (), (), (), ())
    till.journal.append(back, kind=EntryKind.RETURN)
    till.put(1, seq + 1)
    rows = told(till).purchases
    assert sorted((row.is_back, row.total) for row in rows) == [(False, bought.priced.total), (True, -bought.priced.total)]
    assert len({row.receipt for row in rows}) == 2


def test_points_end_on_the_days_of_their_lots(till: Till) -> None:
    PointsLot.objects.filter(member=WHO.member_id).delete()
    for lot, last, held in (("a", "2026-12-20", 5), ("b", "2026-12-20", 2), ("c", "2026-12-01", 3), ("d", "", 9), ("e", "2026-12-02", 0)):
        PointsLot.objects.create(
            member=WHO.member_id, lot_id=lot, source=lot, sale="", first_day=DAY, last_day=last, opened=1, held=held)
    assert benefits(WHO.member_id, SPAN, 1).expiring == (Expiring("2026-12-01", 3), Expiring("2026-12-20", 7))
    assert [(each.last_day, each.points) for each in told(till).expiring] == [("2026-12-01", 3), ("2026-12-20", 7)]


def test_other_days_and_a_stranger_are_not_told(till: Till) -> None:
    seq = till.journal.append(sale(WHO))
    till.put(1, seq)
    assert told(till, first="2026-11-23").purchases == ()
    assert told(till, last="2026-11-21").purchases == ()
    assert told(till, member(1).member_id).purchases == ()
    assert till.ask("GET", HISTORY_PATH, query={"member_id": "nobody", **NOVEMBER}).problem() == (404, ProblemCode.INVALID)


@pytest.mark.parametrize("span", [
    {"first": "2026-11-30", "last": "2026-11-01"}, {"first": "2026-13-01", "last": "2026-11-01"},
    {"first": "2020-01-01", "last": "2026-11-01"}, {"first": "yesterday", "last": "2026-11-01"}])
def test_a_span_that_is_none_is_refused(till: Till, span: dict[str, str]) -> None:
    assert till.ask("GET", HISTORY_PATH, query={"member_id": WHO.member_id, **span}).problem() == (400, ProblemCode.INVALID)


def test_a_station_that_asks_too_often_is_told_to_wait(till: Till) -> None:
    statuses = [till.ask("GET", HISTORY_PATH, query={"member_id": WHO.member_id, **NOVEMBER}).status for _ in range(40)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses[30:]


def test_a_members_purchases_are_found_by_an_index(office: Path) -> None:
    assert office.exists()
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_sale'")
            assert ("sale_by_member",) in cursor.fetchall()
            return
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM ledger_sale WHERE member = 'm' AND business_date BETWEEN 'a' AND 'b'")
        assert "sale_by_member" in " ".join(str(row) for row in cursor.fetchall())


def test_more_than_are_told_is_said(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headoffice.ledger.benefits.MOST_PURCHASES", 2)
    for _ in range(3):
        seq = till.journal.append(sale(WHO))
    till.put(1, seq)
    said = benefits(WHO.member_id, SPAN, 1)
    assert (len(said.purchases), said.more) == (2, True)
