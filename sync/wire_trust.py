"""Messages by which a station and head office come to trust each other. As ``sync.wire``."""

from typing import Literal

from station.text import Text
from sync.wire import API, Base64, Message

CA_PATH = f"{API}/ca"
PAIR_PATH = f"{API}/pair"
KEYS_PATH = f"{API}/keys"
OFFICE_KEYS_PATH = f"{API}/keys/office"


class CaAnswer(Message, frozen=True, kw_only=True):
    """The authority behind head office's address, as PEM, and the proof (``sync.codes``, CA) over exactly that text."""

    certificate: str
    proof: Base64


class PairRequest(Message, frozen=True, kw_only=True):
    """A station asks in with a one-time code, of which only the public part, ``code``, travels.

    ``public_key`` is the station's raw Ed25519 key, made there; ``proof`` (``sync.codes``, STATION)
    is over its 32 bytes.
    """

    protocol: int
    code: str
    public_key: Base64
    proof: Base64


class PairAnswer(Message, frozen=True, kw_only=True):
    """The exact bytes of ``Welcomed``, and the proof (``sync.codes``, OFFICE) over the station's key and them."""

    document: Base64
    proof: Base64


class Welcomed(Message, frozen=True, kw_only=True):
    """Who the station is.

    ``card_key`` is the club-wide 32-byte key of the card look-up hash; ``office_key`` head
    office's raw Ed25519 key, which signs answers and packs; ``recovery_key`` its raw X25519 key, to
    which the station seals the key of its files. The station's own key is of ``since_us`` (µs since
    1970 UTC, head office's clock) and is to be replaced in time before it is ``key_days`` old.
    """

    station: str
    shop: str
    shop_name: Text
    card_key: Base64
    office_key: Base64
    recovery_key: Base64
    since_us: int
    key_days: int


class KeyChange(Message, frozen=True, kw_only=True):
    """The station's next raw Ed25519 ``public_key``; the request is signed by the key it replaces.

    ``proof`` is the next key's signature over ``sync.signatures.key_text``: its private half is there.
    """

    public_key: Base64
    proof: Base64


class KeyTaken(Message, frozen=True, kw_only=True):
    """The next key is known: both are good until the first request signed by it. As in ``Welcomed``."""

    since_us: int
    key_days: int


class OfficeKeyChange(Message, frozen=True, kw_only=True):
    """Head office goes from the key ``former`` to ``key`` (raw Ed25519)."""

    form: Literal["card-station office key 1"]
    former: Base64
    key: Base64
    at_us: int


class SignedOfficeKey(Message, frozen=True, kw_only=True):
    """The exact bytes of an ``OfficeKeyChange`` and the former key's detached signature over them."""

    document: Base64
    signature: Base64


class OfficeKeys(Message, frozen=True, kw_only=True):
    """All changes of head office's key, the oldest first: each is proven by the one before."""

    changes: tuple[SignedOfficeKey, ...]
