"""SIGKILL, again and again: the station, head office, PostgreSQL. Every confirmed sale is there once, and nobody waits long."""

import time
from collections.abc import Callable
from random import Random

import pytest

from tests.faults.conftest import FULL, SERVERS, Row, Stage
from tests.rigs import postgres

KILLS = 100 if FULL else 5
BURST = 300
EVERY_S = 0.1
LIMIT_S = 120.0
"""Beyond it a station stands still."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200 if FULL else 900)]


def test_a_station_killed_while_it_uploads(set_up: Callable[[str], Stage]) -> None:
    stage, chance = set_up("sqlite"), Random(6)  # noqa: S311 - when to kill
    station, row = stage.station, Row("station killed while it sells and uploads, SQLite", KILLS, 0, [])
    stage.head.start()
    for _ in range(KILLS):
        station.start()
        since = time.monotonic()
        station.tell(f"every {EVERY_S / 10}")
        station.tell(f"sell {BURST // 10}")
        assert station.await_state(lambda state: state.unsent > 0, since)
        time.sleep(chance.uniform(0, 0.4))
        station.kill()
        row.hit += station.states[-1].unsent > 0
    since = time.monotonic()
    station.start()
    taken = station.await_current(since, LIMIT_S)
    if taken is None:
        row.stalls += 1
    else:
        row.recovered.append(taken)
    station.quit()
    found = stage.reckoned()
    row.told(found)
    assert found.sound, found
    assert row.stalls == 0


@pytest.mark.parametrize("kind", SERVERS)
def test_head_office_killed_while_it_is_sent_to(set_up: Callable[[str], Stage], kind: str) -> None:
    stage = set_up(kind)
    killed_again_and_again(
        stage, stage.head.kill, stage.head.start,
        "headoffice serve killed under upload" if kind == "sqlite" else "gunicorn and headoffice work killed under upload")


def test_postgresql_killed_while_it_is_written_to(set_up: Callable[[str], Stage], server: postgres.Server) -> None:
    killed_again_and_again(
        set_up("postgresql"), server.kill, server.start, "PostgreSQL and all its processes killed under upload")


def killed_again_and_again(stage: Stage, kill: Callable[[], None], start: Callable[[], None], fault: str) -> None:
    """Kill under load, start again, wait until the station has sent everything, each time."""
    chance, station, row = Random(6), stage.station, Row(fault, KILLS, 0, [])  # noqa: S311 - when to kill
    stage.head.start()
    station.start()
    station.tell(f"every {EVERY_S}")
    for _ in range(KILLS):
        since = time.monotonic()
        station.tell(f"sell {BURST}", wait=False)
        station.await_state(lambda state: state.unsent > 0, since, 5)
        time.sleep(chance.uniform(0, 0.5))
        kill()
        start()
        back = time.monotonic()
        station.await_answer()
        taken = station.await_current(back, LIMIT_S)
        row.hit += any(state.error != "-" and state.at >= since for state in station.states)
        if taken is None:
            row.stalls += 1
        else:
            row.recovered.append(taken)
    row.stalls += station.settle() is None
    station.quit()
    found = stage.reckoned()
    row.told(found)
    assert found.sound, found
    assert row.stalls == 0
    assert row.hit > 0
