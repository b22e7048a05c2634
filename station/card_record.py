"""The record by which head office signs a card's number, and how it lies on a chip, a stripe or in a code.

Bytes, the highest first: ``01``; key id, 2; expiry in days since 2000-01-01, 2 (0: never); length of the
chip's UID, 1, and the UID; length of the number, 1, and the number in ASCII; the Ed25519 signature (RFC
8032), 64, over ``SIGNED`` and all bytes before it. docs/card-bytes.md has an example.
"""

from dataclasses import dataclass, field

from station.card_bytes import (
    DAY_BYTES,
    KEY_ID_BYTES,
    SIGNATURE_BYTES,
    Fields,
    checked_length,
    code_bytes,
    code_text,
    day_bytes,
    key_id_bytes,
    number_bytes,
)

RECORD_VERSION = 1
SIGNED = b"card-station card record 1\0"
RECORD_TYPE = "card-station:r"
"""The NDEF external type of a record on a tag; its payload is ``pack``."""
CODE_LEAD = "CS1R"
UID_LENGTHS = frozenset({0, 4, 7, 8, 10})
"""Bytes of a UID: ISO/IEC 14443-3 A 4, 7 or 10; FeliCa and ISO/IEC 15693 8; 0 without a chip."""
TRACK_1_LETTER = "R"
"""What track 1 begins with: ISO/IEC 7813 leaves format codes N to Z to the issuer."""
TRACK_3_DIGIT = "0"
"""What track 3 begins with: no bank's number begins with it, so no guard takes the digits for one."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_ON_TRACK_1 = 44
_TRACK_1_LETTERS = 75  # 26**75 > 256**44; with letter, sentinels and LRC the 79 characters of track 1
_ON_TRACK_3 = KEY_ID_BYTES + DAY_BYTES + SIGNATURE_BYTES - _ON_TRACK_1
_TRACK_3_DIGITS = 58  # 10**58 > 256**24; of the 107 characters of track 3


@dataclass(frozen=True, slots=True)
class CardRecord:
    """What head office says of a card with the issuing key ``key_id``.

    ``expires`` is the last local day it is good (``YYYY-MM-DD``), "" for always; ``uid`` the chip's, in
    upper-case hexadecimal, "" without a chip; ``signature`` 64 bytes.
    """

    key_id: int
    expires: str
    uid: str = field(repr=False)
    number: str = field(repr=False)
    signature: bytes = field(default=bytes(SIGNATURE_BYTES), repr=False)


def signed_part(record: CardRecord) -> bytes:
    """Return what the signature of ``record`` is over. Raises ``ValueError`` as ``pack``."""
    return SIGNED + _body(record)


def pack(record: CardRecord) -> bytes:
    """Return the bytes of ``record``. Raises ``ValueError``, by field, for a figure the form cannot hold."""
    return _body(record) + checked_length(record.signature, SIGNATURE_BYTES, "signature")


def unpack(data: bytes) -> CardRecord:
    """Return the record whose bytes are ``data``; not checked yet. Raises ``ValueError`` that names the field."""
    fields = Fields(data)
    fields.version(RECORD_VERSION)
    key_id = fields.whole(KEY_ID_BYTES, "key id")
    key_id_bytes(key_id)
    expires = fields.day("expiry")
    uid = _checked_uid(fields.counted("UID"))
    number = fields.number()
    signature = fields.take(SIGNATURE_BYTES, "signature")
    fields.end()
    return CardRecord(key_id, expires, uid.hex().upper(), number, signature)


def to_text(record: CardRecord) -> str:
    """Return ``record`` as the text of a code: ``CODE_LEAD`` and base 32. Raises ``ValueError`` as ``pack``."""
    return code_text(CODE_LEAD, pack(record))


def from_text(text: str) -> CardRecord:
    """Return the record in the code ``text``. Raises ``ValueError`` as ``unpack``."""
    return unpack(code_bytes(CODE_LEAD, text))


def to_tracks(record: CardRecord) -> tuple[str, str]:
    """Return what tracks 1 and 3 hold of ``record`` between their sentinels; its number stands on track 2.

    Track 1: ``TRACK_1_LETTER`` and 75 letters, the number in base 26 (A is 0) of key id, expiry and the
    first 40 bytes of the signature; track 3: ``TRACK_3_DIGIT`` and 58 digits, the number in base 10 of the
    other 24 bytes. Raises ``ValueError`` as ``pack``, and for a record of a chip.
    """
    if record.uid:
        message = "UID: a stripe has no chip"
        raise ValueError(message)
    data = pack(record)
    kept = data[1:1 + KEY_ID_BYTES + DAY_BYTES] + data[-SIGNATURE_BYTES:]
    return (TRACK_1_LETTER + _spelt(kept[:_ON_TRACK_1], _LETTERS, _TRACK_1_LETTERS),
            TRACK_3_DIGIT + _spelt(kept[_ON_TRACK_1:], _DIGITS, _TRACK_3_DIGITS))


def from_tracks(number: str, track_1: str, track_3: str) -> CardRecord:
    """Return the record of the card ``number`` from what its tracks 1 and 3 hold between their sentinels.

    Raises ``ValueError`` when they hold no record, or ``number`` is none.
    """
    kept = _read(track_1, TRACK_1_LETTER, _LETTERS, _TRACK_1_LETTERS, _ON_TRACK_1) \
        + _read(track_3, TRACK_3_DIGIT, _DIGITS, _TRACK_3_DIGITS, _ON_TRACK_3)
    told, signature = kept[:-SIGNATURE_BYTES], kept[-SIGNATURE_BYTES:]
    return unpack(bytes((RECORD_VERSION,)) + told + bytes(1) + number_bytes(number) + signature)


def _body(record: CardRecord) -> bytes:
    uid = _checked_uid(bytes.fromhex(record.uid))
    return (bytes((RECORD_VERSION,)) + key_id_bytes(record.key_id) + day_bytes(record.expires, "expiry")
            + bytes((len(uid),)) + uid + number_bytes(record.number))


def _checked_uid(uid: bytes) -> bytes:
    if len(uid) not in UID_LENGTHS:
        message = f"UID: {len(uid)} bytes, expected one of {sorted(UID_LENGTHS)}"
        raise ValueError(message)
    return uid


def _spelt(data: bytes, characters: str, length: int) -> str:
    """Return ``data`` as a number in the base of ``characters``, ``length`` of them, the highest first."""
    value, spelt = int.from_bytes(data, "big"), ""
    for _ in range(length):
        value, rest = divmod(value, len(characters))
        spelt = characters[rest] + spelt
    return spelt


def _read(text: str, lead: str, characters: str, length: int, size: int) -> bytes:
    """Return the ``size`` bytes that ``_spelt`` wrote after ``lead``."""
    spelt = text.removeprefix(lead)
    if spelt == text or len(spelt) != length or not set(spelt) <= set(characters):
        message = f"no record: expected {lead} and {length} of {characters[0]} to {characters[-1]}"
        raise ValueError(message)
    value = 0
    for character in spelt:
        value = value * len(characters) + characters.index(character)
    if value >> 8 * size:
        message = f"no record: more than {size} bytes after {lead}"
        raise ValueError(message)
    return value.to_bytes(size, "big")
