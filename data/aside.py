"""What head office put aside of this station's entries, in ``journal.db``: told to people until it is mended.

It is head office's affair, and asked for anew with every exchange; what is here is what was said
last, and whether somebody looked at it.
"""

from collections.abc import Sequence

from data.database import Database
from station.put_aside import AsideCode, AsideCount, PutAside


class AsideStore:
    """``station.put_aside.AsideBook`` over an open ``journal.db``, for the thread of that."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def note(self, found: Sequence[PutAside]) -> None:
        """Add ``found``; what is known already is left as it is."""
        if found:
            with self._database.writing():
                self._add(found)

    def replace(self, found: Sequence[PutAside]) -> None:
        """Keep exactly ``found``; nothing is written when that is what is here."""
        if sorted(found, key=_place) == list(self.listed()):
            return
        with self._database.writing():
            seen = {(row[0], row[1]) for row in self._database.rows("SELECT incarnation, seq FROM put_aside WHERE seen")}
            self._database.execute("DELETE FROM put_aside")
            self._add(found, frozenset(seen))

    def settled(self, incarnation: str, seq: int, reason: str) -> None:
        """Take one out ("" as ``reason``), or keep why it stays."""
        with self._database.writing():
            if reason:
                self._database.execute(
                    "UPDATE put_aside SET reason = ? WHERE incarnation = ? AND seq = ?", (reason, incarnation, seq))
            else:
                self._database.execute("DELETE FROM put_aside WHERE incarnation = ? AND seq = ?", (incarnation, seq))

    def listed(self) -> Sequence[PutAside]:
        """Return all that stands aside, in order of journal and seq."""
        return [PutAside(incarnation, seq, reason, AsideCode(code)) for incarnation, seq, reason, code in self._database.rows(
            "SELECT incarnation, seq, reason, code FROM put_aside ORDER BY incarnation, seq")]

    def count(self) -> AsideCount:
        """Return how many stand aside, and how many of them nobody has looked at."""
        row = self._database.row("SELECT count(*), count(*) - coalesce(sum(seen), 0) FROM put_aside")
        return AsideCount(*row) if row else AsideCount()

    def saw(self) -> None:
        """Take note that somebody looked at all of it; nothing is written when somebody had."""
        if self.count().unseen:
            with self._database.writing():
                self._database.execute("UPDATE put_aside SET seen = TRUE")

    def _add(self, found: Sequence[PutAside], seen: frozenset[tuple[str, int]] = frozenset()) -> None:
        for each in found:
            self._database.execute(
                "INSERT OR IGNORE INTO put_aside VALUES (?, ?, ?, ?, ?)",
                (each.incarnation, each.seq, each.code.value, each.reason, _place(each) in seen))


def _place(each: PutAside) -> tuple[str, int]:
    return each.incarnation, each.seq
