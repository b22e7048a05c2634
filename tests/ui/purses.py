"""Head office and leases as a till in memory asks them about spending: balances in a dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from station.errors import ErrorCode, StationError
from station.leases import AccountKind, LeasePart
from station.spending import Hold, Spending


@dataclass
class Purses:
    """``balances`` by account at head office, None while it cannot be reached; ``leased`` is what is leased here."""

    balances: dict[str, int] | None = field(default_factory=dict)
    leased: dict[str, LeasePart] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def spending(self) -> Spending:
        """The counter's side of it."""
        return Spending(self, self, self, bytes)

    def available(self, kind: AccountKind, account: str) -> int:
        self.asked.append(f"{kind.value} {account}")
        if self.balances is None:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        return self.balances.get(account, 0)

    def reserve(self, hold: Hold) -> None:
        there = self.available(hold.kind, hold.account)
        if hold.amount > there:
            raise StationError(ErrorCode.SPENDING_SHORT, available=there)

    def parts(self, kind: AccountKind, account: str) -> Sequence[LeasePart]:
        del kind
        return [self.leased[account]] if account in self.leased else []

    def server_us(self) -> int:
        return 0

    def remember(self, hold: Hold) -> None:
        self.held.append(hold)

    def drop(self, reservation_ids: Sequence[str]) -> None:
        self.held = [each for each in self.held if each.reservation_id not in reservation_ids]

    def drop_open(self) -> None:
        self.held = []
