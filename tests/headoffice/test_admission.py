"""Who gets in: pools that take nothing from each other, refusals before a byte of a body is read."""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from cheroot.wsgi import Gateway_10, Server
from prometheus_client import REGISTRY

from headoffice import serving
from headoffice.admission import HANG_UP, Admission
from headoffice.pools import PERMITS, RETRY_AFTER_S, SPARE_THREADS, THREADS, Pool, pool_of
from sync import wire, wire_feeds, wire_returns, wire_spending, wire_trust

ONE_EACH = dict.fromkeys(Pool, 1)


@pytest.mark.parametrize(("path", "pool"), [
    (wire.JOURNAL_PATH, Pool.UPLOADS), (wire.HELLO_PATH, Pool.UPLOADS),
    *((path, Pool.SPENDING) for path in (
        wire_spending.AVAILABLE_PATH, wire_spending.RESERVE_PATH, wire_spending.COMMIT_PATH, wire_spending.VOID_PATH,
        wire_spending.ASK_PATH, wire_spending.CLOSE_PATH, wire_returns.ASK_PATH, wire_returns.RULES_PATH)),
    (wire_feeds.MEMBERS_FEED_PATH, Pool.FEEDS), (wire_feeds.CHUNK_PATH, Pool.FEEDS), (wire_trust.PAIR_PATH, Pool.FEEDS),
    ("/console/", Pool.CONSOLE), ("", Pool.CONSOLE), ("/healthz", None), ("/readyz", None), ("/metrics", None)])
def test_every_address_has_its_pool(path: str, pool: Pool | None) -> None:
    assert pool_of(path) is pool


def test_there_are_threads_for_all_pools_and_to_say_no() -> None:
    assert sum(PERMITS.values()) + SPARE_THREADS == THREADS
    assert PERMITS.keys() == RETRY_AFTER_S.keys() == set(Pool)


class Said:
    """What an application answered."""

    def __init__(self, application: Admission, path: str, **environ: Any) -> None:
        self.status = ""
        self.headers: dict[str, str] = {}
        self.answer = application({"PATH_INFO": path, **environ}, self._start)

    def _start(self, status: str, headers: list[tuple[str, str]], *_rest: Any) -> Callable[[bytes], object]:
        self.status, self.headers = status, dict(headers)
        return lambda _data: None

    def end(self) -> None:
        self.answer.close()  # type: ignore[attr-defined]


def hello(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"hello"]


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_those_who_are_refused_at_once_are_told_to_come_back_one_after_another() -> None:
    application = Admission(hello, ONE_EACH)
    inside = Said(application, wire.JOURNAL_PATH)
    told = {int(Said(application, wire.HELLO_PATH).headers["Retry-After"]) for _ in range(200)}
    inside.end()
    assert len(told) > RETRY_AFTER_S[Pool.UPLOADS]


def test_a_full_pool_refuses_until_an_answer_is_closed() -> None:
    application = Admission(hello, ONE_EACH)
    busy = counted("headoffice_busy_total", pool="uploads")
    first = Said(application, wire.JOURNAL_PATH)
    assert (first.status, list(first.answer)) == ("200 OK", [b"hello"])
    second = Said(application, wire.HELLO_PATH)
    assert second.status == "503 Service Unavailable"
    assert 1 <= int(second.headers["Retry-After"]) <= 2 * RETRY_AFTER_S[Pool.UPLOADS]
    assert json.loads(b"".join(second.answer))["code"] == "BUSY"
    assert Said(application, wire_spending.RESERVE_PATH).status == "200 OK"
    assert Said(application, "/healthz").status == Said(application, "/healthz").status == "200 OK"
    first.end()
    first.end()
    assert Said(application, wire.HELLO_PATH).status == "200 OK"
    assert Said(application, wire.HELLO_PATH).status == "503 Service Unavailable"
    assert counted("headoffice_busy_total", pool="uploads") == busy + 2


def test_a_request_that_fails_gives_its_permit_back_and_is_counted() -> None:
    def broken(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    application = Admission(broken, ONE_EACH)
    before = counted("headoffice_requests_total", pool="spending", status="500")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            Said(application, wire_spending.RESERVE_PATH)
    assert counted("headoffice_requests_total", pool="spending", status="500") == before + 2


def test_answers_are_counted_by_status_and_timed() -> None:
    application = Admission(hello)
    requests = counted("headoffice_requests_total", pool="console", status="200")
    timed = counted("headoffice_request_seconds_count", pool="console")
    Said(application, "/console/").end()
    assert counted("headoffice_requests_total", pool="console", status="200") == requests + 1
    assert counted("headoffice_request_seconds_count", pool="console") == timed + 1


def test_only_a_request_with_a_body_ends_the_connection() -> None:
    application = Admission(hello, dict.fromkeys(Pool, 0))
    hung: list[str] = []
    for length in ("", "0", "7"):
        Said(application, wire.JOURNAL_PATH, CONTENT_LENGTH=length, **{HANG_UP: lambda: hung.append("up")})
    assert hung == ["up"]
    Said(application, wire.JOURNAL_PATH, HTTP_TRANSFER_ENCODING="chunked", **{HANG_UP: lambda: hung.append("chunked")})
    assert hung == ["up", "chunked"]


class Hall:
    """A real server whose uploads wait until they are let go."""

    def __init__(self, permits: dict[Pool, int]) -> None:
        self.inside = threading.Semaphore(0)
        self.go = threading.Event()
        self.read = 0
        self._server = Server(("127.0.0.1", 0), Admission(self._answer, permits), numthreads=sum(permits.values()) + 2)
        self._server.gateway = serving._Gateway
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve)
        self._thread.start()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == wire.JOURNAL_PATH:
            self.inside.release()
            self.go.wait(30)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def ask(self, method: str, path: str, length: int = 0) -> socket.socket:
        line = socket.create_connection(self._server.bind_addr, timeout=10)
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode())
        return line

    def close(self) -> None:
        self.go.set()
        self._server.stop()
        self._thread.join()


@pytest.fixture
def hall() -> Iterator[Hall]:
    assert issubclass(serving._Gateway, Gateway_10)
    hall = Hall({Pool.UPLOADS: 3, Pool.SPENDING: 1, Pool.FEEDS: 1, Pool.CONSOLE: 1})
    yield hall
    hall.close()


def test_a_full_upload_pool_never_delays_a_redemption(hall: Hall) -> None:
    uploads = [hall.ask("PUT", wire.JOURNAL_PATH) for _ in range(3)]
    for _ in uploads:
        assert hall.inside.acquire(timeout=10)
    # more than there are threads, none of which ever sends its body
    refused = [hall.ask("PUT", wire.JOURNAL_PATH, 1_000_000) for _ in range(12)]
    for line in refused:
        assert line.recv(100).startswith(b"HTTP/1.1 503")
    spend = hall.ask("POST", wire_spending.RESERVE_PATH)
    spend.settimeout(2)
    assert spend.recv(100).startswith(b"HTTP/1.1 200")
    hall.go.set()
    for line in uploads:
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    for line in (*uploads, *refused, spend):
        line.close()
