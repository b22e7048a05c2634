"""The counter against small real ports: tap, scan, give, settle, and every refusal leaving all as it was."""

from dataclasses import dataclass, replace

import pytest

from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.journal import EntryKind, Position
from station.member import Member
from station.pack import HandLimit, TaxRate
from station.people import Role
from station.points import PointsKind
from station.priced import RefusalCode
from station.pricing import Joining
from station.product import ProductKind
from station.promotion import Cost, CouponTerm, Limits, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import PercentOff, Reward
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
    pack,
    product,
    promotion,
)

BARCODE = product(1).barcode
GOLD_TAP = Tap("sim:1", Medium.NFC_UID, "04A1")


class Shop:
    """A counter with its world in hand."""

    def __init__(self) -> None:
        self.members = MemoryMembers(
            cards={"04A1": Card("m1", CardStatus.ACTIVE), "04B2": Card("m2", CardStatus.BLOCKED),
                   "04C3": Card("m3", CardStatus.ACTIVE)},
            people={"m1": member(1), "m2": member(2, "silver")})
        self.journal = MemoryJournal()
        self.packs = MemoryPacks()
        goods = {each.barcode: each for each in (
            product(1, 38_500), product(2, 890_000, weighed=True), product(3, 500_000, kind=ProductKind.GIFT_CARD),
            product(4, 10_000, taxes=("vat",)))}
        self.counter = Counter(Place("12-1", "12", NAME), World(
            FixedClock(), bytes, self.members, MemoryShelf(goods), self.packs,
            self.journal))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def cash(amount: int) -> list[Tender]:
    return [Tender(TenderKind.CASH, amount)]


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_a_tap_before_the_goods_prices_them_for_the_member(shop: Shop) -> None:
    assert shop.counter.card_tier is None
    assert shop.counter.tap(GOLD_TAP).member_id == "m1"
    assert shop.counter.card_tier is CardTier.NUMBER
    shop.counter.scan(BARCODE, 2000)
    priced = shop.counter.priced()
    assert priced is not None
    assert (priced.total, priced.points) == (69_300, 6)


def test_a_sale_is_recorded_whole_and_the_next_one_starts_empty(shop: Shop) -> None:
    shop.counter.open_shift(CASHIER, 1_000_000)
    line = shop.counter.scan(BARCODE)
    assert line.line == 1
    assert shop.counter.scan(BARCODE).quantity == 2000
    shop.counter.tap(GOLD_TAP)
    settled = shop.counter.settle(cash(100_000), CASHIER)
    (sale,) = shop.journal.sales()
    assert settled.sale == sale
    assert (sale.change, sale.medium, sale.shift) == (30_700, Medium.NFC_UID, 1)
    assert [(each.kind, each.points, each.member_id) for each in sale.points] == [(PointsKind.EARN, 6, "m1")]
    assert settled.points_after == 506
    assert sale.pays_cash
    assert settled.receipt == "12-1-000002-A3F9"
    assert shop.counter.basket is None
    assert shop.counter.priced() is None
    assert shop.counter.in_hand is None


def test_a_sale_to_nobody_earns_nothing(shop: Shop) -> None:
    shop.counter.open_shift(CASHIER, 0)
    shop.counter.scan(BARCODE)
    settled = shop.counter.settle([Tender(TenderKind.DEBIT, 38_500, "123456")], CASHIER)
    assert settled.points_after is None
    assert not settled.sale.pays_cash
    assert settled.sale.points == ()


def test_points_given_here_count_until_head_office_has_them(shop: Shop) -> None:
    shop.counter.open_shift(CASHIER, 0)
    shop.counter.tap(GOLD_TAP)
    shop.counter.scan(BARCODE, 2000)
    place = shop.counter.settle(cash(69_300), CASHIER).place
    assert shop.counter.tap(GOLD_TAP).points == 506
    shop.counter.abandon()
    shop.members.through = Position(shop.journal.incarnation, place)
    assert shop.counter.tap(GOLD_TAP).points == 500


@pytest.mark.parametrize(("number", "code"), [
    ("FFFF", ErrorCode.CARD_UNKNOWN), ("04B2", ErrorCode.CARD_NOT_ACTIVE), ("04C3", ErrorCode.MEMBER_UNKNOWN),
])
def test_a_card_that_proves_nothing_leaves_the_basket(shop: Shop, number: str, code: ErrorCode) -> None:
    shop.counter.tap(GOLD_TAP)
    before = shop.counter.basket
    with refused(code):
        shop.counter.tap(Tap("sim:1", Medium.NFC_UID, number))
    assert shop.counter.basket == before
    assert shop.counter.member == member(1)


def test_a_member_can_leave_and_be_found_without_a_card(shop: Shop) -> None:
    shop.counter.forget_member()
    assert shop.counter.basket is None
    shop.counter.identify("m1")
    assert shop.counter.card_tier is None
    shop.counter.forget_member()
    assert shop.counter.member is None
    assert shop.counter.basket is not None
    assert shop.counter.basket.member is None


def test_an_unknown_code_leaves_the_basket(shop: Shop) -> None:
    shop.counter.scan(BARCODE)
    before = shop.counter.basket
    with refused(ErrorCode.PRODUCT_UNKNOWN):
        shop.counter.scan("000")
    assert shop.counter.basket == before


def test_only_weighed_goods_come_in_fractions(shop: Shop) -> None:
    with refused(ErrorCode.QUANTITY_INVALID):
        shop.counter.scan(BARCODE, 1500)
    assert shop.counter.basket is None
    assert shop.counter.scan(product(2).barcode, 1250).quantity == 1250


def test_lines_change_go_and_come_back(shop: Shop) -> None:
    shop.counter.scan(BARCODE)
    shop.counter.set_quantity(1, 3000)
    removed = shop.counter.remove(1)
    assert shop.counter.basket is not None
    assert not shop.counter.basket.lines
    shop.counter.put_back(removed.line, removed.by_hand)
    assert [line.quantity for line in shop.counter.basket.lines] == [3000]


def test_an_empty_basket_is_not_a_sale(shop: Shop) -> None:
    with refused(ErrorCode.BASKET_EMPTY):
        shop.counter.settle(cash(1), CASHIER)
    shop.counter.tap(GOLD_TAP)
    with refused(ErrorCode.BASKET_EMPTY):
        shop.counter.settle(cash(1), CASHIER)


def test_no_sale_without_a_shift(shop: Shop) -> None:
    shop.counter.scan(BARCODE)
    with refused(ErrorCode.SHIFT_CLOSED):
        shop.counter.settle(cash(38_500), CASHIER)


@pytest.mark.parametrize("fault", [ErrorCode.DISK_FULL, ErrorCode.DATABASE_LOCKED])
def test_a_sale_the_disk_refuses_stays_open(shop: Shop, fault: ErrorCode) -> None:
    shop.counter.open_shift(CASHIER, 0)
    shop.counter.scan(BARCODE)
    before = shop.counter.basket
    shop.journal.refuse = StationError(fault)
    with refused(fault):
        shop.counter.settle(cash(38_500), CASHIER)
    assert shop.counter.basket == before
    shop.journal.refuse = None
    assert shop.counter.settle(cash(38_500), CASHIER).sale.priced.total == 38_500


def test_the_pack_is_fixed_when_the_basket_opens(shop: Shop) -> None:
    shop.counter.scan(BARCODE)
    shop.packs.held = pack(2, promotions=())
    shop.counter.tap(GOLD_TAP)
    priced = shop.counter.priced()
    held = shop.counter.in_hand
    assert priced is not None
    assert held is not None
    assert (held.engine.pack.number, priced.discount) == (1, 3_850)


def test_one_shift_at_a_time(shop: Shop) -> None:
    assert shop.counter.open_shift(CASHIER, 0).number == 1
    with refused(ErrorCode.SHIFT_OPEN):
        shop.counter.open_shift(CASHIER, 0)
    assert [draft.kind for draft in shop.journal.drafts] == [EntryKind.SHIFT_OPENED]
    assert shop.counter.place.shop == "12"


@dataclass
class MovingMembers(MemoryMembers):
    """A member book into which a page of the feed comes while it is asked."""

    asked: int = 0

    def member(self, member_id: str) -> Member | None:
        self.asked += 1
        if self.asked == 1:
            self.through = Position("a3f9" + "0" * 28, 9)
            return super().member(member_id)
        return member(1, points=700)


def test_balance_and_place_are_of_one_page_of_the_feed(shop: Shop) -> None:
    members = MovingMembers(people=shop.members.people)
    counter = Counter(Place("12-1", "12", NAME), World(
        FixedClock(), bytes, members, MemoryShelf(), shop.packs, shop.journal))
    assert counter.identify("m1").points == 700
    assert members.asked == 2


def test_a_card_or_top_up_names_the_account_it_loads(shop: Shop) -> None:
    assert shop.counter.scan(product(3).barcode, account="g1").account == "g1"
    before = shop.counter.basket
    with refused(ErrorCode.ACCOUNT_MISSING):
        shop.counter.scan(product(3).barcode)
    with refused(ErrorCode.ACCOUNT_MISSING):
        shop.counter.scan(BARCODE, account="g1")
    assert shop.counter.basket == before


def test_goods_with_a_tax_the_rules_do_not_know_are_refused(shop: Shop) -> None:
    with refused(ErrorCode.TAX_UNKNOWN):
        shop.counter.scan(product(4).barcode)
    shop.counter.abandon()
    shop.packs.held = replace(pack(), taxes=(TaxRate("vat", NAME, "10"),))
    assert shop.counter.scan(product(4).barcode).product.taxes == ("vat",)


def test_a_quote_tells_what_was_not_given(shop: Shop) -> None:
    assert shop.counter.quote() is None
    shop.counter.tap(GOLD_TAP)
    shop.counter.scan(BARCODE)
    quote = shop.counter.quote()
    assert quote is not None
    assert quote.priced == shop.counter.priced()
    assert [(each.rule, each.code) for each in quote.refusals] == [("silver-3", RefusalCode.TIER)]


def test_a_stranger_is_told_what_joining_would_bring(shop: Shop) -> None:
    assert shop.counter.gain_by_joining() is None
    shop.counter.scan(BARCODE)
    # a new member is silver: 3 % of 38 500 is 1 155, and 37 345 earn 3 points
    assert shop.counter.gain_by_joining() == Joining(1_155, 3)
    shop.counter.tap(GOLD_TAP)
    assert shop.counter.gain_by_joining() is None


def offers(*promotions: Promotion) -> "Shop":
    """A shop with these promotions, open for business."""
    shop = Shop()
    shop.packs.held = replace(
        pack(promotions=promotions), by_hand=(HandLimit(Role.CASHIER, "5"),), redemption=RedemptionRules(10, 1_000))
    shop.counter.open_shift(CASHIER, 0)
    return shop


def total(shop: Shop) -> int:
    """What the open basket costs now."""
    priced = shop.counter.priced()
    assert priced is not None
    return priced.total


def ten(**facts: object) -> Promotion:
    """10 % off everything: 3 850 of the good at 38 500."""
    return Promotion("ten", NAME, Reward(percent=PercentOff("10")), **facts)  # type: ignore[arg-type] # as named


def test_what_is_paid_with_decides_and_in_the_end_what_was_paid_with() -> None:
    shop = offers(ten(when=When(payments=(TenderKind.CASH,))))
    shop.counter.scan(BARCODE)
    assert total(shop) == 38_500
    shop.counter.pay_by([TenderKind.CASH, TenderKind.CASH])
    assert total(shop) == 34_650
    shop.counter.pay_by([TenderKind.DEBIT, TenderKind.CASH])
    assert total(shop) == 38_500
    shop.counter.pay_by([TenderKind.DEBIT])
    with refused(ErrorCode.TENDER_INVALID):  # not in cash, so the whole price is due, and no more
        shop.counter.settle([Tender(TenderKind.DEBIT, 38_501)], CASHIER)
    sale = shop.counter.settle(cash(34_650), CASHIER).sale
    assert (sale.priced.total, sale.basket.payments, sale.change) == (34_650, (TenderKind.CASH,), 0)


def test_a_coupon_is_shown_once() -> None:
    shop = offers(ten(when=When(coupon=CouponTerm(("YALDA",)))))
    shop.counter.scan(BARCODE)
    for _ in range(2):
        shop.counter.show_coupon("YALDA")
    shop.counter.show_coupon("OTHER")
    assert shop.counter.basket is not None
    assert [each.code for each in shop.counter.basket.coupons] == ["YALDA", "OTHER"]
    assert total(shop) == 34_650


def test_a_reward_for_points_is_chosen_and_given_back() -> None:
    shop = offers(ten(cost=Cost(120)))
    shop.counter.tap(GOLD_TAP)
    shop.counter.scan(BARCODE)
    shop.counter.choose("ten")
    shop.counter.choose("ten", 2)
    assert shop.counter.basket is not None
    assert [(each.promotion, each.times) for each in shop.counter.basket.chosen] == [("ten", 2)]
    shop.counter.choose("ten", 0)
    assert total(shop) == 38_500
    shop.counter.choose("ten")
    # 500 − 120 and 3 earned by 34 650
    assert shop.counter.settle(cash(34_650), CASHIER).points_after == 383


def test_points_pay_what_the_rules_allow() -> None:
    shop = offers()
    shop.counter.tap(GOLD_TAP)
    shop.counter.scan(BARCODE)
    shop.counter.redeem(1_000)
    # whole blocks of 10 for 1 000: 38 of them, 380 points; 500 are left to earn by, which is no point
    assert total(shop) == 500
    assert shop.counter.settle(cash(500), CASHIER).points_after == 120
    assert shop.counter.tap(GOLD_TAP).points == 120


def test_what_is_given_by_hand_is_refused_beyond_the_role() -> None:
    shop = offers()
    shop.counter.scan(BARCODE)
    shop.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, amount=1_925))
    assert total(shop) == 36_575
    before = shop.counter.basket
    with refused(ErrorCode.HAND_NOT_ALLOWED):  # 5 % of 38 500 was given already
        shop.counter.give_by_hand(ByHand(CASHIER, "again", 1, amount=1))
    assert shop.counter.basket == before


def test_what_was_given_by_hand_is_taken_back_and_the_rest_moves_up() -> None:
    shop = offers()
    shop.counter.scan(BARCODE)
    for reason, amount in (("scratched", 1_000), ("late", 500)):
        shop.counter.give_by_hand(ByHand(CASHIER, reason, 1, amount=amount))
    shop.counter.take_back(1)
    assert total(shop) == 38_000
    assert shop.counter.basket
    assert [each.reason for each in shop.counter.basket.by_hand] == ["late"]


def test_a_promotion_with_a_limit_is_counted_for_each_member() -> None:
    shop = offers(ten(limits=Limits(per_member=1)), promotion("one", "1", stage=2))
    shop.counter.tap(GOLD_TAP)
    shop.counter.scan(BARCODE)
    shop.counter.settle(cash(total(shop)), CASHIER)
    shop.counter.scan(BARCODE)
    # nobody: no limit of a member holds for strangers, and the reward is for members
    assert total(shop) == 38_115
    shop.counter.tap(GOLD_TAP)
    assert total(shop) == 38_115
    shop.counter.identify("m2")
    # 10 % and 1 % of 34 650, half up
    assert total(shop) == 34_303
    shop.counter.forget_member()
    basket = shop.counter.basket
    assert basket is not None
    assert [(each.promotion, each.by_member, each.in_all) for each in basket.usage] == [("ten", 0, 1)]
