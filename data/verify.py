"""Checks a journal from its first kept byte to its last derived row, names the first bad place, and rebuilds."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

import msgspec

from data.branch import Part, parts
from data.derived import TABLES, Derived, Fold, decode, insert_into
from data.journal import JournalStore, commitment
from station.journal import GENESIS, Checkpoint, EntryKind, Opened, branch_name, chain

PAGE = 1000
Step = Callable[[int, int], None]


def _unwatched(_done: int, _last: int) -> None:
    """Take no notice of how far it is."""


def verify(journal: JournalStore, step: Step = _unwatched) -> Iterator[str]:
    """Yield a sentence for each thing wrong with ``journal``; nothing at all when it is sound.

    Checked: SQLite's and SQLCipher's own integrity, gaps, the hash chain over the stored bytes,
    that each entry decodes as its kind and names its own place, that an incarnation begins after
    the end it names, that what is kept of people is what the entry committed to, that the marks are
    inside the journal, and that the derived tables are exactly what the entries make.

    ``step`` is told, page by page once the file itself was read, how many entries are done and which
    is the last; what it raises ends the check.
    """
    broken = journal.database.faults()
    if broken:
        yield from (f"the file itself: {fault}" for fault in broken)
        return
    with journal.database.reading():  # the counter may be selling
        yield from _contents(journal, step)


def _contents(journal: JournalStore, step: Step) -> Iterator[str]:
    walk = _Walk(journal, step)
    yield from walk.faults()
    if walk.ended:
        return
    yield from walk.marks()
    made = walk.fold.tables()
    for table in TABLES:
        yield from _compare(table, made[table], rows_of(journal, table))


def rebuild(journal: JournalStore) -> int:
    """Drop all derived rows and make them anew from the entries, in one transaction; return how many rows.

    Raises ``ValueError`` when the entries themselves are broken: then nothing was changed.
    """
    with journal.database.writing():
        walk = _Walk(journal)
        fault = next(walk.faults(), None)
        if fault:
            raise ValueError(fault)
        made = walk.fold.tables()
        for table, rows in made.items():
            journal.database.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
            if rows:
                journal.database.execute_many(insert_into(table, len(rows[0])), rows)
    return sum(map(len, made.values()))


def rows_of(journal: JournalStore, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a derived ``table`` in the order of its key."""
    return journal.database.rows(f"SELECT * FROM {table} ORDER BY {TABLES[table]}")  # noqa: S608 - our names


def _kept(parts: Sequence[bytes]) -> Iterator[Derived]:
    """Yield the derived tables of each of a checkpoint's ``parts``. Raises ``ValueError`` for other bytes."""
    for part in parts:
        try:
            yield msgspec.json.decode(zlib.decompress(part), type=Derived)
        except zlib.error as error:
            raise ValueError(str(error)) from error


class _Walk:
    """One reading of all entries that are kept, in order. ``ended``: the chain broke, nothing after can be judged."""

    def __init__(self, journal: JournalStore, step: Step = _unwatched) -> None:
        self._step = step
        row = journal.database.row("SELECT station, compacted, compacted_hash FROM station")
        self._station, self._place, held = row or ("", 0, None)
        self._compacted, self._previous = self._place, bytes(held or GENESIS)
        self._cut = Checkpoint(self._compacted, self._previous.hex(), "")
        self._parts = {part.before: part for part in parts(journal.database)}
        self._journal = journal
        self.fold = Fold()
        self.ended = False

    def faults(self) -> Iterator[str]:
        """Fold every entry, on what those that were cut off had made; yield what is amiss."""
        parts = [row[0] for row in self._journal.database.rows("SELECT state FROM checkpoint ORDER BY place")]
        self._cut = replace(self._cut, state=reduce(chain, parts, GENESIS).hex())
        try:
            self.fold = Fold(_kept(parts))
        except ValueError as error:
            self.ended = True
            yield f"what was kept of the entries that were cut off does not decode: {error}"
            return
        yield from self._entries()
        if self._compacted and not self.ended and self._cut.state:
            yield f"no checkpoint names what was cut off through entry {self._compacted}"

    def _entries(self) -> Iterator[str]:
        part = self._part_after(self._place)
        last = self._journal.database.rows("SELECT coalesce(max(place), ?) FROM entry", (self._place,))[0][0]
        self._step(self._place, last)
        while page := self._journal.database.rows(
                "SELECT place, kind, raw, hash FROM entry WHERE place > ? ORDER BY place LIMIT ?", (self._place, PAGE)):
            for place, kind, raw, digest in page:
                ended = self._previous
                if self._place in self._parts:
                    part = self._parts[self._place]
                    self._previous = self._previous if part.of else GENESIS
                self._place += 1
                wrong = ("is missing" if place != self._place else
                         "breaks the chain" if chain(self._previous, raw) != digest else "")
                if wrong:
                    self.ended = True
                    yield f"entry {self._place} {wrong}"
                    return
                self._previous = digest
                if part.of and place == part.before + 1 and part.name != branch_name(part.of, digest):
                    yield f"the branch {part.name} is not named after entry {place}"
                yield from self._entry(kind, raw, part, ended)
            self._step(self._place, last)

    def _part_after(self, place: int) -> Part:
        """Return the part that the entry after ``place`` is in."""
        starts = [start for start in self._parts if start <= place]
        return self._parts[max(starts)] if starts else Part(0, "", None, 0, "")

    def _entry(self, kind: str, raw: bytes, part: Part, ended: bytes) -> Iterator[str]:
        """Judge the entry just reached, of ``part``; ``ended`` is the hash before it."""
        place = self._place
        try:
            entry = decode(raw, EntryKind(kind))
        except (msgspec.DecodeError, ValueError) as error:
            yield f"entry {place} does not decode: {error}"
            return
        if (entry.station, entry.incarnation, entry.seq) != (self._station, part.origin, part.seq(place)):
            yield f"entry {place} names another place"
        if entry.kind != kind:
            yield f"entry {place} is kept as another kind than it says"
        body = entry.body
        if isinstance(body, Opened) and body.after and (
                (body.after.seq, body.after_hash) != (self._length_before(part.before), ended.hex())):
            yield f"entry {place} names another end of the incarnation before"
        kept = self._journal.database.row("SELECT salt, document FROM personal WHERE place = ?", (place,))
        if kept and commitment(*kept) != entry.personal:
            yield f"entry {place} keeps other personal data than it committed to"
        if isinstance(body, Checkpoint) and body.through == self._compacted:
            if body != self._cut:
                yield f"what was cut off is not what checkpoint {place} names"
            self._cut = replace(self._cut, state="")
        self.fold.take(entry, place)

    def _length_before(self, before: int) -> int:
        """Return how many entries the incarnation has that ends at place ``before``."""
        return self._part_after(before - 1).seq(before)

    def marks(self) -> Iterator[str]:
        """Yield what is wrong with the marks, once all entries were read."""
        marks: dict[int, int] = dict(self._journal.database.rows("SELECT before, mark FROM incarnation"))
        ends = [*list(self._parts)[1:], self._place]
        for part, end in zip(self._parts.values(), ends, strict=True):
            if not part.base <= marks[part.before] <= part.seq(end):
                yield f"the mark {marks[part.before]} is outside incarnation {part.name} of {part.seq(end)} entries"
        printed = self._journal.database.row("SELECT printed FROM station")
        if printed and not 0 <= printed[0] <= self._place:
            yield f"the mark {printed[0]} of what was printed is outside the journal of {self._place} entries"


def _compare(table: str, made: list[tuple[object, ...]], held: list[tuple[object, ...]]) -> Iterator[str]:
    width = TABLES[table].count(",") + 1
    for want, have in zip(made, held, strict=False):
        if want != have:
            yield f"table {table}: the row of {min(want[:width], have[:width])} is not what the journal makes"
            return
    if len(made) != len(held):
        yield f"table {table}: {len(held)} rows, the journal makes {len(made)}"
