"""Builds and installs member books in a process of its own, whose memory is measured.

An installation and a bare copy of the same file take turns, and the quickest of each counts. What
both write into is memory that the system must first get: where a virtual machine has given its free
memory back to its host, the first to write after a rest takes four times as long as the next.

``python -m tests.benchmarks.member_files build SIZE NAMED FILE``, ``install FILE STATION`` or
``idle STATION``; prints one line of JSON: seconds and peak of the resident memory in MiB.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from data.sealed import seal
from data.snapshot import BookFiles
from data.snapshot_build import CHUNK_SIZE, build, digests
from station.feed import BookFile, Stamp
from station.journal import Position
from sync.books import sealing_public
from sync.ed25519 import public_key
from tests.benchmarks.synthetic_club import CARD_KEY, Club
from tests.rigs.books import INCARNATION, SCHEMA, STATION_KEY, Desk

KEY = bytes(32)
STAMP = Stamp(1_000, 1)
TURNS = 5
MIB = 1 << 20


@dataclass(frozen=True)
class Took:
    """What a run took.

    ``last_step_s`` is what of an installation is left when the last piece is here, ``copy_s`` what a
    bare copy of the same file takes that lasts.
    """

    seconds: float
    last_step_s: float = 0.0
    copy_s: float = 0.0
    peak_mib: float = 0.0


def run(*words: str) -> Took:
    """Run this module with ``words``."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.member_files", *words], capture_output=True, check=True, text=True)
    return Took(**json.loads(done.stdout))


def _installed(path: Path, station: Path) -> Took:
    """Install the book at ``path`` and copy it, in turns; what is installed last stays in the folder ``station``."""
    book = described(path, INCARNATION)
    copies, turns = [], []
    for _ in range(TURNS):
        copies.append(_copy(path, station.with_name("copy.db")))
        shutil.rmtree(station)
        station.mkdir()
        turns.append(_install(path, station, book))
    seconds, last = map(min, zip(*turns, strict=True))
    return Took(seconds, last, min(copies))


def described(path: Path, incarnation: str) -> BookFile:
    """Return the book at ``path`` as the station of ``STATION_KEY`` knows it, projected to the start of ``incarnation``."""
    digest, chunks = digests(path)
    return BookFile(
        STAMP, SCHEMA, digest, path.stat().st_size, CHUNK_SIZE, chunks,
        seal(KEY, sealing_public(public_key(STATION_KEY))), "c", Position(incarnation, 0))


def install_into(books: BookFiles, path: Path, incarnation: str) -> None:
    """Put the book at ``path`` in force."""
    book = described(path, incarnation)
    assert books.first_missing(book) == 0
    with path.open("rb") as file:
        for number in range(len(book.chunks)):
            books.put(book, number, file.read(CHUNK_SIZE))
    books.install(book)


def _install(path: Path, station: Path, book: BookFile) -> tuple[float, float]:
    """Prove and write all pieces of the book at ``path``, and put it in force; seconds of all, and of the last step."""
    desk = Desk(station, card_key=CARD_KEY)
    start = time.perf_counter()
    assert desk.books.first_missing(book) == 0
    with path.open("rb") as file:
        for number in range(len(book.chunks)):
            desk.books.put(book, number, file.read(CHUNK_SIZE))
    written = time.perf_counter()
    desk.books.install(book)
    done = time.perf_counter()
    desk.close()
    return done - start, done - written


def _copy(source: Path, target: Path) -> float:
    """Copy a file so that it lasts; seconds."""
    start = time.perf_counter()
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written, MIB)
        written.flush()
        os.fsync(written.fileno())
    taken = time.perf_counter() - start
    target.unlink()
    return taken


def _peak_mib() -> float:
    """The most memory of this program; Linux counts what the parent had into ``ru_maxrss``, so it is asked otherwise."""
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(words: list[str]) -> None:
    """Do as told."""
    start = time.perf_counter()
    match words:
        case ["build", size, named, file]:
            club = Club(int(size), int(named))
            build(Path(file), KEY, STAMP, club.members(), club.cards())
            took = Took(time.perf_counter() - start)
        case ["install", file, station]:
            took = _installed(Path(file), Path(station))
        case ["idle", station]:
            Desk(Path(station), card_key=CARD_KEY).close()
            took = Took(time.perf_counter() - start)
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(asdict(replace(took, peak_mib=_peak_mib()))))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(sys.argv[1:])
