"""A member's phone becomes a card, and stays one.

A link is made for one member and works for one phone. The phone draws its own key pair, whose private
half never leaves it; head office draws a card number of the club, binds it to the member and signs
number and key together: the grant. With that the phone makes codes by itself, without a network.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from headoffice.clock import MICROSECONDS
from headoffice.feeds.versions import members_changed
from headoffice.phone.messages import Why, renewal_text
from headoffice.phone.models import Link, Phone
from headoffice.register.cards import set_status
from headoffice.register.models import Card, Member
from station.card import CardStatus
from station.card_hash import card_hash
from station.member_pass import unpack_grant
from sync.ed25519 import Ed25519Verifier

LINK_US = 24 * 3600 * MICROSECONDS
GRANT_DAYS = 30
SKEW_S = 300
TOKEN_BYTES = 18
KEY_BYTES = 32


class PhoneError(Exception):
    """A phone gets nothing, and ``why``."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why.value)


@dataclass(frozen=True, slots=True)
class Office:
    """What is needed of head office: the club's look-up key, who draws numbers, who signs grants.

    ``sign(number, key, last day)`` returns a grant.
    """

    card_key: bytes
    draw: Callable[[], str]
    sign: Callable[[str, bytes, str], bytes]


def make_link(member: str, now_us: int) -> str:
    """Return the token of a fresh link for ``member``; it works once, for a day. Raises ``KeyError`` for nobody."""
    if not Member.objects.filter(id=member, gone=False).exists():
        raise KeyError(member)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Link.objects.create(digest=_digest(token), member=member, expires_us=now_us + LINK_US)
    return token


def register(office: Office, token: str, key: bytes, now_us: int) -> tuple[bytes, str]:
    """Return the grant for the phone that has ``key``, and its last day.

    The same phone may ask again while the link holds, for its answer may have been lost: the card it
    got before is then replaced. Raises ``PhoneError`` LINK for a link that was never made, is too old
    or another phone's, INVALID when ``key`` is none.
    """
    try:
        Ed25519Verifier(key)
    except ValueError:
        raise PhoneError(Why.INVALID) from None
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(digest=_digest(token), expires_us__gt=now_us).first()
        if link is None or bytes(link.public) not in (b"", key):
            raise PhoneError(Why.LINK)
        if link.card is not None:
            set_status(link.card, CardStatus.REPLACED)
            Phone.objects.filter(hash=link.card).delete()
        number, digest = _fresh(office)
        Card.objects.create(hash=digest, member=link.member, status=CardStatus.ACTIVE.value)
        link.public, link.card = key, digest
        link.save()
        until = _last_day(now_us)
        grant = office.sign(number, key, until)
        Phone.objects.create(hash=digest, member=link.member, public=key, until=until, granted_us=now_us)
        with connection.cursor() as cursor:
            members_changed(cursor, {link.member: ""})
    return grant, until


def renew(office: Office, grant: bytes, at_s: int, signature: bytes, now_us: int) -> tuple[bytes, str]:
    """Return a grant that holds longer for the same card.

    Raises ``PhoneError``: UNKNOWN for a phone that is none of ours, whose request is not by its key or
    too old; BLOCKED when its card is no longer in use; INVALID when ``grant`` is none.
    """
    try:
        number = unpack_grant(grant).number
    except ValueError:
        raise PhoneError(Why.INVALID) from None
    digest = card_hash(office.card_key, number)
    phone = Phone.objects.filter(hash=digest).first()
    fresh = abs(now_us // MICROSECONDS - at_s) <= SKEW_S
    if phone is None or not fresh or not Ed25519Verifier(bytes(phone.public)).verify(signature, renewal_text(grant, at_s)):
        raise PhoneError(Why.UNKNOWN)
    if not Card.objects.filter(hash=digest, status=CardStatus.ACTIVE.value).exists():
        raise PhoneError(Why.BLOCKED)
    until = _last_day(now_us)
    made = office.sign(number, bytes(phone.public), until)
    Phone.objects.filter(hash=digest).update(until=until, granted_us=now_us)
    return made, until


def _fresh(office: Office) -> tuple[str, int]:
    while True:
        number = office.draw()
        digest = card_hash(office.card_key, number)
        if not Card.objects.filter(hash=digest).exists():
            return number, digest


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _last_day(now_us: int) -> str:
    today = datetime.fromtimestamp(now_us // MICROSECONDS, UTC).date()
    return (today + timedelta(days=GRANT_DAYS)).isoformat()
