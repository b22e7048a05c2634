"""Cards with something to be believed by at readers that type: 300 characters in a burst, never goods, never typing."""

import pytest

from drivers.readers.keyboard import READER
from station import card_record, member_pass
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.errors import ErrorCode
from tests.drivers.test_keyboard import CARD, HUMAN_MS, Till
from tests.rigs.proven_cards import shown, signed

RECORD, PASS = signed(CARD), shown(CARD)
RECORD_TEXT, PASS_TEXT = card_record.to_text(RECORD), member_pass.to_text(PASS)
PASS_TAP = Tap(READER, Medium.QR, CARD, Evidence.CODE, proofs=(Proof(ProofKind.PASS, member_pass.pack(PASS)),))
CARD_CODES = [
    (RECORD_TEXT, Tap(READER, Medium.QR, CARD, Evidence.CODE, proofs=(Proof(ProofKind.RECORD, card_record.pack(RECORD)),))),
    (PASS_TEXT, PASS_TAP),
]


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.parametrize("gap_ms", [0, 1, 5, 20, 34])
@pytest.mark.parametrize(("text", "tap"), CARD_CODES)
def test_a_code_that_is_a_card_is_one_tap_at_any_pace_of_a_scanner(till: Till, text: str, tap: Tap, gap_ms: int) -> None:
    till.type(f"{text}\r", gap_ms)
    assert (till.results, till.text) == ([tap], "")


@pytest.mark.parametrize("typed", [f"]Q3{PASS_TEXT}\r", f"{PASS_TEXT.lower()}\r", f"{PASS_TEXT}\t", f" {PASS_TEXT}\r"])
def test_a_scanner_may_spell_a_card_in_its_own_way(till: Till, typed: str) -> None:
    till.type(typed)
    assert (till.results, till.text) == ([PASS_TAP], "")


def test_a_signed_record_comes_with_a_swipe(till: Till) -> None:
    record = signed(CARD)
    one, three = card_record.to_tracks(record)
    till.type(f"%{one}?;{CARD}?+{three}?\r")
    assert till.results == [Tap(
        READER, Medium.STRIPE, CARD, Evidence.TRACK, proofs=(Proof(ProofKind.RECORD, card_record.pack(record)),))]


@pytest.mark.parametrize(("typed", "code"), [
    (PASS_TEXT, ErrorCode.SWIPE_INCOMPLETE),
    (PASS_TEXT[:100], ErrorCode.SWIPE_INCOMPLETE),
    (f"{PASS_TEXT[:-1]}\r", ErrorCode.CARD_UNREADABLE),
    ("CS1P-200\r", ErrorCode.CARD_UNREADABLE),
    ("CS1R36148900647913\r", ErrorCode.CARD_IS_BANK_CARD),
    ("CS1R36148900647913", ErrorCode.CARD_IS_BANK_CARD),
    (f"{card_record.to_text(signed('9999000000000017'))}\r", ErrorCode.CARD_NOT_OF_CLUB),
], ids=str)
def test_a_code_that_says_it_is_a_card_is_never_goods_nor_typing(till: Till, typed: str, code: ErrorCode) -> None:
    till.type(typed)
    till.wait()
    assert (till.codes, till.results[1:], till.text, till.held) == ([code], [], "", [])


@pytest.mark.parametrize("pause_ms", [36, 60, 400])
def test_a_code_that_is_a_card_may_halt_for_a_while(till: Till, pause_ms: int) -> None:
    for cut in (7, 100, len(PASS_TEXT)):
        till.type(PASS_TEXT[:cut])
        till.now_ms += pause_ms
        till.type(f"{PASS_TEXT[cut:]}\r")
        assert (till.results, till.text) == ([PASS_TAP], "")
        till.results.clear()
        till.now_ms += 1000


def test_half_of_a_code_that_is_a_card_takes_the_other_half_with_it(till: Till) -> None:
    till.type(PASS_TEXT[:100])
    till.now_ms += 700
    till.type(f"{PASS_TEXT[100:]}\r")
    assert (till.codes, till.text) == ([ErrorCode.SWIPE_INCOMPLETE] * 2, "")


def test_a_card_code_typed_by_hand_is_typing(till: Till) -> None:
    till.type(f"{RECORD_TEXT}\r", HUMAN_MS)
    assert (till.results, till.text) == ([], f"{RECORD_TEXT}\r")
