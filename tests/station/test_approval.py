"""An approval is good for one operation, once, for a minute, by somebody else who may."""

from dataclasses import replace

import pytest

from station.approval import LIFE_US, Approval, Operation, OperationKind
from station.errors import ErrorCode, StationError
from station.people import Actor, Role

NOW = 1_900_000_000_000_000
CASHIER = Actor("sara", Role.CASHIER)
MANAGER = Actor("omid", Role.MANAGER)
DISCOUNT = Operation(OperationKind.HAND_DISCOUNT, CASHIER, "basket-1/3", 50_000)


def is_refused(approval: Approval, operation: Operation, now_us: int) -> bool:
    try:
        approval.use(operation, now_us)
    except StationError as fault:
        return fault.code is ErrorCode.APPROVAL_MISSING
    return False


def test_it_is_good_for_what_was_shown() -> None:
    assert Approval(DISCOUNT, MANAGER, NOW).use(DISCOUNT, NOW + LIFE_US) == MANAGER


def test_it_is_good_once() -> None:
    approval = Approval(DISCOUNT, MANAGER, NOW)
    approval.use(DISCOUNT, NOW)
    assert is_refused(approval, DISCOUNT, NOW)


@pytest.mark.parametrize("other", [
    replace(DISCOUNT, amount=50_001), replace(DISCOUNT, subject="basket-1/4"), replace(DISCOUNT, kind=OperationKind.VOID),
    replace(DISCOUNT, asked_by=Actor("reza", Role.CASHIER))])
def test_it_is_good_for_nothing_else(other: Operation) -> None:
    assert is_refused(Approval(DISCOUNT, MANAGER, NOW), other, NOW)


@pytest.mark.parametrize("later_us", [LIFE_US + 1, -1])
def test_it_is_good_for_a_minute(later_us: int) -> None:
    assert is_refused(Approval(DISCOUNT, MANAGER, NOW), DISCOUNT, NOW + later_us)


@pytest.mark.parametrize(("approver", "needs"), [
    (CASHIER, Role.CASHIER), (Actor("sara", Role.MANAGER), Role.MANAGER), (Actor("reza", Role.SENIOR), Role.MANAGER),
    (Actor("system", Role.SYSTEM), Role.CASHIER)])
def test_nobody_approves_for_themselves_or_above_their_role(approver: Actor, needs: Role) -> None:
    with pytest.raises(StationError) as fault:
        Approval(replace(DISCOUNT, needs=needs), approver, NOW)
    assert fault.value.code is ErrorCode.APPROVAL_MISSING


def test_parts_do_not_run_into_each_other() -> None:
    one = replace(DISCOUNT, subject="1", amount=23)
    assert one.digest != replace(DISCOUNT, subject="12", amount=3).digest
