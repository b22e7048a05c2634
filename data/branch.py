"""One incarnation of a journal as the uploader sees it: what is unsent is the journal after one mark."""

from collections.abc import Sequence

from data.database import Database
from station.journal import GENESIS, EntryKind, Head, Stored


class Branch:
    """``station.ports.Outbox`` of one incarnation: places ``before`` + 1 through ``end`` (None: it goes on)."""

    def __init__(self, database: Database, incarnation: str, before: int, end: int | None) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self.incarnation = incarnation
        self.before = before
        self.end = end

    def head(self) -> Head:
        """Return the end of its chain."""
        seq = self._last()
        return Head(self.incarnation, seq, self.hash_at(seq))

    def mark(self) -> int:
        """Return the highest acknowledged seq."""
        row = self._database.row("SELECT mark FROM incarnation WHERE before = ?", (self.before,))
        return int(row[0]) if row else 0

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        """Return at most ``limit`` entries after ``seq``."""
        return [
            Stored(row[0] - self.before, EntryKind(row[1]), row[2], row[3], row[0], self.incarnation)
            for row in self._database.rows(
                "SELECT place, kind, raw, hash FROM entry WHERE place > ? AND place <= ? ORDER BY place LIMIT ?",
                (self.before + seq, self.before + self._last(), limit))]

    def hash_at(self, seq: int) -> bytes:
        """Return the hash of entry ``seq``, 32 zero bytes for 0; ``KeyError`` when it is not kept."""
        if seq == 0:
            return GENESIS
        place = self.before + seq
        row = self._database.row("SELECT hash FROM entry WHERE place = ?", (place,)) if self._inside(seq) else None
        row = row or self._database.row("SELECT compacted_hash FROM station WHERE compacted = ?", (place,))
        if row is None:
            raise KeyError(seq)
        return bytes(row[0])

    def acknowledge(self, seq: int) -> None:
        """Move the mark to ``seq``: forward after a receipt, back when head office was restored."""
        with self._database.writing():
            self._database.execute("UPDATE incarnation SET mark = ? WHERE before = ?", (seq, self.before))

    def _last(self) -> int:
        if self.end is not None:
            return self.end - self.before
        row = self._database.row("SELECT max(place) FROM entry")
        return int(row[0] or self.before) - self.before if row else 0

    def _inside(self, seq: int) -> bool:
        return self.end is None or self.before + seq <= self.end
