"""Who is who: a station asks in."""

import base64
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, as_base64, body_of, endpoint, read, same_protocol
from headoffice.clock import now_us
from headoffice.refusal import refuse
from headoffice.stations.pairing import redeem
from station.text import Text
from sync.signatures import Ed25519Verifier, public_key
from sync.wire_trust import PairAnswer, PairRequest


@endpoint("POST")
def pair(request: HttpRequest) -> HttpResponse:
    """Make a station of whoever shows a good one-time code."""
    asked = read(body_of(request), PairRequest)
    same_protocol(asked.protocol)
    try:
        key = base64.b64decode(asked.public_key, validate=True)
        Ed25519Verifier(key)
    except ValueError:
        refuse("public_key is not a raw Ed25519 key")
    station, shop = redeem(asked.code, key, now_us())
    return answer(PairAnswer(
        station=station.id, shop=shop.id, shop_name=Text(shop.name_fa, shop.name_en),
        card_key=as_base64(settings.KEYS.card), office_key=as_base64(_office_key()),
        recovery_key=as_base64(settings.KEYS.recovery)))


@cache
def _office_key() -> bytes:
    return public_key(settings.KEYS.office)
