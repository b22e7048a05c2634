"""Returns of goods, worked by hand: the sale recomputed on what remains. Rules: design "Returns"."""

from dataclasses import replace

import pytest

from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.pack import HandLimit, Pack
from station.people import Actor, Role
from station.priced import Clamp, Discount, TaxTotal
from station.pricing import Engine
from station.product import ProductKind, Scope
from station.promotion import CouponTerm, Minimum, Promotion, QuantityWindow, When
from station.returns import NOTHING, GoneBack, exchange, take_back, void
from station.rewards import AmountOff, BuyGet, NextCoupon, PercentOff, Reward, Step, StepBasis, Steps
from station.sale import ReturnedLine
from station.tender import Tender, TenderKind
from station.unknown_return import require_second, worth_now
from tests.fakes import CASHIER, NAME, pack, product
from tests.rigs.closed_sale import MEMBER, Desk, closed, goods, pieces, rules

APPLES = product(9, 100_000, weighed=True)
CARD = product(8, 200, kind=ProductKind.GIFT_CARD)


def off(rate: str, **facts: object) -> Promotion:
    """``rate`` percent off everything."""
    return Promotion("off", NAME, Reward(percent=PercentOff(rate)), **facts)  # type: ignore[arg-type] # as named


def desk(club: Pack, *amounts: tuple[int, int], **facts: object) -> Desk:
    """A sale of (price, pieces), paid in exact cash, and brought back."""
    return Desk(club, closed(club, pieces(*amounts, **facts)))


def test_a_part_a_further_part_and_the_rest() -> None:
    # 3 × 1 000 less 100 once: 2 900. Two cost 1 900, one costs 900
    back = desk(rules(Promotion("once", NAME, Reward(amount=AmountOff(100)))), (1_000, 3))
    first = back.back((1, 1))
    assert (first.money, first.cost, first.tenders) == (1_000, 1_900, (1_000,))
    assert [(line.line, line.listed, line.total) for line in first.remains.lines] == [(1, 2_000, 1_900)]
    assert first.gone == GoneBack((ReturnedLine(1, 1_000),), (1_000,))
    assert back.money((1, 1)) == 1_000
    last = back.back((1, 1))
    assert (last.money, last.cost, last.remains.lines) == (900, 0, ())
    assert last.gone.tenders == (2_900,)


def test_a_percentage_rounds_anew_and_evens_out_in_the_end() -> None:
    # 10 % of 3 × 5 is 1.5, so 2 off: 13. Of 10 it is 1: 9. Of 5 it is 0.5, so 1: 4
    back = desk(rules(off("10")), (5, 3))
    assert [back.money((1, 1)) for _ in range(3)] == [4, 5, 4]


def test_a_whole_sale_goes_back_as_it_was_paid() -> None:
    sale = closed(rules(off("10")), pieces((1_000, 3), (70, 1)))
    returned = void(Engine(rules(off("10"))), sale)
    assert (returned.money, returned.cost, returned.remains.lines) == (2_763, 0, ())


def test_a_void_takes_what_is_left_after_a_return() -> None:
    back = desk(rules(), (1_000, 3), (70, 1))
    back.back((1, 2), (2, 1))
    left = void(Engine(back.pack), back.sale, back.gone)
    assert (left.money, left.gone.lines[2:]) == (1_000, (ReturnedLine(1, 1_000),))
    assert void(Engine(back.pack), back.sale, left.gone).money == 0


def test_a_free_piece_comes_back_for_nothing_and_the_rest_is_priced_anew() -> None:
    two_and_one = rules(Promotion("free", NAME, Reward(buy_get=BuyGet(2))))
    # 3 × 100 cost 200, two cost 200 as well, one costs 100
    back = desk(two_and_one, (100, 3))
    assert [back.money((1, 1)) for _ in range(3)] == [0, 100, 100]
    # 300 + 200 + 100, the cheapest free: 500. Without the dearest 200 + 100 are left, and paid: 300
    assert desk(two_and_one, (300, 1), (200, 1), (100, 1)).money((1, 1)) == 200
    assert desk(two_and_one, (300, 1), (200, 1), (100, 1)).money((3, 1)) == 0


def test_a_lost_minimum_never_costs_the_member_money() -> None:
    # 290 + 20 is 310, less 10 %: 279. Without the 20 the minimum is missed: 290 would be more than was paid
    back = desk(rules(off("10", when=When(minimum=Minimum(300)))), (290, 1), (20, 1))
    lost = back.back((2, 1))
    assert (lost.money, lost.cost) == (0, 290)
    assert back.money((1, 1)) == 279
    # 200 + 150 is 350, less 10 %: 315. The 200 alone cost 200
    assert desk(rules(off("10", when=When(minimum=Minimum(300)))), (200, 1), (150, 1)).money((2, 1)) == 115


def test_a_lower_step_is_what_remains() -> None:
    steps = Steps(StepBasis.QUANTITY, (Step(2, "10"), Step(4, "20")))
    # 4 × 100 less 20 %: 320. Three less 10 %: 270. One has no step: 100
    back = desk(rules(Promotion("steps", NAME, Reward(steps=steps))), (100, 4))
    assert [back.money((1, 1)), back.money((1, 2)), back.money((1, 1))] == [50, 170, 100]


def test_goods_that_fit_a_promotion_better_bring_more_back() -> None:
    # 3 × 100 at full price; two are within the window and cost half: 200 of 300 go back for one
    back = desk(rules(off("50", when=When(quantity=QuantityWindow(1, 2)))), (100, 3))
    assert [back.money((1, 1)), back.money((1, 2))] == [200, 100]


def test_hand_discounts_stay_with_their_pieces() -> None:
    given = (ByHand(CASHIER, "scratched", 1, amount=100),)
    # 100 over three pieces: 34, 33, 33; the last piece comes back first. 3 000 − 100 = 2 900
    back = desk(rules(), (1_000, 3), by_hand=given)
    first = back.back((1, 1))
    assert (first.money, first.remains.discounts) == (967, (Discount(1, "hand/1", 0, 2_000, 67),))
    assert [back.money((1, 1)), back.money((1, 1))] == [967, 966]


def test_a_hand_discount_of_the_basket_stays_where_it_was_spread() -> None:
    # 10 of 300 + 100 + 1: 7.48, 2.49, 0.02; by largest remainder 7, 3, 0. Then 50 % of what is left
    given = (ByHand(CASHIER, "regular", amount=10),)
    back = desk(rules(off("50")), (300, 1), (100, 1), (1, 1), by_hand=given)
    # 391 less 195.5, rounded up: 195. Without line 1 there are 97 + 1, half of it off: 49
    assert back.sale.priced.total == 195
    assert back.money((1, 1)) == 146
    # line 3 alone holds no hand discount: 1 less half of it, rounded up, costs 0
    last = back.back((2, 1))
    assert (last.money, last.remains.discounts) == (49, (Discount(3, "off", 1, 1, 1),))


def test_what_was_approved_stays_with_the_pieces_it_was_spread_to() -> None:
    # half off was approved at one piece of 1 000, so 500 for all three: 167, 167, 166; the last comes back first
    given = (ByHand(CASHIER, "damaged", 1, percent="50", approver=Actor("omid", Role.MANAGER), most=500),)
    club = replace(rules(), by_hand=(HandLimit(Role.MANAGER, "50"),))
    back = desk(club, (1_000, 3), by_hand=given)
    assert (back.sale.priced.total, back.sale.priced.clamps) == (2_500, (Clamp(1, "hand/1", 1_000),))
    first = back.back((1, 1))
    assert (first.money, first.remains.discounts, first.remains.clamps) == (
        834, (Discount(1, "hand/1", 0, 2_000, 334),), ())
    assert [back.money((1, 1)), back.money((1, 1))] == [833, 833]


def test_what_was_approved_for_the_basket_stays_where_it_was_spread() -> None:
    # 300 approved over 1 000 and 2 000: 100 and 200
    given = (ByHand(CASHIER, "damaged", percent="50", approver=Actor("omid", Role.MANAGER), most=300),)
    back = desk(replace(rules(), by_hand=(HandLimit(Role.MANAGER, "50"),)), (1_000, 1), (2_000, 1), by_hand=given)
    assert [back.money((2, 1)), back.money((1, 1))] == [1_800, 900]


def test_two_hand_discounts_on_one_line_stay_each_for_itself() -> None:
    given = (ByHand(CASHIER, "old", 1, percent="10"), ByHand(CASHIER, "torn", 1, amount=50))
    # 2 × 500: 100 off, then 50 off: 850; a piece less: 500 − 50 − 25
    back = desk(rules(), (500, 2), by_hand=given)
    assert back.back((1, 1)).remains.discounts == (Discount(1, "hand/1", 0, 500, 50), Discount(1, "hand/2", 0, 450, 25))


def test_lines_marked_instead_stay_untouched_by_promotions() -> None:
    # line 1: 100 − 5 by hand; line 2: 100 − 20 %. 175 in all
    back = desk(rules(off("20")), (100, 1), (100, 1), by_hand=(ByHand(CASHIER, "old", 1, percent="5", instead=True),))
    assert [back.money((2, 1)), back.money((1, 1))] == [80, 95]
    # on the whole basket: no promotion at all, 190
    back = desk(rules(off("20")), (100, 1), (100, 1), by_hand=(ByHand(CASHIER, "old", percent="5", instead=True),))
    assert [back.money((2, 1)), back.money((1, 1))] == [95, 95]


def test_a_part_of_what_was_weighed() -> None:
    # 1.5 kg at 100 000 are 150 000, 15 000 off by hand; 1 kg keeps 10 000 of it: 90 000 of 135 000
    club = rules()
    back = Desk(club, closed(club, goods((APPLES, 1_500), by_hand=(ByHand(CASHIER, "old", 1, amount=15_000),))))
    returned = take_back(Engine(club), back.sale, [ReturnedLine(1, 500)])
    assert (returned.money, returned.cost) == (45_000, 90_000)
    assert take_back(Engine(club), back.sale, [ReturnedLine(1, 1_000)], returned.gone).money == 90_000


def test_what_stays_of_a_weighed_discount_is_rounded_half_up() -> None:
    club = rules()
    sale = closed(club, goods((APPLES, 1_500), by_hand=(ByHand(CASHIER, "old", 1, amount=10),)))
    # 10 off 1.5 kg: of 1 kg 6.7, of 0.05 kg 0.3, which is nothing
    parts = [take_back(Engine(club), sale, [ReturnedLine(1, quantity)]).remains.discounts for quantity in (500, 1_450)]
    assert [[each.amount for each in discounts] for discounts in parts] == [[7], []]


def test_never_more_than_was_sold() -> None:
    back = desk(rules(), (100, 3), (100, 1))
    back.back((1, 2))
    before = back.gone
    for lines in ([(1, 2)], [(1, 1), (1, 1)]):
        with pytest.raises(StationError) as refused:
            back.back(*lines)
        assert (refused.value.code, refused.value.detail) == (ErrorCode.RETURN_TOO_MUCH, {"line": 1, "left": 1_000})
    assert back.gone == before
    with pytest.raises(StationError) as whole:
        back.back((2, 5))
    assert whole.value.detail == {"line": 2, "left": 1_000}


@pytest.mark.parametrize(("line", "quantity"), [(3, 1_000), (1, 1_500), (0, 1_000)])
def test_what_was_not_sold_cannot_come_back(line: int, quantity: int) -> None:
    sale = closed(rules(), pieces((100, 3), (100, 1)))
    with pytest.raises(ValueError, match=f"{quantity} thousandths of line {line} cannot come back"):
        take_back(Engine(rules()), sale, [ReturnedLine(line, quantity)])


@pytest.mark.parametrize(("quantity", "balance"), [(0, None), (-1_000, None), (1_000, -1)])
def test_a_returned_line_brings_something(quantity: int, balance: int | None) -> None:
    with pytest.raises(ValueError, match=f"line 1: quantity {quantity}, balance {balance}"):
        ReturnedLine(1, quantity, balance)


def test_only_the_sales_own_pack_will_do() -> None:
    sale = closed(rules(), pieces((100, 1)))
    with pytest.raises(ValueError, match="opened under pack 1, priced with 2"):
        void(Engine(pack(2)), sale)


def test_money_goes_back_in_proportion_to_what_each_tender_paid() -> None:
    # 270 paid by 200 from the bank and 100 in cash, of which 30 came back as change
    club = rules(off("10"))
    sale = closed(club, pieces((100, 3)), Tender(TenderKind.DEBIT, 200, "123456"), Tender(TenderKind.CASH, 100))
    back = Desk(club, sale)
    # 90 in proportion 200 : 70 is 66.7 and 23.3
    assert back.back((1, 1)).tenders == (67, 23)
    assert back.back((1, 2)).tenders == (133, 47)
    assert back.gone.tenders == (200, 70)


def test_no_tender_gives_back_more_than_it_has_left() -> None:
    sale = closed(rules(), pieces((1, 10)), Tender(TenderKind.DEBIT, 9), Tender(TenderKind.CASH, 1))
    # 5 in proportion 9 : 1 is 4.5 and 0.5, a tie, which the first has; then only 4 are left of it
    back = Desk(rules(), sale)
    assert [back.back((1, 5)).tenders, back.back((1, 5)).tenders] == [(5, 0), (4, 1)]
    # one by one in proportion 6 : 4, 0.6 and 0.4 whatever went before: the bank's six first
    back = Desk(rules(), closed(rules(), pieces((1, 10)), Tender(TenderKind.DEBIT, 6), Tender(TenderKind.CASH, 4)))
    assert [back.back((1, 1)).tenders for _ in range(10)] == [(1, 0)] * 6 + [(0, 1)] * 4


@pytest.mark.parametrize(("tenders", "back"), [
    ((Tender(TenderKind.CASH, 50), Tender(TenderKind.CASH, 100)), (50, 70)),   # 30 of change: off the last
    ((Tender(TenderKind.CASH, 130), Tender(TenderKind.CASH, 20)), (120, 0)),   # more than the last: off the first too
    ((Tender(TenderKind.CASH, 130), Tender(TenderKind.DEBIT, 20)), (100, 20)),  # never off the bank's
])
def test_change_is_taken_off_the_cash(tenders: tuple[Tender, ...], back: tuple[int, ...]) -> None:
    assert void(Engine(rules()), closed(rules(), pieces((120, 1)), *tenders)).tenders == back


def test_a_sale_of_nothing_to_pay_brings_nothing_back() -> None:
    back = desk(rules(off("100")), (100, 2))
    assert (back.sale.tenders, back.back((1, 1)).tenders, back.money((1, 1))) == ((), (), 0)


def coupons(minimum: int) -> Pack:
    """From ``minimum`` on, a coupon for the next visit."""
    taker = off("5", when=When(coupon=CouponTerm(issued=True)))
    when = When(minimum=Minimum(minimum)) if minimum else When()
    return rules(taker, Promotion("next", NAME, Reward(coupon=NextCoupon("off", 30)), when=when))


@pytest.mark.parametrize("minimum", [150, 0])
def test_a_coupon_dies_with_what_earned_it(minimum: int) -> None:
    back = desk(coupons(minimum), (100, 3))
    (coupon,) = back.sale.priced.coupons
    assert back.back((1, 1)).coupons == ()
    # 100 of the 150 asked for are left, or nothing at all
    assert back.back((1, 1 if minimum else 2)).coupons == (coupon,)


def test_a_gift_card_comes_back_at_most_with_its_balance() -> None:
    club = rules()
    back = Desk(club, closed(club, goods((CARD, 1_000), (product(1, 100), 1_000))))
    # a card of 200, 50 of it spent: 150 come back, and the 50 stay paid when the rest comes back
    card = back.back((1, 1), balance=150)
    assert (card.money, card.cost) == (150, 150)
    assert back.money((2, 1)) == 100


@pytest.mark.parametrize(("balance", "money"), [(200, 200), (999, 200), (0, 0)])
def test_a_card_brings_no_more_than_it_cost(balance: int, money: int) -> None:
    back = Desk(rules(), closed(rules(), goods((CARD, 1_000))))
    assert back.back((1, 1), balance=balance).money == money


def test_a_card_needs_its_balance() -> None:
    back = Desk(rules(), closed(rules(), goods((CARD, 1_000))))
    with pytest.raises(ValueError, match="line 1 is money on an account: its balance is needed"):
        back.back((1, 1))


def test_a_card_sold_with_tax_on_top_loaded_all_that_was_paid() -> None:
    taxed = product(8, 200, kind=ProductKind.TOP_UP, tax_percent="10", tax_included=False)
    back = Desk(rules(), closed(rules(), goods((taxed, 1_000))))
    # 220 were paid and loaded; of a balance of 210, 10 were spent
    assert back.back((1, 1), balance=210).money == 210
    assert void(Engine(rules()), back.sale).money == 220


def test_discounts_leave_cards_alone_when_goods_come_back() -> None:
    # 10 % of the 100 of goods, nothing of the card: 290
    back = Desk(rules(off("10")), closed(rules(off("10")), goods((CARD, 1_000), (product(1, 100), 1_000))))
    assert (back.sale.priced.total, back.money((2, 1))) == (290, 90)


def test_an_exchange_is_settled_in_one_sum() -> None:
    returned = void(Engine(rules()), closed(rules(), pieces((100, 3))))
    told = [(each.pay, each.back) for each in (exchange(returned, total) for total in (500, 300, 120))]
    assert told == [(200, 0), (0, 0), (0, 180)]


def test_without_the_sale_a_second_person_decides() -> None:
    # at today's shelf price with its tax: 2 × 100 and 10 % on top of 50
    taxed = product(2, 50, tax_percent="10", tax_included=False)
    lines = goods((product(1, 100), 2_000), (taxed, 1_000)).lines
    assert worth_now(rules(off("50")), lines) == (255, (TaxTotal("0", 200, 0), TaxTotal("10", 55, 5)))
    card = goods((CARD, 1_000)).lines
    for brought in (card, (*lines, *goods((product(1), 1_000), (CARD, 1_000)).lines)):
        with pytest.raises(StationError) as refused:
            worth_now(rules(), brought)
        assert refused.value.code is ErrorCode.RETURN_NOT_ALLOWED
    cashier, manager = Actor("sara", Role.CASHIER), Actor("reza", Role.MANAGER)
    require_second(cashier, manager)
    for approver in (None, cashier):
        with pytest.raises(StationError) as refused:
            require_second(cashier, approver)
        assert refused.value.code is ErrorCode.RETURN_NOT_ALLOWED


def test_the_order_of_the_lines_changes_nothing() -> None:
    club = rules(Promotion("free", NAME, Reward(buy_get=BuyGet(1), scope=Scope(products=("p1", "p2")))), off("3", stage=2))
    one = desk(club, (70, 2), (70, 1), (30, 1))
    other = Desk(club, closed(club, goods((product(3, 30), 1_000), (product(2, 70), 1_000), (product(1, 70), 2_000))))
    assert [one.money((2, 1)), one.money((1, 1)), one.money((1, 1), (3, 1))] == [
        other.money((2, 1)), other.money((3, 1)), other.money((3, 1), (1, 1))]


def test_nothing_back_is_nothing() -> None:
    sale = closed(rules(off("10")), pieces((100, 3), member=MEMBER))
    returned = take_back(Engine(rules(off("10"))), sale, [])
    assert (returned.money, returned.remains, returned.gone.lines) == (0, sale.priced, NOTHING.lines)
