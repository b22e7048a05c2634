"""A station that shares no code with this program, written from docs/sync.md and docs/openapi.json alone.

``client.py first STATE URL CODE`` pairs, sends and fetches; ``client.py later STATE`` goes on after head
office has changed its key. Each prints one line of JSON: what happened.
"""

import base64
import gzip
import hashlib
import hmac
import json
import secrets
import ssl
import sys
import time
import uuid
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

API = "/api/v1"
JSON = "application/json"
PAIRING = b"card-station pairing 1\0"
Message = dict[str, Any]


class UntrustedError(Exception):
    """What came is not proven to be head office's, or older than what came before."""


class RefusedError(Exception):
    """Head office refused: the status and its problem."""

    def __init__(self, status: int, problem: Message) -> None:
        super().__init__(f"{status} {problem['code']}: {problem['reason']}")
        self.status, self.problem = status, problem


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def bytes_of(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def fingerprint(public: bytes) -> str:
    digits = hashlib.sha256(public).hexdigest()[:16]
    return "-".join(digits[at:at + 4] for at in range(0, 16, 4))


def prove(public: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise UntrustedError from None


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def send(url: str, context: ssl.SSLContext, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    parts = urlsplit(url)
    with closing(HTTPSConnection(parts.hostname or "", parts.port, timeout=30, context=context)) as connection:
        connection.request(method, target, body or None, {"Accept-Encoding": "gzip", **headers})
        response = connection.getresponse()
        content = response.read()
    said = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, said, gzip.decompress(content) if said.get("content-encoding") == "gzip" else content)


def good(answer: Answer) -> bytes:
    if answer.status > 399:
        raise RefusedError(answer.status, json.loads(answer.body))
    return answer.body


class Code:
    """A pairing code as typed."""

    def __init__(self, typed: str) -> None:
        letters = "".join(typed.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))
        self.name, secret = letters[:5], letters[5:]
        self._key = hmac.digest(secret.encode(), PAIRING + self.name.encode(), "sha256")

    def proof(self, what: str, *parts: bytes) -> bytes:
        said = b"".join(len(part).to_bytes(8, "big") + part for part in (self.name.encode(), what.encode(), *parts))
        return hmac.digest(self._key, PAIRING + said, "sha256")


def pair(url: str, typed: str) -> Message:
    """Return what the station has to keep."""
    code, blind = Code(typed), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    said = json.loads(good(send(url, blind, "GET", f"{API}/ca?code={code.name}", {}, b"")))
    if not hmac.compare_digest(bytes_of(said["proof"]), code.proof("ca", said["certificate"].encode())):
        raise UntrustedError
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    asked = {"protocol": 1, "code": code.name, "public_key": base64_of(public), "proof": base64_of(code.proof("station", public))}
    answered = json.loads(good(send(
        url, trusting(said["certificate"]), "POST", f"{API}/pair", {"Content-Type": JSON}, json.dumps(asked).encode())))
    document = bytes_of(answered["document"])
    if not hmac.compare_digest(bytes_of(answered["proof"]), code.proof("office", public, document)):
        raise UntrustedError
    return {"url": url, "ca": said["certificate"], "key": key.private_bytes_raw().hex(), **json.loads(document)}


def trusting(ca: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=ca)
    return context


class Line:
    """Signed requests and proven answers; ``state`` is what ``pair`` returned."""

    def __init__(self, state: Message) -> None:
        self.state = state
        self.signed_answers = 0
        self._context = trusting(state["ca"])
        self._nonce = ""

    @property
    def office(self) -> bytes:
        return bytes_of(self.state["office_key"])

    def ask(self, method: str, path: str, query: Message | None = None, body: bytes = b"", **headers: str) -> bytes:
        target = API + path + (f"?{urlencode(query, quote_via=quote, safe='')}" if query else "")
        answer = self._once(method, target, headers, body)
        if answer.status == 401 and json.loads(answer.body)["code"] == "NONCE":
            answer = self._once(method, target, headers, body)
        return good(answer)

    def post(self, path: str, message: Message) -> Any:
        return json.loads(self.ask("POST", path, None, json.dumps(message).encode(), **{"Content-Type": JSON}))

    def get(self, path: str, query: Message) -> Any:
        return json.loads(self.ask("GET", path, query))

    def _once(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        nonce = f"{self._nonce}.{secrets.token_hex(16)}"
        answer = send(self.state["url"], self._context, method, target, {**headers, **self._signature(method, target, body, nonce)}, body)
        if answer.status in (429, 503) and "office-signature" not in answer.headers:
            return answer
        if answer.headers["office-key"] != fingerprint(self.office):
            self._follow()
        text = "\n".join((
            "card-station answer 1", self.state["station"], method, target, nonce, str(answer.status),
            answer.headers["server-time-us"], hashlib.sha256(answer.body).hexdigest()))
        prove(self.office, bytes_of(answer.headers["office-signature"]), text.encode())
        self.signed_answers += 1
        self._nonce = answer.headers["server-nonce"]
        return answer

    def _signature(self, method: str, target: str, body: bytes, nonce: str) -> dict[str, str]:
        lines = [f'"@method": {method}', f'"@target-uri": {self.state["url"]}{target}']
        covered, headers = '"@method" "@target-uri"', {}
        if body:
            headers["Content-Digest"] = f"sha-256=:{base64_of(hashlib.sha256(body).digest())}:"
            lines.append(f'"content-digest": {headers["Content-Digest"]}')
            covered += ' "content-digest"'
        parameters = (
            f'({covered});created={int(time.time())};keyid="{self.state["station"]}";alg="ed25519";'
            f'nonce="{nonce}";tag="card-station-v1"')
        lines.append(f'"@signature-params": {parameters}')
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.state["key"]))
        signature = base64_of(key.sign("\n".join(lines).encode()))
        return {**headers, "Signature-Input": f"station={parameters}", "Signature": f"station=:{signature}:"}

    def _follow(self) -> None:
        """Go on to head office's newest key."""
        changes = json.loads(good(send(self.state["url"], self._context, "GET", f"{API}/keys/office", {}, b"")))
        for each in changes["changes"]:
            document = bytes_of(each["document"])
            change = json.loads(document)
            if bytes_of(change["former"]) == self.office:
                prove(self.office, bytes_of(each["signature"]), document)
                self.state["office_key"] = change["key"]

    def change_key(self) -> None:
        """Replace the station's own key."""
        following = Ed25519PrivateKey.generate()
        public = following.public_key().public_bytes_raw()
        message = f"card-station key 1\n{self.state['station']}\n".encode() + public
        self.post("/keys", {"public_key": base64_of(public), "proof": base64_of(following.sign(message))})
        self.state["key"] = following.private_bytes_raw().hex()


class Journal:
    """One incarnation: stored bytes and their hashes."""

    def __init__(self, station: str, opened: Message) -> None:
        self.station, self.incarnation = station, secrets.token_hex(16)
        self.raws: list[bytes] = []
        self.hashes = ["0" * 64]
        self.write("OPENED", opened)

    def write(self, kind: str, body: Message, **frame: Any) -> None:
        entry = {
            "version": 1, "station": self.station, "incarnation": self.incarnation, "seq": len(self.raws) + 1, "kind": kind,
            "at": {"utc_us": time.time_ns() // 1000, "offset": 210, "date": "2026-11-22"},
            "actor": {"person": "sara", "role": "CASHIER"}, "approver": None, "body": body, **frame}
        raw = json.dumps(entry).encode()
        self.raws.append(raw)
        self.hashes.append(hashlib.sha256(bytes.fromhex(self.hashes[-1]) + raw).hexdigest())

    def hello(self, line: Line) -> Any:
        return line.post("/hello", {
            "protocol": 1, "program": "foreign 1", "incarnation": self.incarnation, "seq": len(self.raws),
            "head": self.hashes[-1], "protection": "NONE"})

    def put(self, line: Line, first: int, last: int, **branch: Any) -> bytes:
        query = {
            "incarnation": self.incarnation, "first": first, "last": last,
            "previous": self.hashes[first - 1], "head": self.hashes[last], **branch}
        body = gzip.compress(b"".join(raw + b"\n" for raw in self.raws[first - 1:last]))
        packed = {"Content-Type": "application/vnd.card-station.journal.v1+ndjson", "Content-Encoding": "gzip"}
        return line.ask("PUT", "/journal", query, body, **packed)


class Feed:
    """One feed, and the version below which it must not fall."""

    def __init__(self, path: str, **query: str) -> None:
        self._path, self._query = path, query
        self.cursor, self.version = "", 0
        self.changes: list[Message] = []

    def read(self, line: Line) -> "Feed":
        more = True
        while more:
            page = line.get(self._path, {"cursor": self.cursor, **self._query})
            if page["version"] < self.version or (page["more"] and page["cursor"] == self.cursor):
                raise UntrustedError(self._path)
            self.cursor, self.version, more = page["cursor"], page["version"], page["more"]
            self.changes += page["changes"]
        return self


def refused(ask: Any) -> list[Any]:
    """Return status, code and figures of the refusal of ``ask``."""
    try:
        ask()
    except RefusedError as refusal:
        return [refusal.status, refusal.problem["code"], refusal.problem.get("wanted") or refusal.problem.get("available")]
    return []


def upload(line: Line, journal: Journal) -> Message:
    """Send three batches: one of them twice, one too early."""
    begun = journal.hello(line)
    journal.write("SHIFT_OPENED", {"number": 1, "cashier": "sara", "business_date": "2026-11-22", "opening_float": 500000})
    journal.write("CASH_MOVED", {"shift": 1, "amount": -1000, "reason": "EXPENSE"}, note="a field of tomorrow")
    journal.write("SALE", {"no": "sale"})
    journal.write("CASH_MOVED", {"shift": 1, "amount": 1000, "reason": "OTHER"}, version=9)
    once, twice = journal.put(line, 1, 2), journal.put(line, 1, 2)
    gap = refused(lambda: journal.put(line, 4, 5))
    standing = journal.hello(line)
    middle = json.loads(journal.put(line, standing["acknowledged"] + 1, 3))
    last = json.loads(journal.put(line, 4, 5))
    return {"begun": begun["acknowledged"], "same_receipt": once == twice, "gap": gap, "agreed": journal.hashes[standing["acknowledged"]] == standing["head"],
            "accepted": [json.loads(once)["accepted"], middle["accepted"], last["accepted"]],
            "quarantined": [each["seq"] for each in middle["quarantined"] + last["quarantined"]]}


def fork(line: Line, journal: Journal) -> Message:
    """Be an older copy of the journal that went on otherwise; then begin anew."""
    copy = Journal.__new__(Journal)
    copy.station, copy.incarnation = journal.station, journal.incarnation
    copy.raws, copy.hashes = journal.raws[:3], journal.hashes[:4]
    shorter = refused(lambda: copy.hello(line))
    for _ in range(len(journal.raws)):
        copy.write("CASH_MOVED", {"shift": 1, "amount": 5, "reason": "OTHER"})
    standing = copy.hello(line)
    theirs, differs = standing["acknowledged"], copy.hashes[standing["acknowledged"]] != standing["head"]
    shown = refused(lambda: copy.put(line, theirs, theirs))
    common, parted = 0, len(copy.raws) + 1
    while parted - common > 1:
        middle = (common + parted) // 2
        held = line.get("/journal/hash", {"incarnation": copy.incarnation, "seq": middle})["hash"]
        common, parted = (middle, parted) if held == copy.hashes[middle] else (common, middle)
    label = b"card-station branch" + bytes.fromhex(copy.incarnation + copy.hashes[common + 1])
    branch = json.loads(copy.put(
        line, common + 1, len(copy.raws), of=copy.incarnation, base=common, incarnation=hashlib.sha256(label).hexdigest()[:32]))
    anew = Journal(journal.station, {
        "program": "foreign 1", "cause": "FORKED", "after_hash": copy.hashes[-1],
        "after": {"incarnation": copy.incarnation, "seq": len(copy.raws)}})
    return {"shorter": shorter[:2], "differs": differs, "shown": shown[:2], "anew": json.loads(anew.put(line, 1, 1))["accepted"],
            "common": common, "branch": [len(copy.raws) - branch["accepted"], branch["quarantined"]]}


def fetch(line: Line, incarnation: str) -> tuple[Message, list[Message]]:
    """Read the feeds, the rule pack and the member book; return also the members."""
    members = Feed("/feeds/members", incarnation=incarnation).read(line)
    shelf, blocks, staff = (Feed(f"/feeds/{name}").read(line) for name in ("shelf", "blocks", "staff"))
    goods = len(shelf.changes)
    shelf.read(line).version += 1
    try:
        shelf.read(line)
        fell = "taken"
    except UntrustedError:
        fell = "refused"
    pack = line.get("/packs/next", {"after": 0})["pack"]
    return {
        "members": len(members.changes), "goods": goods, "repeated": len(shelf.changes) - goods, "fell": fell,
        "blocks": len(blocks.changes), "staff": len(staff.changes),
        "pack": json.loads(proven(line, pack))["number"] == pack["number"], "book": book(line, incarnation)}, members.changes


def proven(line: Line, signed: Message) -> bytes:
    prove(line.office, bytes_of(signed["signature"]), document := bytes_of(signed["document"]))
    return document


def book(line: Line, incarnation: str) -> Message:
    """Fetch the whole member book and open its key."""
    signed = line.get("/books/members", {"incarnation": incarnation})
    manifest = json.loads(proven(line, signed))
    whole = hashlib.sha256()
    for number, digest in enumerate(manifest["chunks"]):
        piece = line.ask("GET", "/books/members/chunk", {"digest": manifest["digest"], "number": number})
        if hashlib.sha256(piece).hexdigest() != digest:
            raise UntrustedError
        whole.update(piece)
    sealed = bytes_of(manifest["sealed_key"])
    ours = X25519PrivateKey.from_private_bytes(hashlib.sha512(bytes.fromhex(line.state["key"])).digest()[:32])
    salt = sealed[4:36] + ours.public_key().public_bytes_raw()
    secret = ours.exchange(X25519PublicKey.from_public_bytes(sealed[4:36]))
    opener = AESGCM(HKDF(SHA256(), 32, salt, b"card-station CSS1").derive(secret))
    return {"whole": whole.hexdigest() == manifest["digest"], "key": opener.decrypt(sealed[36:48], sealed[48:], b"CSS1").hex(), "members": manifest["members"],
            "own": manifest["incarnation"] == incarnation}


def uuid7() -> str:
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return str(uuid.UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))


def spend(line: Line, journal: Journal, account: str) -> Message:
    """Reserve and void; have a lease and close it."""
    which = {"kind": "POINTS", "account": account}
    before = line.post("/spending/available", which)["available"]
    asked = {"reservation_id": uuid7(), **which, "amount": 10, "hold_s": 60}
    held, again = line.post("/spending/reserve", asked), line.post("/spending/reserve", asked)
    short = refused(lambda: line.post("/spending/reserve", {**asked, "reservation_id": uuid7(), "amount": before}))
    voided = line.post("/spending/void", {"reservation_id": asked["reservation_id"]})
    unknown = refused(lambda: line.post("/spending/void", {"reservation_id": uuid7()}))
    granted = line.post("/leases/ask", {"incarnation": journal.incarnation, "wanted": [which]})
    [signed] = granted["leases"]
    terms = json.loads(proven(line, signed))
    sound = (terms["station"], terms["incarnation"]) == (journal.station, journal.incarnation)
    closed = {"lease_id": terms["lease_id"], "left": terms["amount"]}
    journal.write("LEASE_CLOSED", closed)
    journal.put(line, len(journal.raws), len(journal.raws))
    until = time.monotonic() + 20
    while (state := line.post("/leases/close", closed)["state"]) == "LIVE" and time.monotonic() < until:
        time.sleep(0.1)
    return {"left": before - held["available"], "same": held == again, "short": [*short[:2], short[2] == before - 10],
            "voided": voided["state"], "unknown": unknown[:2], "lease": sound and terms["amount"] == sum(lot["amount"] for lot in terms["lots"]), "closed": state,
            "after": line.post("/spending/available", which)["available"] == before}


def first(state_file: Path, url: str, code: str) -> Message:
    line = Line(state := pair(url, code))
    journal = Journal(state["station"], {"program": "foreign 1"})
    result: Message = {"station": state["station"], "upload": upload(line, journal)}
    result["fetch"], members = fetch(line, journal.incarnation)
    result["spend"] = spend(line, journal, next(each["member_id"] for each in members if each["points"] >= 100))
    line.change_key()
    result["fork"] = fork(line, journal)
    result["frozen"] = line.post("/leases/ask", {"incarnation": journal.incarnation})["frozen"]
    state_file.write_text(json.dumps(state), encoding="utf-8")
    return {**result, "signed_answers": line.signed_answers}


def later(state_file: Path) -> Message:
    line = Line(json.loads(state_file.read_text(encoding="utf-8")))
    before = line.office
    staff = Feed("/feeds/staff").read(line)
    return {"followed": line.office != before, "staff": len(staff.changes)}


if __name__ == "__main__":
    step, state_file, *rest = sys.argv[1:]
    done = first(Path(state_file), *rest) if step == "first" else later(Path(state_file))
    sys.stdout.write(json.dumps(done) + "\n")
