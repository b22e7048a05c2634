"""The basket in hand survives the program: kept at every step on a real file, and gone with its sale."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.verify import verify
from station.basket import Basket, Chosen, Coupon
from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.in_hand import Recovered
from station.member import Member
from station.pack import HandLimit, Pack, TaxRate
from station.people import Role
from station.product import Product
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
    moment,
    pack,
    product,
)

GOOD, TAXED = product(1, 38_500), product(2, 1_000, taxes=("vat",))
TAP = Tap("sim:1", Medium.NFC_UID, "04A1")
TOMORROW = moment("2026-11-23", 8)


def ten(name: str = "ten", **facts: object) -> Promotion:
    return Promotion(name, NAME, Reward(percent=PercentOff("10")), **facts)  # type: ignore[arg-type] # as named


def rules(number: int, *promotions: Promotion) -> Pack:
    return replace(
        pack(number, promotions), by_hand=(HandLimit(Role.CASHIER, "5"),), redemption=RedemptionRules(10, 1_000),
        taxes=(TaxRate("vat", NAME, "9"),))


class Till:
    """A counter over a journal on disk. It is killed by leaving it as it is and starting another."""

    def __init__(self, folder: Path, *promotions: Promotion) -> None:
        self.path = folder / "journal.db"
        self.clock = FixedClock()
        self.members = MemoryMembers(cards={"04A1": Card("m1", CardStatus.ACTIVE)}, people={"m1": member(1)})
        self.packs = MemoryPacks(rules(1, *promotions))
        self.killed: list[JournalStore] = []
        self.drawn = 0
        self.start()
        self.counter.open_shift(CASHIER, 0)

    def start(self) -> None:
        self.journal = JournalStore(self.path, bytes(32))
        self.journal.found("12-1", "test", self.clock.now())
        self.killed.append(self.journal)
        goods: dict[str, Product] = {each.barcode: each for each in (GOOD, TAXED)}
        self.counter = Counter(Place("12-1", "12", NAME), World(
            self.clock, self.draw,
            self.members, MemoryShelf(goods), self.packs, self.journal))

    def draw(self, count: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(count)

    def restart(self) -> Recovered | None:
        self.start()
        return self.counter.recover()


def but_id(basket: Basket | None) -> Basket | None:
    """All of a basket that stays when it is found again."""
    return basket and replace(basket, basket_id="")


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path, ten(cost=Cost(120)), ten("coupon", when=When(coupon=CouponTerm(("YALDA",), issued=True))))


def test_a_basket_is_found_as_it_was(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode, 2000)
    till.counter.show_coupon("YALDA")
    till.counter.choose("ten")
    till.counter.redeem(10)
    till.counter.pay_by([TenderKind.CASH])
    till.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, percent="5"))
    before, priced = till.counter.basket, till.counter.priced()
    assert before is not None
    assert till.restart() == Recovered(lines=1, reopened=False)
    found = till.counter.basket
    assert found is not None
    assert but_id(found) == but_id(before)
    assert (before.coupons, before.chosen, before.redeem) == ((Coupon("YALDA"),), (Chosen("ten"),), 10)
    assert till.counter.priced() == priced
    assert (till.counter.member, till.counter.card_tier) == (member(1), CardTier.NUMBER)
    sale = till.counter.settle([Tender(TenderKind.CASH, 77_000)], CASHIER).sale
    assert (sale.medium, sale.sale_id) == (Medium.NFC_UID, found.basket_id)


def test_two_copies_of_a_disk_close_the_basket_in_hand_as_two_sales(till: Till, tmp_path: Path) -> None:
    """Head office posts a sale's id once; the other would stand in quarantine."""
    till.counter.scan(GOOD.barcode)
    till.counter.identify("m1")
    copy = tmp_path / "copy.db"
    for each in (till.path, till.path.with_name("journal.db-wal")):
        shutil.copy(each, copy.with_name(each.name.replace("journal", "copy")))
    paid, sales = [Tender(TenderKind.CASH, 38_500)], []
    for path in (till.path, copy):
        till.path = path
        assert till.restart() == Recovered(lines=1, reopened=False)
        sales.append(till.counter.settle(paid, CASHIER).sale)
        assert till.restart() is None
    assert sales[0].sale_id != sales[1].sale_id
    assert [each.sale_id for each in sales] == [each.basket.basket_id for each in sales]


@pytest.mark.parametrize("steps", range(1, 6))
def test_it_is_kept_at_every_step(till: Till, steps: int) -> None:
    counter = till.counter
    work = (lambda: counter.scan(GOOD.barcode), lambda: counter.set_quantity(1, 3000), lambda: counter.identify("m1"),
            counter.forget_member, lambda: counter.remove(1))
    for step in work[:steps]:
        step()
    before = counter.basket
    till.restart()
    assert but_id(till.counter.basket) == but_id(before)


def test_the_member_is_taken_as_the_book_has_it_now(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.members.people["m1"] = member(1, points=900)
    till.restart()
    assert till.counter.member is not None
    assert till.counter.basket is not None
    assert till.counter.basket.member == till.counter.member.snapshot()
    assert till.counter.member.points == 900


def test_a_member_who_is_gone_is_left_out_with_what_was_theirs(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.counter.choose("ten")
    till.counter.show_coupon("YALDA")
    del till.members.people["m1"]
    assert till.restart() == Recovered(lines=1, reopened=False)
    basket = till.counter.basket
    assert basket is not None
    assert (basket.member, basket.card, basket.chosen, basket.coupons) == (None, None, (), (Coupon("YALDA"),))
    assert till.counter.member is None
    held = till.journal.open_basket()
    assert held is not None
    assert held.basket == basket


def test_nothing_kept_nothing_found(till: Till) -> None:
    assert till.restart() is None
    till.counter.scan(GOOD.barcode)
    till.counter.abandon()
    assert till.restart() is None
    till.counter.scan(GOOD.barcode)
    assert till.counter.recover() is None  # there is one in hand
    assert till.counter.basket is not None
    assert len(till.counter.basket.lines) == 1


def test_a_sale_takes_its_basket_with_it(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.counter.settle([Tender(TenderKind.CASH, 38_500)], CASHIER)
    assert till.restart() is None
    assert till.counter.basket is None
    till.counter.scan(GOOD.barcode)
    assert till.restart() == Recovered(lines=1, reopened=False)
    assert list(verify(till.journal)) == []


def test_on_another_day_it_is_opened_anew_on_the_rules_of_then(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.counter.give_by_hand(ByHand(CASHIER, "scratched", 1, percent="5"))
    till.packs.held, till.packs.older = rules(2, ten("new", limits=Limits(per_member=1))), (till.packs.held,)
    till.clock.moment = TOMORROW
    assert till.restart() == Recovered(lines=1, reopened=True)
    basket = till.counter.basket
    assert basket is not None
    assert (basket.pack, basket.opened, basket.by_hand) == (2, TOMORROW, ())
    assert [each.promotion for each in basket.usage] == ["new"]
    assert basket.member == member(1).snapshot()
    priced = till.counter.priced()
    assert priced is not None
    assert priced.total == 34_650  # 38 500 less 10 %, and nothing by hand


def test_on_the_same_day_it_stays_on_its_own_rules(till: Till) -> None:
    till.counter.scan(GOOD.barcode)
    till.packs.held, till.packs.older = rules(2), (till.packs.held,)
    till.restart()
    assert till.counter.basket is not None
    assert till.counter.basket.pack == 1


def refused(till: Till, code: ErrorCode) -> None:
    """The basket cannot be taken up now: that is told, nothing is in hand, and it is still kept."""
    till.start()
    with pytest.raises(StationError) as fault:
        till.counter.recover()
    assert fault.value.code is code
    assert till.counter.basket is None
    assert till.journal.open_basket() is not None


def test_without_its_rules_it_waits(till: Till) -> None:
    till.counter.scan(GOOD.barcode)
    till.packs.held = rules(2)
    refused(till, ErrorCode.PACK_MISSING)


def test_rules_that_do_not_know_a_tax_of_it_cannot_take_it_up(till: Till) -> None:
    till.counter.scan(TAXED.barcode)
    till.packs.held, till.clock.moment = replace(rules(2), taxes=()), TOMORROW
    refused(till, ErrorCode.TAX_UNKNOWN)


class BrokenMembers(MemoryMembers):
    """A member book that cannot be read."""

    def member(self, member_id: str) -> Member | None:
        raise StationError(ErrorCode.DATABASE_CORRUPT, file=member_id)


def test_a_book_that_cannot_be_read_is_told_and_the_goods_are_in_hand(till: Till) -> None:
    till.counter.tap(TAP)
    till.counter.scan(GOOD.barcode)
    till.members = BrokenMembers()
    till.start()
    with pytest.raises(StationError) as fault:
        till.counter.recover()
    assert fault.value.code is ErrorCode.DATABASE_CORRUPT
    assert till.counter.basket is not None
    assert (len(till.counter.basket.lines), till.counter.basket.member, till.counter.member) == (1, None, None)


def test_a_disk_that_cannot_keep_it_is_told_and_the_basket_stays_in_hand(tmp_path: Path) -> None:
    till, journal = Till(tmp_path), MemoryJournal()
    counter = Counter(Place("12-1", "12", NAME), World(
        till.clock, bytes, till.members, MemoryShelf({GOOD.barcode: GOOD}), till.packs, journal))
    counter.open_shift(CASHIER, 0)
    journal.refuse = StationError(ErrorCode.DISK_FULL)
    for scans in (1, 2):
        with pytest.raises(StationError) as full:
            counter.scan(GOOD.barcode)
        assert full.value.code is ErrorCode.DISK_FULL
        assert counter.basket is not None
        assert [line.quantity for line in counter.basket.lines] == [1000 * scans]
    journal.refuse = None
    assert counter.settle([Tender(TenderKind.CASH, 77_000)], CASHIER).sale.priced.total == 77_000


def test_a_full_disk_keeps_the_basket_that_was_kept_before(till: Till) -> None:
    till.counter.scan(GOOD.barcode)
    pages = till.journal.database.row("PRAGMA page_count")
    assert pages is not None
    till.journal.database.execute(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(StationError) as full:
        list(map(till.counter.show_coupon, map("COUPON-{:04}".format, range(2000))))
    assert full.value.code is ErrorCode.DISK_FULL
    till.restart()
    basket = till.counter.basket
    assert basket is not None
    assert 0 < len(basket.coupons) < 2000
    assert list(verify(till.journal)) == []
