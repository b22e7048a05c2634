"""Figures of a day, by the same fold as at the station."""

from django.db.models import Count, Sum

from headoffice.ledger.models import Sale, SaleReturn
from station.report import DayReport, SaleFact, day_report


def day(business_date: str, station: str | None = None) -> DayReport:
    """Return the sums of the sales of ``business_date`` over all stations, or over one."""
    sales = Sale.objects.filter(business_date=business_date)
    if station is not None:
        sales = sales.filter(station=station)
    return day_report(business_date, (
        SaleFact(*row) for row in sales.order_by("station", "seq").values_list(
            "business_date", "hour", "member", "total", "discount", "tax", "points")))


def returns(business_date: str, station: str | None = None) -> tuple[int, int]:
    """Return how many returns were booked on ``business_date``, over all stations or over one, and the money they gave back."""
    back = SaleReturn.objects.filter(business_date=business_date)
    if station is not None:
        back = back.filter(station=station)
    found = back.aggregate(count=Count("pk"), money=Sum("money"))
    return found["count"], int(found["money"] or 0)


def returns_by_cause(business_date: str, station: str | None = None) -> dict[str, tuple[int, int]]:
    """Return the same for each cause there is one of: RETURNED, VOID, NO_SALE."""
    back = SaleReturn.objects.filter(business_date=business_date)
    if station is not None:
        back = back.filter(station=station)
    return {cause: (count, int(money)) for cause, count, money in back.order_by("cause").values_list("cause").annotate(
        count=Count("pk"), money=Sum("money"))}
