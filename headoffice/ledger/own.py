"""Head office's own entries: what it gives and takes without a sale, and the daily EXPIRE."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from headoffice.ledger.books import BOOKS, POINTS, Book, OpenBook, written
from headoffice.ledger.steps import OWN, Step, StepKind, Stretch, begin, log
from station.posting import LedgerRules, Stated

MOST_ACCOUNTS = 500
"""That one step of the daily job opens."""

Kept = Callable[[CursorWrapper, Book, Sequence[str]], Mapping[tuple[str, str], int]]
"""Gets accounts; returns by (account, lot id) how many units must not expire yet, for a lease holds them."""


def give(cursor: CursorWrapper, book: Book, said: Iterable[Stated], at_us: int) -> None:
    """Post what head office ``said`` by itself, as a step of its own, inside the caller's transaction.

    A key already written changes nothing. New accounts of stored value are opened without purpose or member.
    """
    step = begin(cursor, at_us)
    state(cursor, book, said, step)
    log(cursor, step, StepKind.OWN)


def state(cursor: CursorWrapper, book: Book, said: Iterable[Stated], step: Step, place: Stretch = OWN) -> None:
    """Post ``said`` inside a ``step`` that is under way; ``place`` is the entry it follows from.

    What follows from an entry must name it: a rebuild drops it and has it stated again.
    """
    asked = {(each.account, each.key): each for each in said}
    known = written(cursor, book, asked.keys())
    fresh = [each for key, each in asked.items() if key not in known]
    ready = OpenBook(cursor, book, step)
    ready.open(
        {each.account: book.blank for each in fresh},
        {(each.account, each.origin): None for each in fresh if each.origin}.keys())
    for each in fresh:
        ready.state(each, LedgerRules(), place)
    _tell(cursor, book, ready.write())


def expire(day: str, at_us: int, kept: Iterable[Kept] = ()) -> int:
    """Post the EXPIRE of every lot that ended before ``day``; return how many accounts had one.

    Each step is one transaction over some accounts. Run again for the same day it finds nothing.
    """
    return sum(_expire_book(book, day, at_us, tuple(kept)) for book in BOOKS)


def _expire_book(book: Book, day: str, at_us: int, kept: Sequence[Kept]) -> int:
    count, last = 0, ""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            step = begin(cursor, at_us)
            cursor.execute(
                f"SELECT DISTINCT {book.account} FROM {book.lots} WHERE held > 0 AND last_day > '' AND last_day < %s"  # noqa: S608 - our names
                f" AND {book.account} > %s ORDER BY {book.account} LIMIT %s", [day, last, MOST_ACCOUNTS])
            accounts = [account for account, in cursor.fetchall()]
            if not accounts:
                return count
            ready = OpenBook(cursor, book, step)
            ready.open(dict.fromkeys(accounts, book.blank))
            held: dict[tuple[str, str], int] = {}
            for each in kept:
                held |= each(cursor, book, accounts)
            for account in accounts:
                ready.expire(account, day, {lot: units for (owner, lot), units in held.items() if owner == account})
            moved = ready.write()
            _tell(cursor, book, moved)
            log(cursor, step, StepKind.OWN)
        count, last = count + len(moved), accounts[-1]


def _tell(cursor: CursorWrapper, book: Book, moved: Mapping[str, int]) -> None:
    if book is POINTS:
        members_changed(cursor, dict.fromkeys(moved, ""))
