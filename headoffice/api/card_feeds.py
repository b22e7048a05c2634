"""What comes down about what cards prove: issuing keys, the next answers of chips."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

from headoffice.api.answers import answer, query_of, signed
from headoffice.api.queries import FeedQuery, IssuersQuery
from headoffice.cardkeys.process import KeyServiceDownError, card_keys
from headoffice.cardkeys.service import CardKeys, TooBusyError
from headoffice.feeds import answers, issuers
from headoffice.refusal import RefusalError
from headoffice.stations.models import Station
from sync.wire import ProblemCode


@contextmanager
def keys_of_cards() -> Iterator[CardKeys]:
    """Have the key service at hand; where it does not answer the request is refused as BUSY."""
    try:
        yield card_keys(settings.HOME)
    except (KeyServiceDownError, TooBusyError) as fault:
        raise RefusalError(503, ProblemCode.BUSY, "the key service does not answer, or has too much to do") from fault


@signed("GET")
def issuer_keys(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the list of issuing keys, the same for every station, when it is newer than the one held."""
    del station
    asked = query_of(request, IssuersQuery)
    with keys_of_cards() as keys:
        return answer(issuers.following(keys.issuers(), asked.after, settings.KEYS.office))


@gzip_page
@signed("GET")
def tap_answers(request: HttpRequest, station: Station) -> HttpResponse:
    """Give the next page of answers of the chips that the station's shop sees."""
    asked = query_of(request, FeedQuery)
    with keys_of_cards() as keys:
        return answer(answers.page(station.shop, asked.cursor, keys.answers))
