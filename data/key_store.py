"""The key of the station's files: 32 random bytes, drawn once, kept in the best place this computer has.

The file ``database.key`` says which place has it: that place's name, and what it needs to give the
key back. The key is never drawn anew over data that exists: a place that lost it is a fault, and
head office can then open the copy that was sealed to its recovery key.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from data.key_places import PLACES, KeyPlace
from data.sealed import KEY_BYTES, unseal
from data.secret_file import read_secret, write_secret
from station.errors import ErrorCode, StationError
from station.protection import Protection


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says: which ``store`` has the key, and what it ``kept``."""

    version: Literal[1]
    store: str
    kept: str


@dataclass(frozen=True, slots=True)
class Held:
    """The ``key`` (32 bytes), the name of the ``store`` that has it, and how well that protects."""

    key: bytes = field(repr=False)
    store: str
    protection: Protection


class KeyStore:
    """The key of one station's folder."""

    def __init__(self, note: Path, guarded: Sequence[Path], places: Sequence[KeyPlace] = PLACES, held: dict[bytes, Held] | None = None) -> None:
        """Work on the file ``note``.

        While one of the files ``guarded`` exists, no new key is drawn. ``places`` stand in the order
        in which a new key tries them. ``held`` remembers what they gave, by what the file said then.
        """
        self._note = note
        self._guarded = guarded
        self._places = places
        self._held = {} if held is None else held

    def held(self) -> Held:
        """Return the key, drawn now when this folder never had one.

        Raises ``StationError`` KEY_LOST (``store``) when its place does not give it, or a guarded
        file exists and nothing says where its key is; 4xx when the disk refuses.
        """
        raw = read_secret(self._note)
        if raw is None:
            if any(each.exists() for each in self._guarded):
                raise StationError(ErrorCode.KEY_LOST, store=self._note.name)
            return self.keep(secrets.token_bytes(KEY_BYTES))
        if raw not in self._held:
            self._held[raw] = self._given(raw)
        return self._held[raw]

    def _given(self, raw: bytes) -> Held:
        try:
            note = msgspec.json.decode(raw, type=_Note)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise StationError(ErrorCode.KEY_LOST, store=self._note.name) from None
        for place in self._places:
            if place.name == note.store:
                key = place.give(note.kept)
                if key is not None and len(key) == KEY_BYTES:
                    return Held(key, place.name, place.protection)
        raise StationError(ErrorCode.KEY_LOST, store=note.store)

    def keep(self, key: bytes) -> Held:
        """Keep ``key`` (32 bytes) in the first place that works, and write down where.

        Raises ``StationError`` 4xx when the disk refuses.
        """
        for place in self._places:
            kept = place.keep(key)
            if kept is not None:
                write_secret(self._note, msgspec.json.encode(_Note(1, place.name, kept)))
                return Held(key, place.name, place.protection)
        raise StationError(ErrorCode.KEY_LOST, store=self._note.name)


def rescue(sealed: Path, private: bytes) -> bytes:
    """Return the database key in the file ``sealed``, opened by head office's raw ``private`` recovery key.

    Raises ``ValueError`` when it is no sealed key, was altered or is sealed to another key,
    ``OSError`` when it cannot be read.
    """
    return unseal(sealed.read_bytes(), private)
