"""The card number in an NDEF message, and the bank-card guard on what it says."""

import ndef
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cards.ndef import number_in
from drivers.reading import DEMO_CLUB
from station.errors import ErrorCode, StationError
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
    assert number_in(message(record), DEMO_CLUB) == NUMBER
    assert number_in(message(ndef.TextRecord("باشگاه مشتریان", "fa"), record), DEMO_CLUB) == NUMBER


@pytest.mark.parametrize("record", [
    ndef.TextRecord(f"card {NUMBER}", "en"),
    ndef.TextRecord(NUMBER[:-1], "en"),
    ndef.TextRecord("".join(chr(0x06F0 + int(digit)) for digit in NUMBER), "fa"),
    ndef.UriRecord(f"{ADDRESS}/{NUMBER}/profile"),
    ndef.UriRecord("http://[/"),
    ndef.Record("application/octet-stream", "", NUMBER.encode()),
])
def test_nothing_else_is_a_number(record: ndef.Record) -> None:
    assert number_in(message(record), DEMO_CLUB) is None


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
        number_in(message(record, ndef.TextRecord(NUMBER, "en")), DEMO_CLUB)
    assert caught.value.code is ErrorCode.CARD_IS_BANK_CARD
    assert "1111" not in str(caught.value)


VALID = message(ndef.TextRecord(NUMBER, "fa"), ndef.SmartposterRecord(f"{ADDRESS}/{NUMBER}"))


@given(st.one_of(
    st.binary(max_size=80),
    st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)).map(
        lambda change: VALID[:change[0]] + bytes((change[1],)) + VALID[change[0] + 1:]),
    st.integers(0, len(VALID)).map(lambda length: VALID[:length])))
def test_any_bytes_are_a_number_of_the_club_or_none(raw: bytes) -> None:
    try:
        number = number_in(raw, DEMO_CLUB)
    except StationError as refusal:
        assert refusal.code is ErrorCode.CARD_IS_BANK_CARD  # noqa: PT017 (it may also be a number or none)
    else:
        assert number is None or DEMO_CLUB.accepts(number.encode())
