"""The page on the member's phone, what makes it work without a network, and what it asks for."""

import base64
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from msgspec import json

from headoffice.clock import MICROSECONDS, now_us
from headoffice.phone import passes
from headoffice.phone.messages import READ_REGISTRATION, READ_RENEWAL, Granted, Refused, Why
from headoffice.phone.office import phone_office
from headoffice.stations.attempts import Attempts
from sync.ed25519 import decoded
from sync.wire import JSON_TYPE

MOST_BODY = 4096
SIGNATURE_BYTES = 64
ATTEMPTS = Attempts(30, 60)
WORKER = "headoffice/phone/worker.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
_STATUS = {Why.BUSY: 429, Why.INVALID: 400, Why.NOT_READY: 503}
_FORBIDDEN = 403
View = Callable[..., HttpResponse]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Give the page. A link's token stands after the ``#`` of its address, which browsers keep to themselves."""
    response = render(request, "phone/page.html", {"direction": "rtl" if get_language_bidi() else "ltr"})
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the service worker, from the folder of the pages it may keep."""
    found = Path(str(finders.find(WORKER)))
    response = HttpResponse(found.read_text("utf-8"), content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _asked(view: View) -> View:
    """Bound ``view``: how often, how large; refusals become their answers."""

    @csrf_exempt  # it bears its own secret or signature, and no cookie is looked at
    @require_POST
    @wraps(view)
    def bounded(request: HttpRequest) -> HttpResponse:
        if ATTEMPTS.wait_s(request.META.get("REMOTE_ADDR", ""), now_us() // MICROSECONDS):
            return _refused(Why.BUSY)
        length = request.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MOST_BODY:
            return _refused(Why.INVALID)
        try:
            return view(request)
        except passes.PhoneError as fault:
            return _refused(fault.why)
        except ValueError:  # no JSON, not these fields, no base 64
            return _refused(Why.INVALID)

    return bounded


@_asked
def register(request: HttpRequest) -> HttpResponse:
    """Make a card of a phone."""
    asked = READ_REGISTRATION.decode(request.body)
    grant, until = passes.register(
        phone_office(settings.HOME), asked.token, decoded(asked.key, passes.KEY_BYTES), now_us())
    return _granted(grant, until)


@_asked
def renew(request: HttpRequest) -> HttpResponse:
    """Let a phone's grant hold longer."""
    asked = READ_RENEWAL.decode(request.body)
    grant, until = passes.renew(
        phone_office(settings.HOME), base64.b64decode(asked.grant, validate=True), asked.at_s,
        decoded(asked.signature, SIGNATURE_BYTES), now_us())
    return _granted(grant, until)


def _refused(why: Why) -> HttpResponse:
    return _answer(json.encode(Refused(code=why)), _STATUS.get(why, _FORBIDDEN))


def _granted(grant: bytes, until: str) -> HttpResponse:
    return _answer(json.encode(Granted(grant=base64.b64encode(grant).decode(), until=until)), 200)


def _answer(body: bytes, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=JSON_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
