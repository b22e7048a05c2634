"""Transcripts: what passed between a driver and its device, kept without the numbers.

What a device says is held until the driver has judged it; then it is masked and kept or, when it is
a bank card or may be part of one, wiped and not kept at all. Of a chip card's answers only length
and status are kept, because numbers in them are binary: played again, every chip card is its UID.
Neither the reader's path nor its title is kept: they hold serial numbers.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from drivers.bank_cards import Lane, is_bank_card, must_discard
from drivers.cards.atr import CardKind, kind_of
from drivers.club_profile import ClubProfile
from drivers.tracks import Track, wipe
from drivers.uid import RANDOM_FIRST, RANDOM_LENGTH
from station.card import Evidence, Tap
from station.errors import ErrorCode, StationError

VERSION = 1
MASKED_CLUB = ClubProfile(Track.TWO, "0000", (16,))
"""The club whose cards the masked 16-digit numbers are."""
_STATUS_BYTES = 2
_ATR_HEAD_BYTES = 4
_NUMBERS = re.compile(
    rb"(\][A-Za-z][0-9A-Za-z])?([0-9A-Za-z\x80-\xff](?:[ ./^=:_-]{0,3}[0-9A-Za-z\x80-\xff]){3,})")
"""What a scanner says of the code it read; then four letters or digits and more, also in groups."""
_SENTINEL = re.compile(rb"[%;@+#&!]")
_MASK = bytes.maketrans(bytes(range(256)), bytes(
    ord("0") if byte in b"0123456789" else ord("A") if byte >= 0x80 or chr(byte).isalpha() else byte  # noqa: PLR2004
    for byte in range(256)))

Kind = Literal["sent", "received", "atr", "command", "answer", "tap", "fault"]
_WHOLE = frozenset({ErrorCode.CARD_NOT_OF_CLUB})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that passed ``at_ms`` milliseconds after the recording began.

    ``data``, masked: bytes ``sent`` to or ``received`` from a serial line, one character each; a
    card's ``atr``, a ``command`` to it and its ``answer`` in hexadecimal; what came of a card, a
    ``tap`` or a ``fault``, as ``outcome`` says it.
    """

    at_ms: int
    kind: Kind
    data: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was recorded of one reader of the family ``driver``."""

    driver: str
    events: tuple[Event, ...]

    def save(self, path: Path) -> None:
        """Write the transcript as JSON, an event a line."""
        events = ",\n".join(json.dumps(asdict(event)) for event in self.events)
        path.write_text(
            f'{{"version": {VERSION}, "driver": {json.dumps(self.driver)}, "events": [\n{events}\n]}}\n',
            encoding="ascii")

    @classmethod
    def load(cls, path: Path) -> "Transcript":
        """Return the transcript in ``path``. Raises ``ValueError`` when it is of another version."""
        kept = json.loads(path.read_text(encoding="ascii"))
        if kept["version"] != VERSION:
            message = f"{path.name} is a transcript of version {kept['version']}"
            raise ValueError(message)
        return cls(kept["driver"], tuple(Event(**event) for event in kept["events"]))

    def outcomes(self) -> tuple[str, ...]:
        """Return what came of the cards, in order."""
        return tuple(event.data for event in self.events if event.kind in {"tap", "fault"})


def mask(data: bytes | bytearray) -> bytes:
    """Return ``data`` with all that may be a number or a name masked: digits as 0, letters as A.

    Up to three characters, sentinels and control bytes stay, so that a driver still understands it.
    """
    return _NUMBERS.sub(lambda found: (found[1] or b"") + found[2].translate(_MASK), bytes(data))


def outcome(result: Tap | StationError) -> str:
    """Return what came of a card without its number: "STRIPE TRACK 0000000000000000", or an error's name."""
    if isinstance(result, StationError):
        return result.code.name
    is_uid = result.evidence is Evidence.UID
    number = "0" * len(result.number) if is_uid else mask(result.number.encode()).decode()
    return f"{result.medium} {result.evidence} {number}"


class Tape:
    """Holds what passes until it is judged, then keeps what may be kept. Used by one thread at a time."""

    def __init__(self, driver: str, club: ClubProfile, now_s: Callable[[], float] = monotonic) -> None:
        """Begin to record a reader of the family ``driver`` that takes the cards of ``club``."""
        self._driver = driver
        self._own = club.own
        self._now_s = now_s
        self._start_s = now_s()
        self._held: list[tuple[int, Kind, bytearray]] = []
        self._kept: list[Event] = []

    def take(self, kind: Kind, data: bytes) -> None:
        """Take in what passed just now, if anything."""
        if data:
            self._held.append((self._at_ms(), kind, bytearray(data)))

    def judge(self, result: Tap | StationError | None) -> None:
        """Keep what is held, masked, and what came of it; or drop it all if it may be a bank card."""
        heard = bytearray().join(data for _, kind, data in self._held if kind == "received")
        if not self._may_be_bank_card(heard, result):
            self._keep(mask(heard))
            if result is not None:
                self._kept.append(
                    Event(self._at_ms(), "tap" if isinstance(result, Tap) else "fault", outcome(result)))
        for data in (heard, *(data for _, _, data in self._held)):
            wipe(data)
        self._held.clear()

    def transcript(self) -> Transcript:
        """Return what was recorded; what is still held is judged as it stands."""
        self.judge(None)
        return Transcript(self._driver, tuple(self._kept))

    def _may_be_bank_card(self, heard: bytearray, result: Tap | StationError | None) -> bool:
        code = result.code if isinstance(result, StationError) else None
        if code is ErrorCode.CARD_IS_BANK_CARD or is_bank_card(heard, Lane.STRIPE, self._own):
            return True
        start = _SENTINEL.search(heard)
        is_whole = isinstance(result, Tap) or code in _WHOLE
        return not is_whole and start is not None and must_discard(bytes(heard[start.start():]))

    def _keep(self, masked: bytes) -> None:
        at = 0
        for at_ms, kind, data in self._held:
            if kind == "received":
                text = masked[at:at + len(data)].decode("latin-1")
                at += len(data)
            elif kind == "sent":
                text = data.decode("latin-1")
            else:
                text = _without_number(kind, bytes(data)).hex().upper()
            self._kept.append(Event(at_ms, kind, text))

    def _at_ms(self) -> int:
        return round((self._now_s() - self._start_s) * 1000)


def _without_number(kind: Kind, data: bytes) -> bytes:
    """Return ``data`` of a chip card's exchange with zeros for what may tell the card from its like.

    The 08 that a random UID begins with stays: it tells all such cards from the others.
    """
    if kind == "answer":
        told, status = data[:-_STATUS_BYTES], data[-_STATUS_BYTES:]
        is_random = len(told) == RANDOM_LENGTH and told[0] == RANDOM_FIRST
        return (told[:1] if is_random else b"").ljust(len(told), b"\0") + status
    if kind == "atr" and kind_of(data) not in {CardKind.TYPE_2, CardKind.STORAGE}:
        return data[:_ATR_HEAD_BYTES].ljust(len(data), b"\0")
    return data
