"""Builds and installs member books in a process of its own, whose memory is measured.

``python -m tests.benchmarks.member_files build SIZE NAMED FILE``, ``install FILE STATION`` or
``idle STATION``; prints one line of JSON: seconds and peak of the resident memory in MiB.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from data.sealed import seal
from data.snapshot_build import CHUNK_SIZE, build, digests
from station.feed import BookFile, Stamp
from station.journal import Position
from sync.books import sealing_public
from sync.signatures import public_key
from tests.benchmarks.synthetic_club import CARD_KEY, Club
from tests.rigs.books import INCARNATION, SCHEMA, STATION_KEY, Desk

KEY = bytes(32)
STAMP = Stamp(1_000, 1)


@dataclass(frozen=True)
class Took:
    """What a run took; ``last_step_s`` is what of an installation is left when the last piece is here."""

    seconds: float
    last_step_s: float
    peak_mib: float


def run(*words: str) -> Took:
    """Run this module with ``words``."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.member_files", *words], capture_output=True, check=True, text=True)
    return Took(**json.loads(done.stdout))


def _install(path: Path, station: Path) -> tuple[float, float]:
    """Prove and write all pieces of the book at ``path``, and put it in force; seconds of all, and of the last step."""
    digest, chunks = digests(path)
    book = BookFile(
        STAMP, SCHEMA, digest, path.stat().st_size, CHUNK_SIZE, chunks,
        seal(KEY, sealing_public(public_key(STATION_KEY))), "c", Position(INCARNATION, 0))
    desk = Desk(station, card_key=CARD_KEY)
    start = time.perf_counter()
    assert desk.books.first_missing(book) == 0
    with path.open("rb") as file:
        for number in range(len(chunks)):
            desk.books.put(book, number, file.read(CHUNK_SIZE))
    written = time.perf_counter()
    desk.books.install(book)
    done = time.perf_counter()
    desk.close()
    return done - start, done - written


def main(words: list[str]) -> None:
    """Do as told."""
    start, last = time.perf_counter(), 0.0
    match words:
        case ["build", size, named, file]:
            club = Club(int(size), int(named))
            build(Path(file), KEY, STAMP, club.members(), club.cards())
            taken = time.perf_counter() - start
        case ["install", file, station]:
            taken, last = _install(Path(file), Path(station))
        case ["idle", station]:
            Desk(Path(station), card_key=CARD_KEY).close()
            taken = time.perf_counter() - start
        case _:
            raise SystemExit(__doc__)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "last_step_s": last, "peak_mib": peak}))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(sys.argv[1:])
