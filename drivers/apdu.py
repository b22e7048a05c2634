"""Short command APDUs and their answers (ISO/IEC 7816-4, section 5; no extended lengths)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from station.errors import ErrorCode, StationError

SUCCESS = 0x9000
MOST_DATA = 255
MOST_ANSWER = 256
STATUS_BYTES = 2
MOST_COMMANDS = 128
"""Commands sent to one card: a tag's 1024 bytes in pieces of 16, and room for all else."""
_STATUS_GROUPS = frozenset((0x6, 0x9))
_MORE_HELD = 0x61
_OTHER_LENGTH = 0x6C


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

    def encode(self, *, t0: bool = False) -> bytes:
        """Return the bytes to send. Raises ``ValueError`` when a header value is not a byte.

        ``t0``: as the protocol T=0 carries it, which says either how much it sends or how much it
        expects (ISO/IEC 7816-3, 12.2.1).
        """
        encoded = bytes((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            encoded += bytes((len(self.data),)) + self.data
        if self.expected and not (t0 and self.data):
            encoded += bytes((self.expected % MOST_ANSWER,))
        return encoded


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``data`` (left out of ``repr``: it may be a card number) and the status word."""

    data: bytes = field(repr=False)
    status: int

    @property
    def is_success(self) -> bool:
        """Whether the status is 9000."""
        return self.status == SUCCESS

    def require_success(self) -> bytes:
        """Return the data. Raises ``StationError`` CARD_UNREADABLE (``status``) unless it is 9000."""
        if not self.is_success:
            raise StationError(ErrorCode.CARD_UNREADABLE, status=f"{self.status:04X}")
        return self.data


GET_UID = Command(0xFF, 0xCA, 0x00, 0x00, expected=MOST_ANSWER)
"""Asks a contactless reader for the card's UID (PC/SC specification, part 3, section 3.2.2.1.3)."""


class Exchange:
    """Asks one card, in its protocol, no more than ``MOST_COMMANDS`` times."""

    def __init__(self, transmit: Callable[[bytes], bytes], *, t0: bool = False) -> None:
        """Ask through ``transmit``, which takes a command's bytes and returns the answer's."""
        self._transmit = transmit
        self._t0 = t0
        self._left = MOST_COMMANDS

    def __call__(self, command: Command) -> Answer:
        """Return the whole answer, fetched by GET RESPONSE where it comes in pieces (ISO/IEC 7816-3, 12.2.1).

        Raises ``StationError`` CARD_UNREADABLE when it is no answer, is longer than 256 bytes, or
        is the last of too many; and what ``transmit`` raises.
        """
        answer = self._ask(command)
        if answer.status >> 8 == _OTHER_LENGTH and command.expected:
            answer = self._ask(replace(command, expected=answer.status & 0xFF or MOST_ANSWER))
        data = answer.data
        while answer.status >> 8 == _MORE_HELD:
            answer = self._ask(Command(0x00, 0xC0, 0x00, 0x00, expected=answer.status & 0xFF or MOST_ANSWER))
            data += answer.data
            if len(data) > MOST_ANSWER:
                raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(data))
        return Answer(data, answer.status)

    def relay(self, command: bytes) -> bytes:
        """Send ``command``, a whole APDU that somebody else drew up, and return the whole answer, unread.

        Raises ``StationError`` as a call does.
        """
        if not self._left:
            raise StationError(ErrorCode.CARD_UNREADABLE, commands=MOST_COMMANDS)
        self._left -= 1
        return self._transmit(command)

    def _ask(self, command: Command) -> Answer:
        return parse(self.relay(command.encode(t0=self._t0)))


def parse(raw: bytes) -> Answer:
    """Return the answer in ``raw``.

    Raises ``StationError`` CARD_UNREADABLE (``bytes``) when it is too short or too long, or ends in
    what is no status: one begins with 6 or 9 (ISO/IEC 7816-3, 10.3.3).
    """
    if not STATUS_BYTES <= len(raw) <= MOST_ANSWER + STATUS_BYTES or raw[-STATUS_BYTES] >> 4 not in _STATUS_GROUPS:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(raw))
    return Answer(raw[:-STATUS_BYTES], int.from_bytes(raw[-STATUS_BYTES:], "big"))
