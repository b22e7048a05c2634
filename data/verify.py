"""Checks a journal from its first byte to its last derived row, and names the first bad place."""

from collections.abc import Iterator

import msgspec

from data.journal import Derived, JournalStore, decode, derive
from station.journal import GENESIS, EntryKind, chain

PAGE = 1000
_ORDER = {"shift": "number", "sale": "seq", "points_entry": "key", "promotion_use": "promotion, seq"}


def verify(journal: JournalStore) -> Iterator[str]:
    """Yield a sentence for each thing wrong with ``journal``; nothing at all when it is sound.

    Checked: SQLite's and SQLCipher's own integrity, gaps, the hash chain over the stored bytes,
    that each entry decodes as its kind and names its own place, that the mark is inside the
    journal, and that the derived tables are exactly what the entries make.
    """
    broken = journal.database.faults()
    if broken:
        yield from (f"the file itself: {fault}" for fault in broken)
        return
    made: Derived = {table: [] for table in _ORDER}
    station, incarnation = journal.database.row("SELECT station, incarnation FROM journal") or ("", "")
    previous, seq = GENESIS, 0
    while page := journal.after(seq, PAGE):
        for stored in page:
            seq += 1
            if stored.seq != seq:
                yield f"entry {seq} is missing"
                return
            if chain(previous, stored.raw) != stored.hash:
                yield f"entry {seq} breaks the chain"
                return
            previous = stored.hash
            try:
                entry = decode(stored.raw, EntryKind(stored.kind))
            except msgspec.ValidationError as error:
                yield f"entry {seq} does not decode: {error}"
                continue
            if (entry.station, entry.incarnation, entry.seq) != (station, incarnation, seq):
                yield f"entry {seq} names another place"
            for table, rows in derive(entry).items():
                made[table].extend(rows)
    if not 0 <= journal.mark() <= seq:
        yield f"the mark {journal.mark()} is outside the journal of {seq} entries"
    yield from _derived(journal, made)


def _derived(journal: JournalStore, made: Derived) -> Iterator[str]:
    for table, order in _ORDER.items():
        held = journal.database.rows(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - our names
        wanted = sorted(made[table], key=lambda row: row[:2])
        for want, have in zip(wanted, held, strict=False):
            if want != have:
                yield f"table {table}: the row of {want[0]} is not what the journal makes"
                return
        if len(wanted) != len(held):
            yield f"table {table}: {len(held)} rows, the journal makes {len(wanted)}"
