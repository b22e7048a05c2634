"""A phone becomes a card by its link, its grant is renewed, and who is told no gets nothing."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

from headoffice import demo
from headoffice.clock import MICROSECONDS, now_us
from headoffice.phone import passes, views
from headoffice.phone.messages import renewal_text
from headoffice.phone.models import Link, Phone
from headoffice.register.cards import set_status
from headoffice.register.models import Card, Member
from headoffice.register.numbers import Numbering, keep_numbering
from headoffice.stations.attempts import Attempts
from station.card import CardStatus
from station.card_hash import card_hash
from station.member_pass import Grant, granted_part, unpack_grant
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.wire import ProblemCode
from sync.wire_phones import LINK_PATH, LinkAsked, LinkMade
from tests.headoffice.shop import Till
from tests.rigs.issued import NUMBERS, issuing, public_of

WHO = demo.member_id(3)


@pytest.fixture
def home(office: Path) -> Path:
    """A head office that makes cards of phones."""
    issuing(office)
    views.ATTEMPTS = Attempts(30, 60)
    return office


class Phoned:
    """A member's phone, and the browser on it."""

    def __init__(self) -> None:
        self.key = new_key()
        self.client = Client(SERVER_NAME="127.0.0.1")

    def post(self, what: str, body: dict[str, Any] | bytes) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.post(f"/m/{what}", data, content_type="application/json", secure=True)
        return answer.status_code, answer.json()

    def register(self, token: str) -> tuple[int, Any]:
        return self.post("register", {"token": token, "key": base64.b64encode(public_key(self.key)).decode()})

    def granted(self, token: str) -> bytes:
        status, said = self.register(token)
        assert status == 200, said
        return base64.b64decode(said["grant"])

    def renew(self, grant: bytes, at_s: int | None = None, key: bytes | None = None) -> tuple[int, Any]:
        at_s = now_us() // MICROSECONDS if at_s is None else at_s
        signature = sign_bytes(key or self.key, renewal_text(grant, at_s))
        return self.post("renew", {
            "grant": base64.b64encode(grant).decode(), "at_s": at_s, "signature": base64.b64encode(signature).decode()})


def digest_of(home: Path, grant: bytes) -> int:
    return card_hash((home / "card.key").read_bytes(), unpack_grant(grant).number)


def test_a_phone_gets_a_card_of_its_own_that_head_office_vouches_for(home: Path) -> None:
    version = Member.objects.get(id=WHO).version
    phone = Phoned()
    packed = phone.granted(passes.make_link(WHO, now_us()))
    grant: Grant = unpack_grant(packed)
    assert Ed25519Verifier(public_of(home, grant.key_id)).verify(grant.signature, granted_part(grant))
    assert grant.phone_key == public_key(phone.key)
    assert NUMBERS.profile().accepts(grant.number.encode())
    card = Card.objects.get(hash=digest_of(home, packed))
    assert (card.member, card.status) == (WHO, "ACTIVE")
    assert Member.objects.get(id=WHO).version > version


def test_a_link_works_for_one_phone_only(home: Path) -> None:
    assert home.exists()
    token = passes.make_link(WHO, now_us())
    Phoned().granted(token)
    assert Phoned().register(token) == (403, {"code": "LINK"})


def test_a_phone_whose_answer_was_lost_asks_again_and_has_one_card(home: Path) -> None:
    phone, token = Phoned(), passes.make_link(WHO, now_us())
    lost, kept = phone.granted(token), phone.granted(token)
    assert Card.objects.get(hash=digest_of(home, lost)).status == "REPLACED"
    assert Card.objects.get(hash=digest_of(home, kept)).status == "ACTIVE"
    assert Phone.objects.count() == 1


@pytest.mark.parametrize("token", ["", "nobody", "x" * 3000])
def test_a_link_that_was_never_made_is_refused(home: Path, token: str) -> None:
    assert home.exists()
    assert Phoned().register(token) == (403, {"code": "LINK"})


def test_a_link_ends_after_a_day(home: Path) -> None:
    assert home.exists()
    assert Phoned().register(passes.make_link(WHO, now_us() - passes.LINK_US)) == (403, {"code": "LINK"})


def test_only_the_hash_of_a_link_is_kept(home: Path) -> None:
    assert home.exists()
    token = passes.make_link(WHO, now_us())
    assert token not in str(list(Link.objects.values()))


def test_a_renewed_grant_is_for_the_same_card_and_key(home: Path) -> None:
    phone = Phoned()
    packed = phone.granted(passes.make_link(WHO, now_us()))
    status, said = phone.renew(packed)
    assert status == 200
    renewed = unpack_grant(base64.b64decode(said["grant"]))
    assert renewed.number == unpack_grant(packed).number
    assert renewed.phone_key == public_key(phone.key)
    assert Card.objects.get(hash=digest_of(home, packed)).status == "ACTIVE"


def test_a_blocked_phone_is_not_renewed(home: Path) -> None:
    phone = Phoned()
    packed = phone.granted(passes.make_link(WHO, now_us()))
    set_status(digest_of(home, packed), CardStatus.LOST)
    assert phone.renew(packed) == (403, {"code": "BLOCKED"})


def test_another_key_or_another_day_renews_nothing(home: Path) -> None:
    assert home.exists()
    phone = Phoned()
    packed = phone.granted(passes.make_link(WHO, now_us()))
    assert phone.renew(packed, key=new_key()) == (403, {"code": "UNKNOWN"})
    assert phone.renew(packed, at_s=now_us() // MICROSECONDS - 301) == (403, {"code": "UNKNOWN"})
    assert phone.renew(packed, at_s=now_us() // MICROSECONDS + 330) == (403, {"code": "UNKNOWN"})


@pytest.mark.parametrize(("what", "body"), [
    ("register", b""), ("register", b"{"), ("register", b"[]"), ("register", b"x" * 5000),
    ("register", {"token": "a"}), ("register", {"token": "a", "key": "AAAA"}), ("register", {"token": 1, "key": ""}),
    ("renew", {"grant": "AAAA", "at_s": 1, "signature": base64.b64encode(bytes(64)).decode()}),
    ("renew", {"grant": "", "at_s": -1, "signature": ""}), ("renew", {"grant": "=", "at_s": 2**70, "signature": "é"}),
])
def test_what_is_no_request_is_refused_in_one_word(home: Path, what: str, body: dict[str, Any] | bytes) -> None:
    assert home.exists()
    assert Phoned().post(what, body) == (400, {"code": "INVALID"})


def test_guessing_is_bounded(home: Path) -> None:
    assert home.exists()
    views.ATTEMPTS = Attempts(3, 60)
    answers = [Phoned().register("guess")[0] for _ in range(4)]
    assert answers == [403, 403, 403, 429]


def test_without_numbers_or_keys_nothing_is_promised(office: Path) -> None:
    (office / "card-numbers.json").unlink(missing_ok=True)
    views.ATTEMPTS = Attempts(30, 60)
    assert Phoned().register(passes.make_link(WHO, now_us())) == (503, {"code": "NOT_READY"})


def test_the_page_keeps_all_its_parts_for_a_day_without_a_network(home: Path) -> None:
    assert home.exists()
    client = Client(SERVER_NAME="127.0.0.1")
    worker = client.get("/m/worker.js", secure=True)
    assert worker.headers["Content-Type"] == "text/javascript"
    kept = set(re.findall(r'"((?:phone|fonts)/[\w.]+|vazirmatn.css)"', worker.content.decode()))
    page = client.get("/m/", secure=True).content.decode()
    wanted = set(re.findall(r'(?:href|src)="/static/headoffice/([^"]+)"', page))
    assert len(wanted) >= 7
    assert wanted <= kept


def test_a_link_is_for_a_member_who_is_one(home: Path) -> None:
    assert home.exists()
    with pytest.raises(KeyError):
        passes.make_link("nobody", now_us())
    Member.objects.filter(id=WHO).update(gone=True)
    with pytest.raises(KeyError):
        passes.make_link(WHO, now_us())


def test_numbers_of_banks_are_refused_and_drawn_ones_are_the_clubs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bank"):
        keep_numbering(tmp_path, Numbering("4", 16))
    drawn = {NUMBERS.draw() for _ in range(50)}
    assert len(drawn) == 50
    assert all(NUMBERS.profile().accepts(each.encode()) for each in drawn)


def test_a_station_gets_a_link_that_works(home: Path, till: Till) -> None:
    assert home.exists()
    made = till.ask("POST", LINK_PATH, body=msgspec.json.encode(LinkAsked(member_id=WHO))).read(LinkMade)
    address, _, token = made.address.partition("/m/#")
    assert address == "https://127.0.0.1"
    assert 0 < made.until_us - now_us() <= passes.LINK_US
    Phoned().granted(token)


def test_the_link_bears_the_address_that_members_know(home: Path, till: Till) -> None:
    (home / "member-address").write_text("https://club.example/\n", "utf-8")
    try:
        made = till.ask("POST", LINK_PATH, body=msgspec.json.encode(LinkAsked(member_id=WHO))).read(LinkMade)
    finally:
        (home / "member-address").unlink()
    assert made.address.startswith("https://club.example/m/#")


def test_no_link_for_nobody_nor_before_the_numbers_are_known(home: Path, till: Till) -> None:
    nobody = till.ask("POST", LINK_PATH, body=msgspec.json.encode(LinkAsked(member_id="nobody")))
    assert nobody.problem() == (404, ProblemCode.INVALID)
    (home / "card-numbers.json").unlink()
    early = till.ask("POST", LINK_PATH, body=msgspec.json.encode(LinkAsked(member_id=WHO)))
    assert early.problem() == (409, ProblemCode.INVALID)
