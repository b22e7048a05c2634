"""NDEF on FeliCa (NFC Forum Type 3 Tag, chapter 5): blocks of 16 bytes of the service that anyone may read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drivers.cards.ndef import LONGEST
from station.errors import ErrorCode, StationError

SYSTEM = 0x12FC
"""The system code under which a FeliCa card answers as an NDEF tag; its message is in service 000B."""
BLOCK_BYTES = 16
MOST_BLOCKS = 12
"""Blocks asked for at once; a card may allow fewer."""
_VERSION_1 = 1
_WRITTEN = 0x00
_CHECKED = slice(0, 14)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What block 0 says: blocks to be read at once, and the bytes of the message, which begins in block 1."""

    at_once: int
    length: int


def attributes_in(block: bytes) -> Attributes | None:
    """Return what the attribute ``block`` says, None when it is none or the message is being written.

    Version (4 bits each), blocks at once to read and to write, blocks for data (2), unused (4), write
    flag (0F: not finished), access, bytes of the message (3), sum of all bytes before (2).
    """
    if sum(block[_CHECKED]) != int.from_bytes(block[14:16], "big") or block[0] >> 4 != _VERSION_1:
        return None
    at_once, room, length = block[1], int.from_bytes(block[3:5], "big"), int.from_bytes(block[11:14], "big")
    if not at_once or block[9] != _WRITTEN or not 0 < length <= min(LONGEST, room * BLOCK_BYTES):
        return None
    return Attributes(min(at_once, MOST_BLOCKS), length)


def ndef_message(read: Callable[[Sequence[int]], bytes]) -> bytes | None:
    """Return the tag's NDEF message, None when it carries none.

    ``read(blocks)`` gives the content of these blocks, one after the other, nothing when the card
    refuses. Raises ``StationError`` CARD_UNREADABLE when it gives another number of bytes, or nothing
    where the message should be; and what ``read`` raises.
    """
    first = read(range(1))
    found = attributes_in(_whole(first, 1)) if first else None
    if found is None:
        return None
    end = 1 - -found.length // BLOCK_BYTES
    steps = (range(at, min(at + found.at_once, end)) for at in range(1, end, found.at_once))
    return b"".join(_whole(read(blocks), len(blocks)) for blocks in steps)[:found.length]


def _whole(data: bytes, blocks: int) -> bytes:
    if len(data) != BLOCK_BYTES * blocks:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(data))
    return data
