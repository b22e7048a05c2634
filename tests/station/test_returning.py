"""Goods brought back at the counter: found in the journal, recomputed on the sale's own rules, never more than was sold."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.journal import JournalStore
from data.verify import verify
from station.card import Card, CardStatus, Medium, Tap
from station.counter import Counter, Place, Settled, World
from station.drawer import Drawer
from station.errors import ErrorCode, StationError
from station.ids import uuid7
from station.journal import Cause, Entry, EntryKind, Position
from station.pack import Pack
from station.people import Actor, Role
from station.points import PointsEntry, PointsKind
from station.priced import TaxTotal
from station.product import ProductKind
from station.promotion import CouponTerm, EarningRule, Minimum, Promotion, When
from station.redemption import RedemptionRules
from station.returning import Returning
from station.rewards import NextCoupon, PercentOff, Reward
from station.sale import ReturnedLine, Sale, SaleReturn
from station.shift import CountReason
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
from tests.rigs.history import History
from tests.rigs.random_club import chance

TEA, MILK = product(1, 30_000), product(2, 11_000, tax_percent="10")
CARD = product(3, 40_000, kind=ProductKind.GIFT_CARD)
MANAGER = Actor("reza", Role.MANAGER)
TAP = Tap("sim:1", Medium.NFC_UID, "04A1")


def off(rate: str, name: str = "off", **facts: object) -> Promotion:
    return Promotion(name, NAME, Reward(percent=PercentOff(rate)), **facts)  # type: ignore[arg-type] # as named


def rules(number: int = 1, *promotions: Promotion) -> Pack:
    """One point for each full 1 000; ten points pay 1 000."""
    return replace(
        pack(number, promotions), earning=(EarningRule("base", NAME, 1, 1_000),), redemption=RedemptionRules(10, 1_000))


class Till:
    """A counter, and the desk where goods come back, over a journal on disk that can be opened again."""

    station = "12-1"

    def __init__(self, folder: Path, *promotions: Promotion) -> None:
        self.path = folder / "journal.db"
        self.clock = FixedClock()
        self.chance = chance(1)
        self.members = MemoryMembers(cards={"04A1": Card("m1", CardStatus.ACTIVE)}, people={"m1": member(1)})
        self.packs = MemoryPacks(rules(1, *promotions))
        self.start()
        self.counter.open_shift(CASHIER, 0)

    def start(self) -> None:
        self.journal = JournalStore(self.path, bytes(32))
        self.journal.found(self.station, "test", self.clock.now())
        world = World(
            self.clock, self.chance.randbytes, self.members,
            MemoryShelf({each.barcode: each for each in (TEA, MILK, CARD)}), self.packs, self.journal)
        self.counter, self.drawer = Counter(Place(self.station, "12", NAME), world), Drawer(world)
        self.returning = Returning(world)

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def sell(self, tea: int, milk: int, *tenders: Tender, redeem: int = 0, who: bool = True) -> Settled:
        """Sell so many pieces of each, to the member or a stranger."""
        if who:
            self.counter.tap(TAP)
        for good, pieces in ((TEA, tea), (MILK, milk)):
            if pieces:
                self.counter.scan(good.barcode, pieces * 1000)
        self.counter.redeem(redeem)
        priced = self.counter.priced()
        assert priced is not None
        return self.counter.settle(tenders or (Tender(TenderKind.CASH, priced.total),), CASHIER)

    def back(self, place: int, line: int, pieces: int) -> SaleReturn:
        return self.returning.take_back(place, (ReturnedLine(line, pieces * 1000),), CASHIER)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    till = Till(tmp_path)
    yield till
    till.journal.close()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_a_return_is_an_entry_that_names_its_sale_and_all_that_moved(till: Till) -> None:
    sold = till.sell(1, 2, Tender(TenderKind.DEBIT, 22_000, trace="123"), Tender(TenderKind.CASH, 50_000))
    back = till.returning.take_back(sold.place, (ReturnedLine(2, 1000),), CASHIER, MANAGER)
    # 30 000 + 2 × 11 000 is 52 000, for 52 points. 41 000 remain, for 41 points
    assert (back.money, back.member_id, back.shift, back.business_date) == (11_000, "m1", 1, "2026-11-22")
    # of 52 000, 22 000 were paid by card and 30 000 in cash: of 11 000 that is 4 653.8 and 6 346.2
    assert back.tenders == (Tender(TenderKind.DEBIT, 4_654), Tender(TenderKind.CASH, 6_346))
    assert back.taxes == (TaxTotal("10", 11_000, 1_000),)
    assert back.points == (PointsEntry(f"{back.return_id}/base", "m1", PointsKind.REVERSE, -11, "base"),)
    assert back.lines == (ReturnedLine(2, 1000),)
    (stored,) = till.journal.entries(3, 9)
    entry = msgspec.json.decode(stored.raw, type=Entry[SaleReturn])
    assert (entry.kind, entry.body, entry.actor, entry.approver) == (EntryKind.RETURN, back, CASHIER, MANAGER)
    sale = till.journal.sale(sold.place)
    assert (back.sale_id, back.incarnation, back.seq) == (sale.body.sale_id, sale.incarnation, sale.seq)
    assert len(back.return_id) == len(uuid7(0, bytes(10)))
    assert back.return_id != back.sale_id


def test_parts_come_back_one_by_one_and_no_more_than_was_sold_across_restarts(till: Till) -> None:
    sold = till.sell(0, 3)
    assert [till.back(sold.place, 1, 1).money, till.back(sold.place, 1, 1).money] == [11_000, 11_000]
    till.restart()
    with refused(ErrorCode.RETURN_TOO_MUCH) as caught:
        till.back(sold.place, 1, 2)
    assert caught.value.detail == {"line": 1, "left": 1000}
    assert till.back(sold.place, 1, 1).money == 11_000
    till.restart()
    with refused(ErrorCode.RETURN_TOO_MUCH):
        till.back(sold.place, 1, 1)
    assert till.journal.points_after("m1", None) == 0
    assert len(till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))) == 3
    assert list(verify(till.journal)) == []


def test_balances_come_out(till: Till) -> None:
    sold = till.sell(1, 1, redeem=100)  # 41 000 less 10 000 by points; 31 points for the rest
    assert till.counter.tap(TAP).points == 500 - 100 + 31
    back = till.back(sold.place, 1, 1)
    # the points paid 7 317 of the tea and 2 683 of the milk, 73 and 27 of them. The milk then costs
    # 8 317 and earns 8: of the 31 earned 23 go, and 73 come back
    assert [(each.kind, each.points) for each in back.points] == [(PointsKind.REVERSE, 73), (PointsKind.REVERSE, -23)]
    assert till.counter.tap(TAP).points == 500 - 27 + 8
    till.back(sold.place, 2, 1)
    assert till.counter.tap(TAP).points == 500
    assert till.counter.tap(TAP).purchases == 1  # a visit is a visit


def test_a_preview_writes_nothing_and_is_what_then_happens(till: Till) -> None:
    sold = till.sell(1, 1)
    head = till.journal.head()
    lines = (ReturnedLine(1, 1000),)
    found = till.returning.preview(sold.place, lines)
    assert till.journal.head() == head
    assert (found.entry.body, found.returned.money, found.earlier) == (sold.sale, 30_000, ())
    assert till.returning.take_back(sold.place, lines, CASHIER).money == 30_000
    again = till.returning.preview(sold.place, (ReturnedLine(2, 1000),))
    assert (len(again.earlier), again.before.tenders) == (1, (30_000,))


def test_a_sale_under_older_rules_comes_back_under_them(till: Till) -> None:
    till.packs.held = rules(1, off("10"))
    sold = till.sell(1, 1)  # 41 000 less 10 %
    till.packs.held, till.packs.older = rules(2, off("50")), (till.packs.held,)
    assert till.back(sold.place, 1, 1).money == 27_000
    till.packs.older = ()
    with refused(ErrorCode.PACK_MISSING):
        till.back(sold.place, 2, 1)


def test_what_is_no_sale_is_unknown(till: Till) -> None:
    sold = till.sell(1, 0)
    till.back(sold.place, 1, 1)
    for place in (0, 1, 2, sold.place + 1, 99):
        with refused(ErrorCode.SALE_UNKNOWN):
            till.back(place, 1, 1)


def test_a_return_wants_an_open_shift(till: Till) -> None:
    sold = till.sell(1, 0)
    till.drawer.close(None, CountReason.NONE, CASHIER)
    head = till.journal.head()
    with refused(ErrorCode.SHIFT_CLOSED):
        till.back(sold.place, 1, 1)
    assert till.journal.head() == head
    till.counter.open_shift(CASHIER, 0)
    assert till.back(sold.place, 1, 1).shift == 2


def test_a_sale_of_an_earlier_incarnation_comes_back_too(till: Till) -> None:
    sold = till.sell(0, 2)
    till.back(sold.place, 1, 1)
    till.journal.begin_anew(Cause.RESTORED, "test", till.clock.now())
    back = till.back(sold.place, 1, 1)
    assert (back.incarnation, back.seq) == (till.journal.branches()[0].incarnation, sold.place)
    with refused(ErrorCode.RETURN_TOO_MUCH):
        till.back(sold.place, 1, 1)


def test_a_strangers_goods_come_back_without_points(till: Till) -> None:
    back = till.back(till.sell(1, 0, who=False).place, 1, 1)
    assert (back.member_id, back.points, back.money) == (None, (), 30_000)


def test_coupons_of_the_sale_die_with_it(tmp_path: Path) -> None:
    issuing = Promotion("thanks", NAME, Reward(coupon=NextCoupon("next", 30)), when=When(minimum=Minimum(40_000)))
    till = Till(tmp_path, off("5", "next", when=When(coupon=CouponTerm(issued=True))), issuing)
    sold = till.sell(1, 1)
    (coupon,) = sold.sale.priced.coupons
    assert till.back(sold.place, 2, 1).coupons == (coupon.code,)  # 30 000 are below its minimum


def test_a_part_that_makes_the_rest_dearer_gives_nothing_back_and_no_tax_falls(tmp_path: Path) -> None:
    till = Till(tmp_path, off("30", when=When(minimum=Minimum(31_000))))
    # 30 000 + 11 000 less 30 %: 28 700. The tea alone costs 30 000, more than was paid for both
    sold = till.sell(1, 1)
    back = till.back(sold.place, 2, 1)
    assert (back.money, back.tenders, back.taxes) == (0, (Tender(TenderKind.CASH, 0),), ())
    rest = till.back(sold.place, 1, 1)
    # the milk's 7 700 hold 700 of tax
    assert (rest.money, rest.taxes) == (28_700, (TaxTotal("0", 21_000, 0), TaxTotal("10", 7_700, 700)))


def test_a_card_comes_back_for_what_it_still_holds(till: Till) -> None:
    till.counter.scan(CARD.barcode, account="g1")
    sold = till.counter.settle((Tender(TenderKind.CASH, 40_000),), CASHIER)
    with pytest.raises(ValueError, match="its balance is needed"):
        till.back(sold.place, 1, 1)
    back = till.returning.take_back(sold.place, (ReturnedLine(1, 1000, 25_000),), CASHIER)
    assert back.money == 25_000


def test_a_disk_that_refuses_is_told_and_nothing_is_recorded(till: Till) -> None:
    journal = MemoryJournal()
    world = World(till.clock, till.chance.randbytes, till.members, MemoryShelf({TEA.barcode: TEA}), till.packs, journal)
    counter = Counter(Place("12-1", "12", NAME), world)
    counter.open_shift(CASHIER, 0)
    counter.scan(TEA.barcode)
    sold = counter.settle((Tender(TenderKind.CASH, 30_000),), CASHIER)
    journal.refuse = StationError(ErrorCode.DISK_FULL)
    with refused(ErrorCode.DISK_FULL):
        Returning(world).take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER)
    journal.refuse = None
    assert Returning(world).take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER).money == 30_000
    with refused(ErrorCode.RETURN_TOO_MUCH):
        Returning(world).take_back(sold.place, (ReturnedLine(1, 1000),), CASHIER)


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(4, 14))
def test_when_all_has_come_back_nothing_is_left(seed: int, returns: int) -> None:
    """Of random sales, in random parts, on random days: money, taxes and points each end where they began."""
    with tempfile.TemporaryDirectory() as folder:
        journal = JournalStore(Path(folder) / "journal.db", bytes(32))
        journal.found("12-1", "test", FixedClock().now())
        history = History(journal, seed)
        history.play(["sale", "sale", *(["return"] * returns), "close", *(["return"] * returns)])
        for place, left in history.left.items():
            entry = journal.sale(place)
            back = journal.returns_of(Position(entry.incarnation, entry.seq))
            agree(entry.body, back, whole=not left)
        everything_back = not any(history.left.values())
        assert not everything_back or journal.points_after("m1", None) == 0
        journal.close()


def agree(sale: Sale, back: tuple[SaleReturn, ...], *, whole: bool) -> None:
    only_goods = not any(line.account for line in sale.basket.lines)
    for each in back:
        assert each.money == sum(tender.amount for tender in each.tenders)
        assert each.money == sum(tax.gross for tax in each.taxes) or not only_goods
        assert all(points.kind is PointsKind.REVERSE and points.points for points in each.points)
    fell = {tax.tax_percent: sum(each.tax for returned in back for each in returned.taxes
                                 if each.tax_percent == tax.tax_percent) for tax in sale.priced.taxes}
    moved = sum(points.points for each in back for points in each.points) + sum(each.points for each in sale.points)
    if whole:
        assert sum(each.money for each in back) == sale.priced.total
        assert fell == {tax.tax_percent: tax.tax for tax in sale.priced.taxes}
        assert moved == 0


def test_every_points_entry_of_a_return_has_a_key_of_its_own(till: Till) -> None:
    sold = till.sell(0, 3)
    backs = [till.back(sold.place, 1, 1) for _ in range(3)]
    keys = [each.key for back in backs for each in back.points]
    assert len(set(keys)) == len(keys) == 3
