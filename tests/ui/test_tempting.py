"""What the counter tempts with: the nearest first, at most two, and nothing that would not be given."""

from dataclasses import replace

import pytest

from station.basket import Basket, Usage
from station.pricing import Engine
from station.product import Product, Scope
from station.promotion import Cost, EarningRule, Limits, Minimum, Promotion, QuantityWindow, When
from station.rewards import AmountOff, BuyGet, PercentOff, Reward, Step, StepBasis, Steps
from station.text import Text
from tests.fakes import NOON, member, pack, product
from ui.format import Format
from ui.presenters.tempting import temptations
from ui.text import Words

NBSP = "\u00a0"
MILK = product(1, 40_000, category="dairy")
RICE = product(2, 100_000, category="grain")
NUTS = product(3, 900_000, category="nuts", weighed=True)
FIVE = Reward(percent=PercentOff("5"))


def minimum(name: str, amount: int, **facts: object) -> Promotion:
    """Five percent from ``amount`` rial on."""
    made = Promotion(name, Text(name, name), FIVE, when=When(minimum=Minimum(amount)))
    return replace(made, **facts)  # type: ignore[arg-type] # a field by its name


def stepped(name: str, by: StepBasis, *least: int, scope: Scope = Scope()) -> Promotion:  # noqa: B008 - frozen
    steps = Steps(by, tuple(Step(each, amount=100 + each) for each in least))
    return Promotion(name, Text(name, name), Reward(steps=steps, scope=scope))


def told(
    *promotions: Promotion, goods: tuple[tuple[Product, int], ...] = ((MILK, 1000), (RICE, 2000)),
    earning: tuple[EarningRule, ...] = (), usage: tuple[Usage, ...] = (), known: bool = True,
) -> tuple[str, ...]:
    """The temptations of a basket of 24 000 toman: a milk at 4 000 and two rice at 10 000."""
    club = replace(pack(1, promotions), earning=earning)
    basket = Basket("b", "shop", 1, NOON, usage=usage, member=member().snapshot() if known else None)
    for good, quantity in goods:
        basket = basket.with_product(good, quantity)
    return temptations(club, basket, Engine(club).quote(basket), Words("en"), Format("en"))


def test_the_nearest_two_are_told_the_least_missing_first() -> None:
    assert told(minimum("c", 300_000), minimum("a", 440_000), minimum("b", 250_000)) == (
        f"Spend 1,000{NBSP}toman more and you get “b”.", f"Spend 6,000{NBSP}toman more and you get “c”.")


def test_pieces_count_as_so_many_of_the_cheapest_there() -> None:
    # two more milk at 4 000 are 8 000; 6 000 and 9 000 lie on either side
    pair = Promotion("pair", Text("pair", "pair"), Reward(amount=AmountOff(5), scope=Scope(categories=("dairy",))),
                     when=When(quantity=QuantityWindow(3)))
    assert told(minimum("six", 300_000), pair, minimum("nine", 330_000)) == (
        f"Spend 6,000{NBSP}toman more and you get “six”.", "Add 2 pieces of eligible goods and you get “pair”.")


def test_a_free_piece_comes_first_and_a_next_step_has_its_place() -> None:
    free = Promotion("free", Text("free", "free"), Reward(buy_get=BuyGet(2, 1), scope=Scope(products=("p2",))))
    assert told(minimum("a", 250_000), stepped("s", StepBasis.AMOUNT, 100_000, 241_000), free) == (
        "One more piece is free: “free”.", f"Spend 100{NBSP}toman more and you reach the next step of “s”.")
    by_piece = stepped("q", StepBasis.QUANTITY, 1, 2, scope=Scope(products=("p1",)))
    assert told(by_piece) == ("Add 1 piece of eligible goods and you reach the next step of “q”.",)


def test_the_first_step_is_told_once_as_something_to_get() -> None:
    assert told(stepped("s", StepBasis.AMOUNT, 300_000)) == (f"Spend 6,000{NBSP}toman more and you get “s”.",)
    assert told(stepped("q", StepBasis.QUANTITY, 4)) == ("Add 1 piece and you get “q”.",)


def test_what_takes_more_than_the_basket_again_is_left_out() -> None:
    # the basket is 240 000 rial: 480 000 is as much again, one rial more is too much
    assert len(told(minimum("a", 480_000))) == 1
    assert told(minimum("a", 480_001)) == ()


def test_goods_of_which_there_are_none_have_no_price_to_count_with() -> None:
    nuts = Promotion("n", Text("n", "n"), Reward(amount=AmountOff(5)),
                     when=When(quantity=QuantityWindow(1), counted=Scope(categories=("nuts",))))
    assert told(nuts) == ()


def test_what_is_weighed_counts_as_the_piece_it_is() -> None:
    # half a kilogram at 90 000 is a piece of 45 000; one more such piece fits into a basket of 45 000
    two = Promotion("two", Text("two", "two"), FIVE, when=When(quantity=QuantityWindow(2)))
    assert told(two, goods=((NUTS, 500),)) == ("Add 1 piece and you get “two”.",)


def test_too_many_pieces_tempt_nobody() -> None:
    few = Promotion("few", Text("few", "few"), FIVE, when=When(quantity=QuantityWindow(1, 2)))
    assert told(few) == ()


@pytest.mark.parametrize(("promotion", "usage"), [
    (minimum("used", 250_000, limits=Limits(per_member=1)), (Usage("used", by_member=1),)),
    (minimum("spent", 250_000, limits=Limits(budget=10)), (Usage("spent", budget_left=0),)),
    (minimum("dear", 250_000, cost=Cost(400)), ()),
], ids=["limits", "budget", "cost"])
def test_nothing_is_promised_that_something_else_stands_against(
    promotion: Promotion, usage: tuple[Usage, ...],
) -> None:
    assert told(promotion, usage=usage) == ()
    assert len(told(replace(promotion, limits=Limits(), cost=None))) == 1


def test_one_of_a_group_is_not_promised_while_another_is_given() -> None:
    given = Promotion("given", Text("given", "given"), FIVE, group="g")
    assert told(given, minimum("other", 250_000, group="g")) == ()
    assert len(told(given, minimum("other", 250_000, group="h"))) == 1


def test_points_tempt_members_alone() -> None:
    bonus = EarningRule("bonus", Text("x", "Bonus"), 50, when=When(minimum=Minimum(250_000)))
    assert told(earning=(bonus,)) == (f"Spend 1,000{NBSP}toman more and you get “Bonus”.",)
    assert told(earning=(bonus,), known=False) == ()
    given = EarningRule("base", Text("x", "Base"), 1, 10_000, group="g")
    assert told(earning=(given, replace(bonus, group="g"))) == ()
