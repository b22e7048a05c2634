"""Who gets in: a bounded number of requests of each kind at once, the rest told to come back, their bodies unread.

A WSGI application around head office's own, so that it decides before anything of Django runs and
whatever the server is. Each kind has permits of its own in each process: a night in which all
stations upload at once takes nothing from the customer who pays with points. A server needs
``THREADS`` threads, then there is always one to say no.
"""

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec

from headoffice import metrics
from headoffice.pools import PERMITS, RETRY_AFTER_S, Pool, pool_of
from sync.wire import JSON_TYPE, Problem, ProblemCode

HANG_UP = "headoffice.hang_up"
"""What a server puts into the environment to be told, by calling it, to close the connection after the answer."""

_BUSY = msgspec.json.encode(Problem(code=ProblemCode.BUSY, reason="too much at once"))
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None


class Admission:
    """The WSGI application around ``application``: admits, refuses, counts and times."""

    def __init__(self, application: WSGIApplication, permits: Mapping[Pool, int] = PERMITS) -> None:
        self._application = application
        self._permits = {pool: threading.BoundedSemaphore(count) for pool, count in permits.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. The permit is given back when the answer is closed."""
        pool = pool_of(environ.get("PATH_INFO", ""))
        if pool is None:
            return self._application(environ, start_response)
        permit = self._permits[pool]
        if not permit.acquire(blocking=False):
            metrics.BUSY.labels(pool.value).inc()
            return _busy(pool, environ, start_response)
        visit = _Visit(pool, permit.release)
        try:
            return _Answer(self._application(environ, visit.starting(start_response)), visit)
        except BaseException:
            visit.end()
            raise


class _Visit:
    """One request that was let in."""

    def __init__(self, pool: Pool, leave: Callable[[], None]) -> None:
        self._pool, self._leave = pool, leave
        self._since = time.perf_counter()
        self._status = "500"
        self._ended = False

    def starting(self, start_response: StartResponse) -> StartResponse:
        """Return ``start_response`` with an ear for the status."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: _ExcInfo = None, /) -> Callable[[bytes], object]:
            self._status = status.partition(" ")[0]
            return start_response(status, headers, exc_info)

        return start

    def end(self) -> None:
        """Give the permit back; again, nothing."""
        if not self._ended:
            self._ended = True
            self._leave()
            metrics.REQUESTS.labels(self._pool.value, self._status).inc()
            metrics.SECONDS.labels(self._pool.value).observe(time.perf_counter() - self._since)


class _Answer:
    """An answer whose end is the end of the visit."""

    def __init__(self, answer: Iterable[bytes], visit: _Visit) -> None:
        self._answer, self._visit = answer, visit

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            getattr(self._answer, "close", lambda: None)()
        finally:
            self._visit.end()


def _busy(pool: Pool, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
        _stop_listening(environ)
    start_response("503 Service Unavailable", [
        ("Content-Type", JSON_TYPE), ("Content-Length", str(len(_BUSY))),
        # By chance: told the same, a thousand would come back as one, and between two such waves nobody would.
        ("Retry-After", str(1 + secrets.token_bytes(1)[0] % (2 * RETRY_AFTER_S[pool])))])
    return [_BUSY]


def _stop_listening(environ: WSGIEnvironment) -> None:
    """Read no more of a request whose body nobody wants.

    A server would wait for the rest of it, to use the connection again, and so lose the thread to a
    slow shop: cheroot for as long as something comes, gunicorn for 5 s.
    """
    hang_up: Any = environ.get(HANG_UP)
    if hang_up:
        hang_up()
    line: Any = environ.get("gunicorn.socket")
    if line:
        # Not the TLS socket's own: that would also end the encryption of what is still to be said.
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RD)
