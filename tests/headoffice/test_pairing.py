"""Pairing: a one-time code proves each side to the other, and tells a stranger nothing."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from django.test import Client

from headoffice import keys, tls
from headoffice.api import trust
from headoffice.clock import now_us
from headoffice.stations.attempts import Attempts
from headoffice.stations.models import PairingCode, Shop, Station
from headoffice.stations.pairing import LIFE_US, issue
from station.errors import ErrorCode, StationError
from station.text import Text
from sync import codes, wire, wire_trust
from sync.ed25519 import fingerprint, public_key
from sync.enrol import Enrolment, enrol
from sync.wire import ProblemCode
from tests.headoffice.shop import Answer, Till


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts of other tests do not count here."""
    monkeypatch.setattr(trust, "ATTEMPTS", Attempts(30, 60))


class Door:
    """Head office's own door, without a network."""

    def authority(self, code: str) -> wire_trust.CaAnswer:
        return ca(code).read(wire_trust.CaAnswer)

    def pair(self, request: wire_trust.PairRequest, ca: str) -> wire_trust.PairAnswer:
        assert ca.startswith("-----BEGIN CERTIFICATE-----")
        return post(request).read(wire_trust.PairAnswer)


def ca(code: str) -> Answer:
    response = Client(SERVER_NAME="127.0.0.1").get(f"{wire_trust.CA_PATH}?{urlencode({'code': code})}")
    return Answer(response.status_code, dict(response.headers), response.content)


def post(request: wire_trust.PairRequest) -> Answer:
    response = Client(SERVER_NAME="127.0.0.1").post(
        wire_trust.PAIR_PATH, msgspec.json.encode(request), content_type=wire.JSON_TYPE)
    return Answer(response.status_code, dict(response.headers), response.content)


def fresh(station: str = "", shop: str = "12") -> str:
    return issue(Shop.objects.get(id=shop), now_us(), station)


def asking(text: str, key: bytes, **changes: Any) -> wire_trust.PairRequest:
    known = codes.read(text)
    request = wire_trust.PairRequest(
        protocol=wire.PROTOCOL, code=known.name, public_key=base64.b64encode(key).decode(),
        proof=base64.b64encode(known.proof("station", key)).decode())
    return msgspec.structs.replace(request, **changes)


def heard(who: Enrolment) -> int:
    till = Till(who.station, who.key)
    return till.hello(0, "0" * 64).status


def test_a_code_pairs_one_station_and_no_second(office: Path) -> None:
    code = fresh()
    who = enrol(Door(), f" {code.lower()} ")
    kept = keys.load(office)
    assert (who.station, who.shop, who.shop_name) == ("12-1", "12", Text("شعبهٔ ۱۲ · ونک", "Branch 12 · Vanak"))
    assert (who.card_key, who.office_key, who.recovery_key) == (kept.card, public_key(kept.office), kept.recovery)
    assert who.ca.encode() == tls.authority(office)
    assert Station.objects.get(id="12-1").fingerprint == who.fingerprint == fingerprint(public_key(who.key))
    assert heard(who) == 200
    with pytest.raises(StationError) as spent:
        enrol(Door(), code)
    assert spent.value.code is ErrorCode.PAIRING_UNPROVEN
    assert post(asking(code, Till().public)).problem() == (403, ProblemCode.PAIRING)
    assert enrol(Door(), fresh()).station == "12-2"


def test_a_code_for_new_keys_keeps_the_station(office: Path) -> None:
    assert office.exists()
    first = enrol(Door(), fresh())
    second = enrol(Door(), fresh("12-1"))
    assert (second.station, Station.objects.count()) == ("12-1", 1)
    assert (heard(first), heard(second)) == (401, 200)


def test_the_letters_of_a_code_are_kept_nowhere_and_its_key_until_it_is_used(office: Path) -> None:
    assert office.exists()
    code = fresh()
    secret = code.replace("-", "")[5:]
    assert secret not in str(list(PairingCode.objects.values_list()))
    enrol(Door(), code)
    assert bytes(PairingCode.objects.get().key) == b""


def test_an_old_or_invented_code_and_a_wrong_proof_do_not_pair(office: Path) -> None:
    assert office.exists()
    old = issue(Shop.objects.get(id="12"), now_us() - LIFE_US - 1)
    good = fresh()
    key = Till().public
    wrong = [post(request) for request in (
        asking(old, key), asking("AAAAA" * 5, key), asking(good, key, proof=asking(good, Till().public).proof))]
    assert {answer.problem() for answer in wrong} == {(403, ProblemCode.PAIRING)}
    assert len({answer.body for answer in wrong}) == 1, "which it is, is not said"
    assert not Station.objects.exists()
    assert post(asking(good, key)).status == 200, "a wrong proof does not spend the code"


def test_the_authority_is_vouched_for_alike_whether_there_is_such_a_code_or_not(office: Path) -> None:
    code = fresh()
    name = codes.read(code).name
    real, again, invented, same = ca(name), ca(name), ca("00000"), ca("00000")
    assert [each.status for each in (real, invented)] == [200, 200]
    assert (real.body, invented.body) == (again.body, same.body)
    assert len(real.body) == len(invented.body)
    certificate = tls.authority(office)
    proofs = [base64.b64decode(each.read(wire_trust.CaAnswer).proof) for each in (real, invented)]
    assert proofs[0] == codes.read(code).proof("ca", certificate)
    enrol(Door(), code)
    assert ca(name).read(wire_trust.CaAnswer).proof != real.read(wire_trust.CaAnswer).proof


def test_a_pairing_request_that_is_none_is_refused(office: Path) -> None:
    assert office.exists()
    code = fresh()
    key = Till().public
    for changes in ({"public_key": "AAA"}, {"proof": "AAAA"}, {"protocol": 2}, {"code": "short"}, {"code": "UUUUU"}):
        assert post(asking(code, key, **changes)).problem() == (400, ProblemCode.INVALID)
    assert post(asking(code, b"short")).problem() == (400, ProblemCode.INVALID)
    assert ca("x" * 5000).problem() == (400, ProblemCode.INVALID)
    assert post(asking(code, key)).status == 200


def test_guessing_is_slow(office: Path) -> None:
    assert office.exists()
    answers = [ca("00000") for _ in range(31)]
    assert [answer.status for answer in answers] == [200] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert post(asking(fresh(), Till().public)).problem() == (429, ProblemCode.BUSY)


def test_attempts_are_counted_by_address_and_in_a_window() -> None:
    attempts = Attempts(2, 60)
    assert [attempts.wait_s("a", at) for at in (0, 10, 20, 59)] == [0, 0, 40, 1]
    assert attempts.wait_s("b", 20) == 0
    assert [attempts.wait_s("a", at) for at in (60, 61, 70)] == [0, 9, 0]
    assert attempts.wait_s("a", 0) <= 60, "a clock that went back keeps nobody out for longer"
