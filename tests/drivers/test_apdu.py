"""Command APDUs and their answers, and UIDs as card numbers."""

import pytest

from drivers.apdu import GET_UID, MOST_COMMANDS, Command, Exchange, parse
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


def test_t0_says_what_it_sends_or_what_it_expects_but_not_both() -> None:
    assert Command(0x00, 0xA4, 0x04, 0x00, b"\xa0\x00", expected=256).encode(t0=True).hex() == "00a4040002a000"
    assert Command(0x00, 0xB0, 0x00, 0x04, expected=16).encode(t0=True).hex() == "00b0000410"


class Script:
    """A card that gives ``answers``, hexadecimal, in order; ``asked`` holds what it was sent."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, command: bytes) -> bytes:
        self.asked.append(command.hex())
        return bytes.fromhex(self._answers.pop(0))


READ = Command(0x00, 0xB0, 0x00, 0x00, expected=16)


def test_an_answer_in_pieces_is_fetched() -> None:
    script = Script("010261FF", "0361 00", "0405 9000")
    answer = Exchange(script)(READ)
    assert (answer.data, answer.status) == (bytes((1, 2, 3, 4, 5)), 0x9000)
    assert script.asked == ["00b0000010", "00c00000ff", "00c0000000"]


def test_a_card_that_wants_another_length_is_asked_for_it_once() -> None:
    script = Script("6C02", "AABB9000")
    assert Exchange(script)(READ).data == b"\xaa\xbb"
    assert script.asked[1] == "00b0000002"
    assert Exchange(Script("6C02", "6C02"))(READ).status == 0x6C02
    assert Exchange(Script("6C02"))(Command(0, 0xA4, 0, 0, b"\x01")).status == 0x6C02


def test_no_card_is_asked_or_listened_to_without_end() -> None:
    endless = Script(*["6101"] * (MOST_COMMANDS + 1))
    with pytest.raises(StationError, match="commands"):
        Exchange(endless)(READ)
    assert len(endless.asked) == MOST_COMMANDS
    with pytest.raises(StationError, match="bytes=260"):
        Exchange(Script(*[f"{'00' * 130}61FF"] * 3))(READ)


@pytest.mark.parametrize(("data", "expected"), [(bytes(256), 0), (b"", 257), (b"", -1)])
def test_what_does_not_fit_a_short_command_is_a_bug(data: bytes, expected: int) -> None:
    with pytest.raises(ValueError, match="not a short APDU"):
        Command(0, 0, 0, 0, data, expected)


def test_an_answer_is_data_and_status() -> None:
    answer = parse(bytes.fromhex("04A1B29000"))
    assert answer.require_success() == bytes.fromhex("04A1B2")
    assert "04A1" not in repr(answer).upper()


@pytest.mark.parametrize(("raw", "word"), [
    ("", "bytes=0"), ("90", "bytes=1"), ("04A16A81", "status=6A81"), ("04A137C0", "bytes=4"), ("00" * 257 + "9000", "bytes=259"),
])
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
