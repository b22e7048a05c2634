"""Pairing codes: a secret that station and head office share for a quarter of an hour.

A code is 25 letters of Crockford's base 32 (no I, L, O, U), in groups of five. The first five are
its public name, the other twenty, 100 random bits, are the secret and never leave either side: what
travels are HMACs under a key derived from them. So each side proves itself to the other, and who
stands between can neither read the secret off the line nor put a key of his own in place of one.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
NAME_LETTERS = 5
SECRET_LETTERS = 20
CA = "ca"
STATION = "station"
OFFICE = "office"
_LABEL = b"card-station pairing 1\0"
_ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Code:
    """A code: its public ``name``, and the 32-byte ``key`` that is derived from its secret letters."""

    name: str
    key: bytes = field(repr=False)

    def proof(self, what: str, *parts: bytes) -> bytes:
        """Return the proof that whoever said ``parts`` knows the code; see the function."""
        return proof(self.key, self.name, what, *parts)


def fresh(random_bytes: Callable[[int], bytes]) -> str:
    """Return a fresh code as people read it, out of ``random_bytes(n)``."""
    # 32 divides 256, so the rest of a random byte is evenly spread.
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in random_bytes(NAME_LETTERS + SECRET_LETTERS))
    return "-".join(letters[at:at + GROUP] for at in range(0, len(letters), GROUP))


def read(text: str) -> Code:
    """Return the code in ``text`` as a person typed it: any case, blanks, dashes, O for 0, I or L for 1.

    Raises ``ValueError`` when it is not 25 letters of a code.
    """
    letters = "".join(text.split()).replace("-", "").upper().translate(_ALIKE)
    if len(letters) != NAME_LETTERS + SECRET_LETTERS or not set(letters) <= set(LETTERS):
        message = f"a code has {NAME_LETTERS + SECRET_LETTERS} letters"
        raise ValueError(message)
    name, secret = letters[:NAME_LETTERS], letters[NAME_LETTERS:]
    return Code(name, hmac.digest(secret.encode(), _LABEL + name.encode(), hashlib.sha256))


def proof(key: bytes, name: str, what: str, *parts: bytes) -> bytes:
    """Return HMAC-SHA-256 (RFC 2104) under ``key`` over the code's ``name``, ``what`` is said, and its ``parts``.

    Each part is led by its length (8 bytes, big-endian), so that no two lists look alike.
    """
    said = b"".join(len(part).to_bytes(8, "big") + part for part in (name.encode(), what.encode(), *parts))
    return hmac.digest(key, _LABEL + said, hashlib.sha256)


def proven(given: bytes, expected: bytes) -> bool:
    """Return whether both proofs are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(given, expected)
