"""The member book: who a card or a phone belongs to, from ``members.db``. No card number is in it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from data.database import Database, Row
from data.migrations import MEMBERS
from station.bonus import Birth
from station.card import Card, CardStatus
from station.card_hash import card_hash
from station.feed import MemberPage
from station.journal import Position
from station.member import Member

_MEMBER = "SELECT member_id, name, phone, tier, points, last_visit, segments, birth, purchases FROM member"
_SEGMENTS = msgspec.json.Decoder(tuple[str, ...])
_BIRTH = msgspec.json.Decoder(Birth | None)


class MemberStore:
    """``station.ports.MemberBook`` and ``MemberReplica`` over ``members.db``, for one thread."""

    def __init__(self, path: Path, key: bytes, card_key: bytes) -> None:
        """Open or create the file under ``key``; ``card_key`` is the club's look-up key."""
        self.database = Database(path, key, MEMBERS)
        self._card_key = card_key

    def card(self, number: str) -> Card | None:
        """Return the card with this number."""
        row = self.database.row(
            "SELECT member_id, status FROM card WHERE hash = ?",
            (card_hash(self._card_key, number),))
        return Card(row[0], CardStatus(row[1])) if row else None

    def member(self, member_id: str) -> Member | None:
        """Return the member with this id."""
        row = self.database.row(f"{_MEMBER} WHERE member_id = ?", (member_id,))
        return _member(row) if row else None

    def by_phone(self, phone: str) -> Sequence[Member]:
        """Return the members with exactly this phone, in order of id."""
        return [_member(row) for row in self.database.rows(
            f"{_MEMBER} WHERE phone = ? ORDER BY member_id", (phone,))]

    def projected_through(self) -> Position | None:
        """Return up to which of this station's entries the balances and purchases count."""
        row = self.database.row("SELECT incarnation, projected FROM feed")
        return Position(row[0], row[1]) if row else None

    def cursor(self) -> str:
        """Return where the feed stands."""
        row = self.database.row("SELECT cursor FROM feed")
        return row[0] if row else ""

    def count(self) -> int:
        """Return how many members are cached."""
        row = self.database.row("SELECT count(*) FROM member")
        return int(row[0]) if row else 0

    def apply(self, page: MemberPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction."""
        ids = [(record.member.member_id,) for record in page.changed]
        gone = [(member_id,) for member_id in page.gone]
        with self.database.writing():
            self.database.execute_many("DELETE FROM member WHERE member_id = ?", gone)
            self.database.execute_many("DELETE FROM card WHERE member_id = ?", ids + gone)
            self.database.execute_many(
                "INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_row(record.member) for record in page.changed])
            self.database.execute_many(
                "INSERT OR REPLACE INTO card VALUES (?, ?, ?)",
                [(link.hash, record.member.member_id, link.status.value)
                 for record in page.changed for link in record.cards])
            self.database.execute(
                "INSERT OR REPLACE INTO feed VALUES (1, ?, ?, ?)",
                (page.cursor, page.projected.incarnation, page.projected.seq))

    def close(self) -> None:
        """Close the file."""
        self.database.close()


def _member(row: Row) -> Member:
    member_id, name, phone, tier, points, last_visit, segments, birth, purchases = row
    return Member(
        member_id, name, phone, tier, points, last_visit, _SEGMENTS.decode(segments), _BIRTH.decode(birth), purchases)


def _row(member: Member) -> Row:
    return (
        member.member_id, member.name, member.phone, member.tier, member.points, member.last_visit,
        msgspec.json.encode(member.segments), msgspec.json.encode(member.birth), member.purchases)
