"""The commands that scripts send, and what is wrong with an answer."""

from dataclasses import dataclass

from station.errors import ErrorCode

OK_ISO, OK, MORE = 0x9000, 0x9100, 0x91AF
STATUS_BYTES = 2


class CardRefusedError(Exception):
    """The card is refused: ``code``, with a word for the reason; nothing of the card is in it."""

    def __init__(self, code: ErrorCode, reason: str = "") -> None:
        """Remember both."""
        super().__init__(f"{code.name} {reason}")
        self.code, self.reason = code, reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What the card said: data and status word."""

    data: bytes
    status: int


def native(command: int, data: bytes = b"") -> bytes:
    """Return a native command of NXP's chips in an ISO/IEC 7816-4 wrapping (class 90)."""
    return bytes((0x90, command, 0, 0)) + (bytes((len(data),)) + data if data else b"") + b"\0"


def select_name(name: bytes) -> bytes:
    """Return the selection of an application by name."""
    return bytes((0x00, 0xA4, 0x04, 0x00, len(name))) + name + b"\0"


def select_file(file_id: bytes) -> bytes:
    """Return the selection of a file of the application, without its description."""
    return bytes.fromhex("00A4000C02") + file_id


def read_binary(start: int, length: int) -> bytes:
    """Return the reading of up to 255 bytes of the selected file."""
    return bytes((0x00, 0xB0, start >> 8, start & 0xFF, length))


def parsed(raw: bytes) -> Answer:
    """Return the answer in ``raw``. Raises ``CardRefusedError`` CARD_UNREADABLE when it is too short to be one."""
    if len(raw) < STATUS_BYTES:
        raise CardRefusedError(ErrorCode.CARD_UNREADABLE, "SHORT")
    return Answer(raw[:-STATUS_BYTES], int.from_bytes(raw[-STATUS_BYTES:], "big"))


def require(raw: bytes, status: int, code: ErrorCode, length: int | None = None) -> bytes:
    """Return the data of an answer with this ``status`` and, if told, ``length``.

    Raises ``CardRefusedError``: ``code`` with the status for another one, CARD_UNREADABLE for another length.
    """
    answer = parsed(raw)
    if answer.status != status:
        raise CardRefusedError(code, f"{answer.status:04X}")
    if length is not None and len(answer.data) != length:
        raise CardRefusedError(ErrorCode.CARD_UNREADABLE, "LENGTH")
    return answer.data
