"""Who may sign in now: wrong PINs lock a person out of this station, for longer each time. Pure.

Five wrong tries lock for a minute, each one after that for twice as long, up to a quarter of an
hour; fifteen until a second person lets them in again. A right PIN forgets them. The count is of one
person at one station: nobody can lock a colleague out of every till. It is kept in the journal, so a
restart forgets nothing, and a clock set back begins the pause anew instead of ending or stretching it.
"""

from dataclasses import dataclass, replace

from station.errors import ErrorCode, StationError
from station.people import Actor, Role

FREE_TRIES = 4
SHORTEST_S, LONGEST_S = 60, 900
LAST_TRY = 15
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Tries:
    """``wrong`` tries in a row of one person at this station, the last of them at ``at_us`` (µs since 1970 UTC)."""

    wrong: int = 0
    at_us: int = 0

    def failed(self, at_us: int) -> "Tries":
        """Return what is known after one more wrong try at ``at_us``."""
        return Tries(self.wrong + 1, at_us)

    @property
    def needs_help(self) -> bool:
        """Whether only a second person can let this one in again."""
        return self.wrong >= LAST_TRY

    def left_s(self, now_us: int) -> int:
        """Return for how many seconds from ``now_us`` no PIN is looked at, 0 when one is."""
        if self.wrong <= FREE_TRIES:
            return 0
        pause_s = min(SHORTEST_S << (self.wrong - FREE_TRIES - 1), LONGEST_S)
        passed_s = (now_us - self.at_us) // _SECOND_US
        return pause_s if passed_s < 0 else max(0, pause_s - passed_s)

    def seen(self, now_us: int) -> "Tries":
        """Return the same for a clock that now says ``now_us``: one set back begins the pause from there."""
        return replace(self, at_us=now_us) if now_us < self.at_us else self

    def require_open(self, now_us: int) -> None:
        """Raise ``StationError`` SIGN_IN_LOCKED (``seconds``, 0: until a second person helps) while no PIN is looked at."""
        if self.needs_help:
            raise StationError(ErrorCode.SIGN_IN_LOCKED, seconds=0)
        if left_s := self.left_s(now_us):
            raise StationError(ErrorCode.SIGN_IN_LOCKED, seconds=left_s)


@dataclass(frozen=True, slots=True)
class SessionRules:
    """``idle_s`` seconds without a key or touch lock the screen; after ``whole_s`` the PIN is asked for anew."""

    idle_s: int = 180
    whole_s: int = 12 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in as ``actor`` at ``since_us`` and did something last at ``last_us`` (µs since 1970 UTC)."""

    actor: Actor
    since_us: int
    last_us: int

    def busy(self, now_us: int) -> "Session":
        """Return the session after something was done at ``now_us``."""
        return replace(self, last_us=now_us)

    def is_over(self, now_us: int, rules: SessionRules) -> bool:
        """Return whether the screen is to be locked now. A clock set back ends nothing: the next deed counts from there."""
        return (now_us - self.last_us >= rules.idle_s * _SECOND_US
                or now_us - self.since_us >= rules.whole_s * _SECOND_US)


_RANK = {Role.SYSTEM: 0, Role.CASHIER: 1, Role.SENIOR: 2, Role.MANAGER: 3, Role.ALONE: 3}


def reaches(role: Role, needed: Role) -> bool:
    """Return whether ``role`` may do what ``needed`` may."""
    return _RANK[role] >= _RANK[needed]
