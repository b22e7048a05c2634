"""Head office's secrets: files beside the database that only the owner may read.

The recovery key is a pair. Its public half is handed to stations and stays here; the private half
opens what they sealed to it, is needed for nothing else, and is to be taken away.

The office key hands over to the next one: each change is signed by the key before it and kept, so
that a station that was away for years can follow.
"""

import base64
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from data.sealed import new_recovery_key, recovery_public
from data.secret_file import read_secret, write_secret
from station.card_hash import KEY_BYTES
from sync.ed25519 import new_key, public_key, sign_bytes
from sync.wire_trust import OfficeKeyChange, OfficeKeys, SignedOfficeKey

OFFICE_KEY = "office.key"
OFFICE_NEXT, OFFICE_CHANGES = "office.next", "office.changes"
FILES = ("secret.key", OFFICE_KEY, "card.key")
RECOVERY_PUBLIC, RECOVERY_PRIVATE = "recovery.pub", "recovery.key"


@dataclass(frozen=True, slots=True)
class Keys:
    """``secret`` signs sessions and cursors, ``office`` (raw Ed25519) answers and packs, ``card`` hashes card numbers.

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
    _go_on(home)
    return Keys(*((home / name).read_bytes() for name in (*FILES, RECOVERY_PUBLIC)))


class _Next(msgspec.Struct, frozen=True):
    """An office key that is about to take its place, and the changes that lead to it."""

    key: bytes
    changes: OfficeKeys


def change_office_key(home: Path, now_us: int) -> None:
    """Replace the office key by a fresh one that the present one signs. Raises ``StationError`` 4xx.

    Ended at any point, the next ``load`` ends what was begun.
    """
    held, fresh = load(home).office, new_key()
    document = msgspec.json.encode(OfficeKeyChange(
        form="card-station office key 1", former=_text(public_key(held)), key=_text(public_key(fresh)), at_us=now_us))
    change = SignedOfficeKey(document=_text(document), signature=_text(sign_bytes(held, document)))
    changes = OfficeKeys(changes=(*office_changes(home).changes, change))
    write_secret(home / OFFICE_NEXT, msgspec.json.encode(_Next(fresh, changes)))
    _go_on(home)


def office_changes(home: Path) -> OfficeKeys:
    """Return all changes of the office key so far."""
    kept = read_secret(home / OFFICE_CHANGES)
    return msgspec.json.decode(kept, type=OfficeKeys) if kept else OfficeKeys(changes=())


def _go_on(home: Path) -> None:
    """Put the next office key in its place, when there is one."""
    begun = read_secret(home / OFFICE_NEXT)
    if begun is None:
        return
    following = msgspec.json.decode(begun, type=_Next)
    write_secret(home / OFFICE_CHANGES, msgspec.json.encode(following.changes))
    write_secret(home / OFFICE_KEY, following.key)
    (home / OFFICE_NEXT).unlink(missing_ok=True)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
