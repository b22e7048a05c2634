"""The journal: (station, incarnation, seq) gapless, hash-chained, with everything derived from it."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from data.database import Database
from data.migrations import JOURNAL
from station.basket import Usage
from station.clock import Moment
from station.journal import (
    ENTRY_TYPES,
    ENTRY_VERSION,
    GENESIS,
    Body,
    Draft,
    Entry,
    EntryKind,
    Head,
    Opened,
    Position,
    Stored,
    chain,
)
from station.people import SYSTEM
from station.promotion import Promotion
from station.report import SaleFact
from station.sale import Sale
from station.shift import Shift

MINUTES_PER_HOUR = 60
Derived = dict[str, list[tuple[Any, ...]]]


def decode(raw: bytes, kind: EntryKind) -> Entry[Body]:
    """Return the entry stored as ``raw``. Raises ``msgspec.ValidationError`` with the bad path."""
    entry: Entry[Body] = msgspec.json.decode(raw, type=ENTRY_TYPES[kind])
    return entry


def derive(entry: Entry[Body]) -> Derived:
    """Return the rows, by table, that ``entry`` makes in the derived tables. Pure."""
    body = entry.body
    if isinstance(body, Shift):
        return {"shift": [
            (body.number, entry.seq, body.cashier, body.business_date, body.opening_float)]}
    if isinstance(body, Sale):
        member = body.basket.member
        priced = body.priced
        return {
            "sale": [(
                entry.seq, body.sale_id, body.business_date,
                entry.at.minute_of_day // MINUTES_PER_HOUR, body.shift,
                member.member_id if member else None,
                priced.listed, priced.discount, priced.tax, priced.total, priced.points)],
            "points_entry": [
                (each.key, entry.seq, each.member_id, each.kind.value, each.points, each.rule)
                for each in body.points],
            "promotion_use": [
                (promotion, entry.seq, member.member_id if member else "", body.basket.opened.date,
                 sum(each.amount for each in priced.discounts if each.rule == promotion))
                for promotion in priced.applied],
        }
    return {}


class JournalStore:
    """``station.ports.Journal`` and ``Outbox`` over ``journal.db``, for one thread."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open or create the file; ``StationError`` 4xx as ``data.database.Database``."""
        self.database = Database(path, key, JOURNAL)
        self._known: tuple[str, str] | None = None

    def found(self, station: str, program: str, at: Moment) -> None:
        """Make sure the journal belongs to ``station``; a new file gets its incarnation now.

        The incarnation is 128 random bits, so it needs no network. Raises ``ValueError`` when the
        file is another station's: wiring must never mix them.
        """
        with self.database.writing():
            known = self.database.row("SELECT station FROM journal")
            if known:
                if known[0] != station:
                    message = f"this journal belongs to station {known[0]}, not {station}"
                    raise ValueError(message)
                return
            self.database.execute(
                "INSERT INTO journal (one, station, incarnation) VALUES (1, ?, ?)",
                (station, secrets.token_hex(16)))
            self._write(Draft(EntryKind.OPENED, at, SYSTEM, Opened(program)))

    def append(self, draft: Draft) -> Stored:
        """Write the next entry and its derived rows in one durable transaction."""
        with self.database.writing():
            return self._write(draft)

    def _write(self, draft: Draft) -> Stored:
        station, incarnation = self._identity()
        head = self.head()
        entry: Entry[Body] = Entry(
            ENTRY_VERSION, station, incarnation, head.seq + 1, draft.kind, draft.at,
            draft.actor, draft.approver, draft.body)
        raw = msgspec.json.encode(entry)
        stored = Stored(entry.seq, entry.kind, raw, chain(head.hash, raw))
        self.database.execute(
            "INSERT INTO entry (seq, kind, raw, hash) VALUES (?, ?, ?, ?)",
            (stored.seq, stored.kind.value, stored.raw, stored.hash))
        for table, rows in derive(entry).items():
            for row in rows:
                places = ", ".join("?" * len(row))
                self.database.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608 - our names
        if entry.kind is EntryKind.SALE:
            self.database.execute("INSERT INTO print_job (seq) VALUES (?)", (entry.seq,))
        return stored

    def _identity(self) -> tuple[str, str]:
        """Return station and incarnation, which never change in a file."""
        if self._known is None:
            row = self.database.row("SELECT station, incarnation FROM journal")
            if row is None:
                message = "the journal was not founded"
                raise ValueError(message)
            self._known = row[0], row[1]
        return self._known

    def head(self) -> Head:
        """Return the end of the chain."""
        _, incarnation = self._identity()
        row = self.database.row("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")
        return Head(incarnation, row[0], row[1]) if row else Head(incarnation, 0, GENESIS)

    def shift(self) -> Shift | None:
        """Return the shift opened last."""
        row = self.database.row(
            "SELECT number, cashier, business_date, opening_float FROM shift"
            " ORDER BY number DESC LIMIT 1")
        return Shift(*row) if row else None

    def points_after(self, member_id: str, position: Position | None) -> int:
        """Sum the points this station gave ``member_id`` after ``position``."""
        row = self.database.row(
            "SELECT coalesce(sum(points), 0) FROM points_entry WHERE member_id = ? AND seq > ?",
            (member_id, self._covered(position)))
        return int(row[0]) if row else 0

    def purchases_after(self, member_id: str, position: Position | None) -> int:
        """Count this station's sales to ``member_id`` after ``position``.

        ``seq`` is the table's own key, so only the sales that the feed does not count yet are read.
        """
        row = self.database.row(
            "SELECT count(*) FROM sale WHERE member_id = ? AND seq > ?", (member_id, self._covered(position)))
        return int(row[0]) if row else 0

    def _covered(self, position: Position | None) -> int:
        """Return up to which entry ``position`` covers this journal: one in another incarnation, nothing."""
        return position.seq if position and position.incarnation == self._identity()[1] else 0

    def usage(self, promotions: Sequence[Promotion], member_id: str | None, date: str) -> tuple[Usage, ...]:
        """Count this station's sales that got each of ``promotions``, and the money they took of its budget."""
        found = []
        for each in promotions:
            by_member, by_member_today = self._uses(
                "SELECT count(*), coalesce(sum(date = ?), 0) FROM promotion_use"
                " WHERE promotion = ? AND member_id = ?", (date, each.id, member_id)) if member_id else (0, 0)
            (today,) = self._uses(
                "SELECT count(*) FROM promotion_use WHERE promotion = ? AND date = ?", (each.id, date))
            in_all, spent = self._uses(
                "SELECT count(*), coalesce(sum(amount), 0) FROM promotion_use WHERE promotion = ?", (each.id,))
            budget = each.limits.budget
            found.append(Usage(each.id, by_member, by_member_today, today, in_all,
                               None if budget is None else max(0, budget - spent)))
        return tuple(found)

    def _uses(self, query: str, values: tuple[str, ...]) -> tuple[int, ...]:
        row = self.database.row(query, values)
        return tuple(row) if row else ()

    def facts(self, first_date: str, last_date: str) -> Sequence[SaleFact]:
        """Return the sales of a range of business dates, in journal order."""
        return [SaleFact(*row) for row in self.database.rows(
            "SELECT business_date, hour, member_id, total, discount, tax, points FROM sale"
            " WHERE business_date BETWEEN ? AND ? ORDER BY seq", (first_date, last_date))]

    def sale(self, seq: int) -> Entry[Sale]:
        """Return the SALE entry ``seq``. Raises ``KeyError`` when there is none."""
        row = self.database.row("SELECT raw FROM entry WHERE seq = ? AND kind = 'SALE'", (seq,))
        if row is None:
            raise KeyError(seq)
        return msgspec.json.decode(row[0], type=Entry[Sale])

    def last_sale(self) -> int | None:
        """Return the seq of the last sale, or None."""
        row = self.database.row("SELECT max(seq) FROM sale")
        return row[0] if row else None

    def waiting_prints(self) -> list[int]:
        """Return the seqs of the sales whose receipt has not been printed, oldest first."""
        return [row[0] for row in self.database.rows(
            "SELECT seq FROM print_job ORDER BY seq")]

    def printed(self, seq: int) -> None:
        """Take the receipt of sale ``seq`` out of the print queue."""
        with self.database.writing():
            self.database.execute("DELETE FROM print_job WHERE seq = ?", (seq,))

    def mark(self) -> int:
        """Return the highest acknowledged seq."""
        row = self.database.row("SELECT mark FROM journal")
        return int(row[0]) if row else 0

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        """Return at most ``limit`` entries after ``seq``."""
        return [Stored(row[0], EntryKind(row[1]), row[2], row[3]) for row in self.database.rows(
            "SELECT seq, kind, raw, hash FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",
            (seq, limit))]

    def hash_at(self, seq: int) -> bytes:
        """Return the hash of entry ``seq``, 32 zero bytes for 0; ``KeyError`` when beyond the end."""
        if seq == 0:
            return GENESIS
        row = self.database.row("SELECT hash FROM entry WHERE seq = ?", (seq,))
        if row is None:
            raise KeyError(seq)
        return bytes(row[0])

    def acknowledge(self, seq: int) -> None:
        """Move the mark to ``seq``: forward after a receipt, back when head office was restored."""
        with self.database.writing():
            self.database.execute("UPDATE journal SET mark = ?", (seq,))

    def close(self) -> None:
        """Close the file."""
        self.database.close()
