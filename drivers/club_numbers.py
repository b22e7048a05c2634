"""New card numbers, where the club does not print its own on the plastic."""

from collections.abc import Callable

from drivers.club_profile import ClubProfile

MOST_DRAWS = 100
_DIGITS = "0123456789"


def draw_number(club: ClubProfile, below: Callable[[int], int], is_free: Callable[[str], bool]) -> str | None:
    """Return a number of ``club``, in its shortest length, that is free; None when there seems to be none.

    ``below(n)`` draws from 0 to n - 1. Only head office knows all numbers: where two stations happen to
    give one out, the card stays with whose entry comes first and the other is flagged.
    """
    length = min(club.lengths)
    for _ in range(MOST_DRAWS):
        body = club.prefix + "".join(_DIGITS[below(len(_DIGITS))] for _ in range(length - len(club.prefix) - 1))
        for last in _DIGITS:
            if club.accepts((body + last).encode()) and is_free(body + last):
                return body + last
    return None
