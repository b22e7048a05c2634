"""Command APDUs and their answers, and UIDs as card numbers."""

import pytest

from drivers.apdu import GET_UID, Command, parse
from drivers.uid import number_of
from station.errors import ErrorCode, StationError


@pytest.mark.parametrize(("command", "encoded"), [
    (Command(0x00, 0x20, 0x00, 0x80), "00200080"),
    (GET_UID, "FFCA000000"),
    (Command(0x00, 0xB0, 0x00, 0x04, expected=16), "00B0000410"),
    (Command(0x00, 0xA4, 0x04, 0x00, b"\xa0\x00\x01"), "00A4040003A00001"),
    (Command(0x00, 0xA4, 0x04, 0x00, b"\xa0\x00", expected=256), "00A4040002A00000"),
])
def test_the_four_cases_of_a_short_command(command: Command, encoded: str) -> None:
    assert command.encode() == bytes.fromhex(encoded)


@pytest.mark.parametrize(("data", "expected"), [(bytes(256), 0), (b"", 257), (b"", -1)])
def test_what_does_not_fit_a_short_command_is_a_bug(data: bytes, expected: int) -> None:
    with pytest.raises(ValueError, match="not a short APDU"):
        Command(0, 0, 0, 0, data, expected)


def test_an_answer_is_data_and_status() -> None:
    answer = parse(bytes.fromhex("04A1B29000"))
    assert answer.require_success() == bytes.fromhex("04A1B2")
    assert "04A1" not in repr(answer).upper()


@pytest.mark.parametrize(("raw", "word"), [("", "bytes=0"), ("90", "bytes=1"), ("04A16A81", "status=6A81")])
def test_an_answer_without_success_is_an_unreadable_card(raw: str, word: str) -> None:
    with pytest.raises(StationError, match=word) as caught:
        parse(bytes.fromhex(raw)).require_success()
    assert caught.value.code is ErrorCode.CARD_UNREADABLE
    assert "04A1" not in str(caught.value)


@pytest.mark.parametrize("uid", ["04A1B2C3", "04A1B2C3D4E5F6", "08A1B2C3D4E5F6", "0102030405060708",
                                 "0102030405060708090A"])
def test_a_lasting_uid_is_the_card_number(uid: str) -> None:
    assert number_of(bytes.fromhex(uid)) == uid


@pytest.mark.parametrize(("uid", "code"), [
    ("08A1B2C3", ErrorCode.CARD_NUMBER_RANDOM),
    ("", ErrorCode.CARD_UNREADABLE),
    ("04A1B2", ErrorCode.CARD_UNREADABLE),
])
def test_other_uids_are_refused_without_being_named(uid: str, code: ErrorCode) -> None:
    with pytest.raises(StationError) as caught:
        number_of(bytes.fromhex(uid))
    assert caught.value.code is code
    assert "A1B2" not in str(caught.value)
