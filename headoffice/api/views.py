"""The protocol of ``sync.wire``, head office's side: one view a path."""

import base64
from functools import cache

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

from headoffice.api.answers import MessageT, answer, body_of, endpoint, read, signed
from headoffice.clock import now_us
from headoffice.feeds import members, shelf, snapshot
from headoffice.intake.batch import inflate, unpack
from headoffice.intake.receive import receive, welcome
from headoffice.refusal import refuse
from headoffice.register.packs import current
from headoffice.stations.models import Station
from headoffice.stations.pairing import redeem
from station.text import Text
from sync.signatures import Ed25519Verifier, public_key
from sync.wire import (
    CHUNK_TYPE,
    ENTRIES_TYPE,
    PROTOCOL,
    BatchHead,
    Count,
    Hello,
    HexHash,
    Incarnation,
    Message,
    PairAnswer,
    PairRequest,
    SignedPack,
)


class MembersQuery(Message, frozen=True, kw_only=True):
    """The query of the member feed."""

    incarnation: Incarnation
    cursor: str = ""


class BookQuery(Message, frozen=True, kw_only=True):
    """The query for a member book."""

    incarnation: Incarnation


class ChunkQuery(Message, frozen=True, kw_only=True):
    """The query for a piece of one."""

    digest: HexHash
    number: Count


class ShelfQuery(Message, frozen=True, kw_only=True):
    """The query of the goods feed."""

    cursor: str = ""


@endpoint("GET")
def health(_request: HttpRequest) -> HttpResponse:
    """Say that head office is up."""
    return HttpResponse("ok", content_type="text/plain")


@endpoint("POST")
def pair(request: HttpRequest) -> HttpResponse:
    """Make a station of whoever shows a good one-time code."""
    asked = read(body_of(request), PairRequest)
    _same_protocol(asked.protocol)
    try:
        key = base64.b64decode(asked.public_key, validate=True)
        Ed25519Verifier(key)
    except ValueError:
        refuse("public_key is not a raw Ed25519 key")
    station, shop = redeem(asked.code, key, now_us())
    return answer(PairAnswer(
        station=station.id, shop=shop.id, shop_name=Text(shop.name_fa, shop.name_en),
        card_key=_base64(settings.KEYS.card), office_key=_base64(_office_key()),
        recovery_key=_base64(settings.KEYS.recovery)))


@signed("POST")
def hello(request: HttpRequest, station: Station) -> HttpResponse:
    """Compare where the station's journal stands with what is held of it."""
    said = read(request.body, Hello)
    _same_protocol(said.protocol)
    return answer(welcome(station, said, now_us()))


@signed("PUT")
def journal(request: HttpRequest, station: Station) -> HttpResponse:
    """Take a batch of journal entries."""
    if request.content_type != ENTRIES_TYPE or request.headers.get("Content-Encoding") != "gzip":
        refuse(f"a batch is {ENTRIES_TYPE}, gzip-compressed", 415)
    head = _query(request, BatchHead)
    return answer(receive(station, head, unpack(head, inflate(request.body)), now_us()))


@gzip_page
@signed("GET")
def members_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed members."""
    query = _query(request, MembersQuery)
    return answer(members.page(station.id, query.incarnation, query.cursor))


@gzip_page
@signed("GET")
def shelf_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed goods, the same for every station."""
    del station
    return answer(shelf.page(_query(request, ShelfQuery).cursor))


@signed("GET")
def pack(_request: HttpRequest, station: Station) -> HttpResponse:
    """Give the rule pack in force, the same for every station."""
    del station
    held = current()
    if held is None:
        refuse("no rule pack was published yet", 404)
    return answer(SignedPack(
        number=held.number, document=_base64(bytes(held.document)), signature=_base64(bytes(held.signature))))


@signed("GET")
def book(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the description of the newest whole member book, signed for the station."""
    offered = snapshot.offer(station, _query(request, BookQuery).incarnation)
    if offered is None:
        refuse("no member book was made yet", 404)
    return answer(offered)


@signed("GET")
def book_chunk(request: HttpRequest, station: Station) -> HttpResponse:
    """Give one piece of a member book, the same for every station: who has its key can read it."""
    del station
    query = _query(request, ChunkQuery)
    return HttpResponse(snapshot.piece(query.digest, query.number), content_type=CHUNK_TYPE)


def _query(request: HttpRequest, form: type[MessageT]) -> MessageT:
    """Return the address's query as a ``form``; numbers are written in it as text."""
    try:
        return msgspec.convert(request.GET.dict(), form, strict=False)
    except msgspec.ValidationError as fault:
        refuse(str(fault))


def _same_protocol(theirs: int) -> None:
    if theirs != PROTOCOL:
        refuse(f"protocol {theirs}, expected {PROTOCOL}")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@cache
def _office_key() -> bytes:
    return public_key(settings.KEYS.office)
