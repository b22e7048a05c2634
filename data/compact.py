"""Compaction: what head office has, of shifts long closed, is cut off the front of the journal.

What the entries that go made of the derived tables is kept as one part of JSON, compressed, and a
CHECKPOINT entry says which place they went through, with which hash, and the hash of all parts so
far. The chain goes on from there and so does a rebuild: the derived tables stay as they are. What
can no longer be done with a sale that is cut off is to take its goods back offline.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from data.derived import Derived, Fold, decode
from data.journal import JournalStore
from data.verify import PAGE, verify
from station.clock import MICROSECONDS_PER_MINUTE, MINUTES_PER_DAY, Moment
from station.errors import ErrorCode, StationError
from station.journal import GENESIS, Checkpoint, Draft, EntryKind, chain
from station.people import SYSTEM
from station.shift import Shift, ShiftClosed

DEFAULT_DAYS, LEAST_DAYS = 400, 90
MOST_ENTRIES = 2000
"""Of one transaction: the counter waits for it no longer than for a slow disk."""


class _When(msgspec.Struct, frozen=True):
    """The part of an entry that says when it was written."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Cut:
    """One transaction of a compaction: ``entries`` went, ``through`` that place."""

    through: int
    entries: int


def compact(journal: JournalStore, days: int, now: Moment, most: int = MOST_ENTRIES) -> Iterator[Cut]:
    """Cut off what is acknowledged, older than ``days`` and of closed shifts; yield after each transaction.

    A transaction takes at most ``most`` entries, but at least one shift. The last sale stays with all after it. Raises ``ValueError`` for fewer than 90 days,
    ``StationError`` JOURNAL_BROKEN when the journal is not sound (nothing is changed then), or 4xx.
    """
    if days < LEAST_DAYS:
        message = f"entries are kept for at least {LEAST_DAYS} days, got {days}"
        raise ValueError(message)
    fault = next(verify(journal), None)
    if fault:
        raise StationError(ErrorCode.JOURNAL_BROKEN, reason=fault)
    before_us = now.utc_us - days * MINUTES_PER_DAY * MICROSECONDS_PER_MINUTE
    start = compacted(journal)
    ends = list(_ends(journal, start, before_us))
    while ends:
        near = [end for end in ends if end <= start + most] or ends[:1]
        if not _cut(journal, start, near[-1], now):
            return
        yield Cut(near[-1], near[-1] - start)
        start, ends = near[-1], ends[len(near):]


def compacted(journal: JournalStore) -> int:
    """Return the place through which entries were cut off, 0 for none."""
    row = journal.database.row("SELECT compacted FROM station")
    return int(row[0]) if row else 0


def acknowledged(journal: JournalStore) -> int:
    """Return the place through which head office has everything, over all incarnations."""
    place = 0
    for branch in journal.branches():
        place = branch.part.place(branch.mark())
        if branch.end is None or place < branch.end:
            break
    return place


def _ends(journal: JournalStore, start: int, before_us: int) -> Iterator[int]:
    """Yield the places after ``start`` at which every shift was closed, while all is old and acknowledged.

    A clock that stood wrong makes entries look older or younger: an entry is as young as the
    youngest before it, so none goes too early.
    """
    last_sale = journal.last_sale()
    limit = min(acknowledged(journal), last_sale - 1 if last_sale else 0)
    place, open_shifts = start, set[int]()
    while page := list(journal.entries(place, PAGE)):
        for stored in page:
            place = stored.place
            if place > limit or msgspec.json.decode(stored.raw, type=_When).at.utc_us >= before_us:
                return
            if stored.kind in (EntryKind.SHIFT_OPENED, EntryKind.SHIFT_CLOSED):
                body = decode(stored.raw, stored.kind).body
                if isinstance(body, Shift):
                    open_shifts.add(body.number)
                elif isinstance(body, ShiftClosed):
                    open_shifts.discard(body.shift)
                    if not open_shifts:
                        yield place


def _cut(journal: JournalStore, start: int, through: int, now: Moment) -> bool:
    """Cut off the entries after ``start`` through ``through`` in one transaction.

    Returns whether it was done: not when another program did it, or head office lost entries meanwhile.
    """
    made, last = _made(journal, start, through)
    part = zlib.compress(msgspec.json.encode(made))
    database = journal.database
    with database.writing():
        if compacted(journal) != start or acknowledged(journal) < through:
            return False
        state = chain(_state(journal), part)
        checkpoint = Draft(EntryKind.CHECKPOINT, now, SYSTEM, Checkpoint(through, last.hex(), state.hex()))
        stored = journal._write(checkpoint)  # noqa: SLF001 - in one transaction with what it says
        database.execute("INSERT INTO checkpoint VALUES (?, ?)", (stored.place, part))
        database.execute(
            "UPDATE station SET compacted = ?, compacted_hash = ?, printed = max(printed, ?)", (through, last, through))
        for table in ("entry", "personal"):
            database.execute(f"DELETE FROM {table} WHERE place <= ?", (through,))  # noqa: S608 - our names
    return True


def _state(journal: JournalStore) -> bytes:
    """Return the hash of all parts kept so far: the last CHECKPOINT says it, and no cut reaches that one."""
    row = journal.database.row("SELECT raw FROM entry WHERE place = (SELECT max(place) FROM checkpoint)")
    body = decode(row[0], EntryKind.CHECKPOINT).body if row else None
    return bytes.fromhex(body.state) if isinstance(body, Checkpoint) else GENESIS


def _made(journal: JournalStore, start: int, through: int) -> tuple[Derived, bytes]:
    """Return what the entries after ``start`` through ``through`` made of the derived tables, and the last one's hash."""
    fold, place, last = Fold(), start, b""
    while place < through:
        for stored in journal.entries(place, min(PAGE, through - place)):
            fold.take(decode(stored.raw, stored.kind), stored.place)
            place, last = stored.place, stored.hash
    return fold.tables(), last
