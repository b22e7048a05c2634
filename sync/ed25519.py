"""Ed25519 keys and detached signatures (RFC 8032), and what people compare of a key."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_FINGER_BYTES = 8
_FINGER_GROUP = 4


def new_key() -> bytes:
    """Return a fresh raw Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(raw: bytes) -> bytes:
    """Return the raw public key (32 bytes) of the private key ``raw``; ``ValueError`` if it is none."""
    return Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()


def sign_bytes(raw: bytes, message: bytes) -> bytes:
    """Return the detached signature (64 bytes) of ``message`` by the private key ``raw``."""
    return Ed25519PrivateKey.from_private_bytes(raw).sign(message)


def fingerprint(public: bytes) -> str:
    """Return what people compare of a raw ``public`` key: the first 64 bits of its SHA-256 in four groups."""
    text = hashlib.sha256(public).hexdigest()[:2 * _FINGER_BYTES]
    return "-".join(text[at:at + _FINGER_GROUP] for at in range(0, len(text), _FINGER_GROUP))


def key_text(station: str, public: bytes) -> bytes:
    """Return what the key ``public`` signs to show that ``station`` has its private half."""
    return b"card-station key 1\n" + station.encode() + b"\n" + public


def decoded(text: str, length: int) -> bytes:
    """Return the ``length`` bytes that ``text`` is the base 64 of; ``ValueError`` when it is not."""
    data = base64.b64decode(text, validate=True)
    if len(data) != length:
        message = f"{len(data)} bytes, expected {length}"
        raise ValueError(message)
    return data


class Ed25519Verifier:
    """The ``station.ports.Verifier`` of one raw public key (32 bytes; ``ValueError`` if it is none)."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(key)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether ``signature`` over ``message`` is good."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True
