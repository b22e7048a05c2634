"""Verifiers of PINs: argon2id (RFC 9106), with the figures of OWASP's smallest recommendation for interactive use."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class ArgonPins:
    """``station.pins.PinKeeper``. Verifiers made elsewhere, with other figures, are checked as they were made."""

    def __init__(self) -> None:
        """Make a verifier that no PIN fits, so that an unknown person takes as long as a known one."""
        self._nobody = HASHER.hash("nobody's: no PIN has letters")

    def verifier(self, pin: str) -> str:
        """Return a fresh verifier of ``pin``."""
        return HASHER.hash(pin)

    def is_right(self, verifier: str, pin: str) -> bool:
        """Return whether ``pin`` is the one of ``verifier``."""
        try:
            return HASHER.verify(verifier or self._nobody, pin)
        except (VerificationError, InvalidHashError):
            return False
