"""Which commands write an NDEF message to a processor card (NFC Forum Type 4 Tag 2.0, section 5.4.6)."""

from drivers.apdu import Command, Exchange
from drivers.cards.iso7816 import read_binary, select_application, select_file
from drivers.cards.tag_plan import TagPlan
from drivers.cards.type4 import (
    APPLICATION,
    CAPABILITY_BYTES,
    CAPABILITY_FILE,
    LENGTH_BYTES,
    NdefFile,
    ndef_file,
    ndef_message,
)
from station.errors import ErrorCode, StationError

MOST_UPDATE = 255
_MOST_COMMAND = slice(5, 7)
_WRITE_ACCESS = 14


def look(exchange: Exchange) -> tuple[NdefFile, int, bytes]:
    """Return the card's NDEF file, the most bytes it takes at once, and the message it holds, b"" without one.

    Raises ``StationError``: CARD_NOT_WRITABLE when it is not laid out for NDEF, CARD_LOCKED when its
    capability container says that it may only be read, CARD_NOT_BLANK when it holds a message that is
    longer than any the station reads, CARD_UNREADABLE.
    """
    capabilities = _capabilities(exchange)
    found = ndef_file(capabilities) if capabilities else None
    if capabilities is None or found is None:
        raise StationError(ErrorCode.CARD_NOT_WRITABLE)
    if capabilities[_WRITE_ACCESS]:
        raise StationError(ErrorCode.CARD_LOCKED)
    most = int.from_bytes(capabilities[_MOST_COMMAND], "big")
    if not most:
        raise StationError(ErrorCode.CARD_NOT_WRITABLE)
    held = read_message(exchange)
    if held is None:
        raise StationError(ErrorCode.CARD_NOT_BLANK)
    return found, min(most, MOST_UPDATE), held


def plan(exchange: Exchange, place: NdefFile, most: int, held: bytes, message: bytes) -> TagPlan:
    """Return how to write ``message`` to the file ``place``, which is selected here.

    The length field is set to 0 first and last to the message's. Raises ``StationError`` CARD_TOO_SMALL,
    CARD_NOT_WRITABLE.
    """
    if LENGTH_BYTES + len(message) > place.size:
        raise StationError(ErrorCode.CARD_TOO_SMALL, needed=LENGTH_BYTES + len(message), bytes=place.size)
    if not exchange(select_file(place.file_id)).is_success:
        raise StationError(ErrorCode.CARD_NOT_WRITABLE)
    empty = _update(0, bytes(LENGTH_BYTES))
    pieces = [(at, message[at:at + most]) for at in range(0, len(message), most)]
    return TagPlan(
        message, (empty, *(_update(LENGTH_BYTES + at, piece) for at, piece in pieces), _update(0, _length(message))),
        (_update(0, _length(held)), *(_old(held, at, len(piece)) for at, piece in pieces), None),
        empty, held, lambda exchange: bool(held) and read_message(exchange) == held)


def _length(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH_BYTES, "big")


def _old(held: bytes, at: int, length: int) -> Command | None:
    """Return what puts ``length`` bytes of the old message back, None where it did not reach."""
    return _update(LENGTH_BYTES + at, held[at:at + length]) if at < len(held) else None


def read_message(exchange: Exchange) -> bytes | None:
    """Return the card's message, b"" when its length is 0; None for one that nobody can read."""
    message = ndef_message(exchange)
    if message is not None:
        return message
    # The NDEF file is the one selected last.
    length = read_binary(exchange, 0, LENGTH_BYTES)
    return b"" if length.is_success and not any(length.data) else None


def _capabilities(exchange: Exchange) -> bytes | None:
    """Return the capability container, None from a card without one."""
    for command in (select_application(APPLICATION), select_file(CAPABILITY_FILE)):
        if not exchange(command).is_success:
            return None
    answer = read_binary(exchange, 0, CAPABILITY_BYTES)
    return answer.data if answer.is_success else None


def _update(at: int, data: bytes) -> Command:
    return Command(0x00, 0xD6, at >> 8, at & 0xFF, data)
