"""Which station a request comes from, proven by its signature (RFC 9421)."""

from django.db import transaction
from django.db.utils import IntegrityError
from django.http import HttpRequest

from headoffice.refusal import RefusalError
from headoffice.stations.models import Nonce, Station
from sync.signatures import MAX_AGE_S, MAX_SKEW_S, Verified, key_id_of, verify
from sync.wire import ProblemCode

MOST_NONCE = 64


def authenticate(request: HttpRequest, body: bytes, now_s: int) -> Station:
    """Return the station that signed ``request`` with ``body``; ``now_s`` in seconds since 1970 UTC.

    Raises ``RefusalError`` SIGNATURE when the signature does not hold, is outside its time or was
    seen before, UNKNOWN_STATION when nobody is paired by that name or the pairing was revoked.
    """
    try:
        station = Station.objects.filter(id=key_id_of(request.headers)).first()
    except ValueError as fault:
        raise RefusalError(401, ProblemCode.SIGNATURE, str(fault)) from fault
    if station is None:
        raise RefusalError(401, ProblemCode.UNKNOWN_STATION, "no such station")
    try:
        verified = verify(
            request.method or "", request.build_absolute_uri(), request.headers, body,
            bytes(station.public_key), now=now_s)
    except ValueError as fault:
        raise RefusalError(401, ProblemCode.SIGNATURE, str(fault)) from fault
    if station.revoked:
        raise RefusalError(401, ProblemCode.UNKNOWN_STATION, "the station was revoked")
    _use_up(station, verified, now_s)
    return station


def _use_up(station: Station, verified: Verified, now_s: int) -> None:
    """Remember the nonce; those too old to be accepted again are forgotten."""
    if not 0 < len(verified.nonce) <= MOST_NONCE:
        raise RefusalError(401, ProblemCode.SIGNATURE, f"a nonce has 1 to {MOST_NONCE} characters")
    try:
        with transaction.atomic():
            Nonce.objects.filter(station=station.id, created__lt=now_s - MAX_AGE_S - MAX_SKEW_S).delete()
            Nonce.objects.create(station=station.id, nonce=verified.nonce, created=verified.created)
    except IntegrityError as fault:
        raise RefusalError(401, ProblemCode.SIGNATURE, "the nonce was used before") from fault
