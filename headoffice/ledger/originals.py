"""The sales that returns speak of, as they were received: read once, for posting and for the audit."""

from collections.abc import Collection

from django.db.backends.utils import CursorWrapper

from headoffice.intake.entries import decode
from headoffice.ledger.rows import found
from station.journal import Body, Entry, EntryKind
from station.sale import Sale, SaleReturn

BodyKey = tuple[str, int]


def bodies(cursor: CursorWrapper, station: str, places: Collection[BodyKey], kind: EntryKind) -> dict[BodyKey, Body]:
    """Return by (incarnation, seq) the bodies of those entries of ``station`` that are held and of ``kind``."""
    return {(incarnation, seq): decode(bytes(raw)).body for incarnation, seq, raw in found(
        cursor, "SELECT incarnation, seq, raw FROM intake_entry WHERE kind = %s"
        " AND (station, incarnation, seq) IN (VALUES {keys})",
        [(station, *place) for place in dict.fromkeys(places)], kind.value)}


def sales_of(cursor: CursorWrapper, entries: Collection[Entry[SaleReturn]]) -> dict[BodyKey, Sale]:
    """Return by (incarnation, seq) the sales that the returns ``entries`` of one station name, where they are those."""
    if not entries:
        return {}
    station, named = next(iter(entries)).station, {}
    held = bodies(cursor, station, [(each.body.incarnation, each.body.seq) for each in entries], EntryKind.SALE)
    for entry in entries:
        sale = held.get((entry.body.incarnation, entry.body.seq))
        if isinstance(sale, Sale) and sale.sale_id == entry.body.sale_id:
            named[entry.body.incarnation, entry.body.seq] = sale
    return named
