"""Body of a CARD_SEEN entry: a code that changes was shown here, so that a copy shown elsewhere is noticed."""

import re
from dataclasses import dataclass

from station.card import CardTier, ProofKind
from station.card_life import check_hash

MOST_COUNTER = (1 << 32) - 1
_MARK = re.compile(r"[0-9a-f]{16}", re.ASCII)
_NAME = re.compile(r"[A-Z_]{0,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A tap's code or a phone's, taken or refused; never the card's number.

    ``card`` is the look-up hash (``station.card_hash``). ``counter`` is that of the tap (``station.sun``) or
    the moment of the phone's code (``station.member_pass``, seconds since 2000-01-01 UTC), ``mark`` 16
    hexadecimal digits by which the same code is known again. ``tier`` is what it proved, ``refused`` the
    name of the error it was refused with, "" when it was not.
    """

    card: int
    kind: ProofKind
    counter: int
    mark: str
    tier: CardTier
    refused: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for what is no look-up hash, a counter out of bounds, no mark, or no error's name."""
        check_hash(self.card)
        if not 0 <= self.counter <= MOST_COUNTER or not _MARK.fullmatch(self.mark):
            message = f"counter {self.counter}, mark {self.mark!r}: expected 32 bits and 16 hexadecimal digits"
            raise ValueError(message)
        if not _NAME.fullmatch(self.refused):
            message = f"refused: {self.refused[:40]!r} is no error's name"
            raise ValueError(message)

    @property
    def code(self) -> tuple[int, ProofKind, int, str]:
        """What names the code, whatever was made of it."""
        return self.card, self.kind, self.counter, self.mark

    @property
    def is_taken(self) -> bool:
        """Whether the code was good and taken: shown again, or one with a lower counter, it is then a copy's."""
        return not self.refused and self.tier >= CardTier.CHANGING_CODE
