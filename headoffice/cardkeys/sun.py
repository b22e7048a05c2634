"""Secure Unique NFC messages of NTAG 424 DNA, AES mode (NXP AN12196, NT4H2421Gx 9.3): what a tap says and proves."""

from hmac import compare_digest

from headoffice.cardkeys.aes import BLOCK, ZERO, cmac, decrypt, encrypt, short_mac

UID_BYTES, COUNTER_BYTES = 7, 3
MOST_COUNTER = 0xFFFFFF
_MAC_LABEL, _ENCRYPTION_LABEL = bytes.fromhex("3CC300010080"), bytes.fromhex("C33C00010080")
_UID_MIRRORED, _COUNTER_MIRRORED = 0x80, 0x40
_LRP_BYTES = 24


def mac_key(file_key: bytes, uid: bytes, counter: int) -> bytes:
    """Return the key under which tap ``counter`` is signed. Raises ``OverflowError`` for a counter above 3 bytes."""
    return _session_key(_MAC_LABEL, file_key, uid, counter)


def encryption_key(file_key: bytes, uid: bytes, counter: int) -> bytes:
    """Return the key under which the file data of tap ``counter`` are encrypted."""
    return _session_key(_ENCRYPTION_LABEL, file_key, uid, counter)


def mac(file_key: bytes, uid: bytes, counter: int, signed: bytes = b"") -> bytes:
    """Return the 8 bytes with which the chip signs tap ``counter``.

    ``signed`` are the characters from the place its settings call the MAC's input up to the MAC: nothing
    when the two are one, as on cards of ours.
    """
    return short_mac(cmac(mac_key(file_key, uid, counter), signed))


def is_good(file_key: bytes, uid: bytes, counter: int, code: bytes, signed: bytes = b"") -> bool:
    """Return whether ``code`` is the chip's signature of tap ``counter``."""
    return compare_digest(mac(file_key, uid, counter, signed), code)


def open_picc_data(meta_key: bytes, sealed: bytes) -> tuple[bytes, int]:
    """Return UID and counter of an encrypted PICCData (16 bytes).

    Raises ``ValueError`` when it holds anything else, as after any wrong key, and for the 24 bytes of the LRP
    mode, which is not offered.
    """
    if len(sealed) != BLOCK:
        message = "LRP mode is not offered" if len(sealed) == _LRP_BYTES else f"PICCData has {BLOCK} bytes"
        raise ValueError(message)
    opened = decrypt(meta_key, sealed)
    if opened[0] != _UID_MIRRORED | _COUNTER_MIRRORED | UID_BYTES:
        message = "no PICCData with a UID of 7 bytes and a counter"
        raise ValueError(message)
    return opened[1:1 + UID_BYTES], int.from_bytes(opened[1 + UID_BYTES:1 + UID_BYTES + COUNTER_BYTES], "little")


def open_file(file_key: bytes, uid: bytes, counter: int, sealed: bytes) -> bytes:
    """Return the encrypted file data of tap ``counter``; ``sealed`` are whole blocks."""
    key = encryption_key(file_key, uid, counter)
    return decrypt(key, sealed, encrypt(key, counter.to_bytes(COUNTER_BYTES, "little").ljust(BLOCK, b"\0"), ZERO))


def _session_key(label: bytes, file_key: bytes, uid: bytes, counter: int) -> bytes:
    return cmac(file_key, label + uid + counter.to_bytes(COUNTER_BYTES, "little"))
