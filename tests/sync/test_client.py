"""The client against a real server on loopback that answers as scripted: well, badly, or not at all."""

import gzip
import time
from http.server import BaseHTTPRequestHandler

import msgspec
import pytest
import zstandard

from station.errors import ErrorCode
from station.leases import AccountKind
from station.protection import Protection
from sync import transport, wire, wire_feeds, wire_returns, wire_spending, wire_trust
from sync.client import HeadOffice, Link
from sync.keys import Identity
from tests.sync.scripted import (
    KEY,
    NOW_US,
    SHELF,
    Script,
    Server,
    answer,
    believed,
    office,
    opened,
    problem,
    refused,
    server,
    serving,
)

__all__ = ["office", "server"]

HASH = "ab" * 32
INCARNATION = "cd" * 16
HEAD = wire.BatchHead(incarnation=INCARNATION, first=1, last=2, previous="0" * 64, head=HASH)
RECEIPT = wire.Receipt(
    incarnation=INCARNATION, acknowledged=2, head=HASH, accepted=2, duplicates=0, quarantined=())
HELLO = wire.Hello(
    protocol=1, program="0.1.0", incarnation=INCARNATION, seq=0, head="0" * 64, protection=Protection.FILE)
WELCOME = wire.Welcome(protocol=1, acknowledged=0, head="0" * 64, server_time_us=NOW_US)


def test_a_batch_arrives_compressed_signed_and_whole(server: Server, office: HeadOffice) -> None:
    server.scripts.append(answer(RECEIPT))
    assert office.put_batch(HEAD, office.pack(b'{"a":1}\n{"b":2}\n')) == RECEIPT
    [seen] = server.seen
    assert (seen.method, seen.target) == (
        "PUT", f"/api/v1/journal?incarnation={INCARNATION}&first=1&last=2&previous={'0' * 64}&head={HASH}")
    assert (seen.headers["Content-Type"], seen.headers["Content-Encoding"]) == (wire.ENTRIES_TYPE, "zstd")
    assert zstandard.decompress(seen.body) == b'{"a":1}\n{"b":2}\n'
    assert server.verified().key_id == "12-1"


def test_each_request_has_its_path_its_query_and_its_own_nonce(
    server: Server, office: HeadOffice,
) -> None:
    page = wire_feeds.MembersPage(cursor="c", more=False, projected=0, version=9, taken_us=7, changes=())
    pack = wire_feeds.NextPack(highest=1, pack=wire_feeds.SignedPack(number=1, document="", signature=""))
    blocks = wire_feeds.BlocksPage(cursor="c", more=False, version=1, taken_us=2, changes=())
    staff = wire_feeds.StaffPage(cursor="c", more=False, version=1, changes=())
    chosen, kept = wire_feeds.NewPin(staff_id="s1", pin="verifier", replaces=HASH), wire_feeds.PinKept(kept=True)
    server.scripts += [
        answer(WELCOME), answer(page), answer(SHELF), answer(pack), answer(blocks), answer(staff), answer(kept)]
    assert office.hello(HELLO) == WELCOME
    assert office.members_page("a b/=", INCARNATION) == page
    assert office.shelf_page("") == SHELF
    assert office.next_pack(7) == pack
    assert office.blocks_page("b") == blocks
    assert office.staff_page("s") == staff
    assert office.new_pin(chosen) == kept
    assert [(seen.method, seen.target) for seen in server.seen] == [
        ("POST", "/api/v1/hello"),
        ("GET", f"/api/v1/feeds/members?cursor=a+b%2F%3D&incarnation={INCARNATION}"),
        ("GET", "/api/v1/feeds/shelf?cursor="),
        ("GET", "/api/v1/packs/next?after=7"),
        ("GET", "/api/v1/feeds/blocks?cursor=b"),
        ("GET", "/api/v1/feeds/staff?cursor=s"),
        ("POST", "/api/v1/staff/pin"),
    ]
    assert msgspec.json.decode(server.seen[0].body, type=wire.Hello) == HELLO
    assert len({server.verified(at).nonce for at in range(7)}) == 7
    assert len({seen.port for seen in server.seen}) == 1, "one connection serves them all"


def test_spending_is_asked_by_post_and_what_is_not_known_is_none(server: Server, office: HeadOffice) -> None:
    name = "01a202d2-d020-7000-8000-000000000001"
    reserve = wire_spending.Reserve(reservation_id=name, kind=AccountKind.POINTS, account="m", amount=5, hold_s=60)
    commit = wire_spending.Commit(reservation_id=name, incarnation=INCARNATION, seq=7)
    void, closed = wire_spending.Void(reservation_id=name), wire_spending.CloseLease(lease_id=name, left=3)
    asked = wire_spending.AvailableAsked(kind=AccountKind.WALLET, account="w")
    wanted = wire_spending.LeasesAsked(incarnation=INCARNATION)
    available = wire_spending.Available(available=9)
    reserved = wire_spending.Reserved(reservation_id=name, available=4, lots=(), expires_us=1)
    held = wire_spending.ReservationAnswer(reservation_id=name, state=wire_spending.ReservationState.COMMITTED)
    granted = wire_spending.LeasesGranted(server_time_us=1, frozen=True, leases=())
    live = wire_spending.LeaseAnswer(lease_id=name, state=wire_spending.LeaseState.LIVE)
    server.scripts += [answer(each) for each in (available, reserved, held, held, granted, live)]
    assert (office.available(asked), office.reserve(reserve)) == (available, reserved)
    assert (office.commit(commit), office.void(void)) == (held, held)
    assert (office.leases(wanted), office.close_lease(closed)) == (granted, live)
    assert [(seen.method, seen.target) for seen in server.seen] == [("POST", f"/api/v1/{path}") for path in (
        "spending/available", "spending/reserve", "spending/commit", "spending/void", "leases/ask", "leases/close")]
    assert [msgspec.json.decode(seen.body, type=type(sent)) for seen, sent in zip(
        server.seen, (asked, reserve, commit, void, wanted, closed), strict=True)] == [
            asked, reserve, commit, void, wanted, closed]
    server.scripts += [problem(wire.ProblemCode.INVALID, 404)] * 3
    assert (office.commit(commit), office.void(void), office.close_lease(closed)) == (None, None, None)


def test_returns_are_asked_by_post_and_what_is_not_known_is_none(server: Server, office: HeadOffice) -> None:
    name = "01a202d2-d020-7000-8000-000000000001"
    asked = wire_returns.ReturnAsked(return_id=name, station="12-2", incarnation="a3f9", seq=7)
    dropped = wire_returns.ReturnDropped(return_id=name, station="12-2", seq=7)
    told = wire_returns.ReturnTold(return_id=name, incarnation=INCARNATION, seq=7, entry="", returns=(), seconds=600)
    over, pack = wire_returns.TurnOver(dropped=True), wire_feeds.SignedPack(number=3, document="", signature="")
    server.scripts += [answer(each) for each in (told, over, pack)]
    assert (office.ask_return(asked), office.drop_return(dropped)) == (told, over)
    assert office.rules(wire_returns.RulesAsked(number=3)) == pack
    assert [(seen.method, seen.target) for seen in server.seen] == [
        ("POST", "/api/v1/returns/ask"), ("POST", "/api/v1/returns/drop"), ("GET", "/api/v1/returns/rules?number=3")]
    assert msgspec.json.decode(server.seen[0].body, type=wire_returns.ReturnAsked) == asked
    assert msgspec.json.decode(server.seen[1].body, type=wire_returns.ReturnDropped) == dropped
    server.scripts += [problem(wire.ProblemCode.INVALID, 404)] * 2
    assert (office.ask_return(asked), office.rules(wire_returns.RulesAsked(number=3))) == (None, None)
    server.scripts.append(problem(wire.ProblemCode.UNDER_WAY, 409))
    assert refused(lambda: office.ask_return(asked)).code is ErrorCode.RETURN_UNDER_WAY


def test_too_little_says_what_there_is(server: Server, office: HeadOffice) -> None:
    short = wire.Problem(code=wire.ProblemCode.NOT_ENOUGH, reason="", available=30)
    server.scripts.append(answer(short, 409))
    fault = refused(lambda: office.available(wire_spending.AvailableAsked(kind=AccountKind.POINTS, account="m")))
    assert (fault.code, fault.detail["available"]) == (ErrorCode.SPENDING_SHORT, 30)


def test_pairing_is_not_signed_and_everything_else_needs_it(server: Server) -> None:
    paired = wire_trust.PairAnswer(document="", proof="")
    server.scripts += [answer(paired, 201), problem(wire.ProblemCode.PAIRING, 403)]
    request = wire_trust.PairRequest(protocol=1, code="A", public_key="", proof="")
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
    (problem(wire.ProblemCode.REVOKED, 403), ErrorCode.STATION_REVOKED, {"status": 403, "problem": "REVOKED"}),
    (answer(b"<html>", 401), ErrorCode.SIGNATURE_INVALID, {"status": 401}),
    (problem(wire.ProblemCode.INVALID, 400), ErrorCode.HEAD_OFFICE_REFUSED,
     {"status": 400, "problem": "INVALID"}),
    (answer(b"<html>", 404), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 404}),
    (answer(b"\xff", 500), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 500}),
    (answer(b"", 302, Location="/elsewhere"), ErrorCode.HEAD_OFFICE_REFUSED, {"status": 302}),
    (problem(wire.ProblemCode.BUSY, 503, Retry_After="17"), ErrorCode.HEAD_OFFICE_BUSY, {"retry_after": 17}),
    (answer(b"", 429, by=None, Retry_After="99999999"), ErrorCode.HEAD_OFFICE_BUSY, {"retry_after": 3600}),
    (answer(b"", 503, Retry_After="soon"), ErrorCode.HEAD_OFFICE_BUSY, {}),
    (answer(b"", 503, Retry_After="9" * 5000), ErrorCode.HEAD_OFFICE_BUSY, {}),
])
def test_a_refusal_says_what_it_means(
    server: Server, office: HeadOffice, script: Script, code: ErrorCode, detail: dict[str, object],
) -> None:
    server.scripts.append(script)
    error = refused(lambda: office.put_batch(HEAD, office.pack(b"{}\n")))
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


def test_no_book_yet_is_no_fault_but_a_wrong_address_is(server: Server, office: HeadOffice) -> None:
    server.scripts += [problem(wire.ProblemCode.INVALID, 404), answer(b"<html>", 404)]
    assert office.book(INCARNATION) is None
    assert refused(lambda: office.book(INCARNATION)).code is ErrorCode.HEAD_OFFICE_REFUSED


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
    bomb = gzip.compress(bytes(transport.MOST_ANSWER_BYTES + 1), 9)
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
    assert refused(lambda: opened(Link("nonsense")).book(INCARNATION)).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    plain = opened(Link(server.url.replace("http:", "https:")))
    assert refused(lambda: plain.shelf_page("")).code is ErrorCode.HEAD_OFFICE_UNREACHABLE, "no TLS there"


def test_a_nonsensical_server_time_is_ignored(server: Server, office: HeadOffice) -> None:
    server.scripts += [answer(SHELF, Server_Time_Us=text) for text in ("-5", "soon", "9" * 40)]
    server.scripts.append(answer(SHELF))
    for _ in range(4):
        office.shelf_page("")
    assert server.verified().created == NOW_US // 1_000_000


def test_the_machine_has_the_first_word_on_time(server: Server) -> None:
    office = HeadOffice(Link(server.url), Identity("12-1", KEY), believed())
    server.scripts.append(answer(SHELF))
    office.shelf_page("")
    assert abs(server.verified().created - time.time()) < 60
    office.close()


def test_the_key_does_not_show() -> None:
    assert repr(Identity("12-1", KEY, KEY)) == "Identity(station='12-1')"
