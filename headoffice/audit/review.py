"""The audit of freshly posted sales: differences are flagged, never refused."""

from collections.abc import Iterator, Sequence

from headoffice.audit.models import Difference
from headoffice.audit.recompute import Breach, Finding, findings
from headoffice.ledger.posting import Posted, SaleEntry
from headoffice.register.packs import engine

MOST_DETAIL = 500


def review(shop: str, posted: Posted, now_us: int) -> None:
    """Write what is wrong with the sales just ``posted`` by a station of ``shop``."""
    engines = {number: engine(number) for number in {entry.body.basket.pack for entry in posted.sales}}
    Difference.objects.bulk_create(
        Difference(
            station=entry.station, incarnation=entry.incarnation, seq=entry.seq,
            breach=breach.value, sale_id=entry.body.sale_id, detail=detail[:MOST_DETAIL], found_us=now_us)
        for entry in posted.sales
        for breach, detail in _by_breach((
            *findings(entry.body, engines[entry.body.basket.pack], shop), *_of_posting(entry, posted))))


def _by_breach(found: Sequence[Finding]) -> Iterator[tuple[Breach, str]]:
    """Yield each breach once, with the figures of all findings of its kind."""
    for breach in dict.fromkeys(finding.breach for finding in found):
        yield breach, "; ".join(finding.detail for finding in found if finding.breach is breach)


def _of_posting(entry: SaleEntry, posted: Posted) -> Iterator[Finding]:
    if entry.seq in posted.double_keys:
        yield Finding(Breach.KEY_WRITTEN, "a points entry by this key was written before")
    if entry.seq in posted.strangers:
        yield Finding(Breach.MEMBER_UNKNOWN, "the register does not know the member")
