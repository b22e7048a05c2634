"""Cards at the counter, over a station's real files: each deed is an entry, counts at once and outlives a restart."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from data.derived import decode
from data.journal import JournalStore
from data.members import MemberStore
from data.no_members import NoMembers
from data.own_cards import LaidOver
from data.verify import rebuild, verify
from station.card import Card, CardLink, CardStatus, Medium, Tap
from station.card_desk import CardDesk
from station.card_hash import card_hash
from station.card_life import CardChanged, CardIssued, CardReason, Holder, HolderAdded
from station.counter import World
from station.enrolling import MOST_NAME, Person, read_person
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.ids import uuid7
from station.journal import Body, Cause, EntryKind, Position
from station.people import Actor, Role
from tests.fakes import CASHIER, NOON, FixedClock, MemoryPacks, MemoryShelf, member
from tests.rigs.judged_cards import (
    NUMBER,
    OTHER_NUMBER,
    Trust,
    as_code,
    of_record,
    of_tap,
    on_chip,
    tapped,
    window,
)
from tests.rigs.judged_cards import card_hash as hash_of
from tests.rigs.judged_cards import record as record_of_card

KEY, CARD_KEY = bytes(range(32)), bytes(reversed(range(32)))
ACTIVE, BLOCKED, LOST, REPLACED, EXPIRED = CardStatus
SENIOR, MANAGER = Actor("mina", Role.SENIOR), Actor("reza", Role.MANAGER)
SARA = Holder("h1", "Sara", 100, None)


def digest(number: str) -> int:
    return card_hash(CARD_KEY, number)


class Till:
    """A station's files in ``folder``, the desk over them, and which card opened the basket in hand."""

    def __init__(self, folder: Path) -> None:
        self.journal = JournalStore(folder / "journal.db", KEY)
        self.journal.found("12-1", "test", NOON)
        self.members = MemberStore(folder / "members.db", KEY, CARD_KEY)
        self.book = LaidOver(self.members, self.journal)
        self.in_hand: int | None = None
        drawn = count()
        world = World(
            FixedClock(), lambda size: next(drawn).to_bytes(size, "big"), self.book, MemoryShelf(), MemoryPacks(), self.journal)
        self.desk = CardDesk(world, self.book, lambda: self.in_hand)

    def feed(self, seq: int, *records: MemberRecord) -> None:
        """Take a page of the member feed that counts this journal up to entry ``seq``."""
        here = Position(self.journal.head().incarnation, seq)
        self.members.apply(MemberPage("c", here, records, (), Stamp(1, 1), last=True))

    def bodies(self) -> list[Body]:
        """All that was written after the first entry of all."""
        return [decode(each.raw, each.kind).body for each in self.journal.entries(1, 100)]

    def close(self) -> None:
        self.members.close()
        self.journal.close()


def record(number: int, *cards: CardLink, holders: tuple[Holder, ...] = ()) -> MemberRecord:
    return MemberRecord(member(number), cards, holders)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """Members 1 and 2; card 100 is member 1's, 109 has expired; Sara is of the family of member 1."""
    with closing(Till(tmp_path)) as till:
        till.feed(0, record(1, CardLink(digest("100"), ACTIVE), CardLink(digest("109"), EXPIRED), holders=(SARA,)), record(2))
        yield till


def refused(deed: Callable[[], object]) -> StationError:
    with pytest.raises(StationError) as refusal:
        deed()
    return refusal.value


def test_a_card_that_is_given_out_opens_the_account_at_once(till: Till) -> None:
    assert till.book.card("777") is None
    till.desk.issue("777", "m2", Medium.BARCODE, CASHIER)
    assert till.book.card("777") == Card("m2", ACTIVE)
    assert till.desk.cards("m2") == [CardLink(digest("777"), ACTIVE)]
    assert till.bodies() == [CardIssued(digest("777"), "m2", Medium.BARCODE)]


def test_no_number_is_in_any_entry(till: Till) -> None:
    till.desk.issue("9364000177777", "m2", Medium.BARCODE, CASHIER)
    [stored] = till.journal.entries(1, 9)
    assert b"9364000177777" not in stored.raw


def test_a_member_may_have_several_cards_and_a_family_its_own(till: Till) -> None:
    till.desk.issue("200", "m1", Medium.CHIP, CASHIER)
    assert till.desk.issue("201", "m1", Medium.CHIP, CASHIER, "h1") == CardLink(digest("201"), ACTIVE, "h1")
    assert set(till.desk.cards("m1")) == {
        CardLink(digest("100"), ACTIVE), CardLink(digest("109"), EXPIRED), CardLink(digest("200"), ACTIVE),
        CardLink(digest("201"), ACTIVE, "h1")}
    assert till.desk.holders("m1") == [SARA]


def test_the_same_card_given_to_the_same_person_again_is_written_once(till: Till) -> None:
    for _ in range(2):
        till.desk.issue("200", "m1", Medium.CHIP, CASHIER, "h1")
    till.desk.issue("100", "m1", Medium.CHIP, CASHIER)
    assert len(till.bodies()) == 1


@pytest.mark.parametrize(("number", "holder", "who"), [
    ("100", "", "m2"), ("100", "h1", "m1"), ("109", "", "m1"), ("109", "", "m2")])
def test_a_card_of_another_or_out_of_use_is_taken(till: Till, number: str, holder: str, who: str) -> None:
    assert refused(lambda: till.desk.issue(number, who, Medium.CHIP, CASHIER, holder)).code is ErrorCode.CARD_TAKEN
    assert till.bodies() == []


@pytest.mark.parametrize(("who", "holder"), [("m9", ""), ("m1", "h9"), ("m2", "h1")])
def test_nobody_knows_who_should_get_it(till: Till, who: str, holder: str) -> None:
    refusal = refused(lambda: till.desk.issue("200", who, Medium.CHIP, CASHIER, holder))
    assert (refusal.code, till.bodies()) == (ErrorCode.MEMBER_UNKNOWN, [])


def test_a_new_card_in_place_of_the_old_one_is_one_entry(till: Till) -> None:
    till.desk.replace(digest("100"), "200", Medium.CHIP, CASHIER)
    assert (till.book.card("200"), till.book.card("100")) == (Card("m1", ACTIVE), Card("m1", REPLACED))
    assert till.bodies() == [CardIssued(digest("200"), "m1", Medium.CHIP, replaces=digest("100"))]
    again = refused(lambda: till.desk.replace(digest("100"), "300", Medium.CHIP, CASHIER))
    assert (again.code, again.detail) == (ErrorCode.CARD_NOT_ACTIVE, {"status": "REPLACED"})


def test_the_new_card_goes_to_who_had_the_old_one_also_when_that_is_lost(till: Till) -> None:
    till.desk.issue("200", "m1", Medium.CHIP, CASHIER, "h1")
    till.desk.block(digest("200"), CardReason.LOST, CASHIER)
    till.desk.replace(digest("200"), "201", Medium.CHIP, CASHIER)
    assert (till.book.card("200"), till.book.card("201")) == (Card("m1", REPLACED, "h1"), Card("m1", ACTIVE, "h1"))


def test_a_card_that_is_given_out_replaces_no_other(till: Till) -> None:
    till.desk.issue("200", "m1", Medium.CHIP, CASHIER)
    for new in ("200", "100"):
        assert refused(lambda new=new: till.desk.replace(  # type: ignore[misc] # of this round
            digest("100"), new, Medium.CHIP, CASHIER)).code is ErrorCode.CARD_TAKEN
    assert refused(lambda: till.desk.replace(digest("999"), "300", Medium.CHIP, CASHIER)).code is ErrorCode.CARD_UNKNOWN


@pytest.mark.parametrize(("reason", "status"), [
    (CardReason.LOST, LOST), (CardReason.STOLEN, LOST), (CardReason.DAMAGED, BLOCKED), (CardReason.MISUSED, BLOCKED),
    (CardReason.WISHED, BLOCKED)])
def test_a_blocked_card_is_what_its_reason_says(till: Till, reason: CardReason, status: CardStatus) -> None:
    for _ in range(2):
        assert till.desk.block(digest("100"), reason, CASHIER) is status
    assert till.book.card("100") == Card("m1", status)
    assert till.bodies() == [CardChanged(digest("100"), "m1", ACTIVE, status, reason)]


def test_what_cannot_be_blocked(till: Till) -> None:
    assert refused(lambda: till.desk.block(digest("109"), CardReason.LOST, CASHIER)).detail == {"status": "EXPIRED"}
    assert refused(lambda: till.desk.block(digest("999"), CardReason.LOST, CASHIER)).code is ErrorCode.CARD_UNKNOWN
    till.in_hand = digest("100")
    assert refused(lambda: till.desk.block(digest("100"), CardReason.LOST, CASHIER)).code is ErrorCode.CARD_IN_USE
    with pytest.raises(ValueError, match="no reason to block"):
        till.desk.block(digest("100"), CardReason.FOUND, CASHIER)
    assert till.bodies() == []


@pytest.mark.parametrize(("by", "approver"), [
    (SENIOR, None), (MANAGER, None), (CASHIER, SENIOR), (CASHIER, MANAGER), (Actor("sara", Role.ALONE), None)])
def test_a_senior_or_the_manager_brings_a_card_back(till: Till, by: Actor, approver: Actor | None) -> None:
    till.desk.block(digest("100"), CardReason.LOST, CASHIER)
    assert till.desk.return_to_use(digest("100"), CardReason.FOUND, by, approver) is ACTIVE
    assert till.book.card("100") == Card("m1", ACTIVE)
    last = list(till.journal.entries(2, 9))[-1]
    entry = decode(last.raw, last.kind)
    assert (entry.kind, entry.actor, entry.approver) == (EntryKind.CARD_CHANGED, by, approver)


def test_nobody_else_brings_a_card_back(till: Till) -> None:
    till.desk.block(digest("100"), CardReason.LOST, CASHIER)
    for approver in (None, Actor("sina", Role.CASHIER)):
        refusal = refused(lambda who=approver: till.desk.return_to_use(  # type: ignore[misc] # of this round
            digest("100"), CardReason.FOUND, CASHIER, who))
        assert refusal.code is ErrorCode.APPROVAL_MISSING
    expired = refused(lambda: till.desk.return_to_use(digest("109"), CardReason.FOUND, MANAGER))
    assert (expired.code, expired.detail) == (ErrorCode.CARD_NOT_ACTIVE, {"status": "EXPIRED"})
    with pytest.raises(ValueError, match="brings no card back"):
        till.desk.return_to_use(digest("100"), CardReason.STOLEN, MANAGER)
    assert till.book.card("100") == Card("m1", LOST)


def test_the_feed_takes_over_once_it_counts_the_entry(till: Till) -> None:
    """Head office had card 777 at somebody else's already: theirs it stays."""
    till.desk.issue("777", "m2", Medium.BARCODE, CASHIER)
    till.desk.block(digest("100"), CardReason.LOST, CASHIER)
    till.feed(1)
    assert till.book.card("777") == Card("m2", ACTIVE)
    till.feed(2, record(1, CardLink(digest("100"), ACTIVE), CardLink(digest("777"), BLOCKED)), record(2))
    assert till.book.card("777") == Card("m1", BLOCKED)
    assert till.book.card("100") == Card("m1", LOST)  # its entry is not counted yet
    till.feed(3)
    assert till.book.card("100") == Card("m1", ACTIVE)
    assert till.desk.cards("m2") == []


def test_what_head_office_has_of_another_meanwhile_is_not_painted_over(till: Till) -> None:
    till.desk.issue("777", "m2", Medium.BARCODE, CASHIER)
    till.feed(1, record(1, CardLink(digest("777"), ACTIVE)))
    assert till.book.card("777") == Card("m1", ACTIVE)


def test_a_copy_that_goes_on_keeps_what_was_done_before(till: Till) -> None:
    till.desk.issue("777", "m2", Medium.BARCODE, CASHIER)
    till.journal.begin_anew(Cause.RESTORED, "test", NOON)
    till.feed(1)
    assert till.book.card("777") == Card("m2", ACTIVE)


def test_all_of_it_outlives_a_restart_and_a_rebuild(till: Till, tmp_path: Path) -> None:
    till.desk.replace(digest("100"), "200", Medium.CHIP, CASHIER)
    till.desk.block(digest("200"), CardReason.LOST, CASHIER)
    with closing(Till(tmp_path)) as again:
        assert list(verify(again.journal)) == []
        again.journal.database.execute("DELETE FROM own_card")
        assert again.book.card("200") is None
        assert list(verify(again.journal)) == ["table own_card: 0 rows, the journal makes 3"]
        rebuild(again.journal)
        assert list(verify(again.journal)) == []
        assert (again.book.card("200"), again.book.card("100")) == (Card("m1", LOST), Card("m1", REPLACED))


def test_a_new_person_is_of_the_family_at_once_and_gets_a_card(till: Till) -> None:
    kian = till.desk.add_holder("m1", "  کیان   محمدی ", CASHIER)
    assert kian == Holder(uuid7(NOON.utc_us, bytes(10)), "کیان محمدی", 0, 0)  # spends nothing until head office says what
    assert till.desk.holders("m1") == [SARA, kian]
    assert till.desk.holders("m2") == []
    till.desk.issue("200", "m1", Medium.CHIP, CASHIER, kian.holder_id)
    assert till.book.card("200") == Card("m1", ACTIVE, kian.holder_id)
    assert till.bodies() == [
        HolderAdded("m1", kian.holder_id), CardIssued(digest("200"), "m1", Medium.CHIP, kian.holder_id)]


def test_the_name_of_a_new_person_lies_beside_the_chain_and_nowhere_in_it(till: Till) -> None:
    till.desk.add_holder("m1", "Kian", CASHIER)
    [stored] = till.journal.entries(1, 9)
    entry = decode(stored.raw, stored.kind)
    assert (entry.kind, entry.actor, entry.approver) == (EntryKind.HOLDER_ADDED, CASHIER, None)
    assert (b"Kian" in stored.raw, len(entry.personal)) == (False, 64)
    kept = till.journal.personal(stored.place)
    assert kept
    assert read_person(kept) == Person("Kian", "")


@pytest.mark.parametrize(("name", "code"), [
    ("", ErrorCode.HOLDER_NAME_INVALID), (" \u200c ", ErrorCode.HOLDER_NAME_INVALID), ("---", ErrorCode.HOLDER_NAME_INVALID),
    ("ک" * (MOST_NAME + 1), ErrorCode.HOLDER_NAME_INVALID), ("Ki\0an", ErrorCode.HOLDER_NAME_INVALID),
    ("sara", ErrorCode.HOLDER_NAME_TAKEN), (" SARA ", ErrorCode.HOLDER_NAME_TAKEN)])
def test_a_name_that_is_none_or_is_in_the_family_is_refused(till: Till, name: str, code: ErrorCode) -> None:
    refusal = refused(lambda: till.desk.add_holder("m1", name, CASHIER))
    assert (refusal.code, refusal.detail, till.bodies()) == (code, {}, [])


def test_a_name_is_the_same_however_it_is_written(till: Till) -> None:
    till.desk.add_holder("m1", "علی‌رضا", CASHIER)
    for name in ("علي رضا", "علیرضا"):
        assert refused(lambda name=name: till.desk.add_holder(  # type: ignore[misc] # of this round
            "m1", name, CASHIER)).code is ErrorCode.HOLDER_NAME_TAKEN
    assert refused(lambda: till.desk.add_holder("m1", member(1).name, CASHIER)).code is ErrorCode.HOLDER_NAME_TAKEN
    till.desk.add_holder("m2", "علیرضا", CASHIER)  # another family has one of that name
    assert len(till.bodies()) == 2


def test_nobody_is_taken_into_an_account_that_nobody_knows(till: Till) -> None:
    assert refused(lambda: till.desk.add_holder("m9", "Kian", CASHIER)).code is ErrorCode.MEMBER_UNKNOWN
    assert till.bodies() == []


def test_two_people_are_two(till: Till) -> None:
    first, second = (till.desk.add_holder("m2", name, CASHIER) for name in ("Kian", "Nika"))
    assert first.holder_id != second.holder_id
    assert till.desk.holders("m2") == [first, second]


def test_without_encryption_no_card_is_known_or_given(till: Till) -> None:
    book = LaidOver(NoMembers(), till.journal)
    desk = CardDesk(World(FixedClock(), bytes, book, MemoryShelf(), MemoryPacks(), till.journal), book, lambda: None)
    for deed in (lambda: desk.issue("777", "m2", Medium.CHIP, CASHIER), lambda: desk.block(7, CardReason.LOST, CASHIER)):
        assert refused(deed).code is ErrorCode.NO_PERSONAL_DATA
    assert (desk.cards("m1"), desk.holders("m1"), till.bodies()) == ([], [], [])
    assert refused(lambda: desk.add_holder("m1", "Kian", CASHIER)).code is ErrorCode.MEMBER_UNKNOWN


@pytest.mark.parametrize(("tap", "refused"), [
    (on_chip(), None), (on_chip(of_record(record_of_card())), None), (on_chip(of_tap(tapped(61))), None),
    (on_chip(of_record(record_of_card(number=OTHER_NUMBER))), ErrorCode.CARD_FORGED), (as_code(), ErrorCode.CARD_IS_PHONE)])
def test_what_a_card_proves_is_asked_before_it_is_given_out(till: Till, tap: Tap, refused: ErrorCode | None) -> None:
    """The code of tap 61 was shown before, at this counter: that says nothing against the card."""
    trust = Trust(windows={hash_of(NUMBER): window(61, known=61)})
    assert trust.prover().prove(on_chip(of_tap(tapped(61))), NOON).refusal is not None
    world = World(FixedClock(), bytes, till.book, MemoryShelf(), MemoryPacks(), till.journal, prover=trust.prover())
    fault = CardDesk(world, till.book, lambda: None).fault_of(tap)
    assert (fault.code if fault else None) is refused
    assert till.desk.fault_of(on_chip(of_tap(tapped(61)))) is None
