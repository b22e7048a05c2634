"""Everything sent twice: the same journal from two processes at once, each batch again, and a folder that was cloned."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from station.errors import ErrorCode
from tests.faults.conftest import SERVERS, STOCK, Row, Stage, note
from tests.rigs.reckoned import await_projected, entries_of
from tests.rigs.station_process import StationProcess
from ui.wiring import Home, open_memory
from ui.wiring_lines import sync_opener

LIMIT_S = 120.0
SOLD = 100
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_every_batch_sent_twice(set_up: Callable[[str], Stage]) -> None:
    """The mark falls back before each batch, as when every answer is lost."""
    stage = set_up("sqlite")
    stage.head.start()
    who = stage.who()
    memory = open_memory(stage.home, who.enrolment)
    sent = 0
    with closing(memory), closing(sync_opener(stage.home, who)()) as sync:
        [branch] = memory.branches()
        sync.push()
        while branch.mark() < branch.head().seq:
            mark = branch.mark()
            sent += sync.push().sent
            branch.acknowledge(mark)
            sent += sync.push().sent
    found = stage.reckoned()
    Row("every batch sent twice", 1, 1, []).told(found)
    assert sent > STOCK
    assert found.sound, found


@pytest.mark.parametrize("kind", SERVERS)
def test_one_journal_from_two_processes(set_up: Callable[[str], Stage], kind: str) -> None:
    stage = set_up(kind)
    stage.head.start()
    one, other = stage.station, StationProcess(stage.station.folder, stage.head.url)
    since = time.monotonic()
    try:
        for each in (one, other):
            each.start()
        one.tell("every 0.02")
        for each in (one, other):
            assert each.await_state(lambda state: state.current, since, LIMIT_S) is not None
        assert one.settle() is not None
        other.quit()
        one.quit()
    finally:
        other.close()
    told = {state.error for each in (one, other) for state in each.states}
    found = stage.reckoned()
    Row(f"one journal from two processes, {stage.head.name}", 1, 1, []).told(found)
    note(f"one journal from two processes, {stage.head.name}: told {' '.join(sorted(told))}")
    assert told <= {"-", ErrorCode.JOURNAL_FORKED.name}, "a fork may be told in vain, but nothing is skipped"
    assert found.sound, found


def test_a_cloned_station_is_told_and_skips_nothing(set_up: Callable[[str], Stage]) -> None:
    """Two copies sell before either speaks: what the second sold goes up as a branch, and it goes on under another name."""
    stage = set_up("sqlite")
    clone = stage.folder / "clone"
    shutil.copytree(stage.home.folder, clone)
    copies = [stage.station, StationProcess(
        clone, stage.head.url, stage.members, {"XDG_STATE_HOME": str(stage.folder / "clone-state")})]
    since = time.monotonic()
    try:
        for each in copies:
            each.start()
            each.tell(f"sell {SOLD}")
        stage.head.start()
        for each in copies:
            assert each.await_state(lambda state: state.online, since, LIMIT_S)
            each.tell(f"sell {SOLD}")
        stands = [each.settle() for each in copies]
        for each in copies:
            each.quit()
    finally:
        for each in copies:
            each.close()
    assert await_projected(stage.head)
    there = {bytes(digest) for (digest,) in stage.head.rows("SELECT hash FROM intake_entry")}
    missing = [each for copy in copies for each in entries_of(Home(copy.folder)) if each.hash not in there]
    [alarms] = stage.head.rows("SELECT count(*) FROM intake_alarm")
    [branches] = stage.head.rows("SELECT count(*) FROM intake_incarnation WHERE of <> ''")
    note(f"a cloned station: alarms {alarms[0]}; {branches[0]} branch at head office, {len(missing)} entries missing")
    assert None not in stands, "both have sent all and have nothing to tell"
    assert alarms[0] > 0
    assert (branches[0], missing) == (1, [])
