"""The books made again: all that follows from the journals is dropped and projected anew, in the order of the first time.

What head office wrote itself stays and takes its place in that order: its entries keep the moves
that were chosen then. The order is that of the steps, which are never dropped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from headoffice.intake.models import Code
from headoffice.ledger.books import BOOKS, Book, lock, moves_of
from headoffice.ledger.models import Balance
from headoffice.ledger.models import Step as StepRow
from headoffice.ledger.steps import ORDER_BITS, Step, StepKind
from headoffice.projector import hooks
from headoffice.projector.digests import digests
from headoffice.projector.journals import move_mark
from headoffice.projector.project import alone, posted, read, set_aside
from headoffice.transactions import deletable
from station.lots import moved

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many ``steps`` were made again, and the digest of every derived table ``before`` and ``after``."""

    steps: int
    before: dict[str, str]
    after: dict[str, str]

    @property
    def differing(self) -> tuple[str, ...]:
        """The tables that are not what they were."""
        return tuple(table for table, was in self.before.items() if self.after[table] != was)


@dataclass(frozen=True, slots=True)
class _Own:
    """An entry of head office's own, as stored."""

    step: int
    account: str
    kind: str
    amount: int
    moves: str
    key: str


def rebuild(progress: Callable[[int], object] = lambda _steps: None) -> Rebuilt:
    """Make all derived tables again in one transaction. Nobody sees anything between.

    ``progress`` is told the number of steps done. Members whose balance is another now go on top of
    their feed. Raises ``RuntimeError`` while a projector is at work, ``ValueError`` when an entry of
    head office's own moved a lot that there is no more; the books stay as they were then.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not alone(cursor):
            message = "a projector is at work; stop it first"
            raise RuntimeError(message)
        before, held = digests(cursor), _balances()
        drop(cursor)
        replayed = _replayed()
        own = {book: _own_entries(cursor, book) for book in BOOKS}
        count = 0
        for row in StepRow.objects.order_by("step").iterator(chunk_size=1000):
            count += 1
            if row.kind == StepKind.OWN:
                for book in BOOKS:
                    _again(cursor, book, own[book].pop(row.step, []))
            else:
                _project_again(cursor, row, replayed)
            progress(count)
        now = _balances()
        members_changed(cursor, {
            member: "" for member in held.keys() | now.keys() if held.get(member) != now.get(member)})
        for hook in hooks.REBUILT:
            hook(cursor)
        return Rebuilt(count, before, digests(cursor))


def _project_again(cursor: CursorWrapper, row: StepRow, replayed: dict[Name, frozenset[int]]) -> None:
    name = (row.station, row.incarnation)
    is_replay = row.kind == StepKind.REPLAYED
    entries = read(
        name, row.first, row.last - row.first + 1, frozenset() if is_replay else replayed.get(name, frozenset()))
    reasons = posted(cursor, [entry for entry in entries if entry], Step(row.step, row.at_us))
    set_aside(cursor, name, reasons)
    if not is_replay:
        move_mark(cursor, name, row.last)


def drop(cursor: CursorWrapper) -> None:
    """Drop all that follows from the journals, inside the caller's transaction; nothing counts as projected then."""
    for table in ("ledger_sale", "ledger_salereturn", "ledger_returntender", "audit_difference"):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
    for hook in hooks.DROPPED:
        hook(cursor)
    cursor.execute("DELETE FROM intake_quarantine WHERE code = %s", [Code.NOT_POSTED.value])
    cursor.execute("UPDATE intake_incarnation SET projected = base")
    for book in BOOKS:
        with deletable(cursor, book.entries):
            cursor.execute(f"DELETE FROM {book.entries} WHERE station <> ''")  # noqa: S608 - our names
        cursor.execute(f"DELETE FROM {book.accounts}")  # noqa: S608 - our names
        cursor.execute(
            f"DELETE FROM {book.lots} WHERE opened / {1 << ORDER_BITS} NOT IN"  # noqa: S608 - our names
            " (SELECT step FROM ledger_step WHERE kind = %s)", [StepKind.OWN.value])
        cursor.execute(f"UPDATE {book.lots} SET held = 0, expired = 0")  # noqa: S608 - our names


def _again(cursor: CursorWrapper, book: Book, entries: list[_Own]) -> None:
    """Apply stored entries of head office's own; nothing is chosen anew."""
    lock(cursor, book, {each.account: book.blank for each in entries})
    for each in entries:
        moves = moves_of(each.moves, each.key, each.amount)
        for move in moves:
            cursor.execute(
                f"UPDATE {book.lots} SET held = held + %s, expired = expired + %s"  # noqa: S608 - our names
                f" WHERE {book.account} = %s AND lot_id = %s",
                [move.amount, -move.amount if each.kind == "EXPIRE" else 0, each.account, move.lot_id])
            if not cursor.rowcount:
                message = f"entry {each.key} of {each.account} moved a lot that is not there any more"
                raise ValueError(message)
        cursor.execute(
            f"UPDATE {book.accounts} SET {book.amount} = {book.amount} + %s, debt = debt + %s"  # noqa: S608 - our names
            f" WHERE {book.account} = %s", [each.amount, moved(moves) - each.amount, each.account])


def _own_entries(cursor: CursorWrapper, book: Book) -> dict[int, list[_Own]]:
    cursor.execute(
        f"SELECT posted / {1 << ORDER_BITS}, {book.account}, kind, {book.amount}, moves, key FROM {book.entries}"  # noqa: S608 - our names
        " WHERE station = '' ORDER BY posted")
    return {step: list(rows) for step, rows in groupby(
        (_Own(*row) for row in cursor.fetchall()), key=lambda each: each.step)}


def _replayed() -> dict[Name, frozenset[int]]:
    """Return by journal the entries that came out of quarantine: each is posted by its own step, not in its place."""
    found: dict[Name, set[int]] = {}
    for station, incarnation, seq in StepRow.objects.filter(kind=StepKind.REPLAYED).values_list(
            "station", "incarnation", "first"):
        found.setdefault((station, incarnation), set()).add(seq)
    return {name: frozenset(seqs) for name, seqs in found.items()}


def _balances() -> dict[str, tuple[int, int]]:
    return {member: (points, purchases) for member, points, purchases in _rows()}


def _rows() -> Iterator[tuple[str, int, int]]:
    return Balance.objects.values_list("member", "points", "purchases").iterator()
