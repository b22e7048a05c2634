"""What comes down: members, whole member books, the block list, goods, staff, rule packs."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

from headoffice.api.answers import answer, as_base64, query_of, read, signed
from headoffice.api.queries import BookQuery, ChunkQuery, FeedQuery, MembersQuery, PackQuery
from headoffice.clock import now_us
from headoffice.feeds import blocks, members, shelf, snapshot, staff
from headoffice.refusal import refuse
from headoffice.register.packs import following
from headoffice.register.staff import new_pin
from headoffice.stations.models import Station
from sync.wire_feeds import CHUNK_TYPE, NewPin, NextPack, PinKept, SignedPack


@gzip_page
@signed("GET")
def members_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed members."""
    query = query_of(request, MembersQuery)
    return answer(members.page(station.id, query.incarnation, query.cursor))


@gzip_page
@signed("GET")
def blocks_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of the block list, the same for every station."""
    del station
    return answer(blocks.page(query_of(request, FeedQuery).cursor))


@gzip_page
@signed("GET")
def shelf_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed goods, as the station's shop sells them."""
    return answer(shelf.page(station.shop, query_of(request, FeedQuery).cursor))


@gzip_page
@signed("GET")
def staff_feed(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of changed people of the station's shop."""
    return answer(staff.page(station.shop, query_of(request, FeedQuery).cursor))


@signed("POST")
def pin(request: HttpRequest, station: Station) -> HttpResponse:
    """Keep a PIN that somebody chose at the counter."""
    chosen = read(request.body, NewPin)
    return answer(PinKept(kept=new_pin(station.shop, chosen.staff_id, chosen.pin, chosen.replaces)))


@signed("GET")
def pack(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next rule pack that is or will be in force, the same for every station."""
    del station
    highest, held = following(query_of(request, PackQuery).after, now_us())
    return answer(NextPack(highest=highest, pack=SignedPack(
        number=held.number, document=as_base64(bytes(held.document)),
        signature=as_base64(bytes(held.signature))) if held else None))


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
