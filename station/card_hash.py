"""The club-wide keyed hash by which cards are looked up, so that no cache holds a card number."""

import hashlib
import hmac

KEY_BYTES = 32


def card_hash(key: bytes, number: str) -> int:
    """Return the 63-bit look-up value of card ``number`` under the club's 32-byte ``key``.

    HMAC-SHA-256 (RFC 2104) over the number in UTF-8, first 8 bytes big-endian, top bit cleared so
    that it fits SQLite's signed INTEGER. Raises ``ValueError`` on a key of another length.
    """
    if len(key) != KEY_BYTES:
        message = f"the card key has {KEY_BYTES} bytes, got {len(key)}"
        raise ValueError(message)
    digest = hmac.digest(key, number.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") & (1 << 63) - 1
