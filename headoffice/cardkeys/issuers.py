"""Issuing keys: the Ed25519 keys (RFC 8032) by which head office signs card records and grants of phones.

They lie in a folder of their own, apart from the database and its backups: ``list`` with the facts
that stations are told, and a file for each private key, which its owner alone may read. A key is
published ``LEAD_DAYS`` before it signs for the first time, so that every station that was in reach
once in that time knows it when the first card comes. What it signed is believed through its last
day, unless it is withdrawn; the private half of a withdrawn key is destroyed.

Nothing of Django is needed here: the key service may be a process of its own.
"""

from dataclasses import replace
from pathlib import Path

import msgspec

from data.secret_file import read_secret, write_secret
from headoffice.cardkeys import store
from headoffice.clock import MICROSECONDS, now_us
from station import card_record, member_pass
from station.card_record import CardRecord
from station.card_trust import IssuerKey
from station.dates import day_number
from station.member_pass import Grant
from sync.ed25519 import new_key, public_key, sign_bytes

FOLDER = Path(store.FOLDER, "issuers")
"""Where they lie in head office's folder."""

LIST = "list"
LEAD_DAYS = 7
HOLD_DAYS = 2192
"""Six years: a key signs for one, and a card lives for five."""

OWNER_FOLDER = 0o700
DAY_US = 86_400 * MICROSECONDS
_EPOCH_DAY = day_number("1970-01-01")


class IssuerList(msgspec.Struct, frozen=True):
    """All keys there ever were, by their ids. ``version`` is 0 before the first, and rises with every change.

    It goes by the clock: an older state of the folder that was put back is above what any station
    holds with its next change.
    """

    version: int = 0
    keys: tuple[IssuerKey, ...] = ()


class Issuers:
    """The issuing keys in one folder, read anew for everything: another process may change them."""

    def __init__(self, folder: Path) -> None:
        """Name the ``folder``; it is made with the first key."""
        self._folder = folder

    def listed(self) -> IssuerList:
        """Return the list of keys as it is now."""
        kept = read_secret(self._folder / LIST)
        return msgspec.json.decode(kept, type=IssuerList) if kept else IssuerList()

    def new(self, today_us: int) -> int:
        """Make a key and publish it; return its id, above all before.

        It signs from the UTC day of ``today_us`` on when there is none that signs, otherwise
        ``LEAD_DAYS`` later. Raises ``StationError`` 4xx when the disk refuses.
        """
        held, first = self.listed(), today_us - today_us % DAY_US
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        if any(signs(each, today_us) for each in held.keys):
            first += LEAD_DAYS * DAY_US
        key_id = 1 + max((*(each.key_id for each in held.keys), *self._stray()), default=0)
        private = new_key()
        # The list names no key that is not here; one that it does not name yet is never used.
        write_secret(self._file(key_id), private)
        self._write(held, (*held.keys, IssuerKey(key_id, public_key(private), first, first + HOLD_DAYS * DAY_US)))
        return key_id

    def withdraw(self, key_id: int, now_us: int) -> None:
        """Let nothing count that key ``key_id`` signed, and destroy its private half.

        Again it changes nothing. Raises ``KeyError`` when there is no such key, ``StationError`` 4xx.
        """
        held = self.listed()
        known = next((each for each in held.keys if each.key_id == key_id), None)
        if known is None:
            raise KeyError(key_id)
        if known.withdrawn_us is None:
            self._write(held, tuple(
                replace(each, withdrawn_us=now_us) if each is known else each for each in held.keys))
        self._file(key_id).unlink(missing_ok=True)

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return the packed ``CardRecord`` of a card, signed by the newest key that signs today.

        Raises ``LookupError`` when none does, ``ValueError`` when the form cannot hold it or the card
        would outlive the key.
        """
        key = self._signing(expires)
        record = CardRecord(key.key_id, expires, uid, number)
        return card_record.pack(replace(record, signature=self._signed(key, card_record.signed_part(record))))

    def sign_grant(self, number: str, phone_public: bytes, not_after: str) -> bytes:
        """Return the packed ``Grant`` by which a phone is a card through the day ``not_after``; as ``sign_record``."""
        key = self._signing(not_after)
        grant = Grant(key.key_id, not_after, number, phone_public)
        return member_pass.pack_grant(replace(grant, signature=self._signed(key, member_pass.granted_part(grant))))

    def _signing(self, last_day: str) -> IssuerKey:
        at_us = now_us()
        able = [each for each in self.listed().keys if signs(each, at_us) and self._file(each.key_id).exists()]
        if not able:
            message = "no issuing key signs today; make one: headoffice card-keys new"
            raise LookupError(message)
        key = able[-1]
        if last_day and key.until_us and (day_number(last_day) + 1 - _EPOCH_DAY) * DAY_US > key.until_us:
            message = f"issuing key {key.key_id} ends before {last_day}"
            raise ValueError(message)
        return key

    def _signed(self, key: IssuerKey, message: bytes) -> bytes:
        return sign_bytes(self._file(key.key_id).read_bytes(), message)

    def _file(self, key_id: int) -> Path:
        return self._folder / f"{key_id:05d}.key"

    def _stray(self) -> list[int]:
        return [int(file.stem) for file in self._folder.glob("*.key")]

    def _write(self, held: IssuerList, keys: tuple[IssuerKey, ...]) -> None:
        version = max(held.version + 1, now_us())
        write_secret(self._folder / LIST, msgspec.json.encode(IssuerList(version, keys)))


def signs(key: IssuerKey, at_us: int) -> bool:
    """Return whether ``key`` may sign at ``at_us`` (µs since 1970 UTC)."""
    return key.withdrawn_us is None and key.from_us <= at_us and (key.until_us is None or at_us < key.until_us)


def issuers_in(home: Path) -> Issuers:
    """Return the issuing keys of the head office in ``home``."""
    return Issuers(home / FOLDER)
