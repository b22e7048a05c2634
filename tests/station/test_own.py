"""Whose membership it is that stands at the till: by whatever way it comes into the basket, it gives nothing there."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from station.basket import HeldBasket
from station.card import Card, CardStatus, Medium, Tap
from station.claiming import Claiming
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.parked import Parked, Parking
from station.step_up import ClaimMethod, StepUp
from station.tender import Tender, TenderKind
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    product,
)
from tests.station.test_claiming import Office

GOOD = product(1, 1_000)
OWN, OTHER = Tap("sim:1", Medium.NFC_UID, "04A1"), Tap("sim:1", Medium.NFC_UID, "04B2")


@dataclass
class Waiting:
    """Baskets that wait, in a list."""

    held: list[Parked] = field(default_factory=list)

    def park(self, parked: Parked) -> None:
        self.held.append(parked)

    def parked(self) -> list[Parked]:
        return self.held

    def unpark(self, parked_id: str) -> Parked | None:
        return self.held.pop() if parked_id == self.held[-1].parked_id else None


class Till:
    """One good in the basket, members 1 and 2, and nobody at the till; ``stands`` says whose membership does."""

    def __init__(self) -> None:
        self.stands = ""
        self.journal, self.clock = MemoryJournal(), FixedClock()
        self.members = MemoryMembers(
            {OWN.number: Card("m1", CardStatus.ACTIVE), OTHER.number: Card("m2", CardStatus.ACTIVE)},
            {"m1": member(1), "m2": member(2)})
        self.counter = Counter(Place("12-1", "12", NAME), World(
            self.clock, bytes, self.members, MemoryShelf({GOOD.barcode: GOOD}), MemoryPacks(), self.journal,
            own=lambda: self.stands))
        self.counter.open_shift(CASHIER, 0)
        self.counter.scan(GOOD.barcode)
        self.parking = Parking(self.counter, Waiting(), self.clock)

    @property
    def member_id(self) -> str:
        return self.counter.member.member_id if self.counter.member else ""


@pytest.fixture
def till() -> Till:
    return Till()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def claim(till: Till) -> None:
    office = Office([StepUp("c", "m1", ClaimMethod.PIN, till.clock.now().utc_us + 60_000_000)])
    claiming = Claiming(till.counter, office, till.clock, bytes)
    claiming.begin("09120000001", ClaimMethod.PIN)
    claiming.answer("482915")


@pytest.mark.parametrize("way", [
    lambda till: till.counter.tap(OWN), lambda till: till.counter.identify("m1"), claim], ids=["card", "found", "claim"])
@pytest.mark.parametrize("before", ["", "m2"])
def test_it_is_refused_and_the_basket_stays_as_it_was(till: Till, way: Callable[[Till], object], before: str) -> None:
    if before:
        till.counter.tap(OTHER)
    till.stands = "m1"
    held = till.counter.in_hand
    with refused(ErrorCode.CARD_OWN):
        way(till)
    assert till.counter.in_hand is held
    assert till.member_id == before


def test_somebody_without_a_membership_serves_everybody(till: Till) -> None:
    till.counter.tap(OWN)
    till.counter.leave_out_own()
    with refused(ErrorCode.MEMBER_UNKNOWN):
        till.counter.identify("")
    assert till.member_id == "m1"


def test_it_leaves_the_basket_of_who_comes_to_the_till(till: Till) -> None:
    till.counter.tap(OWN)
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.counter.leave_out_own()
    assert (till.member_id, len(till.journal.held.basket.lines if till.journal.held else ())) == ("", 1)
    till.counter.leave_out_own()  # nothing more to do
    till.counter.tap(OTHER)
    till.counter.leave_out_own()
    assert till.member_id == "m2"


def test_undone_it_does_not_come_back_but_the_goods_do(till: Till) -> None:
    till.counter.tap(OWN)
    before = till.counter.in_hand
    assert before
    till.counter.abandon()
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.counter.go_back(before)
    assert till.member_id == ""
    assert till.counter.basket
    assert len(till.counter.basket.lines) == 1


def test_a_basket_from_before_the_program_ended_comes_back_without_it(till: Till) -> None:
    till.counter.tap(OWN)
    till.counter.let_go()
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.counter.recover()
    assert till.member_id == ""
    assert till.counter.basket
    assert len(till.counter.basket.lines) == 1


def test_a_basket_that_waited_comes_back_without_it(till: Till) -> None:
    till.counter.tap(OWN)
    parked = till.parking.hold(CASHIER)
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.parking.recall(parked.parked_id)
    assert (till.member_id, till.parking.waiting()) == ("", [])
    assert till.counter.basket


def test_a_basket_that_was_just_put_aside_comes_back_without_it(till: Till) -> None:
    till.counter.tap(OWN)
    before = till.counter.in_hand
    assert before
    parked = till.parking.hold(CASHIER)
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.parking.take_back(parked, before)
    assert (till.member_id, till.parking.waiting()) == ("", [])


def test_no_sale_is_closed_with_it(till: Till) -> None:
    till.counter.tap(OWN)
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.counter.settle([Tender(TenderKind.CASH, 1_000)], CASHIER)
    assert (till.member_id, till.journal.sales()) == ("", [])
    sale = till.counter.settle([Tender(TenderKind.CASH, 1_000)], CASHIER).sale
    assert (sale.basket.member, sale.points) == (None, ())


def test_what_is_kept_for_a_restart_has_no_member_then(till: Till) -> None:
    till.counter.tap(OWN)
    till.stands = "m1"
    with refused(ErrorCode.OWN_LEFT_OUT):
        till.counter.leave_out_own()
    assert till.counter.basket
    assert till.journal.held == HeldBasket(till.counter.basket, None)
