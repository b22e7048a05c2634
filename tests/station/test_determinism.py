"""The same input gives the same bytes, in whichever process, with whichever order of hashes."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from station.pricing import Engine
from tests.rigs.random_club import chance, random_basket, random_pack

ROOT = Path(__file__).parents[2]
CASES = 50
PROGRAM = "from tests.station.test_determinism import write; write()"


def write() -> None:
    """Write the quotes of the cases to standard output."""
    for seed in range(CASES):
        random = chance(seed)
        pack = random_pack(random, 20)
        quote = Engine(pack).quote(random_basket(random, pack, 12))
        sys.stdout.buffer.write(msgspec.json.encode(quote) + b"\n")


def run(hash_seed: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}).stdout


def test_two_processes_with_different_hashes_write_the_same_bytes() -> None:
    first, second = run("1"), run("4242")
    assert first == second
    assert first.count(b"\n") == CASES
    assert len(set(first.splitlines())) == CASES


def test_the_two_hash_seeds_do_change_the_order_of_a_set() -> None:
    program = "print(list({str(n) for n in range(50)}))"
    orders = {subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "4242")}
    assert len(orders) == 2
