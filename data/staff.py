"""The people who work here, as head office sent them, in ``journal.db``."""

from collections.abc import Sequence

import msgspec

from data.cursors import FeedCursor
from data.database import Database
from station.feed import StaffPage
from station.people import StaffRecord


class StaffStore:
    """``station.ports.StaffReplica``, and the answer to who somebody is."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._cursor = FeedCursor(database, "staff")

    def person(self, staff_id: str) -> StaffRecord | None:
        """Return the person with this id."""
        return self._read("staff_id", staff_id)

    def wearing(self, badge: int) -> StaffRecord | None:
        """Return the person whose badge has this look-up hash."""
        return self._read("badge", badge)

    def people(self) -> Sequence[StaffRecord]:
        """Return everybody, in order of id."""
        return [msgspec.json.decode(row[0], type=StaffRecord)
                for row in self._database.rows("SELECT document FROM staff ORDER BY staff_id")]

    def cursor(self) -> str:
        """Return where the feed stands."""
        return self._cursor.cursor()

    def apply(self, page: StaffPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER."""
        with self._database.writing():
            self._cursor.move(page.cursor, page.version)
            self._database.execute_many("DELETE FROM staff WHERE staff_id = ?", [(gone,) for gone in page.gone])
            self._database.execute_many("INSERT OR REPLACE INTO staff VALUES (?, ?, ?)", [
                (each.staff_id, each.badge, msgspec.json.encode(each)) for each in page.changed])

    def _read(self, column: str, value: str | int) -> StaffRecord | None:
        row = self._database.row(f"SELECT document FROM staff WHERE {column} = ?", (value,))  # noqa: S608 - our names
        return msgspec.json.decode(row[0], type=StaffRecord) if row else None
