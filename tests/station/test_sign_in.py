"""Locking out, locking the screen, PINs that may be chosen."""

import pytest

from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.pins import require_good
from station.sign_in import Session, SessionRules, Tries, reaches

S = 1_000_000
NOW = 1_900_000_000 * S
SARA = Actor("sara", Role.CASHIER)


def after(wrong: int, at_us: int = NOW) -> Tries:
    tries = Tries()
    for _ in range(wrong):
        tries = tries.failed(at_us)
    return tries


@pytest.mark.parametrize(("wrong", "pause_s"), [
    (0, 0), (4, 0), (5, 60), (6, 120), (7, 240), (8, 480), (9, 900), (10, 900), (14, 900)])
def test_each_wrong_pin_from_the_fifth_on_locks_for_twice_as_long(wrong: int, pause_s: int) -> None:
    tries = after(wrong)
    assert tries.left_s(NOW) == pause_s
    assert tries.left_s(NOW + pause_s * S) == 0
    assert not tries.needs_help
    if pause_s:
        assert tries.left_s(NOW + (pause_s - 1) * S) == 1
        with pytest.raises(StationError) as fault:
            tries.require_open(NOW)
        assert (fault.value.code, fault.value.detail) == (ErrorCode.SIGN_IN_LOCKED, {"seconds": pause_s})
    tries.require_open(NOW + pause_s * S)


def test_after_fifteen_only_a_second_person_helps() -> None:
    tries = after(15)
    assert tries.needs_help
    with pytest.raises(StationError) as fault:
        tries.require_open(NOW + 365 * 86_400 * S)
    assert fault.value.detail == {"seconds": 0}


def test_a_clock_set_back_begins_the_pause_anew_and_neither_ends_nor_stretches_it() -> None:
    tries, back = after(5), NOW - 86_400 * S
    assert tries.left_s(back) == 60
    seen = tries.seen(back)
    assert seen.left_s(back + 59 * S) == 1
    assert seen.left_s(back + 60 * S) == 0
    assert tries.seen(NOW + S) == tries


def test_the_screen_locks_when_nobody_does_anything_and_once_a_day() -> None:
    rules = SessionRules(180, 43_200)
    session = Session(SARA, NOW, NOW)
    assert not session.is_over(NOW + 179 * S, rules)
    assert session.is_over(NOW + 180 * S, rules)
    assert not session.busy(NOW + 179 * S).is_over(NOW + 300 * S, rules)
    assert session.busy(NOW + 43_199 * S).is_over(NOW + 43_200 * S, rules)
    assert not session.is_over(NOW - 86_400 * S, rules)


@pytest.mark.parametrize(("role", "needed", "may"), [
    (Role.CASHIER, Role.CASHIER, True), (Role.CASHIER, Role.SENIOR, False), (Role.SENIOR, Role.CASHIER, True),
    (Role.MANAGER, Role.SENIOR, True), (Role.SYSTEM, Role.CASHIER, False)])
def test_who_may_what(role: Role, needed: Role, *, may: bool) -> None:
    assert reaches(role, needed) is may


@pytest.mark.parametrize(("pin", "role"), [("7294", Role.CASHIER), ("30718265", Role.SENIOR), ("480216", Role.MANAGER)])
def test_pins_that_may_be_chosen(pin: str, role: Role) -> None:
    require_good(pin, role)


@pytest.mark.parametrize(("pin", "role", "digits"), [
    ("", Role.CASHIER, 4), ("729", Role.CASHIER, 4), ("729417293", Role.CASHIER, 4), ("72a4", Role.CASHIER, 4),
    ("۷۲۹۴", Role.CASHIER, 4), ("72 4", Role.CASHIER, 4), ("0000", Role.CASHIER, 4), ("1234", Role.CASHIER, 4),
    ("7890", Role.CASHIER, 4), ("4321", Role.SENIOR, 4), ("7294", Role.MANAGER, 6), ("234567", Role.MANAGER, 6)])
def test_pins_that_may_not(pin: str, role: Role, digits: int) -> None:
    with pytest.raises(StationError) as fault:
        require_good(pin, role)
    assert (fault.value.code, fault.value.detail) == (ErrorCode.PIN_TOO_WEAK, {"digits": digits})
