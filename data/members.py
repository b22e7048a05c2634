"""A member book in one file: who a card, a phone or a name belongs to. No card number is in it."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.database import Database, Row
from data.member_rows import (
    MEMBER_FIELDS,
    STATUSES,
    Id,
    coupon_row,
    hashes_read,
    holder_row,
    id_read,
    id_stored,
    member_read,
    member_row,
    person_row,
    starts_stored,
    status_stored,
    text_stored,
    texts_from,
)
from data.migrations import MEMBERS
from data.own_coupons import number_stored
from station.card import Card, CardLink, CardStatus
from station.card_hash import CardHasher
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.member import Member
from station.search import LAST_DIGITS, MOST_FOUND, MOST_WORDS, Wanted, wanted

CACHE_KIB = 32_000
"""The cards of five thousand regular customers, each on a page of its own among ten million, and the way to them."""

MOST_CANDIDATES = 1000
"""How many people at most are looked at for one search, of those who share the rarest word typed."""

MOST_COUNTED = 2000
"""How far it is counted which word is the rarest."""

_SCREENFUL = MOST_FOUND * MOST_WORDS
"""Rows of names in which there are at least ``MOST_FOUND`` people."""

_CARD = "SELECT member_id, status, holder FROM card WHERE hash = ?"
_MEMBER = f"SELECT {MEMBER_FIELDS} FROM member m LEFT JOIN person p ON p.number = m.person WHERE m.member_id = ?"  # noqa: S608 - our names
_PERSON = f"SELECT {MEMBER_FIELDS} FROM person p JOIN member m USING (member_id)"  # noqa: S608 - our names
_HELD = (
    "SELECT m.cards, m.person, p.member_id, p.name, p.phone, p.birth"
    " FROM member m LEFT JOIN person p ON p.number = m.person WHERE m.member_id = ?")
_NOBODY: Row = (b"", None, None, None, None, None)
_BEGINNING = "SELECT person FROM name WHERE start >= ? AND start < ?"


class MemberStore:
    """``station.ports.MemberBook`` and ``MemberReplica`` over one member file, for one thread."""

    def __init__(self, path: Path, key: bytes, card_key: bytes) -> None:
        """Open or create the file under ``key``; ``card_key`` is the club's look-up key."""
        self.database = Database(path, key, MEMBERS, CACHE_KIB)
        self._hasher = CardHasher(card_key)

    def card(self, number: str) -> Card | None:
        """Return the card with this number."""
        return self.card_of(self._hasher.hash(number))

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        return self._hasher.hash(number)

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash."""
        row = self.database.row(_CARD, (card,))
        return Card(id_read(row[0]), STATUSES[row[1]], row[2] or "") if row else None

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return the cards of a member, in the order of the feed."""
        row = self.database.row("SELECT cards FROM member WHERE member_id = ?", (id_stored(member_id),))
        found = ((card, self.card_of(card)) for card in hashes_read(row[0])) if row else ()
        return [CardLink(card, held.status, held.holder) for card, held in found if held and held.member_id == member_id]

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account, in order of their ids."""
        return [Holder(*row) for row in self.database.rows(
            "SELECT holder_id, name, points_per_day, value_per_day FROM holder WHERE member_id = ? ORDER BY holder_id",
            (id_stored(member_id),))]

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Return the coupons of a member that head office knows to be open and that are not over on local ``day``, by code."""
        return [GivenCoupon(code, promotion, last_day, member_id) for code, promotion, last_day in self.database.rows(
            "SELECT code, promotion, last_day FROM coupon WHERE member_id = ? AND last_day >= ? ORDER BY code",
            (id_stored(member_id), day))]

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the same of any member that have this printed number."""
        return [GivenCoupon(code, promotion, last_day, id_read(owner)) for code, promotion, last_day, owner in self.database.rows(
            "SELECT code, promotion, last_day, member_id FROM coupon WHERE number = ? ORDER BY code", (number_stored(number),))]

    def member(self, member_id: str) -> Member | None:
        """Return the member with this id."""
        row = self.database.row(_MEMBER, (id_stored(member_id),))
        return member_read(row) if row else None

    def search(self, text: str) -> Sequence[Member]:
        """Return at most ``MOST_FOUND`` members, in order of phone or else of name.

        Those whose name goes on as typed come before those who have the words in another order.
        """
        asked = wanted(text)
        found: dict[str, Member] = {}
        for each in () if asked.is_empty else self._candidates(asked):
            if asked.matches(each.name, each.phone):
                found[each.member_id] = each
            if len(found) == MOST_FOUND:
                break
        return list(found.values())

    def _candidates(self, asked: Wanted) -> Iterator[Member]:
        if asked.digits:
            last = asked.digits[::-1]
            end = "~" if len(last) == LAST_DIGITS else "\0"  # behind all that begins so, or behind this alone
            yield from map(member_read, self.database.rows(
                f"{_PERSON} WHERE p.phone >= ? AND p.phone < ? ORDER BY p.phone, p.number LIMIT ?",
                (last, last + end, MOST_CANDIDATES if asked.words else MOST_FOUND)))
            return
        yield from self._named(_BEGINNING, texts_from(asked.joined), _SCREENFUL)
        if len(asked.words) > 1:
            rarest, *others = sorted(asked.words, key=lambda word: (self._frequency(word), -len(word)))
            query = _BEGINNING + " AND instr(start, ?)" * len(others)
            for most in (_SCREENFUL, MOST_CANDIDATES):
                yield from self._named(query, (*texts_from(rarest), *map(text_stored, others)), most)

    def _frequency(self, word: str) -> int:
        """Return how many names have a word that begins so, as far as it pays to count."""
        row = self.database.row(f"SELECT count(*) FROM ({_BEGINNING} LIMIT ?)", (*texts_from(word), MOST_COUNTED))  # noqa: S608 - our names
        return row[0] if row else 0

    def _named(self, query: str, values: Sequence[bytes], most: int) -> Iterator[Member]:
        """Yield the people of ``query``; a name stands in the table once for each of its words."""
        people = self.database.rows(f"{query} ORDER BY start, person LIMIT ?", (*values, most))
        for person in dict.fromkeys(people):
            row = self.database.row(f"{_PERSON} WHERE p.number = ?", person)
            if row:  # the feed may have taken the member away meanwhile
                yield member_read(row)

    def projected_through(self) -> Position | None:
        """Return up to which of this station's entries the balances and purchases count."""
        row = self.database.row("SELECT incarnation, projected FROM feed")
        return Position(row[0], row[1]) if row else None

    def cursor(self) -> str:
        """Return where the feed stands."""
        row = self.database.row("SELECT cursor FROM feed")
        return row[0] if row else ""

    def stamp(self) -> Stamp | None:
        """Return how far the book goes, None before it is whole for the first time."""
        row = self.database.row("SELECT version, taken_us FROM stamp")
        return Stamp(*row) if row else None

    def count(self) -> int:
        """Return how many members are in the book."""
        row = self.database.row("SELECT count(*) FROM member")
        return int(row[0]) if row else 0

    def apply(self, page: MemberPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction.

        Raises ``StationError`` MEMBERS_OLDER when head office stands behind this book: a card that
        was blocked must not come back to life. Nothing is then changed.
        """
        with self.database.writing():
            held = self.stamp()
            if held and page.stamp.version < held.version:
                raise StationError(ErrorCode.MEMBERS_OLDER, offered=page.stamp.version, held=held.version)
            changed = {record.member.member_id: record for record in page.changed}
            self._forget(page.gone)
            self._put(list(changed.values()))
            self.follow(page.cursor, page.projected)
            if page.last:
                self.database.execute(
                    "INSERT OR REPLACE INTO stamp VALUES (1, ?, ?)", (page.stamp.version, page.stamp.taken_us))

    def blocks_cursor(self) -> str:
        """Return where the block list stands."""
        row = self.database.row("SELECT cursor FROM blocks")
        return row[0] if row else ""

    def block(self, page: BlocksPage) -> None:
        """Apply a page of the block list and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER.

        A card that is well again and belongs to nobody in this book is not known here any more.
        """
        with self.database.writing():
            held = self.database.row("SELECT version FROM blocks")
            if held and page.version < held[0]:
                raise StationError(ErrorCode.FEED_OLDER, feed="blocks", offered=page.version, held=held[0])
            self.database.execute_many(
                "INSERT INTO card (hash, member_id, status) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET member_id = excluded.member_id, status = excluded.status",
                [(digest, id_stored(member_id), status_stored(status)) for digest, member_id, status in page.changed])
            self.database.execute_many(
                "DELETE FROM card WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM member WHERE member.member_id = card.member_id)",
                [(digest,) for digest, _, status in page.changed if status is CardStatus.ACTIVE])
            self.database.execute("INSERT OR REPLACE INTO blocks VALUES (1, ?, ?)", (page.cursor, page.version))

    def follow(self, cursor: str, projected: Position) -> None:
        """Let the feed go on at ``cursor``, from balances that count up to ``projected``."""
        self.database.execute(
            "INSERT OR REPLACE INTO feed VALUES (1, ?, ?, ?)", (cursor, projected.incarnation, projected.seq))

    def _held(self, member_id: Id) -> Row:
        return self.database.row(_HELD, (member_id,)) or _NOBODY

    def _forget(self, gone: Sequence[str]) -> None:
        ids = [id_stored(each) for each in gone]
        olds = [self._held(each) for each in ids]
        self._drop_cards([(card, each) for each, old in zip(ids, olds, strict=True) for card in hashes_read(old[0])])
        self._drop_people(olds)
        self._drop_names(olds)
        for table in ("member", "holder", "coupon"):
            self.database.execute_many(f"DELETE FROM {table} WHERE member_id = ?", [(each,) for each in ids])  # noqa: S608 - our names

    def _put(self, changed: Sequence[MemberRecord]) -> None:
        """Write members whole, each in place of what was held of it; what stays the same is not touched."""
        ids = [id_stored(record.member.member_id) for record in changed]
        olds = [self._held(each) for each in ids]
        people = [person_row(record.member) for record in changed]
        numbers = self._numbers(olds, people)
        self.database.execute_many("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            member_row(record.member, [card.hash for card in record.cards], number)
            for record, number in zip(changed, numbers, strict=True)])
        self._put_cards(changed, ids, olds)
        self._put_holders(changed, ids)
        self._put_coupons(changed, ids)
        self._drop_people([old for old, person in zip(olds, people, strict=True) if person is None])
        self.database.execute_many("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?)", [
            (number, *person) for old, number, person in zip(olds, numbers, people, strict=True)
            if person and old[2:] != person])
        renamed = [
            (old, number, person[1] if person else "")
            for old, number, person in zip(olds, numbers, people, strict=True)
            if (old[3] or "") != (person[1] if person else "")]
        self._drop_names([old for old, _, _ in renamed])
        self.database.execute_many("INSERT INTO name VALUES (?, ?)", [
            (start, number) for _, number, name in renamed for start in starts_stored(name)])

    def _put_cards(self, changed: Sequence[MemberRecord], ids: Sequence[Id], olds: Sequence[Row]) -> None:
        """Give each member the cards it has now; most have the same, and reading is cheaper than writing."""
        self._drop_cards([
            (card, member_id) for record, member_id, old in zip(changed, ids, olds, strict=True)
            for card in {*hashes_read(old[0])}.difference(link.hash for link in record.cards)])
        rows = [
            (link.hash, member_id, status_stored(link.status), link.holder or None)
            for record, member_id in zip(changed, ids, strict=True) for link in record.cards]
        self.database.execute_many("INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?)", [
            row for row in rows if self.database.row(_CARD, row[:1]) != row[1:]])

    def _put_holders(self, changed: Sequence[MemberRecord], ids: Sequence[Id]) -> None:
        """Give each account the holders it has now; hardly any has one, and then nothing is written."""
        for record, member_id in zip(changed, ids, strict=True):
            if tuple(self.holders(record.member.member_id)) != record.holders:
                self.database.execute("DELETE FROM holder WHERE member_id = ?", (member_id,))
                self.database.execute_many(
                    "INSERT INTO holder VALUES (?, ?, ?, ?, ?)", [holder_row(each, member_id) for each in record.holders])

    def _put_coupons(self, changed: Sequence[MemberRecord], ids: Sequence[Id]) -> None:
        """Give each member the coupons that are open now; as for holders."""
        for record, member_id in zip(changed, ids, strict=True):
            if tuple(self.coupons(record.member.member_id, "")) != record.coupons:
                self.database.execute("DELETE FROM coupon WHERE member_id = ?", (member_id,))
                self.database.execute_many(
                    "INSERT INTO coupon VALUES (?, ?, ?, ?, ?)", [coupon_row(each, member_id) for each in record.coupons])

    def _numbers(self, olds: Sequence[Row], people: Sequence[Row | None]) -> list[int | None]:
        """Return the number of each person: the one held, a new one, or None for nobody."""
        row = self.database.row("SELECT coalesce(max(number), 0) FROM person")
        fresh = itertools.count(row[0] + 1 if row else 1)
        return [
            (next(fresh) if old[1] is None else old[1]) if person else None
            for old, person in zip(olds, people, strict=True)]

    def _drop_cards(self, cards: Sequence[tuple[int, Id]]) -> None:
        """Forget cards of members, but for those that have meanwhile gone to another member."""
        self.database.execute_many("DELETE FROM card WHERE hash = ? AND member_id = ?", cards)

    def _drop_people(self, olds: Sequence[Row]) -> None:
        self.database.execute_many("DELETE FROM person WHERE number = ?", [(old[1],) for old in olds])

    def _drop_names(self, olds: Sequence[Row]) -> None:
        self.database.execute_many("DELETE FROM name WHERE start = ? AND person = ?", [
            (start, old[1]) for old in olds for start in starts_stored(old[3] or "")])

    def close(self) -> None:
        """Close the file."""
        self.database.close()
