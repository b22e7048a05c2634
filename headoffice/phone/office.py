"""What the phone page needs of head office, put together: keys, numbers, who signs."""

from pathlib import Path

from django.conf import settings

from headoffice.cardkeys.process import KeyServiceDownError, card_keys
from headoffice.phone.messages import Why
from headoffice.phone.passes import Office, PhoneError
from headoffice.register.numbers import numbering


def phone_office(home: Path) -> Office:
    """Return head office in ``home`` as phones need it.

    Raises ``PhoneError`` NOT_READY while it does not know the club's numbers; without an issuing key
    that signs, signing raises it.
    """
    numbers = numbering(home)
    if numbers is None:
        raise PhoneError(Why.NOT_READY)
    keys = card_keys(home)

    def sign(number: str, key: bytes, until: str) -> bytes:
        try:
            return keys.sign_grant(number, key, until)
        except (LookupError, KeyServiceDownError):
            raise PhoneError(Why.NOT_READY) from None

    return Office(settings.KEYS.card, numbers.draw, sign)
