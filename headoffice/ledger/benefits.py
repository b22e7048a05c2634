"""What a member had of the club in a span of days, from all shops: purchases, discounts by rule, points.

Sales lie with their stations, so a spread database asks all of its shards for them; somebody at a
counter asks this now and then, nothing else does.
"""

from collections.abc import Iterator, Mapping, Sequence

from headoffice.intake.entries import decode
from headoffice.intake.models import Entry, Incarnation
from headoffice.ledger.models import Balance, PointsEntry, PointsLot, Sale, SaleReturn
from station import sale as sold
from station.benefits import MOST_PURCHASES, Benefits, Expiring, PointsMove, Purchase, given_in
from station.clock import Moment
from station.journal import Position, receipt_number
from station.points import PointsKind
from station.span import Span

Place = tuple[str, str, int]
"""Station, incarnation and seq of an entry."""


def benefits(member: str, span: Span, now_us: int) -> Benefits:
    """Return what ``member`` had in ``span``, as far as it is posted ``now_us``."""
    days = {"member": member, "business_date__range": (span.first, span.last)}
    order = ("-business_date", "-at_us")
    found: list[Sale | SaleReturn] = [
        *Sale.objects.filter(**days).order_by(*order)[:MOST_PURCHASES + 1],
        *SaleReturn.objects.filter(**days).order_by(*order)[:MOST_PURCHASES + 1]]
    found.sort(key=lambda row: (row.business_date, row.at_us), reverse=True)
    entries = list(PointsEntry.objects.filter(
        member=member, day__range=(span.first, span.last)).order_by("-posted", "-key")[:MOST_PURCHASES + 1])
    rows = found[:MOST_PURCHASES]
    sales = [each for each in rows if isinstance(each, Sale)]
    moved, origins = _moved(member, rows), _origins({each.station for each in rows})
    told, held = list(_discounts(sales)), Balance.objects.filter(member=member).first()
    return Benefits(
        member, span, tuple(_purchase(each, moved, origins) for each in rows), given_in(told),
        tuple(PointsMove(each.day, PointsKind(each.kind), each.points, each.rule) for each in entries[:MOST_PURCHASES]),
        _expiring(member), None, held.points if held else 0, now_us,
        max(len(found), len(entries)) > MOST_PURCHASES, len(sales) - len(told))


def _moved(member: str, rows: Sequence[Sale | SaleReturn]) -> dict[Place, int]:
    """Return the points that the entries of ``rows`` moved on ``member``'s account."""
    sums = {_place(each): 0 for each in rows}
    for station, incarnation, seq, points in PointsEntry.objects.filter(
            member=member, seq__in={seq for _, _, seq in sums}).values_list("station", "incarnation", "seq", "points"):
        if (station, incarnation, seq) in sums:
            sums[station, incarnation, seq] += points
    return sums


def _discounts(sales: Sequence[Sale]) -> Iterator[list[tuple[str, int]]]:
    """Yield of each sale, as its station uploaded it, what each rule took off."""
    journals: dict[tuple[str, str], list[int]] = {}
    for each in sales:
        journals.setdefault((each.station, each.incarnation), []).append(each.seq)
    for (station, incarnation), seqs in journals.items():
        for raw in Entry.objects.filter(
                station=station, incarnation=incarnation, seq__in=seqs).values_list("raw", flat=True):
            body = decode(bytes(raw)).body
            if isinstance(body, sold.Sale):
                yield [(each.rule, each.amount) for each in body.priced.discounts]


def _origins(stations: set[str]) -> dict[tuple[str, str], str]:
    """Return, of each branch, the incarnation that its receipts name."""
    return {(row.station, row.incarnation): row.origin
            for row in Incarnation.objects.filter(station__in=stations).exclude(origin="")}


def _place(row: Sale | SaleReturn) -> Place:
    return row.station, row.incarnation, row.seq


def _purchase(row: Sale | SaleReturn, moved: Mapping[Place, int], origins: Mapping[tuple[str, str], str]) -> Purchase:
    minute = Moment(row.at_us, row.at_offset, row.business_date).minute_of_day
    incarnation = origins.get((row.station, row.incarnation), row.incarnation)
    receipt, points = receipt_number(row.station, Position(incarnation, row.seq)), moved[_place(row)]
    if isinstance(row, Sale):
        return Purchase(row.business_date, minute, receipt, row.shop, row.total, row.discount, points)
    return Purchase(row.business_date, minute, receipt, "", -row.money, 0, points, is_back=True)


def _expiring(member: str) -> tuple[Expiring, ...]:
    sums: dict[str, int] = {}
    for day, held in PointsLot.objects.filter(member=member, held__gt=0).exclude(
            last_day="").order_by("last_day").values_list("last_day", "held"):
        sums[day] = sums.get(day, 0) + held
    return tuple(Expiring(day, points) for day, points in sums.items())
