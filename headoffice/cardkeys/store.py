"""Master keys of chip cards: numbered versions in files of their own, and the keys of one card made of them."""

import re
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from data.secret_file import read_secret, write_secret
from headoffice.cardkeys.aes import BLOCK, diversified
from headoffice.cardkeys.desfire import AID as DESFIRE_AID
from headoffice.cardkeys.ntag424 import AID as NTAG424_AID
from station.card_task import Technology

FOLDER = "card-keys"
OWNER_FOLDER = 0o700
MOST_VERSION = 254
"""A card tells its keys' version in one byte; 0 is the factory's."""

SYSTEM = "card-station"
MOST_SYSTEM = 16
_NAME = re.compile(r"chips-(\d{3})\.json")


class Role(StrEnum):
    """What a master key's cards use their key for.

    MASTER: to change what is on the chip. PROOF: to answer head office at the till. SUN_META and SUN_FILE: to
    encrypt and to sign what a tap says.
    """

    MASTER = "MASTER"
    PROOF = "PROOF"
    SUN_META = "SUN_META"
    SUN_FILE = "SUN_FILE"


_NTAG424 = (NTAG424_AID, (Role.MASTER, Role.SUN_META, Role.SUN_FILE, Role.PROOF, Role.MASTER))
_DESFIRE = (DESFIRE_AID, (Role.MASTER, Role.PROOF))
_PLACES = {Technology.NTAG424: _NTAG424, Technology.DESFIRE_EV1: _DESFIRE, Technology.DESFIRE_EV2: _DESFIRE}
"""Application id, and what each key is for, by number."""


class MasterKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the master keys, and how a card's keys are made of them.

    By AN10922 out of UID, application id (3 bytes), ``system`` (ASCII) and the number of the key on the card
    (1 byte). ``to_32``: short diversifiers are padded to 32 bytes, as NXP has it; some programs do not.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=MOST_VERSION)]
    keys: dict[Role, bytes]
    system: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_SYSTEM, pattern="^[ -~]*$")] = SYSTEM
    to_32: bool = True

    def __repr__(self) -> str:
        """Name the version only."""
        return f"MasterKeys(version={self.version})"

    @property
    def outer(self) -> bytes:
        """The key of encrypted taps: the same on all cards, for only what it encrypts says which card it is."""
        return self.keys[Role.SUN_META]

    def of_card(self, technology: Technology, uid: bytes) -> tuple[bytes, ...]:
        """Return the keys of the chip with this ``uid``, by their numbers on it."""
        return tuple(self.key(technology, uid, number) for number in range(len(_PLACES[technology][1])))

    def key(self, technology: Technology, uid: bytes, number: int) -> bytes:
        """Return key ``number`` of the chip with this ``uid``."""
        aid, roles = _PLACES[technology]
        diversifier = uid + aid + self.system.encode("ascii") + bytes((number,))
        return diversified(self.keys[roles[number]], diversifier, to_32=self.to_32)


class MasterKeyStore:
    """The versions kept in a folder, read once; a new one counts where it was made, and after a new start."""

    def __init__(self, folder: Path) -> None:
        """Read ``folder``, making it and the first version if need be. Raises ``ValueError``, ``StationError`` 4xx."""
        folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        self._folder = folder
        self._held = {version: self._read(version) for version in self._versions()}
        if not self._held:
            self.new()

    def of(self, version: int) -> MasterKeys | None:
        """Return this version, or None."""
        return self._held.get(version)

    def all(self) -> tuple[MasterKeys, ...]:
        """Return all versions, the newest first."""
        return tuple(self._held[version] for version in sorted(self._held, reverse=True))

    def newest(self) -> MasterKeys:
        """Return the version that new cards get."""
        return self._held[max(self._held)]

    def new(self) -> int:
        """Make the next version and return its number. Raises ``OverflowError`` when there are no more."""
        version = max(self._held, default=0) + 1
        if version > MOST_VERSION:
            message = f"there are no more than {MOST_VERSION} versions of card keys"
            raise OverflowError(message)
        made = MasterKeys(version, {role: secrets.token_bytes(BLOCK) for role in Role})
        write_secret(self._file(version), msgspec.json.encode(made))
        self._held[version] = made
        return version

    def _versions(self) -> list[int]:
        return [int(found[1]) for file in self._folder.iterdir() if (found := _NAME.fullmatch(file.name))]

    def _read(self, version: int) -> MasterKeys:
        kept = msgspec.json.decode(read_secret(self._file(version)) or b"", type=MasterKeys)
        if kept.version != version or set(kept.keys) != set(Role) or {len(key) for key in kept.keys.values()} != {BLOCK}:
            message = f"{self._file(version).name} does not hold what it should"
            raise ValueError(message)
        return kept

    def _file(self, version: int) -> Path:
        return self._folder / f"chips-{version:03d}.json"
