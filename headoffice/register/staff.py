"""The people who work at the shops: their roles and PINs.

Of a PIN only an argon2id verifier is kept (RFC 9106). A PIN of four to eight digits can be found from
its verifier by trying; so it goes down only to the shops where the person works, over the line that
is signed and encrypted, and lies there in an encrypted file.
"""

import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from django.db import connection, transaction

from headoffice.feeds.versions import STAFF, take
from headoffice.register.models import Staff
from station.people import EMPLOYED, Role
from station.text import Text

PIN_DIGITS = 6
HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at ``shops`` (() for all). ``badge`` is a card's look-up value, ``member`` the own membership."""

    staff_id: str
    name: Text
    role: Role
    shops: tuple[str, ...] = ()
    badge: int | None = None
    member: str = ""


def keep(person: Person) -> None:
    """Take ``person`` in, or change who it is; the PIN stays. Raises ``ValueError`` for a role that is nobody's."""
    if person.role not in EMPLOYED:
        message = f"nobody works as {person.role.value}"
        raise ValueError(message)
    with transaction.atomic():
        Staff.objects.update_or_create(id=person.staff_id, defaults={
            "name_fa": person.name.fa, "name_en": person.name.en, "role": person.role.value,
            "shops": list(person.shops), "badge": person.badge, "member": person.member, "gone": False,
            "version": _version()})


def leave(staff_id: str) -> bool:
    """Let nobody sign in as ``staff_id`` any more; return whether there was such a person."""
    with transaction.atomic():
        return bool(Staff.objects.filter(id=staff_id).update(gone=True, pin="", version=_version()))


def reset_pin(staff_id: str) -> str:
    """Set a random PIN, to be replaced at the next sign-in, and return it: it is kept nowhere. Raises ``KeyError``."""
    pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
    with transaction.atomic():
        person = Staff.objects.select_for_update().filter(id=staff_id, gone=False).first()
        if person is None:
            raise KeyError(staff_id)
        person.pin, person.must_change = HASHER.hash(pin), True
        person.resets += 1
        person.version = _version()
        person.save()
    return pin


def new_pin(shop: str, staff_id: str, verifier: str, replaces: str) -> bool:
    """Keep the ``verifier`` of a PIN that was chosen at ``shop``, in the place of the one hashed ``replaces``.

    Returns False, and changes nothing, when head office set another meanwhile, or for nobody of the shop.
    """
    with transaction.atomic():
        person = Staff.objects.select_for_update().filter(id=staff_id, gone=False).first()
        if person is None or (person.shops and shop not in person.shops):
            return False
        if hashlib.sha256(person.pin.encode()).hexdigest() != replaces:
            return person.pin == verifier
        person.pin, person.must_change = verifier, False
        person.version = _version()
        person.save()
        return True


def _version() -> int:
    with connection.cursor() as cursor:
        return take(cursor, STAFF, 1)[0]
