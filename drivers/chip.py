"""From a chip card on a reader to a card number of the club: what is asked of it, and in which order.

First what is no membership card (payment directory, phone wallet; co-branded cards are bank cards
too), then the club's own file, then NDEF, and the UID last; beside a signed record or the code of a tap
in NDEF the UID is asked for as well.
"""

from dataclasses import dataclass

from drivers.apdu import GET_UID, Exchange
from drivers.bank_cards import Lane, is_payment_aid
from drivers.cards import type2, type4
from drivers.cards.atr import CardKind
from drivers.cards.guard import refuse_payment_and_phones
from drivers.cards.iso7816 import MOST_READ, read_binary, select_application, select_file
from drivers.cards.ndef import Message, read_message, tap_of_message
from drivers.club_profile import ClubProfile
from drivers.reading import refuse_bank_card
from drivers.uid import number_of
from station.card import Evidence, Medium, Tap
from station.errors import ErrorCode, StationError

_AID_BYTES = range(5, 17)
_FILE_ID_BYTES = 2
_LAST_START = 0x7FFF
_PADDING = b"\x00\xff "
_NDEF = {CardKind.TYPE_2: type2.ndef_message, CardKind.CHIP: type4.ndef_message}


@dataclass(frozen=True, slots=True)
class ClubFile:
    """Where the club's own application keeps the card number, as ASCII characters.

    ``aid`` is the application's id (ISO/IEC 7816-5), ``file_id`` that of its elementary file; the
    number is ``length`` bytes from ``start``, less the 00, FF or blanks that fill them up.
    """

    aid: bytes
    file_id: bytes
    start: int = 0
    length: int = 16

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for what no card can have, and for an application of the banks'."""
        if len(self.aid) not in _AID_BYTES or len(self.file_id) != _FILE_ID_BYTES:
            message = "an application id has 5 to 16 bytes, a file id two"
            raise ValueError(message)
        if is_payment_aid(self.aid):
            message = "this application is a payment scheme's"
            raise ValueError(message)
        if not 0 <= self.start <= _LAST_START or not 0 < self.length <= MOST_READ:
            message = f"no file has {self.length} bytes from {self.start}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class ChipProfile:
    """What the club takes from chips: a ``file`` of its own, a number in NDEF, or the UID."""

    file: ClubFile | None = None
    reads_ndef: bool = True
    takes_uid: bool = True


@dataclass(frozen=True, slots=True)
class ChipReading:
    """Reads the cards of one club; ``club`` says what its numbers look like, ``chips`` where they stand."""

    club: ClubProfile
    chips: ChipProfile

    def tap(self, exchange: Exchange, kind: CardKind, reader: str) -> Tap:
        """Return the tap of the card of this ``kind`` that ``exchange`` talks to, at the device path ``reader``.

        Raises ``StationError``: CARD_IS_BANK_CARD, CARD_IS_PHONE, CARD_NUMBER_RANDOM,
        CARD_NOT_OF_CLUB; CARD_UNREADABLE for an answer that makes no sense;
        READER_DRIVER_MISSING when the NDEF library is not installed.
        """
        if kind in {CardKind.CHIP, CardKind.CONTACT}:
            refuse_payment_and_phones(exchange, contact=kind is CardKind.CONTACT)
            number = self._number_in_file(exchange)
            if number is not None:
                return Tap(reader, Medium.CHIP, number, Evidence.FILE)
        message = self._message_in_ndef(exchange, kind)
        if message is not None:
            return tap_of_message(message, lambda: exchange(GET_UID).require_success(), reader)
        if kind is CardKind.CONTACT or not self.chips.takes_uid:
            raise StationError(ErrorCode.CARD_NOT_OF_CLUB)
        return Tap(reader, Medium.NFC_UID, number_of(exchange(GET_UID).require_success()), Evidence.UID)

    def _number_in_file(self, exchange: Exchange) -> str | None:
        """Return the number in the club's file, None on a card without that file."""
        place = self.chips.file
        if place is None:
            return None
        for command in (select_application(place.aid), select_file(place.file_id)):
            if not exchange(command).is_success:
                return None
        content = read_binary(exchange, place.start, place.length).require_success().strip(_PADDING)
        refuse_bank_card(content, Lane.TEXT, self.club)
        if not self.club.accepts(content):
            raise StationError(ErrorCode.CARD_NOT_OF_CLUB)
        return content.decode("ascii")

    def _message_in_ndef(self, exchange: Exchange, kind: CardKind) -> Message | None:
        """Return what the card's NDEF message says, None when it is none of the club's."""
        ndef_message = _NDEF.get(kind)
        if ndef_message is None or not self.chips.reads_ndef:
            return None
        message = ndef_message(exchange)
        return read_message(message, self.club) if message else None
