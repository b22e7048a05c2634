"""Baskets put aside, in ``journal.db`` beside the one in hand: they outlive the program, and each is recalled once."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from data.database import Database
from data.personal import anonymous
from station.parked import Parked


class ParkedStore:
    """``station.parked.ParkedBaskets`` over an open ``journal.db``, for one thread."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database

    def park(self, parked: Parked) -> None:
        """Keep ``parked``, and have no basket in hand.

        In a file that is not encrypted nothing personal of its member is kept.
        """
        if not self._database.encrypted:
            parked = replace(parked, held=anonymous(parked.held))
        with self._database.writing():
            self._database.execute(
                "INSERT INTO parked VALUES (?, ?, ?)",
                (parked.parked_id, parked.at.utc_us, msgspec.json.encode(parked)))
            self._database.execute("DELETE FROM open_basket")

    def parked(self) -> Sequence[Parked]:
        """Return those that wait, oldest first."""
        return [msgspec.json.decode(row[0], type=Parked) for row in self._database.rows(
            "SELECT document FROM parked ORDER BY at_us, basket_id")]

    def unpark(self, parked_id: str) -> Parked | None:
        """Make it the basket in hand; of two programs that ask at once one gets None."""
        with self._database.writing():
            row = self._database.row("SELECT document FROM parked WHERE basket_id = ?", (parked_id,))
            if row is None:
                return None
            parked = msgspec.json.decode(row[0], type=Parked)
            self._database.execute("DELETE FROM parked WHERE basket_id = ?", (parked_id,))
            self._database.execute(
                "INSERT OR REPLACE INTO open_basket VALUES (1, ?, ?)", (parked_id, msgspec.json.encode(parked.held)))
            return parked
