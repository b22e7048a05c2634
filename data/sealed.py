"""Secrets outside the key store: sealed to head office's recovery key, or locked under the database key.

A sealed key is 96 bytes: "CSS1", an ephemeral X25519 public key (32), a nonce (12), and the 32-byte
key under AES-256-GCM (48). The cipher's key is HKDF-SHA256 (RFC 5869) of the shared secret, salted
with both public keys. What is locked is "CSL1", a nonce (12), and the content under AES-256-GCM,
keyed by HKDF-SHA256 of the database key. The four letters are authenticated with the content.
"""

import contextlib
import itertools
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_SEALED = b"CSS1"
_LOCKED = b"CSL1"
_SEALED_BYTES = len(_SEALED) + KEY_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


def new_recovery_key() -> bytes:
    """Return a fresh raw X25519 private key (32 bytes)."""
    return X25519PrivateKey.generate().private_bytes_raw()


def recovery_public(private: bytes) -> bytes:
    """Return the raw public half (32 bytes) of ``private``; ``ValueError`` if it is no X25519 key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(key: bytes, recovery_key: bytes) -> bytes:
    """Return the 32-byte ``key`` sealed so that only the private half of ``recovery_key`` opens it.

    Raises ``ValueError`` when ``recovery_key`` is no usable X25519 public key.
    """
    ephemeral = X25519PrivateKey.generate()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recovery_key))
    public = ephemeral.public_key().public_bytes_raw()
    return _SEALED + public + _encrypt(_derive(shared, _SEALED, public + recovery_key), key, _SEALED)


def unseal(sealed: bytes, private: bytes) -> bytes:
    """Return the key in ``sealed``, opened by the raw ``private`` recovery key.

    Raises ``ValueError`` when it is no sealed key, was altered, or is sealed to another key.
    """
    if len(sealed) != _SEALED_BYTES or not sealed.startswith(_SEALED):
        message = "this is not a sealed database key"
        raise ValueError(message)
    ours = X25519PrivateKey.from_private_bytes(private)
    public, rest = sealed[len(_SEALED):][:KEY_BYTES], sealed[len(_SEALED) + KEY_BYTES:]
    shared = ours.exchange(X25519PublicKey.from_public_bytes(public))
    key = _derive(shared, _SEALED, public + ours.public_key().public_bytes_raw())
    return _decrypt(key, rest, _SEALED)


def lock(content: bytes, key: bytes) -> bytes:
    """Return ``content`` encrypted under what is derived from the database ``key``."""
    return _LOCKED + _encrypt(_derive(key, _LOCKED), content, _LOCKED)


def unlock(locked: bytes, key: bytes) -> bytes:
    """Return the content of ``locked``. Raises ``ValueError`` when it was altered or has another key."""
    if not locked.startswith(_LOCKED):
        message = "this was not locked by this program"
        raise ValueError(message)
    return _decrypt(_derive(key, _LOCKED), locked[len(_LOCKED):], _LOCKED)


def seal_content(content: bytes, *publics: bytes) -> bytes:
    """Return ``content`` so that the private half of any of ``publics`` opens it.

    It is a fresh key, sealed to each of them, and then the content locked under it. Raises
    ``ValueError`` when one is no usable X25519 key.
    """
    key = os.urandom(KEY_BYTES)
    return b"".join(seal(key, public) for public in publics) + lock(content, key)


def unseal_content(sealed: bytes, *privates: bytes) -> bytes:
    """Return what ``seal_content`` sealed, opened by any of ``privates``.

    Raises ``ValueError`` when it was altered, or is sealed to none of them.
    """
    keys: list[bytes] = []
    while sealed.startswith(_SEALED):
        keys.append(sealed[:_SEALED_BYTES])
        sealed = sealed[_SEALED_BYTES:]
    for key, private in itertools.product(keys, privates):
        with contextlib.suppress(ValueError):
            return unlock(sealed, unseal(key, private))
    message = "this was altered, or is sealed to another key"
    raise ValueError(message)


def _derive(secret: bytes, purpose: bytes, salt: bytes = b"") -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, b"card-station " + purpose).derive(secret))


def _encrypt(cipher: AESGCM, content: bytes, purpose: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, purpose)


def _decrypt(cipher: AESGCM, content: bytes, purpose: bytes) -> bytes:
    try:
        return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], purpose)
    except InvalidTag:
        message = "this was altered, or belongs to another key"
        raise ValueError(message) from None
