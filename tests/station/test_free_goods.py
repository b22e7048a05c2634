"""Buy X get Y, and gifts. Every number worked by hand: f free need ⌊paid / X⌋ × Y ≥ f."""

from dataclasses import replace

import pytest

from station.basket import Chosen, Usage
from station.member import MemberSnapshot
from station.priced import Clamp, Discount, Hint, HintKind, PaidPoints, Refusal, RefusalCode
from station.pricing import Engine, price
from station.product import ProductKind, Scope
from station.promotion import Cost, Limits
from station.rewards import AmountOff, BuyGet, Gift, PercentOff
from tests.fakes import bought, club, deal, discounts, product

P1, P2 = Scope(products=("p1",)), Scope(products=("p2",))
RICH = MemberSnapshot("m1", "gold", 100)


def free_of(form: BuyGet, pieces: int, cap: int | None = None) -> int:
    """How many of ``pieces`` of one good are free."""
    return price(club(deal("a", form, cap=cap)), bought((product(1, 100), pieces))).lines[0].free


@pytest.mark.parametrize(("form", "free"), [  # for 1, 2, 3 … pieces
    (BuyGet(2, 1), [0, 0, 1, 1, 1, 2, 2, 2, 3]),
    (BuyGet(1, 1), [0, 1, 1, 2, 2, 3]),
    (BuyGet(3, 2), [0, 0, 0, 1, 2, 2, 2, 2, 3, 4]),  # 4: 3 pay for 2, there is 1; 8: f = 3 leaves 5, ⌊5/3⌋ × 2 = 2
    (BuyGet(1, 2), [0, 1, 2, 2, 3, 4]),  # 4: f = 3 leaves 1 that pays for 2
    (BuyGet(2, 1, recursive=False), [0, 0, 1, 1, 1, 1, 1]),
    (BuyGet(3, 2, recursive=False), [0, 0, 0, 1, 2, 2, 2, 2, 2]),
])
def test_how_many_are_free(form: BuyGet, free: list[int]) -> None:
    assert [free_of(form, pieces) for pieces in range(1, len(free) + 1)] == free


def test_a_cap_counts_times() -> None:
    assert [free_of(BuyGet(2, 1), 12, cap) for cap in (None, 5, 3, 1)] == [4, 4, 3, 1]
    assert [free_of(BuyGet(3, 2), 20, cap) for cap in (None, 2, 1)] == [8, 4, 2]


def test_same_goods_count_each_product_by_itself() -> None:
    # 3 of p1 and 2 of p2: mixed 5 pieces give 1 free; the same goods only p1
    goods = ((product(1, 100), 3), (product(2, 70), 2))
    mixed = price(club(deal("a", BuyGet(2))), bought(*goods))
    assert mixed.discounts == (Discount(2, "a", 1, 70, 70, 1),)  # the cheapest
    same = price(club(deal("a", BuyGet(2, same=True))), bought(*goods))
    assert same.discounts == (Discount(1, "a", 1, 100, 100, 1),)


def test_the_same_product_on_two_lines_is_the_same_goods() -> None:
    # 4 of p1, at two prices: 1 free, of the cheaper line
    rules = club(deal("a", BuyGet(3, same=True)))
    result = price(rules, bought((product(1, 100), 2), (product(1, 90), 2)))
    assert [line.free for line in result.lines] == [0, 1]
    assert result.discount == 90


def test_mixed_pieces_that_are_free_are_the_cheapest() -> None:
    # 6 pieces, 2 free: both of 50
    result = price(club(deal("a", BuyGet(2))), bought((product(1, 100), 2), (product(2, 50), 2), (product(3, 70), 2)))
    assert [line.free for line in result.lines] == [0, 2, 0]


def test_the_cheapest_is_by_shelf_price_not_by_what_is_left_of_it() -> None:
    # p1 stands at 100 on the shelf and costs 20 after stage 1; p2 is cheaper on the shelf and goes for 60
    rules = club(deal("a", AmountOff(80), scope=P1), deal("b", BuyGet(1), stage=2))
    result = price(rules, bought(product(1, 100), product(2, 60)))
    assert discounts(result) == {(1, "a"): 80, (2, "b"): 60}


def test_the_shelf_price_has_its_tax() -> None:
    # 100 + 10 % is dearer than 105
    bare, taxed = product(1, 100, tax_percent="10", tax_included=False), product(2, 105, tax_percent="10")
    assert [line.free for line in price(club(deal("a", BuyGet(1))), bought(bare, taxed)).lines] == [0, 1]
    # 95 + 10 % is 104.5: cheaper, by less than a rial
    cheap = product(1, 95, tax_percent="10", tax_included=False)
    assert [line.free for line in price(club(deal("a", BuyGet(1))), bought(cheap, taxed)).lines] == [1, 0]


def test_ties_fall_to_the_first_line_of_the_engines_order() -> None:
    for goods in ((product(1, 100), product(2, 100)), (product(2, 100), product(1, 100))):
        basket = bought(*goods)
        free = {line.line: line.free for line in price(club(deal("a", BuyGet(1))), basket).lines}
        assert [free[line.line] for line in basket.lines if line.product.product_id == "p1"] == [1]


def test_buying_some_goods_frees_others() -> None:
    # every 2 of p1 pay for one p2; p2 pays for nothing
    rules = club(deal("a", BuyGet(2), scope=P2, counted=P1))
    for ones, twos, free in ((2, 1, 1), (4, 1, 1), (4, 3, 2), (1, 3, 0), (5, 9, 2)):
        basket = bought((product(1, 100), ones), (product(2, 30), twos))
        assert price(rules, basket).lines[1].free == free
    once = club(deal("a", BuyGet(2, recursive=False), scope=P2, counted=P1))
    assert price(once, bought((product(1, 100), 9), (product(2, 30), 9))).lines[1].free == 1


def test_free_pieces_do_not_pay_where_the_scopes_overlap() -> None:
    # p1 and p2 pay, only p2 may be free. 1 + 3: f = 1 leaves 3 that pay for 1; f = 2 leaves 2 that pay for 1
    rules = club(deal("a", BuyGet(2), scope=P2, counted=Scope(products=("p1", "p2"))))
    assert price(rules, bought(product(1, 9), (product(2, 5), 3))).lines[1].free == 1
    assert price(rules, bought((product(1, 9), 4), (product(2, 5), 3))).lines[1].free == 2  # 5 pay for 2
    assert price(rules, bought((product(1, 9), 6), (product(2, 5), 3))).lines[1].free == 3


def test_two_offers_of_one_stage_share_the_pieces() -> None:
    # 4 pieces: "a" frees one of 3, 3 are left; "b" takes 1 of 3
    rules = club(deal("a", BuyGet(2, recursive=False)), deal("b", BuyGet(2, recursive=False)))
    result = price(rules, bought((product(1, 100), 4)))
    assert [(each.rule, each.free) for each in result.discounts] == [("a", 1), ("b", 1)]
    # 3 pieces: after "a" 2 are left, which pay for one more that is not there
    quote = Engine(rules).quote(bought((product(1, 100), 3)))
    assert quote.refusals == (Refusal("b", RefusalCode.NOTHING_LEFT),)
    assert quote.hints == (Hint("b", HintKind.ONE_MORE_FREE, 1),)


@pytest.mark.parametrize(("form", "pieces", "hinted"), [
    (BuyGet(2), 1, False), (BuyGet(2), 2, True), (BuyGet(2), 3, False), (BuyGet(2), 5, True),
    (BuyGet(3, 2), 3, True), (BuyGet(3, 2), 4, True), (BuyGet(3, 2), 5, False),
    (BuyGet(2, recursive=False), 2, True), (BuyGet(2, recursive=False), 5, False),
])
def test_when_one_more_would_be_free_it_is_said(form: BuyGet, pieces: int, hinted: bool) -> None:  # noqa: FBT001 - a table's column
    hints = Engine(club(deal("a", form))).quote(bought((product(1), pieces))).hints
    assert hints == ((Hint("a", HintKind.ONE_MORE_FREE, 1),) if hinted else ())


def test_one_more_is_not_promised_beyond_the_cap() -> None:
    engine = Engine(club(deal("a", BuyGet(2), cap=1)))
    assert engine.quote(bought((product(1), 2))).hints != ()
    assert engine.quote(bought((product(1), 5))).hints == ()


def test_one_more_is_told_for_each_product_by_itself() -> None:
    engine = Engine(club(deal("a", BuyGet(2, same=True))))
    quote = engine.quote(bought((product(1), 2), (product(2), 2), (product(3), 3)))
    assert quote.hints == (Hint("a", HintKind.ONE_MORE_FREE, 1),) * 2
    assert quote.priced.discount == 100_000


def test_too_few_pieces_are_told_with_the_most_of_one_product() -> None:
    rules = club(deal("a", BuyGet(3, same=True)))
    quote = Engine(rules).quote(bought((product(1), 2), product(2)))
    assert quote.refusals == (Refusal("a", RefusalCode.QUANTITY, 2, 3),)
    mixed = Engine(club(deal("a", BuyGet(4)))).quote(bought((product(1), 2), product(2)))
    assert mixed.refusals == (Refusal("a", RefusalCode.QUANTITY, 3, 4),)


def test_a_weighed_line_is_one_piece_and_free_as_a_whole() -> None:
    cheese = product(1, 100_000, weighed=True)
    result = price(club(deal("a", BuyGet(1))), bought((cheese, 300), (cheese, 250)))
    assert [line.free for line in result.lines] == [0, 1]
    assert result.discount == 25_000


def test_a_gift_frees_what_was_scanned_of_it_cheapest_first() -> None:
    rules = club(deal("a", Gift(2), scope=Scope(tags=("gift",)), counted=P1))
    mug, pen = product(5, 300, tags=("gift",)), product(6, 200, tags=("gift",))
    assert discounts(price(rules, bought(product(1), mug, pen))) == {(2, "a"): 300, (3, "a"): 200}
    assert discounts(price(rules, bought(product(1), (mug, 2), pen))) == {(2, "a"): 300, (3, "a"): 200}
    assert discounts(price(rules, bought(product(1), mug))) == {(2, "a"): 300}
    assert Engine(rules).quote(bought(product(1))).refusals == (Refusal("a", RefusalCode.NOTHING_LEFT),)


def test_the_money_of_free_goods_counts_for_the_budget() -> None:
    # 6 × 100: 2 would be free; 150 are left, so 1
    rules = club(deal("a", BuyGet(2), limits=Limits(budget=10_000)))
    basket = bought((product(1, 100), 6))
    for left, free in ((150, 1), (199, 1), (200, 2), (100, 1)):
        assert price(rules, replace(basket, usage=(Usage("a", budget_left=left),))).lines[0].free == free
    quote = Engine(rules).quote(replace(basket, usage=(Usage("a", budget_left=99),)))
    assert quote.refusals == (Refusal("a", RefusalCode.BUDGET, 99, 100),)
    assert quote.hints == ()


def test_a_budget_that_does_not_reach_for_one_product_may_for_another() -> None:
    # the same goods, 120 left: 2 of p1 at 150 do not fit, of p2 at 100 one does
    rules = club(deal("a", BuyGet(1, same=True), limits=Limits(budget=120)))
    goods = bought((product(1, 150), 2), (product(2, 100), 2))
    assert [line.free for line in price(rules, goods).lines] == [0, 1]
    # and when none fits, the reason is the budget whichever product came last
    quote = Engine(rules).quote(bought((product(1, 150), 2), product(2, 100)))
    assert quote.refusals == (Refusal("a", RefusalCode.BUDGET, 120, 150),)


def test_a_budget_ends_at_the_first_piece_that_does_not_fit() -> None:
    # p1 is cheapest on the shelf and worth 100; p2 goes for 50, yet its turn does not come
    rules = club(deal("a", AmountOff(100), scope=P2), deal("b", Gift(2), stage=2, limits=Limits(budget=60)))
    quote = Engine(rules).quote(bought(product(1, 100), product(2, 150)))
    assert quote.refusals == (Refusal("b", RefusalCode.BUDGET, 60, 100),)


def test_a_free_piece_is_worth_what_the_stage_began_with() -> None:
    rules = club(deal("a", PercentOff("20")), deal("b", BuyGet(1), stage=2))
    assert price(rules, bought((product(1, 100), 2))).total == 80


def test_goods_of_no_price_can_be_free() -> None:
    result = price(club(deal("a", BuyGet(1))), bought(product(1, 0), product(2, 100)))
    assert result.discounts == (Discount(1, "a", 1, 0, 0, 1),)
    assert result.applied == ("a",)


def test_gift_cards_neither_pay_nor_are_free() -> None:
    card = product(9, 1, kind=ProductKind.GIFT_CARD)
    assert price(club(deal("a", BuyGet(1))), bought(card, product(1))).discount == 0


def test_free_pieces_leave_room_for_nothing_beyond_their_line() -> None:
    # one of two pieces of 100 is free; 500 off the rest takes 100, the other 400 are lost
    result = price(club(deal("b", BuyGet(1)), deal("a", AmountOff(500))), bought((product(1, 100), 2)))
    assert (result.total, result.clamps) == (0, (Clamp(1, "a", 400),))


# bought with points

def test_free_goods_for_points_by_times_chosen() -> None:
    rules = club(deal("a", BuyGet(1), cost=Cost(20)))
    basket = bought((product(1, 100), 8), member=RICH)
    assert Engine(rules).quote(basket).refusals == (Refusal("a", RefusalCode.NOT_CHOSEN, 0, 20),)
    for times, free in ((1, 1), (3, 3)):
        result = price(rules, replace(basket, chosen=(Chosen("a", times),)))
        assert (result.lines[0].free, result.paid_points) == (free, (PaidPoints("a", 20 * times),))


def test_free_goods_for_points_by_pieces_full_or_not() -> None:
    # 10 points for every 2 free pieces: 5 cost 3 times 10
    rules = club(deal("a", Gift(9), cost=Cost(10, per_pieces=2)))
    result = price(rules, bought((product(1, 100), 5), member=RICH, chosen=(Chosen("a"),)))
    assert (result.lines[0].free, result.paid_points) == (5, (PaidPoints("a", 30),))
    paired = club(deal("a", BuyGet(1), cost=Cost(10, per_pieces=2)))
    result = price(paired, bought((product(1, 100), 9), member=RICH, chosen=(Chosen("a", 1),)))
    assert (result.lines[0].free, result.paid_points) == (2, (PaidPoints("a", 10),))


def test_points_buy_as_many_pieces_as_they_reach() -> None:
    # 25 points, 10 for each piece: 2 of 5
    rules = club(deal("a", Gift(5), cost=Cost(10, per_pieces=1)))
    member = replace(RICH, points=25)
    result = price(rules, bought((product(1, 100), 5), member=member, chosen=(Chosen("a"),)))
    assert (result.lines[0].free, result.spent) == (2, 20)
    quote = Engine(rules).quote(bought(product(1), member=replace(RICH, points=9), chosen=(Chosen("a"),)))
    assert quote.refusals == (Refusal("a", RefusalCode.POINTS, 9, 10),)


def test_a_gift_is_repeated_as_often_as_it_is_chosen() -> None:
    rules = club(deal("a", Gift(2), cost=Cost(10)))
    result = price(rules, bought((product(1, 100), 7), member=RICH, chosen=(Chosen("a", 3),)))
    assert (result.lines[0].free, result.spent) == (6, 30)
