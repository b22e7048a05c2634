"""FeliCa: the blocks of a Type 3 tag, and what nfcpy's tag is asked when its first system is another one."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import ndef
import pytest

from drivers.cards.type3 import BLOCK_BYTES, SYSTEM, Attributes, attributes_in, ndef_message
from drivers.readers.nfc import read_card
from drivers.reading import DEMO_CLUB
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack
from station.errors import ErrorCode, StationError
from tests.rigs.proven_cards import ndef_of, signed
from tests.rigs.serial_hand import member

IDM, NDEF_IDM = bytes.fromhex("012E4CD8A1B2C3D4"), bytes.fromhex("112E4CD8A1B2C3D4")
NUMBER = member(1)
TEXT = b"".join(ndef.message_encoder([ndef.TextRecord(NUMBER, "fa")]))
# The attribute block of NFC Forum Type 3 Tag 1.0, chapter 6: sum of the first 14 bytes in the last two.
BLOCK = bytes.fromhex("10 04 01 00 0D 00000000 00 01 000017 003A")
OTHER_SYSTEM, SILENT, SERVICE_MISSING = 0x88B4, 0, 0xFFA6


def with_sum(head: str) -> bytes:
    data = bytes.fromhex(head)
    return data + sum(data).to_bytes(2, "big")


def blocks(message: bytes, at_once: int = 4) -> bytes:
    head = f"10 {at_once:02X} 01 00 40 00000000 00 01 {len(message):06X}"
    return with_sum(head) + message.ljust(-len(message) // -BLOCK_BYTES * BLOCK_BYTES, b"\0")


def reading(memory: bytes, asked: list[list[int]] | None = None) -> Callable[[Sequence[int]], bytes]:
    def read(numbers: Sequence[int]) -> bytes:
        if asked is not None:
            asked.append(list(numbers))
        return b"".join(memory[at * BLOCK_BYTES:(at + 1) * BLOCK_BYTES] for at in numbers)

    return read


@pytest.mark.parametrize(("block", "found"), [
    (BLOCK, Attributes(4, 23)),
    (with_sum("1F 0F 01 00 0D 00000000 00 01 000017"), Attributes(12, 23)),
    (with_sum("10 04 01 00 40 00000000 00 00 000400"), Attributes(4, 1024)),
    (BLOCK[:15] + b"\x3b", None),
    (with_sum("20 04 01 00 0D 00000000 00 01 000017"), None),
    (with_sum("10 00 01 00 0D 00000000 00 01 000017"), None),
    (with_sum("10 04 01 00 0D 00000000 0F 01 000017"), None),
    (with_sum("10 04 01 00 0D 00000000 00 01 000000"), None),
    (with_sum("10 04 01 00 01 00000000 00 01 000017"), None),
    (with_sum("10 04 01 FF FF 00000000 00 01 000401"), None),
    (with_sum("10 04 01 FF FF 00000000 00 01 FFFFFF"), None),
    (bytes(16), None),
])
def test_what_the_first_block_says(block: bytes, found: Attributes | None) -> None:
    assert attributes_in(block) == found


def test_a_message_is_read_as_many_blocks_at_once_as_the_card_allows() -> None:
    asked: list[list[int]] = []
    message = ndef_of(signed(NUMBER, IDM.hex()))
    assert ndef_message(reading(blocks(message), asked)) == message
    assert asked == [[0], [1, 2, 3, 4], [5, 6, 7]]


@pytest.mark.parametrize("memory", [blocks(TEXT)[:20], blocks(TEXT)[:-1], BLOCK[:15]])
def test_a_card_that_gives_less_than_was_asked_for_is_unreadable(memory: bytes) -> None:
    with pytest.raises(StationError) as caught:
        ndef_message(reading(memory))
    assert caught.value.code is ErrorCode.CARD_UNREADABLE


def test_a_card_that_refuses_its_first_block_has_no_message() -> None:
    assert ndef_message(reading(b"")) is None


class TagError(Exception):
    """As nfcpy's, which tells silence and refusals by a number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.errno = number


class Felica:
    """nfcpy's tag of a card with two systems, the NDEF message in the second one."""

    def __init__(self, memory: bytes | None, *, silent_for: int = 0, is_present: bool = True) -> None:
        self.target = SimpleNamespace(sel_res=None, sensf_res=b"\x01" + IDM)
        self.identifier, self.idm, self.pmm, self.sys = IDM, IDM, b"", OTHER_SYSTEM
        self.is_present = is_present
        self._memory = memory
        self._silent_for = silent_for

    def polling(self, system: int) -> tuple[bytes, bytes]:
        if self._memory is None or self._silent_for:
            self._silent_for -= 1
            raise TagError(SILENT)
        assert system == SYSTEM
        return NDEF_IDM, b"pmm"

    def read_from_ndef_service(self, *numbers: int) -> bytearray:
        assert (self.idm, self.sys) == (NDEF_IDM, SYSTEM)
        if not self._memory:
            raise TagError(SERVICE_MISSING)
        return bytearray(reading(self._memory)(numbers))


def read(tag: Any) -> Tap:
    return read_card(tag, "nfc:x", DEMO_CLUB)


@pytest.mark.parametrize("silent_for", [0, 1])
def test_the_system_with_the_message_is_found_and_the_uid_is_the_first_ones(silent_for: int) -> None:
    record = signed(NUMBER, IDM.hex().upper())
    assert read(Felica(blocks(ndef_of(record)), silent_for=silent_for)) == Tap(
        "nfc:x", Medium.CHIP, NUMBER, Evidence.NDEF, uid="012E4CD8A1B2C3D4",
        proofs=(Proof(ProofKind.RECORD, pack(record)),))


@pytest.mark.parametrize("memory", [None, b"", blocks(b"")])
def test_a_card_without_a_message_is_its_uid(memory: bytes | None) -> None:
    assert read(Felica(memory)) == Tap("nfc:x", Medium.NFC_UID, "012E4CD8A1B2C3D4")


def test_a_card_that_is_taken_away_is_not_taken_for_one_without_a_message() -> None:
    with pytest.raises(StationError) as caught:
        read(Felica(None, is_present=False))
    assert caught.value.code is ErrorCode.CARD_SILENT


def test_half_a_message_is_unreadable() -> None:
    with pytest.raises(StationError) as caught:
        read(Felica(blocks(TEXT)[:20]))
    assert caught.value.code is ErrorCode.CARD_UNREADABLE
