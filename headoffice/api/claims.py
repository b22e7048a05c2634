"""Claims: a member without a card proves to stand at a station's counter."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, read, signed
from headoffice.claims import service
from headoffice.claims.sender import FOLDER, SpoolFolder
from headoffice.clock import now_us
from headoffice.stations.models import Station
from sync.wire_claims import ClaimAnswer, ClaimBegin


@signed("POST")
def begin(request: HttpRequest, station: Station) -> HttpResponse:
    """Begin a claim."""
    codes = service.Codes(SpoolFolder(settings.HOME / FOLDER))
    return answer(service.begin(station.id, read(request.body, ClaimBegin), codes, now_us()))


@signed("POST")
def judge(request: HttpRequest, station: Station) -> HttpResponse:
    """Judge an answer."""
    return answer(service.answer(station.id, read(request.body, ClaimAnswer), now_us()))
