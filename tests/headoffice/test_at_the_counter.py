"""What head office knows of members and goods, judged at a counter on the station's real files."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from data.journal import JournalStore
from data.members import MemberStore
from data.shelf import ShelfStore
from headoffice import demo
from headoffice.audit.models import Difference
from headoffice.register.models import Member as Row
from headoffice.register.models import Product
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from station.card import Medium, Tap
from station.counter import Counter, Place, World
from station.journal import Position
from station.member import Member
from station.pack import Pack, TaxRate
from station.product import ALL_GOODS, Scope
from station.promotion import Promotion, When
from station.rewards import AmountOff, Reward
from station.sale import Sale
from station.tender import Tender, TenderKind
from station.windows import BirthdayWindow
from sync import wire_feeds
from sync.pull import members_step, shelf_step
from tests.fakes import CASHIER, NAME, NOON, FixedClock, MemoryPacks
from tests.headoffice.shop import Till, member, sale

WHO = demo.member_id(0)


def off(name: str, amount: int, when: When, scope: Scope = ALL_GOODS) -> Promotion:
    return Promotion(name, NAME, Reward(amount=AmountOff(amount), scope=scope), when=when)


# Nothing is earned under these packs: a purchase must count where no points tell of it.
VISITS = Pack(1, 2, "IRR", demo.PACK.tiers, (
    off("first", 10_000, When(visits=(1,))), off("second", 20_000, When(visits=(2,)))))
FACTS = Pack(1, 3, "IRR", demo.PACK.tiers, (
    off("birthday", 1_000, When(birthday=BirthdayWindow())), off("category", 2_000, When(), Scope(categories=("dairy",))),
    off("drinks", 4_000, When(), Scope(categories=("drinks",))), off("segment", 8_000, When(segments=("staff",))),
    off("student", 16_000, When(segments=("student",)))), taxes=(TaxRate("vat", NAME, "9"),))


@dataclass
class Line:
    """The feeds of head office as the station asks for them."""

    till: Till

    def members_page(self, cursor: str, incarnation: str) -> wire_feeds.MembersPage:
        return self.till.members(cursor, incarnation)

    def shelf_page(self, cursor: str) -> wire_feeds.ShelfPage:
        return self.till.ask("GET", wire_feeds.SHELF_FEED_PATH, query={"cursor": cursor}).read(wire_feeds.ShelfPage)

    def blocks_page(self, cursor: str) -> wire_feeds.BlocksPage:
        return self.till.ask("GET", wire_feeds.BLOCKS_FEED_PATH, query={"cursor": cursor}).read(wire_feeds.BlocksPage)

    def staff_page(self, cursor: str) -> wire_feeds.StaffPage:
        return self.till.ask("GET", wire_feeds.STAFF_FEED_PATH, query={"cursor": cursor}).read(wire_feeds.StaffPage)

    def next_pack(self, after: int) -> wire_feeds.NextPack:
        return self.till.ask("GET", wire_feeds.PACK_PATH, query={"after": after}).read(wire_feeds.NextPack)


class Shop:
    """A counter on the station's real files, and its line to head office."""

    def __init__(self, folder: Path, till: Till, station: str = "12-1") -> None:
        folder.mkdir(exist_ok=True)
        self.till = till
        self.journal = JournalStore(folder / "journal.db", bytes(32))
        self.clock = FixedClock()
        self.journal.found(station, "test", self.clock.now())
        self.till.journal.incarnation = self.journal.head().incarnation
        self.members = MemberStore(folder / "members.db", bytes(32), settings.KEYS.card)
        self.shelf = ShelfStore(self.journal.database)
        self.packs = MemoryPacks(VISITS)
        self.sent = 0
        numbers = itertools.count()
        self.world = World(
            self.clock, lambda count: next(numbers).to_bytes(count), self.members, self.shelf, self.packs, self.journal)
        self.counter = Counter(Place(station, "12", NAME), self.world)
        self.counter.open_shift(CASHIER, 0)

    def pull(self) -> None:
        while members_step(self.members, Line(self.till), self.journal.head().incarnation):
            pass
        while shelf_step(self.shelf, Line(self.till)):
            pass

    def upload(self, through: int) -> None:
        """Send the journal up to entry ``through``."""
        for stored in self.journal.branches()[-1].after(self.sent, through - self.sent):
            self.till.journal.append_raw(stored.raw)
        assert self.till.put(self.sent + 1, through).status == 200
        self.sent = through

    def tap(self) -> Member:
        return self.counter.tap(Tap("sim:1", Medium.NFC_UID, demo.card_number(0)))

    def sell(self) -> Sale:
        """Sell half a litre of milk to the member."""
        self.tap()
        self.counter.scan(demo.barcode(1))
        priced = self.counter.priced()
        assert priced is not None
        return self.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).sale

    def applied(self) -> tuple[str, ...]:
        """Sell; return which promotions were given."""
        return self.sell().priced.applied

    def purchases(self) -> tuple[int, int]:
        """What the feed said of the member, and what the counter makes of it."""
        held = self.members.member(WHO)
        assert held is not None
        shown = self.tap().purchases
        self.counter.abandon()
        return held.purchases, shown


@pytest.fixture
def shop(office: Path, tmp_path: Path) -> Iterator[Shop]:
    assert office.exists()
    publish(VISITS, 0)
    publish(FACTS, 0)
    till = Till()
    till.journal.station = "12-1"
    Station.objects.create(id="12-1", shop="12", public_key=till.public, paired_us=0)
    shop = Shop(tmp_path, till)
    yield shop
    shop.journal.close()
    shop.members.close()


def test_the_second_purchase_is_the_second_before_the_feed_comes_back_and_after(shop: Shop) -> None:
    shop.pull()
    assert shop.purchases() == (0, 0)
    assert shop.applied() == ("first",)  # entry 3, after OPENED and SHIFT_OPENED
    assert shop.purchases() == (0, 1)
    assert shop.applied() == ("second",)
    assert shop.purchases() == (0, 2)
    shop.upload(3)
    shop.pull()
    assert shop.purchases() == (1, 2)
    shop.upload(4)
    assert shop.purchases() == (1, 2)  # head office counts it, this station was not told yet
    shop.pull()
    assert shop.purchases() == (2, 2)
    assert shop.applied() == ()
    assert list(Difference.objects.values_list("breach", "detail")) == []


def test_the_second_purchase_is_the_second_after_the_feed_as_well(shop: Shop) -> None:
    shop.pull()
    assert shop.applied() == ("first",)
    shop.upload(3)
    shop.pull()
    assert shop.purchases() == (1, 1)
    assert shop.applied() == ("second",)


def test_a_purchase_at_another_station_counts_here_once_it_is_known(shop: Shop) -> None:
    shop.pull()
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    other.journal.append(sale(member(0)))
    assert other.put(1, 2).status == 200
    assert shop.purchases() == (0, 0)
    shop.pull()
    assert shop.applied() == ("second",)
    shop.upload(3)
    shop.pull()
    assert shop.purchases() == (2, 2)


def test_own_purchases_count_only_after_the_projection(shop: Shop) -> None:
    shop.pull()
    shop.sell()
    shop.sell()
    here = shop.journal.head().incarnation
    counted = [shop.journal.purchases_after(WHO, Position(here, seq)) for seq in (2, 3, 4)]
    assert counted == [2, 1, 0]
    assert shop.journal.purchases_after(WHO, None) == 2
    assert shop.journal.purchases_after(WHO, Position("0" * 32, 99)) == 2
    assert shop.journal.purchases_after(demo.member_id(1), None) == 0


def test_birthday_segment_category_and_tax_of_the_register_are_judged_at_the_counter(shop: Shop) -> None:
    # 2026-11-22, the day of the sale, is 1 Azar 1405
    assert NOON.date == "2026-11-22"
    Row.objects.filter(id=WHO).update(segments=["staff"], birth_calendar="JALALI", birth_month=9, birth_day=1)
    Product.objects.filter(id="G0001").update(taxes=["vat"], tax_included=False)
    shop.packs.held = FACTS
    shop.pull()
    priced = shop.sell().priced
    assert priced.applied == ("birthday", "category", "segment")
    # 208 000 and 9 % make 226 720, less 1 000, 2 000 and 8 000; of 215 720 are 9/109 tax: 17 811.7
    assert (priced.total, priced.tax) == (215_720, 17_812)
    shop.upload(3)
    assert list(Difference.objects.values_list("breach", "detail")) == []
