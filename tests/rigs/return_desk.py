"""A counter and the desk where goods come back, over a real journal; approvals are given as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.past_sales import PastSales
from station.approval import Operation
from station.card import Card, CardStatus
from station.counter import Counter, Place, Settled, World
from station.elsewhere import ReturnOffice
from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from station.pack import Pack
from station.people import Actor, Role, StaffRecord
from station.product import Product, ProductKind
from station.promotion import CouponTerm, EarningRule, Minimum, Promotion, When
from station.redemption import RedemptionRules
from station.returning import Returning
from station.rewards import NextCoupon, PercentOff, Reward
from station.sign_in import reaches
from station.tender import Tender, TenderKind
from station.text import Text
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    pack,
    product,
)
from tests.rigs.random_club import chance
from tests.ui.till import BREAD, GOLD_CARD, MILK, RICE, SHOP, tap
from ui.format import Format, Unit
from ui.presenters.at_till import AtTill, Person
from ui.presenters.return_parts import ReturnParts
from ui.presenters.returning import ReturnDesk
from ui.text import Words
from ui.views_return import FindView, GoodsView, ReturnView

MANAGER, SENIOR = Actor("reza", Role.MANAGER), Actor("nima", Role.SENIOR)
APPLES = product(4, 900_000, name=Text("سیب", "Apples"), weighed=True)
CARD = product(5, 2_000_000, name=Text("کارت هدیه", "Gift card"), kind=ProductKind.GIFT_CARD)
STAFF = (StaffRecord("sara", Text("سارا", "Sara"), Role.CASHIER), StaffRecord("reza", Text("رضا", "Reza"), Role.MANAGER))


def rules(number: int = 1) -> Pack:
    """Gold gets 10 % from 1 000 000 on, a point for each 10 000, and a coupon from 10 000 000 on."""
    ten = Promotion("gold-10", Text("طلایی", "Gold"), Reward(percent=PercentOff("10")),
                    when=When(tiers=("gold",), minimum=Minimum(1_000_000)))
    issued = Promotion("next", NAME, Reward(percent=PercentOff("5")), when=When(coupon=CouponTerm(issued=True)))
    thanks = Promotion("thanks", NAME, Reward(coupon=NextCoupon("next", 30)), when=When(minimum=Minimum(10_000_000)))
    return replace(pack(number, (ten, issued, thanks)), earning=(EarningRule("base", Text("پایه", "Base"), 1, 10_000),),
                   redemption=RedemptionRules(10, 1_000))


@dataclass
class ReturnTill:
    """``asked`` are the operations approval was asked for; ``approver`` says who gives it (None: nobody)."""

    folder: Path
    language: str = "en"
    goods: tuple[Product, ...] = (MILK, RICE, BREAD, APPLES, CARD)
    shown: list[ReturnView] = field(default_factory=list)
    asked: list[tuple[Operation, str]] = field(default_factory=list)
    done: list[bool] = field(default_factory=list)
    printed: list[int] = field(default_factory=list)
    approver: Actor | None = MANAGER
    on_cards: int | None = None
    station: str = "12-1"
    office: ReturnOffice | None = None
    """Head office as it is asked about sales, None where there is no line."""

    def __post_init__(self) -> None:
        self.clock = FixedClock()
        self.journal = JournalStore(self.folder / "journal.db", bytes(32))
        self.journal.found(self.station, "test", self.clock.now())
        self.members = MemoryMembers(
            {GOLD_CARD: Card("m1", CardStatus.ACTIVE)}, {"m1": member(1), "m2": member(2, "silver")})
        self.packs = MemoryPacks(rules())
        self.world = World(self.clock, chance(int(self.station[-1])).randbytes, self.members,
                           MemoryShelf({each.barcode: each for each in self.goods}), self.packs, self.journal)
        self.counter = Counter(Place(self.station, "12", SHOP), self.world)
        self.counter.open_shift(CASHIER, 0)
        self.at_till = AtTill(Person(CASHIER, Text("سارا", "Sara")))
        self.past = PastSales(self.journal.database)
        self.parts = ReturnParts(self.station, self.world, self.past, self.at_till, self.balance, lambda: STAFF, self.approved,
                                 self.done.append, self.printed.append, self.office)
        self.returning = Returning(self.world)
        self.desk = ReturnDesk(self.parts, Words(self.language), Format(self.language, Unit.RIAL), self)

    def balance(self, kind: AccountKind, account: str) -> int | None:
        assert (kind, account) == (AccountKind.GIFT_CARD, "g1")
        return self.on_cards

    def show_return(self, view: ReturnView) -> None:
        self.shown.append(view)

    def approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        """As the window does it, without its dialog."""
        self.asked.append((operation, what))
        if not operation.second and reaches(operation.asked_by.role, operation.needs):
            then(None)
        elif self.approver:
            then(self.approver)

    def sell(self, *goods: Product | tuple[Product, int], who: bool = True, tenders: tuple[Tender, ...] = (), redeem: int = 0,
             ) -> Settled:
        """Sell a piece of each good, or so many thousandths, to the gold member or a stranger; paid in exact cash unless told."""
        if who:
            self.counter.tap(tap(GOLD_CARD))
        for each in goods:
            what, quantity = each if isinstance(each, tuple) else (each, 1000)
            self.counter.scan(what.barcode, quantity, "g1" if what is CARD else "")
        if redeem:
            self.counter.redeem(redeem)
        self.counter.pay_by([each.kind for each in tenders] or [TenderKind.CASH])
        priced = self.counter.priced()
        assert priced
        return self.counter.settle(tenders or (Tender(TenderKind.CASH, priced.total),), self.at_till.actor)

    def sign_in(self, actor: Actor, member_id: str = "") -> None:
        self.at_till.person = Person(actor, NAME, member_id)

    @property
    def view(self) -> ReturnView:
        """What is shown last."""
        return self.shown[-1]


def refused(code: ErrorCode, act: Callable[[], object]) -> None:
    """Check that ``act`` is refused with ``code``."""
    with pytest.raises(StationError) as caught:
        act()
    assert caught.value.code is code


def goods(till: ReturnTill) -> GoodsView:
    """Return the page of goods that is shown."""
    view = till.view
    assert isinstance(view, GoodsView)
    return view


def finding(till: ReturnTill) -> FindView:
    """Return the page of sales that is shown."""
    view = till.view
    assert isinstance(view, FindView)
    return view
