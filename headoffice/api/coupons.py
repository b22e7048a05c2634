"""What became of a coupon, for the station at whose counter it is shown."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, query_of, signed
from headoffice.api.pace import Pace
from headoffice.coupons.notes import called
from headoffice.stations.models import Station
from headoffice.transactions import one_state
from sync.wire_coupons import CouponAnywhere, CouponAsked, CouponsCalled

NUMBERS = Pace(30, 0.5)
"""Nobody scans faster; a station in wrong hands must not guess numbers."""


@signed("GET")
def coupons_called(request: HttpRequest, station: Station) -> HttpResponse:
    """Tell it, as of now; a coupon whose number was mistyped is none."""
    NUMBERS.spend(station.id)
    asked = query_of(request, CouponAsked)
    with one_state():
        found = called(asked.number)
    return answer(CouponsCalled(coupons=tuple(CouponAnywhere(
        code=each.code, promotion=each.promotion, last_day=each.last_day, member_id=each.member_id, state=each.state)
        for each in found)))
