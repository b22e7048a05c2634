"""The key service: it alone has the keys of chips and those that sign cards, and tells nobody any of them.

Used in the process of ``headoffice serve``, or through ``process`` in one of its own.
"""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from headoffice.cardkeys import desfire, ntag424, sun
from headoffice.cardkeys.apdu import CardRefusedError
from headoffice.cardkeys.issuers import IssuerList, Issuers, issuers_in
from headoffice.cardkeys.scripts import Chip, Random, Script
from headoffice.cardkeys.store import FOLDER, MasterKeyStore
from station.card_task import CardPurpose, Outcome, Technology
from station.sun import ANSWER_BYTES, MOST_COUNTER, SunMessage, answer

LIFE_S = 30.0
MOST_SESSIONS, MOST_OF_ONE = 512, 8
MOST_ANSWERS = 1024
UID_BYTES = 7


_SCRIPTS: dict[tuple[CardPurpose, bool], Callable[[Chip, Random], Script]] = {
    (CardPurpose.AUTHENTICATE, True): ntag424.authenticate, (CardPurpose.AUTHENTICATE, False): desfire.authenticate,
    (CardPurpose.PERSONALISE, True): ntag424.personalise, (CardPurpose.PERSONALISE, False): desfire.personalise,
    (CardPurpose.VERIFY, True): ntag424.verify, (CardPurpose.VERIFY, False): desfire.verify,
}
"""What is said to a chip, by purpose and whether it is an NTAG 424."""


class TooBusyError(Exception):
    """There are as many sessions as there may be."""


class Begin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done, for station ``owner``.

    ``uid`` is hexadecimal (7 bytes), ``version`` the key version of an issued chip, 0 for one that is none yet.
    ``number``, ``host`` and ``expires`` are for PERSONALISE and VERIFY, ``card`` and ``member`` are given back at the end.
    """

    owner: str
    purpose: CardPurpose
    technology: Technology
    uid: str
    version: int = 0
    number: str = ""
    host: str = ""
    expires: str = ""
    card: int = 0
    member: str = ""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step: ``commands``, or the ``outcome`` with the number of a refusal (0: none) and its ``reason``.

    With an outcome come what was ``asked``, the key ``version`` of the chip and the ``counter`` of its last tap.
    """

    session: str
    commands: tuple[bytes, ...] = ()
    outcome: Outcome | None = None
    refusal: int = 0
    reason: str = ""
    asked: Begin | None = None
    version: int = 0
    counter: int = 0


class Tapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an encrypted tap said, once it was opened: UID (upper-case hexadecimal) and counter."""

    uid: str
    counter: int


class CardKeys(Protocol):
    """What the rest of head office may have done with the keys of cards."""

    def begin(self, begin: Begin) -> Told:
        """Begin a conversation with a chip. Raises ``TooBusyError``; ``ValueError`` for what is no chip of ours."""
        ...

    def go_on(self, owner: str, session: str, answers: Sequence[bytes]) -> Told | None:
        """Go on; None when ``owner`` has no such session (any more)."""
        ...

    def check_sun(self, uid: str, version: int, counter: int, mac: bytes) -> bool:
        """Return whether ``mac`` is the chip's own for tap ``counter``."""
        ...

    def open_sun(self, sealed: bytes, mac: bytes) -> Tapped | None:
        """Return what an encrypted tap says, None when it is not signed by the chip it names."""
        ...

    def answers(self, uid: str, version: int, first: int, count: int) -> bytes:
        """Return the answers (8 bytes each) of ``count`` taps from counter ``first`` on; fewer at the counter's end."""
        ...

    def issuers(self) -> IssuerList:
        """Return the list of issuing keys: their public halves, and when they sign."""
        ...

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return a signed card record. Raises ``LookupError``, ``ValueError`` as ``Issuers.sign_record``."""
        ...

    def sign_grant(self, number: str, phone_public: bytes, not_after: str) -> bytes:
        """Return a signed grant of a phone. Raises as ``sign_record``."""
        ...


@dataclass(slots=True)
class _Session:
    asked: Begin
    script: Script
    version: int
    until_s: float


class KeyService:
    """``CardKeys`` with the keys in its hands. For use by any number of threads."""

    def __init__(
        self, keys: MasterKeyStore, issuers: Issuers, random: Random = secrets.token_bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Speak with chips under ``keys``, drawing challenges from ``random``; ``clock`` counts seconds."""
        self._keys = keys
        self._issuers = issuers
        self._random = random
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def begin(self, begin: Begin) -> Told:
        """Begin a conversation with a chip."""
        if len(bytes.fromhex(begin.uid)) != UID_BYTES:
            message = f"a UID of {UID_BYTES} bytes is wanted"
            raise ValueError(message)
        is_made = begin.purpose is CardPurpose.PERSONALISE
        version = self._keys.newest().version if is_made or not begin.version else begin.version
        if self._keys.of(version) is None:
            return Told("", outcome=Outcome.UNKNOWN, reason="VERSION", asked=begin)
        script = self._script(begin, version)
        with self._lock:
            self._make_room(begin.owner)
            return self._stepped(
                secrets.token_hex(16), _Session(begin, script, version, self._clock() + LIFE_S), None)

    def go_on(self, owner: str, session: str, answers: Sequence[bytes]) -> Told | None:
        """Go on with a conversation."""
        with self._lock:
            held = self._sessions.get(session)
            if held is None or held.asked.owner != owner or held.until_s < self._clock():
                return None
            # A script that fails must not be found again: it would seem to have come to its end.
            del self._sessions[session]
            return self._stepped(session, held, tuple(answers))

    def check_sun(self, uid: str, version: int, counter: int, mac: bytes) -> bool:
        """Return whether ``mac`` is the chip's own for tap ``counter``."""
        key = self._sun_key(uid, version)
        return key is not None and sun.is_good(key, bytes.fromhex(uid), counter, mac)

    def open_sun(self, sealed: bytes, mac: bytes) -> Tapped | None:
        """Return what an encrypted tap says. Its outer key cannot be one chip's own: it names the chip."""
        for keys in self._keys.all():
            try:
                uid, counter = sun.open_picc_data(keys.outer, sealed)
            except ValueError:
                continue
            if self.check_sun(uid.hex(), keys.version, counter, mac):
                return Tapped(uid.hex().upper(), counter)
        return None

    def answers(self, uid: str, version: int, first: int, count: int) -> bytes:
        """Return the answers of taps to come."""
        key, raw = self._sun_key(uid, version), bytes.fromhex(uid)
        if key is None:
            return b""
        last = min(first + min(count, MOST_ANSWERS), MOST_COUNTER + 1)
        made = bytearray()
        for counter in range(first, last):
            made += answer(SunMessage(uid, counter, sun.mac(key, raw, counter)))[:ANSWER_BYTES]
        return bytes(made)

    def issuers(self) -> IssuerList:
        """Return the list of issuing keys."""
        return self._issuers.listed()

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return a signed card record."""
        return self._issuers.sign_record(number, uid, expires)

    def sign_grant(self, number: str, phone_public: bytes, not_after: str) -> bytes:
        """Return a signed grant of a phone."""
        return self._issuers.sign_grant(number, phone_public, not_after)

    def _sun_key(self, uid: str, version: int) -> bytes | None:
        keys = self._keys.of(version)
        return keys.key(Technology.NTAG424, bytes.fromhex(uid), ntag424.SUN_FILE) if keys else None

    def _script(self, begin: Begin, version: int) -> Script:
        keys = {each.version: each.of_card(begin.technology, bytes.fromhex(begin.uid)) for each in self._keys.all()}
        is_made, is_ntag = begin.purpose is CardPurpose.PERSONALISE, begin.technology is Technology.NTAG424
        record = self._record(begin) if is_made and is_ntag else b""
        chip = Chip(begin.technology, version, keys, begin.number, begin.host, record, issued=bool(begin.version))
        return _SCRIPTS[begin.purpose, is_ntag](chip, self._random)

    def _record(self, begin: Begin) -> bytes:
        """Return the record that goes onto the chip, b"" while head office has no issuing key."""
        try:
            return self._issuers.sign_record(begin.number, begin.uid, begin.expires)
        except LookupError:
            return b""

    def _make_room(self, owner: str) -> None:
        now = self._clock()
        self._sessions = {name: each for name, each in self._sessions.items() if each.until_s >= now}
        own = [name for name, each in self._sessions.items() if each.asked.owner == owner]
        # Its oldest is that of a card which was taken away: a shop has not as many readers.
        for name in own[:max(0, len(own) - MOST_OF_ONE + 1)]:
            del self._sessions[name]
        if len(self._sessions) >= MOST_SESSIONS:
            raise TooBusyError

    def _stepped(self, name: str, held: _Session, answers: tuple[bytes, ...] | None) -> Told:
        """Let the script of a session go on, from its beginning or with ``answers``; one that has ended is kept no more."""
        try:
            commands = next(held.script) if answers is None else held.script.send(answers)
        except StopIteration as end:
            is_made = held.asked.purpose is CardPurpose.PERSONALISE
            return Told(name, outcome=Outcome.DONE if is_made else Outcome.PROVEN, asked=held.asked,
                version=held.version, counter=end.value)
        except CardRefusedError as fault:
            return Told(name, outcome=Outcome.REFUSED, refusal=fault.code.value, reason=fault.reason, asked=held.asked,
                version=held.version)
        self._sessions[name] = held
        return Told(name, commands)


def service_in(home: Path) -> KeyService:
    """Return the key service of the head office in ``home``. Raises ``ValueError``, ``StationError`` 4xx."""
    return KeyService(MasterKeyStore(home / FOLDER), issuers_in(home))
