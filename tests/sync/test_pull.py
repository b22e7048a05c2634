"""What comes down: pages become the station's values, and nothing unproven is installed."""

import base64

import msgspec
import pytest

from station.bonus import Birth
from station.card import CardLink, CardStatus
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, MemberRecord, ShelfPage, ShelfRecord, StaffPage, Stamp
from station.journal import Position
from station.member import Member
from station.people import Role, StaffRecord
from station.protection import Protection
from station.text import Text
from station.told import NOTHING_TOLD, Channel, Purpose, Told
from sync import wire_feeds
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.exchange import StationSync, Stores
from sync.pull import blocks_step, members_step, pack_step, shelf_step, staff_step
from tests.fakes import pack, product
from tests.sync.memory import (
    INCARNATION,
    MemoryMembers,
    MemoryOffice,
    MemoryOutbox,
    MemoryPacks,
    MemoryShelf,
    MemoryStaff,
)

OFFICE_KEY = bytes(range(32))
VERIFIER = Ed25519Verifier(public_key(OFFICE_KEY))
SMS, OFFERS = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS)


def change(member_id: str, *, gone: bool = False) -> wire_feeds.MemberChange:
    return wire_feeds.MemberChange(
        member_id=member_id, name="نام", phone="09120000001", tier="gold", points=70,
        last_visit="2026-11-03", gone=gone, segments=("family", "student"), purchases=3,
        birth=None if gone else wire_feeds.BirthOfMember(calendar=Calendar.JALALI, month=12, day=30),
        cards=(wire_feeds.CardOfMember(hash=9, status=CardStatus.ACTIVE),
               wire_feeds.CardOfMember(hash=8, status=CardStatus.LOST)),
        told=None if gone else wire_feeds.ToldByMember(tastes=("tea",), area="12", agreed=(OFFERS, SMS, SMS)),
        answers=() if gone else ("a1",))


def test_members_arrive_page_by_page_with_their_cards() -> None:
    office, replica = MemoryOffice(), MemoryMembers()
    office.members = {
        "": wire_feeds.MembersPage(
            cursor="c1", more=True, projected=4, version=9, taken_us=7, changes=(change("m1"), change("m2", gone=True))),
        "c1": wire_feeds.MembersPage(cursor="c2", more=False, projected=4, version=9, taken_us=7, changes=()),
    }
    assert members_step(replica, office, INCARNATION)
    assert not members_step(replica, office, INCARNATION)
    member = Member(
        "m1", "نام", "09120000001", "gold", 70, "2026-11-03", ("family", "student"), Birth(Calendar.JALALI, 12, 30), 3,
        Told(("tea",), "12", (SMS, OFFERS)), ("a1",))
    cards = (CardLink(9, CardStatus.ACTIVE), CardLink(8, CardStatus.LOST))
    assert replica.pages == [
        MemberPage("c1", Position(INCARNATION, 4), (MemberRecord(member, cards),), ("m2",), Stamp(9, 7), last=False),
        MemberPage("c2", Position(INCARNATION, 4), (), (), Stamp(9, 7), last=True),
    ]


def test_a_member_of_whom_nothing_is_known_has_nothing() -> None:
    office, replica = MemoryOffice(), MemoryMembers()
    office.members = {"": wire_feeds.MembersPage(
        cursor="c1", more=False, projected=0, version=9, taken_us=7, changes=(msgspec.structs.replace(change("m1"), birth=None, told=None),))}
    members_step(replica, office, INCARNATION)
    assert [(record.member.birth, record.member.told) for record in replica.pages[0].changed] == [(None, NOTHING_TOLD)]


def test_goods_arrive_and_go() -> None:
    office, replica = MemoryOffice(), MemoryShelf()
    office.shelf = {"": wire_feeds.ShelfPage(cursor="c1", more=False, version=3, changes=(
        wire_feeds.ShelfChange(product_id="p1", product=product(1), barcodes=("b2",), planned=(
            wire_feeds.ProductFrom(from_us=8, product=product(1, 500)),)),
        wire_feeds.ShelfChange(product_id="p2", product=None, barcodes=(), planned=())))}
    assert not shelf_step(replica, office)
    assert replica.pages == [
        ShelfPage("c1", 3, (ShelfRecord(product(1), ("b2",), ((8, product(1, 500)),)),), ("p2",))]


def test_the_block_list_arrives_page_by_page() -> None:
    office, replica = MemoryOffice(), MemoryMembers()
    office.blocks = {
        "": wire_feeds.BlocksPage(cursor="c1", more=True, version=3, taken_us=7, changes=(
            wire_feeds.CardChange(hash=9, member_id="m1", status=CardStatus.LOST),)),
        "c1": wire_feeds.BlocksPage(cursor="c2", more=False, version=3, taken_us=7, changes=())}
    assert blocks_step(replica, office)
    assert not blocks_step(replica, office)
    assert replica.blocked == [BlocksPage("c1", 3, ((9, "m1", CardStatus.LOST),)), BlocksPage("c2", 3, ())]


def test_people_arrive_and_go() -> None:
    office, replica = MemoryOffice(), MemoryStaff()
    ali = wire_feeds.StaffChange(
        staff_id="s1", role=Role.SENIOR, name=Text("علی", "Ali"), badge=7, pin="$argon2id$…", must_change=True, resets=2,
        member_id="m1")
    left = wire_feeds.StaffChange(
        staff_id="s2", role=None, name=Text("", ""), badge=None, pin="", must_change=False, resets=0, member_id="")
    office.staff = {"": wire_feeds.StaffPage(cursor="c1", more=False, version=3, changes=(ali, left))}
    assert not staff_step(replica, office)
    assert replica.pages == [StaffPage("c1", 3, (
        StaffRecord("s1", Text("علی", "Ali"), Role.SENIOR, 7, "$argon2id$…", must_change=True, resets=2, member_id="m1"),
    ), ("s2",))]
    assert [word for word in ("Ali", "علی", "argon2") if word in repr((ali, replica.pages[0]))] == []


def test_a_feed_that_does_not_move_on_is_refused() -> None:
    office = MemoryOffice()
    office.members = {"": wire_feeds.MembersPage(cursor="", more=True, projected=0, version=9, taken_us=7, changes=())}
    office.shelf = {"": wire_feeds.ShelfPage(cursor="", more=True, version=0, changes=())}
    members, shelf = MemoryMembers(), MemoryShelf()
    with pytest.raises(StationError, match="E504"):
        members_step(members, office, INCARNATION)
    with pytest.raises(StationError, match="E504"):
        shelf_step(shelf, office)
    assert (members.pages, shelf.pages) == ([], [])


def signed(document: bytes, number: int, key: bytes = OFFICE_KEY) -> wire_feeds.SignedPack:
    return wire_feeds.SignedPack(
        number=number, document=base64.b64encode(document).decode(),
        signature=base64.b64encode(sign_bytes(key, document)).decode())


def test_a_newer_pack_is_installed_once_as_the_exact_bytes() -> None:
    office, store = MemoryOffice(), MemoryPacks()
    assert not pack_step(store, office, VERIFIER)
    document = msgspec.json.format(msgspec.json.encode(pack(3)))
    office.signed = signed(document, 3)
    assert pack_step(store, office, VERIFIER)
    assert not pack_step(store, office, VERIFIER)
    assert store.installed == {3: (document, sign_bytes(OFFICE_KEY, document))}


def test_only_packs_that_are_all_there_are_confirmed() -> None:
    office, packs = MemoryOffice(signed=signed(msgspec.json.encode(pack(3)), 3)), MemoryPacks()
    heard: list[int] = []
    stores = Stores(
        MemoryOutbox(), None, MemoryShelf(), packs, Protection.NONE, lambda: None,
        confirmed=lambda: heard.append(packs.number()))
    sync = StationSync(stores, office, VERIFIER, lambda: None)
    while sync.pull():
        pass
    assert heard == [3]
    office.signed = signed(msgspec.json.encode(pack(2)), 2)
    with pytest.raises(StationError):
        list(iter(sync.pull, False))
    assert heard == [3]


GOOD = msgspec.json.encode(pack(5))
REWARD = b'"rate":"10"'


def test_a_pack_with_the_number_we_have_is_not_even_looked_at() -> None:
    office, store = MemoryOffice(), MemoryPacks({5: (b"old", b"")})
    office.signed = wire_feeds.SignedPack(number=5, document="no base64", signature="none")
    assert not pack_step(store, office, VERIFIER)
    assert store.installed == {5: (b"old", b"")}


@pytest.mark.parametrize(("offered", "code", "detail"), [
    (signed(msgspec.json.encode(pack(2)), 2), ErrorCode.PACK_OLDER, {"pack": 2, "held": 3}),
    (signed(b"not JSON", 2, new_key()), ErrorCode.PACK_OLDER, {"pack": 2, "held": 3}),
    (signed(GOOD, 5, new_key()), ErrorCode.SIGNATURE_INVALID, {"pack": 5}),
    (msgspec.structs.replace(signed(GOOD, 5), signature="AAAA"), ErrorCode.SIGNATURE_INVALID, {"pack": 5}),
    (msgspec.structs.replace(signed(GOOD, 5), document=signed(GOOD + b" ", 5).document),
     ErrorCode.SIGNATURE_INVALID, {"pack": 5}),
    (signed(b"not JSON", 5, new_key()), ErrorCode.SIGNATURE_INVALID, {"pack": 5}),
    (msgspec.structs.replace(signed(GOOD, 5), signature="A"), ErrorCode.ANSWER_INVALID, {"reason": "base64"}),
    (msgspec.structs.replace(signed(GOOD, 5), document="ab!"), ErrorCode.ANSWER_INVALID, {"reason": "base64"}),
    # the number beside the document is not signed, the one inside is
    (signed(GOOD, 6), ErrorCode.ANSWER_INVALID, {"pack": 6}),
    (signed(b"not JSON", 5), ErrorCode.PACK_INVALID,
     {"pack": 5, "reason": "$: not JSON: Expecting value: line 1 column 1 (char 0)"}),
    (signed(GOOD.replace(REWARD, b'"rate":"110"'), 5), ErrorCode.PACK_INVALID,
     {"pack": 5, "reason": "$.promotions[0].reward.percent: {\"rate\": \"110\"}: more than 100 percent: '110'"}),
    (signed(GOOD.replace(b'"version":1', b'"version":2'), 5), ErrorCode.PACK_INVALID,
     {"pack": 5, "reason": "$.version: 2, expected 1: another program made this"}),
    (signed(GOOD.replace(REWARD, REWARD + b',"new":1'), 5), ErrorCode.PACK_INVALID,
     {"pack": 5, "reason": "$.promotions[0].reward.percent.new: 1: no such field, expected one of rate"}),
])
def test_an_unproven_broken_or_older_pack_changes_nothing(
    offered: wire_feeds.SignedPack, code: ErrorCode, detail: dict[str, int | str],
) -> None:
    office, store = MemoryOffice(signed=offered), MemoryPacks({3: (b"old", b"")})
    with pytest.raises(StationError) as refused:
        pack_step(store, office, VERIFIER)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert store.installed == {3: (b"old", b"")}
