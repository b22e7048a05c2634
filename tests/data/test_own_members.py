"""Somebody enrolled here is a member here at once, until the book brings them; also after a restart, a rebuild, an erasure."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.database import KEY_BYTES
from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from data.verify import rebuild, verify
from station.bonus import Birth
from station.card import Card, CardStatus, Medium
from station.card_life import Holder, HolderAdded
from station.dates import Calendar
from station.enrolling import Admitted, MemberEnrolled, Person, document
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Cause, Draft, EntryKind, Position
from station.member import Member
from tests.data.test_journal import sale, shift
from tests.fakes import CASHIER, NOON

KEY, NUMBER = bytes(range(KEY_BYTES)), "93640000000077"
SARA = Person("سارا محمدی", "09121234567", birth=Birth(Calendar.JALALI, 7, 15))


@pytest.fixture
def members(tmp_path: Path) -> Iterator[MemberStore]:
    store = MemberStore(tmp_path / "members.db", KEY, KEY)
    yield store
    store.close()


@pytest.fixture
def book(members: MemberStore, journal: JournalStore) -> LaidOver:
    return LaidOver(members, journal)


def enrol(journal: JournalStore, book: LaidOver, member_id: str = "m9", person: Person = SARA) -> int:
    body = MemberEnrolled(member_id, "silver", Admitted(1), book.card_hash(NUMBER + member_id), Medium.NFC_UID)
    return journal.append(Draft(EntryKind.MEMBER_ENROLLED, NOON, CASHIER, body, personal=document(person))).place


def page(seq: int, incarnation: str, *records: MemberRecord) -> MemberPage:
    return MemberPage("next", Position(incarnation, seq), records, (), Stamp(5, 1), last=True)


def test_who_was_enrolled_is_found_by_card_phone_and_name(journal: JournalStore, book: LaidOver) -> None:
    assert book.member("m9") is None
    enrol(journal, book)
    made = Member("m9", "سارا محمدی", "09121234567", "silver", 0, birth=Birth(Calendar.JALALI, 7, 15))
    assert book.member("m9") == made
    assert book.card(NUMBER + "m9") == Card("m9", CardStatus.ACTIVE, "")
    for typed in ("۰۹۱۲۱۲۳۴۵۶۷", "+98 912 123 4567", "4567", "سارا", "محمدي"):
        assert book.search(typed) == [made]
    assert book.search("رضا") == []


def test_the_book_takes_over_once_it_brings_the_member(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    enrol(journal, book)
    head = journal.head()
    fed = Member("m9", "سارا محمدی", "09121234567", "gold", 40)
    members.apply(page(head.seq, head.incarnation, MemberRecord(fed, ())))
    assert (book.member("m9"), list(book.search("4567"))) == (fed, [fed])


def test_one_whom_head_office_does_not_know_any_more_is_not_known_here(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    enrol(journal, book)
    head = journal.head()
    members.apply(page(head.seq, head.incarnation))
    assert (book.member("m9"), list(book.search("4567"))) == (None, [])


def test_one_enrolled_after_the_page_stays_known(journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    head = journal.head()
    members.apply(page(head.seq, head.incarnation))
    enrol(journal, book)
    assert [each.member_id for each in book.search("4567")] == ["m9"]


def test_a_member_that_the_book_has_by_another_page_is_listed_once(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    enrol(journal, book)
    members.apply(page(0, journal.head().incarnation, MemberRecord(Member("m9", "Sara", "09120000000", "gold", 1), ())))
    assert [each.member_id for each in book.search("4567")] == []  # what the book says of them counts
    assert [each.member_id for each in book.search("0912 000 0000")] == ["m9"]


def test_an_erased_one_is_a_member_without_a_name(journal: JournalStore, book: LaidOver) -> None:
    journal.erase(enrol(journal, book))
    assert book.member("m9") == Member("m9", "", "", "silver", 0)
    assert list(book.search("سارا")) == []
    assert list(verify(journal)) == []


def test_it_is_the_same_after_a_rebuild_and_in_the_next_incarnation(journal: JournalStore, book: LaidOver) -> None:
    journal.append(shift())
    enrol(journal, book)
    journal.append(sale(1, who="m9"))
    before = book.member("m9")
    rebuild(journal)
    assert book.member("m9") == before
    journal.begin_anew(Cause.RESTORED, "1.0", NOON)
    assert book.member("m9") == before
    assert list(verify(journal)) == []


def take_in(journal: JournalStore, name: str, member_id: str = "m9") -> int:
    body = HolderAdded(member_id, f"h-{name}")
    return journal.append(
        Draft(EntryKind.HOLDER_ADDED, NOON, CASHIER, body, personal=document(Person(name, "")))).place


def test_who_was_taken_into_a_family_is_of_it_at_once_and_spends_nothing(journal: JournalStore, book: LaidOver) -> None:
    enrol(journal, book)
    take_in(journal, "Kian")
    take_in(journal, "Nika", "m8")
    assert book.holders("m9") == [Holder("h-Kian", "Kian", 0, 0)]
    assert book.holders("m8") == [Holder("h-Nika", "Nika", 0, 0)]
    assert book.holders("m7") == []


def test_the_book_takes_over_once_it_counts_the_new_holder(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    place = take_in(journal, "Kian")
    take_in(journal, "Nika")
    fed = Holder("h-Kian", "Kian", 50, None)
    record = MemberRecord(Member("m9", "سارا", "", "gold", 0), (), (fed,))
    members.apply(page(place - 1, journal.head().incarnation, record))  # by another way, before the entry is counted
    assert book.holders("m9") == [fed, Holder("h-Nika", "Nika", 0, 0)]
    members.apply(page(place, journal.head().incarnation, record))
    assert book.holders("m9") == [fed, Holder("h-Nika", "Nika", 0, 0)]
    members.apply(page(place + 1, journal.head().incarnation, record))  # head office did not take Nika in
    assert book.holders("m9") == [fed]


def test_an_erased_holder_has_no_name_and_stays(journal: JournalStore, book: LaidOver) -> None:
    journal.erase(take_in(journal, "Kian"))
    assert book.holders("m9") == [Holder("h-Kian", "", 0, 0)]
    assert list(verify(journal)) == []


def test_a_new_holder_outlives_a_restart_a_rebuild_and_the_next_incarnation(
        journal: JournalStore, members: MemberStore, book: LaidOver, tmp_path: Path) -> None:
    take_in(journal, "Kian")
    before = book.holders("m9")
    journal.database.execute("DELETE FROM own_holder")
    assert list(verify(journal)) == ["table own_holder: 0 rows, the journal makes 1"]
    rebuild(journal)
    assert book.holders("m9") == before
    journal.begin_anew(Cause.RESTORED, "1.0", NOON)
    assert book.holders("m9") == before
    assert list(verify(journal)) == []
    journal.close()
    with closing(JournalStore(tmp_path / "journal.db", KEY)) as again:
        assert LaidOver(members, again).holders("m9") == before
