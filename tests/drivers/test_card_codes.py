"""Codes that are cards by their own word, at every reader of codes; and that no good, field or guard takes them wrongly."""

import pytest

from drivers.bank_cards import Lane, is_bank_card
from drivers.card_codes import is_card_code, tap_of_code
from drivers.reading import DEMO_CLUB, tap_of_burst
from drivers.track_frames import MAGTEK
from station import card_record, member_pass
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_bytes import code_text
from station.errors import ErrorCode, StationError
from tests.rigs.proven_cards import shown, signature, signed
from tests.rigs.serial_hand import member

NUMBER = member(1)
RECORD, PASS = signed(NUMBER), shown(NUMBER)
RECORD_TEXT, PASS_TEXT = card_record.to_text(RECORD), member_pass.to_text(PASS)
RECORD_TAP = Tap("r", Medium.QR, NUMBER, Evidence.CODE, proofs=(Proof(ProofKind.RECORD, card_record.pack(RECORD)),))
PASS_TAP = Tap("r", Medium.QR, NUMBER, Evidence.CODE, proofs=(Proof(ProofKind.PASS, member_pass.pack(PASS)),))
COUNT = 1000
"""Of each form; 20 000 were measured without an alarm (docs/card-bytes.md)."""


def test_the_forms_are_as_long_as_the_readers_are_told() -> None:
    # 1+2+2+1+16+32+64 bytes of a grant, 4+64 of the code: 186, 8 letters for each 5 begun, less padding.
    assert len(PASS_TEXT) == 4 + 298
    assert len(RECORD_TEXT) == 4 + 140


@pytest.mark.parametrize(("text", "tap"), [
    (RECORD_TEXT, RECORD_TAP), (PASS_TEXT, PASS_TAP), (PASS_TEXT.lower(), PASS_TAP), (f" {RECORD_TEXT}\t", RECORD_TAP),
])
def test_a_code_is_a_tap_with_its_proof(text: str, tap: Tap) -> None:
    assert is_card_code(text)
    assert is_card_code(text.encode())
    assert tap_of_code(bytearray(text.encode()), DEMO_CLUB, "r") == tap


@pytest.mark.parametrize(("text", "code"), [
    ("CS1R", ErrorCode.CARD_UNREADABLE),
    ("CS1P-200", ErrorCode.CARD_UNREADABLE),
    (RECORD_TEXT[:-1], ErrorCode.CARD_UNREADABLE),
    (PASS_TEXT[:-8], ErrorCode.CARD_UNREADABLE),
    (RECORD_TEXT + "A", ErrorCode.CARD_UNREADABLE),
    (RECORD_TEXT.replace("CS1R", "CS1P"), ErrorCode.CARD_UNREADABLE),
    ("CS1R۹۳۶۴", ErrorCode.CARD_UNREADABLE),
    (card_record.to_text(signed("9999000000000017")), ErrorCode.CARD_NOT_OF_CLUB),
    (member_pass.to_text(shown("9999000000000017")), ErrorCode.CARD_NOT_OF_CLUB),
    ("CS1R4111111111111111", ErrorCode.CARD_IS_BANK_CARD),
    ("CS1R36148900647913", ErrorCode.CARD_IS_BANK_CARD),
    (card_record.to_text(signed("4111111111111111")), ErrorCode.CARD_IS_BANK_CARD),
    (member_pass.to_text(shown("4111111111111111")), ErrorCode.CARD_IS_BANK_CARD),
    (code_text("CS1R", b"\x02" + b"4111111111111111"), ErrorCode.CARD_IS_BANK_CARD),
])
def test_a_code_that_is_not_taken_says_why_and_shows_nothing(text: str, code: ErrorCode) -> None:
    with pytest.raises(StationError) as caught:
        tap_of_code(text.encode(), DEMO_CLUB, "r")
    assert caught.value.code is code
    assert not any(isinstance(each, str) for each in caught.value.detail.values())


@pytest.mark.parametrize("text", ["", "CS1", "CS2R", "XCS1R", "9364000000000017"])
def test_nothing_else_says_that_it_is_a_card(text: str) -> None:
    assert not is_card_code(text)


def test_the_guard_takes_no_signature_for_a_bank_card() -> None:
    for place in range(COUNT):
        number = member(place)
        record = card_record.CardRecord(1, "", "", number, signature(f"record {place}"))
        code = member_pass.MemberPass(shown(number).grant, place, signature(f"pass {place}"))
        for text, proof in (
            (card_record.to_text(record), Proof(ProofKind.RECORD, card_record.pack(record))),
            (member_pass.to_text(code), Proof(ProofKind.PASS, member_pass.pack(code))),
        ):
            assert tap_of_code(text.encode(), DEMO_CLUB, "r").proofs == (proof,)
        one, three = card_record.to_tracks(record)
        burst = f"%{one}?;{number}?+{three}?\r"
        assert not any(is_bank_card(burst, lane) for lane in Lane)
        assert tap_of_burst(bytearray(burst.encode()), MAGTEK, DEMO_CLUB, "r").proofs == (
            Proof(ProofKind.RECORD, card_record.pack(record)),)
