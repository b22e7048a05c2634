"""What a cashier does with the drawer alone."""

import pytest

from station.drawer_rules import DrawerRules
from station.people import Role

RULES = DrawerRules(most_moved=200_000, most_difference=50_000)


@pytest.mark.parametrize(("amount", "role"), [
    (200_000, Role.CASHIER), (-200_000, Role.CASHIER), (200_001, Role.SENIOR), (-200_001, Role.SENIOR)])
def test_more_than_the_limit_is_moved_by_a_senior(amount: int, role: Role) -> None:
    assert RULES.moving(amount) is role


@pytest.mark.parametrize(("difference", "role"), [
    (50_000, Role.CASHIER), (-50_000, Role.CASHIER), (50_001, Role.MANAGER), (-50_001, Role.MANAGER)])
def test_a_large_difference_is_closed_by_a_manager(difference: int, role: Role) -> None:
    assert RULES.closing(difference) is role


def test_without_rules_a_cashier_moves_nothing_alone() -> None:
    assert DrawerRules().moving(1) is Role.SENIOR


@pytest.mark.parametrize("figures", [{"most_moved": -1}, {"most_difference": -1}])
def test_a_limit_is_not_negative(figures: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        DrawerRules(**figures)
