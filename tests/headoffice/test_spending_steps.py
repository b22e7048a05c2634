"""Two tills with wrong clocks spend one member's points, in any order of steps: never more than there are.

Each till is honest: it spends only out of leases that have not run out by its own clock or head
office's last word, and out of reservations it was given. What arrives too late costs the club, the
member never.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from headoffice.clock import MICROSECONDS
from headoffice.spending.check import check
from headoffice.spending.models import Settlement
from headoffice.spending.terms import DAY_US, HOUR_US, TERMS
from station.errors import StationError
from station.leases import Lease, LeasePart, LeaseUse, ends, judged_at, spend
from sync.wire import ProblemCode
from tests.headoffice.spending import (
    AT,
    POINTS,
    Desk,
    Drawn,
    balance,
    desk,
    give,
    look_at,
    reclaim,
    refused,
    standing,
)

SKEWS = (-30 * 60 * MICROSECONDS, 45 * 60 * MICROSECONDS)
TILLS = st.sampled_from((0, 1))
AMOUNTS = st.integers(1, 60)


@dataclass
class Side:
    """A till by itself: what is left of the parts of its leases, closed ones out, and head office's last word.

    ``unsent`` are the leases used by each sale that head office does not have yet, by its seq.
    """

    desk: Desk
    skew: int
    parts: dict[tuple[str, str], LeasePart] = field(default_factory=dict)
    told_us: int = 0
    unsent: dict[int, set[str]] = field(default_factory=dict)

    def judged(self, true_us: int) -> int:
        """The moment by which it judges its leases."""
        return judged_at(true_us + self.skew, self.told_us)

    def take(self, lease: Lease) -> None:
        """Keep a lease."""
        for lot in lease.lots:
            self.parts[lease.lease_id, lot.lot_id] = LeasePart(lease.lease_id, lot.lot_id, lot.amount, ends(lease, lot))

    def use(self, uses: tuple[LeaseUse, ...]) -> None:
        """Use up parts of them."""
        for use in uses:
            part = self.parts[use.lease_id, use.lot_id]
            self.parts[use.lease_id, use.lot_id] = LeasePart(
                part.lease_id, part.lot_id, part.left - use.amount, part.expires_us)


class Machine(RuleBasedStateMachine):
    """Head office as it is, and two tills."""

    reserved = Bundle("reserved")

    def __init__(self) -> None:
        super().__init__()
        number = Drawn.more() * 2
        self.account = f"member-{number}"
        self.at_us = AT
        self.sides = tuple(Side(desk(number + i, AT), skew) for i, skew in enumerate(SKEWS))
        self.given = 0
        self.excused = set[tuple[str, int]]()
        self.leases: list[tuple[int, Lease]] = []
        self.earn(100)

    def till(self, which: int) -> Side:
        """A till, at head office's time."""
        side = self.sides[which]
        side.desk.at_us = self.at_us
        return side

    def earn(self, amount: int) -> None:
        """More points."""
        give(self.account, amount)
        self.given += amount

    @rule(amount=AMOUNTS)
    def gets_points(self, amount: int) -> None:
        self.earn(amount)

    @rule(hours=st.sampled_from((1, 20, 80)))
    def time_goes_by(self, hours: int) -> None:
        self.at_us += hours * HOUR_US
        look_at(self.account, self.at_us)

    @rule(which=TILLS)
    def asks_for_leases(self, which: int) -> None:
        side = self.till(which)
        for lease in side.desk.ask((POINTS, self.account)):
            side.take(lease)
            self.leases.append((which, lease))
        side.told_us = self.at_us

    @rule(which=TILLS, amount=AMOUNTS, sends=st.booleans())
    def sells_out_of_its_leases(self, which: int, amount: int, sends: bool) -> None:  # noqa: FBT001 - hypothesis gives it
        side = self.till(which)
        try:
            uses = spend(side.parts.values(), amount, side.judged(self.at_us))
        except StationError:
            return
        side.use(uses)
        seq = side.desk.sell(amount, account=self.account, uses=uses, sends=False)
        side.unsent[seq] = {use.lease_id for use in uses}
        if sends:
            self.sends(which)

    @rule(which=TILLS)
    def sends(self, which: int) -> None:
        side = self.till(which)
        over = {lease.lease_id for _, lease in self.leases
                if self.at_us >= lease.expires_us + TERMS.skew_us + TERMS.grace_us}
        self.excused |= {(side.desk.station.id, seq) for seq, used in side.unsent.items() if used & over}
        side.unsent.clear()
        side.desk.send()

    @rule(which=TILLS, amount=AMOUNTS, hours=st.sampled_from((20, 80, 200, 300)))
    def is_offline_for_a_while(self, which: int, amount: int, hours: int) -> None:
        self.asks_for_leases(which)
        self.sells_out_of_its_leases(which, amount, sends=False)
        self.time_goes_by(hours)
        self.asks_for_leases(1 - which)
        self.sends(which)

    @rule(which=TILLS)
    def closes_a_lease(self, which: int) -> None:
        side = self.till(which)
        mine = [lease for i, lease in self.leases if i == which and (lease.lease_id, lease.lots[0].lot_id) in side.parts]
        if mine:
            lease = mine[0]
            left = sum(side.parts.pop((lease.lease_id, lot.lot_id)).left for lot in lease.lots)
            side.desk.close(lease, left, sends=False)

    @rule(days=st.integers(0, 3))
    def a_lease_is_taken_back(self, days: int) -> None:
        if self.leases:
            _, lease = self.leases[0]
            end = lease.expires_us + TERMS.skew_us + TERMS.grace_us
            self.at_us = max(self.at_us, end + days * DAY_US)
            reclaim(self.till(0).desk, lease, self.account)

    @rule(target=reserved, which=TILLS, amount=AMOUNTS)
    def reserves(self, which: int, amount: int) -> Any:
        there, till = self.standing()[3], self.till(which).desk
        if amount > there:
            with refused(ProblemCode.NOT_ENOUGH, there):
                till.reserve(amount, self.account)
            return multiple()
        return which, amount, till.reserve(amount, self.account).reservation_id

    @rule(held=reserved)
    def gives_a_reservation_back(self, held: tuple[int, int, str]) -> None:
        self.till(held[0]).desk.void(held[2])

    @rule(held=reserved)
    def commits_a_reservation(self, held: tuple[int, int, str]) -> None:
        self.till(held[0]).desk.commit(held[2])

    @rule(held=reserved, sends=st.booleans())
    def sells_with_a_reservation(self, held: tuple[int, int, str], sends: bool) -> None:  # noqa: FBT001 - hypothesis gives it
        # it may have been over, given back or spent before: the sale is posted all the same
        which, amount, name = held
        desk_ = self.till(which).desk
        seq = desk_.sell(amount, account=self.account, reserved=[name], sends=False)
        self.excused.add((desk_.station.id, seq))
        if sends:
            self.sends(which)

    @rule(which=TILLS, amount=AMOUNTS)
    def sells_without_setting_aside(self, which: int, amount: int) -> None:
        desk_ = self.till(which).desk
        self.excused.add((desk_.station.id, desk_.sell(amount, account=self.account, sends=False)))
        self.sends(which)

    def standing(self) -> tuple[int, int, int, int]:
        """How the account stands now."""
        return standing(self.account, at_us=self.at_us)

    @invariant()
    def nothing_is_overdrawn(self) -> None:
        held, leased, reserved, free = self.standing()
        assert held - leased - reserved >= 0
        assert free <= held - leased - reserved
        rows = list(Settlement.objects.filter(account=self.account).values_list(
            "amount", "written_off", "station", "seq"))
        assert balance(self.account) == held == self.given - sum(amount - lost for amount, lost, _, _ in rows)
        assert {(station, seq) for _, lost, station, seq in rows if lost} <= self.excused

    def teardown(self) -> None:
        for which in (0, 1):
            self.sends(which)
        self.nothing_is_overdrawn()
        assert check() == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_order_of_steps_overdraws(office: Path) -> None:
    assert office.exists()
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)))
