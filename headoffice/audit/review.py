"""The audit of what was freshly posted: differences are flagged, never refused."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from headoffice.audit.models import Difference
from headoffice.audit.recompute import Breach, Finding, findings, return_findings
from headoffice.audit.shifts import shift_findings
from headoffice.intake.models import Entry as Received
from headoffice.ledger.models import SaleReturn as ReturnRow
from headoffice.ledger.posting import Posted, ReturnEntry, SaleEntry
from headoffice.register.packs import engine
from station.journal import Entry, EntryKind
from station.sale import Sale, SaleReturn
from station.shift import ShiftClosed

MOST_DETAIL = 500
BodyT = TypeVar("BodyT")


def review(shop: str, posted: Posted, closed: Iterable[Entry[ShiftClosed]], now_us: int) -> None:
    """Write what is wrong with what a station of ``shop`` has just ``posted``, and with the shifts it ``closed``."""
    engines = {number: engine(number) for number in {entry.body.basket.pack for entry in posted.sales}}
    rows: list[Difference] = []
    for sale in posted.sales:
        found = findings(sale.body, engines[sale.body.basket.pack], shop)
        rows += _rows(sale, sale.body.sale_id, (*found, *_of_posting(sale, posted)), now_us)
    for back in posted.returns:
        rows += _rows(back, back.body.sale_id, (*_of_return(back), *_of_posting(back, posted)), now_us)
    for entry in closed:
        rows += _rows(entry, "", shift_findings(entry), now_us)
    Difference.objects.bulk_create(rows)


def _of_return(entry: ReturnEntry) -> tuple[Finding, ...]:
    """Return what is wrong with a return, by its sale and the earlier returns as they were received."""
    back, station = entry.body, entry.station
    sale = _received(station, back.incarnation, back.seq, Entry[Sale], EntryKind.SALE)
    if sale is None or sale.sale_id != back.sale_id:
        return return_findings(back, None, (), None)
    of_sale = ReturnRow.objects.filter(station=station, sale_incarnation=back.incarnation, sale_seq=back.seq)
    own = of_sale.get(return_id=back.return_id)
    places = of_sale.filter(number__lt=own.number).order_by("number").values_list("incarnation", "seq")
    earlier = [each for incarnation, seq in places
               if (each := _received(station, incarnation, seq, Entry[SaleReturn], EntryKind.RETURN))]
    return return_findings(back, sale, earlier, engine(sale.basket.pack))


def _received(station: str, incarnation: str, seq: int, form: type[Entry[BodyT]], kind: EntryKind) -> BodyT | None:
    """Return the body of an entry as received, None when there is none of that kind."""
    row = Received.objects.filter(station=station, incarnation=incarnation, seq=seq, kind=kind.value).first()
    return msgspec.json.decode(bytes(row.raw), type=form).body if row else None


def _rows(entry: Entry[Any], sale_id: str, found: Sequence[Finding], now_us: int) -> list[Difference]:
    return [Difference(
        station=entry.station, incarnation=entry.incarnation, seq=entry.seq,
        breach=breach.value, sale_id=sale_id, detail=detail[:MOST_DETAIL], found_us=now_us)
        for breach, detail in _by_breach(found)]


def _by_breach(found: Sequence[Finding]) -> Iterator[tuple[Breach, str]]:
    """Yield each breach once, with the figures of all findings of its kind."""
    for breach in dict.fromkeys(finding.breach for finding in found):
        yield breach, "; ".join(finding.detail for finding in found if finding.breach is breach)


def _of_posting(entry: SaleEntry | ReturnEntry, posted: Posted) -> Iterator[Finding]:
    if entry.seq in posted.double_keys:
        yield Finding(Breach.KEY_WRITTEN, "a points entry by this key was written before")
    if entry.seq in posted.strangers:
        yield Finding(Breach.MEMBER_UNKNOWN, "the register does not know the member")
