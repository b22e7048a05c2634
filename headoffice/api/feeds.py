"""What comes down: members, whole member books, goods, the rule pack."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

from headoffice.api.answers import answer, as_base64, query_of, signed
from headoffice.feeds import members, shelf, snapshot
from headoffice.refusal import refuse
from headoffice.register.packs import current
from headoffice.stations.models import Station
from sync.wire import Count, HexHash, Incarnation, Message
from sync.wire_feeds import CHUNK_TYPE, SignedPack


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


@gzip_page
@signed("GET")
def members_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed members."""
    query = query_of(request, MembersQuery)
    return answer(members.page(station.id, query.incarnation, query.cursor))


@gzip_page
@signed("GET")
def shelf_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed goods, the same for every station."""
    del station
    return answer(shelf.page(query_of(request, ShelfQuery).cursor))


@signed("GET")
def pack(_request: HttpRequest, station: Station) -> HttpResponse:
    """Give the rule pack in force, the same for every station."""
    del station
    held = current()
    if held is None:
        refuse("no rule pack was published yet", 404)
    return answer(SignedPack(
        number=held.number, document=as_base64(bytes(held.document)), signature=as_base64(bytes(held.signature))))


@signed("GET")
def book(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the description of the newest whole member book, signed for the station."""
    offered = snapshot.offer(station, query_of(request, BookQuery).incarnation)
    if offered is None:
        refuse("no member book was made yet", 404)
    return answer(offered)


@signed("GET")
def book_chunk(request: HttpRequest, station: Station) -> HttpResponse:
    """Give one piece of a member book, the same for every station: who has its key can read it."""
    del station
    query = query_of(request, ChunkQuery)
    return HttpResponse(snapshot.piece(query.digest, query.number), content_type=CHUNK_TYPE)
