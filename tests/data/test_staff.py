"""Who works here, as head office sent them."""

import hashlib
from dataclasses import replace

import pytest

from data.journal import JournalStore
from data.staff import StaffStore
from station.errors import ErrorCode, StationError
from station.feed import StaffPage
from station.people import ChosenPin, Role, StaffRecord
from station.sign_in import Tries
from station.text import Text

ALI = StaffRecord("s1", Text("علی", "Ali"), Role.CASHIER, 77, "verifier", must_change=True, resets=1, member_id="m1")
SARA = StaffRecord("s2", Text("سارا", "Sara"), Role.MANAGER)


def test_people_come_change_and_go(journal: JournalStore) -> None:
    staff = StaffStore(journal.database)
    assert (staff.cursor(), staff.people(), staff.person("s1"), staff.wearing(77)) == ("", [], None, None)
    staff.apply(StaffPage("c1", 1, (ALI, SARA), ()))
    assert (staff.person("s1"), staff.wearing(77), staff.person("s2")) == (ALI, ALI, SARA)
    moved = replace(ALI, badge=78, role=Role.SENIOR)
    staff.apply(StaffPage("c2", 2, (moved,), ("s2",)))
    assert (staff.people(), staff.wearing(77), staff.wearing(78), staff.cursor()) == ([moved], None, moved, "c2")


def test_an_older_state_is_refused(journal: JournalStore) -> None:
    staff = StaffStore(journal.database)
    staff.apply(StaffPage("c1", 5, (ALI,), ()))
    with pytest.raises(StationError) as older:
        staff.apply(StaffPage("c0", 4, (), ("s1",)))
    assert older.value.code is ErrorCode.FEED_OLDER
    assert staff.people() == [ALI]


def digest(verifier: str) -> str:
    return hashlib.sha256(verifier.encode()).hexdigest()


def test_wrong_tries_outlast_a_restart(journal: JournalStore) -> None:
    StaffStore(journal.database).keep_tries("s1", Tries(5, 17))
    assert StaffStore(journal.database).tries("s1") == Tries(5, 17)
    assert StaffStore(journal.database).tries("s2") == Tries()


def test_a_chosen_pin_holds_until_head_office_has_it_or_another(journal: JournalStore) -> None:
    staff = StaffStore(journal.database)
    staff.apply(StaffPage("c1", 1, (ALI, SARA), ()))
    staff.choose("s1", "chosen", digest("verifier"))
    taken = replace(ALI, pin="chosen", must_change=False)
    assert (staff.person("s1"), staff.wearing(77), staff.people()) == (taken, taken, [taken, SARA])
    [waiting] = staff.chosen()
    assert waiting == ChosenPin("s1", "chosen", digest("verifier"))
    staff.told(waiting, kept=True)
    assert (staff.chosen(), staff.person("s1")) == ([], taken)
    staff.apply(StaffPage("c2", 2, (replace(ALI, pin="chosen", must_change=False),), ()))
    assert staff.person("s1") == taken


def test_a_chosen_pin_that_head_office_does_not_keep_is_gone(journal: JournalStore) -> None:
    staff = StaffStore(journal.database)
    staff.apply(StaffPage("c1", 1, (ALI,), ()))
    staff.choose("s1", "chosen", digest("verifier"))
    [waiting] = staff.chosen()
    staff.choose("s1", "newer", digest("verifier"))
    staff.told(waiting, kept=False)
    assert [each.verifier for each in staff.chosen()] == ["newer"]
    [waiting] = staff.chosen()
    staff.told(waiting, kept=False)
    assert (staff.chosen(), staff.person("s1")) == ([], ALI)


def test_a_pin_set_by_head_office_ends_locks_and_what_was_chosen_here(journal: JournalStore) -> None:
    staff = StaffStore(journal.database)
    staff.apply(StaffPage("c1", 1, (ALI,), ()))
    staff.keep_tries("s1", Tries(15, 1))
    staff.choose("s1", "chosen", digest("verifier"))
    staff.apply(StaffPage("c2", 2, (replace(ALI, role=Role.SENIOR),), ()))
    assert staff.tries("s1").wrong == 15
    reset = replace(ALI, pin="set", resets=2)
    staff.apply(StaffPage("c3", 3, (reset,), ()))
    assert (staff.tries("s1"), staff.chosen(), staff.person("s1")) == (Tries(), [], reset)
