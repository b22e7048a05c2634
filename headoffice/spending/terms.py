"""How much is leased, to whom, for how long: the club's choice between service offline and what a theft can cost."""

from dataclasses import dataclass, field

from headoffice.clock import MICROSECONDS
from station.journal import Cause
from station.leases import AccountKind

HOUR_US = 3600 * MICROSECONDS
DAY_US = 24 * HOUR_US


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits in units of one kind of account, over all its leases.

    ``share`` percent of an account may be leased at a time, and ``daily`` units of it in 24 hours;
    a station holds at most ``station`` units unspent, and is given ``station_daily`` in 24 hours.
    """

    share: int
    daily: int
    station: int
    station_daily: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative limit or a share above 100 percent."""
        if min(self.share, self.daily, self.station, self.station_daily) < 0 or self.share > 100:  # noqa: PLR2004 - percent
            message = f"limits of leases: {self}"
            raise ValueError(message)


def _caps() -> dict[AccountKind, Caps]:
    return {
        AccountKind.POINTS: Caps(share=20, daily=2_000, station=500_000, station_daily=500_000),
        AccountKind.WALLET: Caps(share=20, daily=5_000_000, station=500_000_000, station_daily=500_000_000),
        AccountKind.BUDGET: Caps(share=5, daily=1_000_000_000, station=1_000_000_000, station_daily=1_000_000_000),
    }


@dataclass(frozen=True, slots=True)
class Terms:
    """What head office grants. A kind without ``caps`` is never leased: nobody knows where a gift card will be shown.

    Leases live ``life_us``; one whose station is not heard of is taken back ``skew_us`` (how wrong
    its clock may be) and ``grace_us`` (how long its journal may be on the way) after its end. A
    reservation with a sale committed to it is let go ``lost_us`` after it was made. By
    itself head office leases the accounts of the ``members`` who bought most at the station in the
    last ``days`` days, at least ``least`` units each. Only journals that began for one of
    ``causes`` get leases: a copy must not.
    """

    caps: dict[AccountKind, Caps] = field(default_factory=_caps)
    life_us: int = 3 * DAY_US
    skew_us: int = HOUR_US
    grace_us: int = 7 * DAY_US
    lost_us: int = 30 * DAY_US
    members: int = 500
    days: int = 90
    least: int = 1
    causes: frozenset[Cause] = frozenset({Cause.CREATED, Cause.RESTORED})


TERMS = Terms()
