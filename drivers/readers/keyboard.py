"""Readers and scanners that type: keys come in, taps and codes come out, typing is left alone.

Pure: the screen's key filter feeds each key with its scan code and the time the machine gave it,
holds keys back as it is told, and delivers or drops them. A burst is a run of keys faster than any
hand. It is a swipe when it begins with a start sentinel and ends with an end sentinel, a code when
it is long enough and Enter or Tab ends it; both are dropped as keys. Every other burst is typing
and is delivered, unless it may be part of a bank card or of a code that is a card. Whatever a burst
says, the bank-card guard hears it first. A reader so slow that each of its keys is a burst of its own
cannot be told from a hand: the station's profile has to allow for its pace.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from drivers.bank_cards import DISCARD_DIGITS, Lane, is_bank_card
from drivers.card_codes import is_card_code, tap_of_code
from drivers.club_profile import ClubProfile
from drivers.port import CardReader, Device
from drivers.reading import anew, tap_of_burst, without_aim
from drivers.scan_codes import CHARACTERS, ENTER, MODIFIERS, TAB
from drivers.track_frames import MAGTEK, WedgeProfile
from drivers.tracks import wipe
from station.card import Evidence, Medium, Tap
from station.errors import ErrorCode, StationError

NAME = "keyboard"
READER = "keyboard:wedge"
GAPS_MS = range(20, 151)
FEWEST = 6
MOST = 4296
"""Characters of the longest QR code (ISO/IEC 18004, version 40-L, alphanumeric)."""
MOST_OF_SWIPE = 512
"""Characters no swipe has: three full tracks are 226."""
SAME_CARD_MS = 300
PATIENCE_MS = 500
"""What has 8 digits after a sentinel, or says that it is a card, is never delivered as typing, so it may as
well wait for its rest.
"""
TAIL_MS = 1000
"""What comes this soon after a broken swipe, and as fast as one, is the rest of it."""
REPEAT_MS = 15
"""Keyboards repeat a held key slower than this; a reader's double letter may look like a repeat."""
_HEAD = 7
"""Characters by which a code that is a card is known: the scanner's mark, 3, and its lead, 4."""
_CLOCK = 2**32
"""Where the milliseconds of X11 and of Windows begin anew."""
_DIGITS = frozenset(b"0123456789")
_ENDS = frozenset((ENTER, TAB))


@dataclass(frozen=True, slots=True)
class KeyboardProfile:
    """How one station's typing readers behave.

    ``swipe_gap_ms`` and ``code_gap_ms`` are the longest times from one key to the next within a
    swipe and within a code, 20 to 150; from 100 on a quick typist who ends with Enter can pass for
    a scanner. ``wedge`` says what a stripe reader types around its tracks.
    """

    wedge: WedgeProfile = MAGTEK
    swipe_gap_ms: int = 50
    code_gap_ms: int = 35

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a gap that no reader needs or no hand keeps."""
        if not {self.swipe_gap_ms, self.code_gap_ms} <= set(GAPS_MS):
            message = f"a gap is {GAPS_MS[0]} to {GAPS_MS[-1]} ms"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key going down (``press``) or up, by evdev scan ``code``.

    ``at_ms`` is the machine's own time of the key, milliseconds modulo 2**32; ``repeat`` marks a
    press that the system calls a held key's.
    """

    code: int
    shift: bool
    at_ms: int
    press: bool
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A scanned text that is no card of the club; left out of ``repr``, because a repr ends in logs."""

    text: str = field(repr=False)


Result = Tap | Code | StationError


class Fate(Enum):
    """What becomes of a key: kept back until the burst is over, delivered, or never delivered."""

    HOLD = "HOLD"
    PASS = "PASS"  # noqa: S105 (no password)
    DROP = "DROP"


@dataclass(frozen=True, slots=True)
class Step:
    """What a key brought about: its own fate, that of all ``held`` before it, and what a burst said.

    ``held`` is to be dealt with before ``this``. A ``StationError`` as ``result`` says why a card
    was not taken: CARD_IS_BANK_CARD, CARD_NOT_OF_CLUB, CARD_UNREADABLE or SWIPE_INCOMPLETE.
    """

    this: Fate
    held: Fate = Fate.HOLD
    result: Result | None = None


FACTORY = KeyboardProfile()


class KeyboardDecoder:
    """Tells bursts from typing, key by key. Raises nothing: what goes wrong with a card is a result."""

    def __init__(self, club: ClubProfile, profile: KeyboardProfile = FACTORY) -> None:
        """Read cards of ``club`` from readers set up as ``profile`` says."""
        self._club = club
        self._profile = profile
        self._before = profile.wedge.before.encode()
        self._sentinels = "".join(start.sentinel for start in profile.wedge.starts)
        self._starts = frozenset(self._sentinels.encode())
        self._burst = bytearray()
        self._down: set[int] = set()
        self._dropped: set[int] = set()
        self._is_tail = False
        self._last_ms = 0
        self._mute: tuple[int, int] | None = None
        self._broken_ms: int | None = None
        self._tap: tuple[Tap, int] | None = None

    @property
    def wait_ms(self) -> int | None:
        """How long the keys held wait for the next one before ``end`` is due; None when none are."""
        return self._limit_ms if self._burst else None

    def wants(self, stroke: Stroke) -> bool:
        """Tell whether a press of this key may belong to a burst, so that it is to be no shortcut."""
        character = CHARACTERS.get((stroke.code, stroke.shift))
        return character is not None and (character not in _ENDS or bool(self._burst) or self._is_muted(stroke))

    def key(self, stroke: Stroke) -> Step:
        """Take the next key. Control, Alt and Meta with a key make a command: then ``end`` is called instead."""
        if stroke.code in MODIFIERS:
            return Step(Fate.PASS)
        if not stroke.press:
            return Step(self._release(stroke.code))
        self._dropped.discard(stroke.code)
        character = CHARACTERS.get((stroke.code, stroke.shift))
        if character is None:
            return self.end()
        if character in _ENDS:
            return self._terminate(stroke)
        before = self.end() if self._breaks(stroke) else Step(Fate.PASS)
        if not self._burst:
            self._mute = None
            self._is_tail = self._broken_ms is not None and _gap_ms(self._broken_ms, stroke.at_ms) <= TAIL_MS
        self._burst.append(ord(character))
        self._down.add(stroke.code)
        self._last_ms = stroke.at_ms
        return replace(before, this=Fate.HOLD)

    def end(self) -> Step:
        """End the burst: nothing that follows belongs to it."""
        return self._conclude(by_key=False) if self._burst else Step(Fate.PASS)

    @property
    def _may_be_swipe(self) -> bool:
        return self._before.startswith(self._burst) or self._burst[self._offset(self._burst)] in self._starts

    @property
    def _limit_ms(self) -> int:
        """How long the next key of the burst in hand may take."""
        if not self._may_be_swipe:
            return PATIENCE_MS if _says_card(self._burst) else self._profile.code_gap_ms
        body = self._burst[self._offset(self._burst):]
        complete = self._is_whole(body) and not self._profile.wedge.terminator
        patient = not complete and self._is_swipes(body)
        wipe(body)
        return PATIENCE_MS if patient else self._profile.swipe_gap_ms

    def _offset(self, burst: bytearray) -> int:
        """Return where the start sentinel stands if ``burst`` is a swipe: first, or after what comes before it."""
        at = len(self._before)
        return at if burst.startswith(self._before) and len(burst) > at and burst[at] in self._starts else 0

    def _breaks(self, stroke: Stroke) -> bool:
        """Tell whether ``stroke`` comes too late for the burst in hand, or from a hand."""
        if not self._burst:
            return False
        gap_ms = _gap_ms(self._last_ms, stroke.at_ms)
        held_down = stroke.repeat and gap_ms > REPEAT_MS
        most = MOST_OF_SWIPE if self._may_be_swipe else MOST
        return held_down or gap_ms > self._limit_ms or len(self._burst) >= most

    def _release(self, code: int) -> Fate:
        if code in self._down:
            self._down.discard(code)
            return Fate.HOLD
        if code in self._dropped:
            self._dropped.discard(code)
            return Fate.DROP
        return Fate.PASS

    def _terminate(self, stroke: Stroke) -> Step:
        """Take Enter or Tab: the end of a burst, one more after it, or a key of its own."""
        if self._is_muted(stroke):
            step = Step(Fate.DROP)
        elif self._burst and not self._breaks(stroke):
            step = self._conclude(by_key=True)
            step = replace(step, this=step.held)
        else:
            step = self.end()
        if step.this is Fate.DROP:
            self._dropped.add(stroke.code)
            self._mute = stroke.at_ms, self._profile.swipe_gap_ms
        return step

    def _is_muted(self, stroke: Stroke) -> bool:
        """Tell whether Enter belongs to a burst that is over: some readers send two, or one late."""
        return not self._burst and self._mute is not None and _gap_ms(self._mute[0], stroke.at_ms) <= self._mute[1]

    def _conclude(self, *, by_key: bool) -> Step:
        burst, down = self._burst, self._down
        self._burst, self._down = bytearray(), set()
        body = burst[self._offset(burst):]
        fate, result = self._judge(body, by_key=by_key)
        if fate is Fate.DROP:
            self._dropped |= down
            self._mute = self._last_ms, PATIENCE_MS
        wipe(body)
        wipe(burst)
        return Step(Fate.PASS, fate, result)

    def _judge(self, body: bytearray, *, by_key: bool) -> tuple[Fate, Result | None]:
        """Return what becomes of a burst, less what comes before its sentinel, and what it says."""
        begun = body[0] in self._starts
        if begun and self._is_whole(body) and (by_key or len(body) >= FEWEST):
            return Fate.DROP, self._swipe(body)
        part = self._is_swipes(body)
        medium = None if begun else without_aim(body)
        if len(body) >= FEWEST and is_card_code(body):
            if by_key:
                return Fate.DROP, self._card(body)
            part = True
        rest = self._is_tail and len(body) >= FEWEST
        if part or rest or (begun and len(body) > 1):
            self._broken_ms = self._last_ms
        lane = Lane.STRIPE if part else Lane.BARCODE
        if len(body) >= FEWEST and is_bank_card(body, lane, self._club.own):
            return Fate.DROP, StationError(ErrorCode.CARD_IS_BANK_CARD)
        if part or rest:
            return Fate.DROP, StationError(ErrorCode.SWIPE_INCOMPLETE)
        if by_key and not begun and len(body) >= FEWEST:
            return Fate.DROP, self._code(body, medium or Medium.BARCODE)
        return Fate.PASS, None

    def _is_swipes(self, body: bytearray) -> bool:
        """Tell whether a burst is a swipe or part of one: with 8 digits it begins or ends as swipes do."""
        return (body[0] in self._starts or self._is_whole(body)) and sum(map(_DIGITS.__contains__, body)) >= DISCARD_DIGITS

    def _is_whole(self, body: bytearray) -> bool:
        """Tell whether an end sentinel stands at the end, before what the profile lets follow it."""
        wedge = self._profile.wedge
        after = wedge.after.encode()
        end = len(body) - (len(after) if body.endswith(after) else 0) - wedge.lrc
        return body.endswith(wedge.end.encode(), 2, max(end, 0))

    def _swipe(self, body: bytearray) -> Result | None:
        try:
            # Tracks have no small letters: a reader that heeds Caps Lock leaves Shift out.
            return self._once(tap_of_burst(body.upper(), self._profile.wedge, self._club, READER))
        except StationError as fault:
            return anew(fault)

    def _card(self, body: bytearray) -> Result | None:
        try:
            return self._once(tap_of_code(body, self._club, READER))
        except StationError as fault:
            return anew(fault)

    def _code(self, body: bytearray, medium: Medium) -> Result | None:
        text = body.decode("ascii")
        if self._club.accepts(body):
            return self._once(Tap(READER, medium, text, Evidence.CODE))
        return Code(text)

    def _once(self, tap: Tap) -> Tap | None:
        """Return ``tap`` unless the same card was read just before: a hand that shook, a scanner held on."""
        same = self._tap is not None and self._tap[0] == tap and _gap_ms(self._tap[1], self._last_ms) <= SAME_CARD_MS
        self._tap = tap, self._last_ms
        return None if same else tap


def _says_card(burst: bytearray) -> bool:
    """Tell whether ``burst``, with the scanner's own mark before it or not, begins as codes that are cards do."""
    head = burst[:_HEAD]
    without_aim(head)
    return is_card_code(head)


def _gap_ms(earlier_ms: int, later_ms: int) -> int:
    return (later_ms - earlier_ms) % _CLOCK


class KeyboardDriver:
    """The keyboard's place in the catalogue. It lists no device: the screen hears the keys."""

    name = NAME
    title = "Keyboard-wedge readers and scanners"

    def missing(self) -> str | None:
        """Return None: nothing has to be installed."""
        return None

    def find(self) -> Sequence[Device]:
        """Return no device: a reader that types cannot be told from a keyboard before it types."""
        return ()

    def open(self, device: Device) -> CardReader:  # noqa: ARG002 (the port's name)
        """Raise ``StationError`` READER_GONE: there is nothing to open."""
        raise StationError(ErrorCode.READER_GONE)


DRIVER = KeyboardDriver()
