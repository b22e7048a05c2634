"""A member file built whole: the same book the feed would make, packed, and counted."""

import hashlib
import weakref
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.database import Database
from data.member_rows import STATUSES
from data.members import MemberStore
from data.migrations import MEMBERS
from data.snapshot_build import CHUNK_SIZE, CardRow, Counts, build, digests
from station.bonus import Birth
from station.card import CardStatus
from station.coupons import GivenCoupon
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.member import Member
from station.told import AGREEMENTS, Told
from tests.rigs.books import CARD_KEY, make_book, person

KEY = bytes(range(100, 132))
TABLES = ("card", "member", "person", "name", "coupon", "stamp")


def rows(store: MemberStore) -> dict[str, list[tuple[object, ...]]]:
    return {table: store.database.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}  # noqa: S608 - our names


def test_it_holds_what_the_feed_would_have_brought(tmp_path: Path) -> None:
    people = (
        person(1), person(2, status=CardStatus.BLOCKED), person(3, status=CardStatus.LOST),
        replace(person(4), member=replace(person(4).member, birth=Birth(Calendar.GREGORIAN, 2, 29), segments=("staff",),
                                        told=Told(("tea",), "12", AGREEMENTS[:2]), answers=("a1",))),
        replace(person(5), coupons=(GivenCoupon("sale/gives", "five", "2026-12-22", person(5).member.member_id),)),
        MemberRecord(Member("01936b2c-0000-7000-8000-00000000000f", "", "", "gold", 7), person(9).cards))
    make_book(tmp_path / "built.db", people, Stamp(5, 50), KEY)
    built, fed = MemberStore(tmp_path / "built.db", KEY, CARD_KEY), MemberStore(tmp_path / "fed.db", KEY, CARD_KEY)
    fed.apply(MemberPage("c", Position("a" * 32, 1), people, (), Stamp(5, 50), last=True))
    assert rows(built) == rows(fed)
    assert built.database.rows("SELECT sql FROM sqlite_master ORDER BY name") == fed.database.rows(
        "SELECT sql FROM sqlite_master ORDER BY name")
    assert (built.cursor(), built.projected_through()) == ("", None)
    assert built.search("کریمی") == [people[1].member, people[3].member]
    assert built.database.faults() == []
    built.close()
    fed.close()


def test_it_says_how_many_there_are(tmp_path: Path) -> None:
    members = [(person(i).member, [i]) for i in range(5)] + [(Member("01936b2c-0000-7000-8000-0000000000ff", "", "", "x", 1), [])]
    cards: list[CardRow] = [(i, person(i).member.member_id, STATUSES[i]) for i in range(5)]
    made = build(tmp_path / "b.db", KEY, Stamp(1, 1), members, cards)
    # one card is active, each of the four others is not
    assert made == Counts(members=6, named=5, cards=5, blocked=4)
    assert build(tmp_path / "empty.db", KEY, Stamp(0, 0), [], []) == Counts()


def test_rows_are_taken_as_they_come_and_not_kept(tmp_path: Path) -> None:
    class Counted(list[int]):
        """The hashes of a card; how many of these are alive is counted."""

        __hash__ = object.__hash__  # type: ignore[assignment] # lists have none

    alive: weakref.WeakSet[Counted] = weakref.WeakSet()
    most = 0

    def members() -> Iterator[tuple[Member, list[int]]]:
        nonlocal most
        for i in range(50_000):
            hashes = Counted([i])
            alive.add(hashes)
            most = max(most, len(alive))
            yield Member(f"01936b2c-0000-7000-8000-{i:012x}", "", "", "gold", i), hashes

    assert build(tmp_path / "b.db", KEY, Stamp(1, 1), members(), []).members == 50_000
    assert most <= 20_001, "a batch, and the next one being asked for"


def test_pages_are_full(tmp_path: Path) -> None:
    cards: list[CardRow] = [(i << 40, f"01936b2c-0000-7000-8000-{i:012x}", CardStatus.ACTIVE) for i in range(20_000)]
    members = ((Member(card[1], "", "", "gold", 5), [card[0]]) for card in cards)
    path = tmp_path / "b.db"
    build(path, KEY, Stamp(1, 1), members, cards)
    # a card: 9 + 16 bytes and at most 6 of frame; a member: 16 + 8 + 4 ("gold") + 1 and at most 14 of frame; 15 % over,
    # and the one page that each table and index takes which is empty here
    with closing(Database(path, KEY, MEMBERS)) as database:
        [(pages,)] = database.rows("SELECT count(*) FROM sqlite_master WHERE rootpage > 0")
    assert path.stat().st_size < 20_000 * (31 + 43) * 1.15 + pages * 4096


def test_the_file_lasts_and_stands_alone(tmp_path: Path) -> None:
    make_book(tmp_path / "b.db", [person(1)], Stamp(1, 1), KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["b.db"]
    assert b"SQLite format" not in (tmp_path / "b.db").read_bytes()
    assert "سارا".encode() not in (tmp_path / "b.db").read_bytes()


def test_a_folder_that_is_not_there_is_told_by_number(tmp_path: Path) -> None:
    with pytest.raises(StationError) as refused:
        build(tmp_path / "none" / "b.db", KEY, Stamp(1, 1), [], [])
    assert refused.value.code is ErrorCode.DATABASE_UNAVAILABLE


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE])
def test_the_digests_are_of_the_whole_and_of_each_piece(tmp_path: Path, size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    (tmp_path / "f").write_bytes(content)
    pieces = [content[at:at + CHUNK_SIZE] for at in range(0, size, CHUNK_SIZE)]
    assert digests(tmp_path / "f") == (
        hashlib.sha256(content).digest(), tuple(hashlib.sha256(each).digest() for each in pieces))
