"""Cards that prove something over the whole line: head office signs, the station judges without asking."""

from dataclasses import replace

import pytest
from msgspec import json

from headoffice.cardkeys.issuers import issuers_in
from station.card import CardTier, Medium, Proof, ProofKind, Tap
from station.card_record import unpack
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.member_pass import MemberPass, moment_of, pack, signed_part, unpack_grant
from station.promotion import Promotion, When
from station.proving import ProofNote
from station.rewards import PercentOff, Reward
from station.text import Text
from sync.ed25519 import new_key, public_key, sign_bytes
from tests.line.conftest import Line
from ui.clock import SystemClock
from ui.wiring import make_counter

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ISSUED_ONLY = Promotion(
    "issued-only", Text("کارت صادرشده", "Issued cards"), Reward(percent=PercentOff("50")), 9,
    when=When(card=CardTier.ISSUED))


def priced(line: Line, counter: Counter) -> tuple[str, ...]:
    """What is given on one good now."""
    if counter.basket is None or not counter.basket.lines:
        counter.scan(next(line.memory.shelf.products(1)).barcode)
    found = counter.priced()
    assert found is not None
    return tuple(found.applied)


def on_chip(number: str, record: bytes) -> Tap:
    return Tap("pcsc:1", Medium.CHIP, number, uid=number, proofs=(Proof(ProofKind.RECORD, record),))


def test_a_signed_card_gets_what_the_pack_gives_until_its_key_is_withdrawn(line: Line) -> None:
    rules = line.memory.packs.current(SystemClock().now().utc_us)
    file = line.home.folder / "pack.json"
    file.write_bytes(json.encode(replace(
        rules, number=rules.number + 1, promotions=(*rules.promotions, ISSUED_ONLY))))
    line.office.ask("pack", str(file))
    number = line.card_of("gold").uid
    record = issuers_in(line.office.home).sign_record(number, number, "")
    counter = make_counter(line.who.enrolment, line.memory)

    line.exchange()
    line.office.stop()  # from here on nobody is asked
    counter.tap(Tap("pcsc:1", Medium.CHIP, number, uid=number))
    assert ISSUED_ONLY.id not in priced(line, counter)
    counter.tap(on_chip(number, record))
    assert counter.card_tier is CardTier.ISSUED
    assert ISSUED_ONLY.id in priced(line, counter)
    with pytest.raises(StationError) as caught:
        counter.tap(replace(on_chip(number, record), uid="04A1B2C3D4E5F6"))
    assert (caught.value.code, caught.value.detail) == (ErrorCode.CARD_FORGED, {"reason": "UID"})
    counter.abandon()

    line.office.ask("card-keys", "withdraw", "--id", str(unpack(record).key_id))
    line.office.start()
    line.exchange()
    counter.tap(on_chip(number, record))
    assert (counter.card_tier, counter.shown.notes) == (CardTier.NUMBER, (ProofNote.KEY_WITHDRAWN,))
    assert ISSUED_ONLY.id not in priced(line, counter)


def test_a_phones_code_opens_one_basket_and_head_office_hears_of_the_second(line: Line) -> None:
    number, phone, now = line.card_of("gold").uid, new_key(), SystemClock().now()
    grant = unpack_grant(issuers_in(line.office.home).sign_grant(number, public_key(phone), now.date))
    bare = MemberPass(grant, moment_of(now.utc_us))
    code = replace(bare, signature=sign_bytes(phone, signed_part(bare)))
    shown = Tap("qr:1", Medium.QR, number, proofs=(Proof(ProofKind.PASS, pack(code)),))

    counter = make_counter(line.who.enrolment, line.memory)
    counter.tap(shown)
    assert counter.card_tier is CardTier.CHANGING_CODE
    counter.abandon()
    again = make_counter(line.who.enrolment, line.memory)  # what was shown outlives the program
    with pytest.raises(StationError) as caught:
        again.tap(shown)
    assert caught.value.code is ErrorCode.CARD_REPLAYED
    assert again.member is None

    line.exchange()
    alert = line.posted_json("clones")
    assert alert["kind"] == "REPLAYED"
    assert number not in json.encode(alert).decode()
