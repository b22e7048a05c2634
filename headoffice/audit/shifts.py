"""Control totals: the Z report of a shift beside what the entries of that shift, as received, add up to."""

from collections.abc import Iterator

from data.derived import sums
from headoffice.audit.recompute import Breach, Finding
from headoffice.intake.entries import decode
from headoffice.intake.models import Entry as Received
from headoffice.ledger.lines import Lines
from station.journal import Body, Entry, EntryKind, Position
from station.shift import Shift, ShiftClosed
from station.totals import Part, Tally, Total, expected_cash, joined

MOST_ENTRIES, MOST_INCARNATIONS = 50_000, 20
"""Of one shift; beyond them the report counts as one whose shift was never opened."""

_TOLD = {EntryKind.SHIFT_OPENED, EntryKind.SALE, EntryKind.RETURN, EntryKind.RETURN_UNKNOWN, EntryKind.CASH_MOVED,
         EntryKind.CORRECTION}


def shift_findings(entry: Entry[ShiftClosed]) -> tuple[Finding, ...]:
    """Return what is wrong with the Z report ``entry``, by the entries that were received before it."""
    closed = entry.body
    opened, parts = _reckoned(entry)
    if opened is None:
        return (Finding(Breach.TOTALS, f"the opening of shift {closed.shift} is not here"),)
    totals = joined(parts)
    cash = expected_cash(opened.opening_float, totals)
    words = [*_differing(closed.totals, totals)]
    if closed.expected_cash != cash:
        words.insert(0, f"cash expected {closed.expected_cash}, due {cash}")
    return (Finding(Breach.TOTALS, "; ".join(words)),) if words else ()


def _reckoned(closed: Entry[ShiftClosed]) -> tuple[Shift | None, list[Part]]:
    """Return the opening of the shift (None: not here) and what its entries add."""
    parts: list[Part] = []
    for entry in _backwards(closed.station, Position(closed.incarnation, closed.seq - 1)):
        if isinstance(entry.body, Shift):
            return (entry.body if entry.body.number == closed.body.shift else None), parts
        shift, added = sums(entry)
        if shift == closed.body.shift:
            parts += [(Tally(tally), name, amount) for tally, name, amount in added]
    return None, parts


def _backwards(station: str, start: Position) -> Iterator[Entry[Body]]:
    """Yield the entries up to ``start``, the last first; before a journal's first comes the one it goes on from."""
    left, seen, lines = MOST_ENTRIES, set[str](), Lines(station)
    place: Position | None = start
    while place and place.incarnation not in seen and len(seen) < MOST_INCARNATIONS and left:
        seen.add(place.incarnation)
        rows = Received.objects.filter(
            station=station, incarnation=place.incarnation, seq__lte=place.seq, kind__in=_TOLD).order_by("-seq")
        for raw in rows.values_list("raw", flat=True)[:left].iterator(chunk_size=500):
            left -= 1
            yield decode(bytes(raw))
        place = lines.before(place.incarnation)


def _differing(stated: tuple[Total, ...], due: tuple[Total, ...]) -> Iterator[str]:
    """Yield each figure that is not the same."""
    theirs = {(each.tally, each.name): each.amount for each in stated}
    ours = {(each.tally, each.name): each.amount for each in due}
    if len(theirs) != len(stated):
        yield "a figure stands twice"
    for key in sorted({*theirs, *ours}):
        if theirs.get(key, 0) != ours.get(key, 0):
            yield f"{' '.join(key).strip()} {theirs.get(key, 0)}, due {ours.get(key, 0)}"
