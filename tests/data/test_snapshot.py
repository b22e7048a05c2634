"""A whole member book comes piece by piece: resumed after a kill, all of it in force or nothing."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from data import snapshot
from data.database import Database
from data.migrations import MEMBERS
from data.sealed import seal
from station.card import CardStatus
from station.errors import ErrorCode, StationError
from station.feed import BookFile, MemberPage, MemberRecord, Stamp
from station.journal import Position
from sync.books import BookPull, sealing_public
from sync.ed25519 import public_key
from tests.rigs.books import CHUNK, INCARNATION, VERIFIER, BookShop, Desk, make_book, person
from tests.rigs.power import STRACE, kill, points
from tests.rigs.shop_run import FULL, ROOT

HERE = Position(INCARNATION, 3)
PEOPLE = tuple(person(i, points=i) for i in range(40))
KEY = bytes(range(100, 132))
CUTS = 30
"""Of the moments at which the program can be killed; with full counts it is all of them."""



@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> BookShop:
    """A book of forty members, version 7."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "book.json").write_text(json.dumps({"key": KEY.hex(), "stamp": [7, 70]}), encoding="ascii")
    return make_book(folder / "book.db", PEOPLE, Stamp(7, 70), KEY)


@pytest.fixture
def shop(made: BookShop) -> BookShop:
    return BookShop(made.path, made.key, made.stamp)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def take(desk: Desk, shop: BookShop, limit: int = 10_000) -> bool:
    """Take so many steps; return whether there is more to do."""
    pull = BookPull(desk.books, shop, VERIFIER)
    more = True
    while more and limit:
        more, limit = pull.step(INCARNATION), limit - 1
    return more


def with_change(desk: Desk, *people: MemberRecord, version: int = 2, cursor: str = "c1") -> None:
    """The station has the feed up to ``version``."""
    desk.members.apply(MemberPage(cursor, HERE, people, (), Stamp(version, version), last=True))


def left(desk: Desk) -> list[str]:
    """The member files beside the one in force."""
    return sorted(
        path.name for path in desk.folder.glob("members-*") if not path.name.startswith(desk.file.pointer().name))


def is_whole(desk: Desk) -> None:
    """The book is in force with everybody, and nothing is left of its making."""
    desk.members.look()
    assert desk.members.count() == len(PEOPLE)
    for each in PEOPLE:
        assert desk.members.member(each.member.member_id) == each.member
    assert (desk.members.cursor(), desk.members.projected_through()) == ("from-the-book", HERE)
    assert desk.members.stamp() == Stamp(7, 70)
    assert (desk.file.pointer().version, desk.file.pointer().key) == (7, KEY)
    assert left(desk) == []


def test_a_book_comes_down_and_is_in_force(desk: Desk, shop: BookShop) -> None:
    assert not take(desk, shop)
    is_whole(desk)
    assert shop.chunks_given == list(range(len(shop.offered().chunks)))
    card = desk.members.card("93647")
    assert card is not None
    assert card.member_id == person(7).member.member_id


def test_then_the_feed_goes_on(desk: Desk, shop: BookShop) -> None:
    take(desk, shop)
    with_change(desk, person(7, points=999, status=CardStatus.BLOCKED), version=8, cursor="after")
    card = desk.members.card("93647")
    assert card is not None
    assert card.status is CardStatus.BLOCKED
    assert (desk.members.cursor(), desk.members.stamp()) == ("after", Stamp(8, 8))


def test_what_has_arrived_is_not_fetched_again(tmp_path: Path, shop: BookShop) -> None:
    desk = Desk(tmp_path)
    assert take(desk, shop, limit=4)  # the manifest and three pieces
    desk.close()
    again = Desk(tmp_path)
    assert again.members.count() == 0
    assert not take(again, shop)
    assert shop.chunks_given == list(range(len(shop.offered().chunks)))
    is_whole(again)
    again.close()


@pytest.mark.parametrize("harm", ["zeros", "torn", "longer"])
def test_what_did_not_reach_the_disk_whole_is_fetched_again(desk: Desk, shop: BookShop, harm: str) -> None:
    take(desk, shop, limit=6)  # five pieces
    [part] = left(desk)
    path = desk.folder / part
    content = path.read_bytes()
    assert len(content) == 5 * CHUNK
    harmed = {
        "zeros": content[:2 * CHUNK] + bytes(3 * CHUNK), "torn": content[:2 * CHUNK + 100],
        "longer": content[:2 * CHUNK] + bytes(100 * CHUNK)}
    path.write_bytes(harmed[harm])
    shop.chunks_given.clear()
    assert not take(desk, shop)
    assert shop.chunks_given[0] == 2
    is_whole(desk)


def test_a_book_that_is_all_here_is_only_put_in_force(desk: Desk, shop: BookShop) -> None:
    count = len(shop.offered().chunks)
    assert take(desk, shop, limit=1 + count)
    shop.chunks_given.clear()
    assert not take(desk, shop)
    assert shop.chunks_given == []
    is_whole(desk)


def test_a_half_of_another_book_is_thrown_away(desk: Desk, shop: BookShop, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = make_book(tmp_path_factory.mktemp("other") / "b.db", PEOPLE[:3], Stamp(6, 60), KEY)
    take(desk, other, limit=3)
    [before] = left(desk)
    take(desk, shop, limit=2)
    [after] = left(desk)
    assert before != after
    assert not take(desk, shop)
    is_whole(desk)


def test_two_processes_that_fetch_the_same_book_do_not_disturb_each_other(
    tmp_path: Path, shop: BookShop,
) -> None:
    one, two = Desk(tmp_path), Desk(tmp_path)
    pulls = [BookPull(each.books, shop, VERIFIER) for each in (one, two)]
    while pulls:  # a step of each in turn
        pulls = [pull for pull in pulls if pull.step(INCARNATION)]
    is_whole(one)
    is_whole(two)
    one.close()
    two.close()


def test_who_comes_second_does_not_take_the_feed_back(tmp_path: Path, shop: BookShop) -> None:
    one, two = Desk(tmp_path), Desk(tmp_path)
    book = shop.offered()
    assert take(one, shop, limit=1 + len(book.chunks))
    two.books.first_missing(book)
    path = two.books._finish(book)
    one.books.install(book)
    assert one.file.pointer().name == path.name
    with_change(one, person(3, points=5), version=9, cursor="later")
    two.books.install(book)
    assert (one.members.cursor(), one.members.stamp()) == ("later", Stamp(9, 9))
    one.close()
    two.close()


@pytest.mark.parametrize(("held", "version", "is_wanted"), [
    (None, 1, True), (5, 7, False), (5, 5 + snapshot.MOST_BEHIND, False), (5, 6 + snapshot.MOST_BEHIND, True), (9, 7, False)])
def test_a_book_is_wanted_where_nothing_is_or_much_is_to_be_caught_up(
    desk: Desk, shop: BookShop, held: int | None, version: int, is_wanted: bool,  # noqa: FBT001 - a table
) -> None:
    if held is not None:
        with_change(desk, version=held)
    shop.stamp = Stamp(version, 1)
    assert desk.books.wants(shop.offered()) is is_wanted


def test_a_book_older_than_the_one_installed_is_refused(desk: Desk, shop: BookShop) -> None:
    take(desk, shop)
    shop.stamp = Stamp(6, 99)
    with pytest.raises(StationError) as refused:
        take(desk, shop)
    assert (refused.value.code, refused.value.detail) == (ErrorCode.MEMBERS_OLDER, {"offered": 6, "held": 7})
    is_whole(desk)


def test_a_book_that_only_a_newer_program_understands_is_refused(desk: Desk, shop: BookShop) -> None:
    shop.lies = {"schema": "members_0009"}
    refuses(desk, shop, ErrorCode.DATABASE_NEWER, {"file": "members_0009"})


def refuses(desk: Desk, shop: BookShop, code: ErrorCode, detail: dict[str, int | str]) -> None:
    """Nothing of ``shop``'s book gets in force."""
    before, cursor = desk.file.pointer(), desk.members.cursor()
    with pytest.raises(StationError) as refused:
        take(desk, shop)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert desk.file.pointer() == before
    desk.members.look()
    assert desk.members.cursor() == cursor


def test_an_altered_piece_is_refused_and_not_kept(desk: Desk, made: BookShop, tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    altered = bytearray(made.path.read_bytes())
    altered[3 * CHUNK + 17] ^= 1
    path = tmp_path / "office" / "b.db"
    path.write_bytes(altered)
    shop = BookShop(path, made.key, made.stamp, lies={
        "digest": made.manifest().digest, "chunks": made.manifest().chunks})
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "chunk"})
    assert [(desk.folder / each).stat().st_size for each in left(desk)] == [3 * CHUNK]
    shop.path = made.path
    assert not take(desk, shop)
    is_whole(desk)


@pytest.mark.parametrize("given", [b"", b"x", bytes(CHUNK + 1)])
def test_a_piece_of_another_length_is_refused(desk: Desk, shop: BookShop, given: bytes) -> None:
    book = shop.offered()
    assert desk.books.first_missing(book) == 0
    with pytest.raises(StationError, match="E513"):
        desk.books.put(book, 0, given)
    assert [(desk.folder / each).stat().st_size for each in left(desk)] == [0]


def test_a_file_of_another_length_than_was_signed_is_refused(desk: Desk, shop: BookShop) -> None:
    shop.lies = {"size": shop.manifest().size - 1}  # as many pieces
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "size"})
    assert left(desk) == []


def test_pieces_of_another_book_are_refused(
    desk: Desk, shop: BookShop, tmp_path_factory: pytest.TempPathFactory,
) -> None:
    shop.lies = {"chunks": shop.manifest().chunks, "digest": shop.manifest().digest, "size": shop.manifest().size}
    shop.path = make_book(tmp_path_factory.mktemp("other") / "b.db", PEOPLE[:5], Stamp(7, 70), KEY).path
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "chunk"})


def test_a_key_that_was_sealed_to_another_station_is_refused_before_anything_comes_down(desk: Desk, shop: BookShop) -> None:
    other = sealing_public(public_key(bytes(32)))
    shop.lies = {"sealed_key": base64.b64encode(seal(KEY, other)).decode()}
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "key"})
    assert (shop.chunks_given, left(desk)) == ([], [])


def test_a_key_that_does_not_open_the_file_is_refused(desk: Desk, shop: BookShop) -> None:
    shop.key = bytes(32)
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "key"})
    assert left(desk) == []


@pytest.mark.parametrize(("content", "reason"), [
    (b"no database at all" * 300, "key"), (bytes(8192), "key"), (b"x", "content")])  # too short: SQLite takes it as empty
def test_what_is_no_member_file_is_refused(desk: Desk, tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "office").mkdir()
    path = tmp_path / "office" / "b.db"
    path.write_bytes(content)
    refuses(desk, BookShop(path, KEY, Stamp(7, 70)), ErrorCode.MEMBERS_INVALID, {"reason": reason})
    assert left(desk) == []


def test_a_file_that_says_another_version_than_was_signed_is_refused(desk: Desk, shop: BookShop) -> None:
    shop.lies = {"version": 8}
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "content"})
    assert left(desk) == []


def test_a_book_that_is_refused_leaves_the_one_in_force_as_it_is(desk: Desk, shop: BookShop) -> None:
    with_change(desk, person(1, points=5))
    shop.lies = {"version": 10 + snapshot.MOST_BEHIND}
    refuses(desk, shop, ErrorCode.MEMBERS_INVALID, {"reason": "content"})
    assert [each.points for each in desk.members.search("0001")] == [5]


def test_a_file_of_a_newer_program_is_refused(desk: Desk, shop: BookShop, tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    path = tmp_path / "office" / "b.db"
    shutil.copy(shop.path, path)
    newer = Database(path, KEY, MEMBERS)
    newer.execute("UPDATE _sqlite_migrations SET name = 'members_0009'")
    newer.close()
    shop.path, before = path, desk.file.pointer()
    with pytest.raises(StationError, match="E405"):
        take(desk, shop)
    assert desk.file.pointer() == before


def test_the_disk_keeps_room_for_sales(desk: Desk, shop: BookShop) -> None:
    book = shop.offered()
    huge = BookFile(
        book.stamp, book.schema, book.digest, 1 << 60, CHUNK, (bytes(32),), book.sealed_key, book.cursor, book.projected)
    with pytest.raises(StationError) as refused:
        desk.books.first_missing(huge)
    assert refused.value.code is ErrorCode.DISK_FULL


def test_a_folder_that_cannot_be_written_is_told_by_number(tmp_path: Path, shop: BookShop) -> None:
    desk = Desk(tmp_path)
    book = shop.offered()
    (tmp_path / f"members-{book.digest.hex()[:16]}-half.part").mkdir()
    with pytest.raises(StationError, match="E407"):
        desk.books.first_missing(book)
    desk.close()


def test_look_ups_go_on_while_a_book_comes_down_and_see_the_old_or_the_new_one(tmp_path: Path, shop: BookShop) -> None:
    reader, fetcher = Desk(tmp_path), Desk(tmp_path)
    with_change(fetcher, *(person(i, points=1000 + i) for i in range(40)))
    book, seen = shop.offered(), set()
    assert fetcher.books.first_missing(book) == 0
    for number in range(len(book.chunks)):
        fetcher.books.put(book, number, shop.book_chunk(book.digest.hex(), number))
        seen.add(_points(reader))
    fetcher.books.install(book)
    seen.add(_points(reader))
    reader.members.look()
    assert seen == {1007}
    assert _points(reader) == 7
    reader.close()
    fetcher.close()


def _points(desk: Desk) -> int:
    card = desk.members.card("93647")
    assert card is not None
    held = desk.members.member(card.member_id)
    assert held is not None
    return held.points


def fetch(station: Path, shop: BookShop) -> list[str]:
    """The command that fetches the book in a program of its own."""
    return ["env", f"PYTHONPATH={ROOT}", "PYTHONDONTWRITEBYTECODE=1", sys.executable,
            str(ROOT / "tests" / "rigs" / "fetch_book.py"), str(station), str(shop.path.parent)]


def _station(folder: Path) -> Path:
    """A station whose feed has only begun: it knows one member, but wants a whole book."""
    folder.mkdir()
    desk = Desk(folder)
    with_change(desk, person(7, points=1007), cursor="")
    desk.close()
    return folder


@pytest.mark.slow
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.timeout(1800)
def test_killed_at_any_call_a_station_has_the_old_or_the_new_book_and_finishes_later(tmp_path: Path, made: BookShop) -> None:
    moments = points(fetch(_station(tmp_path / "undisturbed"), made), tmp_path / "points.log")
    chance = Random(7)  # noqa: S311 - the same each time
    chosen = moments if FULL else sorted(chance.sample(moments, CUTS), key=moments.index)

    def cut(number: int) -> bool:
        folder = _station(tmp_path / str(number))
        kill(fetch(folder, made), chosen[number], folder.with_suffix(".log"))
        after = Desk(folder)
        is_new = after.file.pointer().version == 7
        assert _points(after) == (7 if is_new else 1007)
        after.close()
        subprocess.run(fetch(folder, made), check=True, stdout=subprocess.DEVNULL)
        after = Desk(folder)
        is_whole(after)
        after.close()
        shutil.rmtree(folder)
        return is_new

    with ThreadPoolExecutor(2) as pool:
        was_new = list(pool.map(cut, range(len(chosen))))
    assert set(was_new) == {True, False}, "kills both before and after the switch"
