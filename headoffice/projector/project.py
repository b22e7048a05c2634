"""From stored journal entries to ledgers, audit and feed versions: one bounded transaction at a time.

One projector works at a time: SQLite's transactions begin IMMEDIATE, and on PostgreSQL each takes an
advisory lock that ends with it, so a killed projector leaves nothing locked. What a transaction
posts and the mark that says so are written together; so every entry is posted exactly once however
often the projector is killed, and two projectors do no more than one.

An entry that cannot be posted is found by halving and set aside alone with its reason. Faults of the
database's surroundings (a full disk, a lost connection) are no reason: they are raised, nothing is
written, and the same entries are tried again later.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError, DataError, IntegrityError, NotSupportedError, ProgrammingError

from headoffice.audit.review import review
from headoffice.intake.entries import decode
from headoffice.intake.models import Code, Incarnation, Quarantine
from headoffice.intake.models import Entry as Received
from headoffice.ledger.lines import Lines, Name
from headoffice.ledger.posting import Moving, post, post_unknown
from headoffice.ledger.steps import Step, StepKind, Stretch, begin, log
from headoffice.projector import hooks
from headoffice.projector.journals import Turns, move_mark
from headoffice.projector.traces import where
from headoffice.transactions import PASSING
from station.journal import Body, Entry
from station.sale import Sale, SaleReturn
from station.shift import ShiftClosed
from station.unknown_return import UnknownReturn

MOST = 500
LOCK = 0x70726F6A
"""The advisory lock's number: any that nobody else takes."""

MOST_REASON = 300
REPEATED = "a sale or return by this id was posted before"

_OF_AN_ENTRY = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What one call did: entries up to ``last`` of a journal, ``entries`` of them, ``set_aside`` of those not posted.

    ``name`` is None when there was nothing to do, or (``busy``) another projector was at work.
    """

    name: Name | None = None
    last: int = 0
    entries: int = 0
    set_aside: int = 0
    busy: bool = False


class Projector:
    """Gives every journal its turn."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._turns = Turns()

    def project(self, now_us: int, most: int = MOST) -> Progress:
        """Project at most ``most`` entries of one journal in one transaction.

        Raises Django's ``DatabaseError`` when the database's surroundings do not let it, ``LookupError``
        when an acknowledged entry is not here; nothing is written then.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            if not alone(cursor):
                return Progress(busy=True)
            name = self._turns.next()
            if name is None:
                return Progress()
            start = Incarnation.objects.get(station=name[0], incarnation=name[1]).projected
            found = read(name, start + 1, most)
            if not found:
                message = f"entry {start + 1} of {'/'.join(name)} is acknowledged and not here"
                raise LookupError(message)
            step = begin(cursor, now_us)
            reasons = posted(cursor, [entry for entry in found if entry], step)
            set_aside(cursor, name, reasons)
            last = start + len(found)
            move_mark(cursor, name, last)
            log(cursor, step, StepKind.PROJECTED, Stretch(*name, start + 1, last))
        return Progress(name, last, len(found), len(reasons))

    def drain(self, now_us: int, most: int = MOST) -> int:
        """Project all that is here; return how many entries. Raises as ``project``."""
        count = 0
        while (done := self.project(now_us, most)).name:
            count += done.entries
        return count


def alone(cursor: CursorWrapper) -> bool:
    """Return whether nobody else projects or rebuilds; from now on nobody does until the transaction ends."""
    if connection.vendor != "postgresql":
        return True
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


def read(name: Name, first: int, most: int, passed_over: frozenset[int] = frozenset()) -> list[Entry[Body] | None]:
    """Return at most ``most`` entries of the journal ``name`` from ``first`` on; None for one not to be posted.

    ``passed_over`` are not to be posted either. Those of a branch come under its name, as they are posted.
    """
    rows = Received.objects.filter(
        station=name[0], incarnation=name[1], seq__range=(first, first + most - 1)).order_by("seq")
    entries = [decode(bytes(raw)) if kind and seq not in passed_over else None
               for seq, kind, raw in rows.values_list("seq", "kind", "raw")]
    return Lines(name[0]).posted(name[1], entries)


def posted(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> dict[int, str]:
    """Post ``entries`` of one journal, in order; return by seq why some could not be.

    In the good case all go at once. Otherwise those to blame are found first, and what is left goes
    at once: so the books do not depend on who else was in the step, and a rebuild that passes over
    what was set aside makes the same. Raises ``DatabaseError`` where no entry is to blame.
    """
    first = step.given
    done = _tried(cursor, entries, step)
    if not isinstance(done, Exception):
        return done
    with transaction.atomic():
        reasons = _halved(cursor, entries, step)
        transaction.set_rollback(True)
    step.given = first
    left = _tried(cursor, [entry for entry in entries if entry.seq not in reasons], step)
    if not isinstance(left, Exception):
        return reasons | left
    return _halved(cursor, entries, step)


def _halved(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> dict[int, str]:
    """Post ``entries`` in ever smaller parts; return by seq why some could not be."""
    done = _tried(cursor, entries, step)
    if not isinstance(done, Exception):
        return done
    if len(entries) == 1:
        return {entries[0].seq: _reason(entries[0], done)}
    half = len(entries) // 2
    return _halved(cursor, entries[:half], step) | _halved(cursor, entries[half:], step)


def _tried(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> dict[int, str] | Exception:
    """Post ``entries`` at once, or nothing of them: then return the fault."""
    first = step.given
    try:
        with transaction.atomic():
            return _all(cursor, entries, step)
    except (*PASSING, MemoryError):
        raise
    except Exception as fault:
        if isinstance(fault, DatabaseError) and not isinstance(fault, _OF_AN_ENTRY):
            raise
        step.given = first
        return fault


def _all(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> dict[int, str]:
    if not entries:
        return {}
    moving = cast("list[Moving]", [entry for entry in entries if isinstance(entry.body, Sale | SaleReturn)])
    closed = cast("list[Entry[ShiftClosed]]", [entry for entry in entries if isinstance(entry.body, ShiftClosed)])
    unknown = cast("list[Entry[UnknownReturn]]", [entry for entry in entries if isinstance(entry.body, UnknownReturn)])
    if not moving and not closed and not unknown and not hooks.AFTER_POSTING:
        return {}
    post_unknown(cursor, unknown)
    for hook in hooks.BEFORE_POSTING:
        hook(cursor, entries, step)
    done = post(cursor, moving, step)
    review(cursor, entries[0].station, done, closed, step.at_us)
    standing = [entry for entry in entries if entry.seq not in done.repeated]
    for hook in hooks.AFTER_POSTING:
        hook(cursor, standing, step)
    return dict.fromkeys(done.repeated, REPEATED)


def _reason(entry: Entry[Body], fault: Exception) -> str:
    """Return why ``entry`` is set aside, and log where it came about: the place and the trace, no value of a row."""
    _LOGGER.error(
        "entry %s/%s/%d could not be posted and is set aside: %s", entry.station, entry.incarnation, entry.seq, where(fault))
    words = "" if isinstance(fault, DatabaseError) else f": {' '.join(str(fault).split())}"
    return f"{type(fault).__name__}{words}".replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_REASON]


def set_aside(cursor: CursorWrapper, name: Name, reasons: dict[int, str]) -> None:
    """Put entries of the journal ``name`` into quarantine, each with its reason."""
    cursor.executemany(
        "INSERT INTO intake_quarantine (station, incarnation, seq, code, reason) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (station, incarnation, seq) DO UPDATE SET code = excluded.code, reason = excluded.reason",
        [(*name, seq, Code.NOT_POSTED.value, reason) for seq, reason in sorted(reasons.items())])


def release(name: Name, seqs: Iterable[int]) -> None:
    """Take entries of the journal ``name`` out of quarantine."""
    Quarantine.objects.filter(station=name[0], incarnation=name[1], seq__in=list(seqs)).delete()
