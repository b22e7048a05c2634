"""What the intake keeps, whatever comes: receipts, entries of other versions and of revoked stations, two encodings."""

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import zstandard
from django.db import connection
from django.db.utils import DatabaseError

from headoffice.intake.batch import inflate
from headoffice.intake.entries import NotKnownError, Place, decode, read_entry
from headoffice.intake.models import Code, Entry, Incarnation, Quarantine
from headoffice.ledger.models import Sale
from headoffice.projector.quarantine import replay
from headoffice.refusal import RefusalError
from headoffice.stations.models import Station
from headoffice.transactions import in_good_time
from station.journal import ENTRY_VERSION
from sync import wire
from sync.wire import MOST_BATCH_BYTES, ProblemCode
from tests.headoffice.shop import CASHIER, NOON, Till, member, sale

PLACE = Place("12-1", "a" * 32, 2)


def raw_sale(**facts: Any) -> bytes:
    """A sale as the journal at PLACE would keep it, but for ``facts``."""
    till = Till("12-1")
    till.journal.incarnation = PLACE.incarnation
    till.journal.append(sale(member(0)), **facts)
    return till.journal.raws[1]


def held() -> list[tuple[int, str]]:
    return list(Quarantine.objects.order_by("seq").values_list("seq", "code"))


def test_one_poison_record_in_5001_leaves_5000_stored(till: Till) -> None:
    till.journal.append(sale())
    template = msgspec.json.decode(till.journal.raws[1])
    for seq in range(3, 5002):
        if seq == 2500:
            till.journal.append_raw(b"poison")
        else:
            template["seq"] = seq
            template["body"]["sale_id"] = template["body"]["basket"]["basket_id"] = f"00000000-0000-4000-8000-{seq:012d}"
            till.journal.append_raw(msgspec.json.encode(template))
    till.projects = False
    receipts = [till.put(first, last).read(wire.Receipt) for first, last in ((1, 2000), (2001, 4000), (4001, 5001))]
    assert sum(receipt.accepted for receipt in receipts) == 5001
    assert [each.seq for receipt in receipts for each in receipt.quarantined] == [2500]
    assert Entry.objects.exclude(kind="").count() == 5000
    assert held() == [(2500, Code.UNREADABLE)]


def test_sqlite_has_one_writer_which_waits_for_no_entry_to_be_read() -> None:
    read: list[int] = []

    def rows() -> Iterator[int]:
        for seq in (1, 2):
            read.append(seq)
            yield seq

    found = in_good_time(rows())
    assert read == [1, 2]
    assert list(found) == [1, 2]


def test_the_receipt_of_a_lost_answer_comes_back_byte_for_byte(till: Till) -> None:
    till.journal.append(sale())
    first = till.put(1, 2)
    journal = Incarnation.objects.get()
    assert bytes(journal.receipt) == first.body == till.put(1, 2).body
    till.journal.append(sale())
    second = till.put(3, 3)
    assert second.body == till.put(3, 3).body != first.body
    # the one before the last is worked out anew: its entries are here already
    again = till.put(1, 2).read(wire.Receipt)
    assert again == msgspec.structs.replace(first.read(wire.Receipt), accepted=0, duplicates=2)
    assert till.put(3, 3).body == second.body


def test_two_new_journals_of_a_station_at_once_get_two_epochs(till: Till) -> None:
    tills = [Till("12-1", till.key) for _ in range(4)]

    def hello(each: Till) -> int:
        try:
            return each.hello().status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(hello, tills)) == {200}
    assert sorted(Incarnation.objects.values_list("epoch", flat=True)) == [1, 2, 3, 4]


def test_what_a_revoked_station_sends_is_kept_and_never_posted(till: Till) -> None:
    till.journal.append(sale(member(0)))
    till.put(1, 1)
    Station.objects.filter(id="12-1").update(revoked=True)
    receipt = till.put(2, 2).read(wire.Receipt)
    assert (receipt.accepted, receipt.acknowledged) == (1, 2)
    assert [each.reason for each in receipt.quarantined] == ["the station was revoked before the entry came"]
    assert held() == [(2, Code.REVOKED)]
    assert [bytes(raw) for raw in Entry.objects.order_by("seq").values_list("raw", flat=True)] == till.journal.raws
    assert not Sale.objects.exists()


def test_an_unknown_field_hinders_nothing_and_is_kept(till: Till) -> None:
    till.journal.append(sale(member(0)))
    document = msgspec.json.decode(till.journal.raws.pop())
    till.journal.hashes.pop()
    document["weather"] = "rain"
    document["body"]["basket"]["mood"] = [1, 2]
    till.journal.append_raw(msgspec.json.encode(document))
    assert till.put(1, 2).read(wire.Receipt).quarantined == ()
    assert b'"weather":"rain"' in bytes(Entry.objects.get(seq=2).raw)
    assert Sale.objects.get().sale_id == document["body"]["sale_id"]


def test_an_entry_of_a_newer_version_is_kept_acknowledged_and_replayed_by_a_newer_program(
    till: Till, monkeypatch: pytest.MonkeyPatch,
) -> None:
    sold = sale(member(0))
    till.journal.append(sold, version=2)
    till.journal.append(sale())
    receipt = till.put(1, 3).read(wire.Receipt)
    assert (receipt.acknowledged, [each.seq for each in receipt.quarantined]) == (3, [2])
    assert held() == [(2, Code.VERSION)]
    assert Sale.objects.count() == 1
    here = ("12-1", till.journal.incarnation, 2)
    assert "version 2" in replay(*here, NOON.utc_us)
    monkeypatch.setattr("headoffice.intake.entries.ENTRY_VERSION", 2)
    assert replay(*here, NOON.utc_us) == ""
    assert Sale.objects.filter(sale_id=sold.sale_id).exists()
    assert (held(), Entry.objects.get(seq=2).kind) == ([], "SALE")


def test_nothing_but_the_kind_of_a_stored_entry_can_change(till: Till) -> None:
    till.put(1, 1)
    for change in ({"seq": 9}, {"hash": b"x"}, {"received_us": 0}, {"station": "13-1"}):
        with pytest.raises(DatabaseError, match="append-only"):
            Entry.objects.filter(seq=1).update(**change)
    assert Entry.objects.filter(seq=1).update(kind="") == 1


def later(document: dict[str, Any]) -> dict[str, Any]:
    """From the invented version 0, which had no actor's role and called the sale a receipt."""
    return {**document, "version": 1, "kind": "SALE", "actor": {"person": document.pop("who"), "role": "CASHIER"}}


def older() -> bytes:
    document = msgspec.json.decode(raw_sale())
    document |= {"version": 0, "kind": "RECEIPT", "who": document.pop("actor")["person"]}
    return msgspec.json.encode(document)


def test_an_older_version_is_read_by_its_upcaster() -> None:
    with pytest.raises(NotKnownError, match="version 0"):
        read_entry(older(), PLACE)
    entry = read_entry(older(), PLACE, {0: later})
    assert (entry.version, entry.kind, entry.actor.person) == (ENTRY_VERSION, "SALE", "sara")


@pytest.mark.parametrize("version", [-1, 2, 10**30])
def test_upcasters_are_for_older_versions(version: int) -> None:
    with pytest.raises(NotKnownError, match=f"version {version}"):
        decode(msgspec.json.encode({"version": version, "kind": "SALE"}), {0: later})


def same(document: dict[str, Any]) -> dict[str, Any]:
    """An up-caster that forgets to count up."""
    return document


@pytest.mark.parametrize(("caster", "kind"), [(later, ValueError), (same, NotKnownError)])
def test_an_older_entry_that_is_not_of_its_version_is_unreadable(
    caster: Callable[[dict[str, Any]], dict[str, Any]], kind: type[ValueError],
) -> None:
    with pytest.raises(ValueError, match="version 0") as caught:
        decode(b'{"version":0,"kind":"RECEIPT"}', {0: caster})
    assert type(caught.value) is kind


def test_a_text_with_nul_is_unreadable_and_one_that_only_looks_so_is_not() -> None:
    with pytest.raises(ValueError, match="NUL"):
        read_entry(raw_sale(actor=replace(CASHIER, person="a\0b")), PLACE)
    assert read_entry(raw_sale(actor=replace(CASHIER, person="a\\u0000b")), PLACE).actor.person == "a\\u0000b"


NDJSON = b'{"a":1}\n' * 1000


@pytest.mark.parametrize(("body", "encoding"), [
    (zstandard.compress(NDJSON, 3), "zstd"),
    (zstandard.ZstdCompressor(write_content_size=False).compress(NDJSON), "zstd"),
    (gzip.compress(NDJSON), "gzip")], ids=["zstd", "zstd, its size untold", "gzip"])
def test_both_encodings_are_unpacked(body: bytes, encoding: str) -> None:
    assert inflate(body, encoding) == NDJSON


@pytest.mark.parametrize(("body", "encoding", "status"), [
    (zstandard.compress(bytes(MOST_BATCH_BYTES + 1)), "zstd", 413),
    (zstandard.ZstdCompressor(write_content_size=False).compress(bytes(MOST_BATCH_BYTES + 1)), "zstd", 400),
    (zstandard.compress(NDJSON)[:-3], "zstd", 400),
    (zstandard.compress(NDJSON) + b"more", "zstd", 400),
    (zstandard.compress(NDJSON) * 2, "zstd", 400),
    (NDJSON, "zstd", 400), (b"", "zstd", 400), (b"", "gzip", 400),
    (NDJSON, "br", 415), (NDJSON, "", 415), (NDJSON, "GZIP", 415)])
def test_what_is_not_packed_as_it_says_is_refused(body: bytes, encoding: str, status: int) -> None:
    with pytest.raises(RefusalError) as caught:
        inflate(body, encoding)
    assert (caught.value.status, caught.value.problem.code) == (status, ProblemCode.INVALID)


def test_a_hash_or_incarnation_followed_by_a_line_feed_is_none(till: Till) -> None:
    head = till.journal.head(1, 1)
    for change in ({"incarnation": head.incarnation + "\n"}, {"head": head.head + "\n"}, {"previous": head.previous + "\n"}):
        answer = till.put(1, 1, head=msgspec.structs.replace(head, **change))
        assert answer.problem() == (400, ProblemCode.INVALID)
