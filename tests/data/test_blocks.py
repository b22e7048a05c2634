"""The block list in the member book."""

import pytest

from data.members import MemberStore
from station.card import Card, CardLink, CardStatus
from station.card_hash import card_hash
from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, MemberRecord, Stamp
from station.journal import Position
from tests.data.conftest import CARD_KEY
from tests.fakes import member

KNOWN, STRANGE = card_hash(CARD_KEY, "93640001"), card_hash(CARD_KEY, "93640002")


@pytest.fixture
def book(members: MemberStore) -> MemberStore:
    """A book with one member and one card."""
    members.apply(MemberPage(
        "c1", Position("a" * 32, 0), (MemberRecord(member(1), (CardLink(KNOWN, CardStatus.ACTIVE),)),), (), Stamp(1, 1),
        last=True))
    return members


def test_a_card_is_blocked_and_well_again(book: MemberStore) -> None:
    assert book.blocks_cursor() == ""
    book.block(BlocksPage("b1", 4, ((KNOWN, "m1", CardStatus.LOST),)))
    assert (book.card("93640001"), book.blocks_cursor()) == (Card("m1", CardStatus.LOST), "b1")
    book.block(BlocksPage("b2", 5, ((KNOWN, "m1", CardStatus.ACTIVE),)))
    assert book.card("93640001") == Card("m1", CardStatus.ACTIVE)


def test_a_blocked_card_of_somebody_who_is_not_in_this_book_is_known(book: MemberStore) -> None:
    book.block(BlocksPage("b1", 4, ((STRANGE, "m7", CardStatus.BLOCKED),)))
    assert book.card("93640002") == Card("m7", CardStatus.BLOCKED)
    book.block(BlocksPage("b2", 5, ((STRANGE, "m7", CardStatus.ACTIVE),)))
    assert book.card("93640002") is None, "well again, it is a stranger's card as before"


def test_a_member_who_comes_later_brings_the_card_along(book: MemberStore) -> None:
    book.block(BlocksPage("b1", 4, ((STRANGE, "m7", CardStatus.BLOCKED),)))
    book.apply(MemberPage(
        "c2", Position("a" * 32, 0), (MemberRecord(member(7), (CardLink(STRANGE, CardStatus.BLOCKED),)),), (),
        Stamp(2, 2), last=True))
    book.apply(MemberPage("c3", Position("a" * 32, 0), (), ("m7",), Stamp(3, 3), last=True))
    assert book.card("93640002") is None


def test_an_older_block_list_is_refused(book: MemberStore) -> None:
    book.block(BlocksPage("b1", 4, ((KNOWN, "m1", CardStatus.LOST),)))
    with pytest.raises(StationError) as older:
        book.block(BlocksPage("b0", 3, ((KNOWN, "m1", CardStatus.ACTIVE),)))
    assert (older.value.code, older.value.detail) == (
        ErrorCode.FEED_OLDER, {"feed": "blocks", "offered": 3, "held": 4})
    assert book.card("93640001") == Card("m1", CardStatus.LOST)
