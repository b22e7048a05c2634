"""A station is told which of its entries were put aside, and may have one tried again; others' it neither sees nor touches."""

from pathlib import Path

import msgspec
import pytest

from headoffice.api import aside
from headoffice.api.pace import Pace
from headoffice.intake.models import Quarantine
from headoffice.ledger.models import Sale
from headoffice.stations.models import Station
from station.put_aside import AsideCode
from sync.wire import ProblemCode
from sync.wire_aside import ASIDE_PATH, MOST_ASIDE, RETRY_PATH, AsideList, Retried, RetryAsked
from tests.headoffice.shop import Answer, Till, member, sale


@pytest.fixture(autouse=True)
def paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with a full purse."""
    monkeypatch.setattr(aside, "RETRIES", Pace(20, 0.2))


def told(till: Till) -> AsideList:
    answer = till.ask("GET", ASIDE_PATH)
    assert answer.status == 200
    return answer.read(AsideList)


def retry(till: Till, seq: int, incarnation: str = "") -> Answer:
    return till.ask("POST", RETRY_PATH, body=msgspec.json.encode(RetryAsked(
        incarnation=incarnation or till.journal.incarnation, seq=seq)))


def test_what_could_not_be_read_is_told_with_its_reason(till: Till) -> None:
    seq = till.journal.append_raw(b'{"version":1,"kind":"DREAM"}')
    till.put(1, seq)
    (entry,) = told(till).entries
    assert (entry.incarnation, entry.seq, entry.code) == (till.journal.incarnation, seq, AsideCode.VERSION)
    assert "DREAM" in entry.reason


def test_nothing_is_told_while_all_is_posted(till: Till) -> None:
    till.put(1, till.journal.append(sale(member())))
    assert told(till) == AsideList(entries=(), more=False)


def test_a_repeated_sale_is_told_once_it_was_not_posted(till: Till) -> None:
    twice = sale(member())
    till.journal.append(twice)
    seq = till.journal.append(twice)
    till.put(1, seq)
    (entry,) = told(till).entries
    assert (entry.seq, entry.code) == (seq, AsideCode.NOT_POSTED)
    answer = retry(till, seq)
    assert answer.status == 200
    assert answer.read(Retried).reason == entry.reason


def test_one_that_can_be_posted_now_is(till: Till) -> None:
    """It was put aside by a fault that is mended: as if a newer program looked at it."""
    seq = till.journal.append(sale(member()))
    till.put(1, seq)
    Sale.objects.all().delete()
    Quarantine.objects.create(
        station="12-1", incarnation=till.journal.incarnation, seq=seq, code="NOT_POSTED", reason="a fault that is mended")
    assert len(told(till).entries) == 1
    assert retry(till, seq).read(Retried).reason == ""
    assert (told(till).entries, Sale.objects.count()) == ((), 1)


def test_what_came_after_a_revocation_is_for_people(till: Till) -> None:
    seq = till.journal.append(sale(member()))
    till.put(1, seq)
    Quarantine.objects.create(
        station="12-1", incarnation=till.journal.incarnation, seq=seq, code="REVOKED", reason="the station was revoked")
    assert retry(till, seq).read(Retried).reason == "the station was revoked"
    assert Quarantine.objects.count() == 1


def test_anothers_are_neither_told_nor_tried(till: Till) -> None:
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    seq = till.journal.append_raw(b"{}")
    till.put(1, seq)
    assert told(other).entries == ()
    assert retry(other, seq, till.journal.incarnation).problem() == (404, ProblemCode.INVALID)
    assert retry(till, seq + 1).problem() == (404, ProblemCode.INVALID)


def test_one_ahead_of_what_is_projected_waits(till: Till) -> None:
    till.projects = False
    seq = till.journal.append_raw(b"{}")
    till.put(1, seq)
    assert retry(till, seq).problem() == (404, ProblemCode.INVALID)


def test_more_than_are_told_is_said(till: Till) -> None:
    Quarantine.objects.bulk_create([
        Quarantine(station="12-1", incarnation=till.journal.incarnation, seq=seq, code="UNREADABLE", reason="x")
        for seq in range(1, MOST_ASIDE + 2)])
    said = told(till)
    assert (len(said.entries), said.more) == (MOST_ASIDE, True)


def test_retries_have_a_pace(till: Till, office: Path) -> None:
    assert office.exists()
    statuses = [retry(till, 99).status for _ in range(25)]
    assert statuses[:20] == [404] * 20
    assert 429 in statuses
