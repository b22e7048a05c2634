"""``make fuzz``: every target under atheris for its share of the time; a table, and 1 for a crash or a slow input.

The inputs that were slowest under atheris are timed again without it, as the product would meet them.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.fuzz.targets import TARGETS, Target

SLOWEST_MS = 50.0
TIMES = 3
START_LIMIT_S = 60
OUT = Path("build") / "fuzz"


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one target; ``crashes`` names each by its exception and line."""

    target: str
    executions: int
    crashes: tuple[str, ...]
    slowest_ms: float

    @property
    def is_good(self) -> bool:
        """Whether nothing crashed and nothing was slow."""
        return not self.crashes and self.executions > 0 and self.slowest_ms < SLOWEST_MS


def fuzz(target: Target, seconds: float, out: Path) -> Row:
    """Run ``target`` for ``seconds`` in a process of its own, which leaves its findings in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    result = out / "result.json"
    result.unlink(missing_ok=True)
    with (out / "log.txt").open("wb") as log:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", target.name, "--seconds", str(seconds), "--out", str(out)],
            stdout=log, stderr=log, timeout=seconds + START_LIMIT_S, check=False)
    if ended.returncode != 0 or not result.exists():
        return Row(target.name, 0, (f"ended with status {ended.returncode}: see {out / 'log.txt'}",), 0.0)
    found = json.loads(result.read_text(encoding="ascii"))
    slowest_ms = max((timed_ms(target.run, bytes.fromhex(data)) for data in found["slowest"]), default=0.0)
    crashes = tuple(f"{what} on {data}" for what, data in found["crashes"].items())
    return Row(target.name, found["executions"], crashes, slowest_ms)


def timed_ms(run: Callable[[bytes], None], data: bytes) -> float:
    """Return how many milliseconds ``run`` takes for ``data``: the shortest of some tries, since machines are busy."""
    tries = []
    for _ in range(TIMES):
        begun = perf_counter()
        # A crash is counted where it was found.
        with suppress(Exception):
            run(data)
        tries.append((perf_counter() - begun) * 1000)
    return min(tries)


def main() -> int:
    """Fuzz every target and print the table."""
    parser = argparse.ArgumentParser(description="Fuzz every parser.")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    options = parser.parse_args()
    rows = []
    print(f"{'target':20} {'executions':>12} {'crashes':>8} {'slowest input':>14}")  # noqa: T201
    for target in TARGETS:
        row = fuzz(target, options.seconds / len(TARGETS), OUT / target.name.replace(" ", "-"))
        print(f"{row.target:20} {row.executions:12} {len(row.crashes):8} {row.slowest_ms:11.2f} ms",  # noqa: T201
              *row.crashes, sep="\n    ", flush=True)
        rows.append(row)
    return 0 if all(row.is_good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
