"""``python -m tests.load.run``: signed stations at once against a head office of real processes, and what came of it.

    python -m tests.load.run --stations 10 100 1000 --sales 50000 --database sqlite --database postgresql --workers 2

Every number of stations starts with a fresh head office. The stations run in processes of their own on
the same processors, so the rates are below what head office can do; its processor time is not.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec

from sync.batches import START_ENTRIES
from tests.load import processes
from tests.load.generator import Made, Outcome, Task
from tests.load.journals import parts
from tests.load.office import Loaded, embedded, production
from tests.load.sales import drafts
from tests.rigs import postgres

GENERATORS = 2
MICRO = 1_000_000
MUCH = 1000  # entries behind, from which on a rate can be told
HEADINGS = (
    "database", "stations", "sales", "sales/s", "batches/s", "p50 ms", "p95 ms", "p99 ms", "p99 wait", "busy", "faults",
    "MB/50k", "serve us", "proj us", "db us", "load us", "MB serve", "MB db", "behind", "then /s", "then us")


@dataclass(frozen=True)
class Load:
    """So many ``stations`` send ``sales`` in all, in batches of at most ``entries``. ``proves``: they check signatures.

    The ``first`` has this number; none may have sent anything before.
    """

    stations: int
    sales: int
    entries: int = START_ENTRIES
    proves: bool = True
    first: int = 1


@dataclass(frozen=True)
class Figures:
    """A run. Times in ms, memory in MB, processor time in µs a sale; ``behind`` entries when the upload ended.

    ``used_us`` is the processor time up to there: of who serves, of the projector (embedded: of both), of PostgreSQL,
    of the load. ``drain_us`` is that of all for an entry that was behind, of them all together.
    """

    sales: int
    seconds: float
    batches: int
    answers_ms: tuple[float, float, float]
    wait_ms: float
    busy: int
    faults: int
    packed_bytes: int
    used_us: tuple[float, float, float, float]
    memory_mb: tuple[float, float]
    behind: int
    drain_s: float
    drain_us: float

    def cells(self) -> tuple[str, ...]:
        """For people."""
        return (
            str(self.sales), f"{self.sales / self.seconds:.0f}", f"{self.batches / self.seconds:.1f}",
            *(f"{each:.0f}" for each in (*self.answers_ms, self.wait_ms)), str(self.busy), str(self.faults),
            f"{self.packed_bytes / self.sales * 0.05:.2f}", *(f"{each:.0f}" for each in (*self.used_us, *self.memory_mb)),
            str(self.behind),
            *((f"{self.behind / self.drain_s:.0f}", f"{self.drain_us:.0f}") if self.behind >= MUCH else ("-", "-")))


def play(loaded: Loaded, load: Load, folder: Path) -> Figures:
    """Let the stations send, and wait for the projector."""
    loaded.pair(load.first + load.stations - 1)
    file = folder / f"parts-{load.stations}"
    file.write_bytes(msgspec.msgpack.encode(parts(list(drafts(loaded.shop(), load.sales // load.stations, 1)))))
    with ExitStack() as stack:
        running = []
        for first, last in _shares(load):
            process = stack.enter_context(subprocess.Popen(
                [sys.executable, "-m", "tests.load.generator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            running.append(process)
            _say(process, msgspec.json.encode(Task(
                loaded.office.url, loaded.ca, loaded.key, first, last, str(file), load.entries, load.proves)).decode())
        made = [msgspec.json.decode(_heard(process), type=Made) for process in running]
        before = _used(loaded)
        for process in running:
            _say(process, "go")
        outcomes = [msgspec.json.decode(_heard(process), type=Outcome) for process in running]
        used = [after - then for then, after in zip(before, _used(loaded), strict=True)]
        memory = processes.memory_mb(loaded.pids()), processes.memory_mb(loaded.database_pids())
    behind, before = loaded.behind(), _used(loaded)
    drain_s = loaded.drained()
    drain_us = (sum(_used(loaded)) - sum(before)) / max(behind, 1) * MICRO
    return _figures(made, outcomes, used, memory, (behind, drain_s, drain_us))


def _used(loaded: Loaded) -> list[float]:
    return [processes.cpu_s(pids()) for pids in (loaded.pids, loaded.projector_pids, loaded.database_pids)]


def _shares(load: Load) -> list[tuple[int, int]]:
    count = min(GENERATORS, load.stations)
    edges = [load.first + load.stations * part // count for part in range(count + 1)]
    return [(first, after - 1) for first, after in pairwise(edges)]


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        message = "a generator of load is dead"
        raise RuntimeError(message)
    return line


def _figures(
    made: Sequence[Made], outcomes: Sequence[Outcome], used: Sequence[float], memory: tuple[float, float],
    behind: tuple[int, float, float],
) -> Figures:
    sales = sum(each.sales for each in made)
    answers = sorted(each for outcome in outcomes for each in outcome.answers_ms)
    waits = sorted(each for outcome in outcomes for each in outcome.waits_ms)
    micro = MICRO / sales
    return Figures(
        sales, max(each.ended for each in outcomes) - min(each.started for each in outcomes), len(answers),
        (_part(answers, 0.5), _part(answers, 0.95), _part(answers, 0.99)), _part(waits, 0.99),
        sum(each.busy for each in outcomes), sum(sum(each.faults.values()) for each in outcomes),
        sum(each.packed_bytes for each in made),
        (used[0] * micro, used[1] * micro, used[2] * micro, sum(each.cpu_s for each in outcomes) * micro),
        memory, *behind)


def _part(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> int:
    """Run as told and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.run")
    parser.add_argument("--stations", type=int, nargs="+", default=[10, 100, 1000], metavar="N")
    parser.add_argument("--sales", type=int, default=50_000, metavar="N", help="of all stations together")
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes of gunicorn (postgresql)")
    parser.add_argument("--members", type=int, default=2000, metavar="N")
    parser.add_argument("--batch", type=int, default=START_ENTRIES, metavar="N", help="entries")
    parser.add_argument("--trusting", action="store_true", help="stations do not check head office's signatures")
    options = parser.parse_args()
    print(" ".join(f"{each:>10}" for each in HEADINGS), flush=True)  # noqa: T201
    with ExitStack() as stack:
        databases = options.database or ["sqlite", "postgresql"]
        server = stack.enter_context(postgres.running()) if "postgresql" in databases else None
        for database in databases:
            for stations in options.stations:
                load = Load(stations, options.sales, options.batch, not options.trusting)
                with tempfile.TemporaryDirectory() as name:
                    folder = Path(name)
                    office = (production(folder, options.members, server, options.workers)
                              if database == "postgresql" and server else embedded(folder, options.members))
                    with office as loaded:
                        cells = (database, str(stations), *play(loaded, load, folder).cells())
                print(" ".join(f"{each:>10}" for each in cells), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
