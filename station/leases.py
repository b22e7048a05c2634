"""Leases: what head office set aside for one station, to be spent there while it cannot be reached.

Rules: design "Lots" and "Forks". Head office moves a part of an account, out of named lots, to a
lease; only the station it was given to may spend it, so two stations can never spend the same. A
lease never outlives its lots. Whether it has run out is judged by the later of the station's clock
and head office's last time, so that setting a clock back brings nothing back to life.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.errors import ErrorCode, StationError


class AccountKind(StrEnum):
    """What is spent: a member's points, money of a wallet or a gift card, or a part of a promotion's budget."""

    POINTS = "POINTS"
    WALLET = "WALLET"
    GIFT_CARD = "GIFT_CARD"
    BUDGET = "BUDGET"


@dataclass(frozen=True, slots=True)
class LeasedLot:
    """``amount`` units out of lot ``lot_id``, which ends at ``expires_us`` (µs since 1970 UTC; None: never).

    A budget has no lots: its lease has one part with the id "".
    """

    lot_id: str
    amount: int
    expires_us: int | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """``amount`` units of ``account`` for ``station``, out of ``lots``, until ``expires_us`` (µs since 1970 UTC).

    ``account`` is a member's or a wallet's id, for a budget the promotion's.
    """

    lease_id: str
    kind: AccountKind
    account: str
    station: str
    lots: tuple[LeasedLot, ...]
    amount: int
    expires_us: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the lots are different ones, each with something, and make up the amount."""
        ids = [lot.lot_id for lot in self.lots]
        if len(set(ids)) < len(ids) or min((lot.amount for lot in self.lots), default=0) < 1:
            message = f"lease {self.lease_id}: expected different lots with at least 1 unit each"
            raise ValueError(message)
        if sum(lot.amount for lot in self.lots) != self.amount:
            message = f"lease {self.lease_id}: its lots do not make {self.amount}"
            raise ValueError(message)
        if (ids == [""]) != (self.kind is AccountKind.BUDGET):
            message = f"lease {self.lease_id}: a budget has no lots, all else has"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class LeasePart:
    """What is left of one lot of a lease: ``left`` units until ``expires_us``, the sooner of both ends."""

    lease_id: str
    lot_id: str
    left: int
    expires_us: int


@dataclass(frozen=True, slots=True)
class LeaseUse:
    """``amount`` units spent out of one lot of a lease."""

    lease_id: str
    lot_id: str
    amount: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when nothing is spent."""
        if self.amount < 1:
            message = f"{self.amount} is nothing to spend"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class LeaseClosed:
    """Body of the entry after which no more of a lease is spent; ``left`` units of it go back."""

    lease_id: str
    left: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when less than nothing is left."""
        if self.left < 0:
            message = f"lease {self.lease_id}: {self.left} are left"
            raise ValueError(message)


def ends(lease: Lease, lot: LeasedLot) -> int:
    """Return when ``lot`` of ``lease`` can no longer be spent: with the lease or, if that ends sooner, the lot."""
    return lease.expires_us if lot.expires_us is None else min(lease.expires_us, lot.expires_us)


def judged_at(clock_us: int, server_us: int) -> int:
    """Return the moment by which leases are judged: the clock, or head office's last time when that is later."""
    return max(clock_us, server_us)


def spendable(parts: Iterable[LeasePart], at_us: int) -> int:
    """Return how much of ``parts`` may be spent at ``at_us``, a moment of ``judged_at``."""
    return sum(part.left for part in parts if at_us < part.expires_us)


def spend(parts: Iterable[LeasePart], amount: int, at_us: int) -> tuple[LeaseUse, ...]:
    """Return out of which of ``parts`` ``amount`` is spent: first what ends first, then by the ids.

    Raises ``StationError`` LEASE_SHORT (``spendable``) when there is less, ``ValueError`` for nothing.
    """
    if amount < 1:
        message = f"{amount} is nothing to spend"
        raise ValueError(message)
    parts = list(parts)
    most = spendable(parts, at_us)
    if amount > most:
        raise StationError(ErrorCode.LEASE_SHORT, spendable=most)
    uses = []
    for part in sorted(parts, key=lambda part: (part.expires_us, part.lease_id, part.lot_id)):
        taken = min(part.left, amount) if at_us < part.expires_us else 0
        if taken:
            uses.append(LeaseUse(part.lease_id, part.lot_id, taken))
            amount -= taken
    return tuple(uses)
