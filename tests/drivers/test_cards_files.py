"""What kind a card is, files of processor cards, and where tags keep their NDEF message: the pure parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind, kind_of
from drivers.cards.iso7816 import is_fci, read_binary
from drivers.cards.ndef import LONGEST
from drivers.cards.type2 import area_size, message_in
from drivers.cards.type4 import CAPABILITY_BYTES, NdefFile, ndef_file
from station.errors import ErrorCode, StationError

CAPABILITIES = bytes.fromhex("000F20003B00340406E10400FF0000")


@pytest.mark.parametrize(("atr", "kind"), [
    ("3B8F8001804F0CA0000003060300030000000068", CardKind.TYPE_2),
    ("3B8F8001804F0CA00000030603003A0000000051", CardKind.TYPE_2),
    ("3B8F8001804F0CA000000306030001000000006A", CardKind.STORAGE),
    ("3B8F8001804F0CA00000030611003B0000000042", CardKind.STORAGE),
    ("3B8F8001804F0CA0000003060B00030000000060", CardKind.STORAGE),
    ("3B80800101", CardKind.CHIP),
    ("3B8180018080", CardKind.CHIP),
    ("3B8980014A434F503331563232", CardKind.CHIP),
    ("3B800181", CardKind.CONTACT),
    ("3B00", CardKind.CONTACT),
    ("3F6525082202689000", CardKind.CONTACT),
    ("3B", CardKind.CONTACT),
    ("", CardKind.CONTACT),
])
def test_the_kind_of_a_card_is_in_its_atr(atr: str, kind: CardKind) -> None:
    assert kind_of(bytes.fromhex(atr)) is kind


@given(st.one_of(st.binary(max_size=33), st.binary(max_size=20).map(lambda end: b"\x3b\x8f\x80\x01" + end)))
def test_any_atr_has_a_kind(atr: bytes) -> None:
    assert kind_of(atr) in CardKind


@pytest.mark.parametrize("data", ["6F00", "6F0184", "6F810184", "6F82000184"])
def test_what_a_selected_application_says_of_itself(data: str) -> None:
    assert is_fci(bytes.fromhex(data))


@pytest.mark.parametrize("data", [
    "", "6F", "7000", "6F02", "6F0284", "6F018484", "6F80", "6F81", "6F8101", "6FFF",
])
def test_what_no_application_says_of_itself(data: str) -> None:
    assert not is_fci(bytes.fromhex(data))


def reads(content: bytes) -> Exchange:
    """A card with one file, which it gives from the place asked for."""
    def transmit(command: bytes) -> bytes:
        start = int.from_bytes(command[2:4], "big")
        return content[start:start + command[4]] + b"\x90\x00"

    return Exchange(transmit)


@given(st.binary(min_size=1, max_size=600), st.integers(1, 255), st.data())
def test_a_file_is_read_in_pieces(content: bytes, most: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(1, min(most * 100, len(content) - start)))
    assert read_binary(reads(content), start, length, most).data == content[start:start + length]


def test_a_file_that_ends_early_is_unreadable_and_a_refusal_is_an_answer() -> None:
    with pytest.raises(StationError) as caught:
        read_binary(reads(bytes(20)), 0, 40, 16)
    assert caught.value.code is ErrorCode.CARD_UNREADABLE
    answer = read_binary(Exchange(lambda _: b"\x69\x82"), 0, 4)
    assert (answer.data, answer.status) == (b"", 0x6982)


@pytest.mark.parametrize(("capabilities", "size"), [
    ("E1101200", 144), ("E1106D0F", 872), ("E1111200", 144),
    ("00000000", 0), ("E1201200", 0), ("E11012F0", 0), ("E1100000", 0),
])
def test_the_size_of_a_tags_data_area(capabilities: str, size: int) -> None:
    assert area_size(bytes.fromhex(capabilities)) == size


def found(area: bytes) -> bytes | None:
    """Look for a message in ``area``, as a tag of that size has it."""
    def read(start: int, length: int) -> bytes:
        assert start + length <= min(len(area), LONGEST)
        return area[start:start + length]

    return message_in(read, len(area))


@pytest.mark.parametrize(("area", "message"), [
    ("0303D10000FE", "D10000"),
    ("00000302AABBFE", "AABB"),
    ("0103A0100C 0203112233 0301AAFE", "AA"),
    ("03FF0003AABBCC", "AABBCC"),
    ("FD0203010301BB", "BB"), ("0300", ""),
    ("FE0301AA", None), ("", None), ("00", None), ("03", None), ("0304AABB", None), ("03FF00", None), ("01FFFFFF03", None),
])
def test_the_message_among_a_tags_tlvs(area: str, message: str | None) -> None:
    assert found(bytes.fromhex(area)) == (None if message is None else bytes.fromhex(message))


@given(st.sampled_from((b"", bytes(LONGEST - 2), bytes(LONGEST))), st.binary(max_size=300))
def test_any_data_area_is_walked_to_its_end_and_no_further(padding: bytes, area: bytes) -> None:
    message = found(padding + area)
    assert message is None or message in area


def test_the_ndef_file_in_a_capability_container() -> None:
    assert ndef_file(CAPABILITIES) == NdefFile(b"\xe1\x04", 255, 59)


@pytest.mark.parametrize(("place", "value"), [(2, 0x40), (4, 0x0E), (7, 0x05), (8, 0x08), (13, 0x80)])
def test_a_container_that_is_not_open_or_not_understood_names_no_file(place: int, value: int) -> None:
    damaged = bytearray(CAPABILITIES)
    damaged[place] = value
    assert ndef_file(bytes(damaged)) is None


@given(st.binary(min_size=CAPABILITY_BYTES, max_size=CAPABILITY_BYTES))
def test_any_container_names_a_file_that_can_be_read_or_none(capabilities: bytes) -> None:
    named = ndef_file(capabilities)
    assert named is None or (len(named.file_id) == 2 and 15 <= named.most <= 255)
