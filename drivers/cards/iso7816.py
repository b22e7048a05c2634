"""Selecting applications and reading files of a processor card (ISO/IEC 7816-4, sections 7 and 11)."""

from drivers.apdu import MOST_ANSWER, Answer, Command, Exchange
from station.errors import ErrorCode, StationError

MOST_READ = 255
_FCI = 0x6F
_LONG_FORM = 0x80


def select_application(name: bytes) -> Command:
    """Return the command that selects an application by its id, and asks for its FCI (7816-4, 11.2.2)."""
    return Command(0x00, 0xA4, 0x04, 0x00, name, MOST_ANSWER)


def select_file(file_id: bytes) -> Command:
    """Return the command that selects an elementary file of the current application, without FCI."""
    return Command(0x00, 0xA4, 0x00, 0x0C, file_id)


def read_binary(exchange: Exchange, start: int, length: int, most: int = MOST_READ) -> Answer:
    """Return ``length`` bytes of the current file from ``start``, read ``most`` at a time.

    A refusal ends the reading and is the answer. Raises ``StationError`` CARD_UNREADABLE when the
    card gives another number of bytes than was asked for.
    """
    data = b""
    while True:
        place, wanted = start + len(data), min(most, length - len(data))
        answer = exchange(Command(0x00, 0xB0, place >> 8, place & 0xFF, expected=wanted))
        if not answer.is_success:
            return answer
        if len(answer.data) != wanted:
            raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(answer.data))
        data += answer.data
        if len(data) == length:
            return Answer(data, answer.status)


def is_fci(data: bytes) -> bool:
    """Tell whether ``data`` is one file control information template: tag 6F, its length, that many bytes."""
    if len(data) < 2 or data[0] != _FCI:  # noqa: PLR2004 - a tag and a length
        return False
    length_bytes = data[1] - _LONG_FORM if data[1] > _LONG_FORM else 0
    length = int.from_bytes(data[2:2 + length_bytes], "big") if length_bytes else data[1]
    return length == len(data) - 2 - length_bytes and data[1] != _LONG_FORM
