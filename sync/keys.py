"""Keys get old: head office's is followed from one to the next, the station's own is replaced in time."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from station.errors import ErrorCode, StationError
from sync.ed25519 import Ed25519Verifier, decoded, fingerprint, key_text, new_key, public_key, sign_bytes
from sync.wire_trust import KeyChange, KeyTaken, OfficeKeyChange, SignedOfficeKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_DAY_US = 86_400_000_000
_DUE = 2, 3
"""The part of its days after which a key is replaced: what is left is time to be offline in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs: the station's id and its raw Ed25519 private ``key`` (32 bytes).

    ``former`` is the private key before that, b"" when there was none: a head office that was
    restored from an older backup knows only that one, and is told the present one by it.
    """

    station: str
    key: bytes = field(repr=False)
    former: bytes = field(default=b"", repr=False)


class OfficeKey:
    """Head office's public key as this station believes it now; ``station.ports.Verifier``."""

    def __init__(self, key: bytes, keep: Callable[[bytes], None]) -> None:
        """Begin with the raw ``key`` (``ValueError`` if it is none); ``keep`` makes a newer one durable."""
        self._key = key
        self._verifier = Ed25519Verifier(key)
        self._keep = keep

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint."""
        return fingerprint(self._key)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether ``signature`` over ``message`` is head office's."""
        return self._verifier.verify(signature, message)

    def follow(self, changes: tuple[SignedOfficeKey, ...]) -> bool:
        """Go on to the newest key that ``changes`` prove, and keep it; return whether there was a newer one.

        Raises ``StationError`` SIGNATURE_INVALID when the change from the present key is not signed
        by it, ANSWER_INVALID when it is none, 4xx when it cannot be kept.
        """
        key = self._key
        for change in changes:
            key = _successor(key, change)
        if key == self._key:
            return False
        verifier = Ed25519Verifier(key)
        self._keep(key)
        self._key, self._verifier = key, verifier
        return True


def _successor(key: bytes, signed: SignedOfficeKey) -> bytes:
    """Return the key that ``signed`` names as the one after ``key``, or ``key`` when it is about an earlier one."""
    try:
        document = base64.b64decode(signed.document, validate=True)
        signature = base64.b64decode(signed.signature, validate=True)
        change = msgspec.json.decode(document, type=OfficeKeyChange)
        former, following = decoded(change.former, KEY_BYTES), decoded(change.key, KEY_BYTES)
    except ValueError as error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None
    if former != key:
        return key
    if not Ed25519Verifier(key).verify(signature, document):
        raise StationError(ErrorCode.SIGNATURE_INVALID, reason="office key")
    return following


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The station's raw private keys (32 bytes, b"" for none) and when they are due.

    ``key`` signs, since ``since_us`` (µs since 1970 UTC, head office's clock), for ``days`` at most
    (0: for good). ``following`` is the next one, kept before head office hears of it; ``former`` the
    one before.
    """

    key: bytes = field(repr=False)
    since_us: int = 0
    days: int = 0
    following: bytes = field(default=b"", repr=False)
    former: bytes = field(default=b"", repr=False)

    def due(self, now_us: int) -> bool:
        """Return whether it is time for another key, or one was begun and not ended."""
        part, whole = _DUE
        return bool(self.following) or 0 < self.days * _DAY_US * part // whole <= now_us - self.since_us


class Ring(Protocol):
    """Where the station's keys are kept. Raises ``StationError`` 4xx."""

    def keys(self) -> OwnKeys:
        """Return the keys as they are kept now."""
        ...

    def keep(self, keys: OwnKeys) -> None:
        """Keep ``keys`` instead, durably."""
        ...


class KeyOffice(Protocol):
    """The part of head office that is told of new keys."""

    def change_key(self, change: KeyChange) -> KeyTaken:
        """Name the next key. Raises ``StationError`` as the line."""
        ...

    def sign_as(self, key: bytes, former: bytes) -> None:
        """Sign with ``key`` from now on; ``former`` is the one before."""
        ...

    def now_us(self) -> int:
        """Return head office's time (µs since 1970 UTC), as far as it is known."""
        ...


def key_change(station: str, private: bytes) -> KeyChange:
    """Return what names the raw ``private`` key as the station's next one, with the proof that it is there."""
    public = public_key(private)
    return KeyChange(
        public_key=base64.b64encode(public).decode(),
        proof=base64.b64encode(sign_bytes(private, key_text(station, public))).decode())


class KeyCare:
    """Replaces the station's own key. May end at any point, and begins again where it was.

    The next key is kept before it is sent, and signs only once it is kept as the present one; head
    office takes both until then. So neither side is ever left with a key the other does not know.
    """

    def __init__(self, station: str, office: KeyOffice, ring: Ring) -> None:
        self._station = station
        self._office = office
        self._ring = ring

    def tend(self) -> bool:
        """Replace the key when it is due; return whether it was. Raises ``StationError`` as ``rotate``."""
        if not self._ring.keys().due(self._office.now_us()):
            return False
        self.rotate()
        return True

    def rotate(self) -> None:
        """Replace the key now. Raises ``StationError`` 4xx of the disk or 5xx of the line."""
        held = self._ring.keys()
        if not held.following:
            held = replace(held, following=new_key())
            self._ring.keep(held)
        taken = self._office.change_key(key_change(self._station, held.following))
        if self._ring.keys() != held:  # another program of this station was at it meanwhile
            return
        self._ring.keep(OwnKeys(held.following, taken.since_us, taken.key_days, former=held.key))
        self._office.sign_as(held.following, held.key)
