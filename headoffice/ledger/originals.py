"""The sales that returns speak of, as they were received: read once, for posting and for the audit."""

from collections.abc import Collection

from django.db.backends.utils import CursorWrapper

from headoffice.intake.entries import decode
from headoffice.ledger.rows import found
from station.journal import Body, Entry, EntryKind
from station.sale import Sale, SaleReturn

EntryName = tuple[str, str, int]
"""Station, incarnation and seq of an entry."""


def sale_of(entry: Entry[SaleReturn]) -> EntryName:
    """Return the name of the sale that the return ``entry`` is of: of its own station, unless it says another."""
    back = entry.body
    return back.elsewhere.station if back.elsewhere else entry.station, back.incarnation, back.seq


def bodies(cursor: CursorWrapper, names: Collection[EntryName], kind: EntryKind) -> dict[EntryName, Body]:
    """Return by name the bodies of those entries that are held and of ``kind``."""
    return {(station, incarnation, seq): decode(bytes(raw)).body for station, incarnation, seq, raw in found(
        cursor, "SELECT station, incarnation, seq, raw FROM intake_entry WHERE kind = %s"
        " AND (station, incarnation, seq) IN (VALUES {keys})", list(dict.fromkeys(names)), kind.value)}


def sales_of(cursor: CursorWrapper, entries: Collection[Entry[SaleReturn]]) -> dict[EntryName, Sale]:
    """Return by name the sales that the returns ``entries`` are of, where they are those."""
    held, named = bodies(cursor, [sale_of(each) for each in entries], EntryKind.SALE), {}
    for entry in entries:
        sale = held.get(sale_of(entry))
        if isinstance(sale, Sale) and sale.sale_id == entry.body.sale_id:
            named[sale_of(entry)] = sale
    return named
