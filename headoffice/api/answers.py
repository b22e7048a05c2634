"""The common shape of the API's views: signed requests in, wire messages or problems out."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from headoffice.api.middleware import sign_answer
from headoffice.clock import MICROSECONDS, now_us
from headoffice.refusal import RefusalError, refuse
from headoffice.stations.access import authenticate
from headoffice.stations.models import Station
from headoffice.transactions import PASSING, will_pass
from sync.wire import API, JSON_TYPE, MOST_BATCH_BYTES, PROTOCOL, Message, Problem, ProblemCode

RETRY_AFTER_S = 2
MessageT = TypeVar("MessageT", bound=Message)
View = Callable[[HttpRequest], HttpResponse]


def answer(message: Message, status: int = 200) -> HttpResponse:
    """Return ``message`` as JSON."""
    return HttpResponse(msgspec.json.encode(message), status=status, content_type=JSON_TYPE)


def read(body: bytes, form: type[MessageT]) -> MessageT:
    """Return ``body`` as a ``form``. Raises ``RefusalError`` INVALID with the path that does not fit."""
    try:
        return msgspec.json.decode(body, type=form)
    except (ValueError, RecursionError) as fault:
        refuse(str(fault))


def endpoint(method: str) -> Callable[[View], View]:
    """Make a view answer ``method`` only, signed, refusals as problems and a locked or absent database as BUSY."""

    def decorate(view: View) -> View:
        def outcome(request: HttpRequest) -> HttpResponse:
            try:
                if request.method != method:
                    refuse(f"this address wants {method}", 405)
                return view(request)
            except RefusalError as refusal:
                refused = answer(refusal.problem, refusal.status)
                if refusal.problem.code is ProblemCode.BUSY:
                    refused.headers["Retry-After"] = str(RETRY_AFTER_S)
                return refused
            except PASSING as fault:
                if not will_pass(fault):
                    raise
                busy = answer(Problem(code=ProblemCode.BUSY, reason="too much at once"), 503)
                busy.headers["Retry-After"] = str(RETRY_AFTER_S)
                return busy

        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            return sign_answer(request, outcome(request))

        return answered

    return decorate


def signed(
    method: str, *, revoked: bool = False,
) -> Callable[[Callable[[HttpRequest, Station], HttpResponse]], View]:
    """Make a view an endpoint that is given the station that signed the request; a ``revoked`` one only if told so."""

    def decorate(view: Callable[[HttpRequest, Station], HttpResponse]) -> View:
        @endpoint(method)
        @wraps(view)
        def authenticated(request: HttpRequest) -> HttpResponse:
            now_s = now_us() // MICROSECONDS
            return view(request, authenticate(request, body_of(request), now_s, revoked=revoked))

        return authenticated

    return decorate


def body_of(request: HttpRequest) -> bytes:
    """Return the body as sent. Raises ``RefusalError`` 413 beyond MOST_BATCH_BYTES, before reading it."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > MOST_BATCH_BYTES:
        refuse(f"a request has at most {MOST_BATCH_BYTES} bytes", 413)
    return request.body


def query_of(request: HttpRequest, form: type[MessageT]) -> MessageT:
    """Return the address's query as a ``form``; numbers are written in it as text. Raises ``RefusalError`` INVALID."""
    try:
        return msgspec.convert(request.GET.dict(), form, strict=False)
    except msgspec.ValidationError as fault:
        refuse(str(fault))


def same_protocol(theirs: int) -> None:
    """Raise ``RefusalError`` INVALID unless ``theirs`` is the version of the protocol spoken here."""
    if theirs != PROTOCOL:
        refuse(f"protocol {theirs}, expected {PROTOCOL}")


def as_base64(data: bytes) -> str:
    """Return ``data`` as messages carry bytes."""
    return base64.b64encode(data).decode()


def failed(status: int, reason: str) -> Callable[..., HttpResponse]:
    """Return Django's error handler for ``status``: a problem under the API, plain text elsewhere."""

    def handle(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        del exception
        if request.path.startswith(API):
            return answer(Problem(code=ProblemCode.INVALID, reason=reason), status)
        return HttpResponse(reason, status=status, content_type="text/plain")

    return handle


bad_request = failed(400, "the request cannot be read")
not_found = failed(404, "there is nothing here")
server_error = failed(500, "head office failed; the fault is in its log")
