"""Who may speak: signatures that hold for one request only, by keys that take the place of others; and signed answers."""

import base64
import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from headoffice.clock import CLOCK, MICROSECONDS, now_us
from headoffice.stations import server_nonce
from headoffice.stations.models import Nonce, Station
from station.protection import Protection
from sync import wire, wire_feeds, wire_trust
from sync.ed25519 import Ed25519Verifier, fingerprint, new_key, public_key
from sync.keys import key_change
from sync.signatures import SERVER_NONCE, SERVER_TIME, Asked, answer_text
from sync.wire import ProblemCode
from tests.headoffice.shop import Answer, Till, fresh_nonce

NOW_US = 1_795_343_700_000_000


@pytest.fixture
def clock() -> Iterator[list[int]]:
    """Head office's clock, in microseconds, to be turned."""
    at, source = [NOW_US], CLOCK.source
    CLOCK.source = lambda: at[0]
    yield at
    CLOCK.source = source


def test_every_answer_carries_the_time(till: Till) -> None:
    answers = (till.hello(), till.ask("GET", wire_trust.PAIR_PATH), till.ask("GET", "/api/v1/nothing"))
    assert [answer.status for answer in answers] == [200, 405, 404]
    for answer in answers:
        assert abs(int(answer.headers[SERVER_TIME]) - now_us()) < 60 * MICROSECONDS
        assert answer.headers["Content-Type"] == wire.JSON_TYPE
    assert answers[2].problem() == (404, ProblemCode.INVALID)


def test_a_signature_holds_once_and_for_its_own_request(till: Till) -> None:
    prepared = till.prepare("GET", wire_feeds.SHELF_FEED_PATH)
    assert till.send(prepared).status == 200
    assert till.send(prepared).problem() == (401, ProblemCode.SIGNATURE)
    other = till.prepare("GET", wire_feeds.SHELF_FEED_PATH)
    other.url = (other.url or "").replace("shelf", "members")
    assert till.send(other).problem() == (401, ProblemCode.SIGNATURE)


def test_the_server_nonce_is_of_these_minutes(till: Till, clock: list[int]) -> None:
    assert till.ask("GET", wire_feeds.SHELF_FEED_PATH, nonce="-.1").problem() == (401, ProblemCode.NONCE)
    fresh = till.ask("GET", "/api/v1/nothing").headers[SERVER_NONCE]
    for minutes, status in ((0, 200), (5, 200), (11, 401), (60, 401)):
        clock[0] = NOW_US + minutes * 60 * MICROSECONDS
        assert till.ask("GET", wire_feeds.SHELF_FEED_PATH, nonce=f"{fresh}.{minutes}").status == status
    assert server_nonce.is_good(settings.KEYS.secret, fresh, NOW_US // MICROSECONDS)
    assert not server_nonce.is_good(bytes(32), fresh, NOW_US // MICROSECONDS), "by another secret"


@pytest.mark.parametrize("years", [-10, 10])
def test_no_clock_of_a_station_keeps_it_out(till: Till, years: int) -> None:
    created = int(time.time()) + years * 365 * 86_400
    assert till.ask("GET", wire_feeds.SHELF_FEED_PATH, created=created).status == 200


def test_a_signed_answer_names_its_request(till: Till) -> None:
    office = Ed25519Verifier(public_key(settings.KEYS.office))
    for method, path, status in (
            ("GET", f"{wire_feeds.SHELF_FEED_PATH}?cursor=", 200), ("GET", "/api/v1/nothing?a=b%20c", 404),
            ("POST", wire_feeds.SHELF_FEED_PATH, 405), ("GET", f"{wire_feeds.SHELF_FEED_PATH}?cursor=x", 400)):
        nonce = fresh_nonce()
        answer = till.ask(method, path, nonce=nonce)
        text = answer_text(Asked("12-1", method, path, nonce), status, answer.headers[SERVER_TIME], answer.body)
        assert answer.status == status
        assert office.verify(base64.b64decode(answer.headers["Office-Signature"]), text)
        assert answer.headers["Office-Key"] == fingerprint(public_key(settings.KEYS.office))
    unsigned = Client(SERVER_NAME="127.0.0.1").get("/api/v1/nothing")
    assert "Office-Signature" not in unsigned.headers


def test_a_compressed_answer_is_signed_as_it_is_meant(till: Till) -> None:
    nonce = fresh_nonce()
    answer = till.ask("GET", wire_feeds.SHELF_FEED_PATH, nonce=nonce, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    text = answer_text(
        Asked("12-1", "GET", wire_feeds.SHELF_FEED_PATH, nonce), 200, answer.headers[SERVER_TIME], gzip.decompress(answer.body))
    assert Ed25519Verifier(public_key(settings.KEYS.office)).verify(
        base64.b64decode(answer.headers["Office-Signature"]), text)


def test_a_tampered_body_is_refused(till: Till) -> None:
    hello = wire.Hello(
        protocol=1, program="t", incarnation="0" * 32, seq=0, head="0" * 64, protection=Protection.FILE)
    prepared = till.prepare("POST", wire.HELLO_PATH, body=msgspec.json.encode(hello))
    tampered = msgspec.json.encode(msgspec.structs.replace(hello, seq=1))
    assert till.send(prepared, tampered).problem() == (401, ProblemCode.SIGNATURE)
    assert till.send(prepared).status == 200


def test_a_nonce_that_is_too_long_is_refused(till: Till) -> None:
    assert till.ask("GET", wire_feeds.SHELF_FEED_PATH, nonce=fresh_nonce() + "n" * 65).problem() == (
        401, ProblemCode.SIGNATURE)


def test_nonces_too_old_to_come_again_are_forgotten(till: Till) -> None:
    Nonce.objects.create(station="12-1", nonce="old", used_s=int(time.time()) - 1201)
    Nonce.objects.create(station="12-1", nonce="young", used_s=int(time.time()) - 1100)
    nonce = fresh_nonce()
    till.ask("GET", wire_feeds.SHELF_FEED_PATH, nonce=nonce)
    assert set(Nonce.objects.values_list("nonce", flat=True)) == {"young", nonce}


def rotated(till: Till, key: bytes, **changes: str) -> Answer:
    change = msgspec.structs.replace(key_change("12-1", key), **changes)
    return till.ask("POST", wire_trust.KEYS_PATH, body=msgspec.json.encode(change))


def test_both_keys_are_good_until_the_next_one_signs(till: Till) -> None:
    following = Till("12-1")
    taken = rotated(till, following.key).read(wire_trust.KeyTaken)
    assert taken.key_days == 90
    assert rotated(till, following.key).status == 200, "a lost answer is asked for again"
    assert till.hello().status == 200
    assert following.hello(0, "0" * 64).status == 200
    assert till.hello().problem() == (401, ProblemCode.SIGNATURE)
    assert following.hello(0, "0" * 64).status == 200
    station = Station.objects.get(id="12-1")
    assert (bytes(station.public_key), bytes(station.next_key)) == (following.public, b"")
    assert station.fingerprint == fingerprint(following.public)
    assert rotated(following, following.key).status == 200
    assert bytes(Station.objects.get(id="12-1").next_key) == b"", "the present key is no next one"


def test_a_next_key_needs_the_proof_that_it_is_there(till: Till) -> None:
    other = key_change("12-2", new_key())
    for changes in ({"proof": ""}, {"proof": other.proof}, {"public_key": other.public_key}, {"public_key": "AAAA"}):
        assert rotated(till, new_key(), **changes).problem() == (400, ProblemCode.INVALID)
    assert bytes(Station.objects.get(id="12-1").next_key) == b""
    assert rotated(Till("12-1"), new_key()).problem() == (401, ProblemCode.SIGNATURE)


def test_a_revoked_station_is_heard_of_its_journal_and_given_nothing(till: Till) -> None:
    Station.objects.filter(id="12-1").update(revoked=True, revoked_us=0)
    assert till.hello().status == 200
    assert till.put(1, 1).status == 200
    for path in (wire_feeds.SHELF_FEED_PATH, wire_feeds.MEMBERS_FEED_PATH, wire_feeds.BOOK_PATH):
        assert till.ask("GET", path).problem() == (403, ProblemCode.REVOKED)
    assert rotated(till, new_key()).problem() == (403, ProblemCode.REVOKED)
    assert Till("12-1").hello().problem() == (401, ProblemCode.SIGNATURE)


@pytest.mark.usefixtures("till")
def test_strangers_and_the_unsigned_are_refused() -> None:
    stranger = Till("99-1")
    assert stranger.hello().problem() == (401, ProblemCode.UNKNOWN_STATION)
    impostor = Till("12-1")
    assert impostor.hello().problem() == (401, ProblemCode.SIGNATURE)
    unsigned = Client(SERVER_NAME="127.0.0.1").get(wire_feeds.SHELF_FEED_PATH)
    assert unsigned.status_code == 401


def test_a_hello_of_another_protocol_or_form_is_refused(till: Till) -> None:
    hello = wire.Hello(
        protocol=2, program="t", incarnation="0" * 32, seq=0, head="0" * 64, protection=Protection.FILE)
    for body in (msgspec.json.encode(hello), b"{}", b"[" * 5000):
        assert till.ask("POST", wire.HELLO_PATH, body=body).problem() == (400, ProblemCode.INVALID)


def test_a_locked_database_is_busy_not_broken(till: Till, office: Path) -> None:
    from sqlcipher3 import dbapi2

    holder = dbapi2.connect(str(office / "headoffice.db"), isolation_level=None)
    prepared = till.prepare("GET", wire_feeds.SHELF_FEED_PATH)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    holder.execute("BEGIN IMMEDIATE")
    try:
        answer = till.send(prepared)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert answer.problem() == (503, ProblemCode.BUSY)
    assert int(answer.headers["Retry-After"]) > 0
    assert till.send(prepared).status == 200


def test_a_foreign_host_name_is_refused(till: Till) -> None:
    prepared = till.prepare("GET", wire_feeds.SHELF_FEED_PATH)
    response = Client(SERVER_NAME="evil.example").get(wire_feeds.SHELF_FEED_PATH, headers=dict(prepared.headers))
    assert response.status_code == 400
    assert msgspec.json.decode(response.content, type=wire.Problem).code is ProblemCode.INVALID
