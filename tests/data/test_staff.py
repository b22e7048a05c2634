"""Who works here, as head office sent them."""

from dataclasses import replace

import pytest

from data.journal import JournalStore
from data.staff import StaffStore
from station.errors import ErrorCode, StationError
from station.feed import StaffPage
from station.people import Role, StaffRecord
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
