"""Nonce, time and signature of an answer: what is not proven to be head office's word is not used."""

import base64
from http.server import BaseHTTPRequestHandler

import msgspec
import pytest

from station.errors import ErrorCode
from sync import wire, wire_trust
from sync.client import HeadOffice, Link
from sync.ed25519 import fingerprint, public_key, sign_bytes
from sync.keys import Identity
from sync.signatures import Asked, answer_text, claim_of
from tests.sync.scripted import (
    KEY,
    NOW_US,
    OFFICE,
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
)

__all__ = ["office", "server"]


def test_the_nonce_and_the_time_are_learnt_and_the_request_sent_once_more(server: Server) -> None:
    office = opened(Link(server.url), clock=lambda: NOW_US - 10 * 365 * 86_400_000_000)
    server.scripts += [
        problem(wire.ProblemCode.NONCE, 401, Server_Time_Us=str(NOW_US), Server_Nonce="n1"),
        answer(SHELF, Server_Time_Us=str(NOW_US), Server_Nonce="n2"),
        answer(SHELF, Server_Nonce="n3"),
    ]
    assert office.shelf_page("") == SHELF
    assert office.shelf_page("") == SHELF
    assert [server.verified(at).nonce.partition(".")[0] for at in range(3)] == ["", "n1", "n2"]
    assert [server.verified(at).created for at in (1, 2)] == [NOW_US // 1_000_000] * 2
    assert office.now_us() == NOW_US
    office.close()


def test_a_nonce_that_is_never_good_is_not_asked_for_for_ever(server: Server, office: HeadOffice) -> None:
    server.scripts += [problem(wire.ProblemCode.NONCE, 401, Server_Nonce=text) for text in ("n1", "n2")]
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID
    assert len(server.seen) == 2


def test_a_refusal_with_the_same_nonce_is_not_asked_again(server: Server, office: HeadOffice) -> None:
    server.scripts.append(problem(wire.ProblemCode.SIGNATURE, 401, Server_Time_Us=str(NOW_US + 1)))
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID
    assert len(server.seen) == 1


@pytest.mark.parametrize("script", [
    answer(SHELF, by=None), answer(SHELF, by=None, Office_Signature=""), answer(b"", 302, by=None, Location="/"),
    answer(b"<html>", 404, by=None), problem(wire.ProblemCode.FORK, 409, by=None),
])
def test_an_answer_that_is_not_signed_is_none(server: Server, office: HeadOffice, script: Script) -> None:
    server.scripts.append(script)
    error = refused(lambda: office.shelf_page(""))
    assert error.code in (ErrorCode.ANSWER_INVALID, ErrorCode.SIGNATURE_INVALID)
    assert "problem" not in error.detail


def test_an_answer_by_another_key_is_none(server: Server, office: HeadOffice) -> None:
    own = fingerprint(public_key(OFFICE))
    server.scripts.append(answer(SHELF, by=KEY, Office_Key=own, Server_Nonce="evil", Server_Time_Us="1"))
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID
    server.scripts.append(answer(SHELF))
    office.shelf_page("")
    assert (server.verified().nonce[0], office.now_us()) == (".", NOW_US), "nothing is learnt from it"


@pytest.mark.parametrize("part", ["status", "body", "nonce", "target", "time", "station"])
def test_an_answer_to_another_request_is_none(server: Server, office: HeadOffice, part: str) -> None:
    def script(handler: BaseHTTPRequestHandler) -> None:
        claim = claim_of(dict(handler.headers))
        said = {"status": "200", "body": msgspec.json.encode(SHELF).decode(), "nonce": claim.nonce,
                "target": handler.path, "time": "", "station": claim.key_id}
        said[part] = {"status": "201", "time": "5"}.get(part, "x" + said[part])
        text = answer_text(
            Asked(said["station"], "GET", said["target"], said["nonce"]),
            int(said["status"]), said["time"], said["body"].encode())
        signature = base64.b64encode(sign_bytes(OFFICE, text)).decode()
        answer(SHELF, by=None, Office_Signature=signature)(handler)

    server.scripts.append(script)
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID


def test_a_newer_key_of_head_office_is_followed_and_the_answer_believed(server: Server) -> None:
    following, kept = bytes(range(64, 96)), list[bytes]()
    office = HeadOffice(Link(server.url), Identity("12-1", KEY), believed(kept), clock=lambda: NOW_US)
    document = msgspec.json.encode(wire_trust.OfficeKeyChange(
        form="card-station office key 1", former=text(public_key(OFFICE)), key=text(public_key(following)), at_us=1))
    changes = wire_trust.OfficeKeys(changes=(wire_trust.SignedOfficeKey(
        document=text(document), signature=text(sign_bytes(OFFICE, document))),))
    server.scripts += [answer(SHELF, by=following), answer(changes, by=None), answer(SHELF, by=following)]
    assert office.shelf_page("") == SHELF
    assert office.shelf_page("") == SHELF
    assert kept == [public_key(following)]
    assert [seen.target for seen in server.seen][1] == wire_trust.OFFICE_KEYS_PATH
    assert "Signature" not in server.seen[1].headers
    office.close()


def test_a_key_that_head_office_lost_is_named_again_by_the_one_before(server: Server) -> None:
    former = bytes(range(96, 128))
    office = HeadOffice(Link(server.url), Identity("12-1", KEY, former), believed(), clock=lambda: NOW_US)
    server.scripts += [
        problem(wire.ProblemCode.SIGNATURE, 401), answer(wire_trust.KeyTaken(since_us=1, key_days=90)), answer(SHELF)]
    assert office.shelf_page("") == SHELF
    assert server.seen[1].target == wire_trust.KEYS_PATH
    named = msgspec.json.decode(server.seen[1].body, type=wire_trust.KeyChange)
    assert named.public_key == text(public_key(KEY))
    assert server.verified(1, key=former).key_id == "12-1"
    assert server.verified(2).key_id == "12-1"
    server.scripts += [problem(wire.ProblemCode.SIGNATURE, 401)] * 2
    assert refused(lambda: office.shelf_page("")).code is ErrorCode.SIGNATURE_INVALID
    office.close()


def test_a_key_that_another_program_replaced_is_looked_up(server: Server) -> None:
    newer = bytes(range(96, 128))
    office = HeadOffice(
        Link(server.url), Identity("12-1", KEY), believed(), clock=lambda: NOW_US, look=lambda: Identity("12-1", newer, KEY))
    server.scripts += [problem(wire.ProblemCode.SIGNATURE, 401), answer(SHELF)]
    assert office.shelf_page("") == SHELF
    assert server.verified(1, key=newer).key_id == "12-1"
    office.close()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()
