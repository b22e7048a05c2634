"""A head office that signs cards and phones: the club's numbers, and an issuing key."""

from pathlib import Path

from headoffice.cardkeys.issuers import issuers_in
from headoffice.clock import now_us
from headoffice.register.numbers import Numbering, keep_numbering

NUMBERS = Numbering("9364", 16)


def issuing(home: Path) -> None:
    """Let the head office in ``home`` draw numbers and sign."""
    keep_numbering(home, NUMBERS)
    if not issuers_in(home).listed().keys:
        issuers_in(home).new(now_us())


def public_of(home: Path, key_id: int) -> bytes:
    """Return the public half of its issuing key ``key_id``."""
    return next(each.public for each in issuers_in(home).listed().keys if each.key_id == key_id)
