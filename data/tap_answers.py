"""The next answers of chips and the codes taken here, in ``journal.db``: hashes only, by hashes of cards."""

from data.cursors import FeedCursor
from data.database import Database
from station.card import ProofKind
from station.card_seen import CardSeen
from station.card_trust import AnswersPage, Window
from station.member_pass import AHEAD_S, LIFE_S

KEPT_S = LIFE_S + AHEAD_S + 3600
"""How long a phone's code that was taken is remembered: an hour longer than any clock can make it good."""


class TapAnswerStore:
    """``station.card_trust.TapAnswers`` and ``AnswersReplica``."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._cursor = FeedCursor(database, "answers")

    def window(self, card: int) -> Window | None:
        """Return what is known of a chip's codes, or None."""
        row = self._database.row("SELECT counter, first, answers FROM tap_answer WHERE card = ?", (card,))
        return Window(*row) if row else None

    def was_taken(self, card: int, moment: int, mark: str) -> bool:
        """Return whether this very code of a phone was taken here before."""
        return self._database.row(
            "SELECT 1 FROM pass_taken WHERE moment = ? AND card = ? AND mark = ?", (moment, card, mark)) is not None

    def cursor(self) -> str:
        """Return where the feed stands."""
        return self._cursor.cursor()

    def apply(self, page: AnswersPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction; a counter that is higher here stays.

        Raises ``StationError`` FEED_OLDER.
        """
        with self._database.writing():
            self._cursor.move(page.cursor, page.version)
            self._database.execute_many("DELETE FROM tap_answer WHERE card = ?", [(card,) for card in page.gone])
            self._database.execute_many(
                "INSERT INTO tap_answer VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " counter = max(counter, excluded.counter), first = excluded.first, answers = excluded.answers",
                [(card, window.counter, window.first, window.answers) for card, window in page.changed])


def note_seen(database: Database, seen: CardSeen) -> None:
    """Remember a code that was taken, inside the transaction that writes its entry."""
    if not seen.is_taken:
        return
    if seen.kind is ProofKind.SUN:
        database.execute(
            "INSERT INTO tap_answer VALUES (?, ?, 0, x'') ON CONFLICT DO UPDATE SET counter = max(counter, excluded.counter)",
            (seen.card, seen.counter))
    else:
        database.execute("DELETE FROM pass_taken WHERE moment < ?", (seen.counter - KEPT_S,))
        database.execute(
            "INSERT OR IGNORE INTO pass_taken VALUES (?, ?, ?)", (seen.counter, seen.card, seen.mark))
