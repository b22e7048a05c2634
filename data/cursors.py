"""Where the feeds that lie in ``journal.db`` stand."""

from data.database import Database
from station.errors import ErrorCode, StationError


class FeedCursor:
    """The cursor of one feed, kept in the transaction that applies its pages."""

    def __init__(self, database: Database, feed: str) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._feed = feed

    def cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        row = self._database.row("SELECT cursor FROM cursor WHERE feed = ?", (self._feed,))
        return row[0] if row else ""

    def move(self, cursor: str, version: int) -> None:
        """Keep ``cursor`` inside the caller's transaction.

        Raises ``StationError`` FEED_OLDER when head office stood at a lower ``version`` than before:
        an old state must not come back.
        """
        row = self._database.row("SELECT version FROM cursor WHERE feed = ?", (self._feed,))
        if row and version < row[0]:
            raise StationError(ErrorCode.FEED_OLDER, feed=self._feed, offered=version, held=row[0])
        self._database.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)", (self._feed, cursor, version))
