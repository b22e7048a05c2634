"""Many seeds one after another, and the table of what they met."""

import shutil
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from headoffice import demo
from headoffice.stations.models import Shop
from headoffice.stations.pairing import issue
from sync.client import HeadOffice, Link
from sync.enrol import enrol
from sync.line import Call, good
from sync.wire_trust import CA_PATH, CaAnswer, PairAnswer, PairRequest
from tests.simulator.chance import Time, Trace, drawn
from tests.simulator.network import Network, wire_up
from tests.simulator.office import URL, Office
from tests.simulator.plants import PLANTS, Plant
from tests.simulator.world import GOODS, MEMBERS, REDEMPTION, Ground, ViolationError, World

STATIONS = 3
MOST_WORDS = 200
RESULTS = ("lost", "doubled", "stalled", "overdraft", "ledger", "report", "feed", "fork", "quarantine", "bug")
"""The kinds of findings, by their first word."""



@dataclass
class Campaign:
    """Runs in ``folder`` against the head office in ``home``."""

    folder: Path
    home: Path
    told: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ground = ground(self.folder, self.home)

    def run(self, seeds: range, *, digests: bool = False) -> int:
        """Run ``seeds`` and print the table; 1 when one of them failed."""
        clocks = time.perf_counter(), time.process_time()
        failed = 0
        for seed in seeds:
            world, fault = self.one(seed, Plant())
            self.counts.update(world.trace.counts)
            self.counts.update({"seeds": 1, "steps": world.steps})
            if digests:
                say(f"seed {seed} {world.trace.digest()}")
            if fault:
                failed += 1
                told(world, fault)
        self._table(failed, time.perf_counter() - clocks[0], time.process_time() - clocks[1])
        return int(failed > 0)

    def hunt(self, seeds: range, wanted: str, *, show: bool = False) -> int:
        """Run ``seeds`` with each planted bug that is ``wanted`` until it is found; 1 when one is not."""
        missed = 0
        for plant in PLANTS:
            if wanted not in ("all", plant.name):
                continue
            found = next((each for seed in seeds if plant.finds in (each := self.one(seed, plant))[1] and each[1]), None)
            missed += found is None
            if found and show:
                told(*found)
            say(f"{plant.name}: found by seed {found[0].seed}: {found[1][:MOST_WORDS]}" if found
                else f"{plant.name}: not found")
        return int(missed > 0)

    def one(self, seed: int, plant: Plant) -> tuple[World, str]:
        """Run ``seed`` with the bug of ``plant``; return the world as it ended and what was found, "" for nothing."""
        world = World(self.ground, seed, plant)
        world.trace.told = self.told
        try:
            world.run()
        except ViolationError as fault:
            self.kinds.update(each.partition(":")[0] for each in fault.found)
            return world, str(fault)
        except Exception as fault:  # noqa: BLE001 - a bug of the product, or of this rig: the seed is to be told
            where = traceback.extract_tb(fault.__traceback__)[-4:]
            return world, f"{type(fault).__name__}: {fault} at {[f'{each.filename}:{each.lineno}' for each in where]}"
        return world, ""

    def _table(self, failed: int, seconds: float, busy: float) -> None:
        for name in ("seeds", "steps", "sales"):
            say(f"{name:56} {self.counts.pop(name, 0):10}")
        for name, count in sorted(self.counts.items()):
            say(f"  {name:54} {count:10}")
        for name in RESULTS:
            say(f"{name:56} {self.kinds[name]:10}")
        say(f"{'failed':56} {failed:10}", f"{'seconds':56} {seconds:10.1f}", f"{'seconds of one core':56} {busy:10.1f}")


def told(world: World, fault: str) -> None:
    """Print the last steps of a run that failed, why, and the command that replays it."""
    plant = f" --plant {world.plant.name}" if world.plant.name else ""
    say(*world.trace.lines, f"seed {world.seed}: {fault}",
        f"replay it with: python -m tests.simulator.run --seeds {world.seed}{plant} --show", "")


def ground(folder: Path, home: Path) -> Ground:
    """Make the head office that every run begins with: the demo club, and stations that are paired."""
    moment = Time()
    office = Office(home, moment, Trace())
    empty = folder / "empty"
    shutil.copy(office.database, empty)
    office.start(empty)
    demo.seed(MEMBERS, GOODS, moment.us)
    office.publish(replace(demo.PACK, number=2, redemption=REDEMPTION))
    shop = Shop.objects.get(id=demo.SHOP[0])
    network = Network(office, moment, Trace(), drawn("pairing"))
    stations = tuple(enrol(_Door(network), issue(shop, moment.us)) for _ in range(STATIONS))
    template = folder / "template"
    office.backup(template)
    office.stop()
    return Ground(folder, home, template, stations)


@dataclass
class _Door:
    """``sync.enrol.Door`` of the head office behind ``network``."""

    network: Network

    def authority(self, code: str) -> CaAnswer:
        asked = Call("GET", CA_PATH, {"code": code})
        return msgspec.json.decode(good(self._line("")._line.unproven(asked)).body, type=CaAnswer)

    def pair(self, request: PairRequest, ca: str) -> PairAnswer:
        return self._line(ca).pair(request)

    def _line(self, ca: str) -> HeadOffice:
        return wire_up(HeadOffice(Link(URL, ca)), "pairing", self.network)


def say(*lines: str) -> None:
    """Print ``lines``."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
