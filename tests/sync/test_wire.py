"""The wire: every message survives the trip, and nothing but the messages passes."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.card import CardStatus
from station.dates import Calendar
from station.journal import EntryKind, Personal, Stored
from station.people import Role
from station.protection import Protection
from station.text import Text
from station.told import Channel, Purpose
from sync import wire, wire_feeds, wire_trust
from sync.wire import join_entries, lines_of, split_entries, with_personal
from tests.fakes import product

HASH = "ab" * 32
INCARNATION = "cd" * 16
NEGATIVE = (
    '{"changes":[{"product":{"product_id":"p","barcode":"","name":{"fa":"","en":""},"price":-1,'
    '"tax_percent":"0","tax_included":true}}]}')
MESSAGES: list[wire.Message] = [
    wire.Problem(code=wire.ProblemCode.GAP, reason="", wanted=3),
    wire.Problem(code=wire.ProblemCode.BUSY, reason="later"),
    wire_trust.CaAnswer(certificate="PEM", proof="AAA="),
    wire_trust.PairRequest(protocol=1, code="A", public_key="AA==", proof=""),
    wire_trust.PairAnswer(document="e30=", proof="AAA="),
    wire_trust.Welcomed(
        station="12-1", shop="12", shop_name=Text("ونک", "Vanak"), card_key="", office_key="AAA=",
        recovery_key="AAA=", since_us=1, key_days=90),
    wire_trust.KeyChange(public_key="AA==", proof=""),
    wire_trust.KeyTaken(since_us=1, key_days=90),
    wire_trust.OfficeKeyChange(form="card-station office key 1", former="AA==", key="AAA=", at_us=1),
    wire_trust.OfficeKeys(changes=(wire_trust.SignedOfficeKey(document="e30=", signature=""),)),
    wire.Hello(
        protocol=1, program="0.1.0", incarnation=INCARNATION, seq=0, head="0" * 64, protection=Protection.HARDWARE),
    wire.Welcome(protocol=1, acknowledged=0, head="0" * 64, server_time_us=-1),
    wire.BatchHead(incarnation=INCARNATION, first=1, last=2, previous="0" * 64, head=HASH),
    wire.Receipt(
        incarnation=INCARNATION, acknowledged=2, head=HASH, accepted=1, duplicates=1,
        quarantined=(wire.Quarantined(seq=1, reason="kind"),)),
    wire_feeds.MembersPage(cursor="c", more=True, projected=0, version=9, taken_us=7, changes=(wire_feeds.MemberChange(
        member_id="m1", name="مهرداد", phone="", tier="gold", points=-5, last_visit="", segments=("family", "student"),
        birth=wire_feeds.BirthOfMember(calendar=Calendar.JALALI, month=12, day=30), purchases=0, cards=(wire_feeds.CardOfMember(hash=2**63 - 1, status=CardStatus.BLOCKED),),
        told=wire_feeds.ToldByMember(tastes=("tea",), agreed=((Purpose.SERVICE, Channel.APP),))),)),
    wire_feeds.ShelfPage(cursor="", more=False, version=1, changes=(
        wire_feeds.ShelfChange(product_id="p1", product=product(1), barcodes=("1",), planned=(
            wire_feeds.ProductFrom(from_us=9, product=product(1)),)),
        wire_feeds.ShelfChange(product_id="p2", product=None, barcodes=(), planned=()))),
    wire_feeds.BlocksPage(cursor="", more=False, version=1, taken_us=2, changes=(
        wire_feeds.CardChange(hash=0, member_id="m1", status=CardStatus.LOST),)),
    wire_feeds.StaffPage(cursor="", more=False, version=1, changes=(wire_feeds.StaffChange(
        staff_id="s1", role=Role.MANAGER, name=Text("سارا", "Sara"), badge=7, pin="v", must_change=False, resets=0,
        member_id=""),)),
    wire_feeds.NewPin(staff_id="s1", pin="v", replaces=HASH),
    wire_feeds.PinKept(kept=False),
    wire_feeds.NextPack(highest=1, pack=wire_feeds.SignedPack(number=1, document="e30=", signature="")),
    wire_feeds.SignedBook(document="e30=", signature=""),
    wire_feeds.BookManifest(
        form="card-station member book 1", incarnation=INCARNATION, version=0, taken_us=0, schema="members_0001", digest=HASH,
        size=1, chunk_size=4 * 1024 * 1024, chunks=(HASH,), members=0, named=0, cards=0, blocked=0, sealed_key="", cursor="",
        projected=0),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_survives_the_trip_and_refuses_an_unknown_field(message: wire.Message) -> None:
    sent = msgspec.json.encode(message)
    assert msgspec.json.decode(sent, type=type(message)) == message
    with pytest.raises(msgspec.ValidationError, match="unknown field `surprise`"):
        msgspec.json.decode(sent[:-1] + b',"surprise":1}', type=type(message))


@pytest.mark.parametrize(("kind", "text", "path"), [
    (wire.Problem, '{"code":"ODD","reason":""}', r"\$\.code"),
    (wire.Problem, '{"code":"GAP","reason":"","wanted":0}', r"\$\.wanted"),
    (wire_trust.PairRequest, '{"protocol":"1","code":"","public_key":""}', r"\$\.protocol"),
    (wire_trust.PairRequest, '{"protocol":1,"code":"","public_key":"A-_"}', r"\$\.public_key"),
    (wire_trust.PairRequest, '{"protocol":1,"code":""}', "public_key"),
    (wire.Hello, '{"protocol":1,"program":"","incarnation":"AB"}', r"\$\.incarnation"),
    (wire.Welcome, '{"protocol":1,"acknowledged":-1}', r"\$\.acknowledged"),
    (wire.Welcome, '{"protocol":1,"acknowledged":true}', r"\$\.acknowledged"),
    (wire.Welcome, f'{{"protocol":1,"acknowledged":1,"head":"{HASH.upper()}"}}', r"\$\.head"),
    (wire_feeds.MembersPage, '{"changes":[{"cards":[{"hash":9223372036854775808}]}]}',
     r"\$\.changes\[0\]\.cards\[0\]\.hash"),
    (wire_feeds.MembersPage, '{"changes":[{"birth":{"month":13}}]}', r"\$\.changes\[0\]\.birth\.month"),
    (wire_feeds.MembersPage, '{"changes":[{"birth":{"day":0}}]}', r"\$\.changes\[0\]\.birth\.day"),
    (wire_feeds.MembersPage, '{"changes":[{"birth":{"calendar":"JULIAN"}}]}', r"\$\.changes\[0\]\.birth\.calendar"),
    (wire_feeds.MembersPage, '{"changes":[{"birth":{"year":1370}}]}', r"unknown field `year`.*\$\.changes\[0\]\.birth"),
    (wire_feeds.MembersPage, '{"changes":[{"purchases":-1}]}', r"\$\.changes\[0\]\.purchases"),
    (wire_feeds.MembersPage, '{"changes":[{"segments":"family"}]}', r"\$\.changes\[0\]\.segments"),
    (wire_feeds.ShelfPage, '{"changes":[{"product":{"price":1.5}}]}', r"\$\.changes\[0\]\.product\.price"),
    (wire_feeds.MembersPage, '{"version":-1}', r"\$\.version"),
    (wire_feeds.BookManifest, '{"chunk_size":4194305}', r"\$\.chunk_size"),
    (wire_feeds.BookManifest, '{"size":0}', r"\$\.size"),
    (wire_feeds.BookManifest, '{"form":"card-station member book 2"}', r"\$\.form"),
    (wire_feeds.BookManifest, '{"digest":"../x"}', r"\$\.digest"),
    (wire_feeds.ShelfPage, NEGATIVE, r"negative price.*\$\.changes\[0\]\.product"),
])
def test_what_is_not_a_message_is_refused_with_its_path(
    kind: type[wire.Message], text: str, path: str,
) -> None:
    with pytest.raises(msgspec.ValidationError, match=path):
        msgspec.json.decode(text, type=kind)


def test_a_page_of_members_shows_nobody() -> None:
    birth = wire_feeds.BirthOfMember(calendar=Calendar.JALALI, month=12, day=30)
    told = wire_feeds.ToldByMember(tastes=("tea",), area="shemiran", agreed=((Purpose.MARKETING, Channel.SMS),))
    change = wire_feeds.MemberChange(
        member_id="m1", name="مهرداد", phone="09120000001", tier="gold", points=5, last_visit="2026-11-03",
        segments=("family",), birth=birth, purchases=3, cards=(), told=told)
    shown = repr(told) + repr(wire_feeds.MembersPage(cursor="c", more=False, projected=0, version=9, taken_us=7, changes=(change,))) + repr(birth)
    assert "m1" in shown
    for personal in ("مهرداد", "0912", "family", "JALALI", "30", "tea", "shemiran", "SMS"):
        assert personal not in shown


def test_messages_do_not_change() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        MESSAGES[0].code = wire.ProblemCode.BUSY  # type: ignore[attr-defined]


@given(st.lists(st.binary(min_size=1).filter(lambda raw: b"\n" not in raw), min_size=1))
def test_entries_come_out_as_they_went_in(raws: list[bytes]) -> None:
    assert split_entries(join_entries(raws)) == raws


@pytest.mark.parametrize(("body", "reason"), [
    (b"", "does not end"), (b"{}", "does not end"), (b"{}\n{}", "does not end"),
    (b"\n", "empty line"), (b"{}\n\n", "empty line"), (b"{}\n\n{}\n", "empty line"),
])
def test_a_body_that_is_no_batch_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        split_entries(body)


RAW, SALT = b'{"seq":1}', bytes(range(32))
# Base 64 of the salt (RFC 4648, section 4) and of {"name":"Sara"}.
LINE = b'["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","eyJuYW1lIjoiU2FyYSJ9"]'
SARA = Personal(SALT, b'{"name":"Sara"}')


def test_what_an_entry_keeps_of_people_is_the_line_after_it() -> None:
    entry = Stored(1, EntryKind.SALE, RAW, bytes(32))
    assert lines_of(entry) == (RAW,)
    assert lines_of(replace(entry, personal=SARA)) == (RAW, LINE)


def test_lines_are_entries_each_with_what_it_keeps_of_people() -> None:
    assert with_personal([RAW, LINE, RAW, RAW, LINE]) == [(RAW, SARA), (RAW, None), (RAW, SARA)]
    assert with_personal([]) == []


@pytest.mark.parametrize(("lines", "reason"), [
    ([LINE], "follows no entry"), ([RAW, LINE, LINE], "follows no entry"), ([RAW, b"["], "no salt"), ([RAW, b"[]"], "no salt"),
    ([RAW, b'["AA==","e30="]'], "no salt"), ([RAW, LINE.replace(b"h8=", b"h8")], "no salt"), ([RAW, b"[1,2]"], "no salt"),
    ([RAW, LINE.replace(b'"]', b'","e30="]')], "no salt"), ([RAW, LINE.replace(b"eyJ", b"e J")], "no salt"),
])
def test_lines_that_keep_nothing_of_people_as_they_should_are_refused(lines: list[bytes], reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        with_personal(lines)
    assert "eyJ" not in str(refusal.value)


def test_what_is_kept_of_people_is_not_shown() -> None:
    assert "Sara" not in repr(Stored(1, EntryKind.SALE, RAW, bytes(32), personal=SARA))
