"""Messages by which a station and head office come to trust each other. As ``sync.wire``."""

from station.text import Text
from sync.wire import API, Base64, Message

PAIR_PATH = f"{API}/pair"


class PairRequest(Message, frozen=True, kw_only=True):
    """A station asks in with a one-time ``code``. ``public_key`` is the station's raw Ed25519 key, made there."""

    protocol: int
    code: str
    public_key: Base64


class PairAnswer(Message, frozen=True, kw_only=True):
    """Who the station is.

    ``card_key`` is the club-wide 32-byte key of the card look-up hash; ``office_key`` head
    office's raw Ed25519 key, which signs packs; ``recovery_key`` its raw X25519 key, to which the
    station seals the key of its files.
    """

    station: str
    shop: str
    shop_name: Text
    card_key: Base64
    office_key: Base64
    recovery_key: Base64
