"""How long the counter leaves head office alone after a silence: so no till waits twice."""

from collections.abc import Callable
from typing import TypeVar

from station.errors import ErrorCode, StationError

SILENT_S = 30.0
T = TypeVar("T")


class Patience:
    """Asks, and after a silence does not for ``SILENT_S``."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin without a silence; ``clock`` counts seconds and never goes back."""
        self._clock = clock
        self._silent_until: float | None = None

    def asked(self, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returns. Raises as it, and ``StationError`` HEAD_OFFICE_UNREACHABLE during a silence."""
        if self._silent_until is not None and self._clock() < self._silent_until:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="silent")
        self._silent_until = None
        try:
            return ask()
        except StationError as fault:
            if fault.code in (ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY):
                self._silent_until = self._clock() + SILENT_S
            raise
