"""Pairing: a one-time code, made at head office and typed at the counter, becomes a station (``sync.codes``)."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from headoffice.clock import MICROSECONDS
from headoffice.refusal import RefusalError
from headoffice.stations.models import PairingCode, Shop, Station
from sync import codes
from sync.ed25519 import fingerprint
from sync.wire import ProblemCode

LIFE_US = 15 * 60 * MICROSECONDS
KEY_DAYS = 90
"""After how many days at most a station's key is replaced; the station does it at two thirds."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A station that came in by a code, and the key that proves answers to it."""

    station: Station
    shop: Shop
    code_key: bytes


def issue(shop: Shop, now_us: int, station: str = "") -> str:
    """Return a fresh code for a new station of ``shop``, or for new keys of ``station``.

    It works once, until 15 minutes after ``now_us``. Its public name is never given out again.
    """
    while True:
        text = codes.fresh(secrets.token_bytes)
        code = codes.read(text)
        _, made = PairingCode.objects.get_or_create(name=code.name, defaults={
            "key": code.key, "shop": shop.id, "station": station, "expires_us": now_us + LIFE_US})
        if made:
            return text


def vouch(name: str, certificate: bytes, now_us: int) -> bytes:
    """Return the proof over the authority's ``certificate`` (PEM) under the code of that ``name``.

    For a code that was never made, was used or is too old it is made up, and always the same: the
    answer does not tell which names are codes.
    """
    known = _valid(name, now_us)
    key = bytes(known.key) if known else hmac.digest(
        settings.KEYS.secret, b"no such code\0" + name.encode(), hashlib.sha256)
    return codes.proof(key, name, codes.CA, certificate)


def redeem(name: str, public_key: bytes, proof: bytes, now_us: int) -> Entered:
    """Use up the code of that ``name`` for the station that has ``public_key`` (raw Ed25519).

    Raises ``RefusalError`` PAIRING when the code is unknown, used or too old, or the ``proof`` is
    not by it: which, is not said.
    """
    known = _valid(name, now_us)
    key = bytes(known.key) if known else b""
    good = codes.proven(proof, codes.proof(key, name, codes.STATION, public_key))
    with transaction.atomic():
        if known is None or not good or not PairingCode.objects.filter(name=name, used_us=None).update(
                used_us=now_us, key=b""):
            raise RefusalError(403, ProblemCode.PAIRING, "the code is not valid")
        shop = Shop.objects.select_for_update().get(id=known.shop)
        return Entered(_enter(shop, known.station, public_key, now_us), shop, key)


def welcome_proof(entered: Entered, name: str, document: bytes) -> str:
    """Return the proof (base 64) that ``document`` is head office's word to the station that came in."""
    public = bytes(entered.station.public_key)
    return base64.b64encode(codes.proof(entered.code_key, name, codes.OFFICE, public, document)).decode()


def _valid(name: str, now_us: int) -> PairingCode | None:
    return PairingCode.objects.filter(name=name, used_us=None, expires_us__gt=now_us).first()


def _enter(shop: Shop, known: str, public_key: bytes, now_us: int) -> Station:
    facts = {"public_key": public_key, "fingerprint": fingerprint(public_key), "key_us": now_us}
    if known:
        Station.objects.filter(id=known).update(**facts, next_key=b"")
        return Station.objects.get(id=known)
    number = Station.objects.filter(shop=shop.id).count() + 1
    return Station.objects.create(id=f"{shop.id}-{number}", shop=shop.id, paired_us=now_us, **facts)
