"""Spending at the counter: what a sale takes of points, stored value and budgets is set aside before it is closed.

Rules: design "Offline". With head office in reach it is reserved there; without, only what a lease
of this station holds can be spent. Where neither reaches, nothing is: a till never guesses. A
reservation is remembered here before it is asked for, so that none is lost to a crash: the sale that
names it commits it, everything else gives it back. Budgets are leased only, for their rest is
needed at every scan, when nobody can wait for head office.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from station.basket import Usage
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.leases import AccountKind, LeasePart, LeaseUse, judged_at, spend, spendable
from station.points import PointsKind
from station.sale import Sale
from station.tender import TenderKind

_LINE_CODES = 5
_VALUE = {TenderKind.WALLET: AccountKind.WALLET, TenderKind.GIFT_CARD: AccountKind.GIFT_CARD}


@dataclass(frozen=True, slots=True)
class Need:
    """``amount`` units that a sale takes of ``account``: a member's id, a wallet's or card's, a promotion's."""

    kind: AccountKind
    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class DayOfHolder:
    """Who of the family of ``member_id`` spends, and on which local ``day``."""

    member_id: str
    holder: str
    day: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation as the station remembers it: ``amount`` of ``account``, for the sale ``sale_id``.

    ``reservation_id`` is a UUIDv7 drawn here; asked for twice it is one reservation. ``day`` is what
    head office is told of a holder (None: the member spends); it is not remembered.
    """

    reservation_id: str
    kind: AccountKind
    account: str
    amount: int
    sale_id: str
    day: DayOfHolder | None = None


@dataclass(frozen=True, slots=True)
class Spendable:
    """``amount`` units can be spent now; ``online`` tells whether head office said so.

    Offline it is what is leased here, the first of it until ``until_us`` (µs since 1970 UTC; None: nothing is).
    """

    amount: int
    online: bool
    until_us: int | None = None


class LeaseBook(Protocol):
    """The leases this station holds."""

    def parts(self, kind: AccountKind, account: str) -> Sequence[LeasePart]:
        """Return what is left on ``account``, also where it has run out."""
        ...

    def server_us(self) -> int:
        """Return the latest time head office ever told (µs since 1970 UTC), 0 before the first."""
        ...


class HoldBook(Protocol):
    """The reservations this station asked for, kept until head office knows what became of them."""

    def remember(self, hold: Hold) -> None:
        """Keep ``hold``, durably, before it is asked for. Raises ``StationError`` 4xx."""
        ...

    def drop(self, reservation_ids: Sequence[str]) -> None:
        """Have these given back; not those a sale in the journal names."""
        ...

    def drop_open(self) -> None:
        """Have all given back that no sale in the journal names."""
        ...


class SpendingOffice(Protocol):
    """Head office as the counter asks it, within 2 seconds. Every method raises ``StationError`` 5xx."""

    def available(self, kind: AccountKind, account: str) -> int:
        """Return what is neither spent nor set aside of ``account``."""
        ...

    def reserve(self, hold: Hold) -> None:
        """Have ``hold`` set aside. Also raises SPENDING_SHORT or HOLDER_LIMIT (``available``)."""
        ...


class Spending:
    """The cashier's side of it. Not thread-safe: it lives on the counter's thread."""

    def __init__(
        self, leases: LeaseBook, holds: HoldBook, office: SpendingOffice, random: Callable[[int], bytes],
    ) -> None:
        """Give back what the program had asked for when it ended: no sale came of it. Raises ``StationError`` 4xx."""
        self._leases = leases
        self._holds = holds
        self._office = office
        self._random = random
        holds.drop_open()

    def spendable(self, kind: AccountKind, account: str, at: Moment) -> Spendable:
        """Return what can be spent of ``account``: what is available at head office, and what this station leased."""
        parts, at_us = self._leases.parts(kind, account), self._judged(at)
        leased = spendable(parts, at_us)
        try:
            return Spendable(self._office.available(kind, account) + leased, online=True)
        except StationError as fault:
            if not _of_the_line(fault):
                raise
            until = min((part.expires_us for part in parts if at_us < part.expires_us), default=None)
            return Spendable(leased, online=False, until_us=until)

    def require(self, need: Need, at: Moment) -> None:
        """Raise ``StationError`` SPENDING_SHORT (``available``) or, offline, LEASE_SHORT (``spendable``) for too much."""
        found = self.spendable(need.kind, need.account, at)
        if need.amount > found.amount:
            raise _short(found)

    def with_budgets(self, usage: Sequence[Usage], at: Moment) -> tuple[Usage, ...]:
        """Return ``usage`` with what this station has leased of each promotion's budget as what is left of it."""
        return tuple(
            each if each.budget_left is None else replace(each, budget_left=spendable(
                self._leases.parts(AccountKind.BUDGET, each.promotion), self._judged(at)))
            for each in usage)

    @contextmanager
    def covering(self, sale: Sale, at: Moment) -> Iterator[Sale]:
        """Set aside what ``sale`` spends and hand out the sale with what covers it, to be written in the block.

        Where that fails, all is given back. Raises ``StationError`` SPENDING_SHORT or HOLDER_LIMIT
        (``available``), or LEASE_SHORT (``spendable``).
        """
        reserved: list[str] = []
        uses: list[LeaseUse] = []
        try:
            for need in needs_of(sale):
                uses += self._cover(sale, need, at, reserved)
            yield replace(sale, lease_uses=tuple(uses), reservations=tuple(reserved))
        except BaseException:
            with suppress(StationError):  # they are given back at the next start then
                self._holds.drop(reserved)
            raise

    def _cover(self, sale: Sale, need: Need, at: Moment, reserved: list[str]) -> tuple[LeaseUse, ...]:
        """Set ``need`` aside: reserve it, or as much as there is; what is missing is spent out of leases."""
        at_us = self._judged(at)
        parts = self._leases.parts(need.kind, need.account)
        found = Spendable(spendable(parts, at_us), online=False)
        leased, asked = found.amount, 0 if need.kind is AccountKind.BUDGET else need.amount
        while asked:
            hold = Hold(uuid7(at.utc_us, self._random(RANDOM_BYTES)), need.kind, need.account, asked, sale.sale_id,
                        _day_of(sale))
            self._holds.remember(hold)
            try:
                self._office.reserve(hold)
            except StationError as fault:
                self._holds.drop([hold.reservation_id])
                if not _of_the_line(fault) and fault.code is not ErrorCode.SPENDING_SHORT:
                    raise
                there = int(fault.detail.get("available", 0))
                found = Spendable(there + leased, online=fault.code is ErrorCode.SPENDING_SHORT)
                asked = there if there < asked and found.amount >= need.amount else 0
            else:
                reserved.append(hold.reservation_id)
                break
        rest = need.amount - asked
        if rest > leased:
            raise _short(found)
        return spend(parts, rest, at_us) if rest else ()

    def _judged(self, at: Moment) -> int:
        return judged_at(at.utc_us, self._leases.server_us())


def covering(spending: Spending | None, sale: Sale, at: Moment) -> AbstractContextManager[Sale]:
    """Return ``Spending.covering``, or ``sale`` as it is where nothing is set aside."""
    return spending.covering(sale, at) if spending else nullcontext(sale)


def needs_of(sale: Sale) -> tuple[Need, ...]:
    """Return what ``sale`` spends, one for each account: points, stored value, budgets."""
    spent = [(AccountKind.POINTS, each.member_id, -each.points)
             for each in sale.points if each.kind is PointsKind.REDEEM]
    spent += [(_VALUE[each.kind], each.account, each.amount) for each in sale.tenders if each.kind in _VALUE]
    budgets = {each.promotion for each in sale.basket.usage if each.budget_left is not None}
    spent += [(AccountKind.BUDGET, each.rule, each.amount)
              for each in sale.priced.discounts if each.rule in budgets]
    sums: dict[tuple[AccountKind, str], int] = {}
    for kind, account, amount in spent:
        sums[kind, account] = sums.get((kind, account), 0) + amount
    return tuple(Need(kind, account, amount) for (kind, account), amount in sums.items() if amount > 0)


def _day_of(sale: Sale) -> DayOfHolder | None:
    member, spender = sale.basket.member, sale.basket.spender
    return DayOfHolder(member.member_id, spender.holder, sale.basket.opened.date) if member and spender else None


def _of_the_line(fault: StationError) -> bool:
    return fault.code // 100 == _LINE_CODES


def _short(found: Spendable) -> StationError:
    if found.online:
        return StationError(ErrorCode.SPENDING_SHORT, available=found.amount)
    return StationError(ErrorCode.LEASE_SHORT, spendable=found.amount)
