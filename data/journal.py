"""The journal: (station, incarnation, seq) gapless, hash-chained, with everything derived from it.

One file holds the incarnations one after another. ``place`` counts entries over all of them;
``seq`` within one: place − ``before``, the place at which the one before it ended. A branch (see
``JournalStore.split``) is a part of an incarnation that is uploaded under a name of its own.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from data.branch import Branch, parts, uncounted
from data.database import Database
from data.derived import add_to, added, derive, insert_into
from data.leases import leave, settle
from data.migrations import JOURNAL
from data.own_cards import deeds
from data.own_coupons import OwnCoupons, Wanted, own_coupons
from data.own_members import enrolled, taken_in
from data.own_sales import OwnSales, Range
from data.own_told import with_told
from data.personal import anonymous, is_personal
from data.tap_answers import note_seen
from station.basket import HeldBasket, Usage
from station.card_life import CardDeed, Holder
from station.card_seen import CardSeen
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import (
    ENTRY_VERSION,
    GENESIS,
    Body,
    Cause,
    Draft,
    Entry,
    EntryKind,
    Head,
    Opened,
    Position,
    Stored,
    branch_name,
    chain,
)
from station.member import Member
from station.people import SYSTEM
from station.promotion import Promotion
from station.report import SaleFact
from station.sale import Sale, SaleReturn
from station.shift import X_REPORT, Z_REPORT, Reading, Shift, ShiftClosed
from station.totals import Tally, Total

SALT_BYTES = 32
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class _End:
    """Where a journal ends: ``seq`` and ``hash`` of the incarnation that goes on, ``place`` in the file."""

    station: str
    incarnation: str
    seq: int
    place: int
    hash: bytes


class JournalStore:
    """``station.ports.Journal`` over ``journal.db``, for one thread; ``branches`` are its uploads."""

    def __init__(self, path: Path, key: bytes | None, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Open or create the file; ``StationError`` 4xx as ``data.database.Database``."""
        self.database = Database(path, key, JOURNAL)
        self._own, self._random = OwnSales(self.database), random

    def found(self, station: str, program: str, at: Moment) -> None:
        """Make sure the journal belongs to ``station``; a new file gets its incarnation now.

        The incarnation is 128 random bits, so it needs no network. Raises ``ValueError`` when the
        file is another station's: wiring must never mix them.
        """
        with self.database.writing():
            known = self.database.row("SELECT station FROM station")
            if known:
                if known[0] != station:
                    message = f"this journal belongs to station {known[0]}, not {station}"
                    raise ValueError(message)
                return
            self.database.execute("INSERT INTO station (one, station) VALUES (1, ?)", (station,))
            self._begin(Opened(program), at)

    def begin_anew(self, cause: Cause, program: str, at: Moment) -> str:
        """Draw a new incarnation, for this file is a copy of one that went on, and return it.

        What is unsent of the one before is sent under its own name; its leases are gone.
        """
        with self.database.writing():
            head = self.head()
            leave(self.database)
            return self._begin(
                Opened(program, cause, Position(head.incarnation, head.seq), head.hash.hex()), at)

    def split(self, incarnation: str, base: int) -> None:
        """Let what comes after entry ``base`` of a part be a branch of its own, for head office has another history there.

        All up to there is acknowledged then. What was a branch further on was one of this history,
        which head office has lost, and goes with it. Raises ``ValueError`` unless something before and
        after ``base`` is here, and other incarnations have begun.
        """
        with self.database.writing():
            branch = next(each for each in self.branches() if each.incarnation == incarnation)
            part = branch.part
            start = part.place(base)
            goes_on = next((each.before for each in parts(self.database) if each.before > start and each.of is None), None)
            if goes_on is None or not part.base < base < branch.head().seq:
                message = f"no branch leaves {incarnation} after entry {base}"
                raise ValueError(message)
            row = self.database.row("SELECT hash FROM entry WHERE place = ?", (start + 1,))
            if row is None:
                message = f"entry {base + 1} of {incarnation} is not here"
                raise ValueError(message)
            self.database.execute("DELETE FROM incarnation WHERE before >= ? AND before < ?", (start, goes_on))
            self.database.execute("UPDATE incarnation SET mark = ? WHERE before = ?", (base, part.before))
            self.database.execute(
                "INSERT INTO incarnation (before, id, mark, of, base) VALUES (?, ?, ?, ?, ?)",
                (start, branch_name(incarnation, row[0]), base, incarnation, base))

    def join(self, incarnation: str) -> None:
        """Undo ``split``: head office, restored from a backup, was told this history first."""
        with self.database.writing():
            found = parts(self.database)
            part = next(each for each in found if each.name == incarnation)
            goes_on = next(each.before for each in found if each.before > part.before and each.of is None)
            self.database.execute("DELETE FROM incarnation WHERE before > ? AND before < ?", (part.before, goes_on))

    def _begin(self, opened: Opened, at: Moment) -> str:
        incarnation = self._random(16).hex()
        self.database.execute(
            "INSERT INTO incarnation (before, id) SELECT coalesce(max(place), 0), ? FROM entry", (incarnation,))
        self._write(Draft(EntryKind.OPENED, at, SYSTEM, opened))
        return incarnation

    def append(self, draft: Draft) -> Stored:
        """Write the next entry and its derived rows in one durable transaction.

        Raises ``StationError`` NO_PERSONAL_DATA for what is personal while the file is not encrypted.
        """
        if not self.database.encrypted and is_personal(draft):
            raise StationError(ErrorCode.NO_PERSONAL_DATA)
        with self.database.writing():
            return self._write(draft)

    def _write(self, draft: Draft) -> Stored:
        end = self._end()
        salt = secrets.token_bytes(SALT_BYTES) if draft.personal else b""
        entry: Entry[Body] = Entry(
            ENTRY_VERSION, end.station, end.incarnation, end.seq + 1, draft.kind, draft.at,
            draft.actor, draft.approver, draft.body, commitment(salt, draft.personal))
        raw = _ENCODER.encode(entry)
        stored = Stored(entry.seq, entry.kind, raw, chain(end.hash, raw), end.place + 1, end.incarnation)
        self.database.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?)", (stored.place, str(stored.kind), stored.raw, stored.hash))
        for table, rows in derive(entry, stored.place).items():
            if rows:
                self.database.execute_many(insert_into(table, len(rows[0])), rows)
        for table, rows in added(entry).items():
            if rows:
                self.database.execute(
                    add_to(table, len(rows[0]), len(rows)), [value for row in rows for value in row])
        settle(self.database, draft.body, end.incarnation, entry.seq)
        if isinstance(draft.body, CardSeen):
            note_seen(self.database, draft.body)
        if draft.personal:
            self.database.execute("INSERT INTO personal VALUES (?, ?, ?)", (stored.place, salt, draft.personal))
        if isinstance(draft.body, Sale):  # its own basket is left to ``open_basket``; one kept before it must not come back
            self.database.execute("DELETE FROM open_basket WHERE basket_id <> ?", (draft.body.basket.basket_id,))
        return stored

    def _end(self) -> _End:
        """Return where the next entry goes; one query, for it is part of every commit."""
        row = self.database.row(
            "SELECT station, id, before, coalesce(place, 0), hash FROM station, incarnation"
            " LEFT JOIN entry ON place = (SELECT max(place) FROM entry) ORDER BY before DESC LIMIT 1")
        if row is None:
            message = "the journal was not founded"
            raise ValueError(message)
        station, incarnation, before, place, last = row
        return _End(station, incarnation, place - before, place, last if place > before else GENESIS)

    def head(self) -> Head:
        """Return the end of the chain."""
        end = self._end()
        return Head(end.incarnation, end.seq, end.hash)

    def branches(self) -> tuple[Branch, ...]:
        """Return the uploads of this file, one for each incarnation or branch that is not wholly cut off, oldest first."""
        found = parts(self.database)
        (compacted,) = self.database.row("SELECT compacted FROM station") or (0,)
        ends = [part.before for part in found[1:]]
        return tuple(
            Branch(self.database, part, end)
            for part, end in zip(found, (*ends, None), strict=True) if end is None or end >= compacted)

    def shift(self) -> Shift | None:
        """Return the open shift, or None."""
        row = self.database.row(
            "SELECT number, cashier, business_date, opening_float FROM shift"
            " WHERE number NOT IN (SELECT shift FROM shift_report WHERE kind = ?)"
            " ORDER BY number DESC LIMIT 1", (Z_REPORT,))
        return Shift(*row) if row else None

    def shift_number(self) -> int:
        """Return the number of the shift opened last, 0 before the first."""
        row = self.database.row("SELECT coalesce(max(number), 0) FROM shift")
        return int(row[0]) if row else 0

    def totals(self, shift: int) -> tuple[Total, ...]:
        """Return the running sums of ``shift``, in order of tally and name, without those of 0."""
        return tuple(Total(Tally(row[0]), row[1], row[2]) for row in self.database.rows(
            "SELECT tally, name, amount FROM shift_total WHERE shift = ? AND amount <> 0 ORDER BY tally, name", (shift,)))

    def day_totals(self, business_date: str) -> tuple[Total, ...]:
        """Return the running sums of all shifts of ``business_date`` together, as ``totals``."""
        return tuple(Total(Tally(row[0]), row[1], row[2]) for row in self.database.rows(
            "SELECT tally, name, sum(amount) FROM shift JOIN shift_total ON shift_total.shift = shift.number"
            " WHERE business_date = ? GROUP BY tally, name HAVING sum(amount) <> 0 ORDER BY tally, name", (business_date,)))

    def reports(self, kind: str) -> int:
        """Return how many reports of ``kind`` (X or Z) there are: they are numbered without gaps."""
        row = self.database.row("SELECT count(*) FROM shift_report WHERE kind = ?", (kind,))
        return int(row[0]) if row else 0

    def report(self, kind: str, number: int) -> Entry[Reading] | Entry[ShiftClosed]:
        """Return report ``number`` of ``kind`` as it was made. Raises ``KeyError`` when there is none."""
        row = self.database.row("SELECT place FROM shift_report WHERE kind = ? AND number = ?", (kind, number))
        raw = row and self.database.row("SELECT raw FROM entry WHERE place = ?", (row[0],))
        if not raw:
            raise KeyError(number)
        return (msgspec.json.decode(raw[0], type=Entry[Reading]) if kind == X_REPORT
                else msgspec.json.decode(raw[0], type=Entry[ShiftClosed]))

    def points_after(self, member_id: str, position: Position | None) -> int:
        """Sum the points this station moved for ``member_id`` after ``position``."""
        return self._own.of(member_id, self._uncounted(position))[0]

    def purchases_after(self, member_id: str, position: Position | None) -> int:
        """Count this station's sales to ``member_id`` after ``position``."""
        return self._own.of(member_id, self._uncounted(position))[1]

    def spent_by(self, member_id: str, holder: str, date: str) -> tuple[int, int]:
        """Return the points, and the value from wallets, that sales to ``holder`` took on local ``date``."""
        row = self.database.row(
            "SELECT points, value FROM holder_use WHERE member_id = ? AND holder = ? AND date = ?", (member_id, holder, date))
        return (row[0], row[1]) if row else (0, 0)

    def cards_after(self, position: Position | None, card: int | None = None) -> tuple[CardDeed, ...]:
        """Return what this station did to ``card``, or to any, after ``position``, in order."""
        rows = deeds(self.database, card)
        ranges = self._uncounted(position) if rows else ()
        return tuple(deed for place, deed in rows if any(
            after < place and (through is None or place <= through) for after, through in ranges))

    def members_after(self, position: Position | None, member_id: str | None = None) -> tuple[Member, ...]:
        """Return who became a member here after ``position``, or (by ``member_id``) that one, in order."""
        return enrolled(self.database, self._uncounted(position), member_id)

    def holders_after(self, position: Position | None, member_id: str) -> tuple[Holder, ...]:
        """Return who was taken into the account of a member here after ``position``, in order."""
        return taken_in(self.database, self._uncounted(position), member_id)

    def told_after(self, member: Member, position: Position | None) -> Member:
        """Return ``member`` with what they told, and without the answers they were shown, here after ``position``."""
        return with_told(self.database, lambda: self._uncounted(position), member)

    def coupons(self, wanted: Wanted, position: Position | None) -> OwnCoupons:
        """Return what this station did to the coupons ``wanted``, and which of them a book as of ``position`` counts."""
        return own_coupons(self.database, self._uncounted(position), wanted)

    def _uncounted(self, position: Position | None) -> tuple[Range, ...]:
        return uncounted(self.branches(), position)

    def usage(self, promotions: Sequence[Promotion], member_id: str | None, date: str) -> tuple[Usage, ...]:
        """Count this station's sales that got each of ``promotions``, and the money they took of its budget.

        Read are the sums of all, and a member's own of each day, never the sales: see ``data.derived``.
        """
        found = []
        for each in promotions:
            by_member, by_member_today = self._uses(
                "SELECT coalesce(sum(uses), 0), coalesce(sum(uses * (date = ?)), 0) FROM promotion_use"
                " WHERE promotion = ? AND member_id = ?", (date, each.id, member_id)) if member_id else (0, 0)
            in_all, spent, today = self._uses(
                "SELECT coalesce(sum(uses * (date = '')), 0), coalesce(sum(amount * (date = '')), 0),"
                " coalesce(sum(uses * (date <> '')), 0) FROM promotion_use"
                " WHERE promotion = ? AND member_id = '' AND date IN ('', ?)", (each.id, date))
            budget = each.limits.budget
            found.append(Usage(each.id, by_member, by_member_today, today, in_all,
                               None if budget is None else max(0, budget - spent)))
        return tuple(found)

    def _uses(self, query: str, values: tuple[str, ...]) -> tuple[int, ...]:
        row = self.database.row(query, values)
        return tuple(row) if row else ()

    def facts(self, first_date: str, last_date: str) -> Sequence[SaleFact]:
        """Return the sales of a range of business dates, in journal order.

        Those of a shift lie between its opening and that of the next, so only they are read.
        """
        return [SaleFact(*row) for row in self.database.rows(
            "SELECT shift.business_date, hour, member_id, total, discount, tax, points"
            " FROM shift LEFT JOIN shift AS next ON next.number = shift.number + 1 CROSS JOIN sale"
            " ON sale.place > shift.place AND sale.place < coalesce(next.place, 9223372036854775807)"
            " WHERE shift.business_date BETWEEN ? AND ? ORDER BY sale.place", (first_date, last_date))]

    def sale(self, place: int) -> Entry[Sale]:
        """Return the SALE entry at ``place``. Raises ``KeyError`` when there is none."""
        row = self.database.row("SELECT raw FROM entry WHERE place = ? AND kind = 'SALE'", (place,))
        if row is None:
            raise KeyError(place)
        return msgspec.json.decode(row[0], type=Entry[Sale])

    def returns_of(self, sale: Position) -> tuple[SaleReturn, ...]:
        """Return what came back of the sale at ``sale``, in order."""
        rows = self.database.rows(
            "SELECT raw FROM sale_return JOIN entry USING (place) WHERE incarnation = ? AND seq = ? ORDER BY place",
            (sale.incarnation, sale.seq))
        return tuple(msgspec.json.decode(row[0], type=Entry[SaleReturn]).body for row in rows)

    def last_sale(self) -> int | None:
        """Return the place of the last sale, or None."""
        row = self.database.row("SELECT max(place) FROM sale")
        return row[0] if row else None

    def keep_basket(self, held: HeldBasket | None) -> None:
        """Keep the basket in hand, durably; the sale that closes it takes it away: see ``open_basket``.

        In a file that is not encrypted nothing personal of its member is kept.
        """
        if held and not self.database.encrypted:
            held = anonymous(held)
        with self.database.writing():
            if held is None:
                self.database.execute("DELETE FROM open_basket")
            else:
                self.database.execute(
                    "INSERT OR REPLACE INTO open_basket VALUES (1, ?, ?)",
                    (held.basket.basket_id, _ENCODER.encode(held)))

    def open_basket(self) -> HeldBasket | None:
        """Return the basket that was in hand when the program ended, or None.

        One that became the last sale is not in hand: so the sale takes it away without another page to write.
        """
        row = self.database.row(
            "SELECT document FROM open_basket"
            " WHERE basket_id IS NOT (SELECT sale_id FROM sale ORDER BY place DESC LIMIT 1)")
        return msgspec.json.decode(row[0], type=HeldBasket) if row else None

    def waiting_prints(self) -> list[int]:
        """Return the places of what has not been printed, oldest first: receipts and reports after one mark."""
        return [row[0] for row in self.database.rows(
            "SELECT place FROM entry WHERE place > (SELECT printed FROM station)"
            " AND kind IN ('SALE', 'RETURN', 'RETURN_UNKNOWN', 'READING', 'SHIFT_CLOSED') ORDER BY place")]

    def printed(self, place: int) -> None:
        """Move the mark of the print queue to ``place``: receipts are printed strictly in their order."""
        with self.database.writing():
            self.database.execute("UPDATE station SET printed = max(printed, ?)", (place,))

    def entries(self, place: int, limit: int) -> Iterator[Stored]:
        """Yield at most ``limit`` entries after ``place``, over all incarnations."""
        starts = parts(self.database)[::-1]
        for row in self.database.rows(
                "SELECT place, kind, raw, hash FROM entry WHERE place > ? ORDER BY place LIMIT ?", (place, limit)):
            part = next(each for each in starts if each.before < row[0])
            yield Stored(part.seq(row[0]), EntryKind(row[1]), row[2], row[3], row[0], part.origin)

    def personal(self, place: int) -> bytes | None:
        """Return what the entry at ``place`` keeps of people, or None: nothing, or erased."""
        row = self.database.row("SELECT document FROM personal WHERE place = ?", (place,))
        return row[0] if row else None

    def erase(self, place: int) -> None:
        """Erase what the entry at ``place`` keeps of people; the chain and every total stay."""
        with self.database.writing():
            self.database.execute("DELETE FROM personal WHERE place = ?", (place,))

    def close(self) -> None:
        """Close the file."""
        self.database.close()


def commitment(salt: bytes, document: bytes) -> str:
    """Return what an entry says of a personal ``document``: its salted SHA-256, "" for none."""
    return hashlib.sha256(salt + document).hexdigest() if document else ""
