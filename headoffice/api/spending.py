"""Spending: reservations while a station is in reach, leases for when it is not."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, read, signed
from headoffice.clock import now_us
from headoffice.spending import leases, reservations
from headoffice.stations.models import Station
from sync.wire_spending import AvailableAsked, CloseLease, Commit, LeasesAsked, Reserve, Void


@signed("POST")
def available(request: HttpRequest, station: Station) -> HttpResponse:
    """Tell how much of an account can be reserved, to any station."""
    del station
    return answer(reservations.available(read(request.body, AvailableAsked), now_us()))


@signed("POST")
def reserve(request: HttpRequest, station: Station) -> HttpResponse:
    """Set something aside."""
    return answer(reservations.reserve(station, read(request.body, Reserve), now_us()))


@signed("POST")
def commit(request: HttpRequest, station: Station) -> HttpResponse:
    """Keep a reservation until its sale arrives."""
    return answer(reservations.commit(station, read(request.body, Commit), now_us()))


@signed("POST")
def void(request: HttpRequest, station: Station) -> HttpResponse:
    """Give a reservation back."""
    return answer(reservations.void(station, read(request.body, Void)))


@signed("POST")
def ask(request: HttpRequest, station: Station) -> HttpResponse:
    """Give leases."""
    return answer(leases.ask(station, read(request.body, LeasesAsked), now_us()))


@signed("POST")
def close(request: HttpRequest, station: Station) -> HttpResponse:
    """Tell whether the end of a lease is booked."""
    return answer(leases.close(station, read(request.body, CloseLease)))
