"""Cards over the protocol: chips are made, registered and asked, taps are checked once, records signed, for signed stations only."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings

from headoffice import demo
from headoffice.api import card_service
from headoffice.api.pace import Pace
from headoffice.cardkeys.issuers import FOLDER, issuers_in
from headoffice.cardkeys.process import KEY_SERVICE_ADDRESS, card_keys
from headoffice.cards.models import Chip
from headoffice.clock import now_us
from headoffice.refusal import RefusalError
from headoffice.stations.models import Station
from station.card_hash import card_hash
from station.card_record import signed_part, unpack
from station.card_task import CardPurpose, Outcome, Technology, Verdict
from station.errors import ErrorCode
from sync import wire_card_service as wire
from sync.ed25519 import Ed25519Verifier
from sync.wire import ProblemCode
from tests.headoffice.shop import Answer, Till
from tests.rigs.chip_crypto import mac_of, sealed
from tests.rigs.secure_chips import Ntag424
from tests.rigs.talk import OTHER_UID, UID, Answering, fresh, relayed

NTAG424, EV1, EV2 = Technology.NTAG424, Technology.DESFIRE_EV1, Technology.DESFIRE_EV2
AUTHENTICATE, PERSONALISE, VERIFY = CardPurpose
NUMBER, MEMBER = demo.card_number(0), demo.member_id(0)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each test begin with full purses."""
    for name in ("TASKS", "CHECKS", "RECORDS"):
        monkeypatch.setattr(card_service, name, Pace(1000, 1.0))
    yield
    card_keys.cache_clear()


def digest(number: str = NUMBER) -> int:
    return card_hash(settings.KEYS.card, number)


def ask(till: Till, path: str, message: msgspec.Struct) -> Answer:
    return till.ask("POST", path, body=msgspec.json.encode(message))


def begin(till: Till, purpose: CardPurpose, technology: Technology = NTAG424, **facts: Any) -> Answer:
    said = {"uid": UID, "card": digest(), "number": NUMBER, "member": MEMBER, **facts}
    return ask(till, wire.BEGIN_PATH, wire.CardBegin(purpose=purpose, technology=technology, **said))


def done(till: Till, purpose: CardPurpose, chip: Answering, technology: Technology = NTAG424, **facts: Any) -> Verdict:
    """Have something done with ``chip`` over the protocol."""
    answer = begin(till, purpose, technology, **facts)
    while True:
        assert answer.status == 200, answer.body
        told = answer.read(wire.CardStepTold)
        if told.verdict:
            return Verdict(told.verdict.outcome, ErrorCode(told.verdict.refusal) if told.verdict.refusal else None, told.verdict.reason)
        said = relayed(chip, [base64.b64decode(each) for each in told.commands], lambda _, each: each, 0)
        answer = ask(till, wire.GO_ON_PATH, wire.CardGoOn(
            session=told.session, answers=tuple(base64.b64encode(each).decode() for each in said)))


def tapped(chip: Ntag424) -> bytes:
    """Return the content of the proof of the chip's next tap."""
    chip.taps += 1
    vector = bytes.fromhex("3CC300010080") + chip.uid + chip.taps.to_bytes(3, "little")
    return chip.uid + chip.taps.to_bytes(3, "big") + mac_of(mac_of(chip.keys.values[2], vector), b"")[1::2]


def check(till: Till, content: bytes, number: str = NUMBER) -> Verdict:
    said = ask(till, wire.SUN_PATH, wire.SunAsked(
        card=digest(number), content=base64.b64encode(content).decode())).read(wire.ServiceVerdict)
    return Verdict(said.outcome, ErrorCode(said.refusal) if said.refusal else None, said.reason)


@pytest.mark.parametrize("technology", [NTAG424, EV1, EV2])
def test_a_chip_is_made_registered_and_asked(till: Till, technology: Technology) -> None:
    chip = fresh(technology)
    assert done(till, AUTHENTICATE, chip, technology, number="") == Verdict(Outcome.UNKNOWN)
    assert done(till, PERSONALISE, chip, technology) == Verdict(Outcome.DONE)
    row = Chip.objects.get(card=digest())
    assert (row.uid, row.technology, row.key_version, row.shop) == (UID, technology.value, 1, "12")
    assert done(till, AUTHENTICATE, chip, technology, number="") == Verdict(Outcome.PROVEN)
    assert done(till, VERIFY, chip, technology) == Verdict(Outcome.PROVEN)
    assert done(till, AUTHENTICATE, fresh(technology), technology, number="").refusal is ErrorCode.CARD_FORGED


def test_the_chip_must_be_the_card_s_own(till: Till) -> None:
    done(till, PERSONALISE, fresh(NTAG424))
    other = fresh(NTAG424, OTHER_UID)
    assert done(till, AUTHENTICATE, other, number="", uid=OTHER_UID) == Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "UID")
    assert done(till, AUTHENTICATE, other, number="").refusal is ErrorCode.CARD_FORGED


def test_a_card_keeps_its_chip_and_its_member_and_a_chip_its_card(till: Till) -> None:
    chip = fresh(NTAG424)
    assert done(till, PERSONALISE, chip, member=demo.member_id(1)).refusal is ErrorCode.CARD_TAKEN
    done(till, PERSONALISE, chip)
    assert done(till, PERSONALISE, fresh(NTAG424, OTHER_UID), uid=OTHER_UID).refusal is ErrorCode.CARD_TAKEN
    second = demo.card_number(1)
    assert done(till, PERSONALISE, chip, number=second, card=digest(second), member=demo.member_id(1)).refusal \
        is ErrorCode.CARD_IN_USE
    assert done(till, PERSONALISE, fresh(NTAG424)).refusal is ErrorCode.CARD_NOT_BLANK
    assert done(till, PERSONALISE, chip) == Verdict(Outcome.DONE)


def test_two_stations_that_make_one_card_at_once_make_one(till: Till) -> None:
    first = begin(till, PERSONALISE).read(wire.CardStepTold)
    done(till, PERSONALISE, fresh(NTAG424, OTHER_UID), uid=OTHER_UID)
    chip, told = fresh(NTAG424), first
    while told.verdict is None:
        said = relayed(chip, [base64.b64decode(each) for each in told.commands], lambda _, each: each, 0)
        told = ask(till, wire.GO_ON_PATH, wire.CardGoOn(
            session=told.session, answers=tuple(base64.b64encode(each).decode() for each in said))).read(wire.CardStepTold)
    assert told.verdict.refusal == ErrorCode.CARD_TAKEN
    assert Chip.objects.get(card=digest()).uid == OTHER_UID


def test_a_tap_counts_once(till: Till) -> None:
    chip = fresh(NTAG424)
    assert isinstance(chip, Ntag424)
    assert check(till, bytes(18)) == Verdict(Outcome.UNKNOWN)
    done(till, PERSONALISE, chip)
    second = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=second.public, paired_us=0)
    tap = tapped(chip)
    assert check(till, tap) == Verdict(Outcome.PROVEN)
    assert check(till, tap) == Verdict(Outcome.PROVEN)
    assert check(second, tap) == Verdict(Outcome.REFUSED, ErrorCode.CARD_REPLAYED)
    older, newer = tapped(chip), tapped(chip)
    assert check(second, newer) == Verdict(Outcome.PROVEN)
    assert check(till, older) == Verdict(Outcome.REFUSED, ErrorCode.CARD_REPLAYED)
    assert check(till, newer[:-1] + bytes([newer[-1] ^ 1])) == Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "MAC")
    assert check(till, bytes.fromhex(OTHER_UID) + newer[7:]) == Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "UID")


def test_an_encrypted_tap_is_checked(till: Till) -> None:
    chip = fresh(NTAG424)
    assert isinstance(chip, Ntag424)
    done(till, PERSONALISE, chip)
    keys = card_keys(settings.HOME)
    outer: bytes = keys._keys.newest().outer  # type: ignore[attr-defined]
    tap = tapped(chip)

    def hidden(uid: bytes) -> bytes:
        return sealed(outer, b"\xc7" + uid + tap[9:6:-1] + bytes(5)) + tap[10:]

    assert check(till, hidden(chip.uid)) == Verdict(Outcome.PROVEN)
    assert check(till, tap) == Verdict(Outcome.PROVEN)
    assert check(till, hidden(bytes.fromhex(OTHER_UID))) == Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "MAC")
    other = fresh(NTAG424, OTHER_UID)
    assert isinstance(other, Ntag424)
    second = demo.card_number(1)
    done(till, PERSONALISE, other, uid=OTHER_UID, number=second, card=digest(second), member=demo.member_id(1))
    assert check(till, hidden(chip.uid), second) == Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "UID")


def test_a_record_is_signed(till: Till) -> None:
    def asked(**facts: str) -> Answer:
        return ask(till, wire.RECORD_PATH, wire.RecordAsked(**{"number": NUMBER, "uid": UID, "expires": "", **facts}))

    if not issuers_in(settings.HOME).listed().keys:
        issuers_in(settings.HOME).new(now_us())
    made = unpack(base64.b64decode(asked().read(wire.RecordSigned).record))
    assert (made.number, made.uid) == (NUMBER, UID)
    [key] = [each for each in issuers_in(settings.HOME).listed().keys if each.key_id == made.key_id]
    assert Ed25519Verifier(key.public).verify(made.signature, signed_part(made))
    assert asked(expires="2100-01-01").problem() == (400, ProblemCode.INVALID)
    issuers, aside = settings.HOME / FOLDER, settings.HOME / "aside"
    issuers.rename(aside)
    try:
        assert asked().problem() == (409, ProblemCode.INVALID)
    finally:
        aside.rename(issuers)


@pytest.mark.parametrize("message", [
    wire.CardBegin(purpose=VERIFY, technology=NTAG424, uid=UID, card=1, number="1"),
    wire.CardGoOn(session="0" * 32, answers=("!",)),
    wire.SunAsked(card=1, content="A" * 28),
    wire.SunAsked(card=1, content="A" * 25),
], ids=["number", "answers", "length", "base64"])
def test_what_does_not_fit_is_refused(till: Till, message: msgspec.Struct) -> None:
    if isinstance(message, wire.CardBegin):
        Chip.objects.create(card=1, uid=UID, technology=NTAG424.value, key_version=1, shop="12", issued_us=0)
    path = {wire.CardBegin: wire.BEGIN_PATH, wire.CardGoOn: wire.GO_ON_PATH, wire.SunAsked: wire.SUN_PATH}[type(message)]
    assert ask(till, path, message).problem() == (400, ProblemCode.INVALID)


@pytest.mark.parametrize("number", ["", "X" * 33])
def test_what_no_chip_can_carry_is_refused(till: Till, number: str) -> None:
    answer = till.ask("POST", wire.BEGIN_PATH, body=msgspec.json.encode({
        "purpose": "PERSONALISE", "technology": "NTAG424", "uid": UID, "card": digest(number), "number": number, "member": MEMBER}))
    assert answer.problem() == (400, ProblemCode.INVALID)


def test_a_session_is_the_station_s_own(till: Till) -> None:
    done(till, PERSONALISE, fresh(NTAG424))
    begun = begin(till, AUTHENTICATE, number="").read(wire.CardStepTold)
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    assert ask(other, wire.GO_ON_PATH, wire.CardGoOn(session=begun.session, answers=())).problem() == (404, ProblemCode.INVALID)


PATHS = (wire.BEGIN_PATH, wire.GO_ON_PATH, wire.SUN_PATH, wire.RECORD_PATH)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_and_a_revoked_station_get_nothing(till: Till, path: str) -> None:
    stranger = Till("12-9")
    assert stranger.ask("POST", path).problem() == (401, ProblemCode.UNKNOWN_STATION)
    assert till.client.post(path).status_code == 401
    Station.objects.filter(id="12-1").update(revoked=True)
    assert till.ask("POST", path).problem() == (403, ProblemCode.REVOKED)


def test_a_station_has_its_pace() -> None:
    now = [0.0]
    pace = Pace(2, 0.5, lambda: now[0])
    for _ in range(2):
        pace.spend("12-1")
    with pytest.raises(RefusalError) as caught:
        pace.spend("12-1")
    assert (caught.value.status, caught.value.problem.code) == (429, ProblemCode.BUSY)
    pace.spend("12-2")
    now[0] = 2.0
    pace.spend("12-1")
    with pytest.raises(RefusalError):
        pace.spend("12-1")


def test_a_key_service_that_is_down_is_busy(till: Till, office: Path) -> None:
    Chip.objects.create(card=digest(), uid=UID, technology=NTAG424.value, key_version=1, shop="12", issued_us=0)
    address = office / KEY_SERVICE_ADDRESS
    address.write_text("tcp:127.0.0.1:1\n", encoding="ascii")
    card_keys.cache_clear()
    try:
        assert begin(till, AUTHENTICATE, number="").problem() == (503, ProblemCode.BUSY)
    finally:
        address.unlink()
