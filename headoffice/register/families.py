"""What a holder of a family's cards spends in a day, over all stations: asked before it is set aside, and audited after.

What each posted sale took of the day is kept with the verdict on it, decided once: the limits may be
others by the time the books are rebuilt.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from headoffice.audit.recompute import Breach
from headoffice.audit.review import DIFFERENCE
from headoffice.ledger.rows import insert
from headoffice.ledger.steps import Step
from headoffice.register.models import Holder, HolderUse
from station.account import value_spent
from station.journal import Body, Entry
from station.leases import AccountKind
from station.sale import Sale

_LIMITS = {AccountKind.POINTS: ("points_per_day", "points"), AccountKind.WALLET: ("value_per_day", "value")}


def left_today(member: str, holder: str, day: str, kind: AccountKind) -> int | None:
    """Return what posted sales left of ``holder``'s local ``day``; None for no limit, 0 for a holder nobody knows."""
    if kind not in _LIMITS:
        return None
    limited, used = _LIMITS[kind]
    row = Holder.objects.filter(member=member, holder_id=holder).first()
    limit: int | None = getattr(row, limited) if row else 0
    if limit is None:
        return None
    spent = HolderUse.objects.filter(member=member, holder=holder, day=day).aggregate(sum=Sum(used))["sum"]
    return limit - int(spent or 0)


def note(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Keep what the sales among ``entries``, just posted in ``step``, took of whose day, and flag what is too much."""
    rows = []
    for entry in entries:
        if isinstance(entry.body, Sale) and entry.body.basket.spender:
            over = _noted(entry, entry.body)
            if over:
                rows.append((
                    entry.station, entry.incarnation, Breach.HOLDER.value, entry.body.sale_id, over, entry.seq, step.at_us))
    insert(cursor, "audit_difference", DIFFERENCE, rows)


def _noted(entry: Entry[Body], sale: Sale) -> str:
    """Return what a sale took beyond the day's limits, in words, "" for nothing; decided when it was first posted."""
    member, spender = sale.basket.member, sale.basket.spender
    points, value = sale.priced.spent, value_spent(sale)
    if member is None or spender is None or not (points or value):
        return ""
    place = {"member": member.member_id, "station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    known = HolderUse.objects.filter(**place).first()
    if known:
        return known.over
    day = sale.basket.opened.date
    over = []
    for kind, spent in ((AccountKind.POINTS, points), (AccountKind.WALLET, value)):
        left = left_today(member.member_id, spender.holder, day, kind)
        if left is not None and spent > left:
            over.append(f"{kind.value} {spent}, {max(0, left)} left")
    HolderUse.objects.create(
        **place, holder=spender.holder, day=day, points=points, value=value, over="; ".join(over))
    return "; ".join(over)
