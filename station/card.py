"""Cards and how one is presented at the counter."""

from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Tap:
    """One presentation of a card at one reader.

    ``reader`` is the device path ("pcsc:Virtual PCD 00 00"), ``number`` what identifies the card:
    decimal digits for a printed number, upper-case hexadecimal for a UID. The number is left out
    of ``repr`` because a repr ends in logs.
    """

    reader: str
    medium: Medium
    number: str = field(repr=False)


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
