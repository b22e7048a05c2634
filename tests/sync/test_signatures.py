"""Signatures: published vectors, one change at a time, and arbitrary headers."""

import base64
import hashlib
import re
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms
from hypothesis import given
from hypothesis import strategies as st
from requests import PreparedRequest, Request

from sync.ed25519 import Ed25519Verifier, fingerprint, new_key, public_key, sign_bytes
from sync.signatures import TAG, Asked, Claim, Verified, answer_text, claim_of, sign, verify

SOME = re.compile("..")
NOW = 1_795_000_000
URL = "https://office.example/api/v1/journal?first=1&last=2"
BODY = b'{"a":1}\n'
KEY = bytes(range(32))


def signed(body: bytes | None = BODY, *, created: int = NOW) -> PreparedRequest:
    prepared = Request("PUT", URL, data=body).prepare()
    sign(prepared, KEY, key_id="12-1", created=created, nonce="n-1")
    return prepared


def check(prepared: PreparedRequest, *, key: bytes | None = None) -> Verified:
    body = prepared.body or b""
    assert isinstance(body, bytes)
    return verify(
        str(prepared.method), str(prepared.url), prepared.headers, body, key or public_key(KEY))


def test_rfc_8032_test_vector_1() -> None:
    raw = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    assert public_key(raw) == public
    assert sign_bytes(raw, b"") == signature
    assert Ed25519Verifier(public).verify(signature, b"")
    assert not Ed25519Verifier(public).verify(signature, b"x")
    assert not Ed25519Verifier(public).verify(signature[:-1], b"")


def test_rfc_9421_example_b_2_6() -> None:
    raw = base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU=")
    assert public_key(raw) == base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
    base = (
        b'"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n'
        b'"@authority": example.com\n"content-type": application/json\n"content-length": 18\n'
        b'"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")'
        b';created=1618884473;keyid="test-key-ed25519"')
    assert sign_bytes(raw, base) == base64.b64decode(
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")


def test_the_signature_base_is_that_of_the_rfc() -> None:
    """The base written out by hand (RFC 9421, section 2.5) has the signature the request carries."""
    headers = signed().headers
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    parameters = (
        '("@method" "@target-uri" "content-digest")'
        f';created={NOW};keyid="12-1";alg="ed25519";nonce="n-1";tag="{TAG}"')
    base = (
        f'"@method": PUT\n"@target-uri": {URL}\n"content-digest": sha-256=:{digest}:\n'
        f'"@signature-params": {parameters}')
    assert headers["Signature-Input"] == f"station={parameters}"
    signature = base64.b64encode(sign_bytes(KEY, base.encode())).decode()
    assert headers["Signature"] == f"station=:{signature}:"


@pytest.mark.parametrize("body", [BODY, None])
def test_a_good_signature_says_who_when_and_the_nonce(body: bytes | None) -> None:
    prepared = signed(body)
    assert check(prepared) == Verified("12-1", "n-1", NOW)
    assert claim_of(prepared.headers) == Claim("12-1", "n-1")
    assert ("Content-Digest" in prepared.headers) == (body is not None)


def test_signing_again_replaces_the_signature() -> None:
    prepared = signed()
    prepared.body = b"another"
    sign(prepared, KEY, key_id="12-1", created=NOW + 1, nonce="n-2")
    assert check(prepared) == Verified("12-1", "n-2", NOW + 1)


def test_header_names_come_in_any_case_and_keys_as_objects() -> None:
    prepared = Request("GET", URL).prepare()
    sign(prepared, Ed25519PrivateKey.from_private_bytes(KEY), key_id="12-1", created=NOW, nonce="n-1")
    headers = {name.upper(): value for name, value in prepared.headers.items()}
    assert verify("GET", URL, headers, b"", public_key(KEY)) == Verified("12-1", "n-1", NOW)


def test_text_is_signed_as_the_bytes_it_is_sent_as_and_streams_are_not_signed() -> None:
    prepared = Request("POST", URL, data="نام").prepare()
    sign(prepared, KEY, key_id="12-1", created=NOW, nonce="n-1")
    prepared.body = "نام".encode()
    assert check(prepared).key_id == "12-1"
    with pytest.raises(TypeError, match="only a body of bytes"):
        sign(Request("POST", URL, data=iter([b"x"])).prepare(), KEY, key_id="12-1", created=NOW, nonce="n")


@pytest.mark.parametrize("change", [
    {"method": "POST"},
    {"url": URL + "0"},
    {"url": URL.replace("https", "http")},
    {"body": BODY + b" "},
    {"body": b""},
])
def test_any_change_of_what_is_covered_is_refused(change: dict[str, str | bytes]) -> None:
    prepared = signed()
    for name, value in change.items():
        setattr(prepared, name, value)
    with pytest.raises(ValueError, match=SOME):
        check(prepared)


@pytest.mark.parametrize(("name", "old", "new", "reason"), [
    ("Signature-Input", 'keyid="12-1"', 'keyid="12-2"', "not by this key"),
    ("Signature-Input", f"created={NOW}", f"created={NOW - 1}", "not by this key"),
    ("Signature-Input", 'nonce="n-1"', 'nonce="n-2"', "not by this key"),
    ("Signature-Input", TAG, "another", "not one signature with the tag"),
    ("Signature-Input", 'alg="ed25519"', 'alg="hmac-sha256"', "algorithm"),
    ("Signature-Input", "@method", "@authority", "not by this key"),
    ("Signature-Input", "station=", "other=", "different labels"),
    ("Signature", "station=:", "station=:AAAA", SOME),
    ("Content-Digest", "sha-256=:", "sha-256=:AAAA", SOME),
])
def test_any_change_of_a_header_is_refused(name: str, old: str, new: str, reason: str | re.Pattern[str]) -> None:
    prepared = signed()
    assert old in prepared.headers[name]
    prepared.headers[name] = prepared.headers[name].replace(old, new)
    with pytest.raises(ValueError, match=reason):
        check(prepared)


@pytest.mark.parametrize("name", ["Signature-Input", "Signature", "Content-Digest"])
def test_a_missing_header_is_refused(name: str) -> None:
    prepared = signed()
    del prepared.headers[name]
    with pytest.raises(ValueError, match=SOME):
        check(prepared)


def test_another_key_is_refused() -> None:
    with pytest.raises(ValueError, match="not by this key"):
        check(signed(), key=public_key(new_key()))


@pytest.mark.parametrize(("covered", "reason"), [
    (("@target-uri", "content-digest"), "@method"),
    (("@method", "content-digest"), "@target-uri"),
    (("@method", '"@query-param";name="first"', "content-digest"), "@target-uri"),
    (("@method", "@target-uri"), "content-digest"),
    (("@method", "@target-uri", '"content-digest";key="sha-256"'), "content-digest"),
])
def test_a_signature_over_too_little_is_refused(covered: tuple[str, ...], reason: str) -> None:
    prepared = signed()
    _sign_otherwise(prepared, covered=covered)
    with pytest.raises(ValueError, match=f"Required component.*{reason}"):
        check(prepared)


def test_a_signature_without_nonce_or_algorithm_is_refused() -> None:
    for nonce, alg, reason in (
            (None, True, "a keyid and a nonce"), ("n-1", False, "parameters are not alg, created, keyid, nonce, tag")):
        prepared = signed()
        _sign_otherwise(prepared, nonce=nonce, alg=alg)
        with pytest.raises(ValueError, match=reason):
            check(prepared)


def _sign_otherwise(
    prepared: PreparedRequest, *, covered: tuple[str, ...] = ("@method", "@target-uri", "content-digest"),
    nonce: str | None = "n-1", alg: bool = True,
) -> None:
    """Sign by the library itself, outside the profile, with the digest already there."""
    keys = MappingKeyResolver(
        public_keys={}, private_keys={"12-1": Ed25519PrivateKey.from_private_bytes(KEY)})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys).sign(
        prepared, key_id="12-1", created=datetime.fromtimestamp(NOW, UTC), nonce=nonce, tag=TAG, include_alg=alg, covered_component_ids=covered,
        use_existing_digest=True)


@pytest.mark.parametrize("years", [-10, 10])
def test_no_clock_makes_a_signature_bad(years: int) -> None:
    created = NOW + years * 365 * 86_400
    assert check(signed(created=created)).created == created


def test_what_is_signed_of_an_answer() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4, of no bytes
    asked = Asked("12-1", "GET", "/api/v1/feeds/shelf?cursor=", "5b-x.00")
    assert answer_text(asked, 200, "1795343700000000", b"").decode().split("\n") == [
        "card-station answer 1", "12-1", "GET", "/api/v1/feeds/shelf?cursor=", "5b-x.00", "200", "1795343700000000", empty]


def test_a_fingerprint_is_the_beginning_of_the_hash_in_groups() -> None:
    assert fingerprint(b"") == "e3b0-c442-98fc-1c14"


def test_one_tagged_signature_and_no_second() -> None:
    prepared = signed()
    for name in ("Signature-Input", "Signature"):
        value = prepared.headers[name]
        prepared.headers[name] = value + ", " + value.replace("station=", "again=", 1)
    with pytest.raises(ValueError, match="not one signature"):
        check(prepared)


@given(st.sampled_from(["Signature-Input", "Signature", "Content-Digest"]), st.data())
def test_damaged_headers_are_refused_with_a_value_error(name: str, data: st.DataObject) -> None:
    prepared = signed()
    value = prepared.headers[name]
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    damaged = value[:start] + data.draw(st.text(max_size=6)) + value[end:]
    prepared.headers[name] = damaged
    try:
        said = check(prepared)
    except ValueError:
        return
    assert said == Verified("12-1", "n-1", NOW)
