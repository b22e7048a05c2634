"""Enrolment: station and head office prove themselves by a one-time code, and the station learns who it is.

The code's secret letters never travel (``sync.codes``). First the station asks for the authority
behind the address and believes it only with a proof under the code; then it asks in over TLS under
that authority alone, with a key made here, proven the same way, and believes the answer only with
a proof too. Who stands between can replace none of the three.
"""

import base64
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from station.errors import ErrorCode, StationError
from station.text import Text
from sync import codes
from sync.ed25519 import decoded, fingerprint, new_key, public_key
from sync.keys import KEY_BYTES, OwnKeys
from sync.wire import PROTOCOL
from sync.wire_trust import CaAnswer, PairAnswer, PairRequest, Welcomed


class Door(Protocol):
    """The part of head office that lets stations in. Raises ``StationError`` as the line."""

    def authority(self, code: str) -> CaAnswer:
        """Return the authority behind the address, as whoever answers there says; ``code`` is a code's name."""
        ...

    def pair(self, request: PairRequest, ca: str) -> PairAnswer:
        """Return the answer of who has a certificate of ``ca`` (PEM). Raises PAIRING_REFUSED."""
        ...


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a paired station is and keeps safe.

    ``station`` and ``shop`` are ids; ``card_key`` is the club-wide key of the card look-up hash,
    ``office_key`` and ``recovery_key`` head office's raw public keys for signing and for sealing to
    it (32 bytes each), ``own`` the station's keys. ``ca`` is the PEM text of the authority head
    office's address is to be trusted by; ``first`` the raw public key the station was paired with,
    which goes on naming it when the key is replaced.
    """

    station: str
    shop: str
    shop_name: Text
    card_key: bytes = field(repr=False)
    office_key: bytes
    recovery_key: bytes
    own: OwnKeys
    ca: str = field(repr=False)
    first: bytes

    @property
    def key(self) -> bytes:
        """The raw private key that signs now."""
        return self.own.key

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its public half, for people to compare."""
        return fingerprint(public_key(self.own.key))


def enrol(door: Door, code: str) -> Enrolment:
    """Ask in with the one-time ``code`` and a fresh key; keeping the result is the caller's affair.

    Raises ``StationError`` PAIRING_REFUSED, PAIRING_UNPROVEN when the code was mistyped or somebody
    stands between, ANSWER_INVALID or those of the line. After a lost answer the code is spent: ask
    for another.
    """
    try:
        known = codes.read(code)
    except ValueError as error:
        raise StationError(ErrorCode.PAIRING_REFUSED, reason=str(error)) from None
    authority = door.authority(known.name)
    _prove(authority.proof, known.proof(codes.CA, authority.certificate.encode()))
    key = new_key()
    public = public_key(key)
    answer = door.pair(PairRequest(
        protocol=PROTOCOL, code=known.name, public_key=base64.b64encode(public).decode(),
        proof=base64.b64encode(known.proof(codes.STATION, public)).decode()), authority.certificate)
    document = _bytes(answer.document)
    _prove(answer.proof, known.proof(codes.OFFICE, public, document))
    try:
        said = msgspec.json.decode(document, type=Welcomed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None
    return Enrolment(
        said.station, said.shop, said.shop_name,
        _key(said.card_key), _key(said.office_key), _key(said.recovery_key),
        OwnKeys(key, said.since_us, said.key_days), authority.certificate, public)


def _prove(given: str, expected: bytes) -> None:
    if not codes.proven(_bytes(given), expected):
        raise StationError(ErrorCode.PAIRING_UNPROVEN)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None


def _key(text: str) -> bytes:
    try:
        return decoded(text, KEY_BYTES)
    except ValueError:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="key") from None
