"""Older copies put back on either side, with real processes: nothing is lost, nobody has to do anything, forks are told."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data.member_file import CurrentMembers
from station.errors import ErrorCode
from tests.faults.conftest import SERVERS, Row, Stage
from tests.rigs.station_process import StationProcess
from ui.wiring import Home, Memory, Paired, open_memory, paired
from ui.wiring_lines import pair, sync_opener

LIMIT_S = 120.0
SOLD = 100
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def all_sent(station: StationProcess) -> float:
    """Start it and let it send everything; return how many seconds it took from its start."""
    since = time.monotonic()
    station.start()
    assert station.await_state(lambda state: state.current and not state.unsent, since, LIMIT_S) is not None
    return time.monotonic() - since


def second(stage: Stage) -> StationProcess:
    """Another station of the shop, loaded; head office must serve."""
    home = Home(stage.folder / "second")
    who = pair(home, stage.head.url, stage.head.ask("pair", "--shop", "12"))
    with closing(open_memory(home, who.enrolment)), closing(sync_opener(home, who)()) as sync:
        while sync.pull():
            pass
    return StationProcess(home.folder, stage.head.url, stage.members)


def shown(home: Home, member: str) -> int:
    """The points that the counter of a station which is not running shows of ``member``."""
    memory = open_memory(home, paired(home).enrolment)
    with closing(memory):
        known = memory.members.member(member)
        assert known is not None
        return known.points + memory.journal.points_after(member, memory.members.projected_through())


def pulled(home: Home, url: str) -> int:
    """Take all feeds, as the sync thread does; return the version of the member book."""
    who = Paired(url, paired(home).enrolment)
    with closing(sync_opener(home, who)()) as sync:
        while sync.push().unsent:
            pass
        while sync.pull():
            pass
    memory = open_memory(home, who.enrolment)
    with closing(memory):
        return version(memory)


def version(memory: Memory) -> int:
    """Which version of the member feed a station has."""
    assert isinstance(memory.members, CurrentMembers)
    stamp = memory.members.stamp()
    assert stamp is not None
    return stamp.version


@pytest.mark.parametrize("kind", SERVERS)
def test_head_office_put_back_is_refilled_by_its_stations(set_up: Callable[[str], Stage], kind: str) -> None:
    """One of them is away until later; balances are right, at head office and at the counters, and no version fell."""
    stage = set_up(kind)
    head, here = stage.head, stage.station
    head.start()
    away = second(stage)
    all_sent(here)
    all_sent(away)
    head.keep(stage.folder / "backup")
    for each in (here, away):
        each.tell(f"sell {SOLD}")
        assert each.settle() is not None
    away.quit()
    here.quit()
    homes = (stage.home, Home(away.folder))
    before = [pulled(home, head.url) for home in homes]
    head.stop()
    head.put_back(stage.folder / "backup")
    here.start()
    here.tell(f"sell {SOLD}")
    head.start()
    back = time.monotonic()
    row = Row(f"head office put back from a backup, {head.name}", 1, 1, [])
    assert here.await_state(lambda state: state.current and not state.unsent, back, LIMIT_S)
    row.recovered.append(time.monotonic() - back)
    here.quit()
    all_sent(away)
    away.quit()
    found = stage.reckoned(homes[1], confirmed=tuple(away.confirmed))
    row.told(found)
    assert found.sound, found
    after = [pulled(home, head.url) for home in homes]
    assert all(new >= old for new, old in zip(after, before, strict=True)), (before, after)
    there = dict(head.rows("SELECT member, points FROM ledger_balance"))
    for home in homes:
        assert {member: shown(home, member) for member in stage.members} == {
            member: there[member] for member in stage.members}


@pytest.mark.parametrize("with_witness", [True, False], ids=["told by its witness", "told by head office"])
def test_a_station_put_back_goes_on_under_another_name(set_up: Callable[[str], Stage], *, with_witness: bool) -> None:
    """Its files are older than what it sent; both branches are at head office, whoever notices."""
    stage = set_up("sqlite")
    head, station = stage.head, stage.station
    head.start()
    state = Home(station.folder).state
    all_sent(station)
    station.quit()
    kept, kept_state = stage.folder / "kept", stage.folder / "kept-state"
    shutil.copytree(station.folder, kept)
    shutil.copytree(state, kept_state)
    station.start()
    station.tell(f"sell {SOLD}")
    assert station.settle() is not None
    station.quit()
    newer = stage.folder / "newer"
    shutil.copytree(station.folder, newer)
    put_back(kept, station.folder)
    if not with_witness:
        put_back(kept_state, state)
    since = time.monotonic()
    station.start()
    assert station.await_state(lambda state: state.online and state.unsent == 0, since, LIMIT_S) is not None
    station.tell(f"sell {SOLD}")
    assert station.settle() is not None
    if not with_witness:
        forked = ErrorCode.JOURNAL_FORKED.name
        assert station.await_state(lambda state: state.error == forked, since, LIMIT_S), "the screen says it"
    station.quit()
    branches = {each.incarnation for each in station.confirmed}
    assert len(branches) == 2, "it goes on under a new incarnation"
    causes = [bytes(raw) for (raw,) in head.rows("SELECT raw FROM intake_entry WHERE seq = 1")]
    assert sum(b"RESTORED" in each or b"FORKED" in each for each in causes) == 1, "head office is told why"
    assert head.rows("SELECT count(*) FROM intake_alarm") == [(1,)]
    found = stage.reckoned(Home(newer))
    Row(f"station put back, {'its witness tells' if with_witness else 'head office tells'}", 1, 1, []).told(found)
    assert found.sound, found


def put_back(kept: Path, folder: Path) -> None:
    """Replace a folder by a copy."""
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
