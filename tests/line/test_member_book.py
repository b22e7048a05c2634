"""A new station at a real head office: a whole member book over HTTP, then the feed."""

from pathlib import Path

import pytest

from data.member_file import CurrentMembers
from station.card import CardStatus
from station.feed import Stamp
from tests.line.conftest import SEED, Line
from tests.rigs.keyrings import PLACES
from ui.wiring import Home, open_memory
from ui.wiring_lines import pair, sync_opener

pytestmark = pytest.mark.slow


def test_a_new_station_takes_the_book_and_an_old_one_goes_on_by_the_feed(line: Line, tmp_path: Path) -> None:
    line.office.ask("snapshot")
    made = line.office.ask_json("snapshot", "--known-since", "2020-01-01")
    assert (made["members"], made["cards"]) == (SEED.members, 2 * SEED.members)
    home = Home(tmp_path / "new", PLACES, tmp_path / "state")
    who = pair(home, line.office.url, line.office.ask("pair", "--shop", "12"))
    sync = sync_opener(home, who)()
    percents = []
    while sync.pull():
        percents.append(sync.members_percent)
    sync.close()
    assert next(each for each in percents if each is not None) == 0
    assert 100 in percents
    memory = open_memory(home, who.enrolment)
    assert isinstance(memory.members, CurrentMembers)
    pointer = memory.members.file.pointer()
    assert (pointer.version, made["digest"][:16] in pointer.name) == (made["version"], True)
    for card in line.cards:
        known = memory.members.card(card.uid)
        assert known is not None
        assert known.status is CardStatus(card.status)
        held = memory.members.member(known.member_id)
        assert held is not None
        assert held.tier == card.tier
    stamp = memory.members.stamp()
    assert isinstance(stamp, Stamp)
    assert stamp.version == made["version"]
    memory.close()
    # the station that had everything already asks, and goes on with what it has
    assert isinstance(line.memory.members, CurrentMembers)
    before = line.memory.members.file.pointer()
    line.exchange()
    assert (line.memory.members.file.pointer(), before.version) == (before, 0)
    assert line.memory.members.count() == SEED.members
