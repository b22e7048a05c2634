"""Phones as cards, from the counter's side: a link for the member who stands there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, read, signed
from headoffice.clock import now_us
from headoffice.phone.commands import member_address
from headoffice.phone.passes import LINK_US, make_link
from headoffice.refusal import refuse
from headoffice.register.numbers import numbering
from headoffice.stations.models import Station
from sync.wire_phones import LinkAsked, LinkMade


@signed("POST")
def link(request: HttpRequest, _station: Station) -> HttpResponse:
    """Make a link; where nobody said how members reach head office, as this station does."""
    asked = read(request.body, LinkAsked)
    if numbering(settings.HOME) is None:
        refuse("this head office does not know the club's card numbers", 409)
    address = member_address(settings.HOME) or f"https://{request.get_host()}"
    made_us = now_us()
    try:
        token = make_link(asked.member_id, made_us)
    except KeyError:
        refuse("there is no such member", 404)
    return answer(LinkMade(address=f"{address}/m/#{token}", until_us=made_us + LINK_US))
