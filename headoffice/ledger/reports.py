"""Figures of a day, by the same fold as at the station."""

from headoffice.ledger.models import Sale
from station.report import DayReport, SaleFact, day_report


def day(business_date: str, station: str | None = None) -> DayReport:
    """Return the sums of ``business_date`` over all stations, or over one."""
    sales = Sale.objects.filter(business_date=business_date)
    if station is not None:
        sales = sales.filter(station=station)
    return day_report(business_date, (
        SaleFact(*row) for row in sales.order_by("station", "seq").values_list(
            "business_date", "hour", "member", "total", "discount", "tax", "points")))
