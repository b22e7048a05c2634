"""The audit of what was freshly posted: differences are flagged, never refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from django.db.backends.utils import CursorWrapper

from headoffice.audit.recompute import Breach, Finding, findings, return_findings
from headoffice.audit.shifts import shift_findings
from headoffice.ledger.originals import EntryName, bodies, sale_of
from headoffice.ledger.posting import Posted, ReturnEntry, SaleEntry
from headoffice.ledger.rows import columns, found, insert
from headoffice.stations.models import Station
from station.journal import Body, Entry, EntryKind
from station.sale import SaleReturn
from station.shift import ShiftClosed

MOST_DETAIL = 500
DIFFERENCE = columns("station incarnation breach sale_id detail", "seq found_us")

Row = tuple[int | str, ...]


def review(
    cursor: CursorWrapper, station: str, posted: Posted, closed: Iterable[Entry[ShiftClosed]], now_us: int,
) -> None:
    """Write what is wrong with what ``station`` has just ``posted``, and with the shifts it ``closed``."""
    shop = Station.objects.filter(id=station).values_list("shop", flat=True).first() or ""
    rows: list[Row] = []
    for sale in posted.sales:
        wrong = findings(sale.body, posted.engines[sale.body.basket.pack], shop)
        rows += _rows(sale, sale.body.sale_id, (*wrong, *_of_posting(sale, posted)), now_us)
    earlier = _earlier(cursor, posted.returns)
    for back in posted.returns:
        before = earlier[back.station, back.incarnation, back.seq]
        rows += _rows(back, back.body.sale_id, (*_of_return(back, posted, before), *_of_posting(back, posted)), now_us)
    for entry in closed:
        rows += _rows(entry, "", shift_findings(entry), now_us)
    insert(cursor, "audit_difference", DIFFERENCE, rows)


def _of_return(entry: ReturnEntry, posted: Posted, earlier: Sequence[SaleReturn]) -> tuple[Finding, ...]:
    """Return what is wrong with a return, by its sale and the ``earlier`` returns of it as they were received."""
    sale = posted.originals.get(sale_of(entry))
    return return_findings(entry.body, sale, earlier, posted.engines[sale.basket.pack] if sale else None)


def _earlier(cursor: CursorWrapper, returns: Sequence[ReturnEntry]) -> dict[EntryName, list[SaleReturn]]:
    """Return for each of ``returns``, by its name, those of the same sale that were posted before it, in order."""
    sales = {sale_of(entry): None for entry in returns}
    of_sale: dict[EntryName, list[EntryName]] = {}
    for *sale, station, incarnation, seq in found(
            cursor, "SELECT sale_station, sale_incarnation, sale_seq, station, incarnation, seq FROM ledger_salereturn"
            " WHERE (sale_station, sale_incarnation, sale_seq) IN (VALUES {keys}) ORDER BY number", sales.keys()):
        of_sale.setdefault(cast("EntryName", tuple(sale)), []).append((station, incarnation, seq))
    own: Mapping[EntryName, Body] = {(entry.station, entry.incarnation, entry.seq): entry.body for entry in returns}
    others = [name for names in of_sale.values() for name in names if name not in own]
    held = {**own, **bodies(cursor, others, EntryKind.RETURN)}
    before: dict[EntryName, list[SaleReturn]] = {}
    for names in of_sale.values():
        for i, name in enumerate(names):
            before[name] = [cast("SaleReturn", held[each]) for each in names[:i] if each in held]
    return before


def _rows(entry: Entry[Any], sale_id: str, wrong: Sequence[Finding], now_us: int) -> list[Row]:
    return [
        (entry.station, entry.incarnation, breach.value, sale_id, detail[:MOST_DETAIL], entry.seq, now_us)
        for breach, detail in _by_breach(wrong)]


def _by_breach(wrong: Sequence[Finding]) -> Iterator[tuple[Breach, str]]:
    """Yield each breach once, with the figures of all findings of its kind."""
    for breach in dict.fromkeys(finding.breach for finding in wrong):
        yield breach, "; ".join(finding.detail for finding in wrong if finding.breach is breach)


def _of_posting(entry: SaleEntry | ReturnEntry, posted: Posted) -> Iterator[Finding]:
    if entry.seq in posted.double_keys:
        yield Finding(Breach.KEY_WRITTEN, "a points entry by this key was written before")
    if entry.seq in posted.strangers:
        yield Finding(Breach.MEMBER_UNKNOWN, "the register does not know the member")
