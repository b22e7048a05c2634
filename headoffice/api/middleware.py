"""What every answer carries: the time, a nonce to sign with, and head office's signature."""

import base64
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headoffice.clock import MICROSECONDS, now_us
from headoffice.stations import server_nonce
from sync.ed25519 import fingerprint, public_key, sign_bytes
from sync.signatures import (
    OFFICE_KEY,
    OFFICE_SIGNATURE,
    SERVER_NONCE,
    SERVER_TIME,
    Asked,
    answer_text,
    claim_of,
)
from sync.wire import API


def signed_answers(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sign what the API's own views did not: refusals that Django made."""

    def signed(request: HttpRequest) -> HttpResponse:
        return sign_answer(request, respond(request))

    return signed


def sign_answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put head office's clock (µs since 1970 UTC) on ``response``, and under the API nonce and signature.

    To be called before the body is compressed, for the signature is over the body as it is meant; a
    second time it changes nothing. Where the request claims no signature there is nothing to answer to.
    """
    if SERVER_TIME in response.headers:
        return response
    time_us = now_us()
    response.headers[SERVER_TIME] = str(time_us)
    if not request.path.startswith(API):
        return response
    response.headers[SERVER_NONCE] = server_nonce.give(settings.KEYS.secret, time_us // MICROSECONDS)
    try:
        claim = claim_of(request.headers)
    except ValueError:
        return response
    asked = Asked(claim.key_id, request.method or "", request.get_full_path(), claim.nonce)
    text = answer_text(asked, response.status_code, str(time_us), response.content)
    response.headers[OFFICE_KEY] = fingerprint(office_key())
    response.headers[OFFICE_SIGNATURE] = base64.b64encode(sign_bytes(settings.KEYS.office, text)).decode()
    return response


@cache
def office_key() -> bytes:
    """Return head office's raw public key."""
    return public_key(settings.KEYS.office)
