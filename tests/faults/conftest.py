"""Real processes for real faults: a station with a journal, a head office on either database; the table at the end."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rigs import postgres
from tests.rigs.heads import Head, PostgresHead, SqliteHead
from tests.rigs.reckoned import Balances, Reckoning, balances, reckon
from tests.rigs.station_process import Confirmed, StationProcess
from tests.rigs.stocked import stock
from tests.rigs.workers import tell
from ui.demo.office import Seed
from ui.wiring import Home, Paired, open_memory, paired
from ui.wiring_lines import pair, sync_opener

FULL = bool(os.environ.get("CARD_STATION_FULL"))
SEED = Seed(members=20, goods=5)
STOCK = 2_000
SERVERS = ("sqlite", "postgresql")
TITLE = "faults: from back again to all at head office"
HEADING = f"{'fault':52} {'runs':>5} {'hit':>5} {'sales':>6} {'lost':>5} {'doubled':>7} {'stalls':>6}  {'median':>6} {'longest':>7}"


@dataclass
class Row:
    """A line of the table: ``hit`` runs were noticed by the station, ``recovered`` are seconds of each run."""

    fault: str
    runs: int
    hit: int
    recovered: list[float]
    stalls: int = 0

    def told(self, found: Reckoning) -> None:
        """Put it into the table that is printed at the end."""
        times = sorted(self.recovered)
        shown = f"{times[len(times) // 2]:5.2f}s {times[-1]:6.2f}s" if times else f"{'-':>6} {'-':>7}"
        line = f"{self.fault:52} {self.runs:5} {self.hit:5} {found.sales:6} {found.lost:5} {found.doubled:7}"
        tell(TITLE, f"{line} {self.stalls:6}  {shown}", HEADING)


def note(line: str) -> None:
    """Print a line after the table."""
    tell("faults: notes", line)


@dataclass
class Stage:
    """One head office and one station of it that has ``STOCK`` sales to send; neither runs yet."""

    head: Head
    station: StationProcess
    members: tuple[str, ...]
    before: Balances
    folder: Path

    @property
    def home(self) -> Home:
        """The station's folder."""
        return Home(self.station.folder)

    def who(self, url: str = "") -> Paired:
        """Who the station is, for tests that drive it in this process."""
        return Paired(url or self.head.url, paired(self.home).enrolment)

    def reckoned(self, *homes: Home, aside: int = 0, confirmed: tuple[Confirmed, ...] = ()) -> Reckoning:
        """Compare what the station, and those in ``homes``, sold with what is at head office."""
        return reckon(self.head, [self.home, *homes], [*self.station.confirmed, *confirmed], self.before, aside)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL that the tests may kill."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's programs are not here: make system-test")
    with postgres.running() as running:
        yield running


def _set(head: Head, home: Home, *database: str) -> None:
    """Make head office and a station with a journal, nothing of it sent."""
    head.ask("init", *database)
    head.ask("seed-demo", "--members", str(SEED.members), "--goods", str(SEED.goods))
    head.start()
    try:
        who = pair(home, head.url, head.ask("pair", "--shop", "12"))
        memory = open_memory(home, who.enrolment)
        sync = sync_opener(home, who)()
        while sync.pull():
            pass
        sync.close()
        stock(memory, who, _members(head), STOCK)
        memory.close()
    finally:
        head.stop()


def _members(head: Head) -> tuple[str, ...]:
    return tuple(row[0] for row in head.rows("SELECT id FROM register_member ORDER BY id"))[:SEED.members // 2]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    _set(SqliteHead(folder / "office"), Home(folder / "station"))
    return folder


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory, server: postgres.Server) -> Path:
    folder = tmp_path_factory.mktemp("postgresql")
    _set(PostgresHead(folder / "office", server), Home(folder / "station"), "--database", server.create("template"))
    return folder


@pytest.fixture
def set_up(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Stage]]:
    """What sets the stage on the named database; everything is stopped at the end."""
    with ExitStack() as closing:
        def made(kind: str) -> Stage:
            shutil.copytree(request.getfixturevalue(f"{kind}_template"), tmp_path, dirs_exist_ok=True)
            head: Head
            if kind == "sqlite":
                head = SqliteHead(tmp_path / "office")
            else:
                server: postgres.Server = request.getfixturevalue("server")
                head = PostgresHead(tmp_path / "office", server)
                head.database = server.create(f"club_{time.monotonic_ns()}", "template")
            members = _members(head)
            station = StationProcess(tmp_path / "station", head.url, members)
            closing.callback(head.stop)
            closing.callback(station.close)
            return Stage(head, station, members, balances(head), tmp_path)
        yield made
