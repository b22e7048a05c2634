"""Codes that say themselves that they are cards: a signed record (CS1R) or a phone's pass (CS1P) in base 32.

Whatever begins so is a card or refused, never goods. The forms are ``station.card_record`` and
``station.member_pass``; nothing is checked here but that they hold together.
"""

from drivers.bank_cards import Lane
from drivers.club_profile import ClubProfile
from drivers.reading import refuse_bank_card
from station import card_record, member_pass
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_bytes import code_bytes
from station.errors import ErrorCode, StationError

LEADS = (card_record.CODE_LEAD, member_pass.CODE_LEAD)
_LEAD_LENGTH = len(card_record.CODE_LEAD)


def is_card_code(text: str | bytes | bytearray) -> bool:
    """Tell whether a code says that it is a card, in capitals or not: a reader may heed Caps Lock."""
    lead = text.lstrip()[:_LEAD_LENGTH]
    return (lead if isinstance(lead, str) else lead.decode("latin-1")).upper() in LEADS


def tap_of_code(code: bytes | bytearray, club: ClubProfile, reader: str) -> Tap:
    """Return the tap of the card whose scanned ``code`` is one of ``is_card_code``, with its proof.

    Of a code that holds together the bank-card guard hears the number, of any other all of it: in the
    letters of a signature it would find digits by chance. Raises ``StationError`` CARD_IS_BANK_CARD;
    CARD_UNREADABLE (``bytes``) when it does not hold together; CARD_NOT_OF_CLUB.
    """
    text = code.decode("latin-1").strip().upper()
    lead = text[:_LEAD_LENGTH]
    content = b""
    try:
        content = code_bytes(lead, text)
        if lead == card_record.CODE_LEAD:
            number, kind = card_record.unpack(content).number, ProofKind.RECORD
        else:
            number, kind = member_pass.unpack(content).grant.number, ProofKind.PASS
    except ValueError:
        for said in (code, content):
            refuse_bank_card(said, Lane.TEXT, club)
        # Not "from" the fault: its frames hold the code.
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(code)) from None
    if not club.accepts(number.encode()):
        refuse_bank_card(number, Lane.TEXT, club)
        raise StationError(ErrorCode.CARD_NOT_OF_CLUB)
    return Tap(reader, Medium.QR, number, Evidence.CODE, proofs=(Proof(kind, content),))
