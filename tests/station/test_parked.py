"""Baskets put aside, over a journal on disk: held, found after a kill, recalled once, on the right day's rules."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.parked import ParkedStore
from station.basket import Coupon
from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.card_life import Holder
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.in_hand import Recovered
from station.member import Member
from station.pack import HandLimit, Pack
from station.parked import Parked, Parking
from station.people import Role
from station.redemption import RedemptionRules
from station.tender import Tender, TenderKind
from tests.fakes import (
    CASHIER,
    NAME,
    NOON,
    FixedClock,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    moment,
    pack,
    product,
)

GOOD, OTHER = product(1, 38_500), product(2, 90_000)
TAP, HELD_BY = Tap("sim:1", Medium.NFC_UID, "04A1"), Tap("sim:1", Medium.NFC_UID, "04B2")
TOMORROW = moment("2026-11-23", 8)


def rules(number: int) -> Pack:
    return replace(pack(number), by_hand=(HandLimit(Role.CASHIER, "5"),), redemption=RedemptionRules(10, 1_000))


class Till:
    """A counter over a journal on disk. It is killed by leaving it as it is and starting another."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.db"
        self.clock = FixedClock()
        self.members = MemoryMembers(
            cards={"04A1": Card("m1", CardStatus.ACTIVE), "04B2": Card("m2", CardStatus.ACTIVE, "h1")},
            people={"m1": member(1), "m2": member(2, "silver")},
            families={"m2": (Holder("h1"),)})
        self.packs = MemoryPacks(rules(1))
        self.drawn = 0
        self.start()
        self.counter.open_shift(CASHIER, 0)

    def start(self) -> None:
        self.journal = JournalStore(self.path, bytes(32))
        self.journal.found("12-1", "test", self.clock.now())
        self.counter = Counter(Place("12-1", "12", NAME), World(
            self.clock, self.draw, self.members,
            MemoryShelf({each.barcode: each for each in (GOOD, OTHER)}), self.packs, self.journal))
        self.parking = Parking(self.counter, ParkedStore(self.journal.database), self.clock)

    def draw(self, count: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(count)

    def held(self) -> Parked:
        """One piece of the good, put aside."""
        self.counter.scan(GOOD.barcode)
        return self.parking.hold(CASHIER)


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path)


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def ids(parked: Sequence[Parked]) -> list[str]:
    return [each.parked_id for each in parked]


def test_a_held_basket_waits_and_another_can_be_sold_meanwhile(till: Till) -> None:
    till.counter.tap(TAP)
    held = till.held()
    assert (held.at, held.by, held.total) == (NOON, CASHIER, 34_650)  # 38 500 less 10 %
    assert till.counter.basket is None
    assert till.parking.waiting() == [held]
    till.counter.scan(OTHER.barcode)
    till.counter.settle([Tender(TenderKind.CASH, 90_000)], CASHIER)
    assert till.parking.recall(held.parked_id) == Recovered(lines=1, reopened=False)
    assert till.parking.waiting() == []
    assert till.counter.member == member(1)
    assert till.counter.shown.medium is Medium.NFC_UID
    settled = till.counter.settle([Tender(TenderKind.CASH, 34_650)], CASHIER)
    assert settled.sale.basket.card is CardTier.NUMBER


def test_after_a_kill_the_held_ones_wait_and_the_open_one_is_open(till: Till) -> None:
    first, second = till.held(), till.held()
    till.counter.scan(OTHER.barcode)
    till.start()
    assert till.counter.recover() == Recovered(lines=1, reopened=False)
    assert till.counter.basket
    assert [line.product for line in till.counter.basket.lines] == [OTHER]
    assert till.parking.waiting() == [first, second]


def test_killed_right_after_holding_no_basket_is_open(till: Till) -> None:
    held = till.held()
    till.start()
    assert till.counter.recover() is None
    assert ids(till.parking.waiting()) == [held.parked_id]


def test_killed_right_after_recalling_it_is_open_and_waits_no_more(till: Till) -> None:
    held = till.held()
    till.parking.recall(held.parked_id)
    till.start()
    assert till.counter.recover() == Recovered(lines=1, reopened=False)
    assert till.parking.waiting() == []


def test_it_is_recalled_once(till: Till) -> None:
    held = till.held()
    till.parking.recall(held.parked_id)
    till.counter.abandon()
    with refused(ErrorCode.PARKED_GONE):
        till.parking.recall(held.parked_id)
    assert till.counter.basket is None


def test_goods_in_the_open_basket_are_in_the_way(till: Till) -> None:
    held = till.held()
    till.counter.scan(OTHER.barcode)
    before = till.counter.basket
    with refused(ErrorCode.BASKET_IN_THE_WAY):
        till.parking.recall(held.parked_id)
    assert till.counter.basket == before
    assert ids(till.parking.waiting()) == [held.parked_id]


def test_an_empty_basket_cannot_be_held(till: Till) -> None:
    with refused(ErrorCode.BASKET_EMPTY):
        till.parking.hold(CASHIER)
    till.counter.tap(TAP)
    with refused(ErrorCode.BASKET_EMPTY):
        till.parking.hold(CASHIER)
    assert till.counter.member == member(1)


@pytest.mark.parametrize(("tap", "who", "holder"), [(TAP, "m1", ""), (HELD_BY, "m2", "h1")])
def test_a_member_who_is_at_the_counter_gets_the_basket_of_nobody(till: Till, tap: Tap, who: str, holder: str) -> None:
    held = till.held()
    till.counter.tap(tap)
    till.parking.recall(held.parked_id)
    basket = till.counter.basket
    assert basket
    assert basket.member
    assert (basket.member.member_id, basket.spender.holder if basket.spender else "", basket.card) == (
        who, holder, CardTier.NUMBER)
    assert [line.product for line in basket.lines] == [GOOD]


def test_a_basket_that_is_somebodys_stays_so_whoever_is_at_the_counter(till: Till) -> None:
    till.counter.tap(TAP)
    held = till.held()
    till.counter.tap(HELD_BY)
    till.parking.recall(held.parked_id)
    assert till.counter.member == member(1)


def test_what_it_wanted_to_spend_is_not_kept(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.counter.show_coupon("YALDA")
    till.counter.redeem(10)
    till.counter.choose("a reward")
    till.counter.pay_by([TenderKind.CASH])
    held = till.parking.hold(CASHIER)
    assert held.total == 34_650  # without the points it wanted to pay with
    till.parking.recall(held.parked_id)
    basket = till.counter.basket
    assert basket
    assert (basket.redeem, basket.chosen, basket.payments, basket.step_up) == (0, (), (), None)
    assert basket.coupons == (Coupon("YALDA"),)


def test_on_another_day_it_is_opened_on_that_days_rules(till: Till) -> None:
    till.counter.scan(GOOD.barcode)
    till.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, percent="5"))
    held = till.parking.hold(CASHIER)
    till.packs.held, till.packs.older = rules(2), (till.packs.held,)
    till.clock.moment = TOMORROW
    assert till.parking.recall(held.parked_id) == Recovered(lines=1, reopened=True)
    basket = till.counter.basket
    assert basket
    assert (basket.pack, basket.opened, basket.by_hand) == (2, TOMORROW, ())


def test_without_its_rules_it_goes_on_waiting(till: Till) -> None:
    held = till.held()
    till.packs.held = rules(2)
    with refused(ErrorCode.PACK_MISSING):
        till.parking.recall(held.parked_id)
    assert till.counter.basket is None
    assert ids(till.parking.waiting()) == [held.parked_id]
    assert till.journal.open_basket() is None


def test_a_member_at_the_counter_stays_where_it_cannot_be_taken_up(till: Till) -> None:
    held = till.held()
    till.counter.tap(TAP)
    before = till.counter.in_hand
    till.packs.held = rules(2)
    with refused(ErrorCode.PACK_MISSING):
        till.parking.recall(held.parked_id)
    assert till.counter.in_hand == before
    kept = till.journal.open_basket()
    assert kept
    assert before
    assert kept.basket == before.basket


class BrokenMembers(MemoryMembers):
    """A member book that cannot be read."""

    def member(self, member_id: str) -> Member | None:
        raise StationError(ErrorCode.DATABASE_CORRUPT, file=member_id)


def test_goods_whose_member_cannot_be_read_are_in_hand_all_the_same(till: Till) -> None:
    till.counter.tap(TAP)
    held = till.held()
    till.members = BrokenMembers()
    till.start()
    with refused(ErrorCode.DATABASE_CORRUPT):
        till.parking.recall(held.parked_id)
    assert till.counter.basket
    assert len(till.counter.basket.lines) == 1
    assert till.parking.waiting() == []


def test_holding_is_taken_back_with_all_there_was(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.counter.redeem(10)
    before = till.counter.in_hand
    assert before
    held = till.parking.hold(CASHIER)
    till.parking.take_back(held, before)
    assert till.counter.in_hand == before
    assert till.parking.waiting() == []
    till.start()
    till.counter.recover()
    assert till.counter.basket
    assert till.counter.basket.redeem == 10


def test_holding_is_not_taken_back_over_other_goods_nor_twice(till: Till) -> None:
    till.counter.scan(GOOD.barcode)
    before = till.counter.in_hand
    assert before
    held = till.parking.hold(CASHIER)
    till.counter.scan(OTHER.barcode)
    with refused(ErrorCode.BASKET_IN_THE_WAY):
        till.parking.take_back(held, before)
    till.counter.abandon()
    till.parking.take_back(held, before)
    till.counter.abandon()
    with refused(ErrorCode.PARKED_GONE):
        till.parking.take_back(held, before)
