"""What comes down: pages become the station's values, and nothing unproven is installed."""

import base64

import msgspec
import pytest

from station.card import CardLink, CardStatus
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, ShelfPage
from station.journal import Position
from station.member import Member
from sync import wire
from sync.pull import members_step, pack_step, shelf_step
from sync.signatures import Ed25519Verifier, new_key, public_key, sign_bytes
from tests.fakes import pack, product
from tests.sync.memory import INCARNATION, MemoryMembers, MemoryOffice, MemoryPacks, MemoryShelf

OFFICE_KEY = bytes(range(32))
VERIFIER = Ed25519Verifier(public_key(OFFICE_KEY))


def change(member_id: str, *, gone: bool = False) -> wire.MemberChange:
    return wire.MemberChange(
        member_id=member_id, name="نام", phone="09120000001", tier="gold", points=70,
        last_visit="2026-11-03", gone=gone,
        cards=(wire.CardOfMember(hash=9, status=CardStatus.ACTIVE),
               wire.CardOfMember(hash=8, status=CardStatus.LOST)))


def test_members_arrive_page_by_page_with_their_cards() -> None:
    office, replica = MemoryOffice(), MemoryMembers()
    office.members = {
        "": wire.MembersPage(
            cursor="c1", more=True, projected=4, changes=(change("m1"), change("m2", gone=True))),
        "c1": wire.MembersPage(cursor="c2", more=False, projected=4, changes=()),
    }
    assert members_step(replica, office, INCARNATION)
    assert not members_step(replica, office, INCARNATION)
    member = Member("m1", "نام", "09120000001", "gold", 70, "2026-11-03")
    cards = (CardLink(9, CardStatus.ACTIVE), CardLink(8, CardStatus.LOST))
    assert replica.pages == [
        MemberPage("c1", Position(INCARNATION, 4), (MemberRecord(member, cards),), ("m2",)),
        MemberPage("c2", Position(INCARNATION, 4), (), ()),
    ]


def test_goods_arrive_and_go() -> None:
    office, replica = MemoryOffice(), MemoryShelf()
    office.shelf = {"": wire.ShelfPage(cursor="c1", more=False, changes=(
        wire.ShelfChange(product_id="p1", product=product(1)),
        wire.ShelfChange(product_id="p2", product=None)))}
    assert not shelf_step(replica, office)
    assert replica.pages == [ShelfPage("c1", (product(1),), ("p2",))]


def test_a_feed_that_does_not_move_on_is_refused() -> None:
    office = MemoryOffice()
    office.members = {"": wire.MembersPage(cursor="", more=True, projected=0, changes=())}
    office.shelf = {"": wire.ShelfPage(cursor="", more=True, changes=())}
    members, shelf = MemoryMembers(), MemoryShelf()
    with pytest.raises(StationError, match="E504"):
        members_step(members, office, INCARNATION)
    with pytest.raises(StationError, match="E504"):
        shelf_step(shelf, office)
    assert (members.pages, shelf.pages) == ([], [])


def signed(document: bytes, number: int, key: bytes = OFFICE_KEY) -> wire.SignedPack:
    return wire.SignedPack(
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


def test_an_older_pack_is_ignored() -> None:
    office, store = MemoryOffice(), MemoryPacks({3: (b"", b"")})
    office.signed = signed(msgspec.json.encode(pack(2)), 2)
    assert not pack_step(store, office, VERIFIER)
    assert store.number() == 3


GOOD = msgspec.json.encode(pack(5))


@pytest.mark.parametrize(("offered", "code"), [
    (signed(GOOD, 5, new_key()), ErrorCode.SIGNATURE_INVALID),
    (msgspec.structs.replace(signed(GOOD, 5), signature="AAAA"), ErrorCode.SIGNATURE_INVALID),
    (msgspec.structs.replace(signed(GOOD, 5), document=signed(GOOD + b" ", 5).document),
     ErrorCode.SIGNATURE_INVALID),
    (signed(b"not JSON", 5, new_key()), ErrorCode.SIGNATURE_INVALID),
    (msgspec.structs.replace(signed(GOOD, 5), signature="A"), ErrorCode.ANSWER_INVALID),
    (signed(b"not JSON", 5), ErrorCode.ANSWER_INVALID),
    (signed(GOOD, 6), ErrorCode.ANSWER_INVALID),
])
def test_an_unproven_or_misnamed_pack_changes_nothing(offered: wire.SignedPack, code: ErrorCode) -> None:
    office, store = MemoryOffice(signed=offered), MemoryPacks({3: (b"old", b"")})
    with pytest.raises(StationError) as refused:
        pack_step(store, office, VERIFIER)
    assert refused.value.code is code
    assert store.installed == {3: (b"old", b"")}
