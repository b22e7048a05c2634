"""The reservations this station asked head office for, in ``journal.db``: none is lost to a crash.

One is ASKED until the sale that names it makes it SOLD, in the same transaction, or until it is
DROPPED. It is forgotten when head office knows what became of it. See ``station.spending``.
"""

from collections.abc import Sequence

from data.database import Database
from station.journal import Position
from station.spending import Hold

_KEEP = "INSERT INTO hold (reservation_id, kind, account, amount, sale_id, state) VALUES (?, ?, ?, ?, ?, 'ASKED')"


class HoldStore:
    """``station.spending.HoldBook`` over an open ``journal.db``, for one thread."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database

    def remember(self, hold: Hold) -> None:
        """Keep ``hold``, durably. Raises ``StationError`` 4xx."""
        with self._database.writing():
            self._database.execute(
                _KEEP, (hold.reservation_id, hold.kind.value, hold.account, hold.amount, hold.sale_id))

    def drop(self, reservation_ids: Sequence[str]) -> None:
        """Have these given back; not those a sale in the journal names."""
        if reservation_ids:
            with self._database.writing():
                self._database.execute_many(
                    "UPDATE hold SET state = 'DROPPED' WHERE reservation_id = ? AND state = 'ASKED'",
                    [(each,) for each in reservation_ids])

    def drop_open(self) -> None:
        """Have all given back that no sale in the journal names."""
        if self._database.row("SELECT 1 FROM hold WHERE state = 'ASKED' LIMIT 1"):
            with self._database.writing():
                self._database.execute("UPDATE hold SET state = 'DROPPED' WHERE state = 'ASKED'")

    def sold(self) -> Sequence[tuple[str, Position]]:
        """Return the reservations that sales in the journal name, with the place of each sale's entry."""
        return [(row[0], Position(row[1], row[2])) for row in self._database.rows(
            "SELECT reservation_id, incarnation, seq FROM hold WHERE state = 'SOLD' ORDER BY rowid")]

    def dropped(self) -> Sequence[str]:
        """Return the reservations that are to be given back."""
        return [row[0] for row in self._database.rows(
            "SELECT reservation_id FROM hold WHERE state = 'DROPPED' ORDER BY rowid")]

    def forget(self, reservation_id: str) -> None:
        """Drop what head office knows the end of; one whose sale is not decided stays."""
        with self._database.writing():
            self._database.execute("DELETE FROM hold WHERE reservation_id = ? AND state <> 'ASKED'", (reservation_id,))
