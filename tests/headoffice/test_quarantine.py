"""``headoffice quarantine``: listed, replayed, and what stays where it is."""

import argparse
import json

import pytest

from headoffice.intake.models import Code, Entry, Quarantine
from headoffice.ledger.models import Sale
from headoffice.main import _parser
from headoffice.quarantine_commands import quarantine
from headoffice.stations.models import Station
from tests.headoffice.shop import Till, member, sale


def options(*words: str) -> argparse.Namespace:
    return _parser().parse_args(["quarantine", "--home", "x", *words])


@pytest.fixture
def aside(till: Till) -> Till:
    """A journal with an entry of a newer version, a poison one, a good one, and a good one after revocation."""
    till.journal.append(sale(member(0)), version=2)
    till.journal.append_raw(b"poison")
    till.journal.append(sale(member(1)))
    till.put(1, 4)
    till.journal.append(sale(member(2)))
    Station.objects.filter(id="12-1").update(revoked=True)
    till.put(5, 5)
    return till


def test_it_is_listed_with_why(aside: Till, capsys: pytest.CaptureFixture[str]) -> None:
    assert quarantine(options("list")) == 0
    assert [(row["station"], row["incarnation"], row["seq"], row["code"]) for row in json.loads(capsys.readouterr().out)] == [
        ("12-1", aside.journal.incarnation, 2, "VERSION"), ("12-1", aside.journal.incarnation, 3, "UNREADABLE"),
        ("12-1", aside.journal.incarnation, 5, "REVOKED")]
    assert quarantine(options("list", "--seq", "3", "--station", "12-1")) == 0
    assert [row["reason"] for row in json.loads(capsys.readouterr().out)] == list(
        Quarantine.objects.filter(seq=3).values_list("reason", flat=True))
    assert quarantine(options("list", "--station", "12-9")) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_newer_program_posts_what_it_now_can_read(
    aside: Till, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert quarantine(options("replay")) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 posted, 2 stay in quarantine"
    monkeypatch.setattr("headoffice.intake.entries.ENTRY_VERSION", 2)
    assert quarantine(options("replay", "--code", "VERSION")) == 0
    assert capsys.readouterr().out == "1 posted, 0 stay in quarantine\n"
    assert (Entry.objects.get(seq=2).kind, Sale.objects.count()) == ("SALE", 2)
    assert list(Quarantine.objects.order_by("seq").values_list("seq", flat=True)) == [3, 5]
    assert aside.put(1, 4).status == 200


def test_what_a_revoked_station_sent_is_posted_only_by_name(aside: Till, capsys: pytest.CaptureFixture[str]) -> None:
    assert aside.journal.raws
    quarantine(options("replay"))
    assert Quarantine.objects.filter(code=Code.REVOKED.value).exists()
    assert quarantine(options("replay", "--code", "REVOKED", "--seq", "5")) == 0
    assert capsys.readouterr().out.endswith("1 posted, 0 stay in quarantine\n")
    assert not Quarantine.objects.filter(seq=5).exists()


def test_what_is_not_projected_yet_stays(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    till.projects = False
    till.journal.append_raw(b"poison")
    till.put(1, 2)
    assert quarantine(options("replay")) == 1
    assert "not projected" in capsys.readouterr().out
