"""The books checked against the journals and against each other; every difference is named."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.backends.utils import CursorWrapper

from headoffice.intake.models import Entry, Incarnation
from headoffice.ledger.books import BOOKS, Book, moves_of
from station.journal import GENESIS, chain

_AT_ONCE = 2_000


def differences(cursor: CursorWrapper) -> Iterator[str]:
    """Yield what is wrong, a sentence each, inside the caller's transaction, which sees one state of the books."""
    for journal in Incarnation.objects.order_by("station", "epoch"):
        yield from _journal(journal)
        yield from _steps(cursor, journal)
    for book in BOOKS:
        yield from _book(cursor, book)
    yield from _purchases(cursor)
    yield from _returns(cursor)


def _journal(journal: Incarnation) -> Iterator[str]:
    """Follow the chain over the stored bytes from the first entry to the mark; of a branch from where it leaves the other."""
    name, last, expected = f"{journal.station}/{journal.incarnation}", _start(journal), journal.base + 1
    if not journal.base <= journal.projected <= journal.acknowledged:
        yield f"journal {name}: projected {journal.projected} of {journal.acknowledged} acknowledged"
    rows = Entry.objects.filter(station=journal.station, incarnation=journal.incarnation).order_by("seq")
    for seq, raw, stored in rows.values_list("seq", "raw", "hash").iterator(chunk_size=_AT_ONCE):
        last = chain(last, bytes(raw))
        if seq != expected or last != bytes(stored):
            yield f"journal {name}: entry {seq} does not follow from the one before it"
            return
        expected += 1
    if expected - 1 != journal.acknowledged or last != bytes(journal.head):
        yield f"journal {name}: {expected - 1} entries are here, {journal.acknowledged} acknowledged"


def _start(journal: Incarnation) -> bytes:
    """Return the hash that the first entry follows; none at all when what a branch is of is not here."""
    if not journal.of:
        return GENESIS
    row = Entry.objects.filter(station=journal.station, incarnation=journal.of, seq=journal.base).first()
    return bytes(row.hash) if row else GENESIS


def _steps(cursor: CursorWrapper, journal: Incarnation) -> Iterator[str]:
    """Check that the steps cover the journal up to its mark, each entry once."""
    cursor.execute(
        "SELECT first, last FROM ledger_step WHERE station = %s AND incarnation = %s AND kind = 'PROJECTED' ORDER BY step",
        [journal.station, journal.incarnation])
    at = journal.base
    for first, last in cursor.fetchall():
        if first != at + 1:
            break
        at = last
    if at != journal.projected:
        yield f"journal {journal.station}/{journal.incarnation}: steps cover {at}, projected {journal.projected}"


def _book(cursor: CursorWrapper, book: Book) -> Iterator[str]:
    """Check every account: balance = sum of its entries = what its lots hold − debt; each lot = sum of its moves."""
    accounts = {account: (balance, debt) for account, balance, debt in _all(
        cursor, f"SELECT {book.account}, {book.amount}, debt FROM {book.accounts}")}  # noqa: S608 - our names
    lots: dict[str, dict[str, int]] = {}
    for account, lot, held in _all(cursor, f"SELECT {book.account}, lot_id, held FROM {book.lots}"):  # noqa: S608 - our names
        lots.setdefault(account, {})[lot] = held
    entries = _all(
        cursor, f"SELECT {book.account}, key, {book.amount}, moves FROM {book.entries} ORDER BY {book.account}")  # noqa: S608 - our names
    for account, rows in groupby(entries, key=lambda row: row[0]):
        total, sums = 0, dict[str, int]()
        for _, key, amount, moves in rows:
            total += amount
            for move in moves_of(moves, key, amount):
                sums[move.lot_id] = sums.get(move.lot_id, 0) + move.amount
        balance, debt = accounts.pop(account, (0, 0))
        held = lots.pop(account, {})
        if (balance, balance) != (total, sum(held.values()) - debt) or debt < 0:
            yield (f"{book.accounts} {account}: balance {balance}, entries {total},"
                   f" lots {sum(held.values())}, debt {debt}")
        for lot in sorted(held.keys() | sums.keys()):
            if not 0 <= held.get(lot, 0) == sums.get(lot, 0):
                yield f"{book.lots} {account}: lot {lot} holds {held.get(lot, 0)}, its moves {sums.get(lot, 0)}"
    for account in sorted(account for account in accounts.keys() | lots.keys()
                          if any(accounts.get(account, ())) or any(lots.get(account, {}).values())):
        yield f"{book.accounts} {account}: a balance or a lot without entries"


def _purchases(cursor: CursorWrapper) -> Iterator[str]:
    bought = dict(_all(cursor, "SELECT member, count(*) FROM ledger_sale WHERE member IS NOT NULL GROUP BY member"))
    for member, purchases in _all(cursor, "SELECT member, purchases FROM ledger_balance ORDER BY member"):
        count = bought.pop(member, 0)
        if purchases != count:
            yield f"ledger_balance {member}: {purchases} purchases, {count} sales"
    for member in sorted(bought):
        yield f"ledger_balance {member}: {bought[member]} sales and no balance"


def _returns(cursor: CursorWrapper) -> Iterator[str]:
    """Check that no more money went back than was paid, but where the audit has flagged a return."""
    for station, sale, total, back in _all(
            cursor, "SELECT s.station, s.sale_id, s.total, SUM(r.money) FROM ledger_salereturn r JOIN ledger_sale s"
            " ON s.station = r.sale_station AND s.incarnation = r.sale_incarnation AND s.seq = r.sale_seq"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_difference d WHERE d.station = r.station"
            " AND d.incarnation = r.incarnation AND d.seq = r.seq)"
            " GROUP BY s.station, s.sale_id, s.total HAVING SUM(r.money) > s.total ORDER BY 1, 2"):
        yield f"sale {station}/{sale}: {back} went back of {total}"


def _all(cursor: CursorWrapper, question: str) -> Iterator[Any]:
    cursor.execute(question)
    yield from cursor.fetchall()
