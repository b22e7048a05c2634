"""The count of the drawer that is not yet handed in: one for the open shift, kept over a lock and a power cut."""

import msgspec

from data.database import Database
from station.cash_count import Counting


class CashCountStore:
    """Over the journal's database, for the thread of that."""

    def __init__(self, database: Database) -> None:
        """Read from and write to ``database``."""
        self._database = database

    def kept(self, shift: int) -> Counting:
        """Return where the count of ``shift`` stands, an empty one where none was begun. Raises ``StationError`` 4xx."""
        row = self._database.row("SELECT document FROM cash_count")
        held = msgspec.json.decode(row[0], type=Counting) if row else None
        return held if held and held.shift == shift else Counting(shift)

    def keep(self, counting: Counting) -> None:
        """Keep ``counting``, durably, instead of any other. Raises ``StationError`` 4xx."""
        with self._database.writing():
            self._database.execute(
                "INSERT OR REPLACE INTO cash_count VALUES (1, ?)", (msgspec.json.encode(counting),))
