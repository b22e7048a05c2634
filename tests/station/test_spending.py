"""Spending: reserved online, leased offline, never guessed; what was set aside for no sale is given back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from station.basket import Basket, Usage
from station.card import Card, CardStatus, Medium, Tap
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.leases import AccountKind, LeaseClosed, LeasePart, LeaseUse
from station.pack import Pack
from station.points import PointsEntry, PointsKind
from station.pricing import price
from station.promotion import Limits
from station.redemption import RedemptionRules
from station.rewards import PercentOff
from station.sale import Sale
from station.shift import Shift
from station.spending import Hold, Need, Spendable, Spending, covering, needs_of
from station.tender import Tender, TenderKind
from tests.fakes import (
    CASHIER,
    NAME,
    NOON,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    bought,
    club,
    deal,
    member,
    product,
)

POINTS, WALLET, BUDGET = AccountKind.POINTS, AccountKind.WALLET, AccountKind.BUDGET
LATER = NOON.utc_us + 1
NEED = Need(POINTS, "m1", 70)


@dataclass
class MemoryLeases:
    """Parts by account, and head office's last time."""

    held: dict[tuple[AccountKind, str], list[LeasePart]] = field(default_factory=dict)
    told_us: int = 0

    def parts(self, kind: AccountKind, account: str) -> Sequence[LeasePart]:
        return self.held.get((kind, account), [])

    def server_us(self) -> int:
        return self.told_us


@dataclass
class MemoryHolds:
    """Reservations and what is to become of them; ``refuse`` is what every write meets."""

    states: dict[str, str] = field(default_factory=dict)
    refuse: StationError | None = None

    def remember(self, hold: Hold) -> None:
        self._write(hold.reservation_id, "ASKED")

    def drop(self, reservation_ids: Sequence[str]) -> None:
        for each in reservation_ids:
            self._write(each, "DROPPED")

    def drop_open(self) -> None:
        self.drop([each for each, state in self.states.items() if state == "ASKED"])

    def _write(self, name: str, state: str) -> None:
        if self.refuse:
            raise self.refuse
        self.states[name] = state


@dataclass
class MemoryOffice:
    """An account of so many units; ``fault`` is what every question meets."""

    left: int = 100
    fault: StationError | None = None
    holds: list[Hold] = field(default_factory=list)

    def available(self, kind: AccountKind, account: str) -> int:
        assert kind in AccountKind
        assert account
        if self.fault:
            raise self.fault
        return self.left

    def reserve(self, hold: Hold) -> None:
        if self.fault:
            raise self.fault
        if hold.amount > self.left:
            raise StationError(ErrorCode.SPENDING_SHORT, available=self.left)
        self.left -= hold.amount
        self.holds.append(hold)


@dataclass
class Till:
    """Spending with its world in hand."""

    leases: MemoryLeases = field(default_factory=MemoryLeases)
    holds: MemoryHolds = field(default_factory=MemoryHolds)
    office: MemoryOffice = field(default_factory=MemoryOffice)
    drawn: int = 0

    def random(self, count: int) -> bytes:
        """Every time others."""
        self.drawn += 1
        return self.drawn.to_bytes(count, "big")

    def spending(self) -> Spending:
        return Spending(self.leases, self.holds, self.office, self.random)

    def lease(self, amount: int, kind: AccountKind = POINTS, account: str = "m1", until: int = LATER) -> None:
        """Give the till a lease."""
        self.leases.held.setdefault((kind, account), []).append(LeasePart("l1", "a", amount, until))

    def offline(self, code: ErrorCode = ErrorCode.HEAD_OFFICE_UNREACHABLE) -> None:
        """Take head office away."""
        self.office.fault = StationError(code)


@pytest.fixture
def till() -> Till:
    return Till()


def sale(points: int = 70, **facts: object) -> Sale:
    """A sale that spends ``points`` of member m1."""
    basket = bought(product())
    entries = (PointsEntry("s/spent/x", "m1", PointsKind.REDEEM, -points, "x"),) if points else ()
    made = Sale("s", "2026-11-22", 1, basket, price(club(), basket), (), 0, None, entries)
    return replace(made, **facts)  # type: ignore[arg-type] # each by its name


def refused(code: ErrorCode, **detail: int) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: (error.code, error.detail) == (code, detail))


def test_online_what_is_spent_is_reserved_first_and_named_by_the_sale(till: Till) -> None:
    with till.spending().covering(sale(), NOON) as covered:
        assert till.holds.states == {covered.reservations[0]: "ASKED"}
        (hold,) = till.office.holds
        assert (hold.kind, hold.account, hold.amount, hold.sale_id) == (POINTS, "m1", 70, "s")
        assert covered == replace(sale(), reservations=(hold.reservation_id,))
    # the journal, not this, makes it SOLD
    assert list(till.holds.states.values()) == ["ASKED"]


@pytest.mark.parametrize("code", [
    ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY, ErrorCode.NOT_PAIRED, ErrorCode.ANSWER_INVALID])
def test_offline_a_lease_is_spent_and_what_was_asked_for_is_given_back(till: Till, code: ErrorCode) -> None:
    till.lease(80)
    till.offline(code)
    with till.spending().covering(sale(), NOON) as covered:
        assert covered == replace(sale(), lease_uses=(LeaseUse("l1", "a", 70),))
    # it may have been reserved though its answer was lost
    assert list(till.holds.states.values()) == ["DROPPED"]


def test_offline_without_a_lease_nothing_is_spent(till: Till) -> None:
    till.offline()
    till.lease(69)
    with refused(ErrorCode.LEASE_SHORT, spendable=69), till.spending().covering(sale(), NOON):
        pytest.fail("nothing covers the sale")


def test_a_lease_that_ran_out_by_head_offices_time_covers_nothing(till: Till) -> None:
    till.offline()
    till.lease(70)
    till.leases.told_us = LATER
    with refused(ErrorCode.LEASE_SHORT, spendable=0), till.spending().covering(sale(), NOON):
        pytest.fail("the clock was set back")


def test_offline_it_is_told_until_when_the_first_lease_lasts(till: Till) -> None:
    till.offline()
    assert till.spending().spendable(POINTS, "m1", NOON) == Spendable(0, online=False)
    till.lease(30, until=LATER + 1)
    till.lease(20, until=LATER)
    till.lease(10, until=NOON.utc_us)
    assert till.spending().spendable(POINTS, "m1", NOON) == Spendable(50, online=False, until_us=LATER)


def test_online_the_lease_adds_to_what_is_available(till: Till) -> None:
    till.office.left = 50
    till.lease(30)
    assert till.spending().spendable(POINTS, "m1", NOON) == Spendable(80, online=True)
    with till.spending().covering(sale(), NOON) as covered:
        assert covered.lease_uses == (LeaseUse("l1", "a", 20),)
        assert [(each.reservation_id, each.amount) for each in till.office.holds] == [(covered.reservations[0], 50)]


def test_online_too_little_is_refused_with_what_there_is(till: Till) -> None:
    till.office.left = 50
    till.lease(19)
    with refused(ErrorCode.SPENDING_SHORT, available=69), till.spending().covering(sale(), NOON):
        pytest.fail("it is not enough")
    assert till.office.left == 50


def test_another_till_that_is_faster_leaves_the_lease(till: Till) -> None:
    class Shrinking(MemoryOffice):
        """Somebody else takes 10 after the first question."""

        def reserve(self, hold: Hold) -> None:
            try:
                super().reserve(hold)
            finally:
                self.left = min(self.left, 50)

    till.office = Shrinking(left=60)
    till.lease(30)
    with till.spending().covering(sale(), NOON) as covered:
        # 70 > 60, then 60 > 50, then 50 and 20 of the lease
        assert [hold.amount for hold in till.office.holds] == [50]
        assert sum(use.amount for use in covered.lease_uses) == 20


def test_head_office_that_falls_silent_in_between_leaves_the_lease(till: Till) -> None:
    class Dying(MemoryOffice):
        """Answers once."""

        def reserve(self, hold: Hold) -> None:
            try:
                super().reserve(hold)
            finally:
                self.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)

    till.office = Dying(left=50)
    till.lease(30)
    with refused(ErrorCode.LEASE_SHORT, spendable=30), till.spending().covering(sale(), NOON):
        pytest.fail("50 cannot be had any more")
    assert list(till.holds.states.values()) == ["DROPPED", "DROPPED"]


def test_a_sale_that_cannot_be_written_gives_back_what_was_reserved(till: Till) -> None:
    def fail_to_write() -> None:
        with till.spending().covering(sale(), NOON):
            raise StationError(ErrorCode.DISK_FULL)

    with refused(ErrorCode.DISK_FULL):
        fail_to_write()
    assert list(till.holds.states.values()) == ["DROPPED"]


def test_where_not_even_that_can_be_written_it_is_given_back_at_the_next_start(till: Till) -> None:
    def fill_the_disk() -> None:
        with till.spending().covering(sale(), NOON):
            till.holds.refuse = StationError(ErrorCode.DISK_FULL)
            raise till.holds.refuse

    with refused(ErrorCode.DISK_FULL):
        fill_the_disk()
    assert list(till.holds.states.values()) == ["ASKED"]
    till.holds.refuse = None
    till.spending()
    assert list(till.holds.states.values()) == ["DROPPED"]


def test_the_second_need_that_fails_gives_back_the_first(till: Till) -> None:
    wallet = sale(tenders=(Tender(TenderKind.WALLET, 200, account="w"),))
    with refused(ErrorCode.SPENDING_SHORT, available=30), till.spending().covering(wallet, NOON):
        pytest.fail("the wallet holds 100, and 70 of it are taken")
    assert list(till.holds.states.values()) == ["DROPPED", "DROPPED"]


def test_a_disk_that_cannot_remember_asks_for_nothing(till: Till) -> None:
    spending = till.spending()
    till.holds.refuse = StationError(ErrorCode.DISK_FULL)
    with refused(ErrorCode.DISK_FULL), spending.covering(sale(), NOON):
        pytest.fail("a reservation that is not remembered would be lost")
    assert till.office.holds == []


def test_a_fault_that_is_not_of_the_line_is_told(till: Till) -> None:
    till.office.fault = StationError(ErrorCode.DATABASE_LOCKED)
    with refused(ErrorCode.DATABASE_LOCKED):
        till.spending().spendable(POINTS, "m1", NOON)
    with refused(ErrorCode.DATABASE_LOCKED), till.spending().covering(sale(), NOON):
        pytest.fail("the fault was swallowed")


def test_a_sale_that_spends_nothing_asks_nobody(till: Till) -> None:
    till.offline()
    with till.spending().covering(sale(0), NOON) as covered:
        assert covered == sale(0)
    with covering(None, sale(), NOON) as covered:
        assert covered == sale()
    assert till.holds.states == {}


def test_what_can_be_spent_is_required(till: Till) -> None:
    till.spending().require(replace(NEED, amount=100), NOON)
    with refused(ErrorCode.SPENDING_SHORT, available=100):
        till.spending().require(replace(NEED, amount=101), NOON)
    till.offline()
    till.lease(20)
    with refused(ErrorCode.LEASE_SHORT, spendable=20):
        till.spending().require(NEED, NOON)


def test_a_budget_is_what_is_leased_of_it_and_is_never_asked_for(till: Till) -> None:
    till.lease(500, BUDGET, "spring")
    usage = (Usage("spring", budget_left=9_000), Usage("autumn", budget_left=9_000), Usage("daily", 3))
    assert till.spending().with_budgets(usage, NOON) == (
        Usage("spring", budget_left=500), Usage("autumn", budget_left=0), Usage("daily", 3))
    basket = bought(product(1, 1000), usage=(Usage("spring", budget_left=500), Usage("daily")))
    pack = club(deal("spring", PercentOff("10"), limits=Limits(budget=9_000)), deal("daily", PercentOff("5"), limits=Limits(per_day=9)))
    made = sale(0, basket=basket, priced=price(pack, basket))
    assert needs_of(made) == (Need(BUDGET, "spring", 100),)
    with till.spending().covering(made, NOON) as covered:
        assert covered.lease_uses == (LeaseUse("l1", "a", 100),)
    assert (till.office.holds, till.holds.states) == ([], {})


def test_needs_are_one_for_each_account() -> None:
    entries = (
        PointsEntry("1", "m1", PointsKind.REDEEM, -30, "a"), PointsEntry("2", "m1", PointsKind.REDEEM, -20, "b"),
        PointsEntry("3", "m1", PointsKind.EARN, 9, "c"), PointsEntry("4", "m2", PointsKind.REDEEM, 5, "d"))
    tenders = (
        Tender(TenderKind.CASH, 10), Tender(TenderKind.WALLET, 40, account="w"),
        Tender(TenderKind.GIFT_CARD, 50, account="g"), Tender(TenderKind.WALLET, 2, account="w"))
    assert needs_of(replace(sale(), points=entries, tenders=tenders)) == (
        Need(POINTS, "m1", 50), Need(WALLET, "w", 42), Need(AccountKind.GIFT_CARD, "g", 50))


def test_a_lease_use_and_a_rest_are_figures_that_can_be() -> None:
    with pytest.raises(ValueError, match="nothing to spend"):
        LeaseUse("l1", "a", 0)
    with pytest.raises(ValueError, match="-1 are left"):
        LeaseClosed("l1", -1)
    assert LeaseClosed("l1", 0).left == 0


class Shop:
    """A counter that spends: member m1 has 500 points by the book, each worth 10."""

    def __init__(self, till: Till) -> None:
        self.journal = MemoryJournal()
        self.counter = Counter(Place("12-1", "12", NAME), World(
            FixedClock(), till.random,
            MemoryMembers({"04A1": Card("m1", CardStatus.ACTIVE)}, {"m1": member(1)}),
            MemoryShelf({product().barcode: product(1, 1000)}), MemoryPacks(self.pack()), self.journal, till.spending()))
        self.counter.open_shift(CASHIER, 0)
        self.counter.scan(product().barcode)
        self.counter.tap(Tap("sim:1", Medium.NFC_UID, "04A1"))

    @staticmethod
    def pack() -> Pack:
        return club(
            deal("spring", PercentOff("10"), limits=Limits(budget=9_000)), redemption=RedemptionRules(block=10, worth=100))


def test_the_counter_takes_points_it_could_set_aside(till: Till) -> None:
    till.lease(60, BUDGET, "spring")
    shop = Shop(till)
    assert shop.counter.spendable(POINTS, "m1") == Spendable(100, online=True)
    with refused(ErrorCode.SPENDING_SHORT, available=100):
        shop.counter.redeem(110)
    shop.counter.redeem(50)
    # 1000 less 60 of the budget's 100, less 50 points worth 500
    settled = shop.counter.settle([Tender(TenderKind.CASH, 440)], CASHIER)
    assert settled.sale.lease_uses == (LeaseUse("l1", "a", 60),)
    assert settled.sale.reservations == tuple(till.holds.states)
    assert shop.journal.sales() == [settled.sale]
    assert isinstance(shop.journal.drafts[0].body, Shift)


def test_the_counter_refuses_and_goes_on_selling(till: Till) -> None:
    shop = Shop(till)
    shop.counter.redeem(50)
    till.offline()
    with refused(ErrorCode.LEASE_SHORT, spendable=0):
        shop.counter.settle([Tender(TenderKind.CASH, 500)], CASHIER)
    assert shop.journal.sales() == []
    shop.counter.redeem(0)
    shop.counter.settle([Tender(TenderKind.CASH, 1000)], CASHIER)
    assert len(shop.journal.sales()) == 1


def test_a_counter_without_spending_asks_nobody() -> None:
    clock = FixedClock()
    counter = Counter(Place("12-1", "12", NAME), World(
        clock, bytes, MemoryMembers(), MemoryShelf({}), MemoryPacks(), MemoryJournal()))
    assert counter.spendable(POINTS, "m1") is None
    counter.redeem(5)
    basket = counter.basket
    assert isinstance(basket, Basket)
    assert basket.redeem == 5
