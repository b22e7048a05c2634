"""A station as head office hears it: a key, a journal, signed requests through Django's test client."""

import gzip
import secrets
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import msgspec
import requests
from django.conf import settings
from django.test import Client

from headoffice import demo
from headoffice.clock import now_us
from headoffice.projector.project import Projector
from headoffice.stations import server_nonce
from station.basket import Basket
from station.card import Medium
from station.clock import Moment
from station.journal import ENTRY_VERSION, GENESIS, Body, Entry, EntryKind, Opened, chain
from station.member import MemberSnapshot
from station.people import SYSTEM, Actor, Role
from station.pricing import price
from station.product import Product
from station.protection import Protection
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind
from station.text import Text
from sync import wire, wire_feeds
from sync.ed25519 import new_key, public_key
from sync.signatures import NONCE_JOINT, sign

ORIGIN = "http://127.0.0.1"
CASHIER = Actor("sara", Role.CASHIER)
NOON = Moment(1_795_343_700_000_000, 210, "2026-11-22")
GOOD = Product("G0001", "6260000000011", Text("شیر", "Milk"), 333_300, "10", tax_included=False)
MessageT = TypeVar("MessageT")


def fresh_nonce() -> str:
    """A nonce as a station makes it of head office's."""
    return f"{server_nonce.give(settings.KEYS.secret, int(time.time()))}{NONCE_JOINT}{secrets.token_hex(8)}"


def member(i: int = 0, tier: str = "gold") -> MemberSnapshot:
    """The demo member ``i`` as a sale names it."""
    return MemberSnapshot(demo.member_id(i), tier, 0)


def sale(who: MemberSnapshot | None = None, quantity: int = 2000, **facts: Any) -> Sale:
    """An honest sale of milk under the demo pack, paid in cash with change, but for ``facts``."""
    sale_id = str(uuid.uuid4())
    basket = Basket(sale_id, "12", 1, NOON, payments=(TenderKind.CASH,)).with_product(GOOD, quantity).with_member(who)
    priced = price(demo.PACK, basket)
    points = points_of(sale_id, who.member_id, priced) if who else ()
    made = Sale(
        sale_id, NOON.date, 1, basket, priced, (Tender(TenderKind.CASH, priced.total + 700),), 700,
        Medium.NFC_UID if who else None, points)
    return replace(made, **facts)


@dataclass
class Journal:
    """A journal as a station keeps it: the stored bytes and their chain."""

    station: str
    incarnation: str = field(default_factory=lambda: secrets.token_hex(16))
    raws: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=lambda: [GENESIS])

    def append(self, body: Body, **facts: Any) -> int:
        """Write ``body`` as the next entry, its frame changed by ``facts``; return its seq."""
        kind = EntryKind.SALE if isinstance(body, Sale) else EntryKind.OPENED
        entry: Entry[Body] = Entry(
            ENTRY_VERSION, self.station, self.incarnation, len(self.raws) + 1, kind, NOON,
            CASHIER if isinstance(body, Sale) else SYSTEM, None, body)
        return self.append_raw(msgspec.json.encode(replace(entry, **facts)))

    def append_raw(self, raw: bytes) -> int:
        """Write any bytes as the next entry."""
        self.raws.append(raw)
        self.hashes.append(chain(self.hashes[-1], raw))
        return len(self.raws)

    def head(self, first: int, last: int) -> wire.BatchHead:
        """What a batch of these entries claims."""
        return wire.BatchHead(
            incarnation=self.incarnation, first=first, last=last,
            previous=self.hashes[first - 1].hex(), head=self.hashes[last].hex())


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def read(self, form: type[MessageT]) -> MessageT:
        """The body as a message."""
        return msgspec.json.decode(self.body, type=form)

    def problem(self) -> tuple[int, wire.ProblemCode]:
        """The status and the code of a refusal."""
        return self.status, self.read(wire.Problem).code


class Till:
    """A station that speaks the protocol; what it uploads is projected at once, unless ``projects`` is made False."""

    def __init__(self, station: str = "", key: bytes | None = None) -> None:
        self.key = key or new_key()
        self.projects = True
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.journal = Journal(station)
        if station:
            self.journal.append(Opened("0.1.0"))

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return public_key(self.key)

    def prepare(
        self, method: str, path: str, *, query: Any = None, body: bytes = b"",
        headers: dict[str, str] | None = None, created: int | None = None, nonce: str | None = None,
    ) -> requests.PreparedRequest:
        """A signed request."""
        prepared = requests.Request(method, ORIGIN + path, params=query, data=body, headers=headers).prepare()
        sign(prepared, self.key, key_id=self.journal.station,
             created=int(time.time()) if created is None else created, nonce=nonce or fresh_nonce())
        return prepared

    def send(self, prepared: requests.PreparedRequest, body: bytes | None = None) -> Answer:
        """Send ``prepared``, or its head with another ``body``."""
        content = prepared.body or b""
        assert isinstance(content, bytes)
        headers = {name: value for name, value in prepared.headers.items() if name != "Content-Length"}
        response = self.client.generic(
            prepared.method or "", prepared.path_url, content if body is None else body,
            content_type=headers.pop("Content-Type", ""), headers=headers)
        return Answer(response.status_code, dict(response.headers), response.content)

    def ask(self, method: str, path: str, **parts: Any) -> Answer:
        """Sign and send."""
        return self.send(self.prepare(method, path, **parts))

    def hello(
        self, seq: int | None = None, head: str | None = None, protection: Protection = Protection.FILE,
    ) -> Answer:
        """Say where the journal stands, or claim something else."""
        at = len(self.journal.raws) if seq is None else seq
        return self.ask("POST", wire.HELLO_PATH, body=msgspec.json.encode(wire.Hello(
            protocol=wire.PROTOCOL, program="test", incarnation=self.journal.incarnation, seq=at,
            head=head or self.journal.hashes[at].hex(), protection=protection)))

    def put(self, first: int, last: int, **parts: Any) -> Answer:
        """Upload entries ``first`` to ``last``; ``head`` or ``body`` (unpacked) may lie."""
        head = parts.pop("head", self.journal.head(first, last))
        body = parts.pop("body", wire.join_entries(self.journal.raws[first - 1:last]))
        return self.put_raw(head, gzip.compress(body, 6), **parts)

    def put_raw(self, head: wire.BatchHead, packed: bytes, **headers: str) -> Answer:
        """Upload ``packed`` bytes as they are."""
        said = {"Content-Type": wire.ENTRIES_TYPE, "Content-Encoding": "gzip", **headers}
        answer = self.ask("PUT", wire.JOURNAL_PATH, query=msgspec.to_builtins(head), body=packed, headers=said)
        if self.projects:
            Projector().drain(now_us())
        return answer

    def members(self, cursor: str = "", incarnation: str | None = None) -> wire_feeds.MembersPage:
        """A page of the member feed."""
        return self.ask("GET", wire_feeds.MEMBERS_FEED_PATH, query={
            "cursor": cursor, "incarnation": incarnation or self.journal.incarnation}).read(wire_feeds.MembersPage)
