"""The simulator itself: its seeds hold, a replay is exact, and each planted bug is found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("CARD_STATION_FULL"))
SEEDS = 1000 if FULL else 100
REPLAYED = 3
HUNTED = 20
"""Seeds within which every planted bug must show; most need two."""

LIMIT_S = 6000 if FULL else 600


def simulated(*options: str, hashes: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the simulator in a process of its own: it has a head office, and one process can have only one."""
    return subprocess.run(
        [sys.executable, "-m", "tests.simulator.run", *options], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": hashes},
        capture_output=True, text=True, timeout=LIMIT_S, check=False)


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_S)
def test_every_seed_holds() -> None:
    run = simulated("--seeds", f"1-{SEEDS}")
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert f"{'failed':56} {0:10}" in run.stdout


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_S)
def test_a_replay_does_the_very_same() -> None:
    """In another process, whose sets have another order."""
    first, second = (simulated("--seeds", f"1-{REPLAYED}", "--digests", hashes=hashes).stdout for hashes in "12")
    digests = [line for line in first.splitlines() if line.startswith("seed ")]
    assert len(digests) == REPLAYED
    assert digests == [line for line in second.splitlines() if line.startswith("seed ")]


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_S)
def test_each_planted_bug_is_found_by_the_invariant_it_breaks() -> None:
    run = simulated("--plant", "all", "--seeds", f"1-{HUNTED}")
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_S)
def test_a_failing_seed_says_what_happened_last_and_how_to_replay_it() -> None:
    run = simulated("--plant", "loses-alarms", "--seeds", f"1-{HUNTED}", "--show")
    assert "no alarm for the fork" in run.stdout
    found = run.stdout.partition("replay it with: ")[2].splitlines()[0].split()
    assert found[:4] == ["python", "-m", "tests.simulator.run", "--seeds"]
    again = simulated(*found[3:])
    assert "no alarm for the fork" in again.stdout
    assert run.stdout.partition("seed ")[0] in again.stdout
