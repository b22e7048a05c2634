"""Which PINs may be chosen, and the port that keeps and checks them. Pure."""

from typing import Protocol

from station.errors import ErrorCode, StationError
from station.people import Role
from station.sign_in import reaches

LEAST_DIGITS, LEAST_OF_MANAGERS, MOST_DIGITS = 4, 6, 8
_ROWS = "01234567890", "09876543210"


class PinKeeper(Protocol):
    """Makes and checks the verifiers of PINs (argon2id, RFC 9106). Takes a while, on purpose."""

    def verifier(self, pin: str) -> str:
        """Return a fresh verifier of ``pin``."""
        ...

    def is_right(self, verifier: str, pin: str) -> bool:
        """Return whether ``pin`` is the one of ``verifier``; for "" it takes as long and says no."""
        ...


def require_good(pin: str, role: Role) -> None:
    """Raise ``StationError`` PIN_TOO_WEAK (``digits``: the least there must be) for a PIN ``role`` may not choose.

    It has 4 to 8 ASCII digits, 6 at least for a manager, who approves for others; not one digit over
    and over, nor a row of the keyboard.
    """
    least = LEAST_OF_MANAGERS if reaches(role, Role.MANAGER) else LEAST_DIGITS
    well_formed = pin.isascii() and pin.isdigit() and least <= len(pin) <= MOST_DIGITS
    if not well_formed or len(set(pin)) == 1 or any(pin in row for row in _ROWS):
        raise StationError(ErrorCode.PIN_TOO_WEAK, digits=least)
