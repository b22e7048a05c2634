"""Cards with something to be believed by: signed records, addresses of taps and codes of a phone, as NDEF and as text.

The signatures are no one's: readers take them and do not judge.
"""

import hashlib

import ndef

from station import card_record, sun
from station.card_record import CardRecord
from station.member_pass import Grant, MemberPass

HOST = "club.example"


def signature(seed: str) -> bytes:
    """Return 64 bytes, evenly spread and always the same for one ``seed``."""
    return hashlib.sha512(seed.encode()).digest()


def signed(number: str, uid: str = "") -> CardRecord:
    """Return the record of the card ``number`` on the chip ``uid``."""
    return CardRecord(1, "2030-03-20", uid, number, signature(number + uid))


def ndef_of(*proven: CardRecord | str) -> bytes:
    """Return an NDEF message of records and addresses."""
    return b"".join(ndef.message_encoder([
        ndef.UriRecord(each) if isinstance(each, str)
        else ndef.Record(f"urn:nfc:ext:{card_record.RECORD_TYPE}", "", card_record.pack(each)) for each in proven]))


def tapped(number: str, uid: str = "04DE5F1EACC040", counter: int = 61) -> str:
    """Return the address that the chip ``uid`` of the card ``number`` shows at one tap."""
    mac = signature(f"{uid}/{counter}")[:sun.MAC_BYTES]
    return sun.to_address(HOST, number, sun.SunMessage(uid, counter, mac))


def shown(number: str, moment: int = 850_000_000) -> MemberPass:
    """Return the code that a phone with the card ``number`` makes at ``moment``."""
    phone = signature(f"phone {number}")[:32]
    return MemberPass(Grant(1, "2030-03-20", number, phone, signature(number)), moment, signature(f"{number}/{moment}"))
