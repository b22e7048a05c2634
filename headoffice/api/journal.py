"""The journal goes up: where it stands, and batches of its entries."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, query_of, read, same_protocol, signed
from headoffice.api.queries import HashQuery
from headoffice.clock import now_us
from headoffice.intake.batch import inflate, unpack
from headoffice.intake.receive import hash_of, receive, welcome
from headoffice.refusal import refuse
from headoffice.stations.models import Station
from sync.wire import ENTRIES_TYPE, JSON_TYPE, BatchHead, HeldHash, Hello


@signed("POST", revoked=True)
def hello(request: HttpRequest, station: Station) -> HttpResponse:
    """Compare where the station's journal stands with what is held of it."""
    said = read(request.body, Hello)
    same_protocol(said.protocol)
    return answer(welcome(station, said, now_us()))


@signed("PUT", revoked=True)
def journal(request: HttpRequest, station: Station) -> HttpResponse:
    """Take a batch of journal entries."""
    if request.content_type != ENTRIES_TYPE:
        refuse(f"a batch is {ENTRIES_TYPE}", 415)
    head = query_of(request, BatchHead)
    links = unpack(head, inflate(request.body, request.headers.get("Content-Encoding", "")))
    return HttpResponse(receive(station, head, links, now_us()), content_type=JSON_TYPE)


@signed("GET", revoked=True)
def held_hash(request: HttpRequest, station: Station) -> HttpResponse:
    """Say which entry is held at a place: so a station finds where its journal and the one held part."""
    asked = query_of(request, HashQuery)
    held = hash_of(station, asked.incarnation, asked.seq)
    return answer(HeldHash(hash=None if held is None else held.hex()))
