"""The numbers of the club's cards: what they look like, and a fresh one for a card that head office makes itself.

How they look is kept in ``card-numbers.json`` in head office's folder, as stations keep it in
``station.toml``; without that file no number is drawn.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from data.secret_file import read_secret, write_secret
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.tracks import Track

FILE = "card-numbers.json"
_DIGITS = "0123456789"


class Numbering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Card numbers of ``length`` digits that begin with ``prefix`` and end in a ``check`` digit."""

    prefix: str
    length: int
    check: CheckDigit = CheckDigit.LUHN

    def profile(self) -> ClubProfile:
        """Return these numbers as readers know them. Raises ``ValueError`` where they are no club's, or a bank's."""
        return ClubProfile(Track.TWO, self.prefix, (self.length,), self.check)

    def draw(self, below: Callable[[int], int] = secrets.randbelow) -> str:
        """Return a number by chance; ``below(n)`` gives a whole number from 0 to n - 1.

        Nobody can tell one card's number from another's. Raises ``ValueError`` as ``profile``.
        """
        profile = self.profile()
        free = self.length - len(self.prefix) - (self.check is not CheckDigit.NONE)
        body = self.prefix + "".join(_DIGITS[below(len(_DIGITS))] for _ in range(free))
        ends = ("",) if self.check is CheckDigit.NONE else tuple(_DIGITS)
        return next(body + end for end in ends if profile.accepts((body + end).encode()))


def numbering(home: Path) -> Numbering | None:
    """Return how the club's numbers look, None where nobody said. Raises ``ValueError`` on a file that is damaged."""
    kept = read_secret(home / FILE)
    return msgspec.json.decode(kept, type=Numbering) if kept else None


def keep_numbering(home: Path, wished: Numbering) -> None:
    """Keep ``wished``. Raises ``ValueError`` as ``Numbering.profile``, ``StationError`` 4xx when the disk refuses."""
    wished.profile()
    write_secret(home / FILE, msgspec.json.encode(wished))
