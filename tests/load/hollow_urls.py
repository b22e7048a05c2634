"""The views of ``tests.load.hollow``."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from headoffice.api.answers import answer, endpoint, query_of
from headoffice.clock import MICROSECONDS, now_us
from headoffice.intake.batch import inflate, unpack
from headoffice.intake.models import Quarantine
from headoffice.intake.store import judged
from headoffice.refusal import RefusalError
from headoffice.stations import server_nonce
from headoffice.stations.models import Station
from sync.ed25519 import public_key
from sync.signatures import NONCE_JOINT, claim_of, verify
from sync.wire import JOURNAL_PATH, BatchHead, ProblemCode, Receipt
from tests.load.stations import identity

KEY = public_key(identity(1).key)


@endpoint("PUT")
def journal(request: HttpRequest) -> HttpResponse:
    """Check a batch as head office does, and forget it."""
    claim = claim_of(request.headers)
    if not server_nonce.is_good(settings.KEYS.secret, claim.nonce.partition(NONCE_JOINT)[0], now_us() // MICROSECONDS):
        raise RefusalError(401, ProblemCode.NONCE, "sign with the nonce of this answer")
    verify("PUT", request.build_absolute_uri(), request.headers, request.body, KEY)
    head = query_of(request, BatchHead)
    links = unpack(head, inflate(request.body, request.headers.get("Content-Encoding", "")))
    station = Station(id=claim.key_id, shop="12", public_key=KEY, paired_us=0)
    aside: list[Quarantine] = []
    entries = list(judged(station, head.incarnation, links, now_us(), head.incarnation, aside))
    assert not aside
    return answer(Receipt(
        incarnation=head.incarnation, acknowledged=head.last, head=head.head, accepted=len(entries), duplicates=0,
        quarantined=()))


urlpatterns = [path(JOURNAL_PATH[1:], journal)]
