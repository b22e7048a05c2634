"""The examples of docs/sync.md, recomputed from what the page says with nothing but hashes and keys; and its tables."""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from headoffice.api.openapi import OPERATIONS
from headoffice.serving import MOST_HEADER_BYTES
from station.journal import EntryKind
from sync import wire
from sync.signatures import verify
from sync.transport import MOST_ANSWER_BYTES
from sync.wire_feeds import MOST_CHUNK_BYTES
from sync.wire_spending import LeaseState, ReservationState

DOCUMENT = Path(__file__).parents[1].joinpath("docs", "sync.md").read_text(encoding="utf-8")
STATION = "12-1"


def _vectors() -> dict[str, dict[str, str]]:
    """Return the fields of every block marked as a vector; what is indented below a ``|`` is one text."""
    found: dict[str, dict[str, str]] = {}
    for name, block in re.findall(r"^```vector (.+)\n((?:.+\n)+?)```$", DOCUMENT, re.MULTILINE):
        fields = found[name] = {}
        for key, text in re.findall(r"^([^ ][^:\n]*): (\|\n(?:  .*\n)+|.*\n)", block, re.MULTILINE):
            fields[key] = "\n".join(line[2:] for line in text.splitlines()[1:]) if text.startswith("|\n") else text[:-1]
    return found


VECTORS = _vectors()
KEYS = VECTORS["keys"]


def private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(name))


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_every_block_is_read() -> None:
    assert len(VECTORS) == DOCUMENT.count("```vector ") == 12


@pytest.mark.parametrize("who", ["station", "office"])
def test_keys_and_fingerprints(who: str) -> None:
    public = private(KEYS[f"{who} private"]).public_key().public_bytes_raw()
    digits = hashlib.sha256(public).hexdigest()
    assert (KEYS[f"{who} public"], KEYS[f"{who} fingerprint"].replace("-", "")) == (public.hex(), digits[:16])


def test_the_chain() -> None:
    said, last = VECTORS["chain"], bytes(32)
    for seq in (1, 2):
        raw = said[f"entry {seq}"].encode()
        assert json.loads(raw)["seq"] == seq
        assert (last + raw).hex().startswith(said[f"hashed {seq} begins with"])
        last = hashlib.sha256(last + raw).digest()
        assert said[f"hash {seq}"] == last.hex()


def test_the_name_of_a_branch() -> None:
    said = VECTORS["branch"]
    parts = b"card-station branch", bytes.fromhex(said["of"]), bytes.fromhex(said["hash of the first entry"])
    assert said["name"] == hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    assert said["hash of the first entry"] == VECTORS["chain"]["hash 2"]


@pytest.mark.parametrize("name", ["request with a body", "request without a body"])
def test_signed_requests(name: str) -> None:
    said = VECTORS[name]
    body = said.get("body", "").encode()
    lines = [f'"@method": {said["method"]}', f'"@target-uri": {said["url"]}']
    listed = '"@method" "@target-uri"'
    if body:
        digest = f"sha-256=:{text_of(hashlib.sha256(body).digest())}:"
        assert said["Content-Digest"] == digest
        lines.append(f'"content-digest": {digest}')
        listed += ' "content-digest"'
    label, parameters = said["Signature-Input"].split("=", 1)
    assert (label, re.fullmatch(
        r'\((.+)\);created=\d+;keyid="12-1";alg="ed25519";nonce="[^"]{1,64}";tag="card-station-v1"', parameters)) != (label, None)
    assert parameters.startswith(f"({listed})")
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    assert said["base"] == base
    assert said["Signature"] == f"station=:{text_of(private(KEYS['station private']).sign(base.encode()))}:"
    headers: dict[str, str] = {key: said[key] for key in ("Content-Digest", "Signature-Input", "Signature") if key in said}
    assert verify(said["method"], said["url"], headers, body, bytes.fromhex(KEYS["station public"])).key_id == STATION


def test_the_signed_answer() -> None:
    said, asked = VECTORS["answer"], VECTORS["request with a body"]
    nonce = re.search(r'nonce="([^"]+)"', asked["Signature-Input"])
    assert nonce is not None
    lines = said["text"].split("\n")
    assert lines[:6] == ["card-station answer 1", STATION, asked["method"], "/api/v1/hello", nonce[1], "200"]
    assert lines[6].isdigit()
    assert lines[7:] == [hashlib.sha256(said["body"].encode()).hexdigest()]
    assert said["Office-Signature"] == text_of(private(KEYS["office private"]).sign(said["text"].encode()))


def test_pairing() -> None:
    said = VECTORS["pairing"]
    letters = said["typed"].replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    assert (said["name"], said["secret"]) == (letters[:5], letters[5:])
    label = b"card-station pairing 1\0"
    key = hmac.digest(said["secret"].encode(), label + said["name"].encode(), "sha256")
    assert said["key"] == key.hex()
    public = bytes.fromhex(KEYS["station public"])
    certificate = said["certificate, each line ended by a line feed"].encode() + b"\n"
    for what, parts in (
            ("ca", [certificate]), ("station", [public]), ("office", [public, said["document"].encode()])):
        message = label + b"".join(
            len(part).to_bytes(8, "big") + part for part in (said["name"].encode(), what.encode(), *parts))
        assert said[f"proof {what}"] == text_of(hmac.digest(key, message, "sha256"))
        assert said.get(f"message {what}", message.hex()) == message.hex()


def test_the_hash_of_a_card() -> None:
    said = VECTORS["card"]
    mac = hmac.digest(bytes.fromhex(said["card key"]), said["number"].encode(), "sha256")
    assert int(said["hash"]) == int.from_bytes(mac[:8], "big") % 2**63


def test_changes_of_keys() -> None:
    said = VECTORS["key changes"]
    following = private(said["next private"])
    public = following.public_key().public_bytes_raw()
    message = b"\n".join((b"card-station key 1", STATION.encode(), public))
    assert (said["next public"], said["message"]) == (public.hex(), message.hex())
    assert said["proof"] == text_of(following.sign(message))
    document = said["office document"].encode()
    assert base64.b64decode(json.loads(document)["former"]).hex() == KEYS["office public"]
    assert said["office signature"] == text_of(private(KEYS["office private"]).sign(document))


def test_the_sealed_key() -> None:
    said = VECTORS["sealed"]
    scalar = hashlib.sha512(bytes.fromhex(KEYS["station private"])).digest()[:32]
    y = int.from_bytes(bytes.fromhex(KEYS["station public"]), "little") % 2**255
    prime = 2**255 - 19
    public = ((1 + y) * pow(1 - y, -1, prime) % prime).to_bytes(32, "little")
    ours = X25519PrivateKey.from_private_bytes(scalar)
    assert (said["recipient private"], said["recipient public"]) == (scalar.hex(), public.hex())
    assert ours.public_key().public_bytes_raw() == public
    sealed = bytes.fromhex(said["sealed"])
    assert (len(sealed), sealed[:4]) == (96, b"CSS1")
    secret = ours.exchange(X25519PublicKey.from_public_bytes(sealed[4:36]))
    key = HKDF(SHA256(), 32, sealed[4:36] + public, b"card-station CSS1").derive(secret)
    assert AESGCM(key).decrypt(sealed[36:48], sealed[48:], b"CSS1").hex() == said["key"]


def test_the_slot() -> None:
    said = VECTORS["slot"]
    drawn = int.from_bytes(hashlib.sha256(f"{said['station']} {said['day']}".encode()).digest(), "big")
    assert int(said["slot"]) == int(said["window start"]) + drawn % (3 * 3600 * 1_000_000)


def test_the_number_of_a_coupon() -> None:
    said = VECTORS["coupon"]
    digest = hashlib.sha256(b"card-station coupon " + said["code"].encode()).hexdigest()
    digits = f"{int(digest, 16) % 10**11:011}"
    held = 10  # ISO 7064, MOD 11,10
    for digit in digits:
        held = ((held + int(digit)) % 10 or 10) * 2 % 11
    assert said["number"] == f"C{digits}{(11 - held) % 10}"


def rows(title: str) -> dict[str, list[str]]:
    """Return the first table after a line: its first cells, and the others of their rows."""
    table = re.search(r"(?:^\|.*\n)+", DOCUMENT.split(f"\n{title}\n", 1)[1], re.MULTILINE)
    assert table is not None
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[0].splitlines()[2:]]
    return {name: rest for name, *rest in cells}


def test_every_problem_stands_there_with_its_statuses() -> None:
    wanted: dict[str, set[str]] = {code.value: set() for code in wire.ProblemCode}
    for each in OPERATIONS:
        for status, codes in each.all_problems.items():
            for code in codes:
                wanted[code.value].add(str(status))
    assert {name.strip("`"): set(rest[0].split(", ")) for name, rest in rows("## Problems").items()} == wanted


def test_every_kind_and_state_stands_there() -> None:
    for name in (*EntryKind, *ReservationState, *LeaseState):
        assert re.search(rf"\b{name.value}\b", DOCUMENT), name


def test_every_path_stands_there() -> None:
    for each in OPERATIONS:
        assert re.search(rf"{re.escape(each.path.removeprefix(wire.API))}(?=[`? ]|\b)", DOCUMENT), each.path


def test_the_limits_are_the_programs() -> None:
    said = {name: rest[0] for name, rest in rows("### Limits").items()}
    mebibyte = 1 << 20
    assert said["entries in a batch"] == str(wire.MOST_ENTRIES)
    assert said["a request's body"].startswith(f"{wire.MOST_BATCH_BYTES // mebibyte} MiB")
    assert said["a request's headers"] == f"{MOST_HEADER_BYTES >> 10} KiB"
    assert said["an answer"] == f"{MOST_ANSWER_BYTES // mebibyte} MiB"
    assert said["a piece of a book"] == f"{MOST_CHUNK_BYTES // mebibyte} MiB"
