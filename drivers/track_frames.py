"""How readers wrap tracks: the keyboard stream of stripe readers, and the MSR206/605/606 dialogue.

Keyboard stream: MagTek 99875191, "[SS]data[ES]" per track, then a terminator; a track that could
not be read is one ``E``. MSR: programmer's manual, revision B (2009).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from drivers.tracks import (
    ABA,
    IATA,
    Alphabet,
    BitOrder,
    Track,
    TrackData,
    TrackFault,
    decode_packed,
    encode,
    from_text,
    pack,
    track_data,
    unreadable,
    wipe,
)
from station.errors import ErrorCode, StationError


@dataclass(frozen=True, slots=True)
class Swipe:
    """One swipe: the ``tracks`` that were read and those that hold something which could not be."""

    tracks: tuple[TrackData, ...]
    unread: tuple[Track, ...] = ()

    def wipe(self) -> None:
        """Overwrite every track with zeros."""
        for track in self.tracks:
            wipe(track.data)


@dataclass(frozen=True, slots=True)
class Start:
    """A start ``sentinel`` (one ASCII character), the track it opens and the alphabet that follows."""

    sentinel: str
    track: Track
    alphabet: Alphabet


MAGTEK_STARTS = (
    Start("%", Track.ONE, IATA),
    Start(";", Track.TWO, ABA), Start("@", Track.TWO, IATA),
    Start("+", Track.THREE, ABA), Start("#", Track.THREE, IATA), Start("&", Track.THREE, IATA),
    Start("!", Track.THREE, IATA),
)


@dataclass(frozen=True, slots=True)
class WedgeProfile:
    """How one station's reader is set up: what it types around tracks (ASCII); MagTek's factory settings.

    ``before`` and ``after`` frame the whole swipe and may be missing, as may ``terminator``;
    ``error`` stands for a track that could not be read; with ``lrc`` each end sentinel is followed
    by the LRC.
    """

    starts: tuple[Start, ...] = MAGTEK_STARTS
    end: str = "?"
    error: str = "E"
    before: str = ""
    after: str = ""
    terminator: str = "\r"
    lrc: bool = False


MAGTEK = WedgeProfile()


def read_wedge(burst: bytes | bytearray, profile: WedgeProfile = MAGTEK) -> Swipe:
    """Return the swipe that a keyboard reader typed as ``burst``.

    Raises ``StationError`` CARD_UNREADABLE (``fault``, ``position`` in the burst or the track, and
    ``track`` where it is known).
    """
    starts = {ord(start.sentinel): start for start in profile.starts}
    body = burst.removesuffix(profile.terminator.encode())
    body = body.removesuffix(profile.after.encode()).removeprefix(profile.before.encode())
    read: list[TrackData] = []
    unread: list[Track] = []
    if not body:
        raise unreadable(TrackFault.NO_START, 0)
    at = 0
    while at < len(body):
        start = starts.get(body[at])
        if start is None:
            raise unreadable(TrackFault.NO_START, at)
        end = body.find(profile.end.encode(), at)
        if end < 0:
            raise unreadable(TrackFault.NO_END, len(body), start.track)
        if start.track in (*unread, *(track.track for track in read)):
            raise unreadable(TrackFault.TWICE, at, start.track)
        data = body[at + 1:end]
        at = end + 1
        if data == profile.error.encode():
            unread.append(start.track)
            continue
        track = track_data(start.track, data, start.alphabet)
        if profile.lrc:
            if body[at:at + 1] != bytes((start.alphabet.lrc(data),)):
                raise unreadable(TrackFault.LRC, len(data) + 2, start.track)
            at += 1
        read.append(track)
    return Swipe(tuple(read), tuple(unread))


class MsrStatus(IntEnum):
    """The last byte of an MSR answer."""

    DONE = 0x30
    FAILED = 0x31
    FORMAT = 0x32
    COMMAND = 0x34
    SWIPE = 0x39


ESC = b"\x1b"
MSR_READ = ESC + b"r"
MSR_READ_RAW = ESC + b"m"
_MSR_WRITE = ESC + b"w"
_MSR_WRITE_RAW = ESC + b"n"
_MSR_DATA = ESC + b"s"
_MSR_END = b"?\x1c"
_MSR_BLANK = ESC + b"+"
_MSR_UNREAD = ESC + b"*"
"""What clones send in place of a track that holds nothing, and of one they could not read."""
_MSR_MOST = 1024


class _ShortError(Exception):
    """The answer has not arrived whole."""


@dataclass(slots=True)
class _Cursor:
    raw: bytes | bytearray
    at: int = 0

    def expect(self, wanted: bytes) -> None:
        here = self.raw[self.at:self.at + len(wanted)]
        if here != wanted:
            if wanted.startswith(here):
                raise _ShortError
            raise _bad_answer(position=self.at)
        self.at += len(wanted)

    def take(self, count: int) -> bytes | bytearray:
        taken = self.raw[self.at:self.at + count]
        if len(taken) < count:
            raise _ShortError
        self.at += count
        return taken

    def take_until(self, marker: bytes) -> bytes | bytearray:
        end = self.raw.find(marker, self.at)
        if end < 0:
            raise _ShortError
        return self.take(end - self.at)


def _bad_answer(**detail: int | str) -> StationError:
    return StationError(ErrorCode.CARD_UNREADABLE, answer="MSR", **detail)


def _mark(track: Track) -> bytes:
    return ESC + bytes((track.value,))


def read_msr(raw: bytes | bytearray) -> Swipe | None:
    """Return the swipe in the answer to ``MSR_READ``, or None while more of it is to come.

    A track that does not hold together is listed as unread. Raises ``StationError`` CARD_UNREADABLE
    when none was read: as ``from_text`` does for the first of them, with ``answer`` and ``status``
    when the device says why, with ``answer`` and ``position`` when this is no such answer.
    """
    return _read_msr(raw, _text_between_marks, from_text)


def read_msr_raw(raw: bytes | bytearray) -> Swipe | None:
    """Return the swipe in the answer to ``MSR_READ_RAW``, or None while more of it is to come.

    Devices differ in the order of bits within a byte: both are tried. Raises ``StationError`` as
    ``read_msr`` and ``decode_packed`` do.
    """
    return _read_msr(raw, _bytes_by_length, decode_packed)


def _text_between_marks(cursor: _Cursor, track: Track) -> bytes | bytearray:
    if cursor.raw[cursor.at:cursor.at + 2] in (_MSR_BLANK, _MSR_UNREAD):
        return cursor.take(2)
    return cursor.take_until(_MSR_END if track is Track.THREE else ESC)


def _bytes_by_length(cursor: _Cursor, _track: Track) -> bytes | bytearray:
    return cursor.take(cursor.take(1)[0])


def _read_msr(
    raw: bytes | bytearray,
    take: Callable[[_Cursor, Track], bytes | bytearray],
    read: Callable[[Track, bytes | bytearray], TrackData],
) -> Swipe | None:
    cursor = _Cursor(raw)
    bodies: list[tuple[Track, bytes | bytearray]] = []
    try:
        cursor.expect(_MSR_DATA)
        for track in Track:
            cursor.expect(_mark(track))
            bodies.append((track, take(cursor, track)))
        cursor.expect(_MSR_END + ESC)
        status = cursor.take(1)[0]
    except _ShortError:
        if len(raw) > _MSR_MOST:
            raise _bad_answer(position=len(raw)) from None
        return None
    swipe, failure = _read_bodies(bodies, read)
    if not swipe.tracks and failure:
        raise failure
    if not swipe.tracks and status != MsrStatus.DONE:
        raise _bad_answer(status=f"{status:02X}")
    return swipe


def _read_bodies(
    bodies: Sequence[tuple[Track, bytes | bytearray]], read: Callable[[Track, bytes | bytearray], TrackData],
) -> tuple[Swipe, StationError | None]:
    tracks: list[TrackData] = []
    unread: list[Track] = []
    failure = None
    for track, body in bodies:
        if body == _MSR_BLANK or not any(body):
            continue
        try:
            if body == _MSR_UNREAD:
                unread.append(track)
            else:
                tracks.append(read(track, body))
        except StationError as error:
            unread.append(track)
            failure = failure or error
    return Swipe(tuple(tracks), tuple(unread)), failure


def write_msr(tracks: Sequence[TrackData]) -> bytes:
    """Return the command that writes ``tracks``; the device adds sentinels and LRC itself."""
    held = {track.track: bytes(track.data) for track in tracks}
    return _MSR_WRITE + _MSR_DATA + b"".join(_mark(track) + held.get(track, b"") for track in Track) + _MSR_END


def write_msr_raw(tracks: Sequence[TrackData]) -> bytes:
    """Return the command that writes ``tracks`` bit by bit, packed lowest bit first as the manual shows."""
    held = {track.track: bytes(pack(encode(track.track, track.data), BitOrder.LOW_FIRST)) for track in tracks}
    return _MSR_WRITE_RAW + _MSR_DATA + b"".join(
        _mark(track) + bytes((len(held.get(track, b"")),)) + held.get(track, b"") for track in Track) + _MSR_END


def check_msr_written(raw: bytes | bytearray) -> bool:
    """Tell whether the answer to a write has arrived; True means that the card is written.

    Raises ``StationError`` CARD_UNREADABLE (``answer``, ``status`` or ``position``) when it is not.
    """
    cursor = _Cursor(raw)
    try:
        cursor.expect(ESC)
        status = cursor.take(1)[0]
    except _ShortError:
        return False
    if status != MsrStatus.DONE:
        raise _bad_answer(status=f"{status:02X}")
    return True
