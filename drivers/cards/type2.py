"""NDEF on NTAG21x and MIFARE Ultralight (NFC Forum Type 2 Tag 1.2), through PC/SC's READ BINARY."""

from collections.abc import Callable

from drivers.apdu import Command, Exchange
from drivers.cards.ndef import LONGEST
from station.errors import ErrorCode, StationError

PAGE_BYTES = 4
BLOCK_BYTES = 16
"""What one READ of such a card gives: four pages."""
AREA_START = 16
"""Where the data area begins, after the UID, the lock bytes and the capability container."""
_CAPABILITIES = slice(12, 16)
_MAGIC, _VERSION_1, _SIZE_UNIT = 0xE1, 1, 8
_NULL, _NDEF, _TERMINATOR = 0x00, 0x03, 0xFE
_LONG_LENGTH = 0xFF


def ndef_message(exchange: Exchange) -> bytes | None:
    """Return the tag's NDEF message, None when it carries none or its memory may not be read.

    Raises ``StationError`` CARD_UNREADABLE when reading breaks off or the tag gives something else
    than what was asked for.
    """
    first = exchange(_read(0))
    if not first.is_success:
        return None
    memory = bytearray(_block(first.data))
    size = area_size(bytes(memory[_CAPABILITIES]))

    def read(start: int, length: int) -> bytes:
        end = AREA_START + start + length
        while len(memory) < end:
            memory.extend(_block(exchange(_read(len(memory))).require_success()))
        return bytes(memory[AREA_START + start:end])

    return message_in(read, size)


def area_size(capabilities: bytes) -> int:
    """Return the bytes of the data area by the capability container (4 bytes), 0 when it is no open NDEF tag."""
    magic, version, size, access = capabilities
    if magic != _MAGIC or version >> 4 != _VERSION_1 or access >> 4:
        return 0
    return size * _SIZE_UNIT


def message_in(read: Callable[[int, int], bytes], size: int) -> bytes | None:
    """Return the first NDEF message in a data area of ``size`` bytes, None without a whole one.

    ``read(start, length)`` gives bytes of the area, and is asked for none after ``LONGEST``. The
    area is a row of TLVs: type, length (1 byte, or FF and 2), value; 00 pads, FE ends.
    """
    size = min(size, LONGEST)
    place = 0
    while place < size:
        kind = read(place, 1)[0]
        place += 1
        if kind == _NULL:
            continue
        if kind == _TERMINATOR or place == size:
            return None
        length = read(place, 1)[0]
        place += 1
        if length == _LONG_LENGTH:
            if place + 2 > size:
                return None
            length = int.from_bytes(read(place, 2), "big")
            place += 2
        if kind == _NDEF:
            return read(place, length) if place + length <= size else None
        place += length
    return None


def _read(start: int) -> Command:
    """Return the command for the block at byte ``start`` (PC/SC specification, part 3, section 3.2.2.1.8)."""
    page = start // PAGE_BYTES
    return Command(0xFF, 0xB0, page >> 8, page & 0xFF, expected=BLOCK_BYTES)


def _block(data: bytes) -> bytes:
    if len(data) != BLOCK_BYTES:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(data))
    return data
