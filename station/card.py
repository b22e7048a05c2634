"""Cards and how one is presented at the counter."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Medium(StrEnum):
    """How a card speaks."""

    NFC_UID = "NFC_UID"
    CHIP = "CHIP"
    STRIPE = "STRIPE"
    BARCODE = "BARCODE"
    QR = "QR"


class CardStatus(StrEnum):
    """What head office says of a card; only ``ACTIVE`` proves a membership."""

    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    LOST = "LOST"
    REPLACED = "REPLACED"
    EXPIRED = "EXPIRED"


class Evidence(StrEnum):
    """Where on the card its number was found."""

    UID = "UID"
    NDEF = "NDEF"
    FILE = "FILE"
    TRACK = "TRACK"
    CODE = "CODE"


class CardTier(IntEnum):
    """What a card can prove, from anyone's copy to a key pair of its own; each rung has its honest label."""

    NUMBER = 0
    ISSUED = 1
    CHANGING_CODE = 2
    SHARED_SECRET = 3
    KEY_PAIR = 4


@dataclass(frozen=True, slots=True)
class Tap:
    """One presentation of a card at one reader.

    ``reader`` is the device path ("pcsc:Virtual PCD 00 00"), ``number`` what identifies the card:
    decimal digits for a printed number, upper-case hexadecimal for a UID. The number is left out
    of ``repr`` because a repr ends in logs. ``evidence`` says where the number stood, ``tier`` what
    that proves: nothing more than a number unless a check of the card raised it.
    """

    reader: str
    medium: Medium
    number: str = field(repr=False)
    evidence: Evidence = Evidence.UID
    tier: CardTier = CardTier.NUMBER


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the member cache knows it; ``member_id`` is the account it opens."""

    member_id: str
    status: CardStatus


@dataclass(frozen=True, slots=True)
class CardLink:
    """A card by its keyed look-up value (``station.card_hash``), as feeds carry it."""

    hash: int
    status: CardStatus
