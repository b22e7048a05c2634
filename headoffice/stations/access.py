"""Which station a request comes from, proven by its signature (RFC 9421)."""

from typing import NoReturn

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from headoffice.refusal import RefusalError
from headoffice.stations import server_nonce
from headoffice.stations.models import Station
from sync.ed25519 import fingerprint
from sync.signatures import NONCE_JOINT, claim_of, verify
from sync.wire import ProblemCode

MOST_NONCE = 64


def authenticate(request: HttpRequest, body: bytes, now_s: int, *, revoked: bool = False) -> Station:
    """Return the station that signed ``request`` with ``body``; ``now_s`` in seconds since 1970 UTC.

    Raises ``RefusalError`` NONCE when the request does not carry a server nonce of these minutes,
    SIGNATURE when the signature does not hold or was seen before, UNKNOWN_STATION when nobody is
    paired by that name, REVOKED when the pairing was revoked, unless ``revoked`` stations are heard.
    A station that signs with the next key it named has that one alone from then on.
    """
    try:
        claim = claim_of(request.headers)
    except ValueError as fault:
        _refuse(str(fault))
    if not server_nonce.is_good(settings.KEYS.secret, claim.nonce.partition(NONCE_JOINT)[0], now_s):
        raise RefusalError(401, ProblemCode.NONCE, "sign with the nonce of this answer")
    station = Station.objects.filter(id=claim.key_id).first()
    if station is None:
        raise RefusalError(401, ProblemCode.UNKNOWN_STATION, "no such station")
    key = _verified(station, request, body)
    if station.revoked and not revoked:
        raise RefusalError(403, ProblemCode.REVOKED, "the station was revoked")
    _use_up(station, claim.nonce, now_s)
    if key != bytes(station.public_key):
        _promote(station, key)
    return station


def _verified(station: Station, request: HttpRequest, body: bytes) -> bytes:
    """Return by which of the station's keys the request is signed."""
    reason = ""
    for key in filter(None, (bytes(station.public_key), bytes(station.next_key))):
        try:
            verify(request.method or "", request.build_absolute_uri(), request.headers, body, key)
        except ValueError as fault:
            reason = reason or str(fault)
        else:
            return key
    raise RefusalError(401, ProblemCode.SIGNATURE, reason)


def _promote(station: Station, key: bytes) -> None:
    """Make the next key the station's only one; of two first requests at once either may do it."""
    Station.objects.filter(id=station.id, next_key=key).update(
        public_key=key, next_key=b"", fingerprint=fingerprint(key))
    station.public_key, station.next_key, station.fingerprint = key, b"", fingerprint(key)


def _use_up(station: Station, nonce: str, now_s: int) -> None:
    """Remember the nonce; those too old to be accepted again are forgotten."""
    if len(nonce) > MOST_NONCE:
        _refuse(f"a nonce has at most {MOST_NONCE} characters")
    # By hand, for every request comes here: the models' way costs a HELLO a seventh more.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM stations_nonce WHERE station = %s AND used_s < %s", [station.id, now_s - server_nonce.KEPT_S])
        cursor.execute(
            "INSERT INTO stations_nonce (station, nonce, used_s) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [station.id, nonce, now_s])
        if not cursor.rowcount:
            _refuse("the nonce was used before")


def _refuse(reason: str) -> NoReturn:
    raise RefusalError(401, ProblemCode.SIGNATURE, reason)
