"""The client against a real server on loopback that answers as scripted: well, badly, or not at all."""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
import trustme

from station.errors import ErrorCode, StationError
from station.protection import Protection
from station.text import Text
from sync import line, wire, wire_feeds, wire_trust
from sync.client import HeadOffice, Identity, Link
from sync.signatures import Verified, public_key, verify

KEY = bytes(range(32))
NOW_US = 1_795_343_700_000_000
HASH = "ab" * 32
INCARNATION = "cd" * 16
HEAD = wire.BatchHead(incarnation=INCARNATION, first=1, last=2, previous="0" * 64, head=HASH)
RECEIPT = wire.Receipt(
    incarnation=INCARNATION, acknowledged=2, head=HASH, accepted=2, duplicates=0, quarantined=())
HELLO = wire.Hello(
    protocol=1, program="0.1.0", incarnation=INCARNATION, seq=0, head="0" * 64, protection=Protection.FILE)
WELCOME = wire.Welcome(protocol=1, acknowledged=0, head="0" * 64, server_time_us=NOW_US)
SHOP_NAME = Text("شعبهٔ ۱۲", "Branch 12")
SHELF = wire_feeds.ShelfPage(cursor="c", more=False, changes=())

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

    def verified(self, at: int = -1, *, now: int = NOW_US // 1_000_000) -> Verified:
        """What the signature of a request says, checked as head office does."""
        seen = self.seen[at]
        return verify(seen.method, self.url + seen.target, seen.headers, seen.body,
                      public_key(KEY), now=now)


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


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def office(server: Server) -> Iterator[HeadOffice]:
    office = opened(Link(server.url))
    yield office
    office.close()


def opened(link: Link, clock: Callable[[], int] = lambda: NOW_US) -> HeadOffice:
    return HeadOffice(link, Identity("12-1", KEY), clock=clock)


def answer(message: object, status: int = 200, **headers: str) -> Script:
    body = message if isinstance(message, bytes) else msgspec.json.encode(message)

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return script


def problem(code: wire.ProblemCode, status: int, wanted: int | None = None, **headers: str) -> Script:
    return answer(wire.Problem(code=code, reason="said", wanted=wanted), status, **headers)


def refused(call: Callable[[], object]) -> StationError:
    with pytest.raises(StationError) as error:
        call()
    return error.value


def test_a_batch_arrives_compressed_signed_and_whole(server: Server, office: HeadOffice) -> None:
    server.scripts.append(answer(RECEIPT))
    assert office.put_batch(HEAD, b'{"a":1}\n{"b":2}\n') == RECEIPT
    [seen] = server.seen
    assert (seen.method, seen.target) == (
        "PUT", f"/api/v1/journal?incarnation={INCARNATION}&first=1&last=2&previous={'0' * 64}&head={HASH}")
    assert (seen.headers["Content-Type"], seen.headers["Content-Encoding"]) == (wire.ENTRIES_TYPE, "gzip")
    assert gzip.decompress(seen.body) == b'{"a":1}\n{"b":2}\n'
    assert server.verified().key_id == "12-1"


def test_each_request_has_its_path_its_query_and_its_own_nonce(
    server: Server, office: HeadOffice,
) -> None:
    page = wire_feeds.MembersPage(cursor="c", more=False, projected=0, version=9, taken_us=7, changes=())
    pack = wire_feeds.SignedPack(number=1, document="", signature="")
    server.scripts += [answer(WELCOME), answer(page), answer(SHELF), answer(pack)]
    assert office.hello(HELLO) == WELCOME
    assert office.members_page("a b/=", INCARNATION) == page
    assert office.shelf_page("") == SHELF
    assert office.pack() == pack
    assert [(seen.method, seen.target) for seen in server.seen] == [
        ("POST", "/api/v1/hello"),
        ("GET", f"/api/v1/feeds/members?cursor=a+b%2F%3D&incarnation={INCARNATION}"),
        ("GET", "/api/v1/feeds/shelf?cursor="),
        ("GET", "/api/v1/packs/current"),
    ]
    assert msgspec.json.decode(server.seen[0].body, type=wire.Hello) == HELLO
    assert len({server.verified(at).nonce for at in range(4)}) == 4
    assert len({seen.port for seen in server.seen}) == 1, "one connection serves them all"


def test_pairing_is_not_signed_and_everything_else_needs_it(server: Server) -> None:
    paired = wire_trust.PairAnswer(
        station="12-1", shop="12", shop_name=SHOP_NAME, card_key="", office_key="", recovery_key="")
    server.scripts += [answer(paired, 201), problem(wire.ProblemCode.PAIRING, 403)]
    request = wire_trust.PairRequest(protocol=1, code="A", public_key="")
    office = HeadOffice(Link(server.url + "/"))
    assert office.pair(request) == paired
    assert "Signature" not in server.seen[0].headers
    assert refused(lambda: office.pair(request)).code is ErrorCode.PAIRING_REFUSED
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.NOT_PAIRED
    assert len(server.seen) == 2
    office.close()


@pytest.mark.parametrize(("script", "code", "detail"), [
    (problem(wire.ProblemCode.GAP, 409, 7), ErrorCode.JOURNAL_GAP,
     {"status": 409, "problem": "GAP", "wanted": 7}),
    (problem(wire.ProblemCode.FORK, 409), ErrorCode.JOURNAL_FORKED, {"status": 409, "problem": "FORK"}),
    (problem(wire.ProblemCode.SIGNATURE, 401), ErrorCode.SIGNATURE_INVALID,
     {"status": 401, "problem": "SIGNATURE"}),
    (problem(wire.ProblemCode.UNKNOWN_STATION, 401), ErrorCode.NOT_PAIRED,
     {"status": 401, "problem": "UNKNOWN_STATION"}),
    (answer(b"<html>", 401), ErrorCode.SIGNATURE_INVALID, {"status": 401}),
    (problem(wire.ProblemCode.INVALID, 400), ErrorCode.HEAD_OFFICE_REFUSED,
     {"status": 400, "problem": "INVALID"}),
    (answer(b"<html>", 404), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 404}),
    (answer(b"\xff", 500), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 500}),
    (answer(b"", 302, Location="/elsewhere"), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 302}),
    (problem(wire.ProblemCode.BUSY, 503, Retry_After="17"), ErrorCode.HEAD_OFFICE_BUSY, {"retry_after": 17}),
    (answer(b"", 429, Retry_After="99999999"), ErrorCode.HEAD_OFFICE_BUSY, {"retry_after": 3600}),
    (answer(b"", 503, Retry_After="soon"), ErrorCode.HEAD_OFFICE_BUSY, {}),
    (answer(b"", 503, Retry_After="9" * 5000), ErrorCode.HEAD_OFFICE_BUSY, {}),
])
def test_a_refusal_says_what_it_means(
    server: Server, office: HeadOffice, script: Script, code: ErrorCode, detail: dict[str, object],
) -> None:
    server.scripts.append(script)
    error = refused(lambda: office.put_batch(HEAD, b"{}\n"))
    assert (error.code, error.detail) == (code, detail)
    assert len(server.seen) == 1


def test_a_book_is_asked_for_by_journal_and_its_pieces_come_as_they_are(server: Server, office: HeadOffice) -> None:
    book, piece = wire_feeds.SignedBook(document="e30=", signature=""), bytes(range(256)) * 16
    server.scripts += [answer(book), answer(piece), problem(wire.ProblemCode.INVALID, 404)]
    assert office.book(INCARNATION) == book
    assert office.book_chunk(HASH, 3) == piece
    assert [seen.target for seen in server.seen] == [
        f"/api/v1/books/members?incarnation={INCARNATION}", f"/api/v1/books/members/chunk?digest={HASH}&number=3"]
    assert server.verified().key_id == "12-1"
    assert refused(lambda: office.book_chunk(HASH, 4)).code is ErrorCode.HEAD_OFFICE_REFUSED
    server.scripts.append(problem(wire.ProblemCode.INVALID, 404))
    assert office.book(INCARNATION) is None


def test_no_pack_yet_is_no_fault_but_a_wrong_address_is(server: Server, office: HeadOffice) -> None:
    server.scripts += [problem(wire.ProblemCode.INVALID, 404), answer(b"<html>", 404)]
    assert office.pack() is None
    assert refused(office.pack).code is ErrorCode.HEAD_OFFICE_REFUSED


@pytest.mark.parametrize("body", [
    b"", b"<html>welcome to the hotel</html>", b"\xff\xfe", b"{}", b'{"cursor":"c"',
    b'{"cursor":"c","more":false,"changes":[],"surprise":1}',
])
def test_garbage_is_no_answer(server: Server, office: HeadOffice, body: bytes) -> None:
    server.scripts.append(answer(body))
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.ANSWER_INVALID


def test_a_compressed_answer_is_read_and_a_damaged_one_refused(
    server: Server, office: HeadOffice,
) -> None:
    packed = gzip.compress(msgspec.json.encode(SHELF))
    server.scripts += [
        answer(packed, Content_Encoding="gzip"),
        answer(b"x" + packed, Content_Encoding="gzip"),
        answer(packed[:-12], Content_Encoding="gzip"),
    ]
    assert office.shelf_page("") == SHELF
    for _ in range(2):
        assert refused(lambda: office.shelf_page("")).code is ErrorCode.ANSWER_INVALID


def test_a_small_answer_that_unpacks_to_a_large_one_is_refused(
    server: Server, office: HeadOffice,
) -> None:
    bomb = gzip.compress(bytes(line.MOST_ANSWER_BYTES + 1), 9)
    assert len(bomb) < 20_000
    server.scripts.append(answer(bomb, Content_Encoding="gzip"))
    error = refused(lambda: office.shelf_page(""))
    assert (error.code, error.detail) == (ErrorCode.ANSWER_INVALID, {"reason": "size"})


def test_a_cut_connection_is_a_fault_of_the_line(server: Server, office: HeadOffice) -> None:
    def before(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    def midway(handler: BaseHTTPRequestHandler) -> None:
        answer(b'{"cursor":', Content_Length="500")(handler)
        handler.close_connection = True

    server.scripts += [before, midway, answer(SHELF)]
    for reason in ("ConnectionError", "ProtocolError"):
        error = refused(lambda: office.shelf_page(""))
        assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNREACHABLE, {"reason": reason})
    assert office.shelf_page("") == SHELF


def test_a_silent_server_and_a_dripping_one_are_given_up(server: Server) -> None:
    office = opened(Link(server.url, read_s=0.2, answer_s=0.3))

    def silent(handler: BaseHTTPRequestHandler) -> None:
        server.over.wait(10)
        handler.close_connection = True

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        answer(b"", Content_Length="100000")(handler)
        handler.close_connection = True
        while not server.over.wait(0.01):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    server.scripts += [silent, dripping]
    for reason in ("ReadTimeout", "slow"):
        error = refused(lambda: office.shelf_page(""))
        assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNREACHABLE, {"reason": reason})
    office.close()


def test_nobody_there(server: Server) -> None:
    with serving() as gone:
        link = Link(gone.url)
    office = opened(link)
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    assert refused(lambda: opened(Link("nonsense")).pack()).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    absent = opened(Link(server.url.replace("http:", "https:"), ca=Path("absent.pem")))
    assert refused(absent.pack).code is ErrorCode.HEAD_OFFICE_UNREACHABLE


def test_a_wrong_clock_is_corrected_and_the_request_sent_once_more(server: Server) -> None:
    office = opened(Link(server.url), clock=lambda: NOW_US - 86_400_000_000)
    server.scripts += [
        problem(wire.ProblemCode.SIGNATURE, 401, Server_Time_Us=str(NOW_US)),
        answer(SHELF, Server_Time_Us=str(NOW_US)),
        answer(SHELF),
    ]
    assert office.shelf_page("") == SHELF
    assert office.shelf_page("") == SHELF
    created = [server.verified(at, now=now).created for at, now in
               enumerate([NOW_US // 1_000_000 - 86_400, NOW_US // 1_000_000, NOW_US // 1_000_000])]
    assert created == [NOW_US // 1_000_000 - 86_400, NOW_US // 1_000_000, NOW_US // 1_000_000]
    office.close()


def test_a_refusal_with_a_right_clock_is_not_asked_again(server: Server, office: HeadOffice) -> None:
    server.scripts.append(problem(wire.ProblemCode.SIGNATURE, 401, Server_Time_Us=str(NOW_US + 1)))
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID
    assert len(server.seen) == 1


def test_a_nonsensical_server_time_is_ignored(server: Server, office: HeadOffice) -> None:
    server.scripts += [answer(SHELF, Server_Time_Us=text) for text in ("-5", "soon", "9" * 40)]
    server.scripts.append(answer(SHELF))
    for _ in range(4):
        office.shelf_page("")
    assert server.verified().created == NOW_US // 1_000_000


def test_the_machine_has_the_first_word_on_time(server: Server) -> None:
    office = HeadOffice(Link(server.url), Identity("12-1", KEY))
    server.scripts.append(answer(SHELF))
    office.shelf_page("")
    assert server.verified(now=int(time.time())).key_id == "12-1"
    office.close()


def test_hostile_proxy_variables_are_ignored(
    server: Server, office: HeadOffice, monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving() as evil:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, evil.url)
        server.scripts.append(answer(SHELF))
        assert office.shelf_page("") == SHELF
        assert evil.seen == []


def test_only_the_configured_authority_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, evil = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ours.pem")
    evil.cert_pem.write_to_path(tmp_path / "evil.pem")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "evil.pem"))
    assert _through_tls(ours, tmp_path / "ours.pem") == SHELF
    error = refused(lambda: _through_tls(evil, tmp_path / "ours.pem"))
    assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNREACHABLE, {"reason": "SSLError"})


def _through_tls(authority: trustme.CA, trusted: Path) -> wire_feeds.ShelfPage:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(context) as server:
        server.scripts.append(answer(SHELF))
        office = opened(Link(server.url.replace("http:", "https:"), ca=trusted))
        try:
            return office.shelf_page("")
        finally:
            office.close()


def test_the_key_does_not_show() -> None:
    assert repr(Identity("12-1", KEY)) == "Identity(station='12-1')"
