"""Head office as the counter asks it about spending: briefly, and not again at once when it was silent."""

from collections.abc import Callable
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from station.spending import Hold
from sync.patience import Patience
from sync.wire_spending import Available, AvailableAsked, DayOfHolder, Reserve, Reserved

CONNECT_S, READ_S, ANSWER_S = 0.7, 1.3, 2.0
HOLD_S = 900


class SpendingClient(Protocol):
    """The part of head office that sets aside; its answers are awaited for at most ``ANSWER_S``."""

    def available(self, asked: AvailableAsked) -> Available:
        """Return how much of an account can be reserved."""
        ...

    def reserve(self, reserve: Reserve) -> Reserved:
        """Have something set aside. Also raises SPENDING_SHORT."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineSpending:
    """``station.spending.SpendingOffice``; after a silence it is offline for a while, so no till waits twice.

    A reservation is held for ``HOLD_S``: long enough for its sale to be written and sent.
    """

    def __init__(self, client: SpendingClient, clock: Callable[[], float]) -> None:
        """Ask ``client``; ``clock`` counts seconds and never goes back."""
        self._client = client
        self._patience = Patience(clock)

    def available(self, kind: AccountKind, account: str) -> int:
        """Return what is neither spent nor set aside of ``account``. Raises ``StationError`` 5xx."""
        return self._patience.asked(lambda: self._client.available(AvailableAsked(kind=kind, account=account)).available)

    def reserve(self, hold: Hold) -> None:
        """Have ``hold`` set aside. Raises ``StationError`` SPENDING_SHORT or HOLDER_LIMIT (``available``) or 5xx."""
        day = DayOfHolder(
            member_id=hold.day.member_id, holder_id=hold.day.holder, day=hold.day.day) if hold.day else None
        self._patience.asked(lambda: self._client.reserve(Reserve(
            reservation_id=hold.reservation_id, kind=hold.kind, account=hold.account, amount=hold.amount,
            hold_s=HOLD_S, holder=day)).available)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class NoSpendingOffice:
    """``station.spending.SpendingOffice`` of a station without a line: only what is leased can be spent."""

    def available(self, kind: AccountKind, account: str) -> int:
        """Raise ``StationError`` HEAD_OFFICE_UNREACHABLE."""
        del kind, account
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="no line")

    def reserve(self, hold: Hold) -> None:
        """Raise ``StationError`` HEAD_OFFICE_UNREACHABLE."""
        self.available(hold.kind, hold.account)
