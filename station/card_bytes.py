"""What the byte forms of card records and phone passes have in common: fields, days, text for codes."""

import base64
import binascii
import re

from station.dates import day_number, day_text

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MOST_KEY_IDS = 0xFFFF
DAY_BYTES = 2
KEY_ID_BYTES = 2
EPOCH_US = 946_684_800_000_000
"""2000-01-01T00:00Z, from which days and seconds on cards are counted, in µs since 1970."""
_DAY_ZERO = day_number("2000-01-01")
_MOST_DAYS = 0xFFFF
_NUMBER = re.compile(r"[0-9A-Z]{1,32}", re.ASCII)
_BLOCK_LETTERS = 8


class Fields:
    """Reads ``data`` from its beginning; every refusal is a ``ValueError`` that names the field."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int, name: str) -> bytes:
        """Return the next ``length`` bytes."""
        end = self._at + length
        if end > len(self._data):
            message = f"{name}: {length} bytes expected at {self._at}, {len(self._data) - self._at} there"
            raise ValueError(message)
        taken, self._at = self._data[self._at:end], end
        return taken

    def whole(self, length: int, name: str) -> int:
        """Return the next ``length`` bytes as a number, the highest byte first."""
        return int.from_bytes(self.take(length, name), "big")

    def version(self, expected: int) -> None:
        """Read the byte that names the form; another than ``expected`` is refused."""
        found = self.whole(1, "version")
        if found != expected:
            message = f"version: {found}, expected {expected}"
            raise ValueError(message)

    def counted(self, name: str) -> bytes:
        """Return the bytes whose length stands before them in one byte."""
        return self.take(self.whole(1, f"{name} length"), name)

    def number(self) -> str:
        """Return a card number with its length before it."""
        found = self.counted("number")
        if not found.isascii():
            message = "number: not ASCII"
            raise ValueError(message)
        return checked_number(found.decode())

    def day(self, name: str) -> str:
        """Return a day; "" for 0."""
        days = self.whole(DAY_BYTES, name)
        return day_text(_DAY_ZERO + days) if days else ""

    def end(self) -> None:
        """Refuse what is left over."""
        if self._at != len(self._data):
            message = f"{len(self._data) - self._at} bytes too many"
            raise ValueError(message)


def checked_number(number: str) -> str:
    """Return ``number`` when a card may have it: 1 to 32 digits and letters A-Z. Raises ``ValueError`` otherwise."""
    if not _NUMBER.fullmatch(number):
        message = "number: expected 1 to 32 digits or capital letters"
        raise ValueError(message)
    return number


def checked_length(data: bytes, length: int, name: str) -> bytes:
    """Return ``data`` when it has ``length`` bytes. Raises ``ValueError`` otherwise."""
    if len(data) != length:
        message = f"{name}: {len(data)} bytes, expected {length}"
        raise ValueError(message)
    return data


def key_id_bytes(key_id: int) -> bytes:
    """Return the 2 bytes of a key id, 1 to 65535. Raises ``ValueError``."""
    if not 1 <= key_id <= MOST_KEY_IDS:
        message = f"key id: {key_id}, expected 1 to {MOST_KEY_IDS}"
        raise ValueError(message)
    return key_id.to_bytes(KEY_ID_BYTES, "big")


def day_bytes(day: str, name: str) -> bytes:
    """Return the 2 bytes of ``day`` (``YYYY-MM-DD``, 2000-01-02 to 2179-06-06), 0 for "". Raises ``ValueError``."""
    days = day_number(day) - _DAY_ZERO if day else 0
    if day and not 1 <= days <= _MOST_DAYS:
        message = f"{name}: {day} is not within 2000-01-02 and {day_text(_DAY_ZERO + _MOST_DAYS)}"
        raise ValueError(message)
    return days.to_bytes(DAY_BYTES, "big")


def number_bytes(number: str) -> bytes:
    """Return ``number`` with its length before it. Raises ``ValueError`` as ``checked_number``."""
    return bytes((len(number),)) + checked_number(number).encode()


def code_text(lead: str, data: bytes) -> str:
    """Return ``data`` as a code for scanners: ``lead`` and base 32 (RFC 4648, capitals, no padding)."""
    return lead + base64.b32encode(data).decode().rstrip("=")


def code_bytes(lead: str, text: str) -> bytes:
    """Return the bytes of a code that ``code_text`` made. Raises ``ValueError``."""
    letters = text.removeprefix(lead)
    if letters == text:
        message = f"the code does not begin with {lead}"
        raise ValueError(message)
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % _BLOCK_LETTERS))
    except binascii.Error:
        message = "the code is no base 32 of RFC 4648"
        raise ValueError(message) from None
    if code_text(lead, data) != text:
        message = "the code's last letter has bits too many"
        raise ValueError(message)
    return data
