"""Magnetic stripe tracks 1, 2 and 3 (ISO/IEC 7811-2 and -6): characters to bits and back.

A character is its data bits, lowest first, and one bit of odd parity. A track is a start sentinel,
data, an end sentinel and the LRC, which is the XOR of all characters before it and has a parity
bit of its own; clocking zeros stand before and after. Bits are held one per byte (0 or 1), in
time order. Whatever may be a card number is a ``bytearray``, which its owner wipes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum

from station.errors import ErrorCode, StationError

BYTE_BITS = 8


class Track(IntEnum):
    """A track by its number on the card."""

    ONE = 1
    TWO = 2
    THREE = 3


class TrackFault(StrEnum):
    """What is wrong with a track; ``TWICE``: one swipe holds it two times."""

    NO_START = "NO_START"
    NO_END = "NO_END"
    PARITY = "PARITY"
    LRC = "LRC"
    TOO_LONG = "TOO_LONG"
    ALPHABET = "ALPHABET"
    TWICE = "TWICE"


class BitOrder(Enum):
    """Which end of a packed byte holds the bit that passed the head first."""

    LOW_FIRST = "LOW_FIRST"
    HIGH_FIRST = "HIGH_FIRST"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Characters of ``bits`` data bits; value 0 is the ASCII code ``base``. The others are ASCII too."""

    bits: int
    base: int
    start: int
    separator: int
    end: int

    @property
    def width(self) -> int:
        """Bits per character, parity included."""
        return self.bits + 1

    def coded(self, character: int) -> int:
        """Return the value of an ASCII ``character`` with its odd parity bit on top."""
        code = character - self.base
        return code | (code.bit_count() + 1) % 2 << self.bits

    def lrc(self, data: bytes | bytearray) -> int:
        """Return the LRC, as an ASCII code, of a track that holds ``data`` between its sentinels."""
        check = 0
        for character in (self.start, *data, self.end):
            check ^= character - self.base
        return self.base + check


IATA = Alphabet(6, 0x20, ord("%"), ord("^"), ord("?"))
ABA = Alphabet(4, 0x30, ord(";"), ord("="), ord("?"))
ALPHABETS = {Track.ONE: IATA, Track.TWO: ABA, Track.THREE: ABA}
MOST_CHARACTERS = {Track.ONE: 79, Track.TWO: 40, Track.THREE: 107}
"""Characters a track has room for, sentinels and LRC included."""
FRAME_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class TrackData:
    """What ``track`` holds between its sentinels, in ASCII; left out of ``repr``: it may be a card number."""

    track: Track
    data: bytearray = field(repr=False)
    alphabet: Alphabet = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Failure:
    fault: TrackFault
    position: int


def wipe(buffer: bytearray) -> None:
    """Overwrite ``buffer`` in place with zeros.

    It shortens the life of card data; Python may hold copies elsewhere, so it is no guarantee.
    """
    buffer[:] = bytes(len(buffer))


def unreadable(fault: TrackFault, position: int, track: Track | None = None) -> StationError:
    """Return the error that names a track, the place (characters, sentinel 0) and the kind, never the character."""
    if track is None:
        return StationError(ErrorCode.CARD_UNREADABLE, fault=fault.value, position=position)
    return StationError(ErrorCode.CARD_UNREADABLE, track=track.value, fault=fault.value, position=position)


def track_data(track: Track, data: bytes | bytearray, alphabet: Alphabet | None = None) -> TrackData:
    """Return a copy of ``data`` as what ``track`` holds; the track's own alphabet unless another is named.

    Raises ``StationError`` CARD_UNREADABLE (``track``, ``fault``, ``position``): ALPHABET where a
    character is not the track's or is a sentinel, TOO_LONG when it does not fit the track.
    """
    alphabet = alphabet or ALPHABETS[track]
    most = MOST_CHARACTERS[track]
    if len(data) + FRAME_CHARACTERS > most:
        raise unreadable(TrackFault.TOO_LONG, most, track)
    for position, character in enumerate(data, start=1):
        known = 0 <= character - alphabet.base < 1 << alphabet.bits
        if not known or character in (alphabet.start, alphabet.end):
            raise unreadable(TrackFault.ALPHABET, position, track)
    return TrackData(track, bytearray(data), alphabet)


def from_text(track: Track, text: bytes | bytearray) -> TrackData:
    """Return the track a reader sent as ASCII ``text``: sentinels, data and, where sent, the LRC.

    Raises ``StationError`` CARD_UNREADABLE (``track``, ``fault``, ``position``).
    """
    alphabet = ALPHABETS[track]
    if not text.startswith(bytes((alphabet.start,))):
        raise unreadable(TrackFault.NO_START, 0, track)
    end = text.find(alphabet.end)
    if end < 0:
        raise unreadable(TrackFault.NO_END, len(text), track)
    read = track_data(track, text[1:end])
    if text[end + 1:] not in (b"", bytes((alphabet.lrc(read.data),))):
        raise unreadable(TrackFault.LRC, end + 1, track)
    return read


def characters(track: Track, data: bytes | bytearray) -> bytearray:
    """Return the characters of a track holding ``data``, each with its parity bit on top, LRC last.

    Raises ``StationError`` as ``track_data`` does.
    """
    read = track_data(track, data)
    alphabet = read.alphabet
    framed = (alphabet.start, *read.data, alphabet.end, alphabet.lrc(read.data))
    return bytearray(map(alphabet.coded, framed))


def encode(track: Track, data: bytes | bytearray) -> bytearray:
    """Return the bits of a track holding ``data``, without clocking zeros.

    Raises ``StationError`` as ``track_data`` does.
    """
    return spread(characters(track, data), ALPHABETS[track].width)


def spread(codes: Iterable[int], width: int) -> bytearray:
    """Return the ``width`` bits of each of ``codes``, lowest first."""
    return bytearray(code >> place & 1 for code in codes for place in range(width))


def pack(bits: bytes | bytearray, order: BitOrder) -> bytearray:
    """Return ``bits`` eight to a byte, the last byte filled with zeros."""
    packed = bytearray((len(bits) + BYTE_BITS - 1) // BYTE_BITS)
    for place, bit in enumerate(bits):
        within = place % BYTE_BITS
        packed[place // BYTE_BITS] |= bit << (within if order is BitOrder.LOW_FIRST else BYTE_BITS - 1 - within)
    return packed


def unpack(packed: bytes | bytearray, order: BitOrder, count: int | None = None) -> bytearray:
    """Return the first ``count`` bits (all, if not given) of bytes that hold eight each."""
    places = range(BYTE_BITS) if order is BitOrder.LOW_FIRST else range(BYTE_BITS - 1, -1, -1)
    return bytearray(byte >> place & 1 for byte in packed for place in places)[:count]


def decode(track: Track, bits: bytes | bytearray) -> TrackData:
    """Return what a raw capture of ``track`` holds, swiped either way, with either sense of the bits.

    Of the readings that pass parity and LRC the longest counts. Raises ``StationError``
    CARD_UNREADABLE (``track``, ``fault``, ``position``) with the fault of the reading that got
    furthest.
    """
    return _decode_any(track, _readings(bits))


def decode_packed(track: Track, packed: bytes | bytearray) -> TrackData:
    """Return what a capture of ``track`` in bytes of eight bits, in either order, holds.

    Raises ``StationError`` as ``decode`` does.
    """
    return _decode_any(track, (
        reading for order in BitOrder for reading in _readings(unpack(packed, order))))


def _readings(bits: bytes | bytearray) -> Iterator[bytearray]:
    for inverted in (0, 1):
        for step in (1, -1):
            yield bytearray(bit ^ inverted for bit in bits[::step])


def _decode_any(track: Track, readings: Iterable[bytearray]) -> TrackData:
    alphabet = ALPHABETS[track]
    found: bytearray | None = None
    failure = _Failure(TrackFault.NO_START, 0)
    for reading in readings:
        for start in _starts(reading, alphabet):
            outcome = _frame(track, reading, start)
            if isinstance(outcome, _Failure):
                failure = max(failure, outcome, key=lambda each: each.position)
            elif found is None or len(outcome) > len(found):
                found = outcome
        wipe(reading)
    if found is None:
        raise unreadable(failure.fault, failure.position, track)
    return TrackData(track, found, alphabet)


def _starts(reading: bytearray, alphabet: Alphabet) -> Iterator[int]:
    """Yield where a frame can begin: at the first one, or after more zeros than two characters can hold."""
    sentinel = spread((alphabet.coded(alphabet.start),), alphabet.width)
    first = reading.find(1)
    if first < 0:
        return
    if reading.startswith(sentinel, first):
        yield first
    quiet = bytes(2 * alphabet.width)
    at = reading.find(quiet + sentinel, first)
    while at >= 0:
        yield at + len(quiet)
        at = reading.find(quiet + sentinel, at + 1)


def _frame(track: Track, reading: bytearray, start: int) -> bytearray | _Failure:
    """Return the data of the frame whose start sentinel stands at bit ``start``, or why there is none.

    Zeros have to follow it as well: else a damaged stripe could pass for a shorter one, read backwards.
    """
    alphabet = ALPHABETS[track]
    data = bytearray()
    check, ended, last = 0, False, reading.rfind(1)
    for position in range(MOST_CHARACTERS[track]):
        at = start + position * alphabet.width
        bits = reading[at:at + alphabet.width]
        if len(bits) < alphabet.width or (at > last and not ended):
            return _Failure(TrackFault.LRC if ended else TrackFault.NO_END, position)
        if sum(bits) % 2 == 0:
            return _Failure(TrackFault.PARITY, position)
        code = sum(bit << place for place, bit in enumerate(bits[:-1]))
        check ^= code
        if ended:
            if any(reading[at + alphabet.width:at + 3 * alphabet.width]):
                return _Failure(TrackFault.NO_END, position + 1)
            return _Failure(TrackFault.LRC, position) if check else data[1:]
        data.append(alphabet.base + code)
        if data[-1] == alphabet.end:
            ended = True
            data.pop()
    return _Failure(TrackFault.TOO_LONG, MOST_CHARACTERS[track])
