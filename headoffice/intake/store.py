"""From links to rows: which entries can be posted, which are set aside, and both of them written."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from headoffice.intake.batch import Link
from headoffice.intake.entries import NotKnownError, Place, read_entry
from headoffice.intake.models import Code, Quarantine
from headoffice.stations.models import Station
from headoffice.transactions import add_rows

MOST_REASON = 300
REVOKED = "the station was revoked before the entry came"
COLUMNS = {
    "station": "text", "incarnation": "text", "seq": "int8", "kind": "text", "raw": "bytea", "hash": "bytea",
    "received_us": "int8"}
"""Of ``intake_entry``, with PostgreSQL's names of their types."""

Row = tuple[str, str, int, str, bytes, bytes, int]


def judged(
    station: Station, incarnation: str, links: Sequence[Link], now_us: int, named: str, aside: list[Quarantine],
) -> Iterator[Row]:
    """Read ``links`` one by one: yield the row of each, and add to ``aside`` that of each that must not be posted: why.

    They are entries of the journal ``incarnation`` and name the incarnation ``named``.
    What a revoked station sends is not even read.
    """
    for link in links:
        place = Place(station.id, named, link.seq)
        kind, found = ("", (Code.REVOKED, REVOKED)) if station.revoked else verdict(link.raw, place)
        if found:
            aside.append(Quarantine(
                station=station.id, incarnation=incarnation, seq=link.seq, code=found[0].value, reason=found[1]))
        yield station.id, incarnation, link.seq, kind, link.raw, link.hash, now_us


def verdict(raw: bytes, place: Place) -> tuple[str, tuple[Code, str] | None]:
    """Return the kind of the entry stored as ``raw`` at ``place`` ("" when it cannot be read), and then why."""
    try:
        return read_entry(raw, place).kind.value, None
    except NotKnownError as fault:
        return "", (Code.VERSION, str(fault)[:MOST_REASON])
    except ValueError as fault:
        return "", (Code.UNREADABLE, str(fault).replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_REASON])


def store(entries: Iterable[Row]) -> None:
    """Write the rows, in the caller's transaction, which holds the lock of their journal."""
    with connection.cursor() as cursor:
        add_rows(cursor, "intake_entry", COLUMNS, entries)
