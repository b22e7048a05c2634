"""Head office as seen by those who watch it: alive, ready, counted."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from headoffice import watch
from headoffice.api.answers import endpoint
from headoffice.refusal import refuse

TOKEN_FILE = "metrics.token"  # noqa: S105 - where it is, not what it is
_FORWARDED = ("Forwarded", "X-Forwarded-For")


@endpoint("GET")
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; whether it can work is ``ready``'s affair."""
    return HttpResponse("ok", content_type="text/plain")


@endpoint("GET")
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether stations should be sent here: 200, or 503 with a line for each reason why not."""
    found = watch.problems()
    return HttpResponse("\n".join(found) or "ready", status=503 if found else 200, content_type="text/plain")


@endpoint("GET")
def metrics(request: HttpRequest) -> HttpResponse:
    """Give what was counted to this computer itself, or to whoever shows the token of ``metrics.token``.

    Where that file is, everybody must show it: behind a proxy on this computer all come from here.
    """
    file = settings.HOME / TOKEN_FILE
    if file.exists():
        token = f"Bearer {file.read_text('utf-8').strip()}"
        allowed = hmac.compare_digest(token.encode(), request.headers.get("Authorization", "").encode())
    else:
        allowed = _is_local(request)
    if not allowed:
        refuse("the figures are not for everybody", 403)
    return HttpResponse(watch.exposition(), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False  # a socket that is no address
