"""What a member tells at the counter, over a station's real files: only what changed is an entry, and it counts at once."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.derived import decode
from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from station.bonus import Birth
from station.counter import World
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Body, Entry, Position
from station.people import Actor, Role
from station.tell_desk import Sheet, TellDesk
from station.telling import Beside, MemberTold, read_beside
from station.told import Channel, Consent, Purpose, Told
from tests.fakes import CASHIER, NOON, FixedClock, MemoryPacks, MemoryShelf, member, pack

KEY = bytes(range(32))
SENIOR = Actor("mina", Role.SENIOR)
SMS, OFFERS, MAIL = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS), (Purpose.MARKETING, Channel.EMAIL)
MEHR, ABAN = Birth(Calendar.JALALI, 7, 15), Birth(Calendar.JALALI, 8, 1)
KNOWN = Told(("tea",), "12", (SMS, OFFERS))


class Till:
    """The desk over a station's files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.journal = JournalStore(folder / "journal.db", KEY)
        self.journal.found("12-1", "test", NOON)
        self.members = MemberStore(folder / "members.db", KEY, KEY)
        self.book = LaidOver(self.members, self.journal)
        world = World(FixedClock(), bytes, self.book, MemoryShelf(), MemoryPacks(), self.journal)
        self.desk = TellDesk(world, self.book)

    def entries(self) -> list[Entry[Body]]:
        """All that was written after the first entry of all."""
        return [decode(each.raw, each.kind) for each in self.journal.entries(1, 100)]

    def close(self) -> None:
        self.members.close()
        self.journal.close()


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """Member 1 has told things, member 2 nothing."""
    with closing(Till(tmp_path)) as till:
        records = (MemberRecord(replace(member(1), told=KNOWN, birth=MEHR), ()), MemberRecord(member(2), ()))
        here = Position(till.journal.head().incarnation, 0)
        till.members.apply(MemberPage("c", here, records, (), Stamp(1, 1), last=True))
        yield till


def test_what_is_known_is_told(till: Till) -> None:
    assert till.desk.known("m1") == Sheet(KNOWN, MEHR)
    assert till.desk.known("m2") == Sheet()
    assert till.desk.pack() == pack()


def test_only_what_changed_is_in_the_entry(till: Till) -> None:
    before = till.desk.known("m1")
    after = replace(before, told=Told(("tea",), "14", (SMS, MAIL)))
    assert till.desk.tell("m1", before, after, CASHIER)
    [entry] = till.entries()
    assert entry.body == MemberTold(
        "m1", None, "14", (Consent(*MAIL, NOON.utc_us),), (Consent(*OFFERS, NOON.utc_us),))
    assert (entry.actor, entry.approver, entry.personal) == (CASHIER, None, "")
    assert till.desk.known("m1") == after


def test_birthday_and_address_are_beside_the_chain_alone(till: Till) -> None:
    assert till.desk.tell("m2", Sheet(), Sheet(birth=MEHR, email="sara@example.com"), CASHIER)
    [stored] = till.journal.entries(1, 9)
    assert decode(stored.raw, stored.kind).body == MemberTold("m2", birth=True, email=True)
    assert b"sara" not in stored.raw.replace(b'"person":"sara"', b"")
    assert read_beside(till.journal.personal(stored.place) or b"") == Beside(MEHR, "sara@example.com")
    assert till.desk.known("m2") == Sheet(birth=MEHR)


def test_tastes_are_all_of_them_and_their_order_says_nothing(till: Till) -> None:
    before = replace(till.desk.known("m1"), told=replace(KNOWN, tastes=("tea", "cake")))
    assert not till.desk.tell("m1", before, replace(before, told=replace(KNOWN, tastes=("cake", "tea"))), CASHIER)
    assert till.desk.tell("m1", before, replace(before, told=replace(KNOWN, tastes=())), CASHIER)
    assert [each.body for each in till.entries()] == [MemberTold("m1", ())]


def test_nothing_new_writes_nothing(till: Till) -> None:
    known = till.desk.known("m1")
    assert not till.desk.tell("m1", known, known, CASHIER)
    assert till.entries() == []


def test_what_was_told_elsewhere_meanwhile_is_not_undone(till: Till) -> None:
    before = till.desk.known("m1")
    till.desk.tell("m1", before, replace(before, told=replace(KNOWN, agreed=())), CASHIER)
    till.desk.tell("m1", before, replace(before, told=replace(KNOWN, area="14")), CASHIER)
    assert till.desk.known("m1").told == Told(("tea",), "14", ())


@pytest.mark.parametrize("approver", [None, Actor("ali", Role.CASHIER)])
def test_a_known_birthday_is_changed_by_nobody_alone(till: Till, approver: Actor | None) -> None:
    known = till.desk.known("m1")
    for birth in (ABAN, None):
        with pytest.raises(StationError) as refused:
            till.desk.tell("m1", known, replace(known, birth=birth), CASHIER, approver)
        assert refused.value.code is ErrorCode.APPROVAL_MISSING
    assert till.entries() == []


def test_a_senior_changes_a_known_birthday_or_approves_it(till: Till) -> None:
    known = till.desk.known("m1")
    assert till.desk.tell("m1", known, replace(known, birth=ABAN), CASHIER, SENIOR)
    assert till.desk.tell("m1", replace(known, birth=ABAN), replace(known, birth=None), SENIOR)
    assert [(each.actor, each.approver) for each in till.entries()] == [(CASHIER, SENIOR), (SENIOR, None)]
    assert till.desk.known("m1").birth is None


def test_nobody_is_told_about_whom_nobody_knows(till: Till) -> None:
    for deed in (lambda: till.desk.known("m9"), lambda: till.desk.tell("m9", Sheet(), Sheet(birth=MEHR), CASHIER)):
        with pytest.raises(StationError) as refused:
            deed()
        assert refused.value.code is ErrorCode.MEMBER_UNKNOWN
    assert till.entries() == []
