"""Members' PINs: set here, kept as argon2id verifiers (RFC 9106), checked nowhere else (docs/decisions/0023)."""

import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from django.db import transaction

from headoffice.claims.models import Pin
from headoffice.register.models import Member

PIN_DIGITS = 6
_FORM = re.compile(r"[0-9]{4,8}", re.ASCII)
_HASHER = PasswordHasher()


def draw_pin(member: str, now_us: int) -> str:
    """Give ``member`` a PIN by chance and return it: it is kept nowhere. Raises ``LookupError`` for nobody."""
    pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
    set_pin(member, pin, now_us)
    return pin


def set_pin(member: str, pin: str, now_us: int) -> None:
    """Let ``pin`` be the PIN of ``member``.

    Raises ``LookupError`` for nobody, ``ValueError`` unless it is 4 to 8 digits that are not all the same or in a row.
    """
    if not _FORM.fullmatch(pin) or pin in "0123456789" or pin in "9876543210" or len(set(pin)) == 1:
        message = "a PIN is 4 to 8 digits, neither all the same nor in a row"
        raise ValueError(message)
    with transaction.atomic():
        if not Member.objects.filter(id=member, gone=False).exists():
            message = "nobody is a member by this id"
            raise LookupError(message)
        Pin.objects.update_or_create(member=member, defaults={"verifier": _HASHER.hash(pin), "changed_us": now_us})


def forget_pin(member: str) -> bool:
    """Let ``member`` have no PIN; return whether there was one."""
    return bool(Pin.objects.filter(member=member).delete()[0])


def is_pin(member: str, answer: str) -> bool:
    """Return whether ``answer`` is the PIN of ``member``; it takes as long for who has none, or for nobody ("")."""
    row = Pin.objects.filter(member=member).first()
    try:
        _HASHER.verify(row.verifier if row else _nobodys(), answer)
    except VerificationError:
        return False
    return row is not None


@cache
def _nobodys() -> str:
    """Return the verifier of what nobody can answer."""
    return _HASHER.hash(secrets.token_hex(16))
