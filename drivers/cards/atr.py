"""What kind of card a reader holds, by its answer to reset (ATR)."""

from enum import Enum

_CONTACTLESS = bytes.fromhex("8001")
_STORAGE = bytes.fromhex("804F0CA000000306")
_ISO_14443_A = 0x03
_TYPE_2_NAMES = frozenset((0x0003, 0x003A))
"""MIFARE Ultralight, which all NTAG21x call themselves too, and Ultralight C."""


class CardKind(Enum):
    """How a card is spoken to.

    TYPE_2: NTAG21x and Ultralight, by memory pages. STORAGE: other contactless memory cards (MIFARE
    Classic, FeliCa, ISO 15693), of which only the UID is asked. CHIP: a contactless processor card or
    a phone (ISO/IEC 14443-4). CONTACT: a card in a slot, which has no UID.
    """

    TYPE_2 = "TYPE_2"
    STORAGE = "STORAGE"
    CHIP = "CHIP"
    CONTACT = "CONTACT"


def kind_of(atr: bytes) -> CardKind:
    """Return the kind of the card with this ATR, which readers make up for contactless ones.

    It is then 3B 8n 80 01 and n historical bytes; those of memory cards begin with 80 4F 0C and the
    PC/SC workgroup's RID A000000306, the standard (one byte) and the card's name (two). Source:
    PC/SC specification, part 3, section 3.1.3.2.3 and its supplement.
    """
    if atr[:1] != b"\x3b" or atr[1:2] < b"\x80" or atr[1:2] > b"\x8f" or atr[2:4] != _CONTACTLESS:
        return CardKind.CONTACT
    historical = atr[4:4 + (atr[1] & 0x0F)]
    if not historical.startswith(_STORAGE):
        return CardKind.CHIP
    standard, name = historical[8:9], int.from_bytes(historical[9:11], "big")
    is_type_2 = standard == bytes((_ISO_14443_A,)) and name in _TYPE_2_NAMES
    return CardKind.TYPE_2 if is_type_2 else CardKind.STORAGE
