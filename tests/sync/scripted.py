"""A real server on loopback that answers as scripted, signed as head office would, and a line to it."""

import base64
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from station.errors import StationError
from sync import wire, wire_feeds
from sync.client import HeadOffice, Link
from sync.ed25519 import fingerprint, public_key, sign_bytes
from sync.keys import Identity, OfficeKey
from sync.signatures import Asked, Verified, answer_text, claim_of, verify

KEY = bytes(range(32))
OFFICE = bytes(range(32, 64))
NOW_US = 1_795_343_700_000_000
SHELF = wire_feeds.ShelfPage(cursor="c", more=False, version=1, changes=())

Script = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    port: int


@dataclass
class Server:
    """A scripted server: each request takes the next script."""

    http: ThreadingHTTPServer
    scripts: list[Script] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def verified(self, at: int = -1, *, key: bytes = KEY) -> Verified:
        """What the signature of a request says, checked as head office does."""
        seen = self.seen[at]
        return verify(seen.method, self.url + seen.target, seen.headers, seen.body, public_key(key))


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            scripted.seen.append(
                Seen(self.command, self.path, dict(self.headers), body, self.client_address[1]))
            scripted.scripts.pop(0)(self)

        do_POST = do_PUT = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the test's output clean."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scripted = Server(http)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield scripted
    finally:
        scripted.over.set()
        http.shutdown()
        thread.join()
        http.server_close()


def opened(link: Link, clock: Callable[[], int] = lambda: NOW_US) -> HeadOffice:
    return HeadOffice(link, Identity("12-1", KEY), believed(), clock=clock)


@pytest.fixture
def server() -> Iterator[Server]:
    """What ``office`` asks."""
    with serving() as server:
        yield server


@pytest.fixture
def office(server: Server) -> Iterator[HeadOffice]:
    """A line to it."""
    office = opened(Link(server.url))
    yield office
    office.close()


def believed(kept: list[bytes] | None = None) -> OfficeKey:
    return OfficeKey(public_key(OFFICE), (kept if kept is not None else []).append)


def answer(message: object, status: int = 200, *, by: bytes | None = OFFICE, **headers: str) -> Script:
    """An answer, signed ``by`` a key over its body as it is meant; None: not signed."""
    body = message if isinstance(message, bytes) else msgspec.json.encode(message)
    meant = body
    if headers.get("Content_Encoding") == "gzip" and by:
        meant = zlib.decompressobj(31).decompress(body) if body[:2] == b"\x1f\x8b" else b""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        signed = {}
        if by and handler.headers.get("Signature-Input"):
            claim = claim_of(dict(handler.headers))
            asked = Asked(claim.key_id, handler.command, handler.path, claim.nonce)
            text = answer_text(asked, status, headers.get("Server_Time_Us", ""), meant)
            signed = {"Office_Signature": base64.b64encode(sign_bytes(by, text)).decode(),
                      "Office_Key": fingerprint(public_key(by))}
        for name, value in {"Content_Length": str(len(body)), **signed, **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return script


def problem(
    code: wire.ProblemCode, status: int, wanted: int | None = None, *, by: bytes | None = OFFICE, **headers: str,
) -> Script:
    return answer(wire.Problem(code=code, reason="said", wanted=wanted), status, by=by, **headers)


def refused(call: Callable[[], object]) -> StationError:
    with pytest.raises(StationError) as error:
        call()
    return error.value
