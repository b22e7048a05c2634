"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from headoffice.clock import now_us

SERVER_TIME = "Server-Time-Us"


def server_time(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put head office's clock (µs since 1970 UTC) on every answer, refusals included.

    A station signs with this time, so a shop whose clock is wrong can still be heard.
    """

    def timed(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers[SERVER_TIME] = str(now_us())
        return response

    return timed
