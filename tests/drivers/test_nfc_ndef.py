"""The card number in an NDEF message, what stands beside it to be believed, and the bank-card guard on all of it."""

import ndef
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cards.ndef import Message, read_message, tap_of_message
from drivers.cards.record import record_message
from drivers.reading import DEMO_CLUB
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack
from station.errors import ErrorCode, StationError
from tests.rigs.proven_cards import ndef_of, signature, signed, tapped
from tests.rigs.serial_hand import member

NUMBER = member(7)
ADDRESS = "https://club.example"


def message(*records: ndef.Record) -> bytes:
    return b"".join(ndef.message_encoder(records))


@pytest.mark.parametrize("record", [
    ndef.TextRecord(NUMBER, "fa"),
    ndef.TextRecord(f" {NUMBER}\n", "en"),
    ndef.TextRecord(NUMBER, "en", "UTF-16"),
    ndef.UriRecord(f"{ADDRESS}/c/{NUMBER}"),
    ndef.UriRecord(f"{ADDRESS}/c/{NUMBER}/?from=card"),
    ndef.UriRecord(f"{ADDRESS}/?shop=3&card={NUMBER}"),
    ndef.UriRecord(f"{ADDRESS}/#{NUMBER}"),
    ndef.UriRecord(f"tel:{NUMBER}"),
    ndef.SmartposterRecord(f"{ADDRESS}/{NUMBER}", {"fa": "باشگاه"}),
])
def test_a_number_is_found_where_cards_carry_it(record: ndef.Record) -> None:
    assert read_message(message(record), DEMO_CLUB) == Message(NUMBER)
    assert read_message(message(ndef.TextRecord("باشگاه مشتریان", "fa"), record), DEMO_CLUB) == Message(NUMBER)


@pytest.mark.parametrize("record", [
    ndef.TextRecord(f"card {NUMBER}", "en"),
    ndef.TextRecord(NUMBER[:-1], "en"),
    ndef.TextRecord("".join(chr(0x06F0 + int(digit)) for digit in NUMBER), "fa"),
    ndef.UriRecord(f"{ADDRESS}/{NUMBER}/profile"),
    ndef.UriRecord("http://[/"),
    ndef.Record("application/octet-stream", "", NUMBER.encode()),
])
def test_nothing_else_is_a_number(record: ndef.Record) -> None:
    assert read_message(message(record), DEMO_CLUB) is None


@pytest.mark.parametrize("record", [
    ndef.TextRecord("4111111111111111", "en"),
    ndef.TextRecord("4111 1111 1111 1111", "en"),
    ndef.TextRecord("4111111111111111", "en", "UTF-16"),
    ndef.TextRecord("۵۰۲۲۲۹۱۰۰۰۰۰۰۰۰۰", "fa"),
    ndef.UriRecord(f"{ADDRESS}/{NUMBER}?pan=4111111111111111"),
    ndef.Record("application/octet-stream", "", b"4111111111111111"),
])
def test_a_bank_card_number_anywhere_refuses_the_card(record: ndef.Record) -> None:
    with pytest.raises(StationError) as caught:
        read_message(message(record, ndef.TextRecord(NUMBER, "en")), DEMO_CLUB)
    assert caught.value.code is ErrorCode.CARD_IS_BANK_CARD
    assert "1111" not in str(caught.value)


UID = "04A1B2C3D4E5F6"
RECORD, ADDRESS_OF_TAP = signed(NUMBER, UID), tapped(NUMBER)
PROOF = Proof(ProofKind.RECORD, pack(RECORD))
TAP_CODE = Proof(ProofKind.SUN, bytes.fromhex("04DE5F1EACC040" "00003D") + signature("04DE5F1EACC040/61")[:8])


@pytest.mark.parametrize(("content", "said"), [
    (ndef_of(RECORD), Message(NUMBER, (PROOF,), names_chip=True)),
    (ndef_of(signed(NUMBER)), Message(NUMBER, (Proof(ProofKind.RECORD, pack(signed(NUMBER))),))),
    (ndef_of(ADDRESS_OF_TAP), Message(NUMBER, (TAP_CODE,))),
    (ndef_of(ADDRESS_OF_TAP, RECORD), Message(NUMBER, (TAP_CODE, PROOF), names_chip=True)),
    (ndef_of(RECORD, ADDRESS_OF_TAP), Message(NUMBER, (PROOF, TAP_CODE), names_chip=True)),
    (message(ndef.SmartposterRecord(ADDRESS_OF_TAP)), Message(NUMBER, (TAP_CODE,))),
    # Of two records the first is taken; that the number is another's, and the record forged, is not said here.
    (ndef_of(RECORD, signed(member(8))), Message(NUMBER, (PROOF,), names_chip=True)),
    (message(ndef.TextRecord(member(8), "fa"), *ndef.message_decoder(ndef_of(RECORD))),
     Message(member(8), (PROOF,), names_chip=True)),
    (message(ndef.Record("urn:nfc:ext:Card-Station:R", "", pack(RECORD))), Message(NUMBER, (PROOF,), names_chip=True)),
])
def test_what_a_card_gives_to_be_believed_is_taken_unread(content: bytes, said: Message) -> None:
    assert read_message(content, DEMO_CLUB) == said


@pytest.mark.parametrize("content", [
    ndef_of(signed("9999000000000017")),
    ndef_of(tapped("9999000000000017")),
    message(ndef.Record("urn:nfc:ext:card-station:r", "", pack(RECORD)[:-1])),
    message(ndef.Record("urn:nfc:ext:card-station:r", "", b"")),
    message(ndef.Record("urn:nfc:ext:card-station:x", "", pack(RECORD))),
])
def test_what_is_another_clubs_or_does_not_hold_together_is_nothing(content: bytes) -> None:
    assert read_message(content, DEMO_CLUB) is None


def test_what_is_written_on_cards_is_what_is_read() -> None:
    assert read_message(record_message(pack(RECORD)), DEMO_CLUB) == Message(NUMBER, (PROOF,), names_chip=True)


def test_an_address_that_is_no_taps_is_a_number_without_proof() -> None:
    assert read_message(ndef_of(ADDRESS_OF_TAP[:-1]), DEMO_CLUB) == Message(NUMBER)


@pytest.mark.parametrize("content", [
    message(ndef.Record("urn:nfc:ext:card-station:r", "", b"4111111111111111")),
    message(ndef.Record("urn:nfc:ext:card-station:r", "", pack(RECORD) + b"4111111111111111")),
    ndef_of(signed("4111111111111111")),
    ndef_of(tapped("4111111111111111")),
    ndef_of(RECORD) + message(ndef.TextRecord("4111111111111111", "en")),
    ndef_of(RECORD, "https://club.example/c/4111111111111111"),
    message(ndef.UriRecord(ADDRESS_OF_TAP + "&pan=4111111111111111")),
])
def test_a_bank_cards_number_in_a_proof_of_ours_refuses_the_card(content: bytes) -> None:
    with pytest.raises(StationError) as caught:
        read_message(content, DEMO_CLUB)
    assert caught.value.code is ErrorCode.CARD_IS_BANK_CARD


def test_the_uid_is_asked_for_beside_a_proof_and_for_nothing_else() -> None:
    def never() -> bytes:
        message = "the chip was asked for its UID"
        raise AssertionError(message)

    assert tap_of_message(Message(NUMBER), never, "r") == Tap("r", Medium.CHIP, NUMBER, Evidence.NDEF)
    assert tap_of_message(Message(NUMBER, (PROOF,)), lambda: bytes.fromhex(UID), "r").uid == UID


@pytest.mark.parametrize(("names_chip", "code"), [(False, None), (True, ErrorCode.CARD_NUMBER_RANDOM)])
def test_a_chip_whose_uid_is_random_has_no_record_of_its_own(names_chip: bool, code: ErrorCode | None) -> None:  # noqa: FBT001
    said = Message(NUMBER, (PROOF,), names_chip)
    try:
        assert tap_of_message(said, lambda: bytes.fromhex("08A1B2C3"), "r").uid == ""
        assert code is None
    except StationError as refusal:
        assert refusal.code is code  # noqa: PT017


VALID = message(ndef.TextRecord(NUMBER, "fa"), ndef.SmartposterRecord(f"{ADDRESS}/{NUMBER}"))


@given(st.one_of(
    st.binary(max_size=80),
    st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)).map(
        lambda change: VALID[:change[0]] + bytes((change[1],)) + VALID[change[0] + 1:]),
    st.integers(0, len(VALID)).map(lambda length: VALID[:length])))
def test_any_bytes_are_a_number_of_the_club_or_none(raw: bytes) -> None:
    try:
        found = read_message(raw, DEMO_CLUB)
    except StationError as refusal:
        assert refusal.code is ErrorCode.CARD_IS_BANK_CARD  # noqa: PT017 (it may also be a number or none)
    else:
        assert found is None or DEMO_CLUB.accepts(found.number.encode())
