"""Cutting what arrives on a serial line into swipes and codes. Pure: times are handed in, in seconds.

Everything handed out is the caller's to wipe; what is kept is wiped as it goes.
"""

from dataclasses import dataclass, field
from math import inf

from drivers.track_frames import MAGTEK, WedgeProfile
from drivers.tracks import Track, wipe

_LINE_ENDS = b"\r\n"
SETTLE_S = 0.03
GAP_S = 0.3
"""USB, and Bluetooth even more so, deliver in gulps; no hand swipes again as soon."""


class Held:
    """Bytes that have arrived and are not handed out, and when the last of them came."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.data = bytearray()
        self.last_s = -inf

    def add(self, data: bytes, now_s: float) -> None:
        """Take in what arrived at ``now_s``."""
        if data:
            self.data += data
            self.last_s = now_s

    def drop(self, count: int) -> None:
        """Forget the first ``count`` bytes."""
        count = max(0, min(count, len(self.data)))
        self.data[:count] = bytes(count)
        del self.data[:count]

    def take(self, count: int) -> bytearray:
        """Return a copy of the first ``count`` bytes and forget them."""
        taken = self.data[:count]
        self.drop(count)
        return taken

    def quiet_s(self, now_s: float) -> float:
        """Return for how long nothing has arrived."""
        return now_s - self.last_s


class SwipeStream:
    """Cuts a stripe reader's text into swipes.

    Readers end a swipe, or each of its tracks, with a line end (CR, LF or both), or end nothing. So a
    swipe is over when, after a line end, a line begins with a track that cannot follow, or nothing
    comes for ``settle_s``; without a line end when nothing comes for ``gap_s``.
    """

    MOST = 512
    """Bytes without a line end that no swipe has (three full tracks: 226)."""

    def __init__(self, wedge: WedgeProfile = MAGTEK, settle_s: float = SETTLE_S, gap_s: float = GAP_S) -> None:
        """Cut the text of readers set up as ``wedge`` says; its terminator is any line end here."""
        self._tracks = {ord(start.sentinel): start.track for start in wedge.starts}
        self._before = wedge.before.encode()
        self._end = wedge.end.encode()
        self._lrc = int(wedge.lrc)
        self._settle_s = settle_s
        self._gap_s = gap_s
        self._held = Held()

    def add(self, data: bytes, now_s: float) -> None:
        """Take in what arrived at ``now_s``."""
        self._held.add(data, now_s)

    def take(self, now_s: float) -> bytearray | None:
        """Return the next swipe, without line ends, or None while there is none."""
        held = self._held
        held.drop(len(held.data) - len(held.data.lstrip(_LINE_ENDS)))
        lines = held.data.splitlines(keepends=True)
        ended = held.data.endswith((b"\r", b"\n"))
        length, known = 0, 0
        try:
            for place, line in enumerate(lines):
                tracks = self._tracks_in(line)
                if place and (not tracks or tracks[0] <= known):
                    return self._cut(length)
                known = tracks[-1] if tracks else Track.THREE
                length += len(line)
            full = ended and known == Track.THREE
            if full or length > self.MOST or (length and self.due_s(now_s) <= 0):
                return self._cut(length)
            return None
        finally:
            for line in lines:
                wipe(line)

    def due_s(self, now_s: float) -> float:
        """Return in how many seconds silence alone makes ``take`` worth asking again."""
        if not self._held.data:
            return inf
        limit_s = self._settle_s if self._held.data[-1] in _LINE_ENDS else self._gap_s
        return max(0.0, limit_s - self._held.quiet_s(now_s))

    def _tracks_in(self, line: bytearray) -> list[int]:
        """Return the tracks that ``line`` holds, in order, as far as its sentinels show them."""
        found: list[int] = []
        at = len(self._before) if line.startswith(self._before) else 0
        while at < len(line) and line[at] in self._tracks:
            found.append(self._tracks[line[at]])
            end = line.find(self._end, at)
            if end < 0:
                break
            at = end + 1 + self._lrc
        return found

    def _cut(self, length: int) -> bytearray:
        taken = self._held.take(length)
        text = taken.translate(None, _LINE_ENDS)
        wipe(taken)
        return text


@dataclass(frozen=True, slots=True)
class CodeFraming:
    """How a scanner is set up to part its codes.

    A code begins after the byte ``start`` (none when empty; STX is usual), ends at any byte of
    ``ends`` (CR, LF, ETX) or, when that is empty, with a silence of ``gap_s`` seconds.
    """

    start: bytes = b""
    ends: bytes = _LINE_ENDS
    gap_s: float = GAP_S


@dataclass(frozen=True, slots=True)
class Cut:
    """What one scan sent; ``whole`` unless its end is missing. Left out of ``repr``: it may be a card number."""

    data: bytearray = field(repr=False)
    whole: bool


class CodeStream:
    """Cuts what a scanner sends into codes. Bytes outside ``start`` and end are noise and dropped."""

    MOST = 8192
    """More bytes than a QR code holds (ISO/IEC 18004, version 40-L: 7089 digits)."""

    def __init__(self, framing: CodeFraming) -> None:
        """Cut codes framed as ``framing`` says."""
        self._framing = framing
        self._held = Held()

    def add(self, data: bytes, now_s: float) -> None:
        """Take in what arrived at ``now_s``."""
        self._held.add(data, now_s)

    def take(self, now_s: float) -> Cut | None:
        """Return the next code, or None while there is none."""
        held, framing = self._held, self._framing
        if framing.start:
            begin = held.data.find(framing.start)
            held.drop(begin if begin >= 0 else len(held.data))
        else:
            held.drop(len(held.data) - len(held.data.lstrip(framing.ends)) if framing.ends else 0)
        ends = [at for end in framing.ends if (at := held.data.find(end)) >= 0]
        if ends:
            return self._cut(min(ends), whole=True)
        if len(held.data) > self.MOST:
            return self._cut(len(held.data), whole=False)
        if held.data and self.due_s(now_s) <= 0:
            return self._cut(len(held.data), whole=not framing.ends)
        return None

    def due_s(self, now_s: float) -> float:
        """Return in how many seconds silence alone makes ``take`` worth asking again."""
        return max(0.0, self._framing.gap_s - self._held.quiet_s(now_s)) if self._held.data else inf

    def _cut(self, length: int, *, whole: bool) -> Cut:
        taken = self._held.take(length)
        self._held.drop(int(whole and bool(self._framing.ends)))
        del taken[:len(self._framing.start)]
        return Cut(taken, whole)
