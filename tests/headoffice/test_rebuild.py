"""The books dropped and made again are equal; checked against the journals, every difference is named."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, transaction

from headoffice.commands_books import COMMANDS
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Incarnation, Quarantine
from headoffice.ledger import own
from headoffice.ledger.books import POINTS, VALUE
from headoffice.ledger.models import Balance, PointsEntry, PointsLot, Step, ValueEntry
from headoffice.projector.digests import digests
from headoffice.projector.project import Projector
from headoffice.projector.quarantine import replay
from headoffice.projector.rebuild import rebuild
from headoffice.projector.verify import differences
from headoffice.register.models import Member
from headoffice.transactions import deletable
from station.lots import LotTerms, Validity
from station.points import PointsKind
from station.posting import Stated
from tests.headoffice.shop import NOON, Till, member, sale
from tests.headoffice.test_projector import Poison, poison, send, stations, wrong
from tests.rigs import received

__all__ = ["poison"]
"""A fixture."""

NOW = NOON.utc_us
SOON = LotTerms(Validity(days=10))


def given(key: str, account: str, amount: int, **more: object) -> Stated:
    return replace(Stated(key, account, PointsKind.ADJUST, amount, "by hand", "2026-01-01"), **more)  # type: ignore[arg-type] # fields of Stated


def busy_club(poison: Poison) -> None:
    """A club in which everything happened.

    Sales and returns of three stations, one restored; lots that expired between; gifts of head
    office; poison, some of it replayed.
    """
    made = stations(3)
    for days in made:
        send(days, 60)
    poison.places = {(days.station, seq) for days in made for seq in (5, 6, 17)}
    Projector().drain(NOW, 20)
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, POINTS, [given("gift/1", "m1", 500, terms=SOON), given("gift/2", "m2", 70)], NOW)
        own.give(cursor, VALUE, [given("voucher/1", "account-1", 9_000)], NOW)
    own.expire("2026-02-01", NOW)
    before = made[0].restore()
    assert before.incarnation != made[0].incarnation
    for days in made:
        send(days, 40)
    Projector().drain(NOW + 1, 33)
    for days in made[1:]:
        poison.places.remove((days.station, 5))
        assert replay(days.station, days.incarnation, 5, NOW + 2) == ""
    own.expire("2026-06-01", NOW + 3)


def test_the_books_made_again_are_equal(office: Path, poison: Poison) -> None:
    assert office.exists()
    busy_club(poison)
    assert wrong() == []
    # 9 poisoned before the restore and 3 places of them once more after it, 2 replayed
    assert set(Quarantine.objects.values_list("station", "seq")) == poison.places
    assert Step.objects.filter(kind="REPLAYED").count() == 2
    assert PointsEntry.objects.filter(kind="EXPIRE").exists()
    assert ValueEntry.objects.filter(origin__gt="").exists()
    version = last_version(MEMBERS)
    done = rebuild()
    assert done.differing == ()
    assert done.steps == Step.objects.count()
    assert wrong() == []
    assert last_version(MEMBERS) >= version


def test_a_fault_of_the_books_is_mended_and_the_stations_are_told(till: Till) -> None:
    till.journal.append(sale(member(0)))
    till.put(1, 2)
    Balance.objects.filter(member=member(0).member_id).update(points=1, purchases=5)
    before = Member.objects.get(id=member(0).member_id).version
    done = rebuild()
    assert done.differing == ("ledger_balance",)
    entries = PointsEntry.objects.filter(member=member(0).member_id).values_list("points", flat=True)
    now = Balance.objects.get(member=member(0).member_id)
    assert (now.points, now.purchases) == (sum(entries), 1)
    assert Member.objects.get(id=member(0).member_id).version > before
    assert rebuild().differing == ()


def test_a_rebuild_that_cannot_be_leaves_the_books_as_they_were(office: Path, poison: Poison) -> None:
    """An entry of head office's own stands on a lot of a sale, and that sale is not posted any more."""
    assert office.exists()
    [days] = stations(1)
    send(days, 30)
    Projector().drain(NOW)
    own.expire("2030-01-01", NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        before = digests(cursor)
    poison.places = {("12-1", seq) for seq in range(2, len(days.raws) + 1)}
    with pytest.raises(ValueError, match="not there any more"):
        rebuild()
    with transaction.atomic(), connection.cursor() as cursor:
        assert digests(cursor) == before
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM ledger_pointsentry")


@pytest.mark.parametrize(("statement", "words"), [
    ("UPDATE intake_incarnation SET projected = acknowledged + 1", "projected 9 of 8"),
    ("UPDATE intake_incarnation SET projected = 3", "steps cover 8, projected 3"),
    ("UPDATE intake_incarnation SET acknowledged = 9", "8 entries are here, 9 acknowledged"),
    ("UPDATE ledger_balance SET points = points + 1 WHERE member = '{who}'", "balance"),
    ("UPDATE ledger_balance SET debt = 4 WHERE member = '{who}'", "debt 4"),
    ("UPDATE ledger_pointslot SET held = held + 1 WHERE member = '{who}' AND held = 69", "holds 70, its moves 69"),
    ("UPDATE ledger_balance SET purchases = 9 WHERE member = '{who}'", "9 purchases, 7 sales"),
    ("DELETE FROM ledger_balance WHERE member = '{who}'", "balance 0"),
    ("INSERT INTO ledger_balance (member, points, purchases, debt) VALUES ('x', 1, 0, 0)", "without entries"),
    ("UPDATE ledger_sale SET member = 'y' WHERE seq = 2", "7 purchases, 6 sales"),
])
def test_the_first_difference_is_named(till: Till, statement: str, words: str) -> None:
    who = member(0).member_id
    for _ in range(7):
        till.journal.append(sale(member(0)))
    till.put(1, 8)
    assert wrong() == []
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{who}", who))
    assert any(words in each for each in wrong())


def test_a_changed_byte_of_an_entry_is_found(till: Till) -> None:
    till.journal.append(sale(member(0)))
    till.put(1, 2)
    known = Incarnation.objects.get()
    with transaction.atomic(), connection.cursor() as cursor, deletable(cursor, "intake_entry"):
        cursor.execute("DELETE FROM intake_entry WHERE seq = 1")
    with transaction.atomic(), connection.cursor() as cursor:
        first = next(differences(cursor))
    assert first == f"journal 12-1/{known.incarnation}: entry 2 does not follow from the one before it"


def test_more_money_back_than_was_paid_is_named_unless_the_audit_said_so(office: Path) -> None:
    assert office.exists()
    [days] = stations(1)
    days.play(40, 0.5)
    received.take(days, 1, len(days.raws))
    Projector().drain(NOW)
    assert wrong() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sale_id, incarnation, seq, return_id FROM ledger_salereturn ORDER BY seq LIMIT 1")
        sale_id, incarnation, seq, return_id = cursor.fetchone()
        cursor.execute("DELETE FROM audit_difference WHERE seq = %s", [seq])
        cursor.execute("UPDATE ledger_salereturn SET money = 999999999999 WHERE return_id = %s", [return_id])
    assert [each.split(":")[0] for each in wrong()] == [f"sale 12-1/{sale_id}"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_difference (station, incarnation, seq, breach, sale_id, detail, found_us)"
            " VALUES ('12-1', %s, %s, 'RETURN', %s, '', 0)", [incarnation, seq, sale_id])
    assert wrong() == []


def test_what_ended_is_written_off_once(office: Path) -> None:
    assert office.exists()
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, POINTS, [given(f"gift/{i}", f"m{i}", 10, terms=SOON) for i in range(3)], NOW)
    assert own.expire("2026-01-11", NOW) == 0  # the last day is 2026-01-11
    assert own.expire("2026-01-12", NOW) == 3
    assert own.expire("2026-01-12", NOW) == own.expire("2026-02-12", NOW) == 0
    assert sorted(Balance.objects.filter(member__startswith="m").values_list("member", "points")) == [
        ("m0", 0), ("m1", 0), ("m2", 0)]
    assert wrong() == []


def test_what_a_lease_holds_is_written_off_later(office: Path) -> None:
    assert office.exists()
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, POINTS, [given("gift", "m1", 10, terms=SOON)], NOW)
    assert PointsLot.objects.get(member="m1").held == 10
    assert own.expire("2026-01-12", NOW, [lambda _cursor, _book, _accounts: {("m1", "gift"): 4}]) == 1
    assert Balance.objects.get(member="m1").points == 4
    assert own.expire("2026-01-13", NOW) == 1
    assert Balance.objects.get(member="m1").points == 0
    assert wrong() == []


def test_the_commands_say_what_they_found(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    till.journal.append(sale(member(0)))
    till.put(1, 2)

    def said(command: str, **options: str) -> tuple[int, str, str]:
        status = COMMANDS[command](Namespace(**options))
        told = capsys.readouterr()
        return status, told.out.strip().splitlines()[-1] if told.out else "", told.err.strip()

    assert said("verify") == (0, "the books agree with the journals", "")
    Balance.objects.filter(member=member(0).member_id).update(purchases=5)
    assert said("verify") == (1, f"ledger_balance {member(0).member_id}: 5 purchases, 1 sales", "")
    assert said("rebuild") == (1, "2 steps made again", "")
    assert said("rebuild")[0] == said("verify")[0] == 0
    assert said("expire", day="2026-11-22") == (0, "0 accounts had lots that ended before 2026-11-22", "")
    assert said("expire", day="tomorrow") == (2, "", "not a day: 'tomorrow', expected YYYY-MM-DD")
