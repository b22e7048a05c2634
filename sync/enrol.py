"""Enrolment: the station makes its key, asks in by a one-time code and learns who it is."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.text import Text
from sync.signatures import new_key, public_key
from sync.wire import PROTOCOL
from sync.wire_trust import PairAnswer, PairRequest

KEY_BYTES = 32


class Pairing(Protocol):
    """The part of head office that lets stations in."""

    def pair(self, request: PairRequest) -> PairAnswer:
        """Return who the station is. Raises ``StationError`` PAIRING_REFUSED and those of the line."""
        ...


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a paired station is and keeps safe.

    ``station`` and ``shop`` are ids; ``card_key`` is the club-wide key of the card look-up hash,
    ``office_key`` and ``recovery_key`` head office's raw public keys for signing and for sealing to
    it, ``key`` the station's raw private key (32 bytes each).
    """

    station: str
    shop: str
    shop_name: Text
    card_key: bytes = field(repr=False)
    office_key: bytes
    recovery_key: bytes
    key: bytes = field(repr=False)


def enrol(office: Pairing, code: str) -> Enrolment:
    """Ask in with the one-time ``code`` and a fresh key; keeping the result is the caller's affair.

    Raises ``StationError`` PAIRING_REFUSED, ANSWER_INVALID or those of the line. After a lost
    answer the code is spent: ask for another.
    """
    key = new_key()
    public = base64.b64encode(public_key(key)).decode()
    answer = office.pair(PairRequest(protocol=PROTOCOL, code=code, public_key=public))
    return Enrolment(
        answer.station, answer.shop, answer.shop_name,
        _key(answer.card_key), _key(answer.office_key), _key(answer.recovery_key), key)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="key")
    return key
