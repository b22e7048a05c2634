"""Head office's secrets: files beside the database that only the owner may read.

The recovery key is a pair. Its public half is handed to stations and stays here; the private half
opens what they sealed to it, is needed for nothing else, and is to be taken away.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from data.sealed import new_recovery_key, recovery_public
from data.secret_file import write_secret
from station.card_hash import KEY_BYTES
from sync.signatures import new_key

FILES = ("secret.key", "office.key", "card.key")
RECOVERY_PUBLIC, RECOVERY_PRIVATE = "recovery.pub", "recovery.key"


@dataclass(frozen=True, slots=True)
class Keys:
    """``secret`` signs sessions and cursors, ``office`` (raw Ed25519) signs packs, ``card`` hashes card numbers.

    ``recovery`` is the raw X25519 public key to which stations seal the keys of their files. Each
    has 32 bytes.
    """

    secret: bytes = field(repr=False)
    office: bytes = field(repr=False)
    card: bytes = field(repr=False)
    recovery: bytes


def create(home: Path) -> Path | None:
    """Make the keys that are not there yet in ``home``; a key once made is never replaced.

    Returns the file of the private recovery key when it was made now. Raises ``StationError`` 4xx
    when the disk refuses.
    """
    fresh = (secrets.token_bytes(KEY_BYTES), new_key(), secrets.token_bytes(KEY_BYTES))
    for name, key in zip(FILES, fresh, strict=True):
        if not (home / name).exists():
            write_secret(home / name, key)
    private, public = home / RECOVERY_PRIVATE, home / RECOVERY_PUBLIC
    if public.exists():
        return None
    if not private.exists():
        write_secret(private, new_recovery_key())
    write_secret(public, recovery_public(private.read_bytes()))
    return private


def load(home: Path) -> Keys:
    """Return the keys kept in ``home``. Raises ``FileNotFoundError`` when one was never made."""
    return Keys(*((home / name).read_bytes() for name in (*FILES, RECOVERY_PUBLIC)))
