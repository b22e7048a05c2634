"""Branches: what two copies of one file sold under one name is all held, posted once, and traced back over its past."""

import gzip
from dataclasses import dataclass, replace

import msgspec
import pytest
from django.db import connection, transaction
from django.test import Client

from data.verify import verify
from headoffice.api.openapi import OPERATIONS
from headoffice.audit.models import Difference
from headoffice.console.explain import explain
from headoffice.console.models import SaleRow
from headoffice.intake.entries import Place
from headoffice.intake.models import Alarm, Code, Entry, Incarnation, Quarantine
from headoffice.ledger.lines import Lines
from headoffice.ledger.models import PointsEntry, Sale, SaleReturn
from headoffice.projector.quarantine import replay
from headoffice.projector.rebuild import rebuild
from headoffice.projector.verify import differences
from headoffice.spending.leases import trusted
from headoffice.spending.terms import TERMS
from headoffice.stations.models import Station
from station.errors import ErrorCode, StationError
from station.journal import EntryKind, Position, branch_name, receipt_number
from station.protection import Protection
from station.shift import CountReason
from sync import wire
from sync.push import Push
from sync.wire import ProblemCode
from tests.fakes import CASHIER
from tests.headoffice.shop import NOON, Journal, Till, member, sale
from tests.headoffice.test_console import page, staff
from tests.headoffice.test_returns import Shop, shop
from tests.rigs.journal_uploads import JournalUploads

__all__ = ["shop", "staff"]


@dataclass
class Branching(Journal):
    """A copy of another journal that goes on from entry ``base`` of it."""

    of: str = ""
    base: int = 0

    def head(self, first: int, last: int) -> wire.BatchHead:
        return msgspec.structs.replace(super().head(first, last), of=self.of, base=self.base)


def copied(journal: Journal, base: int) -> Branching:
    """A copy that has sold once after entry ``base``, named as a branch of ``journal``."""
    copy = Branching(journal.station, journal.incarnation, journal.raws[:base], journal.hashes[:base + 1], journal.incarnation, base)
    copy.append(sale(member(1)))
    copy.incarnation = branch_name(journal.incarnation, copy.hashes[base + 1])
    return copy


@dataclass
class Two:
    """Two copies of one journal of a station; the first has sent its entries 1 to 4."""

    till: Till
    first: Journal
    second: Branching

    def put(self, journal: Journal, first: int, last: int) -> wire.Receipt:
        self.till.journal = journal
        return self.till.put(first, last).read(wire.Receipt)

    def refused(self, head: wire.BatchHead) -> wire.Problem:
        """The answer to a batch of the second copy under another head."""
        self.till.journal = self.second
        answer = self.till.put(head.first, head.last, head=head)
        assert answer.status >= 400
        return answer.read(wire.Problem)

    def hello(self, of: str | None, base: int, name: str | None = None) -> wire.Problem | wire.Welcome:
        """The answer to HELLO of the second copy, as a branch of another place."""
        answer = self.till.ask("POST", wire.HELLO_PATH, body=msgspec.json.encode(wire.Hello(
            protocol=wire.PROTOCOL, program="test", incarnation=name or self.second.incarnation, seq=len(self.second.raws),
            head=self.second.hashes[-1].hex(), protection=Protection.FILE, of=of, base=base)))
        return answer.read(wire.Welcome) if answer.status == 200 else answer.read(wire.Problem)


@pytest.fixture
def two(till: Till) -> Two:
    for i in range(3):
        till.journal.append(sale(member(i)))
    till.put(1, 4)
    return Two(till, till.journal, copied(till.journal, 2))


def test_a_branch_is_stored_acknowledged_and_posted_under_its_own_name(two: Two) -> None:
    receipt = two.put(two.second, 3, 3)
    assert (receipt.accepted, receipt.acknowledged, receipt.incarnation) == (1, 3, two.second.incarnation)
    row = Incarnation.objects.get(incarnation=two.second.incarnation)
    name = two.first.incarnation
    assert (row.of, row.base, row.origin, row.acknowledged, row.projected, row.epoch) == (name, 2, name, 3, 3, 2)
    assert sorted(Sale.objects.values_list("incarnation", "seq")) == sorted(
        [*((name, seq) for seq in (2, 3, 4)), (two.second.incarnation, 3)])
    assert PointsEntry.objects.filter(incarnation=two.second.incarnation, seq=3, member=member(1).member_id).exists()
    assert not Quarantine.objects.exists()
    assert two.put(two.second, 3, 3) == receipt
    two.second.append(sale())
    assert (again := two.put(two.second, 3, 4)).acknowledged == 4
    assert (again.accepted, again.duplicates) == (1, 1)


def test_a_branch_is_an_alarm_even_where_nothing_contradicts_it_yet(two: Two) -> None:
    two.put(two.second, 3, 3)
    ours, theirs = two.first.hashes[3].hex(), two.second.hashes[3].hex()
    assert list(Alarm.objects.values_list("incarnation", "seq", "ours", "theirs", "times")) == [
        (two.first.incarnation, 3, ours, theirs, 1)]
    end = copied(two.first, 4)
    two.put(end, 5, 5)
    assert list(Alarm.objects.filter(seq=5).values_list("ours", "theirs")) == [("", end.hashes[5].hex())]
    two.put(end, 5, 5)
    assert Alarm.objects.count() == 2


def test_a_branch_of_a_branch_names_the_first_journal_as_well(two: Two) -> None:
    two.second.append(sale())
    two.put(two.second, 3, 4)
    third = copied(replace(two.second, incarnation=two.first.incarnation), 3)
    third.of, third.incarnation = two.second.incarnation, branch_name(two.second.incarnation, third.hashes[4])
    assert two.put(third, 4, 4).quarantined == ()
    assert Incarnation.objects.get(incarnation=third.incarnation).origin == two.first.incarnation
    assert Sale.objects.filter(incarnation=third.incarnation).count() == 1
    with transaction.atomic(), connection.cursor() as cursor:
        assert list(differences(cursor)) == []


def test_hello_begins_a_branch_where_it_leaves_the_other(two: Two) -> None:
    welcome = two.hello(two.first.incarnation, 2)
    assert isinstance(welcome, wire.Welcome)
    assert (welcome.acknowledged, welcome.head) == (2, two.first.hashes[2].hex())
    two.put(two.second, 3, 3)
    again = two.hello(two.first.incarnation, 2)
    assert isinstance(again, wire.Welcome)
    assert (again.acknowledged, again.head) == (3, two.second.hashes[3].hex())


def test_what_a_branch_goes_on_from_must_be_here(two: Two) -> None:
    elsewhere = "0f" * 16
    assert two.hello(elsewhere, 2, "0e" * 16) == wire.Problem(
        code=ProblemCode.GAP, reason="what the branch goes on from is not here", wanted=1)
    assert ProblemCode.GAP in next(each for each in OPERATIONS if each.path == wire.HELLO_PATH).all_problems[409]
    two.first.append(sale())
    ahead = copied(two.first, 5)
    two.till.journal = ahead
    problem = two.till.put(6, 6).read(wire.Problem)
    assert (problem.code, problem.wanted) == (ProblemCode.GAP, 5)
    assert Incarnation.objects.count() == 1


def test_what_is_missing_inside_a_branch_is_a_gap_of_the_branch(two: Two) -> None:
    two.second.append(sale())
    problem = two.refused(two.second.head(4, 4))
    assert (problem.code, problem.wanted) == (ProblemCode.GAP, 3)


def test_a_branch_that_follows_another_entry_than_the_one_held_is_a_fork(two: Two) -> None:
    strange = copied(Journal(two.first.station, two.first.incarnation), 0)
    strange.append(sale())
    strange.append(sale())
    strange.base, strange.of = 2, two.first.incarnation
    strange.incarnation = branch_name(two.first.incarnation, strange.hashes[3])
    two.till.journal = strange
    assert two.till.put(3, 3).problem() == (409, ProblemCode.FORK)
    assert not Incarnation.objects.filter(incarnation=strange.incarnation).exists()


def test_a_branch_is_what_its_name_and_its_place_say(two: Two) -> None:
    good, other = two.second.head(3, 3), "0e" * 16
    for wrong in ({"incarnation": other}, {"base": 3}, {"base": 4}, {"base": 0}, {"of": None}):
        assert two.refused(msgspec.structs.replace(good, **wrong)).code is ProblemCode.INVALID, wrong
    two.put(two.second, 3, 3)
    two.second.append(sale())
    assert two.refused(msgspec.structs.replace(two.second.head(4, 4), base=1)).code is ProblemCode.INVALID
    for of, base in ((None, 2), (two.first.incarnation, 0), (two.first.incarnation, 1), (None, 0)):
        told = two.hello(of, base)
        assert isinstance(told, wire.Problem), (of, base)
        assert told.code is ProblemCode.INVALID


def test_no_entry_is_held_both_as_a_branch_and_in_the_journal_it_is_of(two: Two) -> None:
    """A head office that was restored is told the same history by two copies of which only one has parted it."""
    two.put(two.second, 3, 3)
    end = copied(two.first, 4)
    two.put(end, 5, 5)
    whole = replace(end, incarnation=two.first.incarnation, of="", base=0)
    two.till.journal = whole
    alarms = Alarm.objects.count()
    for first in (4, 5):
        assert two.till.put_raw(Journal.head(whole, first, 5), zipped(whole, first, 5)).problem() == (409, ProblemCode.FORK)
    assert Alarm.objects.count() == alarms
    two.first.append(sale())
    two.put(two.first, 5, 5)
    late = Branching(two.first.station, "", two.first.raws, two.first.hashes, two.first.incarnation, 4)
    late.incarnation = branch_name(two.first.incarnation, late.hashes[5])
    two.till.journal = late
    assert two.till.put(5, 5).problem() == (409, ProblemCode.FORK)
    assert not Incarnation.objects.filter(incarnation=late.incarnation).exists()


def zipped(journal: Journal, first: int, last: int) -> bytes:
    """Entries as a station packs them."""
    return gzip.compress(wire.join_entries(journal.raws[first - 1:last]))


def test_the_hash_of_any_entry_held_is_told(two: Two) -> None:
    two.put(two.second, 3, 3)

    def told(journal: Journal, seq: int) -> str | None:
        return two.till.ask("GET", wire.HASH_PATH, query={"incarnation": journal.incarnation, "seq": seq}).read(wire.HeldHash).hash

    assert [told(two.first, seq) for seq in (0, 1, 4)] == [two.first.hashes[seq].hex() for seq in (0, 1, 4)]
    assert told(two.second, 3) == two.second.hashes[3].hex()
    assert told(two.first, 5) is told(two.second, 4) is told(Journal("12-1"), 1) is None
    assert two.till.ask("GET", wire.HASH_PATH, query={"incarnation": "x", "seq": 1}).problem() == (400, ProblemCode.INVALID)


def test_a_station_in_a_fork_gets_no_leases_but_for_the_journal_that_goes_on(two: Two) -> None:
    two.put(two.second, 3, 3)
    station, new = Station.objects.get(id="12-1"), Till("12-1", two.till.key)
    two.put(new.journal, 1, 1)
    two.put(two.second, 3, 3)
    two.second.append(sale())
    two.put(two.second, 4, 4)
    late = copied(two.first, 4)
    two.put(late, 5, 5)  # met after the newest journal
    assert trusted(station, new.journal.incarnation, TERMS)
    assert not trusted(station, late.incarnation, TERMS)


def test_an_entry_of_a_branch_comes_out_of_quarantine_under_its_name(two: Two, staff: Client) -> None:
    Station.objects.filter(id="12-1").update(revoked=True)
    two.put(two.second, 3, 3)
    Station.objects.filter(id="12-1").update(revoked=False)
    assert Quarantine.objects.get().code == Code.REVOKED
    assert replay("12-1", two.second.incarnation, 3, NOON.utc_us) == ""
    row = SaleRow.objects.get(incarnation=two.second.incarnation)
    assert row.named == two.first.incarnation
    assert "</" in explain(Place("12-1", two.second.incarnation, 3))
    assert receipt_number("12-1", Position(two.first.incarnation, 3)) in page(staff, "/console/console/salerow/", "en")
    assert receipt_number("12-1", Position(two.second.incarnation, 3)) not in page(staff, "/console/console/salerow/", "en")


@dataclass
class Uplink:
    """The line of a station, signed as always."""

    till: Till

    def hello(self, hello: wire.Hello) -> wire.Welcome:
        answer = self.till.ask("POST", wire.HELLO_PATH, body=msgspec.json.encode(hello))
        if answer.status == 409:
            raise StationError(ErrorCode.JOURNAL_FORKED)
        return answer.read(wire.Welcome)

    def pack(self, entries: bytes) -> wire.Packed:
        return wire.Packed(entries)

    def put_batch(self, head: wire.BatchHead, entries: bytes) -> wire.Receipt:
        answer = self.till.put(head.first, head.last, head=head, body=entries)
        if answer.status == 409:
            raise StationError(ErrorCode.JOURNAL_FORKED)
        return answer.read(wire.Receipt)

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        query = {"incarnation": incarnation, "seq": seq}
        return self.till.ask("GET", wire.HASH_PATH, query=query).read(wire.HeldHash).hash


@pytest.fixture
def parted(shop: Shop) -> Shop:
    """A day over a fork: what the counter sold after it, took back before and after it was told, and its Z report."""
    shop.sell_pieces(1)
    shop.send()
    shop.till.journal.append(sale(member(0)))
    last = shop.till.journal.append(sale(member(0)))
    assert shop.till.put(last - 1, last).status == 200
    sold = shop.sell_pieces(3)
    shop.back(sold.place)
    push = Push(JournalUploads(shop.journal), Uplink(shop.till), Protection.FILE)
    while push.step().sent:
        pass
    shop.back(sold.place)
    shop.drawer.close(None, CountReason.NONE, CASHIER)
    while push.step().sent:
        pass
    return shop


def test_returns_and_the_report_of_the_shift_find_what_they_are_of_in_the_branch(parted: Shop) -> None:
    old, branch, new = parted.journal.branches()
    assert [each.mark() for each in (old, branch, new)] == [each.head().seq for each in (old, branch, new)]
    assert list(verify(parted.journal)) == []
    assert list(Difference.objects.exclude(sale_id__in=Sale.objects.filter(seq__gt=3, incarnation=old.incarnation).values("sale_id"))) == []
    assert sorted(SaleReturn.objects.values_list("incarnation", "sale_incarnation", "sale_seq", "number")) == sorted([
        (branch.incarnation, branch.incarnation, 4, 1), (new.incarnation, branch.incarnation, 4, 2)])
    assert Sale.objects.filter(incarnation=branch.incarnation).count() == 1
    assert Sale.objects.filter(incarnation=old.incarnation).count() == 3
    assert Entry.objects.filter(kind=EntryKind.SHIFT_CLOSED.value, incarnation=new.incarnation).exists()


def test_books_with_a_branch_are_sound_and_equal_when_made_again(parted: Shop) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        assert list(differences(cursor)) == []
    assert rebuild().differing == ()
    assert parted.journal.branches()


def test_what_a_journal_goes_on_from_is_told_by_its_hash(parted: Shop) -> None:
    old, branch, new = (each.incarnation for each in parted.journal.branches())
    lines = Lines("12-1")
    assert lines.before(new) == Position(branch, 5)
    assert lines.before(branch) == Position(old, 3)
    assert lines.before(old) is lines.before("0f" * 16) is None
    Incarnation.objects.filter(incarnation=branch).delete()
    assert Lines("12-1").before(new) is None  # another history is held there
