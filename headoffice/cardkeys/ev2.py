"""AuthenticateEV2First and the secure messaging after it: NTAG 424 DNA, DESFire EV2 and EV3 (NT4H2421Gx 9.1)."""

from dataclasses import dataclass, field
from hmac import compare_digest

from headoffice.cardkeys.aes import (
    BLOCK,
    MAC_BYTES,
    ZERO,
    cmac,
    crc,
    decrypt,
    encrypt,
    exclusive_or,
    padded,
    short_mac,
    turned,
)
from headoffice.cardkeys.apdu import MORE, OK, CardRefusedError, native, require
from station.errors import ErrorCode

FIRST, NEXT = 0x71, 0xAF
CHANGE_KEY = 0xC4
NO_CAPABILITIES = b"\0"
_ENCRYPTION_LABEL, _MAC_LABEL = bytes.fromhex("A55A00010080"), bytes.fromhex("5AA500010080")
_COMMAND_IV = bytes.fromhex("A55A")
_TI_BYTES = 4
_LRP_CHALLENGE = BLOCK + 1
_GOOD = b"\0"


def session_keys(key: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, bytes]:
    """Return the keys for encryption and for signing made of both sides' random numbers (RndA, RndB)."""
    common = ours[:2] + exclusive_or(ours[2:8], theirs[:6]) + theirs[6:] + ours[8:]
    return cmac(key, _ENCRYPTION_LABEL + common), cmac(key, _MAC_LABEL + common)


@dataclass(slots=True)
class Ev2Session:
    """What both sides know after authentication; ``counter`` counts the commands since."""

    encryption: bytes = field(repr=False)
    signing: bytes = field(repr=False)
    transaction: bytes
    counter: int = 0

    def plain(self, command: int, data: bytes) -> bytes:
        """Return a command that the file's settings let go unprotected; it is counted all the same."""
        return native(command, data)

    def plain_answer(self, raw: bytes, code: ErrorCode) -> bytes:
        """Return what an unprotected command was answered. Raises ``CardRefusedError``."""
        self.counter += 1
        return require(raw, OK, code)

    def full(self, command: int, header: bytes, data: bytes) -> bytes:
        """Return a command with encrypted ``data`` and a signature over all."""
        sealed = encrypt(self.encryption, padded(data), self.iv(_COMMAND_IV))
        signed = bytes((command,)) + self._count() + self.transaction + header + sealed
        return native(command, header + sealed + short_mac(cmac(self.signing, signed)))

    def answer(self, raw: bytes, code: ErrorCode) -> bytes:
        """Return the data, still encrypted if they are, of a signed answer.

        Raises ``CardRefusedError``: ``code`` for a refusal of the card's, CARD_FORGED for a wrong signature.
        """
        self.counter += 1
        body = require(raw, OK, code)
        data, said = body[:-MAC_BYTES], body[-MAC_BYTES:]
        signed = _GOOD + self._count() + self.transaction + data
        if not compare_digest(short_mac(cmac(self.signing, signed)), said):
            raise CardRefusedError(ErrorCode.CARD_FORGED, "MAC")
        return data

    def change_key(self, number: int, new: bytes, old: bytes | None, version: int) -> bytes:
        """Return the command that replaces key ``number``; ``old`` is None for the one authenticated with.

        After that one the session is over and the answer is not signed.
        """
        body = new + bytes((version,)) if old is None else (
            exclusive_or(new, old) + bytes((version,)) + crc(new))
        return self.full(CHANGE_KEY, bytes((number,)), body)

    def iv(self, label: bytes) -> bytes:
        """Return the IV of the next command's data (``label`` A55A), or of its answer's (5AA5)."""
        return encrypt(self.encryption, (label + self.transaction + self._count()).ljust(BLOCK, b"\0"), ZERO)

    def _count(self) -> bytes:
        return self.counter.to_bytes(2, "little")


def first_command(number: int) -> bytes:
    """Return the first command of an authentication with key ``number``."""
    return native(FIRST, bytes((number,)) + NO_CAPABILITIES)


class Authentication:
    """One authentication from the card's challenge on. ``ours`` are 16 random bytes (RndA)."""

    def __init__(self, key: bytes, ours: bytes, raw: bytes) -> None:
        """Take the card's answer to the first command.

        Raises ``CardRefusedError``: CARD_FORGED (SECRET) when there is no such key, CARD_NOT_WRITABLE (LRP) from
        a chip in LRP mode, which is not offered, CARD_UNREADABLE.
        """
        challenge = require(raw, MORE, ErrorCode.CARD_FORGED)
        if len(challenge) == _LRP_CHALLENGE:
            raise CardRefusedError(ErrorCode.CARD_NOT_WRITABLE, "LRP")
        self._theirs = decrypt(key, require(raw, MORE, ErrorCode.CARD_FORGED, BLOCK))
        self._key, self._ours = key, ours

    def command(self) -> bytes:
        """Return the second command: both random numbers, encrypted."""
        return native(NEXT, encrypt(self._key, self._ours + turned(self._theirs)))

    def session(self, raw: bytes) -> Ev2Session:
        """Return the session. Raises ``CardRefusedError`` CARD_FORGED (SECRET) unless the card knows the key."""
        told = decrypt(self._key, require(raw, OK, ErrorCode.CARD_FORGED, 2 * BLOCK))
        if not compare_digest(told[_TI_BYTES:_TI_BYTES + BLOCK], turned(self._ours)):
            raise CardRefusedError(ErrorCode.CARD_FORGED, "SECRET")
        return Ev2Session(*session_keys(self._key, self._ours, self._theirs), told[:_TI_BYTES])
