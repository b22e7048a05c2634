"""What a member told here is known here at once, until the book counts it; also after a restart, a rebuild, an erasure."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from data.verify import rebuild, verify
from station.bonus import Birth
from station.dates import Calendar
from station.enrolling import Admitted, MemberEnrolled, Person
from station.enrolling import document as person_document
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Cause, Draft, EntryKind, Position
from station.matter import AnswersTold, AnswerTold
from station.member import Member
from station.telling import Beside, MemberTold, document
from station.told import NOTHING_TOLD, Channel, Consent, Purpose, Told
from tests.data.test_own_members import KEY, book, members
from tests.fakes import CASHIER, NOON

__all__ = ["book", "members"]
SMS, OFFERS = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS)
MEHR = Birth(Calendar.JALALI, 7, 15)
HELD = Member("m1", "سارا", "", "gold", 0, told=Told(("tea",), "12", (SMS,)))


def tell(journal: JournalStore, member_id: str = "m1", birth: Birth | None = None, **said: object) -> int:
    body = MemberTold(member_id, birth=birth is not None, **said)  # type: ignore[arg-type] # each by its name
    kept = document(Beside(birth)) if birth else b""
    return journal.append(Draft(EntryKind.MEMBER_TOLD, NOON, CASHIER, body, personal=kept)).place


def feed(members: MemberStore, journal: JournalStore, seq: int, *held: Member) -> None:
    page = MemberPage("next", Position(journal.head().incarnation, seq), tuple(MemberRecord(each, ()) for each in held), (),
                      Stamp(5, 1), last=True)
    members.apply(page)


def test_what_was_told_is_known_at_once_the_rest_stays(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    feed(members, journal, journal.head().seq, HELD, replace(HELD, member_id="m2"))
    tell(journal, given=(Consent(*OFFERS, 1),))
    tell(journal, birth=MEHR, area="", withdrawn=(Consent(*SMS, 2),))
    assert book.member("m1") == replace(HELD, birth=MEHR, told=Told(("tea",), "", (OFFERS,)))
    assert book.member("m2") == replace(HELD, member_id="m2")


def test_the_book_takes_over_once_it_counts_the_entry(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    place = tell(journal, tastes=("cake",))
    tell(journal, area="14")
    feed(members, journal, place, HELD)  # head office had been told otherwise later
    assert book.member("m1") == replace(HELD, told=Told(("tea",), "14", (SMS,)))
    feed(members, journal, place + 1, HELD)
    assert book.member("m1") == HELD


def test_who_was_enrolled_here_told_everything_then(journal: JournalStore, book: LaidOver) -> None:
    person = Person("سارا", "09121234567", birth=MEHR)
    body = MemberEnrolled("m9", "silver", Admitted(1), consents=(Consent(*SMS, 5),), tastes=("tea",), area="12")
    place = journal.append(Draft(EntryKind.MEMBER_ENROLLED, NOON, CASHIER, body, personal=person_document(person))).place
    made = Member("m9", "سارا", "09121234567", "silver", 0, birth=MEHR, told=Told(("tea",), "12", (SMS,)))
    assert book.member("m9") == made
    tell(journal, "m9", withdrawn=(Consent(*SMS, 6),))
    assert book.member("m9") == replace(made, told=Told(("tea",), "12", ()))
    journal.erase(place)
    assert book.member("m9") == Member("m9", "", "", "silver", 0, told=Told(("tea",), "12", ()))


def test_an_erased_birthday_was_not_told(journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    feed(members, journal, journal.head().seq, replace(HELD, told=NOTHING_TOLD))
    journal.erase(tell(journal, birth=MEHR))
    assert book.member("m1") == replace(HELD, told=NOTHING_TOLD)
    assert list(verify(journal)) == []


def test_it_outlives_a_restart_a_rebuild_and_the_next_incarnation(
        journal: JournalStore, members: MemberStore, book: LaidOver, tmp_path: Path) -> None:
    feed(members, journal, journal.head().seq, HELD)
    tell(journal, tastes=("cake",), birth=MEHR)
    told = replace(HELD, birth=MEHR, told=Told(("cake",), "12", (SMS,)))
    journal.database.execute("DELETE FROM own_told")
    assert list(verify(journal)) == ["table own_told: 0 rows, the journal makes 1"]
    rebuild(journal)
    assert book.member("m1") == told
    journal.begin_anew(Cause.RESTORED, "1.0", NOON)
    assert book.member("m1") == told
    assert list(verify(journal)) == []
    journal.close()
    with closing(JournalStore(tmp_path / "journal.db", KEY)) as again:
        assert LaidOver(members, again).member("m1") == told


def show(journal: JournalStore, *ask_ids: str) -> int:
    body = AnswersTold("m1", tuple(AnswerTold(each, 5) for each in ask_ids))
    return journal.append(Draft(EntryKind.ANSWERS_TOLD, NOON, CASHIER, body)).place


def test_an_answer_that_was_shown_waits_no_longer_until_the_book_says_so_again(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    asked = replace(HELD, answers=("a1", "a2", "a3"))
    feed(members, journal, journal.head().seq, asked)
    assert book.member("m1") == asked
    show(journal, "a1")
    place = show(journal, "a3", "a9")
    assert book.member("m1") == replace(HELD, answers=("a2",))
    rebuild(journal)
    assert book.member("m1") == replace(HELD, answers=("a2",))
    assert list(verify(journal)) == []
    feed(members, journal, place, replace(asked, answers=("a1", "a2")))  # the first was answered anew meanwhile
    assert book.member("m1") == replace(HELD, answers=("a1", "a2"))
