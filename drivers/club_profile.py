"""What a club's own stripe cards look like: the allow-list that decides what a swipe may say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from drivers.bank_cards import is_bank_track
from drivers.bank_ranges import HEAD_DIGITS, touched
from drivers.check_digits import luhn_valid, verhoeff_valid
from drivers.tracks import MOST_CHARACTERS, Track, TrackData

_DIGITS = frozenset(b"0123456789")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class CheckDigit(StrEnum):
    """How the last digit of a number is made; NONE: it is a digit like the others."""

    NONE = "NONE"
    LUHN = "LUHN"
    VERHOEFF = "VERHOEFF"


@dataclass(frozen=True, slots=True)
class ClubProfile:
    """The cards of one club.

    The number stands on ``track``, in the field ``group`` (from 0; fields are parted by the
    track's separator), after ``lead`` (such as a format code), and fills the rest of the field. It
    begins with ``prefix``, has one of ``lengths`` and ends in a ``check`` digit; ``letters``
    allows A-Z in it. ``override`` repeats the prefix, 6 digits or more, to say that the club owns
    it although it lies within the banks' ranges.
    """

    track: Track
    prefix: str
    lengths: tuple[int, ...]
    check: CheckDigit = CheckDigit.NONE
    group: int = 0
    lead: str = ""
    letters: bool = False
    override: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a profile that fits no card, or that would let bank cards in."""
        most = MOST_CHARACTERS[self.track]
        if not self.lengths or self.group < 0 or not all(len(self.prefix) < each < most for each in self.lengths):
            message = f"no number has the lengths {self.lengths} in field {self.group} of track {self.track.value}"
            raise ValueError(message)
        if not set(self.prefix.encode()) <= self._allowed:
            message = "the prefix holds characters that the number may not"
            raise ValueError(message)
        if self.letters and self.check is not CheckDigit.NONE:
            message = "a number with letters has no check digit"
            raise ValueError(message)
        if self.track is Track.ONE and self.group == 0 and (self.lead + self.prefix).startswith("B"):
            message = "format B of track 1 is the banks'"
            raise ValueError(message)
        self._refuse_bank_ranges()

    def _refuse_bank_ranges(self) -> None:
        if self.prefix and not self.prefix.isdecimal():
            return
        ranges = touched(self.prefix, self.lengths)
        if not ranges and not self.override:
            return
        if not self.override:
            message = "numbers of this prefix and length are bank cards'"
            raise ValueError(message)
        if self.override != self.prefix or len(self.override) < HEAD_DIGITS:
            message = f"an override repeats a prefix of {HEAD_DIGITS} digits or more"
            raise ValueError(message)
        if not all(known.shared for known in ranges):
            message = "this prefix is a bank's own: no override is heard"
            raise ValueError(message)

    @property
    def _allowed(self) -> frozenset[int]:
        return _DIGITS | _LETTERS if self.letters else _DIGITS

    @property
    def own(self) -> tuple[bytes, ...]:
        """The prefixes that the bank-card guard is to let through."""
        return (self.override.encode(),) if self.override else ()

    def recognise(self, tracks: Sequence[TrackData]) -> str | None:
        """Return the number of a card of this club, or None for any other; bank cards are always others."""
        if any(is_bank_track(track, self.own) for track in tracks):
            return None
        for track in tracks:
            fields = track.data.split(bytes((track.alphabet.separator,)))
            if track.track is self.track and self.group < len(fields):
                field = fields[self.group]
                number = field.removeprefix(self.lead.encode())
                if len(number) + len(self.lead) == len(field) and self.accepts(number):
                    return number.decode()
        return None

    def accepts(self, number: bytes | bytearray) -> bool:
        """Tell whether ``number`` (ASCII) has this profile's prefix, length, characters and check digit."""
        if len(number) not in self.lengths or not number.startswith(self.prefix.encode()):
            return False
        if not self._allowed.issuperset(number):
            return False
        if self.check is CheckDigit.NONE:
            return True
        return (luhn_valid if self.check is CheckDigit.LUHN else verhoeff_valid)(number)
