"""How long a station needs, once a killed head office is back, until all it sold is there; beside the server's own restart."""

import time
from pathlib import Path
from statistics import median

from tests.benchmarks.figure import Figure
from tests.rigs.station_process import StationProcess
from ui.demo.office import Office, Seed
from ui.wiring import Home, open_memory
from ui.wiring_lines import pair, sync_opener

KILLS = 9
BURST = 300


def measure(folder: Path) -> list[Figure]:
    """Kill the embedded head office again and again while a station sends to it."""
    office = Office(folder / "office")
    office.make(Seed(members=20, goods=5))
    office.start()
    home = Home(folder / "station")
    who = pair(home, office.url, office.ask("pair", "--shop", "12"))
    memory = open_memory(home, who.enrolment)
    sync = sync_opener(home, who)()
    while sync.pull():
        pass
    sync.close()
    memory.close()
    station = StationProcess(home.folder, office.url)
    station.start()
    restarts, recoveries = [], []
    try:
        station.tell("every 0.1")
        for _ in range(KILLS):
            since = time.monotonic()
            station.tell(f"sell {BURST}", wait=False)
            station.await_state(lambda state: state.unsent > 0, since)
            killed = time.monotonic()
            office.kill()
            office.start()
            back = time.monotonic()
            station.await_answer()
            taken = station.await_current(back)
            assert taken is not None
            restarts.append(back - killed)
            recoveries.append(taken)
    finally:
        station.close()
        office.stop()
    return [
        Figure("killed server is back, all sent: median", median(recoveries), "s", "the server's restart", median(restarts)),
        Figure("killed server is back, all sent: longest", max(recoveries), "s", "goal", 5.0)]
