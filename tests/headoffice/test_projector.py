"""The projector: exactly once, in order, one entry's poison kept from all others, whoever else is at work."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from headoffice.audit.models import Difference
from headoffice.clock import now_us
from headoffice.intake.batch import unpack
from headoffice.intake.models import Code, Entry, Incarnation, Quarantine
from headoffice.intake.receive import receive
from headoffice.ledger.models import Balance, PointsEntry, PointsLot, Sale, SaleReturn, Step
from headoffice.projector import bell, hooks
from headoffice.projector.journals import Marks, is_ready
from headoffice.projector.project import REPEATED, Projector
from headoffice.projector.quarantine import replay
from headoffice.projector.verify import differences
from headoffice.projector.work import beside
from headoffice.stations.models import Station
from station.clock import Moment
from station.journal import Position
from sync.wire import join_entries
from tests.headoffice.shop import NOON, Till, member, sale
from tests.rigs import received
from tests.rigs.club_days import StationDays

NOW = NOON.utc_us


def stations(count: int) -> list[StationDays]:
    """Paired stations of the random club, nothing sold yet."""
    made = [StationDays(f"12-{number}", number) for number in range(1, count + 1)]
    received.found(made)
    return made


def send(days: StationDays, sales: int) -> None:
    """Sell so often, and have it stored and not projected."""
    first = len(days.raws) + 1 if len(days.raws) > 1 else 1
    days.play(sales, 0.2)
    received.take(days, first, len(days.raws))


def wrong() -> list[str]:
    """What ``headoffice verify`` would find."""
    with transaction.atomic(), connection.cursor() as cursor:
        return list(differences(cursor))


def kept() -> dict[str, Any]:
    """The ledgers without the places in the order of posting, which depend on the size of steps."""
    return {
        "entries": sorted(PointsEntry.objects.values_list("member", "key", "points", "lapsed", "clamped", "moves")),
        "lots": sorted(PointsLot.objects.values_list("member", "lot_id", "held", "expired")),
        "balances": sorted(Balance.objects.values_list()),
        "sales": sorted(Sale.objects.values_list("station", "sale_id", "seq")),
        "returns": sorted(SaleReturn.objects.values_list("station", "return_id", "number")),
        "breaches": sorted(Difference.objects.values_list("station", "seq", "breach", "detail")),
    }


def test_a_step_is_bounded_and_moves_the_mark_with_what_it_posts(till: Till) -> None:
    till.projects = False
    for number in range(4):
        till.journal.append(sale(member(number)))
    till.put(1, 5)
    projector = Projector()
    seen = []
    while (done := projector.project(NOW, 2)).name:
        known = Incarnation.objects.get()
        seen.append((done.last, done.entries, known.projected, known.acknowledged, Sale.objects.count()))
    assert done.busy is False
    assert seen == [(2, 2, 2, 5, 1), (4, 2, 4, 5, 3), (5, 1, 5, 5, 4)]
    assert list(Step.objects.filter(kind="PROJECTED").order_by("step").values_list("station", "first", "last")) == [
        ("12-1", 1, 2), ("12-1", 3, 4), ("12-1", 5, 5)]
    assert wrong() == []


def test_journals_take_turns_so_that_a_backlog_starves_nobody(office: Path) -> None:
    assert office.exists()
    many, few, one = stations(3)
    send(many, 20)
    send(few, 3)
    send(one, 1)
    projector, turns = Projector(), []
    while (done := projector.project(NOW, 4)).name:
        turns.append(done.name[0])
        if len(turns) == 4:
            send(one, 1)
    assert turns[:3] == ["12-1", "12-2", "12-3"]
    assert "12-3" in turns[4:7]
    assert wrong() == []


def test_a_restart_goes_on_with_the_next_in_turn(office: Path) -> None:
    assert office.exists()
    for days in stations(3):
        send(days, 3)
    turns = []
    while (done := Projector().project(NOW, 1)).name:
        turns.append(done.name[0])
    assert turns[:7] == ["12-1", "12-2", "12-3", "12-1", "12-2", "12-3", "12-1"]


@pytest.mark.parametrize(("incarnation", "after", "ready"), [
    ("b", {"b": Position("a", 5)}, False),
    ("b", {"b": Position("a", 3)}, True),  # all up to there is projected
    ("b", {"b": Position("a", 99)}, False),  # no more of it is here than 9
    ("b", {"b": Position("gone", 5)}, True),
    ("b", {"b": Position("done", 99)}, True),
    ("a", {"b": Position("a", 5)}, True),
    ("b", {"a": Position("b", 9), "b": Position("a", 9)}, True),  # each claims to follow the other
    ("b", {"b": Position("b", 9)}, True),
    ("b", {"b": Position("a", 9), "a": Position("c", 9), "c": Position("a", 9)}, False),
    ("a", {"b": Position("a", 9), "a": Position("c", 9), "c": Position("a", 9)}, True),
    ("done", {}, False),
])
def test_a_journal_waits_for_what_is_here_of_the_one_it_goes_on_from(
    incarnation: str, after: dict[str, Position], ready: bool,  # noqa: FBT001 - a table
) -> None:
    known = {"a": Marks(3, 9), "b": Marks(0, 4), "c": Marks(0, 9), "done": Marks(7, 7)}
    assert is_ready(incarnation, known, after) is ready


def test_returns_after_a_restore_are_posted_after_their_sales(office: Path) -> None:
    """Both journals are here before anything is projected, and the later one was met first."""
    assert office.exists()
    [days] = stations(1)
    days.play(30, 0.0)
    before = days.restore()
    for _ in range(12):
        days.take_back()
    received.take(days, 1, len(days.raws))
    received.take(before, 1, 20)
    projector, turns = Projector(), []
    while (done := projector.project(NOW, 7)).name:
        turns.append(done.name[1])
        if len(turns) == 2:
            received.take(before, 21, len(before.raws))
    assert turns == [before.incarnation] * 5 + [days.incarnation] * 2
    assert "SALE_UNKNOWN" not in Difference.objects.values_list("breach", flat=True)
    assert not PointsEntry.objects.filter(kind="REVERSE", origin="").exists()
    assert SaleReturn.objects.count() == 12
    assert wrong() == []


def test_what_a_journal_goes_on_from_is_not_waited_for_when_it_is_not_here(office: Path) -> None:
    assert office.exists()
    [days] = stations(1)
    days.play(9, 0.0)
    days.restore()
    days.take_back()
    days.play(2, 0.0)
    received.take(days, 1, len(days.raws))
    assert Projector().drain(NOW) == 4
    assert [*Difference.objects.filter(breach="SALE_UNKNOWN").values_list("seq", flat=True)] == [2]


@pytest.mark.parametrize("most", [1, 7, 500])
def test_the_size_of_steps_changes_nothing(office: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is posted here; what the club bears is given back after each step, and may be spent from then on."""
    assert office.exists()
    monkeypatch.setattr(hooks, "AFTER_POSTING", [])
    send(stations(1)[0], 120)
    with transaction.atomic():
        Projector().drain(NOW, 50)
        first = kept()
        transaction.set_rollback(True)
    assert Projector().drain(NOW, most) > 120
    assert kept() == first
    assert wrong() == []


class Poison:
    """A part that cannot bear some entries, named by station and seq."""

    def __init__(self) -> None:
        self.places: set[tuple[str, int]] = set()
        self.calls = 0

    def __call__(self, _cursor: object, entries: Any, _step: object) -> None:
        self.calls += 1
        for entry in entries:
            if (entry.station, entry.seq) in self.places:
                raise KeyError(entry.body.sale_id)


@pytest.fixture
def poison() -> Iterator[Poison]:
    made = Poison()
    hooks.AFTER_POSTING.append(made)
    yield made
    hooks.AFTER_POSTING.remove(made)


def test_entries_that_cannot_be_posted_are_set_aside_alone(
    till: Till, poison: Poison, caplog: pytest.LogCaptureFixture,
) -> None:
    till.projects = False
    last = [till.journal.append(sale(member(number % 3))) for number in range(60)][-1]
    till.put(1, last)
    poison.places = {("12-1", 7), ("12-1", 8), ("12-1", 40)}
    with caplog.at_level(logging.ERROR):
        done = Projector().project(NOW)
    assert (done.last, done.entries, done.set_aside) == (last, last, 3)
    assert Sale.objects.count() == 57
    assert [(each.seq, each.code) for each in Quarantine.objects.order_by("seq")] == [
        (seq, Code.NOT_POSTED.value) for seq in (7, 8, 40)]
    assert Incarnation.objects.get().projected == last
    # 3 poisoned among 61 in halves: far from one try for each
    assert poison.calls < 40
    assert wrong() == []
    told = [record.getMessage() for record in caplog.records if record.name.startswith("headoffice.projector")]
    assert len(told) == 3
    assert all("KeyError at" in each and "test_projector.py" in each for each in told)
    assert not any(row.sale_id in each for row in Sale.objects.all() for each in told)


def test_what_was_set_aside_is_posted_once_it_can_be(till: Till, poison: Poison) -> None:
    till.projects = False
    last = [till.journal.append(sale(member(0))) for _ in range(5)][-1]
    till.put(1, last)
    poison.places = {("12-1", 3)}
    Projector().drain(NOW)
    before = Balance.objects.get(member=member(0).member_id)
    name = ("12-1", till.journal.incarnation)
    assert "KeyError" in replay(*name, 3, NOW)
    poison.places = set()
    assert replay(*name, 3, NOW) == ""
    after = Balance.objects.get(member=member(0).member_id)
    assert (after.points - before.points, after.purchases - before.purchases) == (69, 1)
    assert not Quarantine.objects.exists()
    for place in (3, 4, 99):
        with pytest.raises(LookupError):
            replay(*name, place, NOW)
    assert wrong() == []


def test_an_entry_nobody_could_read_is_posted_when_it_is_replayed(till: Till) -> None:
    """A newer program knows its version; here the entry was set aside for another reason and is a good one."""
    till.projects = False
    till.journal.append(sale(member(0)))
    Station.objects.filter(id="12-1").update(revoked=True)
    station = Station.objects.get(id="12-1")
    head = till.journal.head(1, 2)
    receive(station, head, unpack(head, join_entries(till.journal.raws)), NOW)
    Projector().drain(NOW)
    assert (Sale.objects.count(), Quarantine.objects.count()) == (0, 2)
    name = ("12-1", till.journal.incarnation)
    assert (replay(*name, 2, NOW), replay(*name, 1, NOW)) == ("", "")
    assert (Sale.objects.count(), Quarantine.objects.count()) == (1, 0)
    assert set(Entry.objects.values_list("kind", flat=True)) == {"SALE", "OPENED"}


def test_a_day_that_does_not_exist_keeps_only_its_own_sale_out(till: Till) -> None:
    till.projects = False
    good = sale(member(0))
    till.journal.append(good)
    bad = sale(member(0))
    till.journal.append(replace(bad, basket=replace(bad.basket, opened=Moment(NOW, 210, "2026-13-45"))))
    till.journal.append(good)
    till.put(1, 4)
    Projector().drain(NOW)
    assert [(each.seq, each.reason) for each in Quarantine.objects.order_by("seq")] == [
        (3, "ValueError: no such day: '2026-13-45'"), (4, REPEATED)]
    assert Sale.objects.get().seq == 2


def test_a_locked_database_is_no_reason_to_set_anything_aside(till: Till) -> None:
    till.projects = False
    till.journal.append(sale(member(0)))
    till.put(1, 2)
    locked = connections.create_connection("default")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with locked.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            Projector().project(NOW)
        cursor.execute("ROLLBACK")
    locked.close()
    assert not Quarantine.objects.exists()
    assert Projector().project(NOW).last == 2
    assert Sale.objects.count() == 1


def test_two_projectors_at_once_post_everything_once(office: Path) -> None:
    assert office.exists()
    made = stations(3)
    for days in made:
        send(days, 60)

    def drain(_number: int) -> int:
        projector, count = Projector(), 0
        try:
            while (done := projector.project(NOW, 10)).name or done.busy:
                count += done.entries
            return count
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(drain, range(2)))
    assert sum(counts) == sum(len(days.raws) for days in made)
    assert not Incarnation.objects.filter(projected=0).exists()
    assert Sale.objects.count() == 180
    assert not Quarantine.objects.exists()
    assert wrong() == []


def test_a_ring_wakes_the_thread_beside_the_server(till: Till) -> None:
    till.projects = False
    till.journal.append(sale(member(0)))
    with beside():
        time.sleep(0.2)  # it found nothing and waits for the bell
        began = time.monotonic()
        till.put(1, 2)
        while not Sale.objects.exists() and time.monotonic() < began + 10:
            time.sleep(0.01)
    assert Sale.objects.count() == 1
    assert Incarnation.objects.get().projected == 2


def test_rings_while_nobody_waits_are_heard_once() -> None:
    bell.wait(0)
    bell.ring()
    bell.ring()
    assert [bell.wait(0.01), bell.wait(0.01)] == [True, False]


def test_what_the_station_reads_counts_up_to_what_was_projected(till: Till) -> None:
    """The projector runs between the pages; what is fed and the station's own entries after it always add up."""
    till.projects = False
    who = member(3)
    start = Balance.objects.get(member=who.member_id).points
    seqs = [till.journal.append(sale(who)) for _ in range(6)]
    till.put(1, seqs[-1])
    held, cursor, projector = {}, "", Projector()
    for most in (2, 0, 3, 0, 100, 0, 0):
        if most:
            projector.project(now_us(), most)
        page = till.members(cursor)
        cursor = page.cursor
        held.update({each.member_id: (each.points, each.purchases) for each in page.changes})
        if who.member_id in held and not page.more:
            own = sum(seq > page.projected for seq in seqs)
            assert held[who.member_id] == (start + 69 * (6 - own), 6 - own)
    assert page.projected == seqs[-1]
    assert held[who.member_id] == (start + 6 * 69, 6)
