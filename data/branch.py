"""One incarnation of a journal as the uploader sees it, or a branch of one: what is unsent is the journal after one mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.database import Database
from data.own_sales import Range
from station.journal import GENESIS, EntryKind, Head, Personal, Position, Stored


@dataclass(frozen=True, slots=True)
class Part:
    """A row of table ``incarnation``: the places after ``before`` are entries after ``base`` of ``origin``.

    ``of`` is None, and ``base`` 0, but for a branch; the entries of a branch name the incarnation
    ``origin``, under which they were written.
    """

    before: int
    name: str
    of: str | None
    base: int
    origin: str

    def seq(self, place: int) -> int:
        """Return the seq of the entry at ``place``."""
        return place - self.before + self.base

    def place(self, seq: int) -> int:
        """Return the place of entry ``seq``."""
        return seq - self.base + self.before


def parts(database: Database) -> list[Part]:
    """Return the parts of an open ``journal.db``, in their order. Those of an incarnation lie together."""
    found: list[Part] = []
    for before, name, of, base in database.rows("SELECT before, id, of, base FROM incarnation ORDER BY before"):
        found.append(Part(before, name, of, base, found[-1].origin if of and found else name))
    return found


class Branch:
    """``station.ports.Outbox`` of one part: through place ``end`` (None: it goes on)."""

    def __init__(self, database: Database, part: Part, end: int | None) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self.part = part
        self.incarnation = part.name
        self.end = end

    def head(self) -> Head:
        """Return the end of its chain."""
        seq = self._last()
        return Head(self.incarnation, seq, self.hash_at(seq), self.part.of or "", self.part.base)

    def mark(self) -> int:
        """Return the highest acknowledged seq."""
        row = self._database.row("SELECT mark FROM incarnation WHERE before = ?", (self.part.before,))
        return int(row[0]) if row else 0

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        """Return at most ``limit`` entries after ``seq``, each with what it still keeps of people."""
        return [
            Stored(self.part.seq(row[0]), EntryKind(row[1]), row[2], row[3], row[0], self.part.origin,
                   Personal(row[4], row[5]) if row[4] else None)
            for row in self._database.rows(
                "SELECT place, kind, raw, hash, salt, document FROM entry LEFT JOIN personal USING (place)"
                " WHERE place > ? AND place <= ? ORDER BY place LIMIT ?",
                (self.part.place(seq), self.part.place(self._last()), limit))]

    def hash_at(self, seq: int) -> bytes:
        """Return the hash of entry ``seq``, 32 zero bytes for 0; ``KeyError`` when it is not kept.

        Of a branch that is one from its base on.
        """
        if seq == 0:
            return GENESIS
        place = self.part.place(seq)
        row = self._database.row("SELECT hash FROM entry WHERE place = ?", (place,)) if self._inside(seq) else None
        row = row or self._database.row("SELECT compacted_hash FROM station WHERE compacted = ?", (place,))
        if row is None:
            raise KeyError(seq)
        return bytes(row[0])

    def acknowledge(self, seq: int) -> None:
        """Move the mark to ``seq``: forward after a receipt, back when head office was restored; never before the base."""
        with self._database.writing():
            self._database.execute(
                "UPDATE incarnation SET mark = ? WHERE before = ?", (max(seq, self.part.base), self.part.before))

    def _last(self) -> int:
        if self.end is not None:
            return self.part.seq(self.end)
        row = self._database.row("SELECT max(place) FROM entry")
        return self.part.seq(int(row[0] or self.part.before)) if row else 0

    def _inside(self, seq: int) -> bool:
        return seq >= self.part.base and (self.end is None or self.part.place(seq) <= self.end)


def uncounted(branches: Sequence[Branch], position: Position | None) -> tuple[Range, ...]:
    """Return the places of a journal, by all its ``branches``, that the balances as of ``position`` do not count.

    They are those after it: in its own incarnation, and in those that began later. One in
    another incarnation counts nothing of the last, and of earlier ones what head office
    acknowledged. None counts nothing at all.
    """
    ranges, reached = list[Range](), position is None
    for each in branches:
        if position and each.incarnation == position.incarnation:
            seq, reached = position.seq, True
        else:
            seq = each.part.base if reached or each is branches[-1] else each.mark()
        ranges.append((each.part.place(seq), each.end))
    return tuple(ranges)
