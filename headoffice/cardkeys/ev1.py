"""AuthenticateAES and the secure messaging after it, as DESFire EV1 brought it and all later ones know it.

Source: libfreefare and the traces in its successors' tests; NXP publishes the command set under agreement only.
One initialisation vector goes through all that is said in a session.
"""

from hmac import compare_digest

from headoffice.cardkeys.aes import BLOCK, MAC_BYTES, ZERO, cmac, crc, decrypt, encrypt, exclusive_or, turned
from headoffice.cardkeys.apdu import MORE, OK, CardRefusedError, native, require
from station.errors import ErrorCode

FIRST, NEXT = 0xAA, 0xAF
CHANGE_KEY = 0xC4
_GOOD = b"\0"


def session_key(ours: bytes, theirs: bytes) -> bytes:
    """Return the session's key made of both sides' random numbers (RndA, RndB)."""
    return ours[:4] + theirs[:4] + ours[12:] + theirs[12:]


class Ev1Session:
    """What both sides know after authentication."""

    def __init__(self, key: bytes) -> None:
        """Begin with the session's ``key``."""
        self.key = key
        self.iv = ZERO

    def plain(self, command: int, data: bytes) -> bytes:
        """Return a command whose data go unprotected; it goes into the chain all the same."""
        self.iv = cmac(self.key, bytes((command,)) + data, self.iv)
        return native(command, data)

    def answer(self, raw: bytes, code: ErrorCode) -> bytes:
        """Return the data of a signed answer, as every answer is. Raises ``CardRefusedError`` as ``Ev2Session``."""
        body = require(raw, OK, code)
        data, said = body[:-MAC_BYTES], body[-MAC_BYTES:]
        self.iv = cmac(self.key, data + _GOOD, self.iv)
        if not compare_digest(self.iv[:MAC_BYTES], said):
            raise CardRefusedError(ErrorCode.CARD_FORGED, "MAC")
        return data

    plain_answer = answer

    def change_key(self, number: int, new: bytes, old: bytes | None, version: int) -> bytes:
        """Return the command that replaces key ``number``; ``old`` is None for the one authenticated with.

        After that one the session is over and the answer is not signed.
        """
        body = (new if old is None else exclusive_or(new, old)) + bytes((version,))
        body += crc(bytes((CHANGE_KEY, number)) + body) + (b"" if old is None else crc(new))
        sealed = encrypt(self.key, body.ljust(-(-len(body) // BLOCK) * BLOCK, b"\0"), self.iv)
        self.iv = sealed[-BLOCK:]
        return native(CHANGE_KEY, bytes((number,)) + sealed)


def first_command(number: int) -> bytes:
    """Return the first command of an authentication with key ``number``."""
    return native(FIRST, bytes((number,)))


class Authentication:
    """One authentication from the card's challenge on. ``ours`` are 16 random bytes (RndA)."""

    def __init__(self, key: bytes, ours: bytes, raw: bytes) -> None:
        """Take the card's answer to the first command. Raises ``CardRefusedError`` CARD_FORGED or CARD_UNREADABLE."""
        self._challenge = require(raw, MORE, ErrorCode.CARD_FORGED, BLOCK)
        self._theirs = decrypt(key, self._challenge)
        self._key, self._ours = key, ours
        self._sealed = encrypt(key, ours + turned(self._theirs), self._challenge)

    def command(self) -> bytes:
        """Return the second command: both random numbers, encrypted."""
        return native(NEXT, self._sealed)

    def session(self, raw: bytes) -> Ev1Session:
        """Return the session. Raises ``CardRefusedError`` CARD_FORGED (SECRET) unless the card knows the key."""
        told = decrypt(self._key, require(raw, OK, ErrorCode.CARD_FORGED, BLOCK), self._sealed[-BLOCK:])
        if not compare_digest(told, turned(self._ours)):
            raise CardRefusedError(ErrorCode.CARD_FORGED, "SECRET")
        return Ev1Session(session_key(self._ours, self._theirs))
