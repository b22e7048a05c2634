"""The club-wide keyed hash by which cards are looked up, so that no cache holds a card number."""

import hashlib

KEY_BYTES = 32
_BLOCK_BYTES = 64
_INNER, _OUTER = bytes(x ^ 0x36 for x in range(256)), bytes(x ^ 0x5C for x in range(256))


class CardHasher:
    """``card_hash`` under one key. The key is mixed in once: a look-up at the counter has no time to do it again."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Raise ``ValueError`` on a key that has not 32 bytes."""
        if len(key) != KEY_BYTES:
            message = f"the card key has {KEY_BYTES} bytes, got {len(key)}"
            raise ValueError(message)
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))

    def hash(self, number: str) -> int:
        """Return the 63-bit look-up value of card ``number``.

        HMAC-SHA-256 (RFC 2104) over the number in UTF-8, first 8 bytes big-endian, top bit cleared so
        that it fits SQLite's signed INTEGER.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(number.encode())
        outer.update(inner.digest())
        return int.from_bytes(outer.digest()[:8], "big") & (1 << 63) - 1


def card_hash(key: bytes, number: str) -> int:
    """Return the look-up value of ``number`` under the club's 32-byte ``key``; as ``CardHasher``."""
    return CardHasher(key).hash(number)
