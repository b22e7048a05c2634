"""Which member file is in force: a pointer in the journal, followed by those who read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.database import Database
from data.member_file import CurrentMembers, Pointer
from data.migrations import JOURNAL
from station.card import Card, CardStatus
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from tests.rigs.books import CARD_KEY, JOURNAL_KEY, Desk, make_book, person

HERE = Position("a" * 32, 7)


class Hand:
    """A clock set by hand, in seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def page(*people: MemberRecord, cursor: str = "c1") -> MemberPage:
    return MemberPage(cursor, HERE, people, (), Stamp(1, 1), last=True)


def other_book(desk: Desk, *people: MemberRecord, version: int = 5) -> Pointer:
    """A finished file beside the one in force."""
    pointer = Pointer(f"members-{version}.db", bytes([version]) * 32, version)
    make_book(desk.folder / pointer.name, people, Stamp(version, version), pointer.key)
    return pointer


def member_files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("members-*") if path.suffix in (".db", ".part")}


def test_the_first_book_is_empty_and_has_a_key_of_its_own(desk: Desk, tmp_path: Path) -> None:
    pointer = desk.file.pointer()
    assert (pointer.version, len(pointer.key)) == (0, 32)
    assert pointer.key != JOURNAL_KEY
    assert pointer.key.hex() not in repr(pointer)
    assert desk.members.count() == 0
    assert member_files(tmp_path) == {pointer.name}
    assert desk.file.pointer() == pointer


def test_two_who_come_first_agree_on_one_book(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path)
    assert other.file.pointer() == desk.file.pointer()
    desk.members.apply(page(person(1)))
    assert other.members.card("93641") == Card(person(1).member.member_id, CardStatus.ACTIVE)
    other.close()


def test_what_is_asked_of_the_book_is_asked_of_the_file_in_force(desk: Desk) -> None:
    desk.members.apply(page(person(1)))
    who = person(1).member
    assert desk.members.member(who.member_id) == who
    assert desk.members.search("0001") == [who]
    assert (desk.members.cursor(), desk.members.projected_through(), desk.members.stamp(), desk.members.count()) == (
        "c1", HERE, Stamp(1, 1), 1)


def test_a_switch_is_noticed_within_a_second_and_the_old_book_is_read_until_then(tmp_path: Path) -> None:
    desk, clock = Desk(tmp_path), Hand()
    reader = CurrentMembers(desk.file, CARD_KEY, clock)
    reader.apply(page(person(1)))
    desk.file.switch(other_book(desk, person(2)))
    clock.now += 0.9
    assert [each.name for each in reader.search("سارا")] == [person(1).member.name]
    clock.now += 0.2
    assert [each.name for each in reader.search("سارا")] == [person(2).member.name]
    assert reader.stamp() == Stamp(5, 5)
    reader.close()
    desk.close()


def test_a_reader_goes_on_undisturbed_while_its_book_is_swept_away(tmp_path: Path) -> None:
    desk, clock = Desk(tmp_path), Hand()
    reader = CurrentMembers(desk.file, CARD_KEY, clock)
    reader.apply(page(*(person(i) for i in range(300))))
    pointer = other_book(desk, person(2))
    desk.file.switch(pointer)
    desk.file.sweep(())
    assert member_files(tmp_path) == {pointer.name}
    assert reader.count() == 300
    assert [reader.card(f"9364{i}") is not None for i in (0, 150, 299, 300)] == [True, True, True, False]
    clock.now += 2
    assert reader.count() == 1
    reader.close()
    desk.close()


def test_a_sweep_keeps_what_is_wanted_and_other_files(desk: Desk, tmp_path: Path) -> None:
    for name in ("members-a.db", "members-a.db-wal", "members-b.part", "members-c.db-shm", "members-d.db", "members.txt"):
        (tmp_path / name).write_bytes(b"x")
    desk.file.sweep([tmp_path / "members-b.part", tmp_path / "members-d.db"])
    assert member_files(tmp_path) == {"members-b.part", "members-d.db", desk.file.pointer().name}
    assert not (tmp_path / "members-a.db-wal").exists()
    assert not (tmp_path / "members-c.db-shm").exists()
    assert (tmp_path / "members.txt").exists()
    assert (tmp_path / "journal.db").exists()


def test_an_older_book_is_not_put_in_force(desk: Desk) -> None:
    newer = other_book(desk, person(1), version=6)
    desk.file.switch(newer)
    with pytest.raises(StationError) as refused:
        desk.file.switch(other_book(desk, person(2), version=5))
    assert (refused.value.code, refused.value.detail) == (ErrorCode.MEMBERS_OLDER, {"offered": 5, "held": 6})
    assert desk.file.pointer() == newer
    desk.file.switch(Pointer("members-6.db", newer.key, 6))


def test_a_file_that_is_gone_is_not_put_in_force(desk: Desk) -> None:
    before = desk.file.pointer()
    with pytest.raises(FileNotFoundError):
        desk.file.switch(Pointer("members-none.db", bytes(32), 9))
    assert desk.file.pointer() == before


@pytest.mark.parametrize("harm", ["overwritten", "cut short", "inside", "another key"])
def test_a_broken_book_is_given_up_for_an_empty_one(tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path)
    desk.file.switch(pointer := other_book(desk, *(person(i) for i in range(300)), version=6))
    desk.close()
    path = tmp_path / pointer.name
    if harm == "overwritten":
        path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    elif harm == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
    elif harm == "inside":
        content = bytearray(path.read_bytes())
        for page_start in range(4 * 4096, len(content), 4096):
            content[page_start + 100] ^= 1
        path.write_bytes(content)
    else:
        journal = Database(tmp_path / "journal.db", JOURNAL_KEY, JOURNAL)
        with journal.writing():
            journal.execute("UPDATE member_file SET key = ?", (bytes(32),))
        journal.close()
    again = Desk(tmp_path)
    if harm == "inside":  # the head of the file is sound: it is found out when the rest is asked for
        with pytest.raises(StationError, match=r"E40[46]"):
            again.members.search("سارا")
    assert again.members.card("93641") is None
    assert again.members.cursor() == ""
    assert again.file.pointer().name != pointer.name
    assert again.file.pointer().version == 6, "an older book than was ever here stays refused"
    assert "given up" in caplog.text
    again.members.apply(page(person(1)))
    assert again.members.card("93641") is not None
    again.close()


def test_only_the_broken_book_is_given_up_not_the_one_that_took_its_place(desk: Desk) -> None:
    broken = desk.file.pointer()
    first = desk.file.renew(broken)
    assert first != broken
    assert desk.file.renew(broken) == first


def test_a_fault_that_is_not_the_books_is_only_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.members.apply(page(person(1)))
    before = desk.file.pointer()
    with pytest.raises(StationError, match="E514"):
        desk.members.apply(MemberPage("c2", HERE, (), (), Stamp(0, 0), last=True))
    assert desk.file.pointer() == before
    desk.close()


def test_names_and_phones_are_nowhere_in_the_folder(desk: Desk, tmp_path: Path) -> None:
    desk.members.apply(page(*(person(i) for i in range(1, 50))))
    desk.file.switch(other_book(desk, *(person(i) for i in range(1, 50))))
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for secret in ("سارا", "09120000001", "10000002190", "93641"):
            assert secret.encode() not in content, path.name
        assert desk.file.pointer().key not in content, path.name
