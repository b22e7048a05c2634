"""Pairing: a one-time code, made at head office and typed at the counter, becomes a station."""

import base64
import hashlib
import secrets

from django.db import transaction

from headoffice.clock import MICROSECONDS
from headoffice.refusal import RefusalError
from headoffice.stations.models import PairingCode, Shop, Station
from sync.wire import ProblemCode

CODE_BYTES = 10
GROUP = 4
LIFE_US = 15 * 60 * MICROSECONDS


def issue(shop: Shop, now_us: int) -> str:
    """Return a fresh code for ``shop``: 80 random bits as 16 base-32 letters in groups of four.

    It works once, until 15 minutes after ``now_us``.
    """
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    PairingCode.objects.create(code_hash=_hash(letters), shop=shop.id, expires_us=now_us + LIFE_US)
    return "-".join(letters[i:i + GROUP] for i in range(0, len(letters), GROUP))


def redeem(code: str, public_key: bytes, now_us: int) -> tuple[Station, Shop]:
    """Use up ``code`` and return the new station with ``public_key`` (raw Ed25519), and its shop.

    Raises ``RefusalError`` PAIRING when the code is unknown, used or too old: which, is not said.
    """
    with transaction.atomic():
        known = PairingCode.objects.filter(
            code_hash=_hash(code), used_us=None, expires_us__gt=now_us).first()
        if known is None:
            raise RefusalError(403, ProblemCode.PAIRING, "the code is not valid")
        known.used_us = now_us
        known.save()
        shop = Shop.objects.get(id=known.shop)
        number = Station.objects.filter(shop=shop.id).count() + 1
        station = Station.objects.create(
            id=f"{shop.id}-{number}", shop=shop.id, public_key=public_key, paired_us=now_us)
    return station, shop


def _hash(code: str) -> str:
    letters = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(letters.encode()).hexdigest()
