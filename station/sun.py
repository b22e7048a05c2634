"""The code that an NTAG 424 DNA adds to its address at every tap (SUN: secure unique NFC message).

The address is ``https://HOST/c/NUMBER?u=UID&n=COUNTER&m=MAC``: 14, 6 and 16 hexadecimal digits, mirrored
in plain (NXP AN12196), the MAC over nothing but UID and counter through its session key, so that head
office can reckon the next answers ahead. The encrypted form, ``?p=PICCDATA&m=MAC`` with 32 and 16 digits,
only head office can read. A ``station.card.Proof`` holds UID 7, counter 3 (highest byte first), MAC 8; or
PICC data 16, MAC 8. docs/card-bytes.md has an example.
"""

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from station.card_bytes import Fields, checked_length, checked_number

UID_BYTES = 7
COUNTER_BYTES = 3
MAC_BYTES = 8
MESSAGE_BYTES = UID_BYTES + COUNTER_BYTES + MAC_BYTES
PICC_BYTES = 16
SEALED_BYTES = PICC_BYTES + MAC_BYTES
ANSWER_BYTES = 8
MOST_COUNTER = 0xFF_FFFF
ANSWERED = b"card-station tap\0"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?", re.ASCII)
_ADDRESS = re.compile(
    r"https://[A-Za-z0-9.-]+(?::[0-9]+)?/c/(?P<number>[0-9A-Z]+)\?"
    r"(?:u=(?P<uid>[0-9A-Fa-f]{14})&n=(?P<counter>[0-9A-Fa-f]{6})|p=(?P<picc>[0-9A-Fa-f]{32}))"
    r"&m=(?P<mac>[0-9A-Fa-f]{16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SunMessage:
    """What a chip said at one tap: its ``uid`` (upper-case hexadecimal, 7 bytes), the ``counter`` and the ``mac``."""

    uid: str = field(repr=False)
    counter: int
    mac: bytes = field(repr=False)


def pack(message: SunMessage) -> bytes:
    """Return the 18 bytes of ``message``. Raises ``ValueError``, by field."""
    uid = checked_length(bytes.fromhex(message.uid), UID_BYTES, "UID")
    if not 0 <= message.counter <= MOST_COUNTER:
        words = f"counter: {message.counter}, expected 0 to {MOST_COUNTER}"
        raise ValueError(words)
    return uid + message.counter.to_bytes(COUNTER_BYTES, "big") + checked_length(message.mac, MAC_BYTES, "MAC")


def unpack(content: bytes) -> SunMessage:
    """Return the message in the 18 bytes ``content``; not checked yet. Raises ``ValueError``."""
    fields = Fields(content)
    uid = fields.take(UID_BYTES, "UID").hex().upper()
    counter = fields.whole(COUNTER_BYTES, "counter")
    mac = fields.take(MAC_BYTES, "MAC")
    fields.end()
    return SunMessage(uid, counter, mac)


def is_sealed(content: bytes) -> bool:
    """Return whether ``content`` is of the encrypted form, which says nothing without head office's key."""
    return len(content) == SEALED_BYTES


def to_address(host: str, number: str, message: SunMessage) -> str:
    """Return the address a chip shows for ``message``. Raises ``ValueError``."""
    if not _HOST.fullmatch(host):
        words = f"not a host: {quote(host)}"
        raise ValueError(words)
    content = pack(message).hex().upper()
    uid, counter, mac = content[:2 * UID_BYTES], content[2 * UID_BYTES:-2 * MAC_BYTES], content[-2 * MAC_BYTES:]
    return f"https://{host}/c/{checked_number(number)}?u={uid}&n={counter}&m={mac}"


def from_address(address: str) -> tuple[str, bytes]:
    """Return the card number in ``address`` and the bytes of its proof, in either form; ``ValueError`` for another."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        words = "not the address of a tap"
        raise ValueError(words)
    number = checked_number(found["number"])
    return number, bytes.fromhex((found["picc"] or found["uid"] + found["counter"]) + found["mac"])


def answer(message: SunMessage) -> bytes:
    """Return the 8 bytes by which a tap is known: of the SHA-256 over ``ANSWERED`` and the packed message.

    They say whether a tap is genuine, and nobody can make a tap of them. Raises ``ValueError`` as ``pack``.
    """
    return hashlib.sha256(ANSWERED + pack(message)).digest()[:ANSWER_BYTES]
