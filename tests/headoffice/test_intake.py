"""Exactly once, nothing skipped, nothing held up: journals from the request to the books."""

import gzip
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.db.utils import DatabaseError

from headoffice import demo
from headoffice.audit.models import Difference
from headoffice.intake.models import Alarm, Code, Entry, Incarnation, Quarantine
from headoffice.ledger.models import Balance, PointsEntry, Sale
from headoffice.ledger.reports import day
from headoffice.projector.project import Projector
from station.card import CardStatus, Medium
from station.card_life import CardChanged, CardIssued, CardReason, Spender
from station.hand import ByHand
from station.journal import EntryKind, Opened
from station.leases import LeaseClosed, LeaseUse
from station.member import MemberSnapshot
from station.people import Actor, Role
from station.points import PointsEntry as StationPoints
from station.points import PointsKind
from station.priced import Priced
from station.sale import Sale as StationSale
from station.step_up import ClaimMethod, StepUp
from station.tender import Tender, TenderKind
from sync import wire
from sync.wire import ProblemCode
from tests.headoffice.shop import CASHIER, NOON, Till, member, sale
from tests.rigs.closed_sale import closed


@pytest.fixture(autouse=True)
def projected_when_told(till: Till) -> None:
    till.projects = False


def project() -> None:
    """Let the projector post all that was received."""
    Projector().drain(NOON.utc_us)


def balance(i: int) -> int:
    return Balance.objects.get(member=member(i).member_id).points


def books() -> tuple[Any, ...]:
    """Everything an upload may change but the time it came."""
    return (
        list(Entry.objects.order_by("seq").values_list("seq", "kind", "raw", "hash")),
        list(Sale.objects.order_by("seq").values_list("sale_id", "total", "points")),
        list(PointsEntry.objects.order_by("member", "key").values_list("member", "key", "points")),
        list(Balance.objects.order_by("member").values_list("member", "points")),
        list(Incarnation.objects.values_list("incarnation", "epoch", "acknowledged", "head")),
        list(Difference.objects.values_list("seq", "breach")),
    )


def test_a_batch_becomes_entries_sales_points_and_balances(till: Till) -> None:
    till.projects, before = False, balance(0)
    till.journal.append(sold := sale(member(0)))
    till.journal.append(sale(None))
    welcome = till.hello().read(wire.Welcome)
    assert (welcome.acknowledged, welcome.head) == (0, "0" * 64)
    receipt = till.put(1, 3).read(wire.Receipt)
    assert receipt == wire.Receipt(
        incarnation=till.journal.incarnation, acknowledged=3, head=till.journal.hashes[3].hex(),
        accepted=3, duplicates=0, quarantined=())
    assert [bytes(raw) for raw in Entry.objects.order_by("seq").values_list("raw", flat=True)] == till.journal.raws
    assert not Sale.objects.exists()
    project()
    kept = Sale.objects.get(sale_id=sold.sale_id)
    assert (kept.total, kept.hour, kept.member, kept.cashier) == (sold.priced.total, 14, member(0).member_id, "sara")
    # 2 × 333 300 with 10 % tax is 733 260, less 5 % is 696 597: 69 points
    assert (kept.listed, kept.total, kept.points) == (733_260, 696_597, 69)
    assert balance(0) == before + 69
    assert not Difference.objects.exists()
    assert till.hello().read(wire.Welcome).acknowledged == 3


def test_sending_every_batch_twice_changes_nothing(till: Till) -> None:
    for number in range(6):
        till.journal.append(sale(member(number % 3)))
    till.journal.append_raw(b"no entry at all")
    till.put(1, 3)
    first = till.put(4, 8)
    project()
    once = books()
    again = till.put(4, 8)
    assert again.body == first.body
    receipt = again.read(wire.Receipt)
    assert (receipt.accepted, receipt.duplicates, receipt.acknowledged) == (5, 0, 8)
    assert [each.seq for each in receipt.quarantined] == [8]
    overlapping = till.put(2, 6).read(wire.Receipt)
    assert (overlapping.duplicates, overlapping.acknowledged, overlapping.quarantined) == (5, 6, ())
    assert overlapping.head == till.journal.hashes[6].hex()
    recut = till.put(5, 8).read(wire.Receipt)
    assert (recut.accepted, recut.duplicates, [each.seq for each in recut.quarantined]) == (0, 4, [8])
    assert till.put(4, 8).body == first.body
    project()
    assert books() == once


def test_the_same_batch_at_the_same_moment_is_taken_once(till: Till) -> None:
    last = 0
    for number in range(20):
        last = till.journal.append(sale(member(number)))

    def put(_attempt: int) -> bytes:
        try:
            return till.put(1, last).body
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        [answered] = set(pool.map(put, range(4)))
    receipt = msgspec.json.decode(answered, type=wire.Receipt)
    assert (receipt.accepted, receipt.acknowledged) == (last, last)
    assert Entry.objects.count() == last


def test_a_batch_that_begins_in_the_known_is_taken_from_the_new(till: Till) -> None:
    till.journal.append(sale())
    till.put(1, 2)
    till.journal.append(sale())
    receipt = till.put(1, 3).read(wire.Receipt)
    assert (receipt.accepted, receipt.duplicates, receipt.acknowledged) == (1, 2, 3)


def test_a_gap_is_refused_with_what_is_wanted(till: Till) -> None:
    till.journal.append(sale())
    till.journal.append(sale())
    till.put(1, 1)
    answer = till.put(3, 3)
    assert answer.status == 409
    assert (answer.read(wire.Problem).code, answer.read(wire.Problem).wanted) == (ProblemCode.GAP, 2)
    assert Entry.objects.count() == 1


def test_another_entry_at_a_known_place_is_a_fork_and_nothing_is_taken(till: Till) -> None:
    till.journal.append(sale())
    till.journal.append(sale())
    till.put(1, 3)
    before = books()
    restored = Till("12-1", till.key)
    restored.projects = False
    restored.journal = type(till.journal)("12-1", till.journal.incarnation)
    restored.journal.append_raw(till.journal.raws[0])
    for _ in range(4):
        restored.journal.append(sale())
    answer = restored.put(1, 5)
    assert answer.problem() == (409, ProblemCode.FORK)
    assert answer.read(wire.Problem).wanted == 4
    assert restored.put(4, 5).problem() == (409, ProblemCode.FORK)
    assert books() == before
    alarms = list(Alarm.objects.order_by("seq").values_list("seq", "theirs", "ours", "times"))
    assert alarms == [
        (2, restored.journal.hashes[2].hex(), till.journal.hashes[2].hex(), 1),
        (3, restored.journal.hashes[3].hex(), till.journal.hashes[3].hex(), 1)]
    restored.put(1, 5)
    assert Alarm.objects.get(seq=2).times == 2


@pytest.mark.parametrize(("seq", "head"), [(1, None), (2, "a" * 64), (0, None)])
def test_hello_from_a_shorter_or_other_journal_is_a_fork(till: Till, seq: int, head: str | None) -> None:
    till.journal.append(sale())
    till.put(1, 2)
    assert till.hello(seq, head).problem() == (409, ProblemCode.FORK)
    alarm = Alarm.objects.get()
    assert (alarm.seq, alarm.ours) == (seq, till.journal.hashes[seq].hex())


def test_a_new_incarnation_gets_the_next_epoch_and_keeps_both_branches(till: Till) -> None:
    till.put(1, 1)
    second = Till("12-1", till.key)
    second.hello()
    second.put(1, 1)
    assert list(Incarnation.objects.order_by("epoch").values_list("epoch", "incarnation")) == [
        (1, till.journal.incarnation), (2, second.journal.incarnation)]
    assert Entry.objects.count() == 2


def poison(till: Till) -> dict[int, str]:
    """Write entries that cannot be posted; return by seq a word of the reason each must get."""
    good = sale(member(1))
    many = tuple(StationPoints(f"k{i}", "m", PointsKind.EARN, 1, "earn") for i in range(101))
    journal = till.journal
    return {
        journal.append_raw(b"\xff\xfe{"): "malformed",
        journal.append_raw(b'{"version":1,"kind":"OPENED","x":' + b"[" * 5000 + b"]" * 5000 + b"}"): "deep",
        journal.append_raw(b'{"version":1,"kind":"SOMETHING"}'): "'SOMETHING' is not known",
        journal.append_raw(b'{"version":1}'): "'' is not known",
        journal.append_raw(b'{"version":1,"kind":7}'): "$.kind",
        journal.append_raw(b'{"kind":"SALE"}'): "version",
        journal.append(good, version=0): "version 0",
        journal.append(replace(good, basket=replace(good.basket, shop="\0"))): "NUL",
        journal.append_raw(b'{"version":1,"kind":"SALE"}'): "station",
        journal.append(good, version=2): "version 2",
        journal.append(good, kind=EntryKind.SHIFT_OPENED): "$.body",
        journal.append(good, seq=99): "another place",
        journal.append(good, station="13-1"): "another place",
        journal.append(good, incarnation="0" * 32): "another place",
        journal.append(replace(good, change=10**17)): "bounds",
        journal.append(replace(good, basket=good.basket.with_member(
            MemberSnapshot("m" * 101, "gold", 0)))): "longer than",
        journal.append(replace(good, points=many)): "101 points entries",
        journal.append(replace(good, lease_uses=(LeaseUse("lease", "lot", 10**17),))): "bounds",
        journal.append(replace(good, reservations=("r" * 101,))): "longer than",
        journal.append(replace(good, tenders=(Tender(TenderKind.CASH, 1, account="a" * 101),))): "longer than",
        journal.append(replace(good, basket=replace(good.basket, spender=Spender("h", 10**17)))): "bounds",
        journal.append(replace(good, basket=replace(good.basket, spender=Spender("h" * 101)))): "longer than",
        journal.append(replace(good, basket=replace(good.basket, step_up=StepUp("c", "m", ClaimMethod.PIN, 10**17)))): "bounds",
        journal.append(replace(good, basket=replace(good.basket, step_up=StepUp("c" * 101, "m", ClaimMethod.PIN, 1)))): "longer",
        journal.append(LeaseClosed("lease", 10**17), kind=EntryKind.LEASE_CLOSED): "bounds",
        journal.append(LeaseClosed("l" * 101, 0), kind=EntryKind.LEASE_CLOSED): "longer than",
        journal.append(CardIssued(7, "m" * 101, Medium.CHIP), kind=EntryKind.CARD_ISSUED): "longer than",
        journal.append(CardIssued(7, "m", Medium.CHIP, "h" * 101), kind=EntryKind.CARD_ISSUED): "longer than",
        journal.append(CardChanged(7, "m" * 101, CardStatus.ACTIVE, CardStatus.LOST, CardReason.LOST),
                       kind=EntryKind.CARD_CHANGED): "longer than",
        journal.append(replace(good, sale_id="not a uuid at all")): "UUID",
        journal.append(replace(good, sale_id=good.sale_id.upper())): "UUID",
        journal.append(good, at=replace(NOON, offset=9999)): "moment",
        journal.append(replace(good, business_date="20261122")): "business date",
        journal.append(replace(good, business_date="yesterday")): "isoformat",
    }


def test_poison_is_set_aside_while_all_others_post(till: Till) -> None:
    till.journal.append(sale(member(0)))
    expected = poison(till)
    last = till.journal.append(sale(member(1)))
    receipt = till.put(1, last).read(wire.Receipt)
    project()
    assert (receipt.acknowledged, receipt.accepted) == (last, last)
    said = {each.seq: each.reason for each in receipt.quarantined}
    assert said.keys() == expected.keys()
    assert [said[seq] for seq, word in expected.items() if word not in said[seq]] == []
    assert Entry.objects.count() == last
    assert Sale.objects.count() == 2
    assert Quarantine.objects.count() == len(expected)


def test_the_same_sale_under_two_entries_is_posted_once(till: Till) -> None:
    sold = sale(member(0))
    till.journal.append(sold)
    till.journal.append(sold)
    till.journal.append(Opened("again"))
    till.put(1, 4)
    project()
    assert list(Quarantine.objects.values_list("seq", "code")) == [(3, Code.NOT_POSTED.value)]
    assert [each.seq for each in till.put(2, 4).read(wire.Receipt).quarantined] == [3]
    assert day(NOON.date).total == sold.priced.total


@pytest.mark.parametrize("change", [
    {"head": "b" * 64}, {"previous": "b" * 64}, {"last": 3}, {"first": 2}])
def test_a_batch_whose_chain_is_not_what_its_head_says_is_refused(till: Till, change: dict[str, Any]) -> None:
    till.journal.append(sale())
    head = msgspec.structs.replace(till.journal.head(1, 2), **change)
    assert till.put(1, 2, head=head).problem() == (400, ProblemCode.INVALID)
    assert not Entry.objects.exists()


def test_a_first_batch_with_another_beginning_is_refused(till: Till) -> None:
    till.journal.hashes = [b"\1" * 32]
    raws, till.journal.raws = till.journal.raws, []
    till.journal.append_raw(raws[0])
    assert till.put(1, 1).problem() == (400, ProblemCode.INVALID)


def test_more_entries_than_a_batch_holds_are_refused(till: Till) -> None:
    for _ in range(wire.MOST_ENTRIES):
        till.journal.append_raw(b"{}")
    assert till.put(1, wire.MOST_ENTRIES + 1).problem() == (400, ProblemCode.INVALID)
    assert till.put(1, wire.MOST_ENTRIES).status == 200


@pytest.mark.parametrize(("packed", "status"), [
    (gzip.compress(b"0" * (wire.MOST_BATCH_BYTES + 1)), 413),
    (b"not gzip at all", 400),
    (gzip.compress(b"{}\n")[:-3], 400),
    (gzip.compress(b"{}\n") + b"more", 400),
    (gzip.compress(b"{}"), 400),
    (b"0" * (wire.MOST_BATCH_BYTES + 1), 413),
], ids=["large when unpacked", "no gzip", "cut short", "more behind it", "no line's end", "large"])
def test_bodies_that_are_no_batch_are_refused(till: Till, packed: bytes, status: int) -> None:
    assert till.put_raw(till.journal.head(1, 1), packed).problem() == (status, ProblemCode.INVALID)
    assert not Entry.objects.exists()


def test_another_content_type_is_refused(till: Till) -> None:
    head, body = till.journal.head(1, 1), gzip.compress(b"{}\n")
    assert till.put_raw(head, body, **{"Content-Type": "text/plain"}).status == 415
    assert till.put_raw(head, body, **{"Content-Encoding": "br"}).status == 415


def breaches(till: Till, body: Any) -> list[str]:
    till.journal.append(body)
    assert till.put(len(till.journal.raws), len(till.journal.raws)).status == 200
    project()
    return list(Difference.objects.filter(seq=len(till.journal.raws)).order_by("breach").values_list("breach", flat=True))


def altered(**facts: Any) -> StationSale:
    """A sale whose basket was changed after it was priced and paid."""
    made = sale()
    return replace(made, basket=replace(made.basket, **facts))


def test_what_was_approved_by_hand_is_recomputed_as_the_station_did(till: Till) -> None:
    till.put(1, 1)
    given = ByHand(CASHIER, "torn", 1, percent="10", approver=Actor("omid", Role.SENIOR), most=1_000)
    basket = replace(sale(quantity=31_000).basket, by_hand=(given,))
    honest = closed(demo.PACK, basket)
    assert [each.amount for each in honest.priced.discounts if each.rule == "hand/1"] == [1_000]
    assert breaches(till, honest) == []
    more = replace(basket, basket_id=str(uuid.uuid4()), by_hand=(replace(given, most=None),))
    assert breaches(till, replace(closed(demo.PACK, more), basket=replace(more, by_hand=(given,)))) == ["PRICE"]


def test_a_sale_of_before_says_nothing_of_the_most_and_stands(till: Till) -> None:
    till.put(1, 1)
    given = ByHand(CASHIER, "torn", 1, percent="10", approver=Actor("omid", Role.SENIOR))
    before = closed(demo.PACK, replace(sale(quantity=31_000).basket, by_hand=(given,)))
    till.journal.append(before)
    raw = till.journal.raws.pop()
    till.journal.hashes.pop()
    assert b',"most":null' in raw
    till.journal.append_raw(raw.replace(b',"most":null', b""))
    assert till.put(2, 2).status == 200
    project()
    assert not Difference.objects.exists()
    assert Sale.objects.count() == 1


def test_the_audit_flags_every_kind_of_breach_and_posts_the_sale_all_the_same(till: Till) -> None:
    till.put(1, 1)
    honest = sale(member(0))
    priced = honest.priced
    cheaper: Priced = replace(priced, total=priced.total - 1000, discount=priced.discount + 1000)
    unknown = sale(MemberSnapshot("nobody", "gold", 0))
    assert breaches(till, honest) == []
    assert breaches(till, replace(sale(member(0)), priced=cheaper, change=1700)) == ["PRICE"]
    assert breaches(till, sale(member(0), points=())) == ["POINTS"]
    assert breaches(till, sale(change=0)) == ["PAYMENT"]
    assert breaches(till, sale(tenders=(Tender(TenderKind.CASH, 1),))) == ["PAYMENT"]
    assert breaches(till, altered(payments=(TenderKind.DEBIT,))) == ["PAYMENT"]
    # the demo pack lets a cashier give 5 per cent by hand
    assert breaches(till, altered(by_hand=(ByHand(CASHIER, "a friend", percent="6"),))) == ["BY_HAND"]
    assert breaches(till, unknown) == ["MEMBER_UNKNOWN"]
    assert breaches(till, sale(basket=replace(sale().basket, pack=9))) == ["BASKET", "PACK_UNKNOWN"]
    assert breaches(till, altered(shop="13")) == ["SHOP"]
    stolen = sale(member(0))
    assert breaches(till, replace(stolen, points=honest.points)) == ["KEY_WRITTEN", "POINTS"]
    assert breaches(till, altered(lines=())) == ["BASKET", "PRICE"]
    assert Sale.objects.count() == len(till.journal.raws) - 1
    detail = Difference.objects.get(seq=3).detail
    assert f"total {priced.total - 1000}, due {priced.total}" in detail


def test_entries_and_points_cannot_be_changed_or_deleted(till: Till) -> None:
    till.journal.append(sale(member(0)))
    till.put(1, 2)
    project()
    of_its_own = {
        "sqlite": "INSERT OR REPLACE INTO intake_entry SELECT * FROM intake_entry",
        "postgresql": "TRUNCATE intake_entry"}
    for statement in (
            "UPDATE intake_entry SET raw = hash", "DELETE FROM intake_entry",
            "UPDATE ledger_pointsentry SET points = 9", "DELETE FROM ledger_pointsentry",
            of_its_own[connection.vendor]):
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(statement)


def test_the_report_is_the_fold_of_the_receipts(till: Till) -> None:
    sold = [sale(member(number % 4), 1000 * (number + 1)) for number in range(8)] + [sale()]
    for each in sold:
        till.journal.append(each)
    till.put(1, 10)
    project()
    report = day(NOON.date, "12-1")
    assert (report.sales, report.member_sales, report.members) == (9, 8, 4)
    assert report.total == sum(each.priced.total for each in sold) == report.hours[14]
    assert report.points == sum(each.priced.points for each in sold)
    assert day(NOON.date) == report
    assert day(NOON.date, "12-9").sales == day("2026-11-23").sales == 0
