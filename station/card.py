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


class ProofKind(StrEnum):
    """What a card gives to be believed.

    RECORD: its number, signed by head office (``station.card_record``). SUN: a tap's own code, made by
    the chip (``station.sun``). PASS: a code of the member's phone (``station.member_pass``). SECRET: the
    chip answered head office's challenge (``station.ports.KeyHolder``).
    """

    RECORD = "RECORD"
    SUN = "SUN"
    PASS = "PASS"  # noqa: S105 - no password
    SECRET = "SECRET"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class Proof:
    """What a reader took from the card as it stood there, unread: bytes of the form that ``kind`` names."""

    kind: ProofKind
    content: bytes = field(repr=False)


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
    of ``repr`` because a repr ends in logs. ``evidence`` says where the number stood, ``proofs`` what
    the card gave beside it and nobody has checked yet, ``tier`` what has been proven so far: nothing
    more than a number, unless head office asked the card itself. ``uid`` is that of the chip (upper-case
    hexadecimal), "" for a medium without one.
    """

    reader: str
    medium: Medium
    number: str = field(repr=False)
    evidence: Evidence = Evidence.UID
    tier: CardTier = CardTier.NUMBER
    uid: str = field(default="", repr=False)
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the member cache knows it; ``member_id`` is the account it opens.

    ``holder`` is the person of the account who carries it (``station.card_life.Holder``), "" for the member.
    """

    member_id: str
    status: CardStatus
    holder: str = ""


@dataclass(frozen=True, slots=True)
class CardLink:
    """A card by its keyed look-up value (``station.card_hash``), as feeds carry it."""

    hash: int
    status: CardStatus
    holder: str = ""
