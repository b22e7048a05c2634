"""AES-128 as chip cards use it: CMAC, CBC, and one key per card."""

import zlib

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
MAC_BYTES = 8
ZERO = bytes(BLOCK)
MOST_DIVERSIFIER = 31
_POLYNOMIAL = 0x87
_ALL_ONES = 0xFFFFFFFF


def encrypt(key: bytes, data: bytes, iv: bytes = ZERO) -> bytes:
    """Return ``data``, whole blocks, encrypted in CBC mode."""
    cipher = Cipher(AES(key), CBC(iv)).encryptor()
    return cipher.update(data) + cipher.finalize()


def decrypt(key: bytes, data: bytes, iv: bytes = ZERO) -> bytes:
    """Return ``data``, whole blocks, decrypted in CBC mode."""
    cipher = Cipher(AES(key), CBC(iv)).decryptor()
    return cipher.update(data) + cipher.finalize()


def cmac(key: bytes, message: bytes, iv: bytes = ZERO, least: int = BLOCK) -> bytes:
    """Return the AES-CMAC (RFC 4493), 16 bytes.

    DESFire EV1 begins with the ``iv`` that the last command left; ``least``, whole blocks, is what a shorter
    message is padded to: AN10922 makes even short ones 32 bytes.
    """
    if iv == ZERO and (least == BLOCK or len(message) > least - BLOCK):
        standard = CMAC(AES(key))  # a tenth of the time; answers are made by the thousand
        standard.update(message)
        return standard.finalize()
    whole, filled = subkeys(key)
    size = max(least, -(-len(message) // BLOCK) * BLOCK)
    mask = whole if len(message) == size else filled
    padded = message if len(message) == size else padded_to(message, size)
    return encrypt(key, padded[:-BLOCK] + exclusive_or(padded[-BLOCK:], mask), iv)[-BLOCK:]


def subkeys(key: bytes) -> tuple[bytes, bytes]:
    """Return the CMAC's masks for a last block that is whole, and for one that was padded (RFC 4493, 2.3)."""
    whole = _doubled(encrypt(key, ZERO))
    return whole, _doubled(whole)


def short_mac(mac: bytes) -> bytes:
    """Return the 8 bytes of a CMAC that NTAG 424 and DESFire EV2 send: the second of every two."""
    return mac[1::2]


def diversified(key: bytes, diversifier: bytes, *, to_32: bool = True) -> bytes:
    """Return the key of one card, made of a master ``key`` by AN10922, section 2.2.

    ``diversifier`` (1 to 31 bytes) tells the card and the key's use. Not ``to_32``: as programs do it that
    take a short one as it is, which gives other keys. Raises ``ValueError`` for any other length.
    """
    if not 0 < len(diversifier) <= MOST_DIVERSIFIER:
        message = f"a diversifier has 1 to {MOST_DIVERSIFIER} bytes"
        raise ValueError(message)
    return cmac(key, b"\x01" + diversifier, least=2 * BLOCK if to_32 else BLOCK)


def padded_to(data: bytes, size: int) -> bytes:
    """Return ``data``, less than ``size`` bytes, with 80 and zeros behind it (ISO/IEC 9797-1, method 2)."""
    return (data + b"\x80").ljust(size, b"\0")


def padded(data: bytes) -> bytes:
    """Return ``data`` padded to whole blocks in the same way, by a whole one if need be."""
    return padded_to(data, (len(data) // BLOCK + 1) * BLOCK)


def crc(data: bytes) -> bytes:
    """Return the CRC-32 of a key as chips want it: IEEE 802.3 without the inversion at the end, lowest byte first."""
    return (zlib.crc32(data) ^ _ALL_ONES).to_bytes(4, "little")


def exclusive_or(one: bytes, other: bytes) -> bytes:
    """Return the bytes of two equally long strings exclusive-ored."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def turned(data: bytes) -> bytes:
    """Return ``data`` with its first byte behind the others."""
    return data[1:] + data[:1]


def _doubled(block: bytes) -> bytes:
    value = int.from_bytes(block, "big") << 1
    return ((value ^ (_POLYNOMIAL if value >> 128 else 0)) & (1 << 128) - 1).to_bytes(BLOCK, "big")
