"""Who may speak: pairing by a one-time code, and signatures that hold for one request only."""

import base64
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client

from headoffice import keys
from headoffice.api.middleware import SERVER_TIME
from headoffice.clock import MICROSECONDS, now_us
from headoffice.stations.models import Nonce, PairingCode, Shop, Station
from headoffice.stations.pairing import LIFE_US, issue
from station.protection import Protection
from station.text import Text
from sync import wire, wire_feeds, wire_trust
from sync.signatures import public_key
from sync.wire import ProblemCode
from tests.headoffice.shop import Answer, Till


def pair(code: str, key: bytes, **changes: Any) -> Answer:
    request = wire_trust.PairRequest(
        protocol=wire.PROTOCOL, code=code, public_key=base64.b64encode(key).decode())
    body = msgspec.json.encode(msgspec.structs.replace(request, **changes))
    response = Client(SERVER_NAME="127.0.0.1").post(wire_trust.PAIR_PATH, body, content_type=wire.JSON_TYPE)
    return Answer(response.status_code, dict(response.headers), response.content)


def test_a_code_pairs_one_station_and_no_second(office: Path) -> None:
    code = issue(Shop.objects.get(id="12"), now_us())
    assert len(code.replace("-", "")) * 5 >= 80
    till = Till()
    answer = pair(f" {code.lower()} ", till.public).read(wire_trust.PairAnswer)
    kept = keys.load(office)
    assert answer == wire_trust.PairAnswer(
        station="12-1", shop="12", shop_name=Text("شعبهٔ ۱۲ · ونک", "Branch 12 · Vanak"),
        card_key=base64.b64encode(kept.card).decode(),
        office_key=base64.b64encode(public_key(kept.office)).decode(),
        recovery_key=base64.b64encode(kept.recovery).decode())
    till.journal.station = answer.station
    assert till.hello(0, "0" * 64).status == 200
    assert pair(code, Till().public).problem() == (403, ProblemCode.PAIRING)
    assert pair(issue(Shop.objects.get(id="12"), now_us()), Till().public).read(wire_trust.PairAnswer).station == "12-2"


def test_the_code_itself_is_kept_nowhere(office: Path) -> None:
    code = issue(Shop.objects.get(id="12"), now_us())
    assert office.exists()
    assert code.replace("-", "") not in str(list(PairingCode.objects.values_list()))


def test_an_old_or_invented_code_does_not_pair(office: Path) -> None:
    assert office.exists()
    old = issue(Shop.objects.get(id="12"), now_us() - LIFE_US - 1)
    assert pair(old, Till().public).problem() == (403, ProblemCode.PAIRING)
    assert pair("AAAA-AAAA-AAAA-AAAA", Till().public).problem() == (403, ProblemCode.PAIRING)
    assert not Station.objects.exists()


def test_a_pairing_request_that_is_none_is_refused(office: Path) -> None:
    assert office.exists()
    code = issue(Shop.objects.get(id="12"), now_us())
    assert pair(code, b"short").problem() == (400, ProblemCode.INVALID)
    assert pair(code, Till().public, public_key="AAA").problem() == (400, ProblemCode.INVALID)
    assert pair(code, Till().public, protocol=2).problem() == (400, ProblemCode.INVALID)
    assert pair(code, Till().public).status == 200


def test_every_answer_carries_the_time(till: Till) -> None:
    answers = (till.hello(), till.ask("GET", wire_trust.PAIR_PATH), till.ask("GET", "/api/v1/nothing"))
    assert [answer.status for answer in answers] == [200, 405, 404]
    for answer in answers:
        assert abs(int(answer.headers[SERVER_TIME]) - now_us()) < 60 * MICROSECONDS
        assert answer.headers["Content-Type"] == wire.JSON_TYPE
    assert answers[2].problem() == (404, ProblemCode.INVALID)


def test_a_signature_holds_once_and_for_its_own_request(till: Till) -> None:
    prepared = till.prepare("GET", wire_feeds.SHELF_FEED_PATH, nonce="n1")
    assert till.send(prepared).status == 200
    assert till.send(prepared).problem() == (401, ProblemCode.SIGNATURE)
    other = till.prepare("GET", wire_feeds.SHELF_FEED_PATH)
    other.url = (other.url or "").replace("shelf", "members")
    assert till.send(other).problem() == (401, ProblemCode.SIGNATURE)


def test_a_tampered_body_is_refused(till: Till) -> None:
    hello = wire.Hello(
        protocol=1, program="t", incarnation="0" * 32, seq=0, head="0" * 64, protection=Protection.FILE)
    prepared = till.prepare("POST", wire.HELLO_PATH, body=msgspec.json.encode(hello))
    tampered = msgspec.json.encode(msgspec.structs.replace(hello, seq=1))
    assert till.send(prepared, tampered).problem() == (401, ProblemCode.SIGNATURE)
    assert till.send(prepared).status == 200


@pytest.mark.parametrize(("away_s", "status"), [(-290, 200), (-310, 401), (110, 200), (130, 401)])
def test_a_request_outside_its_time_is_refused(till: Till, away_s: int, status: int) -> None:
    assert till.ask("GET", wire_feeds.PACK_PATH, created=int(time.time()) + away_s).status == status


@pytest.mark.parametrize("nonce", ["", "n" * 65])
def test_a_nonce_of_another_length_is_refused(till: Till, nonce: str) -> None:
    prepared = till.prepare("GET", wire_feeds.PACK_PATH, nonce=nonce or None)
    if not nonce:
        del prepared.headers["Signature"]
    assert till.send(prepared).problem() == (401, ProblemCode.SIGNATURE)


def test_nonces_too_old_to_come_again_are_forgotten(till: Till) -> None:
    Nonce.objects.create(station="12-1", nonce="old", created=int(time.time()) - 421)
    Nonce.objects.create(station="12-1", nonce="young", created=int(time.time()) - 400)
    till.ask("GET", wire_feeds.PACK_PATH, nonce="new")
    assert set(Nonce.objects.values_list("nonce", flat=True)) == {"young", "new"}


def test_strangers_the_unsigned_and_the_revoked_are_refused(till: Till) -> None:
    stranger = Till("99-1")
    assert stranger.hello().problem() == (401, ProblemCode.UNKNOWN_STATION)
    impostor = Till("12-1")
    assert impostor.hello().problem() == (401, ProblemCode.SIGNATURE)
    unsigned = Client(SERVER_NAME="127.0.0.1").get(wire_feeds.PACK_PATH)
    assert unsigned.status_code == 401
    Station.objects.filter(id="12-1").update(revoked=True)
    assert till.hello().problem() == (401, ProblemCode.UNKNOWN_STATION)


def test_a_hello_of_another_protocol_or_form_is_refused(till: Till) -> None:
    hello = wire.Hello(
        protocol=2, program="t", incarnation="0" * 32, seq=0, head="0" * 64, protection=Protection.FILE)
    for body in (msgspec.json.encode(hello), b"{}", b"[" * 5000):
        assert till.ask("POST", wire.HELLO_PATH, body=body).problem() == (400, ProblemCode.INVALID)


def test_a_locked_database_is_busy_not_broken(till: Till, office: Path) -> None:
    from sqlcipher3 import dbapi2

    holder = dbapi2.connect(str(office / "headoffice.db"), isolation_level=None)
    prepared = till.prepare("GET", wire_feeds.PACK_PATH)
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
    prepared = till.prepare("GET", wire_feeds.PACK_PATH)
    response = Client(SERVER_NAME="evil.example").get(wire_feeds.PACK_PATH, headers=dict(prepared.headers))
    assert response.status_code == 400
    assert msgspec.json.decode(response.content, type=wire.Problem).code is ProblemCode.INVALID
