"""Sales in which something was proven beside the card: by a claim of that member, in time, and of no other sale.

A difference is flagged, as all of them; nobody's sale is refused. Which sale a claim counts for is
decided once, when that sale is posted, and kept: a rebuild finds the same.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from headoffice.audit.recompute import Breach
from headoffice.audit.review import DIFFERENCE
from headoffice.claims.models import Claim
from headoffice.claims.service import PROVEN_US
from headoffice.clock import MICROSECONDS
from headoffice.ledger.rows import insert
from headoffice.ledger.steps import Step
from station.journal import Body, Entry
from station.sale import Sale
from station.step_up import StepUp

TOLERANCE_US = 600 * MICROSECONDS
"""How far a station's clock may differ from head office's."""


def review(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Write what is wrong with the claims of the sales among ``entries``, just posted in ``step``."""
    rows = []
    for entry in entries:
        step_up = entry.body.basket.step_up if isinstance(entry.body, Sale) else None
        wrong = _wrong(entry, entry.body, step_up) if step_up and isinstance(entry.body, Sale) else ""
        if wrong and isinstance(entry.body, Sale):
            rows.append((
                entry.station, entry.incarnation, Breach.CLAIM.value, entry.body.sale_id, wrong, entry.seq, step.at_us))
    insert(cursor, "audit_difference", DIFFERENCE, rows)


def _wrong(entry: Entry[Body], sale: Sale, step_up: StepUp) -> str:
    """Return what is wrong with the claim of a sale, "" when it is good; it counts for this sale from now on."""
    claim = Claim.objects.select_for_update().filter(station=entry.station, claim_id=step_up.claim_id).first()
    if claim is None or claim.proven_us is None:
        return "the claim was never proven"
    member = sale.basket.member
    if member is None or not member.member_id == claim.member == step_up.member_id:
        return "another member proved it"
    if not claim.proven_us - TOLERANCE_US <= entry.at.utc_us <= claim.proven_us + PROVEN_US + TOLERANCE_US:
        return f"proven at {claim.proven_us}, used at {entry.at.utc_us}"
    if not claim.used_incarnation:
        claim.used_incarnation, claim.used_seq = entry.incarnation, entry.seq
        claim.save(update_fields=["used_incarnation", "used_seq"])
    if (claim.used_incarnation, claim.used_seq) != (entry.incarnation, entry.seq):
        return f"entry {claim.used_seq} of {claim.used_incarnation} used it"
    return ""
