"""Head office's secrets: three files beside the database that only the owner may read."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from station.card_hash import KEY_BYTES
from sync.signatures import new_key

FILES = ("secret.key", "office.key", "card.key")
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Keys:
    """``secret`` signs sessions and cursors, ``office`` (raw Ed25519) signs packs, ``card`` hashes card numbers.

    Each has 32 bytes.
    """

    secret: bytes = field(repr=False)
    office: bytes = field(repr=False)
    card: bytes = field(repr=False)


def create(home: Path) -> None:
    """Make the keys that are not there yet in ``home``; a key once made is never replaced."""
    fresh = (secrets.token_bytes(KEY_BYTES), new_key(), secrets.token_bytes(KEY_BYTES))
    for name, key in zip(FILES, fresh, strict=True):
        path = home / name
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
            with os.fdopen(handle, "wb") as file:
                file.write(key)


def load(home: Path) -> Keys:
    """Return the keys kept in ``home``. Raises ``FileNotFoundError`` when one was never made."""
    return Keys(*((home / name).read_bytes() for name in FILES))
