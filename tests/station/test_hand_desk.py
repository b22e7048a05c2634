"""A gift by hand tried out before it is given: what it comes to, and whose word it needs."""

from dataclasses import replace

import pytest

from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.hand_desk import HandTry, try_by_hand
from station.in_hand import InHand
from station.pack import HandLimit
from station.people import Actor, Role
from station.pricing import Engine
from station.product import ProductKind
from station.rewards import PercentOff
from tests.fakes import bought, club, deal, product

SARA, OMID, REZA = Actor("sara", Role.CASHIER), Actor("omid", Role.SENIOR), Actor("reza", Role.MANAGER)
LIMITS = (HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20"), HandLimit(Role.MANAGER, "50"))


def hand(*given: ByHand) -> InHand:
    """Two goods of 1 000 each, ten per cent off what is left."""
    rules = club(deal("ten", PercentOff("10")), by_hand=LIMITS)
    return InHand(bought(product(1, 1_000), product(2, 1_000), by_hand=given), Engine(rules))


def gift(actor: Actor, line: int | None = 1, **facts: object) -> ByHand:
    return ByHand(actor, "damaged", line, **facts)  # type: ignore[arg-type] # each by its name


@pytest.mark.parametrize(("actor", "percent", "needs"), [
    (SARA, "5", None), (SARA, "6", Role.SENIOR), (SARA, "20", Role.SENIOR), (SARA, "21", Role.MANAGER),
    (OMID, "20", None), (OMID, "50", Role.MANAGER), (REZA, "50", None)])
def test_the_least_role_that_may_is_asked_for(actor: Actor, percent: str, needs: Role | None) -> None:
    assert try_by_hand(hand(), gift(actor, percent=percent)).needs is needs


def test_it_says_what_is_off_and_what_the_promotions_leave() -> None:
    assert try_by_hand(hand(), gift(SARA, amount=50)) == HandTry(50, 1_755, None)  # 1 950 less 10 %
    assert try_by_hand(hand(), gift(SARA, None, percent="5")) == HandTry(100, 1_710, None)
    assert try_by_hand(hand(), gift(SARA, price=960, instead=True)) == HandTry(40, 1_860, None)  # 960 and 900


def test_only_the_new_one_is_told() -> None:
    held = hand(gift(SARA, percent="2"))
    assert try_by_hand(held, gift(SARA, line=2, amount=30)).amount == 30


@pytest.mark.parametrize("given", [
    gift(REZA, percent="51"), gift(REZA, price=1_001), gift(SARA, amount=501)])
def test_what_nobody_may_give_is_refused(given: ByHand) -> None:
    with pytest.raises(StationError) as fault:
        try_by_hand(hand(gift(SARA, line=2, percent="1")), given)
    assert (fault.value.code, fault.value.detail) == (ErrorCode.HAND_NOT_ALLOWED, {"number": 2})


def test_money_is_never_cheaper() -> None:
    held = hand()
    card = bought(product(3, 5_000, kind=ProductKind.GIFT_CARD))
    with pytest.raises(StationError):
        try_by_hand(replace(held, basket=card), gift(REZA, amount=1))


def test_nothing_is_changed() -> None:
    held = hand()
    before = held.basket
    try_by_hand(held, gift(SARA, percent="5"))
    assert held.basket is before
    assert held.basket.by_hand == ()
