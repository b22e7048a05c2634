"""The member's phone as a card: a grant that head office signed, and a code the phone makes every 20 seconds.

The grant, which the phone keeps, the highest byte first: ``01``; key id, 2; not after, in days since
2000-01-01, 2; length of the card number, 1, and the number in ASCII; the phone's Ed25519 public key, 32;
head office's signature, 64, over ``GRANT_SIGNED`` and all bytes before it. The code is the grant; the moment
it was made in seconds since 2000-01-01 UTC, 4; the phone's signature, 64, over ``CODE_SIGNED``, the
SHA-256 of the grant and the moment. docs/card-bytes.md has an example.
"""

import hashlib
from dataclasses import dataclass, field

from station.card_bytes import (
    EPOCH_US,
    KEY_BYTES,
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

PASS_VERSION = 1
GRANT_SIGNED = b"card-station pass 1\0"
CODE_SIGNED = b"card-station pass code 1\0"
CODE_LEAD = "CS1P"
RENEWED_S = 20
"""How often a phone makes another code."""
LIFE_S = 60
"""How long a code is good."""
AHEAD_S = 30
"""How far a phone's clock may be ahead of the station's."""
MARK_BYTES = 8
MOMENT_BYTES = 4
_SECOND_US = 1_000_000
_MOST_SECONDS = (1 << 8 * MOMENT_BYTES) - 1


@dataclass(frozen=True, slots=True)
class Grant:
    """Head office's word that the phone with the raw public key ``phone_key`` (32 bytes) may show card ``number``.

    Signed by the issuing key ``key_id``, good through the local day ``not_after`` (``YYYY-MM-DD``).
    """

    key_id: int
    not_after: str
    number: str = field(repr=False)
    phone_key: bytes = field(repr=False)
    signature: bytes = field(default=bytes(SIGNATURE_BYTES), repr=False)


@dataclass(frozen=True, slots=True)
class MemberPass:
    """One code of a phone, made at ``moment`` (seconds since 2000-01-01 UTC) by its own clock."""

    grant: Grant
    moment: int
    signature: bytes = field(default=bytes(SIGNATURE_BYTES), repr=False)

    @property
    def utc_us(self) -> int:
        """When the code was made, µs since 1970 UTC."""
        return EPOCH_US + self.moment * _SECOND_US


def moment_of(utc_us: int) -> int:
    """Return the moment of a code made at ``utc_us`` (µs since 1970 UTC)."""
    return (utc_us - EPOCH_US) // _SECOND_US


def granted_part(grant: Grant) -> bytes:
    """Return what head office's signature is over. Raises ``ValueError`` as ``pack_grant``."""
    return GRANT_SIGNED + _body(grant)


def signed_part(code: MemberPass) -> bytes:
    """Return what the phone's signature is over. Raises ``ValueError`` as ``pack``."""
    return CODE_SIGNED + hashlib.sha256(pack_grant(code.grant)).digest() + _moment_bytes(code.moment)


def pack_grant(grant: Grant) -> bytes:
    """Return the bytes of ``grant``. Raises ``ValueError``, by field, for a figure the form cannot hold."""
    return _body(grant) + checked_length(grant.signature, SIGNATURE_BYTES, "signature")


def unpack_grant(data: bytes) -> Grant:
    """Return the grant whose bytes are ``data``; not checked yet. Raises ``ValueError`` that names the field."""
    fields = Fields(data)
    grant = _grant(fields)
    fields.end()
    return grant


def pack(code: MemberPass) -> bytes:
    """Return the bytes of ``code``. Raises ``ValueError`` as ``pack_grant``."""
    return (pack_grant(code.grant) + _moment_bytes(code.moment)
            + checked_length(code.signature, SIGNATURE_BYTES, "the phone's signature"))


def unpack(data: bytes) -> MemberPass:
    """Return the code whose bytes are ``data``; not checked yet. Raises ``ValueError`` that names the field."""
    fields = Fields(data)
    grant = _grant(fields)
    moment = fields.whole(MOMENT_BYTES, "moment")
    signature = fields.take(SIGNATURE_BYTES, "the phone's signature")
    fields.end()
    return MemberPass(grant, moment, signature)


def to_text(code: MemberPass) -> str:
    """Return ``code`` as the text a scanner reads: ``CODE_LEAD`` and base 32. Raises ``ValueError`` as ``pack``."""
    return code_text(CODE_LEAD, pack(code))


def from_text(text: str) -> MemberPass:
    """Return the code in ``text``. Raises ``ValueError`` as ``unpack``."""
    return unpack(code_bytes(CODE_LEAD, text))


def mark_of(content: bytes) -> str:
    """Return by which a packed code is known to have been shown: 8 bytes of its SHA-256, in hexadecimal."""
    return hashlib.sha256(content).digest()[:MARK_BYTES].hex()


def _grant(fields: Fields) -> Grant:
    fields.version(PASS_VERSION)
    key_id = fields.whole(KEY_ID_BYTES, "key id")
    key_id_bytes(key_id)
    not_after = fields.day("not after")
    if not not_after:
        message = "not after: 0, expected a day"
        raise ValueError(message)
    number = fields.number()
    phone_key = fields.take(KEY_BYTES, "the phone's key")
    return Grant(key_id, not_after, number, phone_key, fields.take(SIGNATURE_BYTES, "signature"))


def _body(grant: Grant) -> bytes:
    if not grant.not_after:
        message = "not after: a grant ends some day"
        raise ValueError(message)
    return (bytes((PASS_VERSION,)) + key_id_bytes(grant.key_id) + day_bytes(grant.not_after, "not after")
            + number_bytes(grant.number) + checked_length(grant.phone_key, KEY_BYTES, "the phone's key"))


def _moment_bytes(moment: int) -> bytes:
    if not 0 <= moment <= _MOST_SECONDS:
        message = f"moment: {moment}, expected 0 to {_MOST_SECONDS}"
        raise ValueError(message)
    return moment.to_bytes(MOMENT_BYTES, "big")
