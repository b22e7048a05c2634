"""When a contactless card's UID may serve as a card number."""

from station.errors import ErrorCode, StationError

UID_LENGTHS = frozenset({4, 7, 8, 10})
"""ISO/IEC 14443-3 A: 4, 7 or 10 bytes; FeliCa and ISO/IEC 15693: 8."""
RANDOM_LENGTH = 4
RANDOM_FIRST = 0x08


def number_of(uid: bytes) -> str:
    """Return the card number of ``uid``: upper-case hexadecimal.

    Raises ``StationError``: CARD_NUMBER_RANDOM for a 4-byte UID that begins with 08, which the
    card draws anew each time (ISO/IEC 14443-3, 6.5.4; phones and cards in random-ID mode do so);
    CARD_UNREADABLE (``bytes``) for a length no card has.
    """
    if len(uid) not in UID_LENGTHS:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(uid))
    if len(uid) == RANDOM_LENGTH and uid[0] == RANDOM_FIRST:
        raise StationError(ErrorCode.CARD_NUMBER_RANDOM)
    return uid.hex().upper()
