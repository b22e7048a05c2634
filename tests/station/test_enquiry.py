"""The price of a good asked without selling it."""

from dataclasses import replace

import pytest

from station.card import Card, CardStatus, Medium, Tap
from station.counter import Counter, Place, World
from station.enquiry import Enquiry
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.pack import HandLimit, Pack
from station.people import Role
from station.priced import RefusalCode
from station.product import ProductKind, Scope
from station.promotion import CouponTerm, Limits, Minimum, QuantityWindow
from station.rewards import PercentOff
from station.tender import Tender, TenderKind
from station.weighed import Figure, LabelLayout, ean_check
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    club,
    deal,
    member,
    product,
)

MILK = product(1, 100_000, tax_included=False, tax_percent="10")
CHEESE = product(2, 2_500_000, barcode="00123", weighed=True)
CARD = product(3, 500_000, kind=ProductKind.GIFT_CARD)
ODD = product(4, taxes=("strange",))
TAP = Tap("sim:1", Medium.NFC_UID, "04A1")


def rules(*promotions: object) -> Pack:
    return replace(club(*promotions), by_hand=(HandLimit(Role.CASHIER, "5"),))  # type: ignore[arg-type] # promotions


class Shop:
    def __init__(self) -> None:
        self.packs = MemoryPacks(rules(
            deal("gold", PercentOff("10"), tiers=("gold",)),
            deal("big", PercentOff("5"), stage=2, minimum=Minimum(8_000_000)),
            deal("three", PercentOff("20"), quantity=QuantityWindow(3), scope=Scope(products=("p1",))),
            deal("other", PercentOff("20"), quantity=QuantityWindow(3), scope=Scope(products=("p2",))),
            deal("off", PercentOff("50"), off=True), deal("far", PercentOff("50"), shops=("99",)),
            deal("chosen", PercentOff("50"), segments=("vip",)),
            deal("once", PercentOff("1"), stage=3, limits=Limits(in_all=1))))
        self.counter = Counter(Place("12-1", "12", NAME), World(
            FixedClock(), bytes, MemoryMembers({"04A1": Card("m1", CardStatus.ACTIVE)}, {"m1": member(1)}),
            MemoryShelf({each.barcode: each for each in (MILK, CHEESE, CARD, ODD)}), self.packs, MemoryJournal(),
            labels=(LabelLayout("21", 5, Figure.WEIGHT, 5),)))
        self.counter.open_shift(CASHIER, 0)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def reasons(found: Enquiry) -> list[tuple[str, RefusalCode]]:
    return [(each.rule, each.code) for each in found.refused]


def test_without_a_basket_it_is_the_price_of_everybody(shop: Shop) -> None:
    found = shop.counter.enquire(MILK.barcode)
    assert (found.product, found.quantity, found.listed) == (MILK, 1_000, 110_000)
    assert found.quote.priced.total == 108_900  # 1 % off for the first sale of all
    assert shop.counter.basket is None


def test_what_is_not_given_is_told_the_nearest_to_the_good_first(shop: Shop) -> None:
    assert reasons(shop.counter.enquire(MILK.barcode)) == [
        ("three", RefusalCode.QUANTITY), ("big", RefusalCode.MINIMUM), ("gold", RefusalCode.MEMBER)]


def test_for_the_member_in_hand_it_is_the_members_price_whatever_is_in_the_basket(shop: Shop) -> None:
    shop.counter.tap(TAP)
    shop.counter.scan(MILK.barcode, 5_000)
    shop.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, percent="5"))
    before = shop.counter.in_hand
    found = shop.counter.enquire(MILK.barcode)
    assert (found.listed, found.quote.priced.total) == (110_000, 98_010)  # less 10 %, then 1 %
    assert reasons(found) == [("three", RefusalCode.QUANTITY), ("big", RefusalCode.MINIMUM)]
    assert shop.counter.in_hand is before


def test_a_coupon_that_was_shown_counts(shop: Shop) -> None:
    shop.packs.held = rules(deal("yalda", PercentOff("50"), coupon=CouponTerm(("YALDA",))))
    assert reasons(shop.counter.enquire(MILK.barcode)) == [("yalda", RefusalCode.COUPON)]
    shop.counter.show_coupon("YALDA")
    assert shop.counter.enquire(MILK.barcode).quote.priced.total == 55_000


def test_a_limit_that_is_used_up_counts(shop: Shop) -> None:
    shop.counter.scan(MILK.barcode)
    shop.counter.settle([Tender(TenderKind.CASH, 108_900)], CASHIER)
    found = shop.counter.enquire(MILK.barcode)
    assert found.quote.priced.total == 110_000
    assert ("once", RefusalCode.LIMITS) in reasons(found)


def test_a_label_is_asked_as_it_is_and_goods_by_weight_by_the_kilogram(shop: Shop) -> None:
    digits = "210012300324"
    found = shop.counter.enquire(digits + ean_check(digits))
    assert (found.quantity, found.listed) == (324, 810_000)
    assert shop.counter.enquire("00123").quantity == 1_000


def test_a_gift_card_costs_what_it_is_worth(shop: Shop) -> None:
    found = shop.counter.enquire(CARD.barcode)
    assert (found.listed, found.quote.priced.total, found.refused) == (500_000, 500_000, ())


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_what_cannot_be_priced(shop: Shop) -> None:
    with refused(ErrorCode.PRODUCT_UNKNOWN):
        shop.counter.enquire("1")
    with refused(ErrorCode.TAX_UNKNOWN):
        shop.counter.enquire(ODD.barcode)
    assert shop.counter.basket is None
