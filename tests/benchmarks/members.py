"""The member book at scale: look-ups, installation, changes, searches, sizes.

By default a million cards, of which fifty thousand have a name here; with CARD_STATION_FULL=1 a
million with names, and ten million cards of which a million have.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from data.database import driver
from data.member_rows import id_stored
from data.members import CACHE_KIB
from station.card import CardLink, CardStatus
from station.card_hash import card_hash
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.search import fold
from tests.benchmarks.figure import Figure, in_turn, milliseconds
from tests.benchmarks.member_files import STAMP, run
from tests.benchmarks.synthetic_club import CARD_KEY, SHOWN, Club, card_number, name
from tests.rigs.books import INCARNATION, Desk

FULL = bool(os.environ.get("CARD_STATION_FULL"))
SMALL = Club(10_000, 10_000)
LARGE = (Club(1_000_000, 1_000_000), Club(10_000_000, 1_000_000)) if FULL else (Club(1_000_000, 50_000),)
_CHANCE = random.Random(1)  # noqa: S311 - made to be the same each time
FIRST_VISITS = _CHANCE.sample(range(SHOWN), SHOWN)
"""Each card once: among many, each needs a page of its own that nobody has decrypted yet."""

VISITS = _CHANCE.choices(range(SHOWN), k=20_000)
SEARCHES = 400
PAGE = 1000
PAGES = 5
_US = 1000


def measure(folder: Path) -> list[Figure]:
    """Each club in turn; changes and searches at the first of ``LARGE``."""
    idle = run("idle", str(_new(folder / "idle"))).peak_mib
    figures: list[Figure] = []
    few: list[tuple[float, float]] = []
    named = 0.0
    for club in (SMALL, *LARGE):
        label, path, station = f"{club.size:,} cards", folder / "book.db", _new(folder / "station")
        built = run("build", str(club.size), str(club.named), str(path))
        size = path.stat().st_size
        installed = run("install", str(path), str(station))
        copied = installed.copy_s * 1000
        first, ours = _first_visits(station), _look_ups(station, VISITS, 5)
        few, named = few or [first, ours], named or size / club.size
        for visit, now, then in zip(("for the first time", "again"), (first, ours), few, strict=True):
            figures += [
                Figure(f"card looked up {visit}, {label}", now[0], "µs", "bare indexed SELECT", now[1]),
                Figure(f"card looked up {visit}, {label}", now[0], "µs", f"among {SMALL.size:,}", then[0])]
        figures += [
            Figure(f"book proven, written, in force, {label}", installed.seconds * 1000, "ms", "bare copy and fsync", copied),
            Figure(f"the same once all is here, {label}", installed.last_step_s * 1000, "ms", "bare copy and fsync", copied),
            Figure(f"peak memory of installing, {label}", installed.peak_mib, "MiB", "an empty book open", idle),
            Figure(f"peak memory of building, {label}", built.peak_mib, "MiB", "an empty book open", idle),
            Figure(f"book built, {label}", built.seconds, "s", "its installation", installed.seconds)]
        if club is SMALL:
            figures.append(Figure("room of a member with a name and a card", named, "B", "hash, id, name and phone", 8 + 16 + 22 + 11))
        elif club.named < club.size:
            nameless = (size - named * club.named) / (club.size - club.named)
            figures.append(Figure(f"room of a card without a name, {label}", nameless, "B", "hash and id", 8 + 16))
        if club is LARGE[0]:
            figures += _changes(club, station) + _searches(club, station)
        path.unlink()
        shutil.rmtree(station)
    return figures


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _open(station: Path) -> Iterator[Desk]:
    desk = Desk(station, card_key=CARD_KEY)
    try:
        yield desk
    finally:
        desk.close()


def _look_ups(station: Path, visits: Sequence[int], rounds: int) -> tuple[float, float]:
    """A card by its number, as the counter asks, beside a prepared SELECT by its hash; µs each, in turns.

    Both have just been opened, and keep as many pages in memory.
    """
    numbers = [card_number(each) for each in visits]
    hashes = [(card_hash(CARD_KEY, number),) for number in numbers]
    with _open(station) as desk:
        pointer = desk.file.pointer()
        with closing(driver.connect(str(station / pointer.name), isolation_level=None)) as bare:
            bare.execute(f"PRAGMA key = \"x'{pointer.key.hex()}'\"")
            bare.execute(f"PRAGMA cache_size = -{CACHE_KIB}")

            def select() -> None:
                for values in hashes:
                    assert bare.execute("SELECT member_id, status FROM card WHERE hash = ?", values).fetchone()

            def ask() -> None:
                for number in numbers:
                    assert desk.members.card(number)

            ours, theirs = in_turn(rounds, ask, select)
    return ours * _US / len(visits), theirs * _US / len(visits)


def _first_visits(station: Path) -> tuple[float, float]:
    """As ``_look_ups``, each card once; the median of several programs that were just started."""
    ours, bare = zip(*(_look_ups(station, FIRST_VISITS, 1) for _ in range(5)), strict=True)
    return median(ours), median(bare)


def changes(club: Club, count: int, seed: int) -> list[MemberPage]:
    """Pages of members who have bought: other points, one more purchase, a new last visit."""
    chance = random.Random(seed)  # noqa: S311 - made to be the same each time
    pages = []
    for number in range(count):
        changed = []
        for i in chance.sample(range(min(club.named, club.size)), PAGE):
            member = club.member(i)
            changed.append(MemberRecord(
                replace(member, points=member.points + number, purchases=member.purchases + 1, last_visit="2026-11-22"),
                tuple(CardLink(each, CardStatus.ACTIVE) for each in club.hashes(i))))
        pages.append(MemberPage(
            f"c{seed}-{number}", Position(INCARNATION, 1), tuple(changed), (), Stamp(STAMP.version, number), last=True))
    return pages


def _changes(club: Club, station: Path) -> list[Figure]:
    pages = changes(club, PAGES, 1)
    with _open(station) as desk:
        ours = [milliseconds(partial(desk.members.apply, page)) for page in pages]
        theirs = [milliseconds(partial(_bare_change, desk, page)) for page in pages]
    return [Figure(
        f"changes of members, {club.size:,} cards", PAGE / median(ours) * 1000, "/s",
        "bare UPDATE of the points", PAGE / median(theirs) * 1000)]


def _bare_change(desk: Desk, page: MemberPage) -> None:
    """Only the points, by id, in one durable transaction."""
    store = desk.members.store(desk.file.pointer())
    with closing(store), store.database.writing():
        store.database.execute_many("UPDATE member SET points = ?, purchases = ? WHERE member_id = ?", [
            (each.member.points, each.member.purchases, id_stored(each.member.member_id)) for each in page.changed])


def _questions(club: Club) -> list[str]:
    """What cashiers type: the beginning of a name or of two, last digits, a phone."""
    chance = random.Random(3)  # noqa: S311 - made to be the same each time
    made = []
    for number in range(SEARCHES):
        words = fold(name(i := chance.randrange(club.named)))
        phone = club.member(i).phone
        made.append((
            words[0][:chance.randint(2, 4)], f"{words[-1][:3]} {words[0]}", phone[-4:], phone, " ".join(words))[number % 5])
    return made


def _searches(club: Club, station: Path) -> list[Figure]:
    """Searches with nothing else going on, then while the feed writes without a pause."""
    questions = _questions(club)
    pages = changes(club, 40, 2)
    stop = threading.Event()
    started = threading.Event()

    def feed() -> None:
        with _open(station) as desk:
            while not stop.is_set():
                for page in pages:
                    desk.members.apply(page)
                    started.set()
                    if stop.is_set():
                        break

    with _open(station) as desk:
        quiet = _times(desk.members.search, questions)
        writer = threading.Thread(target=feed)
        writer.start()
        started.wait(30)
        busy = _times(desk.members.search, questions)
        stop.set()
        writer.join()
    label = f"search, {club.named:,} names"
    return [
        Figure(f"{label}, half of them", median(quiet), "ms", "no limit", median(quiet)),
        Figure(f"{label}, 99 of 100", _p99(quiet), "ms", "no limit", _p99(quiet)),
        Figure(f"{label}, half of them, feed running", median(busy), "ms", "without the feed", median(quiet)),
        Figure(f"{label}, 99 of 100, feed running", _p99(busy), "ms", "without the feed", _p99(quiet))]


def _times(search: Callable[[str], Sequence[object]], questions: list[str]) -> list[float]:
    times = []
    for question in questions:
        start = time.perf_counter()
        found = search(question)
        times.append((time.perf_counter() - start) * 1000)
        assert found, question
    return times


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]
