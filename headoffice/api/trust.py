"""Who is who: a station asks in, keys take the place of others."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from msgspec import json

from headoffice import keys, tls
from headoffice.api.answers import answer, as_base64, body_of, endpoint, query_of, read, same_protocol, signed
from headoffice.api.middleware import office_key
from headoffice.api.queries import CaQuery
from headoffice.clock import MICROSECONDS, now_us
from headoffice.refusal import RefusalError, refuse
from headoffice.stations import pairing, rotation
from headoffice.stations.attempts import Attempts
from headoffice.stations.models import Station
from station.text import Text
from sync import codes
from sync.ed25519 import Ed25519Verifier, decoded
from sync.wire import ProblemCode
from sync.wire_trust import CaAnswer, KeyChange, PairAnswer, PairRequest, Welcomed

KEY_BYTES = 32
PROOF_BYTES = 32
ATTEMPTS = Attempts(30, 60)


@endpoint("GET")
def ca(request: HttpRequest) -> HttpResponse:
    """Give the authority behind this address, with the proof under a code."""
    _not_too_often(request)
    name = _name(query_of(request, CaQuery).code)
    certificate = tls.authority(settings.HOME)
    return answer(CaAnswer(
        certificate=certificate.decode(), proof=as_base64(pairing.vouch(name, certificate, now_us()))))


@endpoint("POST")
def pair(request: HttpRequest) -> HttpResponse:
    """Make a station of whoever proves to know a good one-time code."""
    _not_too_often(request)
    asked = read(body_of(request), PairRequest)
    same_protocol(asked.protocol)
    name = _name(asked.code)
    try:
        key, proof = decoded(asked.public_key, KEY_BYTES), decoded(asked.proof, PROOF_BYTES)
        Ed25519Verifier(key)
    except ValueError:
        refuse("public_key is not a raw Ed25519 key, or proof is none")
    entered = pairing.redeem(name, key, proof, now_us())
    shop = entered.shop
    document = json.encode(Welcomed(
        station=entered.station.id, shop=shop.id, shop_name=Text(shop.name_fa, shop.name_en),
        card_key=as_base64(settings.KEYS.card), office_key=as_base64(office_key()),
        recovery_key=as_base64(settings.KEYS.recovery), since_us=entered.station.key_us, key_days=pairing.KEY_DAYS))
    return answer(PairAnswer(
        document=as_base64(document), proof=pairing.welcome_proof(entered, name, document)))


@signed("POST")
def change_key(request: HttpRequest, station: Station) -> HttpResponse:
    """Remember a station's next key."""
    return answer(rotation.name_next(station, read(request.body, KeyChange), now_us()))


@endpoint("GET")
def office_keys(_request: HttpRequest) -> HttpResponse:
    """Give all changes of head office's key; each is proven by the key before."""
    return answer(keys.office_changes(settings.HOME))


def _name(code: str) -> str:
    if len(code) != codes.NAME_LETTERS or not set(code) <= set(codes.LETTERS):
        refuse(f"a code's name has {codes.NAME_LETTERS} letters")
    return code


def _not_too_often(request: HttpRequest) -> None:
    wait_s = ATTEMPTS.wait_s(request.META.get("REMOTE_ADDR", ""), now_us() // MICROSECONDS)
    if wait_s:
        raise RefusalError(429, ProblemCode.BUSY, "too many attempts")
