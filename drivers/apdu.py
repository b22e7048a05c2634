"""Short command APDUs and their answers (ISO/IEC 7816-4, section 5; no extended lengths)."""

from dataclasses import dataclass, field

from station.errors import ErrorCode, StationError

SUCCESS = 0x9000
MOST_DATA = 255
MOST_ANSWER = 256
STATUS_BYTES = 2


@dataclass(frozen=True, slots=True)
class Command:
    """A command: four header bytes, up to 255 bytes of ``data``, up to 256 ``expected`` in return.

    ``expected`` 0 means that only a status is wanted.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    expected: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a length does not fit a short APDU."""
        if len(self.data) > MOST_DATA or not 0 <= self.expected <= MOST_ANSWER:
            message = f"not a short APDU: {len(self.data)} bytes sent, {self.expected} expected"
            raise ValueError(message)

    def encode(self) -> bytes:
        """Return the bytes to send. Raises ``ValueError`` when a header value is not a byte."""
        encoded = bytes((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            encoded += bytes((len(self.data),)) + self.data
        if self.expected:
            encoded += bytes((self.expected % MOST_ANSWER,))
        return encoded


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``data`` (left out of ``repr``: it may be a card number) and the status word."""

    data: bytes = field(repr=False)
    status: int

    def require_success(self) -> bytes:
        """Return the data. Raises ``StationError`` CARD_UNREADABLE (``status``) unless it is 9000."""
        if self.status != SUCCESS:
            raise StationError(ErrorCode.CARD_UNREADABLE, status=f"{self.status:04X}")
        return self.data


GET_UID = Command(0xFF, 0xCA, 0x00, 0x00, expected=MOST_ANSWER)
"""Asks a contactless reader for the card's UID (PC/SC specification, part 3, section 3.2.2.1.3)."""


def parse(raw: bytes) -> Answer:
    """Return the answer in ``raw``. Raises ``StationError`` CARD_UNREADABLE when it has no status."""
    if len(raw) < STATUS_BYTES:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(raw))
    return Answer(raw[:-STATUS_BYTES], int.from_bytes(raw[-STATUS_BYTES:], "big"))
