"""What a second person approved, on a real journal: who asked, who agreed, to what, and for how much."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.approval import OperationKind
from station.card import CardStatus
from station.card_life import CardChanged, CardReason
from station.hand import ByHand
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.shift import CashMoved, CashReason, CountReason, ShiftClosed
from station.shift_rows import ApprovalRow
from station.span import Span
from station.staff_event import StaffDeed, StaffEvent
from station.telling import MemberTold
from station.tender import Tender, TenderKind
from tests.rigs.manager_days import SARA, ManagedShop

FIRST, SECOND = "2026-11-20", "2026-11-21"
BOTH = Span(FIRST, SECOND)
ZOHRE = Actor("zohre", Role.MANAGER)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(FIRST)
    made.open(FIRST)
    yield made
    made.journal.close()


def told(row: ApprovalRow) -> tuple[str, str, OperationKind | None, int | None, str]:
    return row.asked, row.approver, row.what, row.amount, row.reason


def test_a_discount_by_hand_tells_what_it_took_off(shop: ManagedShop) -> None:
    shop.sell(1)  # nobody approves an ordinary sale
    shop.counter.scan("6260000000001", 1000)
    shop.counter.give_by_hand(ByHand(SARA, "scratched", percent="5"))  # no second person
    shop.counter.give_by_hand(ByHand(SARA, "damaged", line=1, percent="10", approver=Actor("zohre", Role.CASHIER)))
    priced = shop.counter.priced()
    assert priced
    place = shop.counter.settle([Tender(TenderKind.CASH, priced.total)], SARA).place
    (row,) = shop.rows.approvals(BOTH)
    off = sum(each.amount for each in priced.discounts if each.rule == "hand/2")
    assert told(row) == ("sara", "zohre", OperationKind.HAND_DISCOUNT, off, "damaged")
    assert off > 0
    assert (row.place, row.business_date, row.shift, row.at) == (place, FIRST, 1, shop.journal.sale(place).at)


@pytest.mark.parametrize(("kind", "body", "what", "amount", "reason"), [
    (EntryKind.CASH_MOVED, CashMoved(1, -250_000, CashReason.BANK), OperationKind.CASH_MOVED, -250_000, "BANK"),
    (EntryKind.STAFF, StaffEvent(StaffDeed.DRAWER_OPENED, "sara", note="Change for a customer"), OperationKind.DRAWER, None,
     "Change for a customer"),
    (EntryKind.MEMBER_TOLD, MemberTold("m1", birth=True), OperationKind.BIRTHDAY, None, ""),
    (EntryKind.STAFF, StaffEvent(StaffDeed.LET_IN, "nima"), OperationKind.LET_IN, None, ""),
    (EntryKind.STAFF, StaffEvent(StaffDeed.TRAINING_BEGUN, "sara"), OperationKind.TRAINING, None, ""),
    (EntryKind.CARD_CHANGED, CardChanged(7, "m1", CardStatus.LOST, CardStatus.ACTIVE, CardReason.FOUND),
     OperationKind.CARD_BACK_IN_USE, None, "FOUND"),
    (EntryKind.STAFF, StaffEvent(StaffDeed.LOCKED, "sara"), None, None, "")])
def test_every_kind_is_told(
    shop: ManagedShop, kind: EntryKind, body: CashMoved | StaffEvent | CardChanged, what: OperationKind | None,
    amount: int | None, reason: str,
) -> None:
    shop.journal.append(Draft(kind, shop.clock.now(), SARA, body, ZOHRE))
    shop.journal.append(Draft(kind, shop.clock.now(), SARA, body))
    (row,) = shop.rows.approvals(BOTH)
    assert told(row) == ("sara", "zohre", what, amount, reason)


def test_a_count_tells_its_difference(shop: ManagedShop) -> None:
    shop.sell(1)
    shop.journal.append(Draft(EntryKind.SHIFT_CLOSED, shop.clock.now(), SARA, ShiftClosed(
        1, 1, 4_000, 5_000, CountReason.UNEXPLAINED, ()), ZOHRE))
    (row,) = shop.rows.approvals(BOTH)
    assert told(row) == ("sara", "zohre", OperationKind.COUNT_DIFFERENCE, -1_000, "UNEXPLAINED")


def test_a_sentence_that_looks_like_an_approval_is_none(shop: ManagedShop) -> None:
    shop.journal.append(Draft(EntryKind.STAFF, shop.clock.now(), SARA, StaffEvent(
        StaffDeed.DRAWER_OPENED, "sara", note='"approver":{"person":"me"}')))
    assert shop.rows.approvals(BOTH) == ()


def test_other_days_are_not_told_and_the_latest_stands_first(shop: ManagedShop) -> None:
    for amount in (-1, -2):
        shop.journal.append(Draft(EntryKind.CASH_MOVED, shop.clock.now(), SARA, CashMoved(1, amount, CashReason.OTHER), ZOHRE))
    assert [row.amount for row in shop.rows.approvals(Span(FIRST, FIRST))] == [-2, -1]
    assert shop.rows.approvals(Span(SECOND, SECOND)) == ()
