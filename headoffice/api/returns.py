"""Goods that come back at another till than they were bought at: whose turn it is, and what is known of the sale."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, as_base64, query_of, read, signed
from headoffice.api.pace import Pace
from headoffice.clock import now_us
from headoffice.refusal import refuse
from headoffice.register.models import PackDocument
from headoffice.returns import turns
from headoffice.stations.models import Station
from sync.wire_feeds import SignedPack
from sync.wire_returns import ReturnAsked, ReturnDropped, RulesAsked

SALES = Pace(60, 1)
"""A counter where everybody brings goods back asks twice for each; a station in wrong hands must not carry the sales away."""


@signed("POST")
def ask(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the turn at a sale, of whichever station, to any station of the club."""
    SALES.spend(station.id)
    return answer(turns.ask(station, read(request.body, ReturnAsked), now_us()))


@signed("POST")
def drop(request: HttpRequest, station: Station) -> HttpResponse:
    """Take a turn back."""
    return answer(turns.drop(station, read(request.body, ReturnDropped)))


@signed("GET")
def rules(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the rule pack of a sale, the same for every station."""
    del station
    held = PackDocument.objects.filter(number=query_of(request, RulesAsked).number).first()
    if held is None:
        refuse("no such pack was published", 404)
    return answer(SignedPack(
        number=held.number, document=as_base64(bytes(held.document)), signature=as_base64(bytes(held.signature))))
