"""The counter against small real ports: tap, scan, settle, and every refusal leaving all as it was."""

import pytest

from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.journal import EntryKind, Position
from station.points import PointsKind
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
        goods = {each.barcode: each for each in (product(1, 38_500), product(2, 890_000, weighed=True))}
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
    assert shop.counter.pack() is None


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
    seq = shop.counter.settle(cash(69_300), CASHIER).seq
    assert shop.counter.tap(GOLD_TAP).points == 506
    shop.counter.abandon()
    shop.members.through = Position(shop.journal.incarnation, seq)
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
    shop.counter.put_back(removed)
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
    held = shop.counter.pack()
    assert priced is not None
    assert held is not None
    assert (held.number, priced.discount) == (1, 3_850)


def test_shifts_are_numbered_without_gaps(shop: Shop) -> None:
    assert shop.counter.open_shift(CASHIER, 0).number == 1
    assert shop.counter.open_shift(CASHIER, 0).number == 2
    assert [draft.kind for draft in shop.journal.drafts] == [EntryKind.SHIFT_OPENED] * 2
    assert shop.counter.place.shop == "12"
